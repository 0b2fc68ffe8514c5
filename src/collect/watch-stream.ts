import type { ApiClient } from "./api-client.ts";
import type { PodChange, PodWatch } from "./cluster.ts";
import { member, textAt } from "./json-values.ts";
import { parsePod } from "./parse-pod.ts";

/** A pod is at most 1.5 MB in etcd. */
const longestLine = 8 * 1024 * 1024;

/** Seconds after which the API server is asked to end a stretch, as client-go does (5 to 10 minutes). */
const stretch = 300;

const kinds: Readonly<Record<string, "added" | "modified" | "deleted">> = {
  ADDED: "added",
  MODIFIED: "modified",
  DELETED: "deleted",
};

/**
 * One stretch of a watch over pods, from `resourceVersion` on: one JSON object a line
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
 * `path` holds the collection and its selectors.
 */
export function watchPods(
  api: ApiClient,
  path: string,
  namespace: string | undefined,
  resourceVersion: string,
  signal: AbortSignal | undefined,
): PodWatch {
  let position = resourceVersion;
  let outcome: ReturnType<PodWatch["outcome"]> | undefined;

  async function* changes(): AsyncIterable<PodChange> {
    const separator = path.endsWith("?") || path.endsWith("&") ? "" : "&";
    const query = `${separator}watch=1&allowWatchBookmarks=true&timeoutSeconds=${stretch}&resourceVersion=${encodeURIComponent(position)}`;
    const response = await api.open(`${path}${query}`, signal);
    if ("kind" in response) {
      outcome = response.kind === "status" ? refused(response.code, namespace) : response;
      return;
    }
    // A connection that a middlebox has dropped without a word would outlive the stretch in silence.
    const clock = setTimeout(() => response.body.destroy(), (stretch + 30) * 1000);
    try {
      for await (const line of lines(response.body)) {
        const event = parseLine(line);
        const type = textAt(event, ["type"], 32) ?? "";
        const object = member(event, "object");
        if (type === "ERROR") {
          outcome = refused(Number(member(object, "code")), namespace);
          return;
        }
        position = textAt(object, ["metadata", "resourceVersion"], 64) ?? position;
        const kind = kinds[type];
        const pod = kind === undefined ? undefined : parsePod(object);
        yield kind === undefined || pod === undefined ? { kind: "bookmark" } : { kind, pod };
      }
    } catch {
      // A cut connection ends the stretch like a closed one; the caller goes on from the position.
    } finally {
      clearTimeout(clock);
      response.body.destroy();
    }
    signal?.throwIfAborted();
  }

  return { changes: changes(), outcome: () => outcome ?? { kind: "closed", resourceVersion: position } };
}

function refused(code: number, namespace: string | undefined): ReturnType<PodWatch["outcome"]> {
  if (code === 410) return { kind: "gone" };
  if (code === 403) {
    return { kind: "forbidden", verb: "watch", resource: "pods", ...(namespace === undefined ? {} : { namespace }) };
  }
  return { kind: "failed", why: `the API server answered ${Number.isFinite(code) ? code : "something else"}` };
}

async function* lines(stream: AsyncIterable<Buffer>): AsyncIterable<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      yield Buffer.concat(parts).toString("utf8");
      parts = [];
      size = 0;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > longestLine) return;
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
