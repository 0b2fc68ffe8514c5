import type { CaseFile } from "../domain/case-file.ts";
import type { HealthyContainer } from "../domain/container-ref.ts";
import type { Diagnosis, Finding } from "../domain/diagnosis.ts";
import type { Cause } from "../knowledge/causes/cause.ts";
import { causes } from "../knowledge/causes/index.ts";
import { saidByTheNode } from "../knowledge/evidence/said-by-the-node.ts";
import { containerOf, diagnosisOf } from "./diagnosis-of.ts";
import { fallbackVerdict } from "./fallback-verdict.ts";
import { groupCases, type JudgedCase } from "./group-cases.ts";
import { rankFindings, type Verdict } from "./rank-findings.ts";
import { withShortNameDoubt } from "./short-name-doubt.ts";

/** What the stage makes of all cases. */
export interface Conclusions {
  /** Most certain first. */
  readonly diagnoses: readonly Diagnosis[];
  /** Images that nobody runs yet and that a registry gives. */
  readonly pullable: readonly HealthyContainer[];
  /** Images that nobody runs yet and that nobody was asked for, or nobody answered for: nothing is known of them. */
  readonly unjudged: readonly CaseFile[];
}

/**
 * The stage: every cause is asked about every case, the strongest verdict becomes the diagnosis, the others its alternatives,
 * and cases that share image, cause and login become one.
 * Each failing target gets exactly one diagnosis, `unknown` or `cause-hidden` where nothing fits; an image that nobody runs yet
 * and that nothing speaks against gets none.
 */
export function conclude(cases: readonly CaseFile[]): Conclusions {
  const judged: JudgedCase[] = [];
  const pullable: HealthyContainer[] = [];
  const unjudged: CaseFile[] = [];
  for (const file of cases) {
    const verdicts = rankFindings(causes.flatMap((cause) => verdictOf(cause, file) ?? []));
    const [primary, ...others] = verdicts.length > 0 ? verdicts : fallbackVerdict(file);
    if (primary !== undefined) {
      const { code, title } = primary.cause;
      judged.push({ file, code, title, diagnosis: diagnosisOf(file, primary, others) });
    } else if (file.probes.some(({ question, answer }) => question.kind === "manifest" && answer.kind === "granted")) {
      pullable.push({ image: file.target.image, container: containerOf(file) });
    } else unjudged.push(file);
  }
  return { diagnoses: groupCases(judged), pullable, unjudged };
}

/** What a cause says of the case, if anything. */
function verdictOf(cause: Cause, file: CaseFile): Verdict | undefined {
  const finding = decide(cause, file);
  if (finding === undefined || isIdle(file, cause)) return undefined;
  return { cause, finding: withShortNameDoubt(file, finding) };
}

function decide(cause: Cause, file: CaseFile): Finding | undefined {
  return cause.decide === undefined ? saidByTheNode(file, cause.code) : cause.decide(file);
}

/** An image that nobody has tried to pull is not in trouble because the registry gives it, or because no text says anything. */
function isIdle({ target }: CaseFile, cause: Cause): boolean {
  return target.containerKind === "planned" && target.failures.length === 0 && cause.family === "meta";
}
