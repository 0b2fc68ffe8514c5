import type { CaseFile } from "../../domain/case-file.ts";
import { type Credential, credentialLabel, maskUser } from "../../domain/credential.ts";
import type { Evidence } from "../../domain/diagnosis.ts";
import { placeText } from "../../domain/place-text.ts";
import type { Answer, Probe } from "../../domain/probe.ts";
import type { Symptom } from "../../domain/symptom.ts";
import { isEmptyLogin } from "./answers.ts";
import { registryOf, toldByTheNode } from "./symptoms.ts";

/** Longest piece of foreign text inside a sentence, in characters. */
const foreignLimit = 240;

/** Foreign text, shortened for a sentence of ours; it stays hostile and is escaped where it is printed. */
export function shortened(text: string, limit = foreignLimit): string {
  const points = [...text.slice(0, limit * 2 + 2)];
  return points.length > limit ? `${points.slice(0, limit).join("")}…` : text;
}

/** `with the login of secret regcred, entry "h" (user ci-bot)`, or `without a login`. */
export function askedWith(credential: Credential | undefined): string {
  if (credential === undefined || isEmptyLogin(credential)) return "without a login";
  return `with the login of ${credentialLabel(credential)} (user ${maskUser(credential.username)})`;
}

/** `1 tag`, `at least 100 tags`. */
export function tagCount({ complete, tags }: Extract<Answer, { kind: "tags" }>): string {
  return `${complete ? "" : "at least "}${tags.length} ${tags.length === 1 ? "tag" : "tags"}`;
}

/** `answers 401 UNAUTHORIZED: authentication required`, `gives the manifest`, `cannot be reached: …`; no subject. */
export function answerWords(answer: Answer): string {
  switch (answer.kind) {
    case "granted":
      return "gives the manifest";
    case "tags":
      return `lists ${tagCount(answer)}`;
    case "signatures":
      return answer.found.length > 0 ? "has signatures for it" : "has no signature for it";
    case "unasked":
      return `was not asked: ${shortened(answer.why)}`;
    case "unreachable":
      return faultWords(answer);
    case "refused": {
      const { status, code, message } = answer.words;
      const head = code === undefined || code === "" ? `answers ${status}` : `answers ${status} ${shortened(code, 60)}`;
      return message === undefined || message === "" ? head : `${head}: ${shortened(message)}`;
    }
  }
}

const faults: Readonly<Record<Extract<Answer, { kind: "unreachable" }>["fault"], string>> = {
  "dns-nxdomain": "has a name that does not exist in DNS",
  "dns-server-failure": "cannot be looked up: the DNS server answers with an error",
  "dns-unreachable": "cannot be looked up: the DNS server does not answer",
  "connect-refused": "refuses the connection",
  "connect-timeout": "does not answer: the connection timed out",
  "no-route": "cannot be reached: there is no route to it",
  "connection-reset": "closed the connection",
  "response-timeout": "took the connection and did not answer in time",
  "proxy-unreachable": "cannot be reached: the proxy does not answer",
  "proxy-auth-required": "cannot be reached: the proxy wants a login",
  "proxy-rejected": "cannot be reached: the proxy refuses to connect",
  "tls-unknown-ca": "shows a certificate whose issuer is not trusted",
  "tls-cert-expired": "shows a certificate that has expired",
  "tls-cert-not-yet-valid": "shows a certificate that is not valid yet",
  "tls-hostname-mismatch": "shows a certificate for another name",
  "tls-client-certificate-required": "wants a client certificate",
  "tls-handshake-timeout": "did not finish the TLS handshake in time",
  "tls-handshake-failed": "refuses the TLS handshake",
  "http-response-to-https": "speaks plain HTTP where HTTPS was spoken to it",
  "https-required": "wants HTTPS and was spoken to in plain HTTP",
  "redirect-refused": "redirects to a place that is not followed",
  "address-refused": "has an address that is not asked from here",
  "bad-response": "sent something that is not an HTTP answer",
};

