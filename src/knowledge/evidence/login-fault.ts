import type { CaseFile } from "../../domain/case-file.ts";
import { weakest } from "../../domain/certainty.ts";
import { credentialLabel, type SecretFault } from "../../domain/credential.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import { anonymousProbe, grantedAsTheNode, refusalOf } from "./answers.ts";
import { hasLogin } from "./login-need.ts";
import {
  eachLogin,
  type LoginState,
  type LoginVerdict,
  leastSure,
  loginVerdicts,
  oddities,
  suspicions,
} from "./logins.ts";
import { faultSentence } from "./pull-secrets.ts";
import { saidByTheNode } from "./said-by-the-node.ts";
import { probeEvidence, toldEvidence } from "./sentences.ts";
import { toldByTheNode } from "./symptoms.ts";
import { besideTheNode } from "./weigh.ts";

/** A cause that is a fault of a login. */
export interface LoginFault {
  readonly code: string;
  readonly state: LoginState;
  /** Ends the sentence `The login in secret …`. */
  readonly verb: string;
}

const otherCodes: Readonly<Partial<Record<LoginState, string>>> = {
  rejected: "credentials-rejected",
  expired: "credentials-expired",
  "no-permission": "permission-denied",
  hidden: "access-denied-or-missing",
  "refused-somehow": "unauthorized",
};

/**
 * A login of the pod is at fault, as its verdict says. The kubelet tries all its logins and the first that works wins, so one that
 * is accepted, or let in, rules this out; where several are at fault, each is named. Without a verdict the node's text speaks.
 */
export function loginFault(file: CaseFile, fault: LoginFault): Finding | undefined {
  if (grantedAsTheNode(file).length > 0) return withItsOwnLogin(file, fault.code, saidByTheNode(file, fault.code));
  const verdicts = loginVerdicts(file);
  const faulty = verdicts.filter(({ state }) => state === fault.state);
  const [first] = faulty;
  if (first === undefined)
    return fromText(
      file,
      fault,
      verdicts.every(({ state }) => state === "undecided"),
    );
  if (verdicts.some(({ state }) => state === "admitted")) return undefined;
  const undecided = verdicts.some(({ state }) => state === "undecided");
  const sure = weakest(leastSure(faulty), undecided ? "likely" : "certain");
  const control = anonymousProbe(file);
  const others = verdicts.flatMap(({ state, alternatives }) =>
    state === fault.state ? (alternatives ?? []) : (otherCodes[state] ?? []),
  );
  // One refusal without a second signal may be a token server in trouble.
  const doubt = sure === "certain" || fault.state !== "rejected" ? [] : ["auth-server-error"];
  return {
    certainty: besideTheNode(file, fault.code, sure),
    title:
      faulty.length === 1
        ? `The login in ${credentialLabel(first.credential)} ${fault.verb}`
        : `The logins in the pull secrets: each ${fault.verb}`,
    evidence: [
      ...verdicts.flatMap(({ credential, evidence }) => [...evidence, ...suspicions(file, credential)]),
      ...(control === undefined ? [] : [probeEvidence(control, file.now)]),
      ...toldEvidence(file),
    ],
    ...detailOf(verdicts, fault.state === "rejected" ? oddities(file, first.credential) : []),
    alternatives: [...new Set([...others, ...doubt])],
  };
}

/** Of several logins each; of one what looks wrong with it in its Secret, which most often is why it is refused. */
function detailOf(verdicts: readonly LoginVerdict[], odd: readonly SecretFault[]): { readonly detail?: string } {
  if (verdicts.length > 1) return { detail: eachLogin(verdicts) };
  // The login that was asked with is the one that the Secret holds now.
  const first = odd.find(({ code }) => code !== "changed-since");
  return first === undefined ? {} : { detail: `Look at the secret first. ${faultSentence(first)}.` };
}

/** What the node's text is worth: nothing where the logins were judged otherwise. */
function fromText(file: CaseFile, { code }: LoginFault, undecided: boolean): Finding | undefined {
  if (!undecided) return undefined;
  const finding = withSuspicions(file, saidByTheNode(file, code));
  if (finding === undefined || hasLogin(file) || sentItsOwn(file, code)) return withItsOwnLogin(file, code, finding);
  return refusalOf(anonymousProbe(file))?.meaning === "absent-or-no-access"
    ? { ...finding, alternatives: ["access-denied-or-missing"] }
    : finding;
}

/** Without a login it is no fault of a login, save for a 403, which may refuse everybody. */
function sentItsOwn(file: CaseFile, code: string): boolean {
  return toldByTheNode(file)?.facts.login === "with" || code !== "permission-denied";
}

/** Says whose login it was, where no Secret of the pod holds one. */
function withItsOwnLogin(file: CaseFile, code: string, finding: Finding | undefined): Finding | undefined {
  if (finding === undefined || hasLogin(file) || !sentItsOwn(file, code)) return finding;
  return {
    ...finding,
    detail:
      "No pull secret of the pod holds a login for this registry, so the node sent one of its own: from its configuration, or from a credential provider.",
  };
}

/** What looks wrong with the logins, beside what the node's text says. */
export function withSuspicions(file: CaseFile, finding: Finding | undefined): Finding | undefined {
  if (finding === undefined) return undefined;
  const odd = file.candidates.flatMap((credential) => suspicions(file, credential));
  return odd.length === 0 ? finding : { ...finding, evidence: [...finding.evidence, ...odd] };
}
