import type { SecretFacts } from "../domain/cluster-facts.ts";
import { Redacted } from "../domain/redacted.ts";
import { isObject, listAt, member, textAt, textMapAt, timeAt } from "./json-values.ts";
import { changedAt } from "./parse-event.ts";

/** etcd's own limit is 1.5 MB an object; what is longer did not come from an API server. */
const largestPayload = 4 * 1024 * 1024;

/**
 * A Secret, its payloads sealed as they came (base64). Never throws. Undefined for what has no name.
 * `stringData` is write-only in a cluster, but a saved manifest may have it: it wins over `data`, as on the API server.
 */
export function parseSecret(value: unknown): SecretFacts | undefined {
  const name = textAt(value, ["metadata", "name"], 253);
  if (name === undefined) return undefined;
  const data = new Map<string, Redacted>();
  const encoded = member(value, "data");
  if (isObject(encoded)) {
    for (const [key, payload] of Object.entries(encoded).slice(0, 1000)) {
      if (typeof payload === "string" && payload.length <= largestPayload) data.set(key, new Redacted(payload));
      else if (payload === null) data.set(key, new Redacted(""));
    }
  }
  const plain = member(value, "stringData");
  if (isObject(plain)) {
    for (const [key, payload] of Object.entries(plain).slice(0, 1000)) {
      if (typeof payload !== "string" || payload.length > largestPayload) continue;
      data.set(key, new Redacted(Buffer.from(payload, "utf8").toString("base64")));
    }
  }
  const createdAt = timeAt(value, ["metadata", "creationTimestamp"]);
  const changed = changedAt(value);
  const manager = managerOf(value);
  return {
    namespace: textAt(value, ["metadata", "namespace"], 253) ?? "default",
    name,
    type: textAt(value, ["type"], 253) ?? "Opaque",
    data,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(changed === undefined ? {} : { changedAt: changed }),
    ...(manager === undefined ? {} : { managedBy: manager }),
  };
}

/** The owner, as operators that write Secrets set it, or what the well-known label says of who deployed it. */
function managerOf(value: unknown): string | undefined {
  const [owner] = listAt(value, ["metadata", "ownerReferences"], 1);
  const kind = textAt(owner, ["kind"], 63);
  if (kind !== undefined) return `${kind} ${textAt(owner, ["name"], 253) ?? ""}`.trim();
  return textMapAt(value, ["metadata", "labels"])["app.kubernetes.io/managed-by"]?.slice(0, 63) || undefined;
}
