import type { Socket } from "node:net";
import { connect, type PeerCertificate, type TLSSocket } from "node:tls";
import type { CertificateFacts, NetworkFault } from "../domain/probe.ts";
import { classifyFault, codeOf, notTls } from "./classify-fault.ts";
import { ipFamily } from "./ip-family.ts";
import { failed, lateAfter, passed, remaining, type StepFailure, type Stepped } from "./step-failure.ts";
import { secureContextOf, type TlsMaterial } from "./trust.ts";

const longestHandshake = 5_000;

export interface Secured {
  readonly socket: TLSSocket;
  readonly protocol: string;
  readonly certificate: CertificateFacts;
  /** The server has asked for a client certificate; it may do without. */
  readonly wantsCertificate: boolean;
}

export interface TlsTarget {
  readonly hostname: string;
  /** host[:port], for the failure. */
  readonly host: string;
  readonly address?: string;
}

/**
 * TLS over a connection. Nothing is sent before the certificate is judged; a certificate that fails is a failure with its facts,
 * in the order in which Go judges: time, name, authority. The name is sent as SNI unless it is an address.
 */
export function handshake(
  socket: Socket,
  target: TlsTarget,
  material: TlsMaterial,
  deadline: number,
  closing: AbortSignal,
): Promise<Stepped<Secured>> {
  return new Promise((resolve) => {
    const secure = begin(socket, target.hostname, material);
    if (typeof secure === "string") {
      socket.destroy();
      return resolve(failed({ step: "tls", fault: "tls-handshake-failed", host: target.host, systemCode: secure }));
    }
    const fail = (fault: NetworkFault, systemCode: string | undefined): void =>
      finish(failed(failureOf(target, secure, fault, systemCode)));
    const finish = (result: Stepped<Secured>): void => {
      stop();
      secure.off("secureConnect", established).off("error", broken);
      // Somebody must listen: a late error of a connection that is given up is no news.
      secure.on("error", () => {});
      if (!result.ok) {
        secure.destroy();
        socket.destroy();
      }
      resolve(result);
    };
    const wait = remaining(deadline, longestHandshake);
    const stop = lateAfter(wait, closing, () => fail("tls-handshake-timeout", "ETIMEDOUT"));
    const established = (): void => {
      const peer = secure.getPeerCertificate();
      const certificate = factsOf(peer);
      const problem = material.unverified ? undefined : judge(secure, peer, target.hostname);
      if (certificate === undefined || problem !== undefined)
        fail(problem?.fault ?? "tls-handshake-failed", problem?.code);
      else {
        const protocol = secure.getProtocol() ?? "TLS";
        finish(passed({ socket: secure, protocol, certificate, wantsCertificate: wantsCertificate(secure) }));
      }
    };
    const broken = (error: unknown): void => {
      const code = codeOf(error);
      fail(handshakeFault(code, secure, material), code);
    };
    secure.once("secureConnect", established).on("error", broken);
  });
}

/** The handshake on its way, or the code with which OpenSSL refuses what this side brings: a PEM file that is none. */
function begin(socket: Socket, hostname: string, material: TlsMaterial): TLSSocket | string {
  try {
    return connect({
      socket,
      secureContext: secureContextOf(material),
      ALPNProtocols: ["http/1.1"],
      // Judged afterwards, so that a refused certificate can be shown; no byte goes out before.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(ipFamily(hostname) === 0 && { servername: hostname }),
    });
  } catch (error) {
    return codeOf(error) ?? "ERR_TLS_INVALID_CONTEXT";
  }
}

function failureOf(
  { host, address }: TlsTarget,
  secure: TLSSocket,
  fault: NetworkFault,
  systemCode: string | undefined,
): StepFailure {
  const certificate = factsOf(secure.getPeerCertificate());
  return {
    step: "tls",
    fault,
    host,
    ...(address !== undefined && { address }),
    ...(systemCode !== undefined && { systemCode }),
    ...(certificate && { certificate }),
  };
}

