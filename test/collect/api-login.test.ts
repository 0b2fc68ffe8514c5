import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Cluster } from "../../src/collect/cluster.ts";
import type { ClusterSettings } from "../../src/collect/cluster-settings.ts";
import { openKubernetes } from "../../src/collect/kubernetes.ts";
import { type ApiServer, type ApiServerOptions, startApiServer } from "../support/api-server.ts";
import { createAuthority, issue, issueExpired, type KeyPair } from "../support/certificates.ts";
import { type KubeconfigOptions, writeKubeconfig } from "../support/kubeconfig.ts";
import { startOidcProvider, tokenEndingIn } from "../support/oidc-provider.ts";
import { podObject } from "./sample-objects.ts";

let directory: string;
let server: ApiServer;
const opened: Cluster[] = [];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "login-"));
});
afterEach(async () => {
  for (const cluster of opened.splice(0)) await cluster.close();
  await rm(directory, { recursive: true });
  await server.close();
});

async function serve(options: ApiServerOptions = {}): Promise<void> {
  server = await startApiServer({ objects: [podObject({ name: "web-1" })], ...options });
}

async function connect(settings: Partial<ClusterSettings>, kubeconfig: KubeconfigOptions = {}): Promise<Cluster> {
  const file = await writeKubeconfig(server, directory, kubeconfig);
  const cluster = await openKubernetes({ kubeconfig: file, environment: {}, ...settings });
  opened.push(cluster);
  return cluster;
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(path.join(directory, name), text);
  return path.join(directory, name);
}

/** Reads a pod, and says who the API server took us for. */
async function who(cluster: Cluster): Promise<string | undefined> {
  expect(await cluster.pod("shop", "web-1")).toMatchObject({ kind: "found" });
  return server.requests.at(-1)?.user;
}

async function refusal(cluster: Promise<Cluster>): Promise<string> {
  const error: unknown = await cluster.then((one) => one.pod("shop", "web-1")).catch((reason: unknown) => reason);
  return error instanceof Error ? error.message : JSON.stringify(error);
}

describe("a token file", () => {
  test("is read again when its token is refused, as a mounted token that was rotated is", async () => {
    const tokens = { second: "rotated" };
    await serve({ tokens });
    const name = await file("token", "first\n");
    const cluster = await connect({}, { user: { tokenFile: name } });
    await file("token", "second\n");
    expect(await who(cluster)).toBe("rotated");
  });

  test("wins over a token beside it, which serves where the file is gone", async () => {
    await serve({ tokens: { file: "of the file", inline: "of the field" } });
    await file("token", "file");
    expect(await who(await connect({}, { user: { tokenFile: "token", token: "inline" } }))).toBe("of the file");
    expect(await who(await connect({}, { user: { tokenFile: "gone", token: "inline" } }))).toBe("of the field");
  });

  test.each([
    ["is empty", "\n", /^the token file \S+ is empty$/],
    ["holds more than a token", "canary\nsecond line", /^the token in \S+ is not one word, as a token is$/],
  ])("that %s is one sentence", async (_, text, expected) => {
    await serve();
    await file("token", text);
    expect(await refusal(connect({}, { user: { tokenFile: "token" } }))).toMatch(expected);
  });
});

describe("a client certificate", () => {
  let authority: Awaited<ReturnType<typeof createAuthority>>;
  beforeEach(async () => {
    authority = await createAuthority("clients");
    await serve({ clientAuthority: authority, tokens: {} });
  });
  const write = async ({ cert, key }: KeyPair) => {
    await file("client.crt", cert);
    await file("client.key", key);
  };

  test("in files beside the kubeconfig", async () => {
    await write(await issue({ authority, names: ["alice"], client: true }));
    const user = { "client-certificate": "client.crt", "client-key": "client.key" };
    expect(await who(await connect({}, { user }))).toBe("alice");
  });

  test("by flag, in the place of the kubeconfig's", async () => {
    await write(await issue({ authority, names: ["bob"], client: true }));
    const clientCertificate = path.join(directory, "client.crt");
    const clientKey = path.join(directory, "client.key");
    const certificate = await issue({ authority, names: ["alice"], client: true });
    expect(await who(await connect({ clientCertificate, clientKey }, { certificate }))).toBe("bob");
  });

  test("by flag, without its key, is no login", async () => {
    expect(await refusal(connect({ clientCertificate: "client.crt" }))).toBe("a client certificate needs its key");
  });

  test("that has ended is said to have ended", async () => {
    const certificate = await issueExpired({ authority, names: ["alice"], client: true });
    expect(await refusal(connect({}, { certificate }))).toMatch(
      /does not accept the login of context "demo" \(401\): its client certificate ended at \d{4}-\d\d-\d\dT[\d:]+Z$/,
    );
  });
});

