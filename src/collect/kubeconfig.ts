import { readFile } from "node:fs/promises";
import path from "node:path";
import { KnownError } from "../domain/known-error.ts";
import {
  ActionOnInvalid,
  type Cluster,
  type Context,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from "./client-node.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { isObject, listAt, member, textAt } from "./json-values.ts";
import { readDocuments } from "./yaml-documents.ts";

/** A kubeconfig user, with the fields that @kubernetes/client-node does not read. */
export interface KubeUser extends User {
  readonly tokenFile?: string;
  readonly asGroups: readonly string[];
  readonly asUid?: string;
  readonly asExtra: readonly (readonly [key: string, value: string])[];
}

/** What one context of the kubeconfig, after all flags, says of the way to the API server. */
export interface ClusterAccess {
  readonly context?: string;
  readonly namespace?: string;
  readonly cluster: Cluster;
  readonly user: KubeUser;
  /** Directory that the user's relative paths (an exec plugin's command) are looked up from. */
  readonly directory: string;
}

interface Entries {
  readonly clusters: Map<string, Cluster>;
  readonly users: Map<string, KubeUser>;
  readonly contexts: Map<string, Context>;
  readonly directories: Map<string, string>;
  current: string;
  files: string[];
}

const inClusterRoot = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Finds and merges the kubeconfig files and picks what the flags name, as kubectl does: `--kubeconfig` alone, or the files
 * of KUBECONFIG (missing ones are passed over, the first to name a thing wins), or `~/.kube/config`, or the pod's own
 * service account (k8s.io/client-go tools/clientcmd/loader.go, client_config.go).
 * @kubernetes/client-node parses the entries; its own merging throws on a name that two files share, and its loader on a
 * missing file, so both are done here. Throws KnownError; no message quotes what a file holds.
 */
export async function readKubeconfig(settings: ClusterSettings): Promise<ClusterAccess> {
  const entries = await readEntries(settings);
  if (entries.files.length === 0 && settings.server === undefined) {
    const inCluster = await inClusterAccess(settings);
    if (inCluster !== undefined) return inCluster;
    throw new KnownError(
      "cluster-unreadable",
      "no kubeconfig was found",
      "Set KUBECONFIG, give --kubeconfig FILE, or use --image, -f or --from, which need no cluster.",
    );
  }
  const contextName = settings.context ?? entries.current;
  const context = entries.contexts.get(contextName);
  if (
    context === undefined &&
    (settings.context !== undefined || (contextName !== "" && settings.server === undefined))
  ) {
    throw new KnownError("cluster-unreadable", `the kubeconfig has no context "${plain(contextName)}"`, known(entries));
  }
  if (context === undefined && settings.server === undefined && settings.cluster === undefined) {
    throw new KnownError("cluster-unreadable", "the kubeconfig names no current context", known(entries));
  }
  const namespace = context?.namespace;
  const user = pickUser(entries, settings, context);
  return {
    ...(context === undefined ? {} : { context: contextName }),
    ...(namespace === undefined ? {} : { namespace }),
    cluster: pickCluster(entries, settings, context),
    user,
    directory: entries.directories.get(user.name) ?? ".",
  };
}

function pickCluster(entries: Entries, settings: ClusterSettings, context: Context | undefined): Cluster {
  const name = settings.cluster ?? context?.cluster;
  const named = name === undefined ? undefined : entries.clusters.get(name);
  if (named === undefined && (settings.cluster !== undefined || settings.server === undefined)) {
    throw new KnownError(
      "cluster-unreadable",
      `the kubeconfig has no cluster "${plain(name ?? "")}"`,
      "Look at the output of: kubectl config view",
    );
  }
  const skip = settings.insecureSkipTlsVerify ?? named?.skipTLSVerify ?? false;
  const caFile = settings.certificateAuthority ?? named?.caFile;
  const caData = settings.certificateAuthority === undefined ? named?.caData : undefined;
  const tlsServerName = settings.tlsServerName ?? named?.tlsServerName;
  return {
    name: named?.name ?? "",
    server: (settings.server ?? named?.server ?? "").replace(/\/$/, ""),
    skipTLSVerify: skip,
    ...(caFile === undefined || skip ? {} : { caFile }),
    ...(caData === undefined || skip ? {} : { caData }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    ...(named?.proxyUrl === undefined ? {} : { proxyUrl: named.proxyUrl }),
  };
}

function pickUser(entries: Entries, settings: ClusterSettings, context: Context | undefined): KubeUser {
  const name = settings.user ?? context?.user;
  const named = name === undefined ? undefined : entries.users.get(name);
  if (named === undefined && settings.user !== undefined) {
    throw new KnownError(
      "cluster-unreadable",
      `the kubeconfig has no user "${plain(settings.user)}"`,
      "Look at the output of: kubectl config view",
    );
  }
  const user: KubeUser = named ?? { name: "", asGroups: [], asExtra: [] };
  if (settings.as === undefined && settings.token === undefined && settings.asGroups === undefined) return user;
  const { tokenFile, exec, authProvider, token, ...rest } = user;
  const login = settings.token === undefined ? { tokenFile, exec, authProvider, token } : { token: settings.token };
  return {
    ...rest,
    ...Object.fromEntries(Object.entries(login).filter(([, value]) => value !== undefined)),
    ...(settings.as === undefined ? {} : { impersonateUser: settings.as }),
    ...(settings.asGroups === undefined ? {} : { asGroups: settings.asGroups }),
  };
}

async function readEntries(settings: ClusterSettings): Promise<Entries> {
  const entries: Entries = {
    clusters: new Map(),
    users: new Map(),
    contexts: new Map(),
    directories: new Map(),
    current: "",
    files: [],
  };
  const { files, mustExist } = kubeconfigFiles(settings);
  for (const file of files) {
    const text = await readFileOr(file, mustExist);
    if (text !== undefined) await mergeFile(entries, file, text);
  }
  return entries;
}

function kubeconfigFiles(settings: ClusterSettings): { files: readonly string[]; mustExist: boolean } {
  if (settings.kubeconfig !== undefined) return { files: [settings.kubeconfig], mustExist: true };
  const windows = settings.platform === "win32";
  const listed = settings.environment["KUBECONFIG"];
  if (listed !== undefined && listed !== "") {
    return { files: listed.split(windows ? ";" : ":").filter((file) => file !== ""), mustExist: false };
  }
  const { HOME, HOMEDRIVE, HOMEPATH, USERPROFILE } = settings.environment;
  const homes = windows ? [HOME, HOMEDRIVE && HOMEPATH ? `${HOMEDRIVE}${HOMEPATH}` : undefined, USERPROFILE] : [HOME];
  const files = homes.flatMap((home) => (home ? path.join(home, ".kube", "config") : []));
  return { files, mustExist: false };
}

async function readFileOr(file: string, mustExist: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = member(error, "code");
    if (code === "ENOENT" && !mustExist) return undefined;
    throw new KnownError(
      "cluster-unreadable",
      `the kubeconfig ${plain(file)} cannot be read (${code === "ENOENT" ? "no such file" : plain(String(code))})`,
      "Check the path and its permissions.",
      { cause: error },
    );
  }
}

async function mergeFile(entries: Entries, file: string, text: string): Promise<void> {
  const [document] = await readDocuments(text).catch((error: unknown) => {
    throw new KnownError(
      "cluster-unreadable",
      `the kubeconfig ${plain(file)} is ${error instanceof Error ? error.message : "not readable"}`,
      "Compare it with the output of: kubectl config view",
    );
  });
  // kubectl takes an empty file for an empty configuration.
  if (document !== undefined && !isObject(document)) {
    throw new KnownError(
      "cluster-unreadable",
      `the kubeconfig ${plain(file)} holds no configuration`,
      "Check the file.",
    );
  }
  entries.files.push(file);
  const directory = path.dirname(path.resolve(file));
  const absolute = (name: string) => (path.isAbsolute(name) ? name : path.join(directory, name));
  const options = { onInvalidEntry: ActionOnInvalid.FILTER };
  for (const cluster of newClusters(listAt(document, ["clusters"], 10_000), options)) {
    if (cluster.caFile) cluster.caFile = absolute(cluster.caFile);
    if (!entries.clusters.has(cluster.name)) entries.clusters.set(cluster.name, cluster);
  }
  for (const context of newContexts(listAt(document, ["contexts"], 10_000), options)) {
    if (!entries.contexts.has(context.name)) entries.contexts.set(context.name, context);
  }
  const raw = new Map(listAt(document, ["users"], 10_000).map((one) => [textAt(one, ["name"]), member(one, "user")]));
  for (const user of newUsers(withoutTokenFiles(listAt(document, ["users"], 10_000)), options)) {
    if (entries.users.has(user.name)) continue;
    if (user.certFile) user.certFile = absolute(user.certFile);
    if (user.keyFile) user.keyFile = absolute(user.keyFile);
    entries.users.set(user.name, completeUser(user, raw.get(user.name), absolute));
    entries.directories.set(user.name, directory);
  }
  entries.current ||= textAt(document, ["current-context"]) ?? "";
}

/** The library reads a file named by `token-file` at once, and throws; kubectl's name for it is `tokenFile`, and it reads later. */
function withoutTokenFiles(users: readonly unknown[]): readonly unknown[] {
  return users.map((entry) => {
    const user = member(entry, "user");
    if (!isObject(entry) || !isObject(user) || !Object.hasOwn(user, "token-file")) return entry;
    const { "token-file": _, ...rest } = user;
    return { ...entry, user: rest };
  });
}

function completeUser(user: User, raw: unknown, absolute: (name: string) => string): KubeUser {
  const tokenFile = textAt(raw, ["tokenFile"]) ?? textAt(raw, ["token-file"]);
  const asUid = textAt(raw, ["as-uid"]);
  const extra = member(raw, "as-user-extra");
  return {
    ...user,
    ...(tokenFile === undefined ? {} : { tokenFile: absolute(tokenFile) }),
    asGroups: listAt(raw, ["as-groups"]).filter((group) => typeof group === "string"),
    ...(asUid === undefined ? {} : { asUid }),
    asExtra: Object.entries(isObject(extra) ? extra : {}).flatMap(([key, values]) =>
      listAt(values, []).flatMap((value) => (typeof value === "string" ? [[key, value] as const] : [])),
    ),
  };
}

/** Inside a pod: its own service account (k8s.io/client-go rest/config.go, InClusterConfig). */
async function inClusterAccess(settings: ClusterSettings): Promise<ClusterAccess | undefined> {
  const host = settings.environment["KUBERNETES_SERVICE_HOST"];
  const port = settings.environment["KUBERNETES_SERVICE_PORT"];
  if (!host || !port) return undefined;
  const namespace = await readFile(`${inClusterRoot}/namespace`, "utf8").catch(() => undefined);
  return {
    ...(namespace === undefined ? {} : { namespace: namespace.trim() }),
    cluster: {
      name: "in-cluster",
      server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      skipTLSVerify: false,
      caFile: `${inClusterRoot}/ca.crt`,
    },
    user: { name: "in-cluster", tokenFile: `${inClusterRoot}/token`, asGroups: [], asExtra: [] },
    directory: inClusterRoot,
  };
}

function known(entries: Entries): string {
  const names = [...entries.contexts.keys()].slice(0, 10).map(plain);
  return names.length === 0
    ? "the kubeconfig has no contexts at all; look at the output of: kubectl config view"
    : `It has: ${names.join(", ")}. Choose one with --context.`;
}

/** Names from files, cut and without control characters, for a sentence. */
export function plain(text: string): string {
  return text.replace(/\p{C}/gu, "?").slice(0, 200);
}

/** Names of all contexts, for completion. Throws KnownError as `readKubeconfig`. */
export async function contextNames(settings: ClusterSettings): Promise<string[]> {
  return [...(await readEntries(settings)).contexts.keys()];
}

/** Namespaces that any context names, for completion. Throws KnownError as `readKubeconfig`. */
export async function contextNamespaces(settings: ClusterSettings): Promise<string[]> {
  const { contexts } = await readEntries(settings);
  return [...new Set([...contexts.values()].flatMap(({ namespace }) => namespace ?? []))];
}
