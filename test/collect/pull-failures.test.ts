import { describe, expect, test } from "vitest";
import { failingContainers } from "../../src/collect/failing-containers.ts";
import { parseEvent } from "../../src/collect/parse-event.ts";
import { parsePod } from "../../src/collect/parse-pod.ts";
import { type EventSample, eventObject, type PodSample, podObject, type Sample, waitingFor } from "./sample-objects.ts";

const image = "registry.example.com/shop/web:v1";
const uid = "11111111-1111-4111-8111-111111111111";

function failuresOf(events: readonly Sample[], pod: PodSample = {}) {
  const parsed = parsePod(podObject({ uid, ...pod }));
  if (parsed === undefined) throw new Error("the sample is no pod");
  return (
    failingContainers(
      [parsed],
      events.flatMap((event) => parseEvent(event) ?? []),
    )[0]?.failures ?? []
  );
}

function event(sample: Omit<EventSample, "uid"> & { readonly uid?: string }): Sample {
  return eventObject({ uid, ...sample });
}

const pullError = (text: string, at: string) =>
  event({ reason: "Failed", message: `Failed to pull image "${image}": ${text}`, at });

describe("the order of what was reported", () => {
  test("the newest telling Event is first, though newer empty ones follow it", () => {
    const failures = failuresOf([
      pullError("insufficient_scope", "2026-11-24T02:22:27Z"),
      event({ reason: "Failed", message: "Error: ImagePullBackOff", at: "2026-11-24T02:34:23Z", count: 48 }),
      event({ reason: "BackOff", message: `Back-off pulling image "${image}"`, at: "2026-11-24T02:24:15Z" }),
      pullError("401 Unauthorized", "2026-11-24T02:24:01Z"),
      event({ reason: "Failed", message: "Error: ErrImagePull", at: "2026-11-24T02:24:01Z" }),
    ]);
    expect(failures.map(({ source, reason, at }) => [source, reason, at?.slice(11, 19)])).toEqual([
      ["event", "Failed", "02:24:01"],
      ["event", "Failed", "02:22:27"],
      ["event", "Failed", "02:34:23"],
      ["event", "BackOff", "02:24:15"],
      ["event", "Failed", "02:24:01"],
      ["status", "ImagePullBackOff", undefined],
    ]);
    expect(failures[0]?.message).toContain("401 Unauthorized");
  });

  test("a telling status comes before Events, and borrows the times of the one that says the same", () => {
    const words = "rpc error: code = NotFound desc = failed to pull and unpack image: not found";
    const failures = failuresOf(
      [pullError(words, "2026-11-24T02:24:01Z"), pullError("something newer", "2026-11-24T02:30:00Z")],
      { state: waitingFor("ErrImagePull", words) },
    );
    expect(failures[0]).toEqual({
      source: "status",
      reason: "ErrImagePull",
      message: words,
      at: "2026-11-24T02:24:01Z",
      firstAt: "2026-11-24T02:24:01Z",
    });
  });

  test("the back-off sentence of newer kubelets, with the cause in it, is telling", () => {
    const message = `Back-off pulling image "${image}": ErrImagePull: not found`;
    const failures = failuresOf([pullError("older", "2026-11-24T02:24:01Z")], {
      state: waitingFor("ImagePullBackOff", message),
    });
    expect(failures[0]).toMatchObject({ source: "status", message });
  });

  test("Secrets that could not be retrieved are told after the pull's own error, and before the empty ones", () => {
    const advisory =
      "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.";
    const failures = failuresOf([
      event({
        reason: "FailedToRetrieveImagePullSecret",
        message: advisory,
        at: "2026-11-24T02:40:00Z",
        fieldPath: "",
      }),
      pullError("401 Unauthorized", "2026-11-24T02:24:01Z"),
    ]);
    expect(failures.map(({ reason }) => reason)).toEqual([
      "Failed",
      "FailedToRetrieveImagePullSecret",
      "ImagePullBackOff",
    ]);
  });

  test("times in the same second are compared as times", () => {
    const failures = failuresOf([
      pullError("older", "2026-11-24T02:24:01Z"),
      pullError("newer", "2026-11-24T02:24:01.5Z"),
    ]);
    expect(failures[0]?.message).toContain("newer");
  });
});

