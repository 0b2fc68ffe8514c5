import type { SecretFault } from "../domain/credential.ts";
import { decodeBase64, textOfBytes } from "./go-base64.ts";
import { explainBrokenJson } from "./lint-payload.ts";
import { type JsonMember, type JsonNode, placeIn, scanJson } from "./scan-json.ts";

/** One entry as the kubelet holds it, in the clear. It lives as long as the decoding. */
export interface PlainEntry {
  readonly key: string;
  readonly username: string;
  readonly password: string;
  /** Where user name and password stand: `auths["h"].username`, or `auths["h"].auth` for both. */
  readonly userAt: string;
  readonly passwordAt: string;
  readonly identityToken: string;
}

export interface DecodedConfig {
  readonly entries: readonly PlainEntry[];
  readonly faults: readonly SecretFault[];
  /** The kubelet gives an error for the whole Secret, and pulls nothing for the pod. */
  readonly blocked: boolean;
}

/** Findings about one payload that are kept; a million broken entries need no million sentences. */
export const mostFaults = 40;
/** Keys are repeated in sentences up to this many characters. */
const longestShownKey = 100;
/** No registry name with its repository is longer; a key beyond it matches nothing. */
const longestKey = 2048;

/** Collects what is wrong, up to the limit. */
class Faults {
  readonly list: SecretFault[] = [];
  blocked = false;

  add(
    code: SecretFault["code"],
    effect: SecretFault["effect"],
    where: string,
    text: string,
    repair?: SecretFault["repair"],
  ): void {
    if (effect === "blocks") this.blocked = true;
    // What blocks is never crowded out by what is merely odd.
    if (this.list.length < mostFaults || (effect === "blocks" && this.list.every((each) => each.effect !== "blocks"))) {
      this.list.push({ code, effect, where, text, ...(repair === undefined ? {} : { repair }) });
    }
  }
}

/**
 * A docker config as the kubelet decodes it (kubernetes pkg/credentialprovider/config.go over Go's encoding/json): `json` is
 * `{"auths": {…}}`, `cfg` the legacy map of entries. `name` is the data key or file, for positions.
 */
export function decodeDockerConfig(text: string, format: "json" | "cfg", name: string): DecodedConfig {
  const faults = new Faults();
  const scanned = scanJson(text);
  if (!scanned.ok) {
    const { code, text: sentence, repair } = explainBrokenJson(text, scanned);
    faults.add(code, "blocks", `${name}, ${placeIn(text, scanned.at)}`, sentence, repair);
    return { entries: [], faults: faults.list, blocked: true };
  }
  const maps = format === "json" ? authsOf(scanned.value, name, faults) : [scanned.value];
  const entries = new Map<string, PlainEntry>();
  for (const map of maps) {
    if (map.kind === "null") entries.clear();
    else if (map.kind !== "object") blockKind(faults, format === "json" ? "auths" : name, "an object of entries");
    else for (const member of map.members) readEntry(member, format === "json" ? "auths" : "", entries, faults);
  }
  if (format === "cfg" && entries.size === 0 && !faults.blocked) {
    faults.add("auths-empty", "ignored", name, "There is no entry, so the kubelet finds no login here.");
  }
  return { entries: faults.blocked ? [] : [...entries.values()], faults: faults.list, blocked: faults.blocked };
}

