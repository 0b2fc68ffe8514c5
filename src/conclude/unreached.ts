import type { CaseFile } from "../domain/case-file.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import type { Gap } from "../domain/gap.ts";
import type { NetworkFault } from "../domain/probe.ts";
import type { Unreachable } from "../knowledge/evidence/answers.ts";
import { answerWords, shortened } from "../knowledge/evidence/sentences.ts";
import { toldByTheNode } from "../knowledge/evidence/symptoms.ts";
import { agrees } from "../knowledge/evidence/weigh.ts";

/** What lets this machine through where the node gets through; the rest is a matter of where one asks from. */
const ways: Readonly<Partial<Record<NetworkFault, string>>> = {
  "dns-nxdomain": "Give the address that the node uses with --resolve HOST:ADDRESS, or run it where the name resolves.",
  "tls-unknown-ca": "Give the authority that the node trusts with --registry-ca FILE.",
  "tls-client-certificate-required": "Give a client certificate with --registry-cert and --registry-key.",
  "http-response-to-https": "Allow plain HTTP with --plain-http HOST, if the node speaks it too.",
  "response-timeout": "Run it again; --timeout allows more time.",
};
const elsewhere = "Run it where the registry can be reached, e.g. through HTTPS_PROXY or in the cluster.";

/** A run over many registries on a machine without a way out would say the same of each. */
const mostGaps = 5;

/**
 * Registries that this machine could not ask although the node's own words are of something else, so that it may well get
 * there: whatever they would have said is missing from the report. Where node and machine meet the same fault, it is the answer.
 */
export function unreachedGaps(cases: readonly CaseFile[], diagnoses: readonly Diagnosis[]): Gap[] {
  const decided = new Set(diagnoses.map(({ code, image }) => `${code} ${image}`));
  const gaps = new Map(cases.flatMap((file) => unreached(file, decided)).map((gap): [string, Gap] => [gap.what, gap]));
  const shown = [...gaps.values()].slice(0, mostGaps);
  const more = gaps.size - shown.length;
  if (more === 0) return shown;
  const what = more === 1 ? "what one more registry says" : `what ${more} more registries say`;
  return [...shown, { what, why: "asked from this machine, none of them answers either", remedy: elsewhere }];
}

function unreached(file: CaseFile, decided: ReadonlySet<string>): Gap[] {
  const told = toldByTheNode(file);
  const answers = file.probes
    .filter(({ question }) => question.kind === "manifest")
    .map(({ answer }) => answer)
    .filter(({ kind }) => kind !== "unasked");
  const [first] = answers;
  if (told === undefined || first?.kind !== "unreachable" || !answers.every(isUnreachable)) return [];
  if (agrees(told.code, first.fault, told.alternatives)) return [];
  if (decided.has(`${first.fault} ${file.target.image}`)) return [];
  return [
    {
      what: `what ${shortened(first.host, 120)} says`,
      why: `asked from this machine, it ${answerWords(first)}`,
      remedy: ways[first.fault] ?? elsewhere,
    },
  ];
}

function isUnreachable(answer: CaseFile["probes"][number]["answer"]): answer is Unreachable {
  return answer.kind === "unreachable";
}
