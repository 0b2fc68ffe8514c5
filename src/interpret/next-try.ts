import { imageKey } from "../domain/image-reference.ts";
import type { PullFailure, Target } from "../domain/target.ts";
import { parseReference } from "./parse-reference.ts";

/** When the kubelet is expected to pull for one container again. */
export interface NextTry {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  /** As `imageKey` (domain/image-reference.ts) writes it. */
  readonly image: string;
  /** Milliseconds since 1970, the earliest; undefined where all that is known is that the longest back-off bounds it. */
  readonly at?: number;
}

/**
 * The back-off of image pulls: 10 s after the first failure, doubled up to 300 s (kubernetes/kubernetes pkg/kubelet/kubelet.go,
 * imageBackOffPeriod and MaxImageBackOff; k8s.io/client-go util/flowcontrol/backoff.go, Next).
 */
const firstBackOff = 10_000;
export const longestBackOff = 300_000;

/**
 * A pod in trouble is looked at every 10 to 15 s (pkg/kubelet/pod_workers.go, workerBackOffPeriodJitterFactor), and only then is
 * a back-off seen to be over: a try comes this much later at most.
 */
export const syncPeriod = 15_000;

/** After so many tries that no Event told of, their times have drifted too far to be named. */
const mostUnseen = 3;

/** What the kubelet waits for before it tries again. A name that is none and a policy of Never are not tried at all. */
const backedOff: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);

/** The expected tries for all targets that the kubelet tries again, in their order. `now` is in milliseconds since 1970. */
export function nextTries(targets: readonly Target[], now: number): readonly NextTry[] {
  return targets.flatMap((target): NextTry[] => {
    const { namespace, pod, container, deletedAt, failures } = target;
    if (pod === undefined || deletedAt !== undefined) return [];
    const pulls = failures.filter(isFailedPull);
    if (pulls.length === 0 && !failures.some(({ reason }) => backedOff.has(reason))) return [];
    const at = expectedAt(pulls, now);
    const image = imageKey(parseReference(target.image));
    return [
      { namespace, pod, image, ...(container === undefined ? {} : { container }), ...(at === undefined ? {} : { at }) },
    ];
  });
}

/** The Event that every failed pull writes, and no back-off does (pkg/kubelet/images/image_manager.go, pullImage). */
function isFailedPull({ source, message }: PullFailure): boolean {
  return source === "event" && /^(\(combined from similar events\): )?Failed to pull image /.test(message);
}

/** Events count tries, also those whose own Event was held back (client-go tools/record, EventLogger); a new wording begins a new Event. */
function expectedAt(pulls: readonly PullFailure[], now: number): number | undefined {
  const last = Math.max(...pulls.map(({ at }) => (at === undefined ? Number.NaN : Date.parse(at))));
  if (pulls.length === 0 || !Number.isFinite(last)) return undefined;
  const tries = pulls.reduce((sum, { count = 1 }) => sum + count, 0);
  let due = last + backOffAfter(tries);
  for (let unseen = 1; due + syncPeriod < now; unseen += 1) {
    if (unseen > mostUnseen) return undefined;
    due += backOffAfter(tries + unseen);
  }
  return due;
}

function backOffAfter(tries: number): number {
  return Math.min(firstBackOff * 2 ** Math.min(tries - 1, 10), longestBackOff);
}