/** The values of `auths`, in whatever case it is written; Go merges several into one map, and `null` empties it. */
function authsOf(root: JsonNode, name: string, faults: Faults): readonly JsonNode[] {
  if (root.kind === "null") {
    faults.add("auths-absent", "ignored", name, "The payload is null, so the kubelet finds no login here.");
    return [];
  }
  if (root.kind !== "object") {
    blockKind(faults, name, "an object");
    return [];
  }
  const auths = named(root.members, "auths");
  if (auths.length > 1) duplicate(faults, "auths", "they are merged");
  for (const { value } of named(root.members, "httpheaders")) {
    const texts = value.kind === "object" && value.members.every((each) => isText(each.value));
    if (value.kind !== "null" && !texts) {
      faults.add("field-not-text", "blocks", "HttpHeaders", "HttpHeaders is not an object of texts.");
    }
  }
  const store = ["credsstore", "credhelpers"].some((field) =>
    named(root.members, field).some(({ value }) => !isEmpty(value)),
  );
  const filled = auths.some(({ value }) => value.kind === "object" && value.members.length > 0);
  if (store) {
    const text =
      "The config leaves its logins to a credential store of the computer it was made on; the kubelet never asks one.";
    faults.add("credential-store", "ignored", "credsStore", text);
  }
  if (auths.length === 0) {
    const legacy = root.members.some(({ value }) => value.kind === "object" && looksLikeEntry(value));
    const alone = legacy && root.members.every(({ value }) => value.kind === "object" && looksLikeEntry(value));
    const text = legacy
      ? 'The entries stand at the top, as in the legacy .dockercfg; here they belong under "auths", and the kubelet finds no login.'
      : 'There is no "auths", so the kubelet finds no login here.';
    faults.add("auths-absent", "ignored", name, text, alone ? "wrap-in-auths" : undefined);
  } else if (!filled && auths.every(({ value }) => isEmpty(value))) {
    faults.add("auths-empty", "ignored", "auths", '"auths" has no entry, so the kubelet finds no login here.');
  }
  return auths.map(({ value }) => value);
}

function readEntry(member: JsonMember, parent: string, entries: Map<string, PlainEntry>, faults: Faults): void {
  const where = parent === "" ? shownKey(member.key) : `${parent}[${shownKey(member.key)}]`;
  if (entries.has(member.key)) duplicate(faults, where, "the last one counts");
  const { value } = member;
  if (value.kind !== "object" && value.kind !== "null") {
    const text = "The entry is not an object, so the kubelet gives an error for the whole Secret.";
    faults.add("entry-not-an-object", "blocks", where, text);
    return;
  }
  const entry = fieldsOf(value.kind === "object" ? value.members : [], where, faults);
  const login = entry.auth === "" ? entry : loginOf(entry, where, faults);
  const tokens = [...named(members(value), "identitytoken"), ...named(members(value), "registrytoken")];
  const token = tokens.find((each) => each.value.kind === "string" && each.value.text !== "");
  if (token !== undefined && login.password === "") {
    const text = "The entry has an identity or registry token and no password; the kubelet reads neither token.";
    faults.add("identity-token-ignored", "ignored", `${where}.${token.key.toLowerCase()}`, text);
  }
  if (member.key.length > longestKey) {
    faults.add("key-never-matches", "ignored", where, "The key is longer than any image name, so nothing matches it.");
    return;
  }
  const identity = named(members(value), "identitytoken").at(-1)?.value;
  const one = entry.auth === "" ? undefined : `${where}.auth`;
  // A later duplicate takes the place of the first, in the order of appearance.
  entries.set(member.key, {
    key: member.key,
    username: login.username,
    password: login.password,
    userAt: one ?? (login.username === "" && login.password === "" ? where : `${where}.username`),
    passwordAt: one ?? `${where}.password`,
    identityToken: identity?.kind === "string" ? identity.text : "",
  });
}

interface Fields {
  username: string;
  password: string;
  email: string;
  auth: string;
}

/** The four fields of an entry that the kubelet reads; in Go the last one of a name counts, and `null` changes nothing. */
function fieldsOf(all: readonly JsonMember[], where: string, faults: Faults): Fields {
  const fields: Fields = { username: "", password: "", email: "", auth: "" };
  const seen = new Set<string>();
  for (const { key, value } of all) {
    const name = foldCase(key);
    if (name !== "username" && name !== "password" && name !== "email" && name !== "auth") continue;
    if (seen.has(name)) duplicate(faults, `${where}.${name}`, "the last one counts");
    seen.add(name);
    if (value.kind === "string") fields[name] = value.text;
    else if (value.kind !== "null") {
      const text = `${name} is not a text, so the kubelet gives an error for the whole Secret.`;
      faults.add("field-not-text", "blocks", `${where}.${name}`, text);
    }
  }
  return fields;
}

