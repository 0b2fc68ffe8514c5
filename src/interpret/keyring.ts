import type { Credential } from "../domain/credential.ts";
import { matchLabel } from "./match-label.ts";
import { normaliseKey, parseSchemeless, splitHost } from "./registry-key.ts";

/** What a keyring hands out: a login, or only the note that there is one under this key. */
export interface Keyed {
  readonly source: { readonly key: string };
}

/** The kubelet's index of logins, made once for a list of Secrets and asked for many images. */
export interface Keyring<Entry extends Keyed = Credential> {
  readonly keys: readonly IndexedKey[];
  readonly logins: ReadonlyMap<string, readonly Entry[]>;
}

interface IndexedKey {
  readonly key: string;
  readonly labels: readonly string[];
  readonly port: string;
  readonly path: string;
}

/** The entry that Docker Hub images fall back to. */
const hubKey = "index.docker.io";

/**
 * `BasicDockerKeyring.Add` for all Secrets in their order (kubernetes pkg/credentialprovider/keyring.go): keys in reverse byte order,
 * logins of one key in the order they came. Entries whose key does not parse are dropped without a word, as there.
 */
export function openKeyring<Entry extends Keyed>(credentials: readonly Entry[]): Keyring<Entry> {
  const logins = new Map<string, Entry[]>();
  for (const credential of credentials) {
    const key = normaliseKey(credential.source.key);
    if (key === undefined) continue;
    const same = logins.get(key);
    if (same === undefined) logins.set(key, [credential]);
    else same.push(credential);
  }
  const keys: IndexedKey[] = [];
  // Keys are bytes, so plain comparison is byte order; the index is sorted backwards.
  for (const key of [...logins.keys()].sort((a, b) => (a < b ? 1 : -1))) {
    const parsed = parseSchemeless(key);
    if (parsed !== undefined) keys.push({ key, path: parsed.path, ...splitHost(parsed.host) });
  }
  return { keys, logins };
}

/**
 * `BasicDockerKeyring.Lookup`: the logins for an image name without tag and digest (`docker.io/library/nginx`), in the kubelet's order.
 * Every key that matches counts; only where none does, a Docker Hub image gets the entry `index.docker.io`.
 */
export function lookUp<Entry extends Keyed>(keyring: Keyring<Entry>, image: string): readonly Entry[] {
  const target = parseSchemeless(image);
  if (target !== undefined) {
    const { labels, port } = splitHost(target.host);
    const found = keyring.keys.filter((key) => keyMatches(key, { labels, port, path: target.path }));
    if (found.length > 0) return found.flatMap(({ key }) => keyring.logins.get(key) ?? []);
  }
  return isHubImage(image) ? (keyring.logins.get(hubKey) ?? []) : [];
}

type Matchable = Pick<IndexedKey, "labels" | "port" | "path">;

/** `URLsMatch`: same port text, same number of labels, the path as a plain prefix, and every label by its pattern. */
function keyMatches(key: Matchable, image: Matchable): boolean {
  return (
    key.port === image.port &&
    key.labels.length === image.labels.length &&
    image.path.startsWith(key.path) &&
    key.labels.every((label, at) => matchLabel(label, image.labels[at] ?? ""))
  );
}

/** `isDefaultRegistryMatch`: a bare host without dot or port counts as Docker Hub, `localhost` among them. */
function isHubImage(image: string): boolean {
  const slash = image.indexOf("/");
  const first = slash === -1 ? image : image.slice(0, slash);
  if (first === "") return false;
  return slash === -1 || first === "docker.io" || first === "index.docker.io" || !/[.:]/.test(first);
}
