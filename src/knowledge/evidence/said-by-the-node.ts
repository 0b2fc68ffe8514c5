import type { CaseFile } from "../../domain/case-file.ts";
import { weakest } from "../../domain/certainty.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import type { Meaning } from "../../domain/probe.ts";
import type { Symptom } from "../../domain/symptom.ts";
import { asTheNode, grantedAsTheNode, manifestsSeen, refusalOf, secretsRead } from "./answers.ts";
import { isLoginTrouble, showsAdmittance, stageOf } from "./code-classes.ts";
import { hasLogin, nodeMayLogIn } from "./login-need.ts";
import { symptomEvidence } from "./sentences.ts";
import { saysElsewhere, toldByTheNode } from "./symptoms.ts";
import { agrees } from "./weigh.ts";

/**
 * The verdict where nothing but the node's text speaks: `likely` where the newest telling failure has this code and no probe
 * contradicts it, `certain` where the kubelet itself is the source of the text.
 */
export function saidByTheNode(file: CaseFile, code: string): Finding | undefined {
  const told = toldByTheNode(file);
  if (told === undefined || told.code !== code || isContradicted(file, told)) return undefined;
  const sure = told.certainty === "certain" ? "certain" : weakest("likely", told.certainty);
  return { certainty: sure, evidence: [symptomEvidence(told)], alternatives: namedCodes(told.alternatives) };
}

/**
 * The same for a refusal of the API server that a controller passes on word for word: the server is its own source,
 * so what its text says is `certain`.
 */
export function saidByController(file: CaseFile, code: string): Finding | undefined {
  const finding = saidByTheNode(file, code);
  const failure = toldByTheNode(file)?.failure;
  if (finding === undefined || failure === undefined) return undefined;
  const passedOn = failure.reason === "FailedCreate" || (failure.reporter?.includes("-controller") ?? false);
  return passedOn ? { ...finding, certainty: "certain" } : finding;
}

/** Alternatives without the `*` that stands for "anything". */
export function namedCodes(alternatives: readonly string[]): readonly string[] {
  return alternatives.filter((code) => code !== "*");
}

/**
 * Whether the registry's own answers, asked as the node asks, say otherwise than the node's text.
 * Only what the registry would answer to everybody alike can be contradicted from elsewhere: not the node's network, not its disk,
 * not a limit or a block by address, and not what a mirror said.
 */
export function isContradicted(file: CaseFile, told: Symptom): boolean {
  if (saysElsewhere(told) || stageOf(told.code) !== "answer") return false;
  if (told.code === "registry-policy-blocked" && told.facts.status === undefined) return false;
  if (grantedAsTheNode(file).length > 0) {
    if (refusesTheNodesOwnLogin(file, told) || failsAtTheLayers(file, told)) return false;
    return secretsRead(file) && !manifestSupports(file, told.code);
  }
  const refusals = asTheNode(file).flatMap(({ probe }) => refusalOf(probe) ?? []);
  if (refusals.length === 0 || refusals.length < asTheNode(file).length) return false;
  // We are not let in, and the node was, or may have been with a login of its own: what we get says nothing of what it met inside.
  const shutOut = refusals.every(({ meaning }) => aboutLogins.has(meaning));
  const ownLogin = !hasLogin(file) && nodeMayLogIn(file) && !isLoginTrouble(told.code);
  if (shutOut && (showsAdmittance(told.code) || ownLogin)) return false;
  return refusals.every(({ meaning }) => {
    const codes = codesOf(meaning);
    return codes.length > 0 && !codes.some((code) => agrees(told.code, code, told.alternatives));
  });
}

/** Whether the node's text tells of a login that no Secret of the pod holds: that nobody needs one does not make it good. */
export function refusesTheNodesOwnLogin(file: CaseFile, told: Symptom | undefined): boolean {
  return told?.facts.login === "with" && isLoginTrouble(told.code) && !hasLogin(file);
}

/** Whether the node had the manifest and was refused its config or a layer, and no layer was given to us. */
export function failsAtTheLayers(file: CaseFile, told: Symptom | undefined): boolean {
  const operation = told?.facts.operation;
  if (operation !== "blob" && operation !== "config") return false;
  return !manifestsSeen(file).some(({ facts }) => facts.blobsReachable === true);
}

/** Whether the manifest that was seen bears out a code about its content. */
function manifestSupports(file: CaseFile, code: string): boolean {
  const manifests = manifestsSeen(file).map(({ facts }) => facts);
  switch (code) {
    case "platform-mismatch":
    case "windows-version-mismatch":
      return !manifests.some(({ match }) => match === "matched");
    case "not-a-container-image":
      return !manifests.some(({ kind }) => kind === "image" || kind === "index");
    case "schema1-unsupported":
      return !manifests.some(({ kind }) => kind !== "schema1");
    default:
      return false;
  }
}

const aboutLogins: ReadonlySet<Meaning> = new Set([
  "login-wanted",
  "login-refused",
  "login-expired",
  "login-refused-or-no-permission",
  "no-permission",
  "absent-or-no-access",
]);

/** The codes that one answer of a registry can stand for; empty where it decides nothing. */
export function codesOf(meaning: Meaning): readonly string[] {
  switch (meaning) {
    case "login-wanted":
      return ["credentials-missing", "unauthorized"];
    case "login-refused":
      return ["credentials-rejected", "unauthorized"];
    case "login-expired":
      return ["credentials-expired"];
    case "login-refused-or-no-permission":
      return ["unauthorized", "credentials-rejected", "permission-denied"];
    case "no-permission":
      return ["permission-denied"];
    case "absent-or-no-access":
      return ["access-denied-or-missing", "repository-not-found", "permission-denied"];
    case "repository-absent":
      return ["repository-not-found"];
    case "tag-absent":
      return ["manifest-not-found"];
    case "absent":
      return ["manifest-not-found", "repository-not-found"];
    case "tag-expired":
      return ["tag-expired"];
    case "terms-not-accepted":
      return ["terms-not-accepted"];
    case "policy-blocked":
      return ["registry-policy-blocked"];
    case "quota-exceeded":
    case "suspended":
      return ["registry-quota-or-billing"];
    case "registry-fault":
      return ["registry-server-error"];
    case "token-server-fault":
    case "token-refused":
      return ["auth-server-error"];
    case "bad-request":
      return ["registry-bad-request"];
    default:
      return [];
  }
}
