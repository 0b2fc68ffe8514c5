import type { ContainerKind, PullFailure } from "../domain/target.ts";
import { imageNamedIn, isSameImage, isTelling, speaksOfImage, speaksOfSandboxImage } from "./image-words.ts";
import { millisecondsOf } from "./json-values.ts";
import type { EventFacts } from "./parse-event.ts";
import type { ContainerStatus, PodFacts } from "./pod-facts.ts";

/** Of one target; the newest say what there is to say. */
const mostFailures = 40;

const advisory = "FailedToRetrieveImagePullSecret";

/** Reasons that are about an image whatever the text says. The last ones are vendors' (FORMATS: Huawei CCE, Portworx). */
const imageReasons: ReadonlySet<string> = new Set([
  "InspectFailed",
  "ErrImageNeverPull",
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
  "ImageVolumeMountFailed",
  advisory,
  "FailedPullImage",
  "BackOffPullImage",
  "PortworxMonitorImagePullFailed",
]);

/** Is this Event of a pod about fetching an image? `BackOff` and `Failed` are also used for containers that crash. */
export function isPullEvent(event: EventFacts): boolean {
  if (event.about.kind !== "Pod") return false;
  if (imageReasons.has(event.reason)) return true;
  if (event.reason === "FailedCreatePodSandBox") return speaksOfSandboxImage(event.message);
  const known = event.reason === "Failed" || event.reason === "BackOff" || event.reason === "FailedSync";
  return (
    known && (/pull(ing)? image/i.test(event.message) || speaksOfImage(event.message) || isEmptyTwin(event.message))
  );
}

function isEmptyTwin(message: string): boolean {
  const name = /^Error: (\w+)$/.exec(message)?.[1];
  return name !== undefined && imageReasons.has(name);
}

/** What pulls: a container, an image volume, or the sandbox itself. */
export interface Puller {
  readonly kind: ContainerKind;
  /** Of the container; of an image volume the container that mounts it. */
  readonly name?: string;
  readonly image: string;
  readonly status?: ContainerStatus;
}

/**
 * All that was reported about one puller: its status first where that tells something, then Events, the newest telling one
 * first; the advisory Event and the empty twins last. `events` are those of this pod (see `eventsOf`).
 * An Event that names another image than the pod has now is of a former image, and is left out.
 */
export function pullFailures(puller: Puller, events: readonly EventFacts[]): readonly PullFailure[] {
  const fromEvents = events.filter((event) => isPullEvent(event) && concerns(event, puller)).map(failureOf);
  const status = statusFailure(puller, fromEvents);
  const all = status === undefined ? fromEvents : [status, ...fromEvents];
  return all
    .sort((a, b) => rank(a) - rank(b) || time(b) - time(a) || sourceRank(a) - sourceRank(b))
    .slice(0, mostFailures);
}

/** The Events of one pod by uid, so that a former pod of the same name has no say; by name only where an Event has no uid. */
export function eventsOf(pod: PodFacts, index: ReadonlyMap<string, readonly EventFacts[]>): readonly EventFacts[] {
  const byUid = pod.uid === "" ? [] : (index.get(pod.uid) ?? []);
  const byName = (index.get(`${pod.namespace}/${pod.name}`) ?? []).filter(
    (event) => pod.uid === "" || event.at === undefined || millisecondsOf(event.at) >= millisecondsOf(pod.createdAt),
  );
  return byName.length === 0 ? byUid : [...byUid, ...byName];
}

/** Keys for `eventsOf`: the uid, or `namespace/name` where an Event has none or the pod will have none. */
export function indexEvents(events: Iterable<EventFacts>): ReadonlyMap<string, readonly EventFacts[]> {
  const index = new Map<string, EventFacts[]>();
  for (const event of events) {
    const { uid, namespace, name } = event.about;
    const key = uid === "" ? `${namespace}/${name}` : uid;
    const known = index.get(key);
    if (known === undefined) index.set(key, [event]);
    else known.push(event);
  }
  return index;
}

const fieldPathKinds: Readonly<Record<string, readonly ContainerKind[]>> = {
  containers: ["regular"],
  initContainers: ["init", "sidecar"],
  ephemeralContainers: ["ephemeral"],
};

function concerns(event: EventFacts, puller: Puller): boolean {
  if (event.reason === "FailedCreatePodSandBox") return puller.kind === "sandbox";
  if (puller.kind === "sandbox") return false;
  if (event.reason === advisory) return true;
  const named = namesImage(event.message) ? imageNamedIn(event.message) : undefined;
  if (named !== undefined && puller.image !== "" && !isSameImage(named, puller.image)) return false;
  const path = /^spec\.(\w+)\{(.*)\}$/.exec(event.about.fieldPath);
  if (path !== null) {
    const kinds = fieldPathKinds[path[1] ?? ""] ?? [];
    return puller.name === path[2] && (puller.kind === "image-volume" || kinds.includes(puller.kind));
  }
  if (named !== undefined) return true;
  // The old FailedSync names the container in its text: failed to "StartContainer" for "app" with ErrImagePull.
  const container = /for \\?"([\w.-]{1,253})\\?" with/.exec(event.message)?.[1];
  return container === undefined || container === puller.name;
}

/** Only the kubelet's own sentences name the image that was asked for; inner errors may name a mirror's. */
function namesImage(message: string): boolean {
  return /^(\(combined from similar events\): )?(Failed to pull image|Back-off pulling image|Container image|Failed to apply default image tag) "/.test(
    message,
  );
}

/** What an Event reports, as a failure. */
export function failureOf(event: EventFacts): PullFailure {
  return {
    source: "event",
    reason: event.reason,
    message: event.message,
    ...(event.at === undefined ? {} : { at: event.at }),
    ...(event.firstAt === undefined ? {} : { firstAt: event.firstAt }),
    ...(event.count === undefined ? {} : { count: event.count }),
    ...(event.reporter === undefined ? {} : { reporter: event.reporter }),
  };
}

/** A status has no time of its own; the Event that says the same lends it its times. */
function statusFailure(puller: Puller, events: readonly PullFailure[]): PullFailure | undefined {
  const { status } = puller;
  if (status?.state !== "waiting" || status.reason === undefined) return undefined;
  const message = status.message ?? "";
  const twin = isTelling(message)
    ? events.filter((event) => event.message.endsWith(message)).sort((a, b) => time(b) - time(a))[0]
    : undefined;
  return {
    source: "status",
    reason: status.reason,
    message,
    ...(twin?.at === undefined ? {} : { at: twin.at }),
    ...(twin?.firstAt === undefined ? {} : { firstAt: twin.firstAt }),
  };
}

function rank(failure: PullFailure): number {
  if (!isTelling(failure.message)) return 3;
  if (failure.reason === advisory) return 2;
  return failure.source === "status" ? 0 : 1;
}

function sourceRank(failure: PullFailure): number {
  return failure.source === "status" ? 0 : 1;
}

function time(failure: PullFailure): number {
  return millisecondsOf(failure.at);
}
