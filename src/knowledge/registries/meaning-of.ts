import type { Meaning, Step } from "../../domain/probe.ts";
import type { Dialect, MeaningRule, Observation } from "./registry.ts";

/**
 * What one answer means, by the registry's dialect and then by the specification. The answer alone: what several mean together
 * (a login refused where nobody needs one, a token without access) is the causes' work.
 * A page that shows no sign of the registry protocol is never a verdict on a login.
 */
export function meaningOf(dialect: Dialect, observation: Observation): Meaning {
  const { status } = observation;
  const spoken = dialect.meanings?.find((rule) => rule.says !== undefined && ruleFits(rule, observation));
  if (spoken !== undefined) return spoken.means;
  if (nothingLeft(dialect, observation)) return "rate-limited";
  if (status === 429) return limited(observation);
  const said = everywhere.find((rule) => ruleFits(rule, observation));
  if (said !== undefined) return said.means;
  if (isForeignPage(observation, dialect)) return "not-a-registry";
  const ruled = dialect.meanings?.find((rule) => rule.says === undefined && ruleFits(rule, observation));
  return ruled?.means ?? bySpecification(observation);
}

/** Sentences that mean the same whoever says them. */
const everywhere: readonly MeaningRule[] = [
  {
    status: 403,
    says: "does not have permission to get url",
    means: "geo-blocked",
    source: "kubernetes/registry.k8s.io:cmd/archeio",
  },
  {
    status: 403,
    says: ["us export control", "export control regulations"],
    means: "geo-blocked",
    source: "docker/hub-feedback issues on 403 pages",
  },
  {
    status: 403,
    says: "download blocking policy",
    means: "policy-blocked",
    source: "JFrog Xray, errors[].message",
  },
  {
    status: 404,
    code: "TAG_EXPIRED",
    means: "tag-expired",
    source: "quay/quay:endpoints/v2/errors.py",
  },
];

/** Whether all that the rule names holds. */
function ruleFits(rule: MeaningRule, seen: Observation): boolean {
  if (rule.step !== undefined && !oneOf(rule.step, seen.step)) return false;
  if (rule.status !== undefined && !oneOf(rule.status, seen.status)) return false;
  if (rule.method !== undefined && rule.method !== seen.method) return false;
  if (rule.withLogin !== undefined && rule.withLogin !== seen.withLogin) return false;
  if (rule.scheme !== undefined && rule.scheme !== (seen.scheme ?? "none")) return false;
  if (rule.body !== undefined && !oneOf(rule.body, seen.body ?? "empty")) return false;
  if (rule.challengeError !== undefined && rule.challengeError !== seen.challengeError) return false;
  if (rule.code !== undefined && !list(rule.code).some((code) => code === seen.code?.toUpperCase())) return false;
  if (rule.says === undefined) return true;
  const words = `${seen.code ?? ""} ${seen.message ?? ""}`.toLowerCase();
  return list(rule.says).some((phrase) => words.includes(phrase));
}

/**
 * An HTML page (or a proxy's own status) without any sign of the registry protocol: a proxy, a firewall, a captive portal, a web site.
 * A 5xx page stays a fault of the registry or of what stands before it, unless it names a proxy.
 */
function isForeignPage(seen: Observation, dialect?: Dialect): boolean {
  if (seen.status === 407 || seen.status === 511) return true;
  if (!isPage(seen) || speaksRegistry(seen)) return false;
  if (seen.status === 401 || seen.status === 404) return dialect === undefined || dialect.id === "specification";
  if (seen.status >= 500) return namesProxy(seen);
  return seen.status < 300 || seen.status === 403 || seen.status === 405 || seen.status === 451 || seen.status === 400;
}

const registryHeaders = [
  "www-authenticate",
  "docker-distribution-api-version",
  "distribution-api-version",
  "docker-content-digest",
  "x-jfrog-version",
  "x-artifactory-id",
  "oci-subject",
];

/** Whether headers or body show that whoever answered speaks the registry protocol. */
export function speaksRegistry(seen: Observation): boolean {
  return seen.body === "errors" || registryHeaders.some((name) => seen.headers?.has(name));
}

