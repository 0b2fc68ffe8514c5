import { rm, writeFile } from "node:fs/promises";
import { createServer as createTlsServer } from "node:https";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RegistryHost } from "../../src/domain/probe.ts";
import { openProber } from "../../src/probe/prober.ts";
import { issue, sharedAuthority } from "../support/certificates.ts";
import { askBy, askWith, imageAt, login, lookupIn, question } from "./support/asking.ts";
import { smallImage, startOddServer } from "./support/odd-server.ts";

const names = ["registry.shop.test", "mirror.shop.test"];
const ci = login("ci", "a-password-of-the-shop");

describe("a run of questions", () => {
  test("S7: the same login in another Secret asks nothing new, and both questions are answered in their words", async () => {
    await using server = await startOddServer(names, ({ headers }) =>
      headers.authorization === undefined
        ? { status: 401, headers: { "www-authenticate": 'Basic realm="shop"' } }
        : smallImage,
    );
    const image = `registry.shop.test:${server.port}/shop/web:v1`;
    const twin = login("ci", "a-password-of-the-shop", "another-secret");
    const probes = await askWith(server.settings, question(image, ci), question(image, twin));
    expect(probes.map((probe) => probe.question.as)).toEqual([ci, twin]);
    expect(server.seen.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
  });

  test("one registry is asked one question at a time", async () => {
    let running = 0;
    let most = 0;
    await using server = await startOddServer(names, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 15));
      running -= 1;
      return smallImage;
    });
    const images = ["a", "b", "c"].map((name) => question(`registry.shop.test:${server.port}/shop/${name}:v1`));
    await askWith(server.settings, ...images);
    expect(most).toBe(1);
  });

  test("429 ends the questions to that host", async () => {
    await using server = await startOddServer(names, () => ({ status: 429, headers: { "retry-after": "30" } }));
    const at = (name: string) => question(`registry.shop.test:${server.port}/shop/${name}:v1`);
    const [first, second] = await askWith(server.settings, at("a"), at("b"));
    expect(first?.answer).toMatchObject({ kind: "refused", meaning: "rate-limited", retryAfter: 30 });
    expect(second?.answer).toMatchObject({ kind: "unasked", why: expect.stringContaining("30 seconds") });
    expect(server.seen.filter(({ path }) => path.includes("/b/"))).toEqual([]);
  });

  test("a run that is stopped answers at once, and asks nothing more", async () => {
    await using server = await startOddServer(names, () => undefined);
    const stop = new AbortController();
    const prober = openProber(server.settings);
    setTimeout(() => stop.abort(), 50);
    const before = performance.now();
    const image = `registry.shop.test:${server.port}/shop/web:v1`;
    const silent = { update: () => {} };
    const probes = await prober.ask([question(image), question(image, ci)], silent, stop.signal);
    await prober.close();
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(probes.map(({ answer }) => answer.kind)).toEqual(["unasked", "unasked"]);
  });

  test("progress names the registry and how far it is", async () => {
    await using server = await startOddServer(names, () => smallImage);
    const prober = openProber(server.settings);
    const told: string[] = [];
    const host = `registry.shop.test:${server.port}`;
    await prober.ask(
      [question(`${host}/a:1`), question(`${host}/b:1`)],
      { update: (text) => told.push(text) },
      new AbortController().signal,
    );
    await prober.close();
    expect(told).toEqual([`Asking ${host} (1 of 2)`, `Asking ${host} (2 of 2)`]);
  });

  test("a registry called localhost is the node's own, where the run is told so", async () => {
    const settings = { timeout: 500, userAgent: "test", loopback: "skip" } as const;
    const [probe] = await askWith(settings, question("localhost:5000/shop/web:v1"));
    expect(probe?.answer).toMatchObject({ kind: "unasked" });
  });

  test("otherwise it is asked, and by plain HTTP if that is what it speaks, as containerd does", async () => {
    await using server = await startOddServer(names, () => smallImage, { scheme: "http" });
    const [probe] = await askWith(server.settings, question(`127.0.0.1:${server.port}/shop/web:v1`));
    expect(probe?.answer.kind).toBe("granted");
  });

  test("but not as CRI-O does, to which this machine is like any other", async () => {
    await using server = await startOddServer(names, () => smallImage, { scheme: "http" });
    const image = `127.0.0.1:${server.port}/shop/web:v1`;
    const as = (name: "containerd" | "cri-o") => question(image, undefined, { runtime: { name, version: "1.31.0" } });
    const [containerd, crio] = await askWith(server.settings, as("containerd"), as("cri-o"));
    expect(containerd?.answer.kind).toBe("granted");
    expect(crio?.answer).toMatchObject({ kind: "unreachable", fault: "http-response-to-https" });
  });

  test("a name does not fall back to plain HTTP", async () => {
    await using server = await startOddServer(names, () => smallImage, { scheme: "http" });
    const [probe] = await askWith(server.settings, question(`registry.shop.test:${server.port}/shop/web:v1`, ci));
    expect(probe?.answer).toMatchObject({ kind: "unreachable", fault: "http-response-to-https" });
    expect(server.seen).toEqual([]);
  });

  test("a tag list is read, and a signature found by its tag", async () => {
    const digest = `sha256:${"b".repeat(64)}`;
    await using server = await startOddServer(names, ({ path }) => {
      if (path.startsWith("/v2/shop/web/tags/list"))
        return { body: { name: "shop/web", tags: ["v1", "v2", "no\u001bsuch", 7] } };
      if (path.includes("/referrers/")) return { status: 404 };
      return path.endsWith(".sig") ? smallImage : { status: 404 };
    });
    const image = `registry.shop.test:${server.port}/shop/web`;
    const [tags, signatures] = await askWith(
      server.settings,
      question(`${image}:v9`, undefined, { kind: "tags" }),
      question(`${image}@${digest}`, undefined, { kind: "signatures" }),
    );
    expect(tags?.answer).toEqual({ kind: "tags", meaning: "granted", tags: ["v1", "v2"], complete: true });
    expect(signatures?.answer).toEqual({ kind: "signatures", meaning: "granted", found: ["cosign signature"] });
  });
});

