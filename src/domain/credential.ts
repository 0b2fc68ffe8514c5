import type { Redacted } from "./redacted.ts";

/** Where a login was found. Never says anything about its content. */
export type CredentialSource =
  | { readonly kind: "pull-secret"; readonly namespace: string; readonly secret: string; readonly key: string }
  | { readonly kind: "docker-config"; readonly file: string; readonly key: string };

/** One login, as the kubelet would hand it to the runtime. */
export interface Credential {
  readonly source: CredentialSource;
  /** The user name; may be empty (an entry `{}` counts as a match with an empty login). Print it masked: `maskUser`. */
  readonly username: string;
  readonly password: Redacted;
  /** Only a docker config given by name (or CRI-O's node file) is read for this; the kubelet ignores it in Secrets. */
  readonly identityToken?: Redacted;
  /** When it ends, where the login itself says so (ECR's payload, a JWT's `exp`); RFC 3339, UTC. */
  readonly expiresAt?: string;
  /** What kind of login it looks like, from its well-known prefix or user name: `GitHub personal access token`, `ECR password`. */
  readonly shape?: string;
  /**
   * What the node's runtime makes of it, where it does not simply log in with it: containerd pulls without a login where the
   * user name or the password is empty; CRI-O looks for a login on the node where the user name is empty.
   */
  readonly usedAs?: "anonymous" | "node-login";
}

/** Something wrong, or suspicious, in a pull secret. It says where, never what. */
export interface SecretFault {
  readonly code:
    | "wrong-type"
    | "wrong-key"
    | "empty-payload"
    | "not-base64"
    | "not-utf8"
    | "too-large"
    | "too-deep"
    | "not-json"
    | "not-an-object"
    | "auths-absent"
    | "auths-empty"
    | "credential-store"
    | "entry-not-an-object"
    | "auth-not-base64"
    | "auth-without-colon"
    | "auth-disagrees"
    | "field-not-text"
    | "no-login-in-entry"
    | "empty-username"
    | "empty-password"
    | "surrounding-space"
    | "byte-order-mark"
    | "literal-quotes"
    | "unexpanded-variable"
    | "duplicate-key"
    | "identity-token-ignored"
    | "username-convention"
    | "password-shape"
    | "json-key-damaged"
    | "key-never-matches"
    | "expired"
    | "changed-since";
  /**
   * `blocks`: the kubelet refuses every image of the pod;
   * `ignored`: the kubelet passes over the Secret or entry without a word;
   * `suspicious`: it is used, and probably refused.
   */
  readonly effect: "blocks" | "ignored" | "suspicious";
  /** Position, e.g. `.dockerconfigjson, line 3`, `auths["registry.example.com"].auth`. */
  readonly where: string;
  /** One sentence. */
  readonly text: string;
  /** What would make the payload one that the kubelet reads, where that is plain and the login in it stays. */
  readonly repair?: "decode-again" | "wrap-in-auths";
}

/** A Secret that the pod names, and how far it could be read. */
export interface PullSecret {
  readonly namespace: string;
  readonly name: string;
  readonly state: "decoded" | "missing" | "forbidden" | "unreadable" | "ignored" | "malformed";
  readonly type?: string;
  /** Keys under `auths`, in order of appearance; bounded. */
  readonly keys: readonly string[];
  readonly credentials: readonly Credential[];
  readonly faults: readonly SecretFault[];
  /** In a Secret of the wrong type: the data key under which a docker config stands. */
  readonly loginAt?: string;
  /** What may put back what is changed by hand: `ExternalSecret regcred`, `Helm`. */
  readonly managedBy?: string;
  readonly createdAt?: string;
  readonly changedAt?: string;
}

/** An entry that was meant for this registry and does not match it. */
export interface NearMiss {
  readonly secret: string;
  readonly namespace: string;
  readonly key: string;
  readonly differs: "port" | "scheme" | "path" | "host-case" | "sub-domain" | "spelling" | "docker-hub-name";
  /** The key that would match. */
  readonly wanted: string;
}

/** Beginnings of tokens, which people put into the user name by mistake, or because their registry wants it so. */
const tokenBeginnings =
  /^(?:eyJ|gh[pousr]_|github_pat_|glpat-|gldt-|glcbt-|dckr_|dop_v1_|doo_v1_|ya29\.|AKCp|AKIA|ASIA|zak_|nvapi-|xox|sk-)/;

/**
 * `ci-bot` → `ci-bot`; long or token-like user names become their first three letters: the name of an account is shown,
 * a token in its place is not.
 */
export function maskUser(username: string): string {
  if (username === "") return "(empty)";
  const readable = /^[\w.@$+:/|-]{1,80}$/.test(username) && !tokenBeginnings.test(username) && !looksRandom(username);
  return readable ? username : `${username.slice(0, 3).replace(/[^\w-]/g, "?")}…`;
}

/** Letters and digits mixed, without the separators that names have: keys look so. GUIDs are the names of applications, and stay. */
function looksRandom(username: string): boolean {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(username)) return false;
  return username.split(/[.@$+:/|_-]/).some((part) => part.length >= 24 && /[0-9]/.test(part) && /[A-Za-z]/.test(part));
}

/** How a login is named in reports: `secret regcred, entry "registry.example.com"`. */
export function credentialLabel(credential: Credential): string {
  const { source } = credential;
  return source.kind === "pull-secret"
    ? `secret ${source.secret}, entry "${source.key}"`
    : `file ${source.file}, entry "${source.key}"`;
}
