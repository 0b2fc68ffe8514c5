import type { Challenge } from "./parse-challenge.ts";

/** `repository:shop/web:pull`. (containerd/containerd:core/remotes/docker/scope.go) */
export function repositoryScope(repository: string): string {
  return `repository:${repository}:pull`;
}

/**
 * The scopes a token is asked for: the client's own and those of the challenge, in byte order, each once.
 * Equal actions in another spelling stay apart, as in containerd. (core/remotes/docker/scope.go GetTokenScopes)
 */
export function tokenScopes(own: readonly string[], challenged: readonly string[]): readonly string[] {
  return [...new Set([...own, ...challenged])].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Scopes of a challenge: split at spaces; `scope=""` is one empty scope, an absent one is none. */
export function challengedScopes(challenge: Challenge): readonly string[] {
  const scope = challenge.parameters.get("scope");
  return scope === undefined ? [] : scope.split(" ");
}

/**
 * The challenge of `/v2/` without its scopes for a repository: that request named none, so what is written there is a placeholder
 * (GHCR's is `repository:user/image:pull`). Registry-wide scopes stay.
 */
export function withoutForeignScopes(challenge: Challenge): Challenge {
  if (!challenge.parameters.has("scope")) return challenge;
  const parameters = new Map(challenge.parameters);
  const wide = challengedScopes(challenge).filter((scope) => !scope.startsWith("repository:"));
  if (wide.length > 0) parameters.set("scope", wide.join(" "));
  else parameters.delete("scope");
  return { ...challenge, parameters };
}

/** Whether every part is `type:name:action,…` of the token specification's grammar. */
export function isScope(text: string): boolean {
  return text.split(" ").every((scope) => {
    const { type, name, actions } = splitAtEnds(scope) ?? {};
    if (type === undefined || name === undefined || actions === undefined) return false;
    return /^[a-z]+(?:\([a-z]+\))?$/.test(type) && isScopeName(name) && /^(?:[a-z*]+(?:,[a-z*]+)*)?$/.test(actions);
  });
}

// name = [host[:port]/]component(/component)*; `repository:host:5000/a:pull` has its colon before the first slash.
function isScopeName(name: string): boolean {
  const [head = "", ...rest] = name.split("/");
  const colon = head.indexOf(":");
  if (colon >= 0 && (rest.length === 0 || !/^[0-9]+$/.test(head.slice(colon + 1)))) return false;
  const components = [colon < 0 ? head : head.slice(0, colon), ...rest];
  return components.every((part) => /^[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*$/.test(part));
}

function splitAtEnds(scope: string): { type: string; name: string; actions: string } | undefined {
  const first = scope.indexOf(":");
  const last = scope.lastIndexOf(":");
  if (first < 0 || first === last) return undefined;
  return { type: scope.slice(0, first), name: scope.slice(first + 1, last), actions: scope.slice(last + 1) };
}

/** The three parts of one scope, as CRI-O takes it; a host with a port in the name is one part too many for it. */
export function parseScope(scope: string): { type: string; name: string; actions: string } | undefined {
  const [type, name, actions, ...more] = scope.split(":");
  if (type === undefined || name === undefined || actions === undefined || more.length > 0) return undefined;
  return { type, name, actions };
}

/**
 * The scope to ask again with after a 401 that says the token's scope was too narrow, as CRI-O does:
 * the scope of the first Bearer challenge with `error="insufficient_scope"`, if it has exactly three parts.
 * (containers/image:docker/docker_client.go needsRetryWithUpdatedScope)
 */
export function scopeForRetry(status: number, challenges: readonly Challenge[]): string | undefined {
  if (status !== 401) return undefined;
  for (const { scheme, parameters } of challenges) {
    if (scheme !== "bearer" || parameters.get("error") !== "insufficient_scope") continue;
    const scope = parameters.get("scope");
    if (scope !== undefined && parseScope(scope) !== undefined) return scope;
  }
  return undefined;
}