/** What `auth` says, which wins over `username` and `password`. */
function loginOf(fields: Fields, where: string, faults: Faults): { username: string; password: string } {
  const decoded = decodeAuth(fields.auth);
  if (decoded === "not-base64" || decoded === "without-colon") {
    const text =
      decoded === "not-base64"
        ? `auth is not base64 as the kubelet reads it (${whyNotBase64(fields.auth)}), so it gives an error for the whole Secret.`
        : `auth has no colon between user name and password${encodedTwice(fields.auth) ? ", since it was encoded twice" : ""}, so the kubelet gives an error for the whole Secret.`;
    faults.add(decoded === "not-base64" ? "auth-not-base64" : "auth-without-colon", "blocks", `${where}.auth`, text);
    return { username: "", password: "" };
  }
  const differs =
    (fields.username !== "" && fields.username !== decoded.username) ||
    (fields.password !== "" && fields.password !== decoded.password);
  if (differs) {
    const text = "auth says another login than username and password; auth is the one that counts.";
    faults.add("auth-disagrees", "suspicious", `${where}.auth`, text);
  }
  return decoded;
}

/** What is wrong with the form of `auth`, never what is in it. */
function whyNotBase64(field: string): string {
  const bare = field.trim();
  if (bare.includes(":")) return "it looks like user:password in the clear";
  if (/^[A-Za-z0-9_=-]+$/.test(bare) && /[_-]/.test(bare)) return "it has the alphabet of URLs, - and _ for + and /";
  if (/[ \t]/.test(field)) return "it has spaces in or around it";
  if (/[^A-Za-z0-9+/=\r\n]/.test(field)) return "it has characters that base64 has not";
  return "its length or its padding is wrong, so a part may be missing";
}

function encodedTwice(field: string): boolean {
  const bytes = decodeBase64(field, field.trimEnd().endsWith("=") ? "padded" : "raw");
  const inner = bytes === undefined ? undefined : decodeAuth(textOfBytes(bytes).text.trim());
  return typeof inner === "object";
}

/** `decodeDockerConfigFieldAuth` (kubernetes pkg/credentialprovider/config.go): padded if it ends in `=`, split at the first colon. */
function decodeAuth(field: string): { username: string; password: string } | "not-base64" | "without-colon" {
  const bytes = decodeBase64(field, field.trimEnd().endsWith("=") ? "padded" : "raw");
  if (bytes === undefined) return "not-base64";
  const { text } = textOfBytes(bytes);
  const colon = text.indexOf(":");
  if (colon === -1) return "without-colon";
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function members(node: JsonNode): readonly JsonMember[] {
  return node.kind === "object" ? node.members : [];
}

/** Members of that name in any case, as encoding/json matches them: letters by simple folding, the long s and the Kelvin sign among them. */
function named(all: readonly JsonMember[], name: string): readonly JsonMember[] {
  return all.filter(({ key }) => key.length === name.length && foldCase(key) === name);
}

function foldCase(key: string): string {
  return key.length > 20 ? key : key.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
}

function isText(node: JsonNode): boolean {
  return node.kind === "string" || node.kind === "null";
}

function isEmpty(node: JsonNode): boolean {
  if (node.kind === "object") return node.members.length === 0;
  return node.kind === "null" || (node.kind === "string" && node.text === "");
}

function looksLikeEntry(node: JsonNode): boolean {
  return ["auth", "username", "password"].some((field) => named(members(node), field).length > 0);
}

function blockKind(faults: Faults, where: string, wanted: string): void {
  const text = `This is not ${wanted}, so the kubelet gives an error for the whole Secret.`;
  faults.add("not-an-object", "blocks", where, text);
}

function duplicate(faults: Faults, where: string, consequence: string): void {
  faults.add("duplicate-key", "suspicious", where, `The key stands there more than once; ${consequence}.`);
}

/** A key in a position: quoted, and cut where it is long. */
export function shownKey(key: string): string {
  return `"${key.length > longestShownKey ? `${key.slice(0, longestShownKey)}…` : key}"`;
}
