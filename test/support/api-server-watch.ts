import { type Outgoing, push, statusObject } from "./api-server-faults.ts";
import type { Matcher, StoredObject } from "./api-server-objects.ts";

type Change = "ADDED" | "MODIFIED" | "DELETED";

interface Watcher {
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly matches: Matcher;
  readonly response: Outgoing;
}

/** The changes that watches can begin from, and the watches that are open. */
export class WatchHub {
  #history: { version: number; change: Change; stored: StoredObject; before: StoredObject | undefined }[] = [];
  #oldest = 0;
  readonly #watchers = new Set<Watcher>();

  get open(): number {
    return this.#watchers.size;
  }

  /** `before` is what a change replaced: an object that leaves a watch's selection is DELETED to it, one that enters is ADDED. */
  publish(version: number, change: Change, stored: StoredObject, before?: StoredObject): void {
    this.#history.push({ version, change, stored, before });
    for (const watcher of this.#watchers) send(watcher, change, stored, before);
  }

  /** Starts a watch after `version`; a version from before the history gets 410, inside a 200 as the API server does. */
  start(watcher: Watcher, version: number): void {
    watcher.response.setHeader("content-type", "application/json");
    push(watcher.response);
    if (version < this.#oldest) {
      const object = statusObject(410, "Expired", "too old resource version");
      watcher.response.end(`${JSON.stringify({ type: "ERROR", object })}\n`);
      return;
    }
    for (const past of this.#history) {
      if (past.version > version) send(watcher, past.change, past.stored, past.before);
    }
    this.#watchers.add(watcher);
    watcher.response.on("close", () => this.#watchers.delete(watcher));
  }

  /** Ends all open watches: with a clean end, or by cutting their connections. */
  end(how: "close" | "cut"): void {
    for (const { response } of this.#watchers) {
      if (how === "cut") response.socket?.destroy();
      else response.end();
    }
    this.#watchers.clear();
  }

  /** What etcd's compaction does: no watch can begin before `version` any more. */
  forget(version: number): void {
    this.#history = [];
    this.#oldest = version;
  }
}

function send(watcher: Watcher, change: Change, stored: StoredObject, before: StoredObject | undefined): void {
  if (watcher.plural !== stored.plural) return;
  if (watcher.namespace !== undefined && watcher.namespace !== stored.namespace) return;
  const isIn = watcher.matches(stored);
  const wasIn = before === undefined ? isIn : watcher.matches(before);
  if (!isIn && !wasIn) return;
  const seen = change === "MODIFIED" && isIn !== wasIn ? (isIn ? "ADDED" : "DELETED") : change;
  push(watcher.response, `{"type":"${seen}","object":${stored.json.toString("utf8")}}\n`);
}
