import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Cluster } from "../../src/collect/cluster.ts";
import type { ClusterSettings } from "../../src/collect/cluster-settings.ts";
import { openKubernetes } from "../../src/collect/kubernetes.ts";
import { startProxy } from "../probe/support/proxy.ts";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import { type Authority, createAuthority, issue } from "../support/certificates.ts";
import { type KubeconfigOptions, writeKubeconfig } from "../support/kubeconfig.ts";
import { startSocksProxy } from "../support/socks-proxy.ts";
import { nodeObject, podObject, secretObject } from "./sample-objects.ts";

const name = "api.shop.test";
let directory: string;
let authority: Authority;
let server: ApiServer;
const opened: Cluster[] = [];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "transport-"));
  authority = await createAuthority("api");
  server = await startApiServer({
    objects: [podObject({ name: "web-1" }), nodeObject(), secretObject("regcred")],
    certificate: await issue({ authority, names: [name] }),
    clientAuthority: authority,
  });
});
afterEach(async () => {
  for (const cluster of opened.splice(0)) await cluster.close();
  await rm(directory, { recursive: true });
  await server.close();
});

/** A kubeconfig for the server under a name that no resolver knows: only a proxy can find it. */
async function connect(
  cluster: Record<string, unknown>,
  settings: Partial<ClusterSettings> = {},
  more: KubeconfigOptions = {},
): Promise<Cluster> {
  const fields = {
    server: `https://${name}:${server.port}`,
    "certificate-authority-data": Buffer.from(authority.cert).toString("base64"),
    ...cluster,
  };
  const kubeconfig = await writeKubeconfig(server, directory, { cluster: fields, ...more });
  const one = await openKubernetes({ kubeconfig, environment: {}, requestTimeout: 5000, ...settings });
  opened.push(one);
  return one;
}

const read = (cluster: Cluster) => cluster.pod("shop", "web-1");

async function refusal(cluster: Cluster): Promise<string> {
  const error: unknown = await read(cluster).catch((reason: unknown) => reason);
  return error instanceof Error ? error.message : JSON.stringify(error);
}

