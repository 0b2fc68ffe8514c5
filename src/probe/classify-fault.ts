import type { NetworkFault } from "../domain/probe.ts";

/** Where a connection was when it failed. */
export type Phase = "resolve" | "connect" | "tls" | "request";

/** The system's or a library's own code of a thrown error, without looking at its message. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" && error.code !== "" ? error.code.slice(0, 80) : undefined;
}

/** Whether a program broke and not the network: what the system and libraries tell on purpose has a code. */
export function isBug(error: unknown): boolean {
  return (error instanceof TypeError || error instanceof ReferenceError) && codeOf(error) === undefined;
}

const anywhere: ReadonlyMap<string, NetworkFault> = new Map([
  ["ECONNREFUSED", "connect-refused"],
  ["ETIMEDOUT", "connect-timeout"],
  ["EHOSTUNREACH", "no-route"],
  ["ENETUNREACH", "no-route"],
  ["EADDRNOTAVAIL", "no-route"],
  ["ENETDOWN", "no-route"],
  ["EHOSTDOWN", "no-route"],
  ["ECONNRESET", "connection-reset"],
  ["ECONNABORTED", "connection-reset"],
  ["EPIPE", "connection-reset"],
  ["UND_ERR_SOCKET", "connection-reset"],
  ["ENOTFOUND", "dns-nxdomain"],
  ["ENODATA", "dns-nxdomain"],
  ["EAI_NODATA", "dns-nxdomain"],
  ["EAI_NONAME", "dns-nxdomain"],
  ["EAI_ADDRFAMILY", "dns-nxdomain"],
  ["EAI_AGAIN", "dns-server-failure"],
  ["EAI_FAIL", "dns-server-failure"],
  ["ESERVFAIL", "dns-server-failure"],
  ["EREFUSED", "dns-server-failure"],
  ["ETIMEOUT", "dns-unreachable"],
  ["CERT_HAS_EXPIRED", "tls-cert-expired"],
  ["CERT_NOT_YET_VALID", "tls-cert-not-yet-valid"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls-hostname-mismatch"],
  ["HOSTNAME_MISMATCH", "tls-hostname-mismatch"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls-unknown-ca"],
  ["UNABLE_TO_GET_ISSUER_CERT", "tls-unknown-ca"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls-unknown-ca"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "tls-unknown-ca"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls-unknown-ca"],
  ["CERT_UNTRUSTED", "tls-unknown-ca"],
  ["CERT_SIGNATURE_FAILURE", "tls-unknown-ca"],
  ["INVALID_CA", "tls-unknown-ca"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tls-client-certificate-required"],
  ["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_REQUIRED", "tls-client-certificate-required"],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "tls-client-certificate-required"],
  ["ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE", "tls-client-certificate-required"],
  ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN", "tls-client-certificate-required"],
  ["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN", "tls-client-certificate-required"],
  ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", "tls-client-certificate-required"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "tls-client-certificate-required"],
  ["ERR_SSL_TLSV1_ALERT_ACCESS_DENIED", "tls-client-certificate-required"],
  ["UND_ERR_HEADERS_TIMEOUT", "response-timeout"],
  ["UND_ERR_BODY_TIMEOUT", "response-timeout"],
  ["UND_ERR_HEADERS_OVERFLOW", "bad-response"],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "connection-reset"],
  ["UND_ERR_RESPONSE_STATUS_CODE", "bad-response"],
]);

/** Codes that OpenSSL gives for a first record that is not TLS; what it was instead is looked at before it is called HTTP. */
export const notTls: ReadonlySet<string> = new Set([
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_HTTP_REQUEST",
  "ERR_SSL_UNKNOWN_PROTOCOL",
  "ERR_SSL_BAD_RECORD_TYPE",
  "ERR_SSL_RECORD_LAYER_FAILURE",
  "ERR_SSL_UNEXPECTED_MESSAGE",
]);

/**
 * Whether a request may go through if it is sent once more at once: the other side hung up in the middle. Time-outs are not;
 * containerd repeats those, but waiting twice tells nobody more. (containerd/containerd:core/remotes/docker/resolver.go)
 */
export function isTransient(code: string | undefined): boolean {
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED";
}

/**
 * The fault behind an error code, by the phase in which it came where the code alone does not tell.
 * An unknown code is a failed handshake during TLS, and a bad response or a broken connection elsewhere.
 */
export function classifyFault(code: string | undefined, phase: Phase): NetworkFault {
  const known = code === undefined ? undefined : anywhere.get(code);
  if (known === "connect-timeout" && phase === "tls") return "tls-handshake-timeout";
  if (known === "connect-timeout" && phase === "request") return "response-timeout";
  if (known !== undefined) return known;
  if (code?.startsWith("HPE_")) return "bad-response";
  if (phase === "resolve") return "dns-server-failure";
  if (phase === "tls" || code?.startsWith("ERR_SSL_") || code?.startsWith("ERR_TLS_")) return "tls-handshake-failed";
  return phase === "connect" ? "no-route" : "connection-reset";
}
