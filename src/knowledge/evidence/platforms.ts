import type { CaseFile } from "../../domain/case-file.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import type { ManifestFacts, Platform } from "../../domain/probe.ts";
import { manifestsSeen } from "./answers.ts";
import { saidByTheNode } from "./said-by-the-node.ts";
import { shortened, toldEvidence } from "./sentences.ts";
import { toldCode } from "./symptoms.ts";
import { besideTheNode } from "./weigh.ts";

/** `linux/arm/v7`, with the build for Windows: `windows/amd64 10.0.17763.1`. */
export function platformText({ os, architecture, variant, osVersion }: Platform): string {
  const name = [os, architecture, variant].filter((part) => part !== undefined && part !== "").join("/");
  return shortened(osVersion === undefined || osVersion === "" ? name : `${name} ${osVersion}`, 60);
}

/** The platform of the node, or the one that the manifest was asked for. */
export function wantedPlatform(file: CaseFile): Platform | undefined {
  return file.platforms[0] ?? file.probes.find(({ question }) => question.platform !== undefined)?.question.platform;
}

/** What the image is offered for, as far as a manifest was seen. */
export function offeredPlatforms(file: CaseFile): readonly Platform[] {
  return manifestsSeen(file).find(({ facts }) => facts.platforms.length > 0)?.facts.platforms ?? [];
}

/**
 * No image for the node's platform, from the index itself. Of the two codes the Windows one is taken where the index has the
 * platform for another Windows build. One manifest outside an index is not compared by containerd: it is pulled, and its
 * program does not start, so it explains a failed pull only where the runtime says so.
 */
export function platformFinding(
  file: CaseFile,
  code: "platform-mismatch" | "windows-version-mismatch",
): Finding | undefined {
  const manifests = manifestsSeen(file).map(({ facts }) => facts);
  const told = toldCode(file);
  const spoken = told === "platform-mismatch" || told === "windows-version-mismatch";
  const unfit = manifests.filter(({ match }) => match === "none" || (match === "single-other" && spoken));
  const [first] = unfit;
  if (first === undefined || manifests.some(({ match }) => match === "matched"))
    return withOffer(file, saidByTheNode(file, code));
  const wanted = wantedPlatform(file);
  const kind = wanted !== undefined && isOtherBuild(wanted, first) ? "windows-version-mismatch" : "platform-mismatch";
  if (kind !== code) return undefined;
  const offered = first.platforms.slice(0, 8).map(platformText).join(", ");
  const node = wanted === undefined ? "the node" : platformText(wanted);
  return {
    certainty: besideTheNode(file, code, file.platforms.length > 0 ? "certain" : "likely"),
    title: `The image does not exist for ${node}${offered === "" ? "" : `: it is there for ${offered}`}`,
    evidence: [
      {
        source: "registry",
        text: offered === "" ? "The index names no platform" : `The image is offered for ${offered}`,
        at: file.now,
      },
      ...(file.platforms.length > 0 ? [{ source: "node", text: `The node is ${node}` }] : []),
      ...toldEvidence(file),
    ],
  };
}

/** Where the node's platform is not known, what the image is offered for still helps. */
function withOffer(file: CaseFile, finding: Finding | undefined): Finding | undefined {
  const offered = offeredPlatforms(file).slice(0, 8).map(platformText).join(", ");
  if (finding === undefined || offered === "") return finding;
  const offer = { source: "registry", text: `The image is offered for ${offered}`, at: file.now };
  return { ...finding, evidence: [...finding.evidence, offer] };
}

function isOtherBuild(wanted: Platform, { platforms }: ManifestFacts): boolean {
  return (
    wanted.os === "windows" &&
    platforms.some(({ os, architecture }) => os === "windows" && architecture === wanted.architecture)
  );
}