function isPage(seen: Observation): boolean {
  if (seen.body !== undefined && seen.body !== "empty") return seen.body === "html";
  return /^\s*(text\/html|application\/xhtml)/i.test(seen.headers?.get("content-type") ?? "");
}

function namesProxy({ headers }: Observation): boolean {
  if (headers?.has("x-squid-error") || headers?.has("proxy-authenticate") || headers?.has("proxy-connection"))
    return true;
  return /^(squid|tinyproxy|privoxy|zscaler|bluecoat|mcafee|fortinet|haproxy-deny)/i.test(headers?.get("server") ?? "");
}

function nothingLeft(dialect: Dialect, seen: Observation): boolean {
  if (dialect.remainingHeader === undefined || seen.step !== "manifest" || seen.status !== 200) return false;
  return readRemaining(seen.headers?.get(dialect.remainingHeader)) === 0;
}

/** What is left of a pull limit, from `99;w=21600` or `99`; undefined for anything else. */
export function readRemaining(value: string | undefined): number | undefined {
  const digits = /^\s*([0-9]{1,12})\s*(?:;|$)/.exec(value ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function limited(seen: Observation): Meaning {
  const words = `${seen.code ?? ""} ${seen.message ?? ""}`.toLowerCase();
  if (words.includes("source registry")) return "rate-limited-upstream";
  return words.includes("traffic quota") ? "quota-exceeded" : "rate-limited";
}

function bySpecification(seen: Observation): Meaning {
  if (seen.status >= 200 && seen.status < 400) return "granted";
  return seen.step === "token" || seen.step === "login" ? atTokenServer(seen) : atRegistry(seen);
}

function atTokenServer(seen: Observation): Meaning {
  const { status, withLogin, step } = seen;
  const said = `${seen.message ?? ""}`.toLowerCase();
  if (status >= 500 || status === 408) return "token-server-fault";
  if (status === 401) {
    if (!withLogin) return "login-wanted";
    return /\b(has |is )?expired\b/.test(said) && !/\bor expired\b|, expired/.test(said)
      ? "login-expired"
      : "login-refused";
  }
  if (status === 403) {
    if (!speaksRegistry(seen) && seen.body !== "json") return "unclear";
    if (!withLogin) return "absent-or-no-access";
    // Without scope there is no permission that could be lacking.
    return step === "login" ? "login-refused" : "login-refused-or-no-permission";
  }
  if (status === 402) return "quota-exceeded";
  return status === 400 || status === 404 || status === 405 ? "token-server-fault" : "unclear";
}

function atRegistry(seen: Observation): Meaning {
  const { status, withLogin, scheme } = seen;
  switch (status) {
    case 400:
      // distribution answers so when its authentication back-end fails (registry/handlers/app.go).
      return (seen.body ?? "empty") === "empty" && seen.method !== "HEAD" ? "registry-fault" : "bad-request";
    case 401:
      if (scheme === "bearer") return seen.challengeError === "invalid_token" ? "token-refused" : "absent-or-no-access";
      return withLogin && scheme === "basic" ? "login-refused" : "login-wanted";
    case 402:
      return "quota-exceeded";
    case 403:
      if (withLogin && scheme !== undefined)
        // A gateway before the registry speaks JSON, too.
        return speaksRegistry(seen) || seen.body === undefined || seen.body === "empty" ? "no-permission" : "unclear";
      return speaksRegistry(seen) ? "absent-or-no-access" : "unclear";
    case 404:
      return absent(seen);
    case 408:
      return "registry-fault";
    case 412:
      return "policy-blocked";
    case 451:
      return "geo-blocked";
    default:
      return status >= 500 ? "registry-fault" : status === 416 ? "granted" : "unclear";
  }
}

/** Of the codes only NAME_UNKNOWN is told by the specification of the repository alone; distribution says MANIFEST_UNKNOWN for both. */
function absent(seen: Observation): Meaning {
  return seen.code?.toUpperCase() === "NAME_UNKNOWN" ? "repository-absent" : "absent";
}

function oneOf<T extends string | number | Step>(wanted: T | readonly T[], value: T): boolean {
  return typeof wanted === "object" ? wanted.includes(value) : wanted === value;
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}
