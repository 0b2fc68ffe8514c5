import type { Target } from "../domain/target.ts";
import { imageNamedIn, isSameImage, speaksOfImage, speaksOfSandboxImage } from "./image-words.ts";
import { millisecondsOf } from "./json-values.ts";
import type { EventFacts } from "./parse-event.ts";
import type { ContainerFacts, PodFacts } from "./pod-facts.ts";
import { eventsOf, indexEvents, type Puller, pullFailures } from "./pull-failures.ts";

/** kubernetes/kubernetes pkg/kubelet/images/types.go, and kuberuntime for the image volume. */
const imageReasons: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
  "ImageVolumeMountFailed",
  "FailedPullImage",
  "BackOffPullImage",
]);

/** Waiting for something before the image: nothing is known to be wrong by the reason alone. */
const beforeImage: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing", ""]);

/**
 * The containers (and sandboxes) of pods whose image cannot be had, each with all that was reported about it.
 * None for a pod that is healthy, completed, crashing, or only on its way. `events` may be of any pods.
 */
export function failingContainers(pods: readonly PodFacts[], events: Iterable<EventFacts>): readonly Target[] {
  const index = indexEvents(events);
  return pods.flatMap((pod) => failingContainersOf(pod, eventsOf(pod, index)));
}

/** The same for one pod, with its own Events. */
export function failingContainersOf(pod: PodFacts, events: readonly EventFacts[]): readonly Target[] {
  if (pod.phase === "Succeeded" || pod.phase === "Failed") return [];
  const pullers = pod.containers.flatMap((container) => pullerOf(pod, container, events));
  const sandbox = pullers.length === 0 ? sandboxOf(pod, events) : undefined;
  return [...pullers, ...(sandbox === undefined ? [] : [sandbox])].map((puller) => targetOf(pod, puller, events));
}

/** Could Events still show that an image of this pod cannot be had? False where all containers run, ended or crash. */
export function isUnsettled(pod: PodFacts): boolean {
  if (pod.phase === "Succeeded" || pod.phase === "Failed") return false;
  return pod.containers.some(({ kind, status }) => {
    if (status === undefined) return kind !== "ephemeral" || pod.phase === "Pending";
    if (status.state === "unknown") return true;
    return status.state === "waiting" && (isWaitingForImage(status) || beforeImage.has(status.reason ?? ""));
  });
}

function isWaitingForImage(status: NonNullable<ContainerFacts["status"]>): boolean {
  if (status.state !== "waiting") return false;
  const reason = status.reason ?? "";
  if (imageReasons.has(reason)) return true;
  if (reason === "CreateContainerError" || reason === "RunContainerError") return speaksOfImage(status.message ?? "");
  // Since 1.33 errors of the image manager that have no name are the reason themselves (FORMATS 2); every name is one word.
  return /\s/.test(reason) && reason.length > 12;
}

function pullerOf(pod: PodFacts, container: ContainerFacts, events: readonly EventFacts[]): readonly Puller[] {
  const { status } = container;
  const waits = status !== undefined && isWaitingForImage(status);
  if (!waits && !isSaidToFail(container, events)) return [];
  const volume = waits ? failingVolume(pod, container) : undefined;
  return [
    {
      kind: volume === undefined ? container.kind : "image-volume",
      name: container.name,
      image: volume ?? container.image,
      ...(status === undefined ? {} : { status }),
    },
  ];
}

/** The volume's image, where the container waits for that and not for its own. */
function failingVolume(pod: PodFacts, container: ContainerFacts): string | undefined {
  const mounted = pod.imageVolumes.filter((volume) => container.mounts.includes(volume.name));
  if (mounted.length === 0) return undefined;
  const message = container.status?.message ?? "";
  const named = imageNamedIn(message);
  const volume = mounted.find(({ image }) => named !== undefined && isSameImage(named, image));
  if (volume !== undefined) return volume.image;
  const isAboutVolume = container.status?.reason === "ImageVolumeMountFailed" || /image[\s-]?volume/i.test(message);
  const inText = mounted.find(({ image }) => message.includes(image) && !message.includes(container.image));
  return inText?.image ?? (isAboutVolume ? mounted[0]?.image : undefined);
}