describe("the node's way through its mirrors", () => {
  function mirror(server: { port: number }, more: Partial<RegistryHost> = {}): RegistryHost {
    return { scheme: "https", host: `mirror.shop.test:${server.port}`, path: "/v2", capabilities: ["pull"], ...more };
  }

  test("a mirror is asked beside the registry, with ?ns= and without the login, and the answers stay apart", async () => {
    await using server = await startOddServer(names, ({ host, headers }) => {
      if (host === "mirror.shop.test") return { status: 404, body: { errors: [{ code: "NAME_UNKNOWN" }] } };
      return headers.authorization === undefined
        ? { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } }
        : smallImage;
    });
    const image = `registry.shop.test:${server.port}/shop/web:v1`;
    const nodeConfig = async () => ({ sources: [{ reference: imageAt(image), host: mirror(server) }] });
    const probes = await askWith({ ...server.settings, nodeConfig }, question(image, ci));
    expect(probes.map(({ answer }) => answer.kind)).toEqual(["granted", "refused"]);
    expect(probes[1]?.question.via?.host).toBe(`mirror.shop.test:${server.port}`);
    const atMirror = server.seen.filter(({ host }) => host === "mirror.shop.test");
    expect(atMirror.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    expect(atMirror[0]?.path).toBe(`/v2/shop/web/manifests/v1?ns=registry.shop.test%3A${server.port}`);
  });

  test("a mirror's own authority is trusted there, and headers of the node go to it alone", async () => {
    const file = join(tmpdir(), `imagedoctor-mirror-${process.pid}.pem`);
    await writeFile(file, (await sharedAuthority()).cert);
    await using server = await startOddServer(names, () => smallImage);
    const image = `registry.shop.test:${server.port}/shop/web:v1`;
    const via = mirror(server, { ca: [file], headers: { "X-Node": ["one"] } });
    const { ca: _none, ...settings } = server.settings;
    const prober = openProber(settings);
    const [without, through] = await askBy(prober, question(image), question(image, undefined, { via }));
    expect(without?.answer).toMatchObject({ kind: "unreachable", fault: "tls-unknown-ca" });
    expect(through?.answer.kind).toBe("granted");
    // Its file is read once for all images.
    await rm(file);
    const other = question(image.replace("v1", "v2"), undefined, { via });
    expect((await askBy(prober, other))[0]?.answer.kind).toBe("granted");
    await prober.close();
    expect(server.seen.every(({ headers, host }) => headers["x-node"] === "one" && host === "mirror.shop.test")).toBe(
      true,
    );
  });

  test("the registry itself is not asked twice because the node's list names it, too; what the list is worth is said", async () => {
    await using server = await startOddServer(names, () => smallImage);
    const image = `registry.shop.test:${server.port}/shop/web:v1`;
    const own = { ...mirror(server), host: `registry.shop.test:${server.port}` };
    const nodeConfig = async () => ({
      sources: [{ reference: imageAt(image), host: own }],
      ignored: "hosts.toml: toml: bad",
    });
    const probes = await askWith({ ...server.settings, nodeConfig }, question(image));
    expect(probes).toHaveLength(1);
    expect(probes[0]?.ladder[0]).toMatchObject({ outcome: "skipped", detail: "hosts.toml: toml: bad" });
    expect(server.seen).toHaveLength(2);
  });

  test.each(["containerd", "cri-o"] as const)(
    "N6: a mirror for which %s may fall back to plain HTTP is asked so, and without the node's secrets",
    async (httpFallback) => {
      await using plain = await startOddServer(names, () => smallImage, { scheme: "http" });
      const secrets = {
        Authorization: ["Basic bm9kZTpzZWNyZXQ="],
        "X-Auth-Token": ["a-secret"],
        "X-JFrog-Art-Api": ["a-secret"],
        "X-Shop": ["shop", "Bearer a-secret"],
        "X-Node": ["AKCp8h9dEXAMPLE0123456789abcdefgh"],
      };
      const via = mirror(plain, { httpFallback, headers: { ...secrets, "X-Team": ["shop"] } });
      const [probe] = await askWith(plain.settings, question("registry.shop.test/shop/web:v1", undefined, { via }));
      expect(probe?.answer.kind).toBe("granted");
      const held = Object.keys(secrets).map((name) => name.toLowerCase());
      expect(plain.seen.flatMap(({ headers }) => held.filter((name) => name in headers))).toEqual([]);
      expect(plain.seen.map(({ headers }) => headers["x-team"])).toEqual(plain.seen.map(() => "shop"));
    },
  );

  test("N7: nor do the node's secrets go over a connection whose certificate is not checked", async () => {
    await using server = await startOddServer(names, () => smallImage);
    const via = mirror(server, { skipVerify: true, headers: { Authorization: ["Basic bm9kZTpzZWNyZXQ="] } });
    const { ca: _none, ...settings } = server.settings;
    await askWith(settings, question("registry.shop.test/shop/web:v1", undefined, { via }));
    expect(server.seen.length).toBeGreaterThan(0);
    expect(server.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  test("for CRI-O what answers HTTPS and is no registry is asked in the clear; for containerd it is the answer", async () => {
    await using plain = await startOddServer(names, () => smallImage, { scheme: "http" });
    await using other = await startOddServer(names, () => ({ status: 404 }));
    // One port for both: the first byte of TLS is 22.
    const front = createServer((socket) =>
      socket.once("data", (first) => {
        const behind = connect(first[0] === 22 ? other.port : plain.port, "127.0.0.1");
        behind.write(first);
        for (const each of [socket, behind]) each.on("error", () => {});
        socket.pipe(behind).pipe(socket);
      }),
    );
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
    const address = front.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const by = (httpFallback: "containerd" | "cri-o") =>
      question("registry.shop.test/shop/web:v1", undefined, { via: mirror({ port }, { httpFallback }) });
    const answers = (await askWith(plain.settings, by("cri-o"), by("containerd"))).map(({ answer }) => answer.kind);
    front.close();
    expect(answers).toEqual(["granted", "refused"]);
  });

  test("headers of the node do not follow a redirect elsewhere", async () => {
    await using server = await startOddServer(names, ({ host, path, headers }) =>
      host === "mirror.shop.test"
        ? { status: 307, headers: { location: `https://registry.shop.test:${headers.host?.split(":")[1]}${path}` } }
        : smallImage,
    );
    const via = mirror(server, { headers: { Authorization: ["Basic bm9kZTpzZWNyZXQ="] } });
    const [probe] = await askWith(
      server.settings,
      question(`registry.shop.test:${server.port}/shop/web:v1`, undefined, { via }),
    );
    expect(probe?.answer.kind).toBe("granted");
    const abroad = server.seen.filter(({ host }) => host === "registry.shop.test");
    expect(abroad.length).toBeGreaterThan(0);
    expect(abroad.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  test("N7: where the node does not check the registry's certificate, nor do we in the end, and no login goes there unchecked", async () => {
    await using server = await startOddServer(names, ({ headers }) =>
      headers.authorization === undefined
        ? { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } }
        : smallImage,
    );
    const image = `registry.shop.test:${server.port}/shop/web:v1`;
    const host = { ...mirror(server), host: `registry.shop.test:${server.port}`, skipVerify: true };
    const nodeConfig = async () => ({ sources: [{ reference: imageAt(image), host }] });
    const { ca: _none, ...settings } = server.settings;
    const asked = [question(image, ci), question(image)];
    const [login, nobody, ...others] = await askWith({ ...settings, nodeConfig }, ...asked);
    expect(others).toEqual([]);
    expect(login?.answer).toMatchObject({ kind: "unasked", why: expect.stringContaining("does not check") });
    expect(nobody?.answer).toMatchObject({ kind: "refused", meaning: "login-wanted" });
    expect(server.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    // A certificate that is good is as good for a login as anywhere.
    const [good] = await askWith({ ...server.settings, nodeConfig }, question(image, ci));
    expect(good?.answer.kind).toBe("granted");
  });
});

test("whatever is wrong with a certificate that the node does not check, it is passed over", async () => {
  const authority = await sharedAuthority();
  const name = "registry.shop.test";
  const forClients = await issue({ authority, names: [name], ips: ["127.0.0.1"], client: true });
  const server = createTlsServer(forClients, (_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const host = `${name}:${typeof address === "object" && address !== null ? address.port : 0}`;
  const image = `${host}/shop/web:v1`;
  const asked = async (way: Partial<RegistryHost>) => {
    const place: RegistryHost = { scheme: "https", host, path: "/v2", capabilities: ["pull", "resolve"], ...way };
    const nodeConfig = async () => ({ sources: [{ reference: imageAt(image), host: place }] });
    const lookup = lookupIn(new Map([[name, "127.0.0.1"]]));
    const settings = { timeout: 4_000, userAgent: "test", ca: [authority.cert], lookup, nodeConfig };
    return (await askWith(settings, question(image)))[0]?.answer;
  };
  expect(await asked({})).toMatchObject({ kind: "unreachable", systemCode: "INVALID_PURPOSE" });
  expect(await asked({ skipVerify: true })).toMatchObject({ kind: "refused", words: { status: 404 } });
  server.close();
});

describe("certificates that cannot be used", () => {
  const authority = sharedAuthority();

  test("a certificate without its key is told before anything is sent", () => {
    const cert = "-----BEGIN CERTIFICATE-----\nbm9wZQ==\n-----END CERTIFICATE-----\n";
    expect(() => openProber({ timeout: 1_000, userAgent: "test", cert })).toThrow("cannot be used");
  });

  test("a key of another certificate is told, too", async () => {
    const mine = await issue({ authority: await authority, names: ["a"], client: true });
    const other = await issue({ authority: await authority, names: ["b"], client: true });
    const open = () => openProber({ timeout: 1_000, userAgent: "test", cert: mine.cert, key: other.key });
    expect(open).toThrow("cannot be used");
  });
});
