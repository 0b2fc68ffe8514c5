import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createAuthority, issue, issueExpired, type KeyPair } from "../../test/support/certificates.ts";
import { nginxConfiguration, registryConfiguration, squidConfiguration } from "./configurations.ts";
import { searchPath } from "./debian.ts";
import { images, pushImage } from "./images.ts";
import { Processes } from "./processes.ts";
import { startTokenService } from "./token-service.ts";

/** The login that the registries know, and one that may read less. Made up, here and now. */
export const users = { "ci-bot": "s3cret-pass", guest: "guest-pass" } as const;

/** What each server is there for. All listen on 127.0.0.1, each on a port of its own, under `<name>.e2e.test`. */
export const serverNames = [
  "open",
  "basic",
  "token",
  "auth",
  "plain",
  "expired",
  "foreign",
  "untrusted",
  "mutual",
  "limited",
  "broken",
  "proxy",
  "closed",
] as const;

export type ServerName = (typeof serverNames)[number];

export interface Servers {
  /** `basic` → `basic.e2e.test:41234`. */
  readonly at: Readonly<Record<ServerName, string>>;
  readonly ports: Readonly<Record<ServerName, number>>;
  /** PEM files: the authority of the trusted certificates, and a client certificate with its key. */
  readonly authorityFile: string;
  readonly client: { readonly cert: string; readonly key: string };
  /** containerd's certs.d, in which `open` has the mirror `closed`, where nothing listens. */
  readonly hostsDirectory: string;
  stop(): Promise<void>;
}

/** Starts docker-registry (open, htpasswd, token, plain HTTP), nginx with its ill certificates, squid and a token server, and pushes the images. */
export async function startServers(directory: string): Promise<Servers> {
  const ports = await freePorts();
  const at = Object.fromEntries(serverNames.map((name) => [name, `${name}.e2e.test:${ports[name]}`])) as Servers["at"];
  const file = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const authority = await createAuthority("e2e CA");
  const authorityFile = file("ca.crt", authority.cert);
  const pair = (name: string, { cert, key }: KeyPair) => ({
    cert: file(`${name}.crt`, cert),
    key: file(`${name}.key`, key),
  });
  const trusted = (name: ServerName) => issue({ authority, names: [`${name}.e2e.test`], ips: ["127.0.0.1"] });
  const signer = await issue({ authority, names: ["token signer"] });
  const stranger = await createAuthority("e2e stranger");
  const client = pair("client", await issue({ authority, names: ["node1"], client: true }));

  const processes = new Processes(directory);
  const service = await startTokenService({
    port: ports.auth,
    certificate: await trusted("auth"),
    signer,
    issuer: "e2e",
    service: "e2e-registry",
    users,
    grants: { "ci-bot": ["shop/web", "shop/private", "shop/arm"], guest: ["shop/web"], "": [] },
  });
  const stop = async () => {
    await Promise.all([processes.stop(), service.close()]);
  };
  try {
    const storage = join(directory, "storage");
    mkdirSync(storage);
    const htpasswd = file(
      "htpasswd",
      Object.entries(users)
        .map(([user, password]) => bcryptLine(user, password))
        .join(""),
    );
    const registry = async (name: "open" | "basic" | "token" | "plain", auth: object) => {
      const tls = name === "plain" ? undefined : pair(name, await trusted(name));
      const configuration = registryConfiguration({ port: ports[name], storage, tls, auth });
      await processes.start(name, ["docker-registry", "serve", file(`${name}.json`, configuration)], ports[name]);
    };
    await registry("open", {});
    // skopeo takes every *.key in the directory for a client's, so the authority gets one of its own.
    const trust = join(directory, "trust");
    mkdirSync(trust);
    writeFileSync(join(trust, "ca.crt"), authority.cert);
    for (const image of images) pushImage(image, `127.0.0.1:${ports.open}`, trust, directory);
    await registry("plain", {});
    await registry("basic", { htpasswd: { realm: "e2e", path: htpasswd } });
    await registry("token", {
      token: {
        realm: `https://${at.auth}/token`,
        service: "e2e-registry",
        issuer: "e2e",
        rootcertbundle: authorityFile,
      },
    });
    const nginx = nginxConfiguration(directory, [
      {
        port: ports.expired,
        tls: pair("expired", await issueExpired({ authority, names: ["expired.e2e.test"] })),
        upstream: ports.plain,
      },
      {
        port: ports.foreign,
        tls: pair("foreign", await issue({ authority, names: ["somewhere-else.test"] })),
        upstream: ports.plain,
      },
      {
        port: ports.untrusted,
        tls: pair("untrusted", await issue({ authority: stranger, names: ["untrusted.e2e.test"] })),
        upstream: ports.plain,
      },
      {
        port: ports.mutual,
        tls: pair("mutual", await trusted("mutual")),
        upstream: ports.plain,
        clientAuthority: authorityFile,
      },
      { port: ports.limited, tls: pair("limited", await trusted("limited")), status: 429 },
      { port: ports.broken, tls: pair("broken", await trusted("broken")), status: 503 },
    ]);
    await processes.start("nginx", ["nginx", "-c", file("nginx.conf", nginx), "-g", "daemon off;"], ports.expired);
    // squid gives up root for its own user, who must be able to read this one file.
    chmodSync(directory, 0o711);
    const hosts = file("hosts", serverNames.map((name) => `127.0.0.1 ${name}.e2e.test\n`).join(""));
    chmodSync(hosts, 0o644);
    const squid = squidConfiguration({ port: ports.proxy, directory, hosts, allowed: [ports.basic] });
    await processes.start("squid", ["squid", "-N", "-f", file("squid.conf", squid)], ports.proxy);
    const hostsDirectory = join(directory, "certs.d");
    mkdirSync(join(hostsDirectory, at.open), { recursive: true });
    writeFileSync(
      join(hostsDirectory, at.open, "hosts.toml"),
      `server = "https://${at.open}"\nca = "${authorityFile}"\n\n[host."https://${at.closed}"]\n  capabilities = ["pull", "resolve"]\n`,
    );
    return { at, ports, authorityFile, client, hostsDirectory, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function bcryptLine(user: string, password: string): string {
  // docker-registry knows bcrypt only. The password goes in by stdin, as a real one would.
  const env = { ...process.env, PATH: searchPath };
  return `${execFileSync("htpasswd", ["-niB", user], { input: password, env, encoding: "utf8" }).trim()}\n`;
}

async function freePorts(): Promise<Readonly<Record<ServerName, number>>> {
  const held = await Promise.all(
    serverNames.map(
      (name) =>
        new Promise<[ServerName, number, () => Promise<void>]>((resolve, reject) => {
          const server = createServer();
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => {
            const bound = server.address();
            const port = typeof bound === "object" && bound !== null ? bound.port : 0;
            resolve([name, port, () => new Promise((done) => server.close(() => done()))]);
          });
        }),
    ),
  );
  await Promise.all(held.map(([, , release]) => release()));
  return Object.fromEntries(held.map(([name, port]) => [name, port])) as Record<ServerName, number>;
}
