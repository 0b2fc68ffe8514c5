import { describe, expect, test } from "vitest";
import { policyDemand } from "../../../src/knowledge/evidence/policy-demand.ts";

const image = "registry.example.com/signed/latest-digest:latest";
const signature = "a signature or attestation that it can verify";
const registry = "an image from a registry that it allows";
const tag = "a tag other than latest";
const digest = "a digest in the image's name";

describe("what an admission policy asks of the image", () => {
  test.each([
    [
      `admission webhook "mutate.kyverno.svc-fail" denied the request: resource Pod/shop/web was blocked: check-image: failed to verify image ${image}: .attestors[0].entries[0].keys: no matching signatures`,
      { by: "webhook mutate.kyverno.svc-fail", wants: [signature] },
    ],
    [
      `admission webhook "policy.sigstore.dev" denied the request: validation failed: failed policy: image-policy: spec.containers[0].image ${image} signature keyless validation failed`,
      { by: "webhook policy.sigstore.dev", wants: [signature] },
    ],
    [
      'admission webhook "connaisseur-svc.connaisseur.svc" denied the request: Unable to find signed digest for image docker.io/library/nginx:latest',
      { by: "webhook connaisseur-svc.connaisseur.svc", wants: [signature] },
    ],
    [
      `admission webhook "validation.gatekeeper.sh" denied the request: [repo-is-openpolicyagent] container <app> has an invalid image repo <${image}>, allowed repos are ["openpolicyagent/"]`,
      { by: "webhook validation.gatekeeper.sh", wants: [registry] },
    ],
    [
      'admission webhook "validate.kyverno.svc-fail" denied the request: validation error: Unknown image registry. rule validate-registries failed at path /spec/containers/0/image/',
      { by: "webhook validate.kyverno.svc-fail", wants: [registry] },
    ],
    [
      `admission webhook "validate.kyverno.svc-fail" denied the request: validation error: Using a mutable image tag e.g. 'latest' is not allowed.`,
      { by: "webhook validate.kyverno.svc-fail", wants: [tag] },
    ],
    [
      'admission webhook "validate.kyverno.svc-fail" denied the request: validation error: An image tag is required. rule require-image-tag failed',
      { by: "webhook validate.kyverno.svc-fail", wants: ["a tag"] },
    ],
    [
      `pods "web-1" is forbidden: ValidatingAdmissionPolicy 'pinned-images' with binding 'all' denied request: images must be named by digest`,
      { by: "policy pinned-images", wants: [digest] },
    ],
    [
      `admission webhook "policy.sigstore.dev" denied the request: validation failed: invalid value: nginx must be an image digest: spec.containers[0].image`,
      { by: "webhook policy.sigstore.dev", wants: [digest] },
    ],
    [
      'admission webhook "labels.example.com" denied the request: label team is missing',
      { by: "webhook labels.example.com", wants: [] },
    ],
    [`pods "web-1" is forbidden: not allowed here, ${image}`, { wants: [] }],
  ])("%s", (text, expected) => {
    expect(policyDemand(text, image)).toEqual(expected);
  });

  test("is read in linear time, whatever the text", () => {
    for (const piece of ["registry ", "from a ", "tag ", "allowed ", `webhook "`, "x:latest", "mutable "]) {
      // A quadratic step would take minutes at this length; the time limit is the test's.
      policyDemand(piece.repeat(100_000), "");
    }
  });
});
