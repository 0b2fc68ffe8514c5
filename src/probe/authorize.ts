import { blotOut } from "../domain/blot-out.ts";
import type { Identity } from "../domain/probe.ts";
import { Redacted, reveal } from "../domain/redacted.ts";
import { trustsRealm } from "../knowledge/registries/dialect-of.ts";
import type { Dialect } from "../knowledge/registries/registry.ts";
import { addressKindOfName, isLoopbackName } from "./address-policy.ts";
import { registrableDomain } from "./registrable-domain.ts";
import { hostText, type Origin, originText, sameOrigin } from "./registry-url.ts";

/** A login as the runtime sees it: an empty user name with a secret is a refresh token. */
export interface Login {
  readonly username: string;
  readonly secret: Redacted;
}

/** Whom a login belongs to, and what the user has allowed beside. */
export interface LoginPolicy {
  /** Where the image's registry is asked. */
  readonly registry: Origin;
  readonly dialect: Dialect;
  /** host[:port] that may be spoken to, and sent logins, without TLS. */
  readonly plainHttp: ReadonlySet<string>;
  /** Hosts that the user trusts as token servers. */
  readonly trustedRealms: ReadonlySet<string>;
  /** The registry's certificate is not checked, as the node does not check it: whoever answers there may name a token server, too. */
  readonly unverified?: boolean;
}

/** A header or body with a secret in it, or why it was not made. */
export type Authorized =
  | { readonly kind: "authorized"; readonly value: string }
  | { readonly kind: "withheld"; readonly why: string };

/**
 * The login an identity asks with; undefined for nobody, and for entries that a runtime sends nothing of.
 * The user name decides first, then the identity token (containerd/containerd:internal/cri/server/images/image_pull.go ParseAuth);
 * a user without password is nobody at the token server, and useless for Basic.
 */
export function loginOf(identity: Identity): Login | undefined {
  if (identity.kind === "anonymous") return undefined;
  const { username, password, identityToken, source } = identity.credential;
  if (username !== "") return password.isEmpty ? undefined : { username, secret: password };
  // The kubelet reads no identity token out of a Secret (k8s.io/kubernetes pkg/credentialprovider/config.go).
  if (source.kind === "pull-secret") return undefined;
  return identityToken === undefined || identityToken.isEmpty ? undefined : { username: "", secret: identityToken };
}

/** The logins met in this process, numbered as they came. */
const met = new Map<string, number>();

/**
 * A key that is the same for the same login wherever it was found, and for every way of asking as nobody.
 * It is a number: nothing of the secret can be got out of it.
 */
export function identityKey(identity: Identity): string {
  const login = loginOf(identity);
  if (login === undefined) return "anonymous";
  const name = JSON.stringify([login.username, reveal(login.secret)]);
  const number = met.get(name) ?? met.size + 1;
  met.set(name, number);
  return `login ${number}`;
}

/** `Basic …` for the target, if the login may go there. */
export function basicAuthorization(login: Login, target: Origin, policy: LoginPolicy): Authorized {
  const why = withholds(target, policy);
  return why === undefined ? { kind: "authorized", value: basic(login) } : { kind: "withheld", why };
}

/** `Bearer …` for the origin that the token was got for, and for no other. */
export function bearerAuthorization(
  token: Redacted,
  issuedFor: Origin,
  target: Origin,
  policy: LoginPolicy,
): Authorized {
  if (!sameOrigin(issuedFor, target))
    return { kind: "withheld", why: `the token is for ${originText(issuedFor)} alone` };
  const why = inClear(target, policy);
  return why === undefined ? { kind: "authorized", value: `Bearer ${reveal(token)}` } : { kind: "withheld", why };
}

/**
 * The form of a token request by POST, as containerd sends it: `grant_type=password`, or `refresh_token` where there is no user name.
 * (containerd/containerd:core/remotes/docker/auth/fetch.go FetchTokenWithOAuth)
 */
export function tokenForm(
  login: Login,
  service: string,
  scopes: readonly string[],
  target: Origin,
  policy: LoginPolicy,
): Authorized {
  const why = withholds(target, policy);
  if (why !== undefined) return { kind: "withheld", why };
  const form = new URLSearchParams();
  if (scopes.length > 0) form.set("scope", scopes.join(" "));
  form.set("service", service);
  form.set("client_id", "containerd-client");
  form.set("grant_type", login.username === "" ? "refresh_token" : "password");
  if (login.username === "") form.set("refresh_token", reveal(login.secret));
  else {
    form.set("username", login.username);
    form.set("password", reveal(login.secret));
  }
  return { kind: "authorized", value: form.toString() };
}

