import { KnownError } from "../domain/known-error.ts";
import { secureContextOf, type TlsMaterial } from "./trust.ts";

interface Given {
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
}

/** Throws KnownError where OpenSSL does not take what the user gave. */
export function checkMaterial(material: TlsMaterial): void {
  if (material.ca === undefined && material.certificate === undefined && material.key === undefined) return;
  try {
    secureContextOf(material);
  } catch (cause) {
    const hint =
      "Check that --registry-ca, --registry-cert and --registry-key are PEM files, and that the key is the certificate's.";
    throw new KnownError("usage", "The certificates for registries cannot be used", hint, { cause });
  }
}

/** PEM texts as the user gave them, as what a handshake takes. */
export function materialOf({ ca, cert, key }: Given): TlsMaterial {
  return {
    ...(ca && ca.length > 0 && { ca }),
    ...(cert !== undefined && { certificate: cert }),
    ...(key !== undefined && { key }),
  };
}

/** What the user trusts and shows, beside what the node does for the same registry. */
export function beside(user: TlsMaterial, node: TlsMaterial): TlsMaterial {
  const ca = [...(user.ca ?? []), ...(node.ca ?? [])];
  return { ...user, ...node, ...(ca.length > 0 && { ca }) };
}