describe("the way to the API server", () => {
  test("through the HTTP proxy of the kubeconfig, which resolves the name and gets its login", async () => {
    await using proxy = await startProxy(server.port);
    const cluster = await connect({ "proxy-url": `http://ci:canary@127.0.0.1:${proxy.port}` });
    expect(await read(cluster)).toMatchObject({ kind: "found" });
    expect(proxy.seen).toEqual([
      {
        line: `CONNECT ${name}:${server.port} HTTP/1.1`,
        authorization: `Basic ${Buffer.from("ci:canary").toString("base64")}`,
      },
    ]);
    expect(server.requests.at(-1)?.headers).not.toHaveProperty("proxy-authorization");
  });

  test("reads one after the other go through one tunnel", async () => {
    await using proxy = await startProxy(server.port);
    const cluster = await connect({ "proxy-url": `http://127.0.0.1:${proxy.port}` });
    await read(cluster);
    await cluster.node("node1");
    await cluster.secret("shop", "regcred");
    expect(proxy.seen).toHaveLength(1);
  });

  test.each(["socks5", "socks5h"])("through a %s proxy, which resolves the name", async (scheme) => {
    await using proxy = await startSocksProxy(server.port);
    expect(await read(await connect({ "proxy-url": `${scheme}://127.0.0.1:${proxy.port}` }))).toMatchObject({
      kind: "found",
    });
    expect(proxy.asked).toEqual([`${name}:${server.port}`]);
  });

  test("through the proxy of the environment, but not where NO_PROXY names the server", async () => {
    await using proxy = await startSocksProxy(server.port);
    const environment = { HTTPS_PROXY: `socks5://127.0.0.1:${proxy.port}` };
    expect(await read(await connect({}, { environment }))).toMatchObject({ kind: "found" });
    expect(proxy.asked).toHaveLength(1);
    const direct = await connect({}, { environment: { ...environment, NO_PROXY: "10.0.0.0/8,.shop.test" } });
    expect(await refusal(direct)).toMatch(/cannot be read: (its name is not known to DNS|DNS did not answer)/);
    expect(proxy.asked).toHaveLength(1);
  });

  test("the kubeconfig's proxy wins over the environment's", async () => {
    await using proxy = await startProxy(server.port);
    const environment = { HTTPS_PROXY: "http://127.0.0.1:1" };
    const cluster = await connect({ "proxy-url": `http://127.0.0.1:${proxy.port}` }, { environment });
    expect(await read(cluster)).toMatchObject({ kind: "found" });
  });

  test("a proxy changes nothing of the certificates: the server's name, the client's own", async () => {
    await using proxy = await startProxy(server.port);
    const certificate = await issue({ authority, names: ["alice"], client: true });
    const address = { server: `https://127.0.0.1:${server.port}`, "proxy-url": `http://127.0.0.1:${proxy.port}` };
    expect(await refusal(await connect(address, {}, { certificate }))).toContain("is for another name");
    const named = await connect({ ...address, "tls-server-name": name }, {}, { certificate });
    expect(await read(named)).toMatchObject({ kind: "found" });
    expect(server.requests.at(-1)?.user).toBe("alice");
  });

  test.each([
    ["HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "opens no way to it (407)"],
    ["HTTP/1.1 502 Bad Gateway\r\n\r\n", "opens no way to it (502)"],
  ])("a proxy that answers %j is at fault, not the server", async (answer, expected) => {
    await using proxy = await startProxy(1, answer);
    const said = await refusal(await connect({ "proxy-url": `http://ci:canary@127.0.0.1:${proxy.port}` }));
    expect(said).toBe(
      `the API server ${name}:${server.port} cannot be read: the proxy 127.0.0.1:${proxy.port} ${expected}`,
    );
  });

  test("a proxy that is not there, opens no way, or is none", async () => {
    expect(await refusal(await connect({ "proxy-url": "http://127.0.0.1:1" }))).toContain(
      "the proxy 127.0.0.1:1 cannot be reached: the connection was refused (ECONNREFUSED)",
    );
    expect(await refusal(await connect({ "proxy-url": "socks5://127.0.0.1:1" }))).toContain(
      "the proxy 127.0.0.1:1 cannot be reached: the connection was refused (ECONNREFUSED)",
    );
    await using closed = await startSocksProxy(0);
    expect(await refusal(await connect({ "proxy-url": `socks5://127.0.0.1:${closed.port}` }))).toContain(
      `the proxy 127.0.0.1:${closed.port} opens no way to it (HostUnreachable)`,
    );
    await expect(connect({ "proxy-url": "ftp://ci:canary@proxy.test:1" })).rejects.toThrow(
      /^the proxy for the API server \(proxy\.test:1\) is of no known kind$/,
    );
  });
});

describe("flags about trust, as kubectl takes them", () => {
  const numbered = () => ({ server: `https://127.0.0.1:${server.port}` });

  test("tls-server-name of the kubeconfig, which another --server leaves behind", async () => {
    expect(await read(await connect({ ...numbered(), "tls-server-name": name }))).toMatchObject({ kind: "found" });
    const elsewhere = await connect({ "tls-server-name": name }, { server: numbered().server });
    expect(await refusal(elsewhere)).toContain("is for another name");
  });

  test("--certificate-authority ends what the kubeconfig says of leaving verification out", async () => {
    const careless = { ...numbered(), "certificate-authority-data": undefined, "insecure-skip-tls-verify": true };
    expect(await read(await connect(careless))).toMatchObject({ kind: "found" });
    const { writeFile } = await import("node:fs/promises");
    const file = path.join(directory, "other.pem");
    await writeFile(file, (await createAuthority("other")).cert);
    expect(await refusal(await connect(careless, { certificateAuthority: file }))).toContain("signed by an authority");
  });

  test("a server without a scheme is asked over TLS where its authority is named", async () => {
    const cluster = await connect({ server: `127.0.0.1:${server.port}`, "tls-server-name": name });
    expect(await read(cluster)).toMatchObject({ kind: "found" });
  });
});
