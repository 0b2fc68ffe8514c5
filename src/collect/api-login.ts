import { readFile } from "node:fs/promises";
import type { AgentOptions, RequestOptions } from "node:https";
import { KnownError } from "../domain/known-error.ts";
import { requestOptions } from "./client-node.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { type ExecCredential, runExecPlugin } from "./exec-plugin.ts";
import { member } from "./json-values.ts";
import { type ClusterAccess, plain } from "./kubeconfig.ts";
import type { RequestHeaders } from "./transport.ts";

/** What a request needs to be let in. Its values are secret: they go into `node:https` and nowhere else. */
export interface Login {
  readonly headers: RequestHeaders;
  /** Set where the login itself brings a client certificate; connections must then be made with it. */
  readonly certificate?: { readonly certificate: string; readonly key: string };
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

/**
 * The login of a kubeconfig user, in client-go's order: a token, a token file, an exec plugin, a name with password,
 * and for the rest (`auth-provider`: OIDC and its like) @kubernetes/client-node, which is loaded then and only then.
 * Impersonation headers are added to all of them. Throws KnownError where the login cannot be had.
 */
export async function logIn(access: ClusterAccess, settings: ClusterSettings, signal?: AbortSignal): Promise<Login> {
  const { user } = access;
  const headers = impersonation(access);
  if (user.tokenFile !== undefined) {
    const token = (await readLoginFile(user.tokenFile)).toString("utf8").trim();
    return { headers: { ...headers, authorization: `Bearer ${token}` } };
  }
  if (user.token) return { headers: { ...headers, authorization: `Bearer ${user.token}` } };
  if (user.exec) {
    const credential = await runExecPlugin(user.exec, access.directory, await clusterInfo(access), settings, signal);
    return loginFromPlugin(credential, headers);
  }
  if (user.authProvider) {
    const options = await optionsFromClientNode(access);
    const authorization = member(options.headers, "Authorization") ?? member(options.headers, "authorization");
    return { headers: typeof authorization === "string" ? { ...headers, authorization } : headers };
  }
  if (user.username) {
    const basic = Buffer.from(`${user.username}:${user.password ?? ""}`, "utf8").toString("base64");
    return { headers: { ...headers, authorization: `Basic ${basic}` } };
  }
  return { headers };
}

function loginFromPlugin(credential: ExecCredential, headers: RequestHeaders): Login {
  const { token, certificate, key, expiresAt } = credential;
  return {
    headers: token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` },
    ...(certificate === undefined || key === undefined ? {} : { certificate: { certificate, key } }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** Groups and extra attributes are header lines that repeat. */
function impersonation({ user }: ClusterAccess): RequestHeaders {
  const extra = Map.groupBy(user.asExtra, ([key]) => `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`);
  return {
    ...(user.impersonateUser ? { "impersonate-user": user.impersonateUser } : {}),
    ...(user.asUid ? { "impersonate-uid": user.asUid } : {}),
    ...(user.asGroups.length > 0 ? { "impersonate-group": user.asGroups } : {}),
    ...Object.fromEntries([...extra].map(([name, pairs]) => [name, pairs.map(([, value]) => value)])),
  };
}

/** TLS options of the connection: authority, client certificate, server name. Files are read here. Throws KnownError. */
export async function tlsOptions(access: ClusterAccess): Promise<AgentOptions> {
  const { cluster, user } = access;
  const ca = await fileOrData(cluster.caFile, cluster.caData);
  const cert = await fileOrData(user.certFile, user.certData);
  const key = await fileOrData(user.keyFile, user.keyData);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}),
    ...(cluster.skipTLSVerify ? { rejectUnauthorized: false } : {}),
  };
}

/**
 * What @kubernetes/client-node makes of the user and the cluster: the agent of a proxy (HTTP, HTTPS, SOCKS) and the
 * authorization of an `auth-provider`. It is slow to load (see client-node.ts), so it is loaded for these two alone.
 */
export async function optionsFromClientNode(access: ClusterAccess): Promise<RequestOptions> {
  const { exec: _, token: _token, impersonateUser: _as, ...user } = access.user;
  // The library refuses plain HTTP unless verification is off; without TLS there is nothing to verify.
  const skipTLSVerify = access.cluster.skipTLSVerify || access.cluster.server.startsWith("http:");
  try {
    return await requestOptions({ ...access.cluster, skipTLSVerify }, user);
  } catch (error) {
    // Its messages may quote answers of an identity provider; only the kind of error is repeated.
    const code = member(error, "code");
    throw new KnownError(
      "cluster-unreadable",
      `the kubeconfig's login (${plain(String(member(access.user.authProvider, "name") ?? "proxy"))}) failed${
        typeof code === "string" ? ` (${plain(code)})` : ""
      }`,
      "Log in again with the tool that made the kubeconfig.",
    );
  }
}

/** What KUBERNETES_EXEC_INFO says of the cluster where the plugin wants to know (client-go pkg/apis/clientauthentication). */
async function clusterInfo({ cluster, user }: ClusterAccess): Promise<unknown> {
  if (member(user.exec, "provideClusterInfo") !== true) return undefined;
  const ca = await fileOrData(cluster.caFile, cluster.caData);
  return {
    server: cluster.server,
    ...(cluster.tlsServerName ? { "tls-server-name": cluster.tlsServerName } : {}),
    ...(cluster.skipTLSVerify ? { "insecure-skip-tls-verify": true } : {}),
    ...(ca === undefined ? {} : { "certificate-authority-data": ca.toString("base64") }),
    ...(cluster.proxyUrl ? { "proxy-url": cluster.proxyUrl } : {}),
    config: null,
  };
}

async function fileOrData(file: string | undefined, data: string | undefined): Promise<Buffer | undefined> {
  // Data wins over a file of the same name, as in client-go's rest.loadTLSFiles.
  if (data) return Buffer.from(data, "base64");
  return file ? readLoginFile(file) : undefined;
}

async function readLoginFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new KnownError(
      "cluster-unreadable",
      `the file ${plain(file)}, which the kubeconfig names, cannot be read (${plain(String(member(error, "code")))})`,
      "Check the path and its permissions.",
      { cause: error },
    );
  }
}
