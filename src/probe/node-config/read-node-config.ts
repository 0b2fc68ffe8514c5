import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Runtime } from "../../domain/cluster-facts.ts";
import type { Credential } from "../../domain/credential.ts";
import type { ImageReference } from "../../domain/image-reference.ts";
import { KnownError } from "../../domain/known-error.ts";
import type { NodeConfigFacts, RegistryHost } from "../../domain/probe.ts";
import { type AuthFile, findAuth, parseAuthFile } from "./crio-auth.ts";
import { canDo, directoryNames, type HostDirectory, hostsFor, type NodeHosts } from "./hosts-directory.ts";
import { type ContainerdConfig, hostsDirectoryProblem, legacyHosts, parseContainerdConfig } from "./legacy-mirrors.ts";
import { crioSources, resolveShortName } from "./pull-sources.ts";
import { parseRegistriesConf, type RegistriesConf } from "./registries-conf.ts";
import { textOf } from "./text-of.ts";

/** One place that the node tries for an image, in its order. */
export interface NodeSource {
  /** The image as it is asked for there; CRI-O's mirrors may keep it under another name. */
  readonly reference: ImageReference;
  readonly host: RegistryHost;
  /** The login that the node itself has for a mirror: CRI-O never sends it a pull secret. */
  readonly login?: Credential;
}

/** Where a node goes for an image, by its own configuration, and what is odd about that. Without sources nobody is asked. */
export interface NodeRoute extends Omit<NodeConfigFacts, "way"> {
  readonly sources: readonly NodeSource[];
}

/** Where a node goes, asked image by image; the runtime decides what of its files it reads. */
export type NodeConfig = (reference: ImageReference, runtime?: Runtime) => Promise<NodeRoute>;

/** Registries of a run whose hosts are kept: each file is read once, however many images ask. */
const mostRegistries = 1_000;

/**
 * containerd's certs.d directory, and the config.toml in it or beside it for its deprecated mirrors.
 * @throws KnownError where the directory cannot be read: it was named on the command line.
 */
export async function readHostsDirectory(root: string): Promise<NodeConfig> {
  const names = new Set(await listed(root, "--hosts-dir"));
  const config = await containerdConfig(root);
  const legacy = config?.hostsDirectory === undefined ? config : undefined;
  const read = new Map<string, ReturnType<typeof readHosts>>();
  return async (reference, runtime) => {
    const { registry } = reference;
    // Names are compared with what is there, so that no host name ever becomes a path of its own.
    const name = directoryNames(registry).find((each) => names.has(each));
    if (name === undefined && legacy !== undefined && legacy.mirrors.size + legacy.tls.size > 0) {
      return { sources: legacyHosts(legacy, registry).map((host) => ({ reference, host })) };
    }
    const unused = config === undefined ? undefined : hostsDirectoryProblem(config, runtime);
    if (unused !== undefined) {
      // Nothing of the directory is read: the registry is asked as everybody asks it.
      const sources = hostsFor(registry, undefined).hosts.map((host) => ({ reference, host }));
      return name === undefined && config?.mirrors.size === 0 ? { sources } : { sources, ignored: unused };
    }
    const known = read.get(registry) ?? readHosts(root, name, registry);
    if (read.size < mostRegistries) read.set(registry, known);
    const { hosts, problem, unread } = await known;
    const wanted = reference.digest === undefined ? ["pull", "resolve"] : ["pull"];
    const sources = hosts.filter((host) => canDo(host.capabilities, wanted)).map((host) => ({ reference, host }));
    const where = `hosts.toml of ${name ?? registry}`;
    return {
      sources,
      ...(problem !== undefined && { ignored: `${where}: ${problem}` }),
      ...(unread !== undefined && { unread }),
      ...(sources.length === 0 && { nowhere: `${where} lets no host ${wanted.join(" and ")}` }),
    };
  };
}

/**
 * CRI-O's registries.conf, with the drop-ins in `registries.conf.d` beside it, later ones first. `authFile` is the node's own
 * (`auth.json`, `config.json`, `.dockercfg`): its logins are for the mirrors, chosen as CRI-O does.
 * @throws KnownError where a file cannot be read or has an error: CRI-O would not pull anything then.
 */
