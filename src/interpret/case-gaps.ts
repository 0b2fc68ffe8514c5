import type { ClusterFacts } from "../domain/cluster-facts.ts";
import type { SecretFault } from "../domain/credential.ts";
import type { Gap } from "../domain/gap.ts";
import type { Read } from "../domain/read.ts";

/** What this case could not look at: refused and failed reads of its Secrets, service account and node, each once. */
export function caseGaps(
  namespace: string,
  secretNames: readonly string[],
  facts: ClusterFacts,
  serviceAccount: Read<unknown>,
  node: Read<unknown>,
): readonly Gap[] {
  const secrets = secretNames.map((name) => facts.secrets.get(`${namespace}/${name}`));
  const gaps = [
    ...secrets.map((read) => gapOf(`secrets in namespace ${namespace}`, read)),
    gapOf(`service accounts in namespace ${namespace}`, serviceAccount),
    gapOf("nodes", node),
  ];
  const seen = new Map<string, Gap>();
  for (const gap of gaps) if (gap !== undefined) seen.set(`${gap.what}\n${gap.why}`, gap);
  return [...seen.values()];
}

/** Worded as the reader of the cluster words them, so that one refusal is one line in the report. */
function gapOf(what: string, read: Read<unknown> | undefined): Gap | undefined {
  if (read?.kind === "failed") {
    return { what, why: read.why, remedy: "Run it again; --request-timeout allows more time." };
  }
  if (read?.kind !== "forbidden") return undefined;
  const where = read.namespace === undefined ? "in the whole cluster" : `in namespace ${read.namespace}`;
  return {
    what,
    why: `not allowed to ${read.verb} ${read.resource} ${where}`,
    remedy: `Ask for a role with the verb ${read.verb} on ${read.resource} ${where}, or run this as somebody who has it.`,
  };
}

/** What a docker config file keeps to itself: logins in a credential store, which is never run, and what does not parse. */
export function fileGaps(file: string, faults: readonly SecretFault[]): readonly Gap[] {
  const closed = faults.filter(
    ({ code, effect }) => effect === "blocks" || code === "credential-store" || code === "too-large",
  );
  return closed.slice(0, 3).map(({ where, text }) => ({
    what: `logins of ${file}`,
    why: `${where}: ${text}`,
    remedy: "Name a file that holds its logins itself: docker login with a DOCKER_CONFIG of its own writes one.",
  }));
}
