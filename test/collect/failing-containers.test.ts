import { describe, expect, test } from "vitest";
import { failingContainers, isUnsettled } from "../../src/collect/failing-containers.ts";
import { parseEvent } from "../../src/collect/parse-event.ts";
import { parsePod } from "../../src/collect/parse-pod.ts";
import type { Target } from "../../src/domain/target.ts";
import { completed, crashing, eventObject, podObject, running, type Sample, waitingFor } from "./sample-objects.ts";

const image = "registry.example.com/shop/web:v1";

function targetsOf(pod: Sample, events: readonly Sample[] = []): readonly Target[] {
  const parsed = parsePod(pod);
  return parsed === undefined
    ? []
    : failingContainers(
        [parsed],
        events.flatMap((event) => parseEvent(event) ?? []),
      );
}

describe("a container whose image cannot be had", () => {
  test.each([
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
    "ImageInspectError",
    "RegistryUnavailable",
    "SignatureValidationFailed",
    "ImageVolumeMountFailed",
    "FailedPullImage",
  ])("waits with reason %s", (reason) => {
    const [target] = targetsOf(podObject({ state: waitingFor(reason, "some words") }));
    expect(target).toMatchObject({ container: "app", containerKind: "regular", image, nodeName: "node1" });
    expect(target?.failures).toMatchObject([{ source: "status", reason, message: "some words" }]);
  });

  test("waits with a raw error text for a reason, as kubelets since 1.33 write it", () => {
    const reason = "unable to parse auth field, must be formatted as base64(username:password)";
    expect(targetsOf(podObject({ state: waitingFor(reason, reason) }))).toHaveLength(1);
  });

  test.each([
    ["image not known", true],
    ["failed to mount image volume: no such file or directory", true],
    ["error unpacking image: failed to extract layer", true],
    ['checking signature of "registry.example.com/shop/web:v1": verifying signatures', true],
    ["failed to generate container spec: no command specified", false],
    ['failed to reserve container name "app_web-1": name is reserved', false],
  ])("CreateContainerError with %j counts: %s", (message, counts) => {
    expect(targetsOf(podObject({ state: waitingFor("CreateContainerError", message) }))).toHaveLength(counts ? 1 : 0);
  });

  test("is told apart by its kind: init, sidecar, regular, ephemeral", () => {
    const state = waitingFor("ErrImagePull", "x");
    const pod = podObject({
      spec: {
        initContainers: [
          { name: "migrate", image: "a" },
          { name: "proxy", image: "b", restartPolicy: "Always" },
        ],
        ephemeralContainers: [{ name: "debugger", image: "c" }],
      },
      status: {
        phase: "Pending",
        initContainerStatuses: [
          { name: "migrate", state },
          { name: "proxy", state },
        ],
        ephemeralContainerStatuses: [{ name: "debugger", state }],
      },
    });
    expect(targetsOf(pod).map(({ container, containerKind }) => [container, containerKind])).toEqual([
      ["migrate", "init"],
      ["proxy", "sidecar"],
      ["app", "regular"],
      ["debugger", "ephemeral"],
    ]);
  });

  test("can fail while its pod is Running, after a restart", () => {
    expect(targetsOf(podObject({ phase: "Running", state: waitingFor("ErrImagePull", "x") }))).toHaveLength(1);
  });

  test("fails though the status lags, where its Events say so and none says that a later pull succeeded", () => {
    const uid = "lagging";
    const pod = podObject({ uid, state: waitingFor("ContainerCreating") });
    const failed = eventObject({ uid, reason: "Failed", message: `Failed to pull image "${image}": not found` });
    const pulled = eventObject({ uid, reason: "Pulled", message: "ok", at: "2026-11-24T02:11:00Z" });
    expect(targetsOf(pod, [failed])).toHaveLength(1);
    expect(targetsOf(pod, [failed, pulled])).toHaveLength(0);
  });

  test("has the Deployment for an owner where its ReplicaSet bears the template's hash", () => {
    const owner = { kind: "ReplicaSet", name: "web-7d47bddd98", uid: "rs" };
    const hashed = podObject({ owner, labels: { "pod-template-hash": "7d47bddd98" } });
    expect(targetsOf(hashed)[0]?.owner).toEqual({ kind: "Deployment", name: "web" });
    expect(targetsOf(podObject({ owner, labels: {} }))[0]?.owner).toEqual({
      kind: "ReplicaSet",
      name: "web-7d47bddd98",
    });
  });
});

