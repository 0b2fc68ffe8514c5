import type { Redacted } from "../domain/redacted.ts";
import type { Dialect } from "../knowledge/registries/registry.ts";
import type { Login } from "./authorize.ts";
import type { Fetched } from "./follow.ts";
import type { Challenge } from "./parse-challenge.ts";
import type { ManifestReading } from "./read-manifest.ts";
import type { TokenResult } from "./request-token.ts";
import type { Stepped } from "./step-failure.ts";

/** A token server's or registry's no to a login, kept so that the login is not sent there again. */
export interface Refused {
  readonly kind: "refused";
  readonly step: "token" | "manifest";
  readonly fetched: Fetched;
  /** False where a good status came with a body that is no token. */
  readonly readable: boolean;
}

/** What opens a repository to an identity. */
export type Access =
  | { readonly kind: "bearer"; readonly token: Redacted; readonly until: number }
  | Refused
  /** The login stays here. */
  | { readonly kind: "withheld"; readonly why: string };

/**
 * What one run has learned, so that nothing is asked twice. `challenges` are by registry and repository. Keys of `access` name origin, realm, service, scopes and identity;
 * those of `refusals` name the realm (or registry) and the identity; `openings` are first requests without authorization, by method and URL.
 */
export class Memory {
  /** All logins of the run, by identity: a server may repeat at one question what it heard at another, at another of its names. */
  readonly logins = new Map<string, Login>();
  /** Origin of the registry → tokens that were used there. */
  readonly tokens = new Map<string, Redacted[]>();
  readonly challenges = new Map<string, readonly Challenge[]>();
  readonly access = new Map<string, Promise<Stepped<Access>>>();
  readonly refusals = new Map<string, Refused>();
  /** Realm and identity that was refused for one repository, as wrong or as not allowed: not sent there for another. */
  readonly doubted = new Set<string>();
  /** Realm and identity → what the token server made of the bare login. */
  readonly loginChecks = new Map<string, Promise<Stepped<TokenResult>>>();
  /** Realms that have no use for POST. */
  readonly getOnly = new Set<string>();
  readonly openings = new Map<string, Promise<Stepped<Fetched>>>();
  readonly dialects = new Map<string, Dialect>();
  /** Origin → how far this machine's clock is ahead of its clock, in milliseconds; absent within a minute. */
  readonly clocks = new Map<string, number>();
  /** Manifests by origin, repository and digest. */
  readonly manifests = new Map<string, ManifestReading>();
  /** Origin → when the last request was sent (performance.now), where the registry wants pauses. */
  readonly lastRequest = new Map<string, number>();
  /** Registries on this machine that turned out to speak plain HTTP. */
  readonly plain = new Set<string>();
  /** Origin → whether `/v2/` shows that whoever answers there is no registry. */
  readonly strangers = new Map<string, Promise<boolean>>();
  /** host → seconds to wait, where the host said so, or undefined. */
  readonly limited = new Map<string, number | undefined>();
}
