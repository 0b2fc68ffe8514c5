import { readFile } from "node:fs/promises";
import type { AgentOptions } from "node:https";
import { KnownError } from "../domain/known-error.ts";
import { requestOptions } from "./client-node.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { type ExecCredential, runExecPlugin } from "./exec-plugin.ts";
import { member } from "./json-values.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { plain } from "./plain-name.ts";
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
 * The login of a kubeconfig user, in client-go's order: a token file, a token, an exec plugin, OpenID Connect, a name with
 * password, and for the rest (`auth-provider`: gcp and azure) @kubernetes/client-node, which is loaded then and only then.
 * Impersonation headers are added to all of them. Over plain HTTP no login is sent, as kubectl sends none
 * (k8s.io/client-go tools/clientcmd/client_config.go, ClientConfig). Throws KnownError where the login cannot be had.
 */
export async function logIn(access: ClusterAccess, settings: ClusterSettings, signal?: AbortSignal): Promise<Login> {
  const { user } = access;
  const headers = impersonation(access);
  const withToken = (token: string, what: string): Login => ({
    headers: { ...headers, authorization: `Bearer ${sendable(token, what)}` },
  });
  if (access.cluster.server.startsWith("http:")) return { headers };
  if (user.tokenFile !== undefined) {
    return withToken(await tokenOfFile(user.tokenFile, user.token), `the token in ${plain(user.tokenFile)}`);
  }
  if (user.token) return withToken(user.token, "the token of the kubeconfig");
  if (user.exec) {
    const credential = await runExecPlugin(user.exec, access.directory, await clusterInfo(access), settings, signal);
    return loginFromPlugin(credential, headers);
  }
  if (member(user.authProvider, "name") === "oidc") {
    const { oidcToken } = await import("./oidc-login.ts");
    const config = member(user.authProvider, "config");
    const file = access.userFile === undefined ? {} : { file: access.userFile };
    return withToken(await oidcToken({ config, ...file }, settings.tell), "the provider's token");
  }
  if (user.authProvider) {
    const authorization = await authorizationOfLibrary(access);
    return { headers: typeof authorization === "string" ? { ...headers, authorization } : headers };
  }
  if (user.username) {
    const basic = Buffer.from(`${user.username}:${user.password ?? ""}`, "utf8").toString("base64");
    return { headers: { ...headers, authorization: `Basic ${basic}` } };
  }
  return { headers };
}

/** Why a refused login may have been refused: the end of its client certificate or token, which is in the past. */
export async function endOfLogin(access: ClusterAccess, login: Login): Promise<string | undefined> {
  const { X509Certificate } = await import("node:crypto");
  const { cert } = login.certificate === undefined ? await tlsOptions(access) : { cert: login.certificate.certificate };
  const { authorization } = login.headers;
  const bearer = typeof authorization === "string" ? /^Bearer (.+)$/.exec(authorization)?.[1] : undefined;
  const { expiryOf } = await import("./oidc-login.ts");
  const ends: readonly (readonly [what: string, end: number | undefined])[] = [
    ["token", bearer === undefined ? undefined : expiryOf(bearer)],
    ["client certificate", cert === undefined ? undefined : Date.parse(new X509Certificate(String(cert)).validTo)],
  ];
  const past = ends.find(([, end]) => end !== undefined && end < Date.now());
  return past?.[1] === undefined
    ? undefined
    : `its ${past[0]} ended at ${new Date(past[1]).toISOString().slice(0, 19)}Z`;
}

/** The file wins, as it is kept up to date; the token beside it serves where the file cannot be read. */
async function tokenOfFile(file: string, otherwise: string | undefined): Promise<string> {
  const text = await readLoginFile(file).catch((error: unknown) => {
    if (otherwise) return otherwise;
    throw error;
  });
  const token = text.toString("utf8").trim();
  if (token !== "") return token;
  throw new KnownError("cluster-unreadable", `the token file ${plain(file)} is empty`, "Log in again.");
}

/** A token goes into a header line, which takes one word. */
function sendable(token: string, what: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new KnownError("cluster-unreadable", `${what} is not one word, as a token is`, "Log in again.");
}

function loginFromPlugin(credential: ExecCredential, headers: RequestHeaders): Login {
  const { token, certificate, key, expiresAt } = credential;
  return {
    headers:
      token === undefined
        ? headers
        : { ...headers, authorization: `Bearer ${sendable(token, "the login plugin's token")}` },
    ...(certificate === undefined || key === undefined ? {} : { certificate: { certificate, key } }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** Groups and extra attributes are header lines that repeat. */
function impersonation({ user }: ClusterAccess): RequestHeaders {
  const extra = Map.groupBy(user.asExtra, ([key]) => `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`);
  return {
    ...(user.impersonateUser ? { "impersonate-user": inUtf8(user.impersonateUser) } : {}),
    ...(user.asUid ? { "impersonate-uid": inUtf8(user.asUid) } : {}),
    ...(user.asGroups.length > 0 ? { "impersonate-group": user.asGroups.map(inUtf8) } : {}),
    ...Object.fromEntries([...extra].map(([name, pairs]) => [name, pairs.map(([, value]) => inUtf8(value))])),
  };
}

/** A name as Go puts it into a header line: its UTF-8 bytes, which Node.js sends one for one as the characters up to U+00FF. */
function inUtf8(name: string): string {
  if (!/\p{Cc}/u.test(name)) return Buffer.from(name, "utf8").toString("latin1");
  throw new KnownError("usage", "a name to impersonate has a control character in it", "Check --as and --as-group.");
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

/** The authorization of an `auth-provider` that kubectl has given up; @kubernetes/client-node still knows it. */
async function authorizationOfLibrary({ cluster, user: { name, authProvider } }: ClusterAccess): Promise<unknown> {
  try {
    const { headers } = await requestOptions({ ...cluster, skipTLSVerify: true }, { name, authProvider });
    return member(headers, "Authorization") ?? member(headers, "authorization");
  } catch (error) {
    // Its messages may quote answers of an identity provider; only the kind of error is repeated.
    const code = member(error, "code");
    throw new KnownError(
      "cluster-unreadable",
      `the kubeconfig's login (${plain(String(member(authProvider, "name")))}) failed${
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
      `the file ${plain(file)}, which the kubeconfig or a flag names, cannot be read (${plain(String(member(error, "code")))})`,
      "Check the path and its permissions.",
      { cause: error },
    );
  }
}