function faultWords(answer: Extract<Answer, { kind: "unreachable" }>): string {
  const { certificate: shown } = answer;
  const address = answer.address === undefined ? "" : ` (${shortened(answer.address, 60)})`;
  if (shown === undefined) return `${faults[answer.fault]}${address}`;
  switch (answer.fault) {
    case "tls-cert-expired":
      return `${faults[answer.fault]}: valid until ${shortened(shown.validTo, 40)}`;
    case "tls-cert-not-yet-valid":
      return `${faults[answer.fault]}: valid from ${shortened(shown.validFrom, 40)}`;
    case "tls-hostname-mismatch":
      return `${faults[answer.fault]}: it is for ${shortened(shown.names.slice(0, 4).join(", "), 120) || "no name"}`;
    default:
      return `${faults[answer.fault]}: issued by ${shortened(shown.issuer, 120)}`;
  }
}

/** Who gave the answer: `the token server auth.example.com`, `registry.example.com`. */
function subjectOf(probe: Probe): string {
  const { answer, question } = probe;
  const { via, reference } = question;
  const registry = via === undefined ? reference.registry : placeText(via, reference);
  if (answer.kind === "unreachable") return shortened(answer.host, 120);
  if (answer.kind === "refused" && (answer.step === "token" || answer.step === "login")) {
    const host = probe.ladder.findLast(({ step, host }) => (step === "token" || step === "login") && host)?.host;
    return host === undefined ? `the token server of ${registry}` : `the token server ${shortened(host, 120)}`;
  }
  return shortened(registry, 120);
}

/** One probe as evidence: who was asked from here, as whom, and what came back. */
export function probeEvidence(probe: Probe, now: string): Evidence {
  const { answer, question } = probe;
  const credential = question.as.kind === "login" ? question.as.credential : undefined;
  const source =
    answer.kind === "unreachable" || answer.kind === "unasked"
      ? "probe"
      : answer.kind === "refused" && (answer.step === "token" || answer.step === "login")
        ? "token server"
        : "registry";
  const wanted =
    question.kind === "login"
      ? "whether the login is good at all"
      : question.kind === "tags"
        ? "for its tags"
        : question.kind === "repository"
          ? `for ${question.reference.repository}`
          : undefined;
  const asked = `Asked from here${wanted === undefined ? "" : ` ${wanted}`} ${askedWith(credential)}`;
  const words = question.kind === "login" && answer.kind === "granted" ? "accepts the login" : answerWords(answer);
  return { source, text: `${asked}, ${subjectOf(probe)} ${words}`, at: now };
}

/**
 * A message without the layers that only repeat what the report says anyway: who wraps it, and the image's name over and over.
 * `Failed to pull image "X": rpc error: code = Unknown desc = failed to authorize: …` → `failed to authorize: …`.
 */
function withoutWrapping(message: string): string {
  let text = message.slice(0, 8_192).trim();
  for (let layers = 0; layers < 12; layers += 1) {
    const wrapping =
      /^(?:\(combined from similar events\): |rpc error: code = \w+ desc = ?|[A-Za-z- ]{1,60} "(?!https?:)[^"]{1,512}":(?: |$))/.exec(
        text,
      );
    if (wrapping === null) return text;
    text = text.slice(wrapping[0].length).trimStart();
  }
  return text;
}

/** What the node (or a controller) wrote, as evidence. */
export function symptomEvidence(symptom: Symptom): Evidence {
  const { failure } = symptom;
  const words = shortened(withoutWrapping(failure.message) || symptom.quote, 400);
  return {
    source: failure.source === "event" ? "event" : "pod status",
    text: failure.reason === "" ? words : `${shortened(failure.reason, 60)}: ${words}`,
    ...(failure.at !== undefined && { at: failure.at }),
  };
}

/** The node's newest telling failure as evidence, or none. */
export function toldEvidence(file: CaseFile): readonly Evidence[] {
  const told = toldByTheNode(file) ?? file.symptoms[0];
  return told ? [symptomEvidence(told)] : [];
}

/** `registry.example.com`, or `the registry` where the reference does not parse. */
export function registryWords(file: CaseFile): string {
  return registryOf(file) ?? "the registry";
}