/**
 * Why the login must not be sent to the target; undefined where it may. It may go to the registry's own origin and to its token server:
 * the same origin, the same owner's domain over TLS, a host known to belong to this registry, one that the user trusts,
 * or, for registries on private addresses and on this machine, a neighbour of the same kind.
 */
export function withholds(target: Origin, policy: LoginPolicy): string | undefined {
  const { registry, dialect, trustedRealms, unverified } = policy;
  const clear = inClear(target, policy);
  if (clear !== undefined) return clear;
  if (unverified === true && !isLoopbackName(registry.hostname))
    return `the node does not check the certificate of ${hostText(registry)}; a login goes there only if --registry-ca names its authority`;
  if (sameOrigin(target, registry) || target.hostname === registry.hostname) return undefined;
  if (trustedRealms.has(hostText(target)) || trustedRealms.has(target.hostname)) return undefined;
  if (isLoopbackName(registry.hostname) && isLoopbackName(target.hostname)) return undefined;
  const kinds = [addressKindOfName(registry.hostname), addressKindOfName(target.hostname)];
  if (kinds.every((kind) => kind === "private")) return undefined;
  if (kinds.every((kind) => kind === undefined)) {
    const domain = registrableDomain(registry.hostname);
    if (domain !== undefined && domain === registrableDomain(target.hostname)) return undefined;
    if (target.port === 443 && trustsRealm(dialect, target.hostname)) return undefined;
  }
  return `the token server ${hostText(target)} is not known to belong to ${hostText(registry)}; if it does, --trust-realm ${target.hostname} lets the login go there`;
}

/** Nothing secret goes out without TLS, but to this machine and to hosts that the user named for it. */
function inClear(target: Origin, { plainHttp, registry }: LoginPolicy): string | undefined {
  if (target.scheme === "https" || isLoopbackName(target.hostname)) return undefined;
  if (plainHttp.has(hostText(target)) || plainHttp.has(target.hostname)) return undefined;
  const why = `${originText(target)} is not encrypted`;
  // A place that a server names is not offered.
  return sameOrigin(target, registry)
    ? `${why}; --plain-http ${hostText(target)} lets the login go there all the same`
    : why;
}

function basic({ username, secret }: Login): string {
  return `Basic ${Buffer.from(`${username}:${reveal(secret)}`).toString("base64")}`;
}

/** Seals a token as soon as it is read. */
export function sealToken(token: string): Redacted {
  return new Redacted(token);
}

/**
 * A server's words without the secrets that were sent to it, should it repeat them: plain, in base64, in a URL or in JSON,
 * whole or cut.
 * `others` are further logins that it may know, from other questions of the run; what stands in `own` is no secret, whoever has it for one.
 * Secrets shorter than 4 characters are left alone, they would blot out everything. Cost: the text's length, for each login.
 */
export function withoutSecrets(
  text: string,
  login: Login | undefined,
  tokens: readonly Redacted[],
  others: Iterable<Login> = [],
  own = "",
): string {
  const known = login === undefined ? others : [login, ...others];
  const spellings = [...tokens.map(spellingsOfToken), ...Array.from(known, spellingsOfLogin)].flat();
  return blotOut(text, spellings, own);
}

/** Worked out once for each, since every refusal of a run is looked through for every login of the run. */
const spellingsOfToken = rememberedFor((token: Redacted) => spellingsOf(reveal(token)));
const spellingsOfLogin = rememberedFor((login: Login) => [
  ...spellingsOf(reveal(login.secret)),
  ...spellingsOf(basic(login).slice("Basic ".length)),
]);

function rememberedFor<Key extends object, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const results = new WeakMap<Key, Value>();
  return (key) => {
    const known = results.get(key);
    if (known !== undefined) return known;
    const value = work(key);
    results.set(key, value);
    return value;
  };
}

const shortestSecret = 4;

function spellingsOf(secret: string): readonly string[] {
  if (secret.length < shortestSecret) return [];
  const bytes = Buffer.from(secret);
  // Within a longer text in base64, the outermost letters depend on what stands beside the secret.
  const within = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/={1,2}$/, "")
      .slice(offset === 0 ? 0 : offset + 1, -1),
  );
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams([["", secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("base64").replace(/={1,2}$/, ""),
    ...within.filter((spelling) => spelling.length >= 8),
    // As in the name of a host. Short ones are everybody's words.
    ...(secret.length >= 8 ? [secret.toLowerCase()] : []),
  ];
}
