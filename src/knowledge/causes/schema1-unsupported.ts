import type { CaseFile } from "../../domain/case-file.ts";
import { weakest } from "../../domain/certainty.ts";
import { found } from "../../domain/read.ts";
import { asked, exampleNode, granted, said } from "../evidence/example-parts.ts";
import { contentFinding } from "../evidence/manifest-content.ts";
import { dockerWord } from "../evidence/remedies.ts";
import { toldCode } from "../evidence/symptoms.ts";
import { defineCause } from "./cause.ts";

export const schema1Unsupported = defineCause({
  code: "schema1-unsupported",
  family: "content",
  title: "The image has the old schema 1 format",
  explanation:
    "The image was pushed long ago in a manifest format that runtimes no longer accept. It must be pulled with an old client and pushed again.",
  retryable: false,
  looks: {
    containerd:
      '`media type "…manifest.v1+prettyjws" is no longer supported`; `schema 1 image manifests are no longer supported`',
    Docker: "`Docker Image Format v1 and … schema 1 support is disabled by default`, or `has been removed`",
  },
  toldFrom: {
    "blob-not-found": "old containerd prints it as a missing content descriptor",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bmanifest\.v1\+(?:prettyjws|json)\b|\bschema 1 (?:image manifests|support)\b|\bschema ?1\b.{0,80}(?:not supported|no longer|disabled|removed|deprecated)|\bDocker Image Format v1\b|\bunsupported schema version 1\b/i,
      // containerd takes a manifest that came as plain text for one of these.
      alternatives: ["not-a-registry-endpoint"],
      example: "schema 1 image manifests are no longer supported: invalid argument",
      source: "containerd/containerd core/transfer/local/pull.go; moby/moby daemon/internal/distribution/errors.go",
    },
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern: /^(?:ctr: )?no signatures$/,
      alternatives: ["manifest-invalid", "signature-rejected", "not-a-registry-endpoint"],
      example: "ctr: no signatures",
      source: "containerd/containerd remotes/docker/schema1/converter.go@v1.7",
    },
  ],
  decide(file) {
    const finding = contentFinding(file, {
      code: "schema1-unsupported",
      fits: ({ kind }) => kind === "schema1" && takesSchema1(file) !== true,
      says: () => "The registry has the image in Docker's schema 1 format",
    });
    if (finding === undefined || takesSchema1(file) === false) return finding;
    return {
      ...finding,
      certainty: weakest("likely", finding.certainty),
      detail: "Which runtime the node has is not known: containerd refuses the format from 2.0 on, CRI-O converts it.",
    };
  },
  remedies: (file) => [
    {
      title: "Convert the image and push it again",
      command: `skopeo copy --format=v2s2 ${dockerWord(file)} ${dockerWord(file)}`,
    },
  ],
  examples: [
    {
      name: "schema 1, and a containerd that takes it no more",
      file: { node: exampleNode(), probes: [asked(granted({ kind: "schema1" }))] },
      finds: "certain",
    },
    {
      name: "schema 1, and a runtime that nobody knows",
      file: { probes: [asked(granted({ kind: "schema1" }))] },
      finds: "likely",
    },
    { name: "only the node's text says so", file: { symptoms: [said("schema1-unsupported")] }, finds: "likely" },
    {
      name: "near miss: schema 1, and a containerd that converts it",
      file: {
        node: exampleNode(undefined, { name: "containerd", version: "1.6.20" }),
        probes: [asked(granted({ kind: "schema1" }))],
      },
      finds: undefined,
    },
    {
      name: "near miss: a modern image",
      file: { symptoms: [said("schema1-unsupported")], probes: [asked(granted())] },
      finds: undefined,
    },
  ],
});

/**
 * containerd refuses it since 2.0, and whoever says so (containerd core/remotes/docker/resolver.go); CRI-O still converts it.
 * Undefined where the runtime is not known.
 */
function takesSchema1(file: CaseFile): boolean | undefined {
  if (toldCode(file) === "schema1-unsupported") return false;
  const runtime = found(file.node)?.runtime;
  if (runtime === undefined || runtime.name === "unknown") return undefined;
  return !(runtime.name === "containerd" && Number.parseInt(runtime.version, 10) >= 2);
}
