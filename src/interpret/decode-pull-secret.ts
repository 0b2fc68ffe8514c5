import { blotOut } from "../domain/blot-out.ts";
import type { SecretFacts } from "../domain/cluster-facts.ts";
import type { Credential, CredentialSource, PullSecret, SecretFault } from "../domain/credential.ts";
import type { Read } from "../domain/read.ts";
import { Redacted, reveal } from "../domain/redacted.ts";
import { ownWords } from "./credential-expiry.ts";
import { decodeDockerConfig, mostFaults, type PlainEntry, shownKey } from "./decode-docker-config.ts";
import { decodeBase64, textOfBytes } from "./go-base64.ts";
import { keyFault } from "./lint-key.ts";
import { lintLogin } from "./lint-login.ts";
import { bytesOf, parseSchemeless, withoutScheme } from "./registry-key.ts";

/** The API server takes Secrets of up to 1 MiB; a file may hold more, and nobody reads it. In characters of base64. */
const largestPayload = 3 * 1024 * 1024;
/** The same for Secrets that the pod does not name: a hundred registries fit. */
const largestOfOthers = 64 * 1024;
/** Keys of a Secret that are listed. */
const mostKeys = 50;
const longestKey = 200;

const formats = new Map([
  ["kubernetes.io/dockerconfigjson", { key: ".dockerconfigjson", format: "json" }],
  ["kubernetes.io/dockercfg", { key: ".dockercfg", format: "cfg" }],
] as const);

type Opened = Pick<PullSecret, "state" | "keys" | "credentials" | "faults" | "loginAt">;

/**
 * A Secret as the kubelet decodes it, with all that is wrong or suspicious in it (kubernetes pkg/credentialprovider/secrets/secrets.go).
 * One bad entry makes it `malformed`, which blocks every image of the pod; another type is `ignored` without a word.
 * Positions and sentences hold nothing of its content but the names of registries. `now` is RFC 3339.
 */
export function decodePullSecret(namespace: string, name: string, read: Read<SecretFacts>, now: string): PullSecret {
  const nothing = { namespace, name, keys: [], credentials: [], faults: [] };
  switch (read.kind) {
    case "absent":
      return { ...nothing, state: "missing" };
    case "forbidden":
      return { ...nothing, state: "forbidden" };
    case "failed":
    case "unasked":
      return { ...nothing, state: "unreadable" };
    case "found": {
      const { type, createdAt, changedAt, managedBy } = read.value;
      return {
        namespace,
        name,
        type,
        ...open(read.value, namespace, name, now),
        ...(createdAt === undefined ? {} : { createdAt }),
        ...(changedAt === undefined ? {} : { changedAt }),
        ...(managedBy === undefined ? {} : { managedBy }),
      };
    }
  }
}

function open(secret: SecretFacts, namespace: string, name: string, now: string): Opened {
  const form = [...formats].find(([type]) => type === secret.type)?.[1];
  if (form === undefined) return ofWrongType(secret);
  const payload = secret.data.get(form.key);
  if (payload === undefined) {
    const other = [...secret.data.keys()].slice(0, 3).map(shownKey).join(", ");
    const text = `A Secret of this type is read at ${form.key}, which is not there${other === "" ? "" : `; it has ${other}`}.`;
    return { ...ofWrongType(secret), faults: [{ code: "wrong-key", effect: "ignored", where: "data", text }] };
  }
  const opened = textOfPayload(payload, form.key);
  if ("fault" in opened) return { ...passedOver([opened.fault]), state: opened.state };
  const config = decodeDockerConfig(opened.text, form.format, form.key);
  const changedAt = secret.changedAt ?? secret.createdAt;
  const decoded = toCredentials(config.entries, now, changedAt, (key) => ({
    kind: "pull-secret",
    namespace,
    secret: name,
    key,
  }));
  return {
    state: config.blocked ? "malformed" : "decoded",
    keys: config.entries.slice(0, mostKeys).map(({ key }) => key.slice(0, longestKey)),
    credentials: decoded.credentials,
    faults: [...(opened.odd === undefined ? [] : [opened.odd]), ...config.faults, ...decoded.faults].slice(
      0,
      mostFaults * 2,
    ),
  };
}

/**
 * The registries that a Secret of somebody else has a login for, as its keys. Its logins are opened for nothing but to see
 * that they are there: no Secret that the pod does not name is ever used.
 */
export function keysWithLogin(secret: SecretFacts, now: string): readonly string[] {
  // Whoever has Secrets larger than this is no help, and must not cost the time of those who look.
  if ([...secret.data.values()].some((payload) => reveal(payload).length > largestOfOthers)) return [];
  const { credentials } = open(secret, secret.namespace, secret.name, now);
  return credentials.flatMap(({ source: { key }, username, password }) =>
    username === "" && password.isEmpty ? [] : [key],
  );
}

