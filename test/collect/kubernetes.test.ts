import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect as connectTo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Cluster } from "../../src/collect/cluster.ts";
import type { ClusterSettings } from "../../src/collect/cluster-settings.ts";
import { openKubernetes } from "../../src/collect/kubernetes.ts";
import { KnownError } from "../../src/domain/known-error.ts";
import { type ApiServer, type ApiServerOptions, startApiServer } from "../support/api-server.ts";
import { answer, cut, hang, push, slow } from "../support/api-server-faults.ts";
import { createAuthority, issue, issueSelfSigned } from "../support/certificates.ts";
import { type KubeconfigOptions, writeKubeconfig } from "../support/kubeconfig.ts";
import { nodeObject, podObject, secretObject, serviceAccountObject } from "./sample-objects.ts";

let directory: string;
let server: ApiServer;
const opened: Cluster[] = [];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "kubeconfig-"));
});

afterEach(async () => {
  for (const cluster of opened.splice(0)) await cluster.close();
  await rm(directory, { recursive: true });
  await server.close();
});

async function serve(options: ApiServerOptions = {}): Promise<void> {
  const objects = [podObject({ name: "web-1" }), nodeObject(), secretObject("regcred"), serviceAccountObject()];
  server = await startApiServer({ objects, ...options });
}

async function connect(settings: Partial<ClusterSettings> = {}, kubeconfig: KubeconfigOptions = {}): Promise<Cluster> {
  const file = await writeKubeconfig(server, directory, kubeconfig);
  const cluster = await openKubernetes({ kubeconfig: file, environment: {}, ...settings });
  opened.push(cluster);
  return cluster;
}

async function failure(promise: Promise<unknown>): Promise<KnownError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KnownError);
  if (!(error instanceof KnownError)) throw error;
  expect(error.code).toBe("cluster-unreadable");
  return error;
}

const pod = (cluster: Cluster) => cluster.pod("shop", "web-1");

