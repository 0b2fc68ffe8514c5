import { setTimeout as pause } from "node:timers/promises";
import type { Cluster, Selection } from "./cluster.ts";
import type { PodFacts } from "./pod-facts.ts";
import { gapOf } from "./refusal-gap.ts";

/** What a watcher is told: one pod changed or went, or everything was listed anew and stands as given. */
export type PodNews =
  | { readonly kind: "listed"; readonly pods: readonly PodFacts[] }
  | { readonly kind: "changed"; readonly pod: PodFacts }
  | { readonly kind: "gone"; readonly pod: PodFacts }
  /** The watch cannot go on for now; it tries again by itself. */
  | { readonly kind: "interrupted"; readonly why: string };

/** client-go's reflector: 800 ms, doubled up to 30 s, forgotten after a quiet while (tools/cache/reflector.go). */
const firstPause = 800;
const longestPause = 30_000;
/** A stretch that lived this long was healthy: the next reconnection does not wait for its elders' sins. */
const healthyFor = 10_000;

/**
 * Follows the pods of a selection until `signal` is aborted: lists, then watches from there; goes on from the last position
 * when a connection ends or is cut, lists again when that position is too old (410), and backs off while the API server
 * fails. Only pods that `keep` wants are told of, and a pod that stops being wanted is told of as changed once more.
 * Ends when aborted; throws KnownError as `Cluster` does, before the first list only.
 */
export async function* followPods(
  cluster: Cluster,
  selection: Selection,
  keep: (pod: PodFacts) => boolean,
  signal: AbortSignal,
  waits: { readonly first: number; readonly longest: number } = { first: firstPause, longest: longestPause },
): AsyncIterable<PodNews> {
  let position: string | undefined;
  let wait = waits.first;
  const known = new Set<string>();
  while (!signal.aborted) {
    const since = performance.now();
    if (position === undefined) {
      const list = await orUndefined(cluster.pods(selection, keep, signal), signal);
      if (list === undefined) return;
      if (list.kind === "found") {
        position = list.value.resourceVersion ?? "0";
        known.clear();
        for (const pod of list.value.items) known.add(keyOf(pod));
        yield { kind: "listed", pods: list.value.items };
      } else {
        yield { kind: "interrupted", why: gapOf("pods", list)?.why ?? "there are none to list" };
        wait = await backOff(wait, waits.longest, signal);
        continue;
      }
    }
    const watch = cluster.watchPods?.(selection, position, signal);
    if (watch === undefined) return;
    try {
      for await (const change of watch.changes) {
        if (change.kind === "bookmark") continue;
        const key = keyOf(change.pod);
        const wanted = change.kind !== "deleted" && keep(change.pod);
        const wasKnown = known.has(key);
        if (wanted) known.add(key);
        else known.delete(key);
        if (change.kind === "deleted") {
          if (wasKnown) yield { kind: "gone", pod: change.pod };
        } else if (wanted || wasKnown) yield { kind: "changed", pod: change.pod };
      }
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    const outcome = watch.outcome();
    if (outcome.kind === "gone") {
      position = undefined;
      continue;
    }
    if (outcome.kind === "closed") {
      position = outcome.resourceVersion;
      // The API server ends every watch after some minutes; that is no fault, and the next waits least.
      if (performance.now() - since >= healthyFor) wait = waits.first;
    } else {
      yield { kind: "interrupted", why: gapOf("pods", outcome)?.why ?? "the watch ended" };
    }
    wait = await backOff(wait, waits.longest, signal);
  }
}

function keyOf(pod: PodFacts): string {
  return `${pod.namespace}/${pod.name}/${pod.uid}`;
}

async function backOff(wait: number, longest: number, signal: AbortSignal): Promise<number> {
  // Jitter keeps many watchers from coming back in step.
  await pause(wait * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
  return Math.min(wait * 2, longest);
}

async function orUndefined<T>(read: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
