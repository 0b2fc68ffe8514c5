import { describe, expect, test } from "vitest";
import { peelKubelet } from "../../src/interpret/peel-kubelet.ts";

describe("peelKubelet", () => {
  test.each([
    ['Failed to pull image "reg.test/web:1": gone', { template: "pull", image: "reg.test/web:1", rest: "gone" }],
    ['Back-off pulling image "reg.test/web:1"', { template: "back-off", image: "reg.test/web:1", rest: "" }],
    [
      'Back-off pulling image "reg.test/web:1": ErrImagePull: gone',
      { template: "back-off", image: "reg.test/web:1", errorNames: ["ErrImagePull"], rest: "gone" },
    ],
    ["Error: ImagePullBackOff", { template: "none", errorNames: ["ImagePullBackOff"], rest: "" }],
    ["Failed create pod sandbox: gone", { template: "sandbox", rest: "gone" }],
    ["Failed to create pod sandbox: gone", { template: "sandbox", rest: "gone" }],
    ['Failed to inspect image "": gone', { template: "inspect", rest: "gone" }],
    ['ImageStatus "web" from image service failed: gone', { template: "inspect", image: "web", rest: "gone" }],
    [
      "Unable to retrieve some image pull secrets (a, b); attempting to pull the image may not succeed.",
      { template: "secrets", secrets: ["a", "b"] },
    ],
    [
      "image pull failed for reg.test/web:1 because the registry is unavailable: gone",
      { image: "reg.test/web:1", rest: "gone" },
    ],
    [
      "image pull failed for reg.test/web:1, this may be because there are no credentials on this request.  details: (gone)",
      { image: "reg.test/web:1", rest: "gone" },
    ],
    [
      'Failed to record image pull intent for container image "reg.test/web:1": gone',
      { template: "intent", rest: "gone" },
    ],
    [
      'Error syncing pod 0a ("web-0_shop(0a)"), skipping: failed to "StartContainer" for "web" with ErrImagePull: "gone"',
      { errorNames: ["ErrImagePull"], rest: "gone" },
    ],
    ['container "web" in pod "web-0" is waiting to start: gone', { template: "waiting", rest: "gone" }],
    ["Error creating: gone", { template: "create", rest: "gone" }],
  ])("%s", (text, expected) => {
    expect(peelKubelet(text)).toMatchObject(expected);
  });

  test("the outermost image is the one it is about", () => {
    expect(
      peelKubelet('Failed to pull image "a": image pull failed for b because the registry is unavailable: gone').image,
    ).toBe("a");
  });

  test("a text without a template is its own rest", () => {
    expect(peelKubelet("gone")).toEqual({ template: "none", errorNames: [], rest: "gone" });
  });

  test("endless nesting comes to an end", () => {
    expect(peelKubelet("Error: ".repeat(5_000)).rest.length).toBeGreaterThan(0);
  });
});