/** The kubelet passes over it. Its keys are still read, to say that a right login stands in a Secret of the wrong type. */
function ofWrongType(secret: SecretFacts): Opened {
  const text = `The Secret's type is ${shownKey(secret.type)}; the kubelet passes over all but kubernetes.io/dockerconfigjson and kubernetes.io/dockercfg.`;
  const fault: SecretFault = { code: "wrong-type", effect: "ignored", where: "type", text };
  for (const [key, format] of [
    [".dockerconfigjson", "json"],
    ["config.json", "json"],
    [".dockercfg", "cfg"],
  ] as const) {
    const payload = secret.data.get(key);
    const opened = payload === undefined ? undefined : textOfPayload(payload, key);
    if (opened === undefined || "fault" in opened) continue;
    const { entries } = decodeDockerConfig(opened.text, format, key);
    const keys = entries.slice(0, mostKeys).map((entry) => entry.key.slice(0, longestKey));
    return { ...passedOver([fault]), keys, ...(keys.length === 0 ? {} : { loginAt: key }) };
  }
  return passedOver([fault]);
}

function passedOver(faults: readonly SecretFault[]): Opened {
  return { state: "ignored", keys: [], credentials: [], faults };
}

type Payload =
  | { readonly text: string; readonly odd?: SecretFault }
  | { readonly fault: SecretFault; readonly state: PullSecret["state"] };

/** The payload's text, out of the base64 that the API wraps it in. */
function textOfPayload(payload: Redacted, where: string): Payload {
  const refuse = (code: SecretFault["code"], state: "ignored" | "malformed" | "unreadable", text: string): Payload => ({
    fault: { code, effect: state === "malformed" ? "blocks" : "ignored", where, text },
    state,
  });
  if (payload.isEmpty) return refuse("empty-payload", "ignored", "The payload is empty.");
  const encoded = reveal(payload);
  if (encoded.length > largestPayload) {
    return refuse("too-large", "unreadable", "The payload is larger than the API server takes, and was not read.");
  }
  const bytes = decodeBase64(encoded, "padded");
  if (bytes === undefined) {
    return refuse("not-base64", "malformed", "The payload is not base64, so the API server refuses the Secret.");
  }
  const { text, clean } = textOfBytes(bytes);
  const said = "The payload has bytes that are not UTF-8; the kubelet reads another character in their place.";
  return clean ? { text } : { text, odd: { code: "not-utf8", effect: "suspicious", where, text: said } };
}

function toCredentials(
  entries: readonly PlainEntry[],
  now: string,
  changedAt: string | undefined,
  sourceOf: (key: string) => CredentialSource,
  withIdentityTokens = false,
): { credentials: readonly Credential[]; faults: readonly SecretFault[] } {
  const faults: SecretFault[] = [];
  const credentials = entries.map((entry): Credential => {
    const { key, username, password, userAt, passwordAt } = entry;
    const token = withIdentityTokens ? entry.identityToken : "";
    if (faults.length < mostFaults) {
      const broken = keyFault(key);
      if (broken !== undefined) faults.push(broken);
      const host = parseSchemeless(withoutScheme(bytesOf(key)))?.host ?? "";
      const login = { username, password, userAt, passwordAt, host };
      if (token === "") faults.push(...lintLogin(changedAt === undefined ? login : { ...login, changedAt }, now));
    }
    const { expiresAt, shape } = ownWords(username, password === "" ? token : password);
    return {
      source: sourceOf(key),
      username,
      password: new Redacted(password),
      ...(token === "" ? {} : { identityToken: new Redacted(token) }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(shape === undefined ? {} : { shape }),
    };
  });
  return { credentials, faults };
}

/** The logins of a docker config file that the user named, and what is wrong with it. Credential helpers are not run. */
export interface DockerConfigLogins {
  readonly credentials: readonly Credential[];
  readonly faults: readonly SecretFault[];
}

/** A docker config file by the same rules; identity tokens are read here, as docker and CRI-O do in a file. */
export function decodeDockerConfigFile(file: string, content: Redacted, now: string): DockerConfigLogins {
  const text = reveal(content);
  if (text.length > largestPayload) {
    const said = "The file is larger than any docker config, and was not read.";
    return { credentials: [], faults: [{ code: "too-large", effect: "ignored", where: file, text: said }] };
  }
  const config = decodeDockerConfig(text, "json", file);
  const sourceOf = (key: string): CredentialSource => ({ kind: "docker-config", file, key });
  const { credentials, faults } = toCredentials(config.entries, now, undefined, sourceOf, true);
  const own = config.faults.filter(({ code }) => code !== "identity-token-ignored");
  return { credentials, faults: [...own, ...faults].slice(0, mostFaults * 2) };
}

/** Shorter ones are everybody's words. */
const shortestBlotted = 8;

/** Worked out once: many pods name one Secret. */
const spelled = new WeakMap<Credential, readonly string[]>();

/**
 * What a node wrote, without the passwords that a registry repeated to it: as they are, in a URL, in JSON, and in base64 with the user's
 * name, whole or cut. What `own` says is no secret, whoever has it for one.
 */
export function withoutPasswords(text: string, credentials: readonly Credential[], own: string): string {
  return blotOut(
    text,
    credentials.flatMap((credential) => spelled.get(credential) ?? spellings(credential)),
    own,
  );
}

function spellings(credential: Credential): readonly string[] {
  const plain = reveal(credential.password);
  const pair = Buffer.from(`${credential.username}:${plain}`)
    .toString("base64")
    .replace(/={1,2}$/, "");
  const all = [plain, encodeURIComponent(plain), JSON.stringify(plain).slice(1, -1), pair];
  const known = plain.length < shortestBlotted ? [] : all;
  spelled.set(credential, known);
  return known;
}
