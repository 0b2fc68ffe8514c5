import type { CaseFile } from "../../domain/case-file.ts";
import { type Certainty, weakest } from "../../domain/certainty.ts";
import { type Credential, credentialLabel, type SecretFault } from "../../domain/credential.ts";
import type { Evidence } from "../../domain/diagnosis.ts";
import type { Probe } from "../../domain/probe.ts";
import { sinceInWords } from "../../domain/since-in-words.ts";
import { isOver } from "../login-end.ts";
import type { Dialect } from "../registries/registry.ts";
import { anonymousProbe, isEmptyLogin, probeAs, type Refusal, refusalOf } from "./answers.ts";
import { isLoginTrouble } from "./code-classes.ts";
import { cutSegment } from "./cut-segment.ts";
import { dialectFor } from "./dialect.ts";
import { faultSentence } from "./pull-secrets.ts";
import { registryClock } from "./registry-clock.ts";
import { probeEvidence } from "./sentences.ts";
import { toldCode } from "./symptoms.ts";

/**
 * What is known of one login:
 * - `accepted`: the registry gave the manifest with it;
 * - `rejected`, `expired`: the login itself is no good;
 * - `no-permission`: it is good, and may not read this;
 * - `hidden`: it is good as far as known, and the registry does not tell private from missing;
 * - `refused-somehow`: it is wrong, or right without permission: the registry does not tell;
 * - `admitted`: it was let through, and what is asked for is missing or broken in another way;
 * - `undecided`: not asked, not reached, or not told apart.
 */
export type LoginState =
  | "accepted"
  | "rejected"
  | "expired"
  | "no-permission"
  | "hidden"
  | "refused-somehow"
  | "admitted"
  | "undecided";

export interface LoginVerdict {
  readonly credential: Credential;
  readonly state: LoginState;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
  /** Codes of what the registry's words do not exclude. */
  readonly alternatives?: readonly string[];
}

/** Whether the login itself says that it is over. */
function ownExpiryPassed(credential: Credential, now: string): boolean {
  return credential.expiresAt !== undefined && isOver(Date.parse(credential.expiresAt), now);
}

/**
 * The verdict on one login, from the manifest asked for with it, the control without a login, the login check
 * (a token without scope), and the expiry that the login itself carries. One 401 alone is never a certain verdict on a login:
 * a token server in trouble answers so, too (https://github.com/docker/docs/issues/22787).
 */
function loginVerdict(file: CaseFile, credential: Credential): LoginVerdict {
  // CRI-O looks for a login on the node in its place, and that one nobody sees.
  if (credential.usedAs === "node-login")
    return { credential, state: "undecided", certainty: "possible", evidence: [] };
  const asked = probeAs(file, "manifest", credential);
  const check = probeAs(file, "login", credential);
  const answers = [asked, check].flatMap((probe) => (probe ? [probeEvidence(probe, file.now)] : []));
  const warning = cutSegment(file, credential);
  const evidence = warning === undefined ? answers : [...answers, warning];
  if (asked?.answer.kind === "granted") return { credential, state: "accepted", certainty: "certain", evidence };

  const judged = judge(file, asked, check);
  const clock = registryClock(file);
  const over = ownExpiryPassed(credential, clock?.time ?? file.now);
  const disputed = over !== ownExpiryPassed(credential, file.now);
  const clocks = disputed && clock !== undefined ? [clock.evidence] : [];
  if (!over) return { credential, ...judged, evidence: [...clocks, ...evidence] };
  const own = {
    source: sourceName(credential),
    text: `The login in ${credentialLabel(credential)} ended ${sinceInWords(credential.expiresAt ?? "", clock?.time ?? file.now) ?? ""}, at ${credential.expiresAt}`,
    ...(credential.expiresAt !== undefined && { at: credential.expiresAt }),
  };
  const withOwn = { credential, evidence: [own, ...clocks, ...evidence] };
  if (check?.answer.kind === "granted" || judged.state === "admitted") return { ...withOwn, ...judged };
  const refused = refusalOf(asked) !== undefined && judged.state !== "undecided";
  const agrees = refused || isLoginTrouble(toldCode(file));
  return { ...withOwn, state: "expired", certainty: agrees && !disputed ? "certain" : "likely" };
}

function sourceName({ source }: Credential): string {
  return source.kind === "pull-secret" ? `secret ${source.secret}` : `file ${source.file}`;
}

function judge(
  file: CaseFile,
  asked: Probe | undefined,
  check: Probe | undefined,
): Pick<LoginVerdict, "state" | "certainty" | "alternatives"> {
  const refusal = refusalOf(asked);
  // Where no challenge can be answered the login was not sent.
  if (refusal === undefined || refusal.noWayIn === true) return { state: "undecided", certainty: "possible" };
  const { takesAnyLogin, mayMean = [] } = dialectFor(file);
  const taken = check?.answer.kind === "granted" && takesAnyLogin !== true;
  const checked = taken ? "good" : refusedLogin(check);
  const second = secondSignal(file, refusal, checked);
  switch (refusal.meaning) {
    case "login-expired":
      return { state: "expired", certainty: checked === "good" ? "likely" : second };
    case "login-refused":
      if (checked === "good") return { state: "hidden", certainty: "certain" };
      return { state: checked === "expired" ? "expired" : "rejected", certainty: second };
    case "login-refused-or-no-permission":
    case "login-wanted":
    case "absent-or-no-access":
      if (checked === "good") return { state: "hidden", certainty: "certain" };
      if (checked !== undefined) return { state: checked === "bad" ? "rejected" : "expired", certainty: second };
      // Without the check a wrong login and a good one without rights look the same on some registries (Harbor, GitLab).
      return refusal.meaning === "absent-or-no-access"
        ? { state: "hidden", certainty: "likely" }
        : { state: "refused-somehow", certainty: "certain" };
    case "no-permission":
      if (checked === "bad" || checked === "expired")
        return { state: checked === "bad" ? "rejected" : "expired", certainty: second };
      return noPermission(refusal, mayMean);
    case "repository-absent":
    case "tag-absent":
    case "absent":
    case "tag-expired":
    case "terms-not-accepted":
    case "policy-blocked":
      return { state: "admitted", certainty: "certain" };
    default:
      return { state: "undecided", certainty: "possible" };
  }
}