/** Signature algorithms come to a client in a CertificateRequest, and in nothing else. (OpenSSL: SSL_get_shared_sigalgs) */
function wantsCertificate(secure: TLSSocket): boolean {
  return !secure.destroyed && secure.getSharedSigalgs().length > 0;
}

/**
 * TLS 1.2 servers that miss a client certificate say no more than "handshake failure"; they do so after they have shown their own,
 * and a server without a common cipher does so before.
 */
function handshakeFault(code: string | undefined, secure: TLSSocket, material: TlsMaterial): NetworkFault {
  const bare = code === "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE" || code === "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE";
  if (bare && material.certificate === undefined && factsOf(secure.getPeerCertificate()) !== undefined)
    return "tls-client-certificate-required";
  return classifyFault(code, "tls");
}

/** Whether what came back was not TLS at all; the caller then looks at what it was. */
export function wasNotTls(systemCode: string | undefined): boolean {
  return systemCode !== undefined && notTls.has(systemCode);
}

function judge(
  secure: TLSSocket,
  peer: PeerCertificate,
  hostname: string,
): { readonly fault: NetworkFault; readonly code: string } | undefined {
  const now = Date.now();
  if (Date.parse(peer.valid_to) < now) return { fault: "tls-cert-expired", code: "CERT_HAS_EXPIRED" };
  if (Date.parse(peer.valid_from) > now) return { fault: "tls-cert-not-yet-valid", code: "CERT_NOT_YET_VALID" };
  if (!namesHost(secure, hostname)) return { fault: "tls-hostname-mismatch", code: "ERR_TLS_CERT_ALTNAME_INVALID" };
  const code = authorizationCode(secure.authorizationError);
  return code === undefined ? undefined : { fault: classifyFault(code, "tls"), code };
}

/**
 * As Go's VerifyHostname: alternative names alone, never the common name, and `*` only as a whole first label.
 * (https://go.dev/doc/go1.15#commonname, crypto/x509/verify.go)
 */
function namesHost(secure: TLSSocket, hostname: string): boolean {
  const certificate = secure.getPeerX509Certificate();
  const named =
    ipFamily(hostname) === 0
      ? certificate?.checkHost(hostname.replace(/\.$/, ""), { subject: "never", partialWildcards: false })
      : certificate?.checkIP(hostname);
  return named !== undefined;
}

/** Node types it as Error and hands over the bare code. */
function authorizationCode(error: unknown): string | undefined {
  if (typeof error === "string" && error !== "") return error.slice(0, 80);
  return error === null || error === undefined ? undefined : (codeOf(error) ?? "CERT_UNTRUSTED");
}

function alternativeNames(peer: PeerCertificate): readonly string[] {
  return (peer.subjectaltname ?? "").split(/,\s*/).filter((name) => name !== "");
}

/** Bounded, for a certificate may hold thousands of names. Undefined where none was shown. */
function factsOf(peer: PeerCertificate | Record<string, never> | null): CertificateFacts | undefined {
  if (peer === null || !("valid_to" in peer) || typeof peer.valid_to !== "string") return undefined;
  const certificate = peer as PeerCertificate;
  return {
    subject: distinguished(certificate.subject),
    issuer: distinguished(certificate.issuer),
    names: alternativeNames(certificate)
      .slice(0, 50)
      .map((name) => name.replace(/^(DNS|IP Address|URI|email):/, "").slice(0, 253)),
    validFrom: isoTime(certificate.valid_from),
    validTo: isoTime(certificate.valid_to),
  };
}

function distinguished(name: PeerCertificate["subject"] | undefined): string {
  return Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join("+") : String(value)}`)
    .join(", ")
    .slice(0, 300);
}

function isoTime(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text.slice(0, 40) : new Date(time).toISOString().replace(".000Z", "Z");
}
