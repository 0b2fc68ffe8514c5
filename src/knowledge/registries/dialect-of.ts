import { hostFits, withoutDefaultPort } from "./host-pattern.ts";
import { registries } from "./index.ts";
import type { Dialect, Sign } from "./registry.ts";
import { specification } from "./specification.ts";

/** What an answer gives away about the software behind it. */
export interface Fingerprint {
  /** host[:port] that was asked. */
  readonly host: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Challenges as they came: scheme and parameters, names in lower case. */
  readonly challenges: readonly { readonly scheme: string; readonly parameters: ReadonlyMap<string, string> }[];
}

const met = new Map<string, Dialect>();
/** A run asks many times about few hosts; a cluster may name thousands. */
const mostMet = 500;

/**
 * The dialect of a registry host (host[:port], as in an image reference), or the specification's own where the host tells nothing.
 * Hosts are compared label by label, so a look-alike is nobody's.
 */
export function dialectOf(host: string): Dialect {
  const known = met.get(host);
  if (known !== undefined) return known;
  const dialect = lookUp(host);
  if (met.size < mostMet) met.set(host, dialect);
  return dialect;
}

function lookUp(host: string): Dialect {
  const plain = withoutDefaultPort(host.toLowerCase());
  return (
    registries.find((dialect) => dialect.hosts.includes(plain)) ??
    registries.find((dialect) => dialect.hosts.some((pattern) => hostFits(pattern, plain))) ??
    specification
  );
}

/** The dialect that an answer gives away, for registries that anybody can run; undefined where it gives away nothing. */
export function dialectOfAnswer(answer: Fingerprint): Dialect | undefined {
  const known = registries.filter((dialect) => dialect.signs?.some((sign) => shows(sign, answer)));
  return known.find((dialect) => dialect.sharedSigns === undefined) ?? known[0];
}

/** The dialect with this id; undefined for any other text, and for none. */
export function dialectById(id: string | undefined): Dialect | undefined {
  return registries.find((dialect) => dialect.id === id);
}

/** The dialects that a user name is made for (`AWS`), by which it is told as one for another registry; none where it may be anybody's. */
export function dialectsOfUser(username: string): readonly Dialect[] {
  return registries.filter(({ ownUsers }) => ownUsers?.includes(username));
}

/** host[:port] that requests for an image of `registry` go to: `docker.io` → `registry-1.docker.io`. */
export function requestHost(registry: string): string {
  return dialectOf(registry).requestHost?.(registry) ?? registry;
}

/**
 * Whether a token server on `realmHost` is known to belong to the registry, though it is on another host.
 * The caller still decides about same origin and same domain.
 */
export function trustsRealm(dialect: Dialect, realmHost: string): boolean {
  return dialect.realmHosts?.some((pattern) => hostFits(pattern, realmHost)) ?? false;
}

function shows(sign: Sign, answer: Fingerprint): boolean {
  if (sign.header !== undefined) {
    const [name, start] = sign.header;
    const value = answer.headers.get(name);
    if (value === undefined || !value.toLowerCase().startsWith(start)) return false;
  }
  const { scheme, realm, realmPath, service, scope } = sign;
  if ((scheme ?? realm ?? realmPath ?? service ?? scope) === undefined) return sign.header !== undefined;
  return answer.challenges.some((challenge) => {
    const parameter = (name: string): string => challenge.parameters.get(name) ?? "";
    if (scheme !== undefined && challenge.scheme.toLowerCase() !== scheme) return false;
    if (realm !== undefined && parameter("realm") !== realm) return false;
    if (realmPath !== undefined && !pathOf(parameter("realm")).endsWith(realmPath)) return false;
    if (service === "the host itself") {
      if (withoutDefaultPort(parameter("service")) !== withoutDefaultPort(answer.host)) return false;
    } else if (service !== undefined && parameter("service") !== service) return false;
    return scope === undefined || parameter("scope") === scope;
  });
}

/** The path of an absolute URL or path, without query: realms are written by strangers, so nothing here may throw. */
function pathOf(realm: string): string {
  const withoutQuery = realm.split(/[?#]/, 1)[0] ?? "";
  const authority = withoutQuery.indexOf("://");
  const start = withoutQuery.indexOf("/", authority < 0 ? 0 : authority + 3);
  return start < 0 ? "" : withoutQuery.slice(start);
}
