import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { podObject, running } from "../../test/collect/sample-objects.ts";
import { type ApiServer, startApiServer } from "../../test/support/api-server.ts";
import { createAuthority, issue } from "../../test/support/certificates.ts";
import { startOidcProvider, tokenEndingIn } from "../../test/support/oidc-provider.ts";
import { type CliResult, runProcess } from "../../test/support/run-cli.ts";
import { startSocksProxy } from "../../test/support/socks-proxy.ts";
import type { Runner } from "./runner.ts";

/** The name in the API server's certificate. No resolver knows it: only a proxy finds it. */
const name = "api.e2e.test";

/** One way to be let in. */
interface Way {
  readonly name: string;
  /** Fields of the kubeconfig's cluster and user; without both there is no kubeconfig. */
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Who the API server must take the program for. */
  readonly who: string;
  /** Headers that it must have got. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Needs a shell, which is not everywhere. */
  readonly needsShell?: boolean;
}

/**
 * Every way to the API server that a kubeconfig knows, against one that listens: its certificate is for a name that it is
 * not called by, and a read succeeds only for the user that it must be. Gives each way's name with what is wrong, if anything.
 */
export async function tryLogins(
  runner: Runner,
  directory: string,
): Promise<readonly (readonly [name: string, problem: string | undefined])[]> {
  const authority = await createAuthority("e2e API");
  const [idToken, ended, renewed] = [tokenEndingIn(3600, "oidc"), tokenEndingIn(-60), tokenEndingIn(3600, "renewed")];
  const server = await startApiServer({
    objects: [podObject({ name: "web-1", state: running })],
    certificate: await issue({ authority, names: [name] }),
    clientAuthority: authority,
    tokens: { "by-file": "file", "by-flag": "flag", "by-plugin": "plugin", [idToken]: "oidc", [renewed]: "renewed" },
  });
  const answer = { access_token: "unused", token_type: "Bearer", expires_in: 3600, id_token: renewed };
  await using provider = await startOidcProvider(() => [200, answer]);
  await using socks = await startSocksProxy(server.port);
  const proxy = await startHttpProxy(server.port);
  try {
    const file = (base: string, text: string, mode = 0o600) => {
      writeFileSync(join(directory, base), text, { mode });
      return join(directory, base);
    };
    mkdirSync(directory);
    const ca = file("ca.pem", authority.cert);
    const pair = await issue({ authority, names: ["certificate"], client: true });
    file("client.crt", pair.cert);
    file("client.key", pair.key);
    const idp = file("idp.pem", provider.authority);
    file("token", "by-file\n");
    const credential = { kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1" };
    const said = JSON.stringify({ ...credential, status: { token: "by-plugin" } });
    file("login", `#!/bin/sh\necho '${said}'\n`, 0o755);
    const named = { server: `https://127.0.0.1:${server.port}`, "tls-server-name": name };
    const behind = { server: `https://${name}:${server.port}` };
    const byFile = { tokenFile: "token" };
    const oidc = (token: string) => ({
      "auth-provider": {
        name: "oidc",
        config: {
          "client-id": "kube",
          "idp-issuer-url": provider.url,
          "idp-certificate-authority": idp,
          "id-token": token,
          "refresh-token": "refresh",
        },
      },
    });
    const ways: Way[] = [
      { name: "a token file, under tls-server-name", cluster: named, user: byFile, who: "file" },
      {
        name: "a client certificate in files",
        cluster: named,
        user: { "client-certificate": "client.crt", "client-key": "client.key" },
        who: "certificate",
      },
      {
        name: "a login plugin",
        cluster: named,
        user: { exec: { apiVersion: credential.apiVersion, command: "./login", interactiveMode: "Never" } },
        who: "plugin",
        needsShell: true,
      },
      { name: "OpenID Connect, the ID token", cluster: named, user: oidc(idToken), who: "oidc" },
      { name: "OpenID Connect, a new ID token", cluster: named, user: oidc(ended), who: "renewed" },
      {
        name: "proxy-url: HTTP, with a login",
        cluster: { ...behind, "proxy-url": `http://ci:secret@127.0.0.1:${proxy.port}` },
        user: byFile,
        who: "file",
      },
      {
        name: "proxy-url: SOCKS5, which resolves the name",
        cluster: { ...behind, "proxy-url": `socks5://127.0.0.1:${socks.port}` },
        user: byFile,
        who: "file",
      },
      {
        name: "HTTPS_PROXY",
        cluster: behind,
        user: byFile,
        env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` },
        who: "file",
      },
      {
        name: "HTTPS_PROXY, but NO_PROXY",
        cluster: named,
        user: byFile,
        env: { HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "127.0.0.0/8" },
        who: "file",
      },
      {
        name: "another user's name and groups",
        cluster: named,
        user: byFile,
        flags: ["--as", "dev", "--as-group", "ops"],
        who: "file",
        headers: { "impersonate-user": "dev", "impersonate-group": "ops" },
      },
      {
        name: "flags alone, without a kubeconfig",
        flags: [
          "-n",
          "shop",
          "--server",
          named.server,
          "--tls-server-name",
          name,
          "--certificate-authority",
          ca,
        ].concat(["--token", "by-flag"]),
        who: "flag",
      },
    ];
    const results: (readonly [string, string | undefined])[] = [];
    for (const way of ways) {
      if (way.needsShell === true && runner.root !== undefined) continue;
      results.push([`login: ${way.name}`, await tryWay(way, runner, server, file, ca, directory)]);
    }
    if (proxy.logins.filter((login) => login !== undefined).length === 0) {
      results.push(["login: the proxy got its login", "no request had one"]);
    }
    return results;
  } finally {
    proxy.server.closeAllConnections();
    proxy.server.close();
    await server.close();
  }
}

async function tryWay(
  way: Way,
  runner: Runner,
  server: ApiServer,
  file: (base: string, text: string) => string,
  ca: string,
  home: string,
): Promise<string | undefined> {
  const { cluster, user } = way;
  const env: Record<string, string> = { ...way.env };
  if (cluster !== undefined) {
    const parts = {
      clusters: [{ name: "a", cluster: { "certificate-authority": ca, ...cluster } }],
      contexts: [{ name: "a", context: { cluster: "a", user: "a", namespace: "shop" } }],
      users: [{ name: "a", user }],
    };
    // Spread over two files, as KUBECONFIG may name them, with one that is not there.
    const first = file("config-1", JSON.stringify({ "current-context": "a", ...parts, users: [] }));
    const second = file("config-2", JSON.stringify({ users: parts.users }));
    env["KUBECONFIG"] = [first, "/does/not/exist", second].join(":");
  }
  const problem = (result: CliResult, before: number): string | undefined => {
    if (result.code !== 0) return `exit code ${result.code}\n${result.stdout}${result.stderr}`;
    const request = server.requests.at(-1);
    if (server.requests.length === before || request === undefined) return "nothing was asked";
    if (request.user !== way.who) return `the API server took it for ${request.user}`;
    const wrong = Object.entries(way.headers ?? {}).find(([header, value]) => request.headers[header] !== value);
    return wrong === undefined ? undefined : `${wrong[0]}: ${request.headers[wrong[0]]}`;
  };
  const flags = way.flags ?? [];
  const before = server.requests.length;
  const found = problem(await runner.run(["web-1", "--no-probe", ...flags], env), before);
  if (found !== undefined || runner.root !== undefined) return found;
  // The same must let kubectl in, or the case says nothing about what kubectl does.
  const since = server.requests.length;
  const argv = ["get", "pod", "web-1", "-o", "name", ...flags];
  const same = problem(await runProcess(argv, { command: ["kubectl"], env: { HOME: home, ...env } }), since);
  return same === undefined ? undefined : `kubectl itself: ${same}`;
}

interface HttpProxy {
  readonly server: Server;
  readonly port: number;
  readonly logins: (string | undefined)[];
}

/** A proxy whose every tunnel leads to `target` on loopback. */
async function startHttpProxy(target: number): Promise<HttpProxy> {
  const logins: (string | undefined)[] = [];
  const server = createServer();
  server.on("connect", (request, client) => {
    logins.push(request.headers["proxy-authorization"]);
    const upstream = connect(target, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    upstream.pipe(client).pipe(upstream);
    for (const socket of [upstream, client]) socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0, logins };
}
