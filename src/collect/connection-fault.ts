import { member } from "./json-values.ts";

/** What a connection error means, in a few words; told from its code, never from its message. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was reset",
  ENOTFOUND: "its name is not known to DNS",
  EAI_AGAIN: "DNS did not answer",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to it",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by an authority that the kubeconfig does not name",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by an authority that the kubeconfig does not name",
  UNABLE_TO_GET_ISSUER_CERT: "its certificate is signed by an authority that the kubeconfig does not name",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is signed by an authority that the kubeconfig does not name",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is signed by an authority that the kubeconfig does not name",
  CERT_SIGNATURE_FAILURE: "its certificate is signed by an authority that the kubeconfig does not name",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS",
  EPROTO: "the TLS handshake failed",
  ERR_OSSL_PEM_NO_START_LINE: "a certificate or key of the kubeconfig is no PEM text",
  HPE_INVALID_CONSTANT: "it does not speak HTTP",
};

/** Codes of a connection that was never made: with a proxy between, the proxy's. */
const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"]);

/** A failure on the way through a proxy. */
export class ProxyFault extends Error {
  /** Its host and port, as they may be shown. */
  readonly proxy: string;
  readonly code: string | undefined;
  /** What the proxy answered, where it did: `407`, `HostUnreachable`. */
  readonly answer: string | undefined;

  /** `error` is what hpagent or socks-proxy-agent gave: a system error, or a message with the proxy's answer at its end. */
  constructor(proxy: string, error: Error) {
    super("the way through the proxy failed");
    this.proxy = proxy;
    this.code = faultCode(error) ?? /\b(E[A-Z]{5,20})\b/.exec(error.message)?.[1];
    this.answer = /^(?:Bad response: |Socks\w* .{0,60} - )(\w{1,40})$/.exec(error.message)?.[1];
  }
}

function proxyFault({ proxy, code, answer }: ProxyFault): string {
  if (answer !== undefined || code === undefined) {
    return `the proxy ${proxy} opens no way to it${answer === undefined ? "" : ` (${answer})`}`;
  }
  if (unreachable.has(code)) {
    return `the proxy ${proxy} cannot be reached: ${words[code]} (${code})`;
  }
  return `${connectionFault({ code })}, through the proxy ${proxy}`;
}

/** `the connection was refused (ECONNREFUSED)`; an unknown error by its code alone. Never quotes a message. */
export function connectionFault(error: unknown): string {
  if (error instanceof ProxyFault) return proxyFault(error);
  const code = faultCode(error);
  if (code === undefined) return "the connection failed";
  if (isHttp2Fault(code)) return `the connection was reset (${code})`;
  const text = words[code] ?? (code.startsWith("ERR_SSL") ? "the TLS handshake failed" : "the connection failed");
  return `${text} (${code})`;
}

/** The system's or OpenSSL's code of an error, or of the first of several. */
function faultCode(error: unknown): string | undefined {
  const nested = member(error, "errors");
  const first = Array.isArray(nested) && nested.length > 0 ? nested[0] : undefined;
  const code = member(error, "code") ?? member(first, "code");
  return typeof code === "string" && /^\w{1,60}$/.test(code) ? code : undefined;
}

/** Faults that pass: a GET may be sent again, as client-go does (k8s.io/apimachinery pkg/util/net, IsConnectionReset). */
export function isPassing(error: unknown): boolean {
  const code = faultCode(error);
  return code === "ECONNRESET" || code === "EPIPE" || isHttp2Fault(code);
}

/** A stream or session that the other side ended (https://nodejs.org/api/errors.html#err_http2_stream_error). */
function isHttp2Fault(code: string | undefined): boolean {
  return code?.startsWith("ERR_HTTP2_") === true;
}