describe("what belongs to a container", () => {
  test("Events of a former pod of the same name do not", () => {
    const other = event({ uid: "other", reason: "Failed", message: `Failed to pull image "${image}": former pod` });
    expect(failuresOf([other]).filter(({ source }) => source === "event")).toEqual([]);
  });

  test("Events of another container do not, even of the same image", () => {
    const other = event({
      reason: "Failed",
      message: `Failed to pull image "${image}": init`,
      fieldPath: "spec.initContainers{app}",
    });
    expect(failuresOf([other]).filter(({ source }) => source === "event")).toEqual([]);
  });

  test("Events of a neighbour of the same kind and image do not", () => {
    const message = `Failed to pull image "${image}": neighbour`;
    const other = event({ reason: "Failed", message, fieldPath: "spec.containers{neighbour}" });
    expect(failuresOf([other]).filter(({ source }) => source === "event")).toEqual([]);
  });

  test("Events about an image that the pod had before do not", () => {
    const former = event({
      reason: "Failed",
      message: 'Failed to pull image "registry.example.com/shop/web:v0": not found',
    });
    expect(failuresOf([former]).filter(({ source }) => source === "event")).toEqual([]);
  });

  test("Events about the image with the default tag added do", () => {
    const message = 'Failed to pull image "nginx:latest": not found';
    const [first] = failuresOf([event({ reason: "Failed", message })], { image: "nginx" });
    expect(first).toMatchObject({ source: "event", message });
  });

  test("crash reports with the same reasons do not", () => {
    const crash = event({
      reason: "BackOff",
      message: "Back-off restarting failed container app in pod web-1_shop(x)",
    });
    const start = event({ reason: "Failed", message: "Error: failed to create containerd task: exec format error" });
    expect(failuresOf([crash, start]).filter(({ source }) => source === "event")).toEqual([]);
  });
});

describe("the shapes of Events", () => {
  test("combined ones are kept as written, and tell", () => {
    const message = `(combined from similar events): Failed to pull image "${image}": i/o timeout`;
    expect(failuresOf([event({ reason: "Failed", message })])[0]).toMatchObject({ source: "event", message });
  });

  test("the series form of events.k8s.io is read like the count form", () => {
    const series = {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: "e", namespace: "shop", creationTimestamp: "2026-11-24T02:00:00Z" },
      regarding: { kind: "Pod", namespace: "shop", name: "web-1", uid, fieldPath: "spec.containers{app}" },
      reason: "Failed",
      note: `Failed to pull image "${image}": i/o timeout`,
      eventTime: "2026-11-24T02:00:00.000000Z",
      series: { count: 7, lastObservedTime: "2026-11-24T02:33:00.123456Z" },
      reportingController: "kubelet",
      deprecatedSource: { component: "kubelet", host: "node1" },
    };
    expect(failuresOf([series])[0]).toEqual({
      source: "event",
      reason: "Failed",
      message: series.note,
      at: "2026-11-24T02:33:00.123456Z",
      firstAt: "2026-11-24T02:00:00.000000Z",
      count: 7,
      reporter: "kubelet on node1",
    });
  });

  test("an old FailedSync belongs to the container it names", () => {
    const message = (name: string) =>
      `Error syncing pod, skipping: failed to "StartContainer" for "${name}" with ErrImagePull: "not found"`;
    const own = event({ reason: "FailedSync", message: message("app"), fieldPath: "" });
    const other = event({ reason: "FailedSync", message: message("db"), fieldPath: "" });
    expect(failuresOf([own, other]).filter(({ source }) => source === "event")).toHaveLength(1);
  });
});
