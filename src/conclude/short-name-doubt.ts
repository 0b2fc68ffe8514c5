import type { CaseFile } from "../domain/case-file.ts";
import { weakest } from "../domain/certainty.ts";
import type { Evidence, Finding } from "../domain/diagnosis.ts";

/** Evidence that came of asking the registry from here. */
const asked: ReadonlySet<string> = new Set(["registry", "token server", "probe"]);

/**
 * To CRI-O a name without a registry is Docker Hub's only if the node's registries.conf says so (cri-o internal/storage/image.go,
 * go.podman.io/image pkg/shortnames). What docker.io answers is then an assumption about this pull, and no verdict that rests on
 * it is certain. Nothing is in doubt where the node's configuration was given, or where the node's own words name docker.io.
 */
export function withShortNameDoubt(file: CaseFile, finding: Finding): Finding {
  if (file.shortNameInCrio === undefined || !finding.evidence.some(({ source }) => asked.has(source))) return finding;
  if (file.probes.some(({ nodeConfig }) => nodeConfig !== undefined) || namesTheHub(file)) return finding;
  const note: Evidence = {
    source: "node",
    text: "It runs CRI-O, whose registries.conf decides where a name without a registry is looked for. docker.io was asked, as the kubelet reads the name; --registries-conf FILE asks where the node does",
  };
  return {
    ...finding,
    certainty: weakest("likely", finding.certainty),
    evidence: [...finding.evidence, note],
  };
}

function namesTheHub({ symptoms }: CaseFile): boolean {
  return symptoms.some(({ failure }) => /(?:^|[\s"'/])(?:index\.|registry-1\.)?docker\.io[/:]/.test(failure.message));
}
