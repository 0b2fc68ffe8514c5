import { zeroGuid } from "./registries/acr.ts";
import { hostFits } from "./registries/host-pattern.ts";

/** What a password or token is, told by its first letters; nothing of it is kept. */
export interface TokenShape {
  readonly prefix: string;
  readonly name: string;
  /** Hours that it lives, where that is fixed and the token itself does not say when it ends. */
  readonly lifetimeHours?: number;
  /** Why it does no good in a pull secret, whatever the registry. */
  readonly unfit?: string;
  /** Hosts (as in a dialect) where it is refused, and why. */
  readonly unfitAt?: { readonly hosts: readonly string[]; readonly why: string };
}

/**
 * Well-known beginnings. Sources: gitleaks/gitleaks cmd/generate/config/rules; github/docs about-authentication-to-github;
 * docs.gitlab.com/security/tokens; docs.docker.com/security/access-tokens; digitalocean/doctl.
 */
export const tokenShapes: readonly TokenShape[] = [
  {
    prefix: "ghs_",
    name: "GitHub Actions or app installation token",
    lifetimeHours: 24,
    unfit: "it ends with its job, or after an hour",
  },
  { prefix: "ghr_", name: "GitHub refresh token", unfit: "it cannot pull" },
  { prefix: "ghp_", name: "GitHub personal access token" },
  { prefix: "gho_", name: "GitHub OAuth token" },
  { prefix: "ghu_", name: "GitHub user token", lifetimeHours: 8 },
  {
    prefix: "github_pat_",
    name: "GitHub fine-grained personal access token",
    unfitAt: { hosts: ["ghcr.io"], why: "GitHub's registry takes classic tokens with read:packages" },
  },
  { prefix: "glpat-", name: "GitLab access token" },
  { prefix: "gldt-", name: "GitLab deploy token" },
  { prefix: "glcbt-", name: "GitLab CI job token", lifetimeHours: 24 * 30, unfit: "it ends with its job" },
  { prefix: "dckr_pat_", name: "Docker personal access token" },
  { prefix: "dckr_oat_", name: "Docker organisation access token" },
  { prefix: "dop_v1_", name: "DigitalOcean personal access token" },
  { prefix: "doo_v1_", name: "DigitalOcean OAuth token" },
  { prefix: "ya29.", name: "Google access token", lifetimeHours: 1 },
  { prefix: "AKCp", name: "JFrog API key" },
  { prefix: "zak_", name: "zot API key" },
  { prefix: "nvapi-", name: "NGC API key" },
  {
    prefix: "AKIA",
    name: "AWS access key ID",
    unfit: "it is the name of a key; the password is what `aws ecr get-login-password` prints",
  },
];

/** User names that say what the login is, exactly as the registries want them. */
const wellKnownUsers: ReadonlyMap<string, string> = new Map([
  ["_json_key", "Google service account key"],
  ["_json_key_base64", "Google service account key"],
  ["oauth2accesstoken", "Google access token"],
  ["$oauthtoken", "NGC API key"],
  ["iamapikey", "IBM Cloud API key"],
  ["BEARER_TOKEN", "Oracle Cloud bearer token"],
  [zeroGuid, "Azure refresh token"],
  ["gitlab-ci-token", "GitLab CI job token"],
  ["cr_temp_user", "Alibaba Cloud temporary token"],
  ["x-access-token", "GitHub app token"],
]);

/** What a login is by its user name alone: `robot$ci` → `Harbor robot account`. */
export function shapeOfUser(username: string): string | undefined {
  const known = wellKnownUsers.get(username);
  if (known !== undefined) return known;
  if (/^robot\$./.test(username)) return "Harbor robot account";
  if (/^gitlab\+deploy-token-[0-9]+$/.test(username)) return "GitLab deploy token";
  if (/^[a-z0-9_-]+\+[a-z0-9_]+$/.test(username)) return "robot account";
  if (/^[0-9]+\|./.test(username)) return "Red Hat registry service account";
  return undefined;
}

/**
 * What is left of a user name whose `$name` or `|name` a shell has eaten: `robot` of `robot$ci`. Only names that nobody chooses.
 * Undefined where nothing is suspicious.
 */
export function eatenUserName(username: string): string | undefined {
  if (username === "robot" || /^robot\+/.test(username)) return "robot$NAME";
  return undefined;
}

/** Whether this shape is known to be refused at this host, or anywhere; the reason. */
export function unfitHere(shape: TokenShape, host: string): string | undefined {
  if (shape.unfit !== undefined) return shape.unfit;
  return shape.unfitAt?.hosts.some((pattern) => hostFits(pattern, host)) === true ? shape.unfitAt.why : undefined;
}