export async function readRegistriesConf(file: string, authFile?: string): Promise<NodeConfig> {
  const folder = `${file}.d`;
  const dropIns = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".conf")).sort();
  const confs: RegistriesConf[] = [];
  for (const path of [file, ...dropIns.map((name) => join(folder, name))]) {
    const text = await textOf(path);
    if (text === undefined)
      throw new KnownError("usage", `cannot read ${path}`, "Name a registries.conf with --registries-conf.");
    const conf = parseRegistriesConf(text);
    if ("error" in conf)
      throw new KnownError("usage", `${path}: ${conf.error}`, "CRI-O refuses this file, too: mend it first.");
    confs.push(conf);
  }
  const conf = confs.reduce(withDropIn);
  const logins = authFile === undefined ? undefined : await readAuthFile(authFile);
  return async (reference) => {
    const route: NodeRoute = { ...routeOfCrio(conf, reference), reportsLast: true };
    return logins === undefined
      ? route
      : { ...route, sources: route.sources.map((source) => withLogin(source, logins)) };
  };
}

interface NodeLogins {
  readonly file: string;
  readonly auths: AuthFile;
}

async function readAuthFile(file: string): Promise<NodeLogins> {
  // As `--docker-config` has it, a directory means the file in it.
  const text = (await textOf(file)) ?? (await textOf(join(file, "config.json")));
  const auths = text === undefined ? { error: "cannot be read" } : parseAuthFile(text, basename(file) === ".dockercfg");
  if ("error" in auths)
    throw new KnownError("usage", `${file}: ${auths.error}`, "CRI-O cannot use this file, either: mend it first.");
  return { file, auths };
}

/** The login of the node's file for a mirror; an entry that cannot be read is none. */
function withLogin(source: NodeSource, { file, auths }: NodeLogins): NodeSource {
  const { registry, repository } = source.reference;
  const found = findAuth(auths, `${registry}/${repository}`);
  if (found === undefined || "error" in found) return source;
  const { matchedKey: key, username, password, identityToken } = found;
  const from = { kind: "docker-config", file, key } as const;
  return { ...source, login: { source: from, username, password, ...(identityToken && { identityToken }) } };
}

/** A drop-in's registry takes the place of one with the same prefix; its search list, where it has one, replaces the list. */
function withDropIn(below: RegistriesConf, above: RegistriesConf): RegistriesConf {
  const replaced = new Set(above.registries.map(({ prefix }) => prefix));
  return {
    registries: [...below.registries.filter(({ prefix }) => !replaced.has(prefix)), ...above.registries],
    unqualifiedSearch:
      above.namesSearch === true || above.unqualifiedSearch.length > 0
        ? above.unqualifiedSearch
        : below.unqualifiedSearch,
    aliases: new Map([...below.aliases, ...above.aliases]),
  };
}

/** CRI-O reads the name as the pod wrote it: without a registry it may be another image than the kubelet and Docker take it for. */
function routeOfCrio(conf: RegistriesConf, reference: ImageReference): NodeRoute {
  const short = resolveShortName(reference.text, conf);
  if (short.kind === "qualified") return routeOfName(conf, reference);
  if (short.kind === "refused") return { sources: [], nowhere: `CRI-O refuses the name: ${short.why}` };
  if (short.kind === "unresolved") return { sources: [], shortName: { kind: "unresolved", candidates: [] } };
  if (short.kind === "ambiguous")
    return { sources: [], shortName: { kind: "ambiguous", candidates: short.candidates.slice(0, 5) } };
  const routes = short.candidates.flatMap((candidate) => {
    const named = referenceOf(withSelector(candidate, reference), reference);
    return named === undefined ? [] : [routeOfName(conf, named)];
  });
  const blockedBy = routes.find((route) => route.blockedBy !== undefined)?.blockedBy;
  const sources = routes.flatMap((route) => route.sources);
  return blockedBy !== undefined && sources.length === 0 ? { sources, blockedBy } : { sources };
}