describe("a token", () => {
  test("that has ended, by its own word, is said to have ended", async () => {
    await serve();
    const token = tokenEndingIn(-3600);
    const said = await refusal(connect({}, { user: { token } }));
    expect(said).toMatch(/\(401\): its token ended at \d{4}-\d\d-\d\dT[\d:]+Z$/);
    expect(said).not.toContain(token.slice(0, 12));
  });

  test("is not sent over plain HTTP, as kubectl does not", async () => {
    await serve();
    const { createServer } = await import("node:http");
    const seen: unknown[] = [];
    const plain = createServer((request, response) => {
      seen.push(request.headers.authorization, request.headers["impersonate-user"]);
      response.end(JSON.stringify(podObject({ name: "web-1" })));
    });
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const address = plain.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const cluster = await connect({ server: `http://127.0.0.1:${port}`, as: "dev" });
    expect(await cluster.pod("shop", "web-1")).toMatchObject({ kind: "found" });
    expect(seen).toEqual([undefined, "dev"]);
    plain.close();
  });
});

test("OpenID Connect: the ID token, or a new one from the provider", async () => {
  const [old, valid, renewed] = [tokenEndingIn(-60), tokenEndingIn(3600, "valid"), tokenEndingIn(3600, "renewed")];
  await serve({ tokens: { [valid]: "by id-token", [renewed]: "by refresh" } });
  await using provider = await startOidcProvider(() => [200, { id_token: renewed }]);
  const authority = await file("idp.pem", provider.authority);
  const user = (token: string) => ({
    "auth-provider": {
      name: "oidc",
      config: {
        "client-id": "kube",
        "client-secret": "s",
        "idp-issuer-url": provider.url,
        "idp-certificate-authority": authority,
        "id-token": token,
        "refresh-token": "r",
      },
    },
  });
  expect(await who(await connect({}, { user: user(valid) }))).toBe("by id-token");
  expect(provider.asked).toEqual([]);
  expect(await who(await connect({}, { user: user(old) }))).toBe("by refresh");
});

describe("inside a pod", () => {
  async function pod(settings: Partial<ClusterSettings> = {}): Promise<Cluster> {
    await file("token", server.token);
    await file("ca.crt", server.authority);
    await file("namespace", "shop\n");
    const cluster = await openKubernetes({
      environment: { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(server.port) },
      serviceAccountDirectory: directory,
      ...settings,
    });
    opened.push(cluster);
    return cluster;
  }

  test("the pod's own service account, in its namespace, without a context", async () => {
    await serve();
    const cluster = await pod();
    expect(await who(cluster)).toBe("tester");
    expect(cluster).toMatchObject({ namespace: "shop", server: server.url });
    expect(cluster.context).toBeUndefined();
  });

  test("flags win there too", async () => {
    await serve({ tokens: { mine: "me" } });
    expect(await who(await pod({ token: "mine", as: "dev", asGroups: ["ops"], asUid: "u1" }))).toBe("me");
    expect(server.requests.at(-1)?.headers).toMatchObject({
      "impersonate-user": "dev",
      "impersonate-group": "ops",
      "impersonate-uid": "u1",
    });
  });

  test("a kubeconfig wins over it, and an empty one does not", async () => {
    await serve({ tokens: { config: "of the kubeconfig" } });
    const kubeconfig = await writeKubeconfig(server, directory, { user: { token: "config" }, file: "config" });
    expect(await who(await pod({ kubeconfig }))).toBe("of the kubeconfig");
    const empty = await file("empty", "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n");
    expect((await pod({ kubeconfig: empty })).namespace).toBe("shop");
  });
});

describe("a name to impersonate", () => {
  test.each([false, true])("is sent in UTF-8, as Go sends it (HTTP/1.1 only: %s)", async (http1Only) => {
    await serve({ http1Only });
    await who(await connect({ as: "jürgen", asGroups: ["größe", "東京"] }));
    const headers = server.requests.at(-1)?.headers;
    const sent = (name: string) => Buffer.from(String(headers?.[name]), "latin1").toString("utf8");
    expect([sent("impersonate-user"), sent("impersonate-group")]).toEqual(["jürgen", "größe, 東京"]);
  });

  test("with a line break in it is refused", async () => {
    await serve();
    expect(await refusal(connect({ as: "a\nImpersonate-Group: system:masters" }))).toBe(
      "a name to impersonate has a control character in it",
    );
  });
});

test("a plugin's token that is no token is one sentence, and is not quoted", async () => {
  await serve();
  const said = JSON.stringify({
    kind: "ExecCredential",
    apiVersion: "client.authentication.k8s.io/v1",
    status: { token: "canary\r\nX-Injected: yes" },
  });
  const { chmod } = await import("node:fs/promises");
  const command = await file("login", `#!/bin/sh\ncat <<'EOF'\n${said}\nEOF\n`);
  await chmod(command, 0o755);
  const user = { exec: { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never" } };
  expect(await refusal(connect({}, { user }))).toBe("the login plugin's token is not one word, as a token is");
});

test("a group to impersonate needs a user", async () => {
  await serve();
  expect(await refusal(connect({ asGroups: ["ops"] }))).toBe(
    "a group or UID to impersonate needs a user to impersonate",
  );
});