/** A right is lacking; where the registry's words leave another reason open, that is not certain. */
function noPermission(
  { words: { message = "" } }: Refusal,
  mayMean: NonNullable<Dialect["mayMean"]>,
): Pick<LoginVerdict, "state" | "certainty" | "alternatives"> {
  const said = message.toLowerCase();
  const codes = mayMean.filter(({ says }) => said.includes(says)).map(({ code }) => code);
  if (codes.length === 0) return { state: "no-permission", certainty: "certain" };
  return { state: "no-permission", certainty: "likely", alternatives: codes };
}

/** What the token server made of the bare login, where it was asked and understood. */
function refusedLogin(check: Probe | undefined): "bad" | "expired" | undefined {
  const refusal = refusalOf(check);
  if (refusal === undefined) return undefined;
  if (refusal.meaning === "login-expired") return "expired";
  const bad = [
    "login-refused",
    "login-refused-or-no-permission",
    "token-refused",
    "login-wanted",
    "absent-or-no-access",
  ];
  return bad.includes(refusal.meaning) ? "bad" : undefined;
}

/**
 * `certain` where a second, independent signal stands beside the refusal: the login check, or a control without a login
 * that shows registry and token server at work and gets another answer than the login.
 */
function secondSignal(file: CaseFile, refused: Refusal, checked: "good" | "bad" | "expired" | undefined): Certainty {
  const control = anonymousProbe(file);
  if (control?.answer.kind === "granted") return "certain";
  const refusal = refusalOf(control);
  const atToken = refusal?.step === "token" || refusal?.step === "login";
  if (atToken && dialectFor(file).givesEverybodyAToken === true) return "likely";
  // A server in trouble refuses everybody, with scope and without, in the same words.
  const alike = refusal === undefined || (atToken && sameWords(refused, refusal));
  if (checked === "bad" || checked === "expired") return refused.step === "token" && alike ? "likely" : "certain";
  if (refusal === undefined) return "likely";
  // A control that is refused like a login is a server in trouble.
  const works = ["login-wanted", "absent-or-no-access", "absent", "tag-absent", "repository-absent", "no-permission"];
  if (!works.includes(refusal.meaning)) return "likely";
  return refused.step === refusal.step && alike ? "likely" : "certain";
}

function sameWords(a: Refusal, b: Refusal): boolean {
  return a.words.status === b.words.status && a.words.code === b.words.code && a.words.message === b.words.message;
}

/** The verdicts on all logins that the kubelet would try, in its order; entries `{}` are no logins. */
export function loginVerdicts(file: CaseFile): readonly LoginVerdict[] {
  return file.candidates
    .filter((credential) => !isEmptyLogin(credential))
    .map((credential) => loginVerdict(file, credential));
}

/** How sure a statement about several logins is: no surer than the least sure one. */
export function leastSure(verdicts: readonly LoginVerdict[]): Certainty {
  return verdicts.map(({ certainty }) => certainty).reduce(weakest, "certain");
}

const stateWords: Readonly<Record<LoginState, string>> = {
  accepted: "is accepted",
  rejected: "is refused",
  expired: "has expired",
  "no-permission": "is known, and may not read this image",
  "refused-somehow": "is refused, as wrong or as not allowed",
  hidden: "gets the answer that the registry gives for private and for missing images alike",
  admitted: "is let in",
  undecided: "could not be judged",
};

/** `The login of secret a, entry "h" is refused; the login of secret b, entry "h" has expired.` */
export function eachLogin(verdicts: readonly LoginVerdict[]): string {
  const parts = verdicts.map(
    ({ credential, state }) => `the login of ${credentialLabel(credential)} ${stateWords[state]}`,
  );
  const sentence = parts.join("; ");
  return sentence === "" ? "" : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** What looks wrong with this login in its Secret: a line break in the password, a variable that was not filled in. */
export function oddities(file: CaseFile, { source }: Credential): readonly SecretFault[] {
  if (source.kind !== "pull-secret") return [];
  const secret = file.pullSecrets.find(
    ({ namespace, name }) => namespace === source.namespace && name === source.secret,
  );
  return (
    (secret?.faults ?? [])
      .filter(({ effect, where }) => effect === "suspicious" && isAbout(where, source.key))
      // Judged by this machine's clock alone, before the registry told its own.
      .filter(({ code }) => code !== "expired" || registryClock(file) === undefined)
  );
}

/** Positions quote the key of the entry, cut where it is long; what quotes none is about the Secret as a whole. */
function isAbout(where: string, key: string): boolean {
  return !where.includes('"') || where.includes(key.length > 100 ? `"${key.slice(0, 100)}` : `"${key}"`);
}

/** The same as evidence. */
export function suspicions(file: CaseFile, credential: Credential): readonly Evidence[] {
  const { source } = credential;
  const name = source.kind === "pull-secret" ? source.secret : source.file;
  return oddities(file, credential).map((fault) => ({ source: `secret ${name}`, text: faultSentence(fault) }));
}
