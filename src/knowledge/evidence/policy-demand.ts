/** Who refused a pod, and what about its image they asked for, as far as the API server's text says. */
export interface PolicyDemand {
  /** `webhook validate.kyverno.svc-fail`, `policy signed-images`. */
  readonly by?: string;
  /** Each completes "it asks for …". */
  readonly wants: readonly string[];
}

/**
 * Phrases of Kyverno, Gatekeeper, sigstore's policy-controller, Connaisseur, Kubewarden, ImagePolicyWebhook and of
 * ValidatingAdmissionPolicies written by hand (kyverno/policies, open-policy-agent/gatekeeper-library
 * library/general/allowedrepos and disallowedtags, sigstore/policy-controller pkg/webhook/validator.go,
 * sse-secure-systems/connaisseur). Their wording is free, so only nouns are looked for.
 */
const demands: readonly { readonly words: RegExp; readonly wants: string }[] = [
  {
    words: /\bsignatures?\b|\bsigned\b|\battestations?\b|\bcosign\b|\bsigstore\b|\bnotary\b|\btrust data\b/i,
    wants: "a signature or attestation that it can verify",
  },
  {
    words:
      /\b(?:allowed|approved|trusted|permitted|unknown|unauthori[sz]ed|invalid|internal)(?: image| container| docker)? (?:registr|repo)|\bfrom (?:an? |the )?[\w./ -]{0,60}regist|\bregistr(?:y|ies)\b[^.\n]{0,80}\b(?:not|allowed|permitted|required)\b/i,
    wants: "an image from a registry that it allows",
  },
  { words: /\blatest\b|\bmutable\b[^.\n]{0,40}\btags?\b/i, wants: "a tag other than latest" },
  { words: /\btags?\b[^.\n]{0,30}\b(?:required|missing)\b/i, wants: "a tag" },
  { words: /\bdigests?\b/i, wants: "a digest in the image's name" },
];

/** Reads the text of a refusal; `image` is the pod's, whose own words must not be taken for the policy's. */
export function policyDemand(text: string, image: string): PolicyDemand {
  const bounded = text.slice(0, 4096);
  const by = refuser(bounded);
  // Names of images and of webhooks hold words like these: `app:latest`, `policy.sigstore.dev`.
  const prose = (image === "" ? bounded : bounded.replaceAll(image, " "))
    .replace(/\bwebhook "[^"]{0,253}"/g, " ")
    .replace(/[^\s"'<>]{0,512}(?::latest\b|@sha256:[0-9a-f]{64})/g, " ");
  const wants = demands.filter(({ words }) => words.test(prose)).map((demand) => demand.wants);
  const signed = wants[0] === demands[0]?.wants;
  // Who verifies signatures speaks of digests and registries too.
  return { ...(by === undefined ? {} : { by }), wants: signed ? wants.slice(0, 1) : wants };
}

function refuser(text: string): string | undefined {
  const webhook = /\badmission webhook "([^"\s]{1,253})"/.exec(text)?.[1];
  if (webhook !== undefined) return `webhook ${webhook}`;
  const policy = /\bValidatingAdmissionPolicy '([^'\s]{1,253})'/.exec(text)?.[1];
  return policy === undefined ? undefined : `policy ${policy}`;
}
