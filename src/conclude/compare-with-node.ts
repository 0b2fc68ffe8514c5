import type { CaseFile } from "../domain/case-file.ts";
import type { Credential } from "../domain/credential.ts";
import type { Evidence } from "../domain/diagnosis.ts";
import type { Meaning, Probe } from "../domain/probe.ts";
import type { Symptom } from "../domain/symptom.ts";
import { asTheNode, secretsRead } from "../knowledge/evidence/answers.ts";
import { isLoginTrouble, isNothingSent, stageOf } from "../knowledge/evidence/code-classes.ts";
import { bearsOutTheNode } from "../knowledge/evidence/network.ts";
import { codesOf, isContradicted } from "../knowledge/evidence/said-by-the-node.ts";
import { answerWords, askedWith, shortened } from "../knowledge/evidence/sentences.ts";
import { isLoopback, registryOf, toldByTheNode } from "../knowledge/evidence/symptoms.ts";
import { agrees } from "../knowledge/evidence/weigh.ts";
import type { Verdict } from "./rank-findings.ts";

/**
 * Agreement and disagreement of the node and the probe, said in one sentence:
 * `The node got "…" at 11:02; asked from here now, with the login of …, the registry gives the manifest: the two differ`.
 * Nothing where one of the two has nothing to say. `verdict` is the one that this stands beside.
 */
export function comparison(file: CaseFile, verdict: Verdict): readonly Evidence[] {
  const told = toldByTheNode(file);
  const asked = asTheNode(file).find(({ probe }) => probe !== undefined && probe.answer.kind !== "unasked");
  if (asked?.probe === undefined) return [];
  const { probe, credential } = asked;
  const notes = [...between(file, told, probe, credential, verdict), ...runsElsewhere(file)];
  const host = registryOf(file);
  if (host === undefined || !isLoopback(host)) return notes;
  const text = `${host} names each machine itself: asked from here, this machine answers, not the node`;
  return [...notes, { source: "probe", text }];
}

function between(
  file: CaseFile,
  told: Symptom | undefined,
  probe: Probe,
  credential: Credential | undefined,
  verdict: Verdict,
): readonly Evidence[] {
  if (told === undefined) return [];
  const at = told.failure.at === undefined ? "" : ` at ${told.failure.at}`;
  if (agree(probe, told, verdict)) {
    if (probe.answer.kind === "unreachable" && !bearsOutTheNode(file, probe.answer, told)) {
      const same = `Asked from here now, ${answerSubject(probe)} ${answerWords(probe.answer)}`;
      return [{ source: "probe", text: `${same}: this machine may see another network than the node`, at: file.now }];
    }
    const text =
      credential === undefined && isLoginTrouble(told.code) && !secretsRead(file)
        ? `What the node got${at} comes back from here without a login, too; the login that the node had was not seen`
        : `What the node got${at} and what comes back from here now agree`;
    return [{ source: "probe", text, at: file.now }];
  }
  const { cause, finding } = verdict;
  const words = `${askedWith(credential)}, ${answerSubject(probe)} ${answerWords(probe.answer)}`;
  // The kubelet stopped before anything was sent, or what it met comes after the manifest: there is nothing to compare.
  const stopped = isNothingSent(told.code) || (finding.certainty === "certain" && isNothingSent(cause.code));
  if (stopped || goesTogether(file, told, probe))
    return [{ source: "probe", text: `Asked from here now, ${words}`, at: file.now }];
  const here = `asked from here now, ${words}`;
  const text = `The node got "${shortened(told.quote, 160)}"${at}; ${here}: the two differ`;
  return [{ source: "probe", text, at: file.now }];
}

/** Where the same image runs, it could be pulled once. */
function runsElsewhere({ imageUses, target }: CaseFile): readonly Evidence[] {
  const use = imageUses.find(({ node }) => node === undefined || node !== target.nodeName);
  if (use === undefined) return [];
  const on = use.node === undefined ? "" : ` on node ${use.node}`;
  return [{ source: "API server", text: `The same image runs in pod ${use.namespace}/${use.pod}${on}` }];
}

/** The registry gives the manifest, and what the node met comes after that, or lies in what is given: no agreement, no contradiction. */
function goesTogether(file: CaseFile, told: Symptom, { answer }: Probe): boolean {
  if (answer.kind !== "granted") return false;
  const stage = stageOf(told.code);
  return stage === "after-manifest" || (stage === "answer" && !isContradicted(file, told));
}

function answerSubject({ answer, question }: Probe): string {
  return answer.kind === "unreachable" ? shortened(answer.host, 120) : question.reference.registry;
}

function agree({ answer }: Probe, told: Symptom, { cause, finding }: Verdict): boolean {
  const { code, alternatives } = told;
  if (answer.kind === "unreachable") return answer.fault === code || answer.fault === cause.code;
  // What the registry gives can be the very thing that the node cannot use.
  if (answer.kind === "granted")
    return finding.certainty === "certain" && cause.family !== "meta" && agrees(code, cause.code, alternatives);
  if (answer.kind !== "refused") return false;
  const byPlace = placeCodes[answer.meaning];
  return byPlace === code || codesOf(answer.meaning).some((one) => agrees(code, one, alternatives));
}

/** Answers that depend on the place they are asked from: they agree, and never disagree. */
const placeCodes: Readonly<Partial<Record<Meaning, string>>> = {
  "rate-limited": "rate-limited",
  "rate-limited-upstream": "rate-limited",
  "address-denied": "ip-not-allowed",
  "geo-blocked": "geo-or-legal-block",
  "not-a-registry": "not-a-registry-endpoint",
};