describe("an image that is no container's own", () => {
  test("of an image volume is the target, not the container that mounts it", () => {
    const message = 'failed to pull image "registry.example.com/data/models:v2": not found';
    const [target] = targetsOf(
      podObject({
        state: waitingFor("ErrImagePull", message),
        spec: {
          containers: [{ name: "app", image, volumeMounts: [{ name: "models", mountPath: "/models" }] }],
          volumes: [
            { name: "models", image: { reference: "registry.example.com/data/models:v2", pullPolicy: "Always" } },
          ],
        },
      }),
    );
    expect(target).toMatchObject({
      containerKind: "image-volume",
      container: "app",
      image: "registry.example.com/data/models:v2",
      pullPolicy: "Always",
    });
  });

  test("of the sandbox is named by its Event alone", () => {
    const uid = "sandbox";
    const message =
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "registry.k8s.io/pause:3.9": failed to pull image "registry.k8s.io/pause:3.9": dial tcp: i/o timeout';
    const event = eventObject({ uid, reason: "FailedCreatePodSandBox", message, fieldPath: "" });
    const [target] = targetsOf(podObject({ uid, state: waitingFor("ContainerCreating"), secrets: ["regcred"] }), [
      event,
    ]);
    expect(target).toMatchObject({
      containerKind: "sandbox",
      image: "registry.k8s.io/pause:3.9",
      pullSecretNames: [],
      failures: [{ reason: "FailedCreatePodSandBox" }],
    });
    expect(target?.container).toBeUndefined();
  });

  test("is not at fault where the sandbox fails for its network", () => {
    const uid = "cni";
    const message = 'Failed to create pod sandbox: plugin type="calico" failed (add): stat /var/lib/calico/nodename';
    const event = eventObject({ uid, reason: "FailedCreatePodSandBox", message, fieldPath: "" });
    expect(targetsOf(podObject({ uid, state: waitingFor("ContainerCreating") }), [event])).toEqual([]);
  });
});

describe("a pod that gives no target", () => {
  const crashed = eventObject({
    uid: "x",
    reason: "BackOff",
    message: "Back-off restarting failed container app in pod",
  });
  test.each([
    ["runs", podObject({ state: running })],
    ["is complete", podObject({ state: completed, phase: "Succeeded" })],
    ["failed", podObject({ state: waitingFor("ImagePullBackOff"), phase: "Failed" })],
    ["crashes", podObject({ uid: "x", state: crashing, phase: "Running" })],
    ["is on its way", podObject({ state: waitingFor("ContainerCreating") })],
    ["waits for its init containers", podObject({ state: waitingFor("PodInitializing") })],
    ["lacks a ConfigMap", podObject({ state: waitingFor("CreateContainerConfigError", 'configmap "x" not found') })],
    ["has no status", podObject({ status: { containerStatuses: null } })],
  ])("%s", (_, pod) => {
    expect(targetsOf(pod, [crashed])).toEqual([]);
  });
});

test("a pod is unsettled while Events could still tell of an image", () => {
  const verdict = (pod: Sample) => {
    const parsed = parsePod(pod);
    return parsed === undefined ? undefined : isUnsettled(parsed);
  };
  expect(verdict(podObject({ state: running }))).toBe(false);
  expect(verdict(podObject({ state: crashing, phase: "Running" }))).toBe(false);
  expect(verdict(podObject({ state: waitingFor("ContainerCreating") }))).toBe(true);
  expect(verdict(podObject({ state: waitingFor("ErrImagePull") }))).toBe(true);
  expect(verdict(podObject({ status: { phase: "Pending", containerStatuses: [] } }))).toBe(true);
});