/** The tag is dropped where there is a digest, and what is left is matched. */
function routeOfName(conf: RegistriesConf, reference: ImageReference): NodeRoute {
  const route = crioSources(conf, withSelector(`${reference.registry}/${reference.repository}`, reference));
  if ("blocked" in route) return { sources: [], blockedBy: route.blocked };
  return {
    sources: route.sources.flatMap(({ reference: name, insecure }) => {
      const rewritten = referenceOf(name, reference);
      return rewritten === undefined ? [] : [{ reference: rewritten, host: crioHost(rewritten.registry, insecure) }];
    }),
  };
}

/** An insecure registry is asked by HTTPS without verification first, then in the clear. */
function crioHost(registry: string, insecure: boolean): RegistryHost {
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  const plain: RegistryHost = { scheme: "https", host, path: "/v2", capabilities: ["pull", "resolve"] };
  return insecure ? { ...plain, skipVerify: true, httpFallback: "cri-o" } : plain;
}

/** A name with the digest or else the tag of a reference, in place of what it has of its own. */
function withSelector(name: string, reference: ImageReference): string {
  const at = name.indexOf("@");
  const plain = at < 0 ? name : name.slice(0, at);
  const colon = plain.indexOf(":", plain.lastIndexOf("/") + 1);
  return `${colon < 0 ? plain : plain.slice(0, colon)}${selectorOf(reference)}`;
}

function selectorOf({ tag, digest }: ImageReference): string {
  return digest === undefined ? `:${tag ?? "latest"}` : `@${digest}`;
}

/** `mirror.example.com/proxy/nginx:1` as a reference; undefined where a rewriting made no name of it. */
function referenceOf(name: string, original: ImageReference): ImageReference | undefined {
  const selector = selectorOf(original);
  const slash = name.indexOf("/");
  if (slash <= 0 || !name.endsWith(selector)) return undefined;
  const registry = name.slice(0, slash);
  const repository = name.slice(slash + 1, -selector.length);
  if (!/^[A-Za-z0-9.[\]:-]+$/.test(registry) || !/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(repository)) return undefined;
  return { ...original, registry, repository };
}

/** The hosts for a registry, by the directory of this name, if there is one. */
async function readHosts(
  root: string,
  name: string | undefined,
  registry: string,
): Promise<NodeHosts & { readonly unread?: string }> {
  if (name === undefined) return hostsFor(registry, undefined);
  const { directory, unread } = await readDirectory(join(root, name), name);
  const read = hostsFor(registry, directory);
  const missing = unread ?? (await missingAuthority(read, name));
  return { ...read, ...(missing !== undefined && { unread: missing }) };
}

/** The first file of authorities that is named and is not here: the node has it, and trusts whom we do not know. */
async function missingAuthority({ hosts }: NodeHosts, name: string): Promise<string | undefined> {
  for (const file of hosts.flatMap(({ ca }) => ca ?? []).slice(0, 100))
    if ((await textOf(file)) === undefined) return `the authority ${file.slice(0, 200)}, named for ${name},`;
  return undefined;
}

/** A directory of certs.d; `unread` where something is there that cannot be read here, and that the node may well read. */
async function readDirectory(
  path: string,
  name: string,
): Promise<{ readonly directory: HostDirectory; readonly unread?: string }> {
  const files = await readdir(path).catch(() => undefined);
  if (files === undefined) return { directory: { path, files: [] }, unread: `the directory of ${name}` };
  const hostsToml = await textOf(join(path, "hosts.toml"));
  if (hostsToml !== undefined) return { directory: { path, files, hostsToml } };
  const unread = files.includes("hosts.toml") ? { unread: `hosts.toml of ${name}` } : {};
  return { directory: { path, files }, ...unread };
}

/** The config.toml in the directory or beside it; undefined where there is none that can be read. */
async function containerdConfig(root: string): Promise<ContainerdConfig | undefined> {
  for (const file of [join(root, "config.toml"), join(dirname(root), "config.toml")]) {
    const text = await textOf(file);
    const config = text === undefined ? undefined : parseContainerdConfig(text);
    if (config !== undefined && "mirrors" in config) return config;
  }
  return undefined;
}

async function listed(root: string, flag: string): Promise<readonly string[]> {
  const entries = await readdir(root).catch((cause: unknown) => {
    throw new KnownError("usage", `cannot read the directory ${root}`, `Name a directory with ${flag}.`, { cause });
  });
  return entries.slice(0, 10_000);
}
