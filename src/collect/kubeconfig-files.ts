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
import { splitPathList } from "./path-list.ts";
import { plain } from "./plain-name.ts";
import { readDocuments } from "./yaml-documents.ts";

/** A kubeconfig user, with the fields that @kubernetes/client-node does not read. */
export interface KubeUser extends User {
  readonly tokenFile?: string;
  readonly asGroups: readonly string[];
  readonly asUid?: string;
  readonly asExtra: readonly (readonly [key: string, value: string])[];
}

/** What all kubeconfig files say together. */
export interface Entries {
  readonly clusters: Map<string, Cluster>;
  readonly users: Map<string, KubeUser>;
  readonly contexts: Map<string, Context>;
  /** The file that each user comes from. */
  readonly userFiles: Map<string, string>;
  current: string;
}

export function noEntries(): Entries {
  return { clusters: new Map(), users: new Map(), contexts: new Map(), userFiles: new Map(), current: "" };
}

/**
 * Reads and merges the files as kubectl does: `--kubeconfig` alone, or the files of KUBECONFIG (missing ones are passed
 * over, the first to name a thing wins), or `~/.kube/config` (k8s.io/client-go tools/clientcmd/loader.go).
 * @kubernetes/client-node parses the entries; its own merging throws on a name that two files share, and its loader on a
 * missing file, so both are done here. Throws KnownError; no message quotes what a file holds.
 */
export async function readEntries(settings: ClusterSettings): Promise<Entries> {
  const entries = noEntries();
  const { files, mustExist, only } = kubeconfigFiles(settings);
  for (const file of files) {
    const text = await readFileOr(file, mustExist);
    if (text === undefined) continue;
    await mergeFile(entries, file, text);
    if (only === "first") break;
  }
  return entries;
}

interface NamedFiles {
  readonly files: readonly string[];
  readonly mustExist: boolean;
  /** Which of those that are there count. */
  readonly only: "first" | "all";
}

function kubeconfigFiles(settings: ClusterSettings): NamedFiles {
  if (settings.kubeconfig !== undefined) return { files: [settings.kubeconfig], mustExist: true, only: "all" };
  const windows = settings.platform === "win32";
  const listed = settings.environment["KUBECONFIG"];
  if (listed) return { files: splitPathList(listed, windows), mustExist: false, only: "all" };
  const { HOME, HOMEDRIVE, HOMEPATH, USERPROFILE } = settings.environment;
  const homes = windows ? [HOME, HOMEDRIVE && HOMEPATH ? `${HOMEDRIVE}${HOMEPATH}` : undefined, USERPROFILE] : [HOME];
  const files = homes.flatMap((home) => (home ? path.join(home, ".kube", "config") : []));
  // The home on Windows is the first that has such a file (k8s.io/client-go util/homedir/homedir.go).
  return { files, mustExist: false, only: "first" };
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
    entries.userFiles.set(user.name, path.resolve(file));
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