/**
 * A status may lag behind (a kubelet that was restarted says ContainerCreating again): the container has not started, its
 * Events say that a pull failed, and none that a later one did not.
 */
function isSaidToFail(container: ContainerFacts, events: readonly EventFacts[]): boolean {
  const { status } = container;
  if (
    status !== undefined &&
    status.state !== "unknown" &&
    !(status.state === "waiting" && beforeImage.has(status.reason ?? ""))
  )
    return false;
  const own = events.filter((event) => event.about.fieldPath.endsWith(`{${container.name}}`));
  const failed = newest(own, (event) => event.reason === "Failed" && /^Failed to pull image "/.test(event.message));
  if (failed === undefined || !isSameImage(imageNamedIn(failed.message) ?? "", container.image)) return false;
  const pulled = newest(own, (event) => event.reason === "Pulled");
  return pulled === undefined || millisecondsOf(pulled.at) < millisecondsOf(failed.at);
}

/** The pause image: no container has begun, and the newest word on the sandbox is about an image. */
function sandboxOf(pod: PodFacts, events: readonly EventFacts[]): Puller | undefined {
  if (pod.containers.some(({ status }) => status !== undefined && status.state !== "waiting")) return undefined;
  const failed = newest(events, (event) => event.reason === "FailedCreatePodSandBox");
  if (failed === undefined || !speaksOfSandboxImage(failed.message)) return undefined;
  const image = imageNamedIn(failed.message);
  return image === undefined ? undefined : { kind: "sandbox", image };
}

function newest(events: readonly EventFacts[], wanted: (event: EventFacts) => boolean): EventFacts | undefined {
  return events.reduce<EventFacts | undefined>(
    (best, event) =>
      wanted(event) && (best === undefined || millisecondsOf(event.at) >= millisecondsOf(best.at)) ? event : best,
    undefined,
  );
}

function targetOf(pod: PodFacts, puller: Puller, events: readonly EventFacts[]): Target {
  const container = pod.containers.find(({ name, kind }) => name === puller.name && kind === puller.kind);
  const volume = pod.imageVolumes.find(({ image }) => puller.kind === "image-volume" && image === puller.image);
  const pullPolicy = container?.pullPolicy ?? volume?.pullPolicy;
  const owner = ownerOf(pod);
  return {
    namespace: pod.namespace,
    pod: pod.name,
    ...(owner === undefined ? {} : { owner }),
    ...(puller.name === undefined ? {} : { container: puller.name }),
    containerKind: puller.kind,
    image: puller.image,
    ...(pullPolicy === undefined ? {} : { pullPolicy }),
    ...(pod.nodeName === undefined ? {} : { nodeName: pod.nodeName }),
    nodeSelector: pod.nodeSelector,
    ...(pod.createdAt === undefined ? {} : { createdAt: pod.createdAt }),
    ...(pod.deletedAt === undefined ? {} : { deletedAt: pod.deletedAt }),
    ...(pod.serviceAccountName === undefined ? {} : { serviceAccountName: pod.serviceAccountName }),
    // The pause image is pulled with the node's own logins, never with the pod's.
    pullSecretNames: puller.kind === "sandbox" ? [] : pod.pullSecretNames,
    failures: pullFailures(puller, events),
  };
}

/** A ReplicaSet of a Deployment bears its template's hash; the Deployment is what people know by name. */
export function ownerOf(pod: PodFacts): Target["owner"] {
  const { owner } = pod;
  if (owner === undefined) return undefined;
  const hash = pod.labels["pod-template-hash"];
  if (owner.kind === "ReplicaSet" && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    return { kind: "Deployment", name: owner.name.slice(0, -hash.length - 1) };
  }
  return { kind: owner.kind, name: owner.name };
}