describe("the ways to be let in", () => {
  test("a token", async () => {
    await serve();
    const cluster = await connect({}, { namespace: "shop", context: "prod" });
    expect(cluster).toMatchObject({ context: "prod", namespace: "shop", server: server.url });
    expect(await pod(cluster)).toMatchObject({ kind: "found", value: { name: "web-1" } });
  });

  test("a token file", async () => {
    await serve();
    await writeFile(path.join(directory, "token"), `${server.token}\n`);
    expect(await pod(await connect({}, { user: { tokenFile: "token" } }))).toMatchObject({ kind: "found" });
  });

  test("a client certificate", async () => {
    const clientAuthority = await createAuthority("clients");
    await serve({ clientAuthority, tokens: {} });
    const certificate = await issue({ authority: clientAuthority, names: ["alice"], client: true });
    expect(await pod(await connect({}, { certificate }))).toMatchObject({ kind: "found" });
    expect(server.requests.at(-1)?.user).toBe("alice");
  });

  test("a token on the command line, before the kubeconfig's own login", async () => {
    await serve();
    const cluster = await connect({ token: server.token }, { user: { token: "stale" } });
    expect(await pod(cluster)).toMatchObject({ kind: "found" });
  });

  test("another user's name and groups", async () => {
    await serve();
    await pod(await connect({ as: "dev", asGroups: ["one", "two"] }));
    expect(server.requests.at(-1)?.headers).toMatchObject({
      "impersonate-user": "dev",
      "impersonate-group": "one, two",
    });
  });

  test("an exec plugin, run once for many requests and again when its token is refused", async () => {
    await serve({ tokens: { first: "exec", second: "exec" } });
    const plugin = await writePlugin(`
      n=$(cat ${directory}/runs 2>/dev/null || echo 0); n=$((n+1)); echo $n > ${directory}/runs
      if [ $n = 1 ]; then t=stale; else t=second; fi
      echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'$t'"}}'`);
    const cluster = await connect({}, { user: execUser(plugin) });
    const reads = await Promise.all([pod(cluster), cluster.node("node1"), cluster.secret("shop", "regcred")]);
    expect(reads.map(({ kind }) => kind)).toEqual(["found", "found", "found"]);
    expect(server.requests.filter(({ status }) => status === 401).length).toBeGreaterThan(0);
  });

  test("an exec plugin's client certificate", async () => {
    const clientAuthority = await createAuthority("clients");
    await serve({ clientAuthority, tokens: {} });
    const { cert, key } = await issue({ authority: clientAuthority, names: ["bob"], client: true });
    const status = { clientCertificateData: cert, clientKeyData: key };
    const credential = { kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status };
    await writeFile(path.join(directory, "credential"), JSON.stringify(credential));
    const plugin = await writePlugin(`cat ${directory}/credential`);
    expect(await pod(await connect({}, { user: execUser(plugin) }))).toMatchObject({ kind: "found" });
    expect(server.requests.at(-1)?.user).toBe("bob");
  });

  async function writePlugin(script: string): Promise<string> {
    const file = path.join(directory, "plugin");
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  }

  function execUser(command: string) {
    return { exec: { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never", env: null } };
  }
});

describe("no way to the API server is one clear sentence", () => {
  test("a refused login (401)", async () => {
    await serve();
    const error = await failure(pod(await connect({}, { user: { token: "wrong-Token-1234567890" } })));
    expect(error.message).toBe(
      `the API server 127.0.0.1:${server.port} does not accept the login of context "demo" (401)`,
    );
    expect(`${error.message}${error.hint}${error.stack}`).not.toContain("wrong-Token");
  });

  test("an unknown authority", async () => {
    await serve({ certificate: await issueSelfSigned({ names: ["localhost"], ips: ["127.0.0.1"] }) });
    const error = await failure(pod(await connect()));
    expect(error.message).toContain("signed by an authority that the kubeconfig does not name");
  });

  test("verification can be left out by flag", async () => {
    await serve({ certificate: await issueSelfSigned({ names: ["localhost"], ips: ["127.0.0.1"] }) });
    expect(await pod(await connect({ insecureSkipTlsVerify: true }))).toMatchObject({ kind: "found" });
  });

  test("a certificate for another name, unless tls-server-name says so", async () => {
    const authority = await createAuthority("api");
    await serve({ certificate: await issue({ authority, names: ["api.example.com"] }) });
    const cluster = { "certificate-authority-data": Buffer.from(authority.cert).toString("base64") };
    expect((await failure(pod(await connect({}, { cluster })))).message).toContain("is for another name");
    const named = await connect({ tlsServerName: "api.example.com" }, { cluster });
    expect(await pod(named)).toMatchObject({ kind: "found" });
  });

  test("nobody listens", async () => {
    await serve();
    const cluster = await connect({ server: "https://127.0.0.1:1" });
    expect((await failure(pod(cluster))).message).toBe(
      "the API server 127.0.0.1:1 cannot be read: the connection was refused (ECONNREFUSED)",
    );
  });

  test("no answer within the time limit", async () => {
    await serve();
    server.fault(hang());
    const since = performance.now();
    const error = await failure(pod(await connect({ requestTimeout: 300 })));
    expect(error.message).toContain("did not answer within 0.3 s");
    expect(performance.now() - since).toBeLessThan(3000);
  });
});

describe("a refusal is a value", () => {
  test("404, 403 and the rule that is missing", async () => {
    await serve();
    server.deny({ resource: "secrets" });
    const cluster = await connect();
    expect(await cluster.pod("shop", "nobody")).toEqual({ kind: "absent" });
    expect(await cluster.secret("shop", "regcred")).toEqual({
      kind: "forbidden",
      verb: "get",
      resource: "secrets",
      namespace: "shop",
    });
  });

  test("a name that would leave its place in the path is absent", async () => {
    await serve();
    const cluster = await connect();
    expect(await cluster.pod("shop", "..")).toEqual({ kind: "absent" });
    expect(await cluster.secret("shop", "../../nodes/node1")).toEqual({ kind: "absent" });
  });

  test("an answer that is no JSON, after others that were", async () => {
    await serve();
    const cluster = await connect();
    await pod(cluster);
    server.fault(answer(200, { body: "<html>Log in</html>", contentType: "text/html" }, { resource: "nodes" }));
    expect(await cluster.node("node1")).toEqual({ kind: "failed", why: "its answer is no JSON (text/html)" });
  });

  test("a body without end", async () => {
    await serve();
    const cluster = await connect();
    await pod(cluster);
    server.fault(answer(200, { body: `"${"x".repeat(9 * 1024 * 1024)}"` }, { resource: "nodes" }));
    expect(await cluster.node("node1")).toEqual({ kind: "failed", why: "its answer was too large" });
  });

  test("a server that falls silent, after others that answered", async () => {
    await serve();
    const cluster = await connect({ requestTimeout: 300 });
    await pod(cluster);
    server.fault(hang({ resource: "nodes" }));
    expect(await cluster.node("node1")).toEqual({ kind: "failed", why: "it did not answer within 0.3 s" });
  });
});

describe("what passes is tried again", () => {
  test("429, after as long as the server asks for", async () => {
    await serve();
    server.fault(answer(429, { headers: { "retry-after": "1" } }, { times: 1 }));
    const since = performance.now();
    expect(await pod(await connect())).toMatchObject({ kind: "found" });
    expect(performance.now() - since).toBeGreaterThan(950);
  });

  test.each([500, 502, 503, 504])("%i, a few times at most", async (status) => {
    await serve();
    server.fault(answer(status, {}, { times: 2 }));
    const cluster = await connect();
    expect(await pod(cluster)).toMatchObject({ kind: "found" });
    server.fault(answer(status, {}, { resource: "nodes" }));
    expect(await cluster.node("node1")).toEqual({ kind: "failed", why: `the API server answered ${status} Fault` });
  });

  test("not beyond the time limit", async () => {
    await serve();
    server.fault(answer(503, { headers: { "retry-after": "3600" } }));
    const since = performance.now();
    expect(await pod(await connect({ requestTimeout: 300 }))).toMatchObject({ kind: "failed" });
    expect(performance.now() - since).toBeLessThan(3000);
  });

  test("a reset connection", async () => {
    await serve();
    server.fault(cut({ times: 2 }));
    expect(await pod(await connect())).toMatchObject({ kind: "found" });
  });

  test("404 and 403 are not", async () => {
    await serve();
    server.deny({});
    await pod(await connect());
    expect(server.requests).toHaveLength(1);
  });
});

describe("lists", () => {
  const many = Array.from({ length: 1203 }, (_, index) => podObject({ name: `web-${String(index).padStart(4, "0")}` }));

  test("go page by page, and keep only what is wanted", async () => {
    await serve({ objects: many });
    const read = await (await connect()).pods({ namespace: "shop" }, ({ name }) => name.endsWith("7"));
    expect(read).toMatchObject({ kind: "found", value: { seen: 1203, complete: true } });
    expect(read.kind === "found" && read.value.items.length).toBe(120);
    expect(server.requests.map(({ query }) => query.get("limit"))).toEqual(["500", "500", "500"]);
    expect(server.requests[0]?.headers["accept-encoding"]).toBe("gzip");
  });

  test("begin anew once where the continue token has expired, and say so where it happens again", async () => {
    await serve({ objects: many });
    const cluster = await connect();
    server.expireContinue(1);
    expect(await cluster.pods({}, () => false)).toMatchObject({ value: { seen: 1203, complete: true } });
    server.expireContinue(2);
    expect(await cluster.pods({}, () => false)).toMatchObject({ value: { seen: 500, complete: false } });
  });

  test("stop where enough was seen", async () => {
    await serve({ objects: many });
    const read = await (await connect()).pods({ most: 10 }, () => true);
    expect(read).toMatchObject({ value: { seen: 10, complete: false } });
    expect(server.requests).toHaveLength(1);
  });

  test("K6: end although the server always has one more page", async () => {
    await serve({ objects: many });
    const cluster = await connect();
    server.fault(async (_request, response) => {
      response.statusCode = 200;
      response.setHeader("content-type", "application/json");
      response.end('{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"more"},"items":[]}');
    });
    expect(await cluster.pods({}, () => true)).toMatchObject({ kind: "found", value: { seen: 0, complete: false } });
  });

  test("give what they have where a later page fails", async () => {
    await serve({ objects: many });
    const cluster = await connect();
    server.fault(async (request, response, next) => {
      if (!request.query.has("continue")) return next();
      response.statusCode = 400;
      response.end("{}");
    });
    expect(await cluster.pods({}, () => true)).toMatchObject({ value: { seen: 500, complete: false } });
  });

  test("select by labels and by fields, with signs that need escaping", async () => {
    await serve();
    const cluster = await connect();
    expect(await cluster.pods({ labels: "app in (web,api),!old" }, () => true)).toMatchObject({ value: { seen: 1 } });
    const fields = { "involvedObject.name": "a,b=c\\d" };
    expect(await cluster.events({ fields, without: { reason: ["Pulled"] } }, () => true)).toMatchObject({
      value: { seen: 0 },
    });
  });
});

describe("the connection", () => {
  const readAll = (cluster: Cluster) =>
    Promise.all([
      pod(cluster),
      cluster.node("node1"),
      cluster.secret("shop", "regcred"),
      cluster.serviceAccount("shop", "default"),
    ]);

  test("is one for all reads, over HTTP/2", async () => {
    await serve();
    const reads = await readAll(await connect());
    expect(reads.map(({ kind }) => kind)).toEqual(["found", "found", "found", "found"]);
    expect(server.connections).toBe(1);
    expect(new Set(server.requests.map(({ httpVersion }) => httpVersion))).toEqual(new Set(["2.0"]));
  });

  test("falls back to HTTP/1.1 where the server speaks nothing else", async () => {
    await serve({ http1Only: true });
    const cluster = await connect({ as: "dev", asGroups: ["one", "two"] });
    expect((await readAll(cluster)).map(({ kind }) => kind)).toEqual(["found", "found", "found", "found"]);
    expect(server.requests[0]).toMatchObject({ httpVersion: "1.1", headers: { "impersonate-group": "one, two" } });
  });

  test.each([false, true])("is made anew after it was lost (HTTP/1.1 only: %s)", async (http1Only) => {
    await serve({ http1Only });
    const cluster = await connect();
    await pod(cluster);
    server.dropConnections();
    expect((await readAll(cluster)).map(({ kind }) => kind)).toEqual(["found", "found", "found", "found"]);
  });

  test("lost in the middle of an answer, the read is tried again", async () => {
    await serve();
    let times = 0;
    server.fault(async (_request, response, next) => {
      if (++times > 1) return next();
      response.setHeader("content-type", "application/json");
      push(response, '{"kind":');
      setTimeout(() => server.dropConnections(), 20);
    });
    expect(await pod(await connect())).toMatchObject({ kind: "found" });
  });

  test("goes through the proxy that the kubeconfig names", async () => {
    await serve();
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, client) => {
      tunnels.push(request.url ?? "");
      const upstream = connectTo(server.port, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
      upstream.pipe(client).pipe(upstream);
      for (const socket of [upstream, client]) socket.on("error", () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const address = proxy.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const cluster = await connect({}, { cluster: { "proxy-url": `http://127.0.0.1:${port}` } });
    expect(await pod(cluster)).toMatchObject({ kind: "found" });
    expect(tunnels).toEqual([`127.0.0.1:${server.port}`]);
    await cluster.close();
    proxy.close();
  });

  test("is ended by close, so that the program can end", async () => {
    await serve();
    const cluster = await connect();
    await pod(cluster);
    await cluster.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.openConnections).toBe(0);
  });
});

test("an auth-provider's token is taken through the client library", async () => {
  await serve();
  const config = { "access-token": server.token };
  expect(await pod(await connect({}, { user: { "auth-provider": { name: "gcp", config } } }))).toMatchObject({
    kind: "found",
  });
});

test("nothing but GET is ever sent", async () => {
  await serve();
  const cluster = await connect();
  await Promise.all([
    pod(cluster),
    cluster.pods({}, () => true),
    cluster.pullSecrets("shop"),
    cluster.pullSecrets(undefined),
    cluster.namespacesWithSecret("regcred"),
    cluster.podNames("shop"),
  ]);
  expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
});

test("an aborted read rejects at once with the signal's own reason", async () => {
  await serve();
  server.fault(slow(5000));
  const cluster = await connect();
  const abort = new AbortController();
  const reason = new Error("Ctrl-C");
  setTimeout(() => abort.abort(reason), 50);
  await expect(cluster.pod("shop", "web-1", abort.signal)).rejects.toBe(reason);
});
