import path from "node:path";
import { KnownError } from "../domain/known-error.ts";
import type { Cluster, Context } from "./client-node.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { inCluster, inClusterEntries } from "./in-cluster.ts";
import { type Entries, type KubeUser, readEntries } from "./kubeconfig-files.ts";
import { plain } from "./plain-name.ts";

/** What one context of the kubeconfig, after all flags, says of the way to the API server. */
export interface ClusterAccess {
  readonly context?: string;
  readonly namespace?: string;
  readonly cluster: Cluster;
  readonly user: KubeUser;
  /** The kubeconfig file that names the user. */
  readonly userFile?: string;
  /** Directory that the user's relative paths (an exec plugin's command) are looked up from. */
  readonly directory: string;
}

/**
 * Picks what the flags name from the kubeconfig files or, where there are none, from the pod's own service account, as
 * kubectl does (k8s.io/client-go tools/clientcmd/client_config.go). Throws KnownError; no message quotes what a file holds.
 */
export async function readKubeconfig(settings: ClusterSettings): Promise<ClusterAccess> {
  const written = await readEntries(settings);
  const nothing = isEmpty(written) && settings.server === undefined;
  const entries = (nothing ? await inClusterEntries(settings) : undefined) ?? written;
  if (nothing && entries === written && settings.kubeconfig === undefined) {
    const named = settings.environment["KUBECONFIG"];
    throw new KnownError(
      "cluster-unreadable",
      `no kubeconfig was found${named ? ` where KUBECONFIG points: ${plain(named)}` : ""}`,
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
  const userFile = entries.userFiles.get(user.name);
  return {
    ...(context === undefined || contextName === inCluster ? {} : { context: contextName }),
    ...(namespace === undefined ? {} : { namespace }),
    cluster: pickCluster(entries, settings, context),
    user,
    ...(userFile === undefined ? {} : { userFile }),
    directory: userFile === undefined ? "." : path.dirname(userFile),
  };
}

function isEmpty({ clusters, users, contexts, current }: Entries): boolean {
  return clusters.size + users.size + contexts.size === 0 && current === "";
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
  // A flag about trust takes the place of all that the file says about trust; another server is not the file's name.
  const trusts = settings.certificateAuthority !== undefined;
  const skip = settings.insecureSkipTlsVerify ?? (trusts ? false : (named?.skipTLSVerify ?? false));
  const caFile = settings.certificateAuthority ?? named?.caFile;
  const caData = trusts ? undefined : named?.caData;
  const tlsServerName = settings.tlsServerName ?? (settings.server === undefined ? named?.tlsServerName : undefined);
  const secured = skip || caFile !== undefined || caData !== undefined;
  return {
    name: named?.name ?? "",
    server: withScheme(settings.server ?? named?.server ?? "", secured).replace(/\/$/, ""),
    skipTLSVerify: skip,
    ...(caFile === undefined || skip ? {} : { caFile }),
    ...(caData === undefined || skip ? {} : { caData }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    ...(named?.proxyUrl === undefined ? {} : { proxyUrl: named.proxyUrl }),
  };
}

/** An address without a scheme is HTTPS where anything is said of its certificate (client-go rest/url_utils.go). */
function withScheme(server: string, secured: boolean): string {
  return server === "" || server.includes("://") ? server : `${secured ? "https" : "http"}://${server}`;
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
  const { tokenFile, exec, authProvider, token, ...rest }: KubeUser = named ?? { name: "", asGroups: [], asExtra: [] };
  const login = settings.token === undefined ? { tokenFile, exec, authProvider, token } : { token: settings.token };
  const { certFile, keyFile, certData, keyData, ...others } = rest;
  const pair =
    settings.clientCertificate === undefined
      ? {
          certFile,
          keyFile: settings.clientKey ?? keyFile,
          certData,
          keyData: settings.clientKey ? undefined : keyData,
        }
      : { certFile: settings.clientCertificate, keyFile: settings.clientKey };
  const user: KubeUser = {
    ...others,
    ...Object.fromEntries(Object.entries(pair).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(Object.entries(login).filter(([, value]) => value !== undefined)),
    ...(settings.as === undefined ? {} : { impersonateUser: settings.as }),
    ...(settings.asUid === undefined ? {} : { asUid: settings.asUid }),
    ...(settings.asGroups === undefined ? {} : { asGroups: settings.asGroups }),
  };
  const { clientCertificate, clientKey } = settings;
  if (clientCertificate !== undefined && clientKey === undefined) {
    throw new KnownError("usage", "a client certificate needs its key", "Add --client-key FILE.");
  }
  if (!user.impersonateUser && (user.asUid !== undefined || user.asGroups.length > 0 || user.asExtra.length > 0)) {
    throw new KnownError("usage", "a group or UID to impersonate needs a user to impersonate", "Add --as USER.");
  }
  return user;
}

function known(entries: Entries): string {
  const names = [...entries.contexts.keys()].slice(0, 10).map(plain);
  return names.length === 0
    ? "It has no contexts at all. Look at the output of: kubectl config view"
    : `It has: ${names.join(", ")}. Choose one with --context.`;
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
