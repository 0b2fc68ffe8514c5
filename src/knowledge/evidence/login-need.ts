import type { CaseFile } from "../../domain/case-file.ts";
import type { Certainty } from "../../domain/certainty.ts";
import type { Evidence } from "../../domain/diagnosis.ts";
import { dialectOf } from "../registries/dialect-of.ts";
import { anonymousProbe, grantedOnTheWay, isEmptyLogin, refusalOf, secretsRead } from "./answers.ts";
import { isLoginTrouble, showsAdmittance, stageOf } from "./code-classes.ts";
import { probeEvidence, toldEvidence } from "./sentences.ts";
import { registryOf, saysMirror, toldByTheNode, toldCode } from "./symptoms.ts";

/** Whether the pull fails for want of a login, and how sure that is. */
export interface LoginNeed {
  /** `certain`: the registry said so; `likely`: it hides why, or only the node's text says so; `possible`: it would fit. */
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
  /** The registry does not tell private from missing, so a login may not be what is missing. */
  readonly hidden: boolean;
}

/** Whether the kubelet has any login for this registry out of the pod's own Secrets. */
export function hasLogin(file: CaseFile): boolean {
  return file.candidates.some((credential) => !isEmptyLogin(credential));
}

/**
 * A missing, unusable or unmatched pull secret explains a failure only where a login is needed and none was there.
 * Undefined where the registry gives the image to everybody, where the kubelet has a login to send, or where the node was
 * let in (it may have a login of its own), or where nothing speaks of logins at all.
 */
export function loginNeed(file: CaseFile): LoginNeed | undefined {
  if (hasLogin(file)) return undefined;
  const told = toldByTheNode(file);
  const code = toldCode(file);
  const control = anonymousProbe(file);
  if (control?.answer.kind === "granted" || grantedOnTheWay(file).length > 0) return undefined;
  const refusal = refusalOf(control);
  const evidence = [...(control ? [probeEvidence(control, file.now)] : []), ...toldEvidence(file)];
  const troubled = isLoginTrouble(code) && !saysMirror(told);
  // The node did send a login, one of its own: then none is missing. A 403 is for somebody who is known.
  const known = code === "permission-denied" && told?.facts.login !== "without";
  const sent =
    told?.facts.login === "with" || code === "credentials-rejected" || code === "credentials-expired" || known;
  if (sent && troubled) return { certainty: "possible", evidence, hidden: true };

  if (refusal !== undefined) {
    const wanted = refusal.meaning === "login-wanted";
    const hidden = ["absent-or-no-access", "no-permission"].includes(refusal.meaning);
    if (!wanted && !hidden) return undefined;
    // No login would be sent, so that one is missing is not the whole of it.
    if (refusal.noWayIn === true) return { certainty: "possible", evidence, hidden };
    // The node got past the registry's door with a login that no Secret of the pod holds.
    if (showsAdmittance(code)) return undefined;
    if (code !== undefined && !troubled)
      return {
        certainty: stageOf(code) === "before-registry" || saysMirror(told) ? "possible" : "likely",
        evidence,
        hidden,
      };
    if (hidden) return { certainty: secretsRead(file) ? "likely" : "possible", evidence, hidden };
    // Of a Secret that was kept from us the node knows: it says that there was nothing to send.
    const unread = code === "credentials-missing" ? "likely" : "possible";
    return { certainty: secretsRead(file) ? "certain" : unread, evidence, hidden };
  }
  if (!troubled) return undefined;
  const likely = secretsRead(file) && code !== "terms-not-accepted";
  return {
    certainty: likely ? "likely" : "possible",
    evidence,
    hidden: code !== "unauthorized" && code !== "credentials-missing",
  };
}

/** Whether the node may have sent a login of its own, which no Secret shows: its text does not say that none was sent. */
export function nodeMayLogIn(file: CaseFile): boolean {
  const login = toldByTheNode(file)?.facts.login;
  const host = registryOf(file);
  return login === "with" || (login === undefined && host !== undefined && dialectOf(host).nodesLogIn === true);
}

/** What a missing login can be mistaken for, where the registry does not tell. */
export function needAlternatives(need: LoginNeed): readonly string[] {
  return need.hidden ? ["repository-not-found", "access-denied-or-missing"] : [];
}
