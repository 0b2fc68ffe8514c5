import { expect, test } from "vitest";
import { lookupName } from "../../src/domain/image-reference.ts";
import { closedPlace, movedCandidates } from "../../src/knowledge/moved-images.ts";

function moved(registry: string, repository: string): string[] {
  const reference = { text: "", registry, repository, tag: "1" };
  return movedCandidates(reference).map((each) => {
    expect(each.reference.tag).toBe("1");
    expect(each.source).not.toBe("");
    return lookupName(each.reference);
  });
}

test("what was closed or moved is looked for at its new place", () => {
  expect(moved("k8s.gcr.io", "ingress-nginx/controller")).toEqual(["registry.k8s.io/ingress-nginx/controller"]);
  expect(moved("gcr.io", "google_containers/pause")).toEqual(["registry.k8s.io/pause"]);
  expect(moved("docker.io", "bitnami/redis")).toEqual([
    "docker.io/bitnamilegacy/redis",
    "docker.io/bitnamisecure/redis",
  ]);
  expect(moved("quay.io", "coreos/flannel")).toEqual(["docker.io/flannel/flannel"]);
});

test("names that only begin alike stay where they are", () => {
  expect(moved("docker.io", "bitnamilegacy/redis")).toEqual([]);
  expect(moved("gcr.io", "google-containers-mine/x")).toEqual([]);
  expect(moved("k8s.gcr.io.example.com", "pause")).toEqual([]);
});

test("a place that was closed says so, wherever its images went", () => {
  const closed = (registry: string, repository: string) => closedPlace({ text: "", registry, repository, tag: "1" });
  expect(closed("k8s.gcr.io", "pause")).toMatchObject({ text: expect.stringContaining("frozen"), partly: false });
  expect(closed("eu.gcr.io", "k8s-artifacts-prod/pause")?.text).toMatch(
    /^eu\.gcr\.io\/k8s-artifacts-prod is no longer/,
  );
  expect(closed("docker.bintray.io", "jfrog/x")?.text).toContain("Bintray");
  expect(closed("docker.io", "bitnami/redis")?.partly).toBe(true);
  expect(closed("docker.io", "velero/velero")).toBeUndefined();
  // It moved, and the old place still has what it had.
  expect(closed("quay.io", "coreos/prometheus-operator")).toBeUndefined();
});
