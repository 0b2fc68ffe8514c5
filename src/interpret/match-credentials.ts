import type { Credential, NearMiss, PullSecret } from "../domain/credential.ts";
import { type ImageReference, lookupName } from "../domain/image-reference.ts";
import { type Keyring, lookUp, openKeyring } from "./keyring.ts";
import { nearMisses } from "./near-misses.ts";

/** The pull secrets of a pod, indexed once for all its images. */
export interface OpenedSecrets {
  readonly keyring: Keyring;
  readonly credentials: readonly Credential[];
  /** The first Secret that makes the kubelet refuse every image of the pod. */
  readonly blockedBy?: string;
}

/** The logins that the kubelet would try, in its order. None and not blocked: it pulls without a login. */
export interface Match {
  readonly candidates: readonly Credential[];
  readonly blockedBy?: string;
  readonly nearMisses: readonly NearMiss[];
}

/**
 * `MakeDockerKeyring` over decoded Secrets, in the order the pod names them: one that is malformed stops all;
 * missing, forbidden and ignored ones are passed over.
 */
export function openSecrets(secrets: readonly PullSecret[]): OpenedSecrets {
  const blocked = secrets.find(({ state }) => state === "malformed");
  const credentials = secrets.flatMap((secret) => secret.credentials);
  return {
    keyring: openKeyring(credentials),
    credentials,
    ...(blocked === undefined ? {} : { blockedBy: blocked.name }),
  };
}

/** Which of the opened Secrets' logins go with an image; near misses only where none does. */
export function matchOpened(reference: ImageReference, opened: OpenedSecrets): Match {
  if (opened.blockedBy !== undefined) return { candidates: [], blockedBy: opened.blockedBy, nearMisses: [] };
  const candidates = lookUp(opened.keyring, lookupName(reference));
  return { candidates, nearMisses: candidates.length > 0 ? [] : nearMisses(reference, opened.credentials) };
}
