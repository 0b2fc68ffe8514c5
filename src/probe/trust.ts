import { createSecureContext, type SecureContext } from "node:tls";

/** What this side brings into a handshake. PEM texts. */
export interface TlsMaterial {
  /** Authorities to trust; left out: what the runtime trusts by itself. */
  readonly ca?: readonly string[];
  readonly certificate?: string;
  readonly key?: string;
  /** The node's configuration skips the check of certificates for this mirror; nobody logs in over such a connection. */
  readonly unverified?: true;
}

const contexts = new WeakMap<object, Map<string, SecureContext>>();
const runtimeRoots = {};

/**
 * The authorities and the client certificate of a material, parsed: once for each list of authorities, since a bundle of all
 * public ones takes longer to read than a handshake. Throws OpenSSL's error for a PEM text that is none.
 */
export function secureContextOf({ ca, certificate, key }: TlsMaterial): SecureContext {
  const owner = ca ?? runtimeRoots;
  const client = `${certificate ?? ""}\n${key ?? ""}`;
  const known = contexts.get(owner)?.get(client);
  if (known !== undefined) return known;
  const made = createSecureContext({
    ...(ca && { ca: [...ca] }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
  });
  contexts.set(owner, new Map([...(contexts.get(owner) ?? []), [client, made]]));
  return made;
}
