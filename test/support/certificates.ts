import { type webcrypto as Crypto, webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** PEM texts as a TLS server (or client) takes them. `cert` may hold more than one certificate: the leaf first, then its issuers. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Something that signs. `cert` is what a client trusts (a `--registry-ca` file, a kubeconfig's certificate-authority). */
export interface Authority extends KeyPair {
  readonly name: string;
  readonly keys: Crypto.CryptoKeyPair;
  /** The authorities between this one and the root, this one first; empty for a root. A server sends them after its own. */
  readonly chain: readonly string[];
}

export interface IssueOptions {
  readonly authority: Authority;
  /** DNS names; the first becomes the common name. */
  readonly names?: readonly string[];
  /** Addresses, e.g. `127.0.0.1`. */
  readonly ips?: readonly string[];
  /** From when it is valid; an hour ago where it is left out. */
  readonly notBefore?: Date;
  /** Until when it is valid; a day ahead where it is left out. */
  readonly notAfter?: Date;
  /** A client certificate (the common name is the user, organisations are groups), not a server's; it names hosts only beside addresses. */
  readonly client?: boolean;
  readonly organizations?: readonly string[];
  /** Leave the issuing intermediates out of `cert`, as a badly set up server does. */
  readonly withoutChain?: boolean;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const hour = 3_600_000;
const day = 24 * hour;

x509.cryptoProvider.set(webcrypto);

/**
 * A new certificate authority of its own: a root, or an intermediate signed by `parent`.
 * ECDSA P-256: made in a few milliseconds.
 */
export async function createAuthority(name = "imagedoctor test CA", parent?: Authority): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const subject = distinguishedName(name);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject,
    issuer: parent === undefined ? subject : distinguishedName(parent.name),
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 30 * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: parent?.keys.privateKey ?? keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(parent === undefined ? [] : [await x509.AuthorityKeyIdentifierExtension.create(parent.keys.publicKey)]),
    ],
  });
  const cert = certificate.toString("pem");
  return { name, keys, cert, key: await privatePem(keys), chain: parent === undefined ? [] : [cert, ...parent.chain] };
}

/**
 * A certificate for a server or a client, signed by `authority`.
 * `cert` holds the leaf and the intermediates between it and the root, unless `withoutChain` leaves them out.
 */
export function issue(options: IssueOptions): Promise<KeyPair> {
  return sign(options, options.authority);
}

/** A certificate that ended yesterday. */
export function issueExpired(options: IssueOptions): Promise<KeyPair> {
  return issue({ ...options, notBefore: new Date(Date.now() - 30 * day), notAfter: new Date(Date.now() - day) });
}

/** A certificate that begins tomorrow. */
export function issueNotYetValid(options: IssueOptions): Promise<KeyPair> {
  return issue({ ...options, notBefore: new Date(Date.now() + day), notAfter: new Date(Date.now() + 30 * day) });
}

/** A server certificate that nobody signed but itself. */
export function issueSelfSigned(options: Omit<IssueOptions, "authority">): Promise<KeyPair> {
  return sign(options, undefined);
}

async function sign(options: Omit<IssueOptions, "authority">, authority: Authority | undefined): Promise<KeyPair> {
  const { names = [], ips = [], client = false } = options;
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const signer = authority?.keys ?? keys;
  const subject = distinguishedName(names[0] ?? ips[0] ?? "nameless", options.organizations);
  const alternatives: x509.JsonGeneralNames = [
    ...names.map((value) => ({ type: "dns" as const, value })),
    ...ips.map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject,
    issuer: authority === undefined ? subject : distinguishedName(authority.name),
    notBefore: options.notBefore ?? new Date(Date.now() - hour),
    notAfter: options.notAfter ?? new Date(Date.now() + day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        client ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
      ...(alternatives.length === 0 || (client && ips.length === 0)
        ? []
        : [new x509.SubjectAlternativeNameExtension(alternatives)]),
    ],
  });
  const chain = options.withoutChain === true ? [] : (authority?.chain ?? []);
  return { cert: [certificate.toString("pem"), ...chain].join("\n"), key: await privatePem(keys) };
}

let shared: Promise<Authority> | undefined;
const issued = new Map<string, Promise<KeyPair>>();

/** One authority for the whole process, for tests to which it does not matter who signed. */
export function sharedAuthority(): Promise<Authority> {
  shared ??= createAuthority("imagedoctor shared test CA");
  return shared;
}

/** `issue` by the shared authority, made once for each set of names and addresses. */
export async function sharedCertificate(
  names: readonly string[],
  ips: readonly string[] = ["127.0.0.1"],
): Promise<KeyPair> {
  const id = JSON.stringify([names, ips]);
  const known = issued.get(id);
  if (known !== undefined) return known;
  const made = sharedAuthority().then((authority) => issue({ authority, names, ips }));
  issued.set(id, made);
  return made;
}

function distinguishedName(name: string, organizations: readonly string[] = []): x509.JsonName {
  return [...organizations.map((organization) => ({ O: [organization] })), { CN: [name] }];
}

function serial(): string {
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString("hex")}`;
}

async function privatePem(keys: Crypto.CryptoKeyPair): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}
