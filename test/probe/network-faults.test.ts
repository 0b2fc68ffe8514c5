import { createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openProber } from "../../src/probe/prober.ts";
import type { Address } from "../../src/probe/resolve-name.ts";
import { createAuthority, issue, sharedAuthority } from "../support/certificates.ts";
import { startBlackhole } from "../support/registry-silence.ts";
import { startTown, type Town } from "../support/registry-town.ts";
import { ask, askBy, askWith, login, ownAddress, question, settingsFor } from "./support/asking.ts";

const images = [{ repository: "shop/web", tags: ["v1"] }] as const;

describe("what keeps a registry from being heard", () => {
  let town: Town;
  beforeAll(async () => {
    town = await startTown(
      {
        "open.reg.test:5443": { images },
        "expired.reg.test:5004": { images, certificate: "expired" },
        "early.reg.test:5014": { images, certificate: "not-yet-valid" },
        "wronghost.reg.test:5005": { images, certificate: { names: ["other.reg.test"] } },
        "untrusted.reg.test:5006": { images, certificate: "untrusted" },
        "selfsigned.reg.test:5016": { images, certificate: "self-signed" },
        "nointermediate.reg.test:5026": { images, certificate: "without-intermediate" },
        "wildcard.reg.test:5027": { images, certificate: { names: ["*.reg.test"] } },
        "partial.reg.test:5028": { images, certificate: { names: ["part*.reg.test"] } },
        "two.labels.reg.test:5029": { images, certificate: { names: ["*.reg.test"] } },
        "mtls.reg.test:5003": { images, client: "handshake-fails" },
        "mtls400.reg.test:5013": { images, client: "status-400" },
        "plainhttp.reg.test:5000": { images, scheme: "http" },
        "refused.reg.test:5999": { listens: "refuses" },
        "blackhole.reg.test:5555": { listens: "blackhole" },
        "silent.reg.test:5556": { listens: "silent" },
      },
      ownAddress(),
    );
  });
  afterAll(() => town.close());

  test.each([
    ["a name that does not exist", "no-such-host.reg.test/shop/web:v1", "resolve", "dns-nxdomain", "ENOTFOUND"],
    ["a closed port", "refused.reg.test:5999/shop/web:v1", "connect", "connect-refused", "ECONNREFUSED"],
    ["L8: an expired certificate", "expired.reg.test:5004/shop/web:v1", "tls", "tls-cert-expired", "CERT_HAS_EXPIRED"],
    [
      "L8: one that begins later",
      "early.reg.test:5014/shop/web:v1",
      "tls",
      "tls-cert-not-yet-valid",
      "CERT_NOT_YET_VALID",
    ],
    [
      "L8: one for another host",
      "wronghost.reg.test:5005/shop/web:v1",
      "tls",
      "tls-hostname-mismatch",
      "ERR_TLS_CERT_ALTNAME_INVALID",
    ],
    [
      "one with an asterisk within a label, as Go reads it",
      "partial.reg.test:5028/shop/web:v1",
      "tls",
      "tls-hostname-mismatch",
      undefined,
    ],
    [
      "one with an asterisk for two labels",
      "two.labels.reg.test:5029/shop/web:v1",
      "tls",
      "tls-hostname-mismatch",
      undefined,
    ],
    ["L8: one of an unknown authority", "untrusted.reg.test:5006/shop/web:v1", "tls", "tls-unknown-ca", undefined],
    [
      "L8: one that signed itself",
      "selfsigned.reg.test:5016/shop/web:v1",
      "tls",
      "tls-unknown-ca",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
    ],
    [
      "L8: one whose intermediate is missing",
      "nointermediate.reg.test:5026/shop/web:v1",
      "tls",
      "tls-unknown-ca",
      undefined,
    ],
    [
      "a client certificate wanted in the handshake",
      "mtls.reg.test:5003/shop/web:v1",
      "tls",
      "tls-client-certificate-required",
      undefined,
    ],
    [
      "a client certificate wanted by a page",
      "mtls400.reg.test:5013/shop/web:v1",
      "tls",
      "tls-client-certificate-required",
      undefined,
    ],
    [
      "plain HTTP on the port",
      "plainhttp.reg.test:5000/shop/web:v1",
      "tls",
      "http-response-to-https",
      "ERR_SSL_WRONG_VERSION_NUMBER",
    ],
  ] as const)("%s is told by its code", async (_name, image, step, fault, systemCode) => {
    const before = town.ledger.entries.length;
    const { answer, ladder } = await ask(town, question(image, login("ci", "a-password-of-the-shop")));
    expect(answer).toMatchObject({ kind: "unreachable", step, fault, host: image.split("/")[0] });
    if (systemCode !== undefined) expect(answer).toMatchObject({ systemCode });
    expect(ladder.filter(({ outcome }) => outcome === "failed").map((rung) => rung.step)).toContain(step);
    expect(town.ledger.entries.slice(before).every((entry) => entry.login === "none")).toBe(true);
  });

  test("a certificate for all names of a domain is one for each", async () => {
    const { answer } = await ask(town, question("wildcard.reg.test:5027/shop/web:v1"));
    expect(answer).toMatchObject({ kind: "granted" });
  });

  test("a refused certificate is shown with names, issuer and dates", async () => {
    const { answer } = await ask(town, question("wronghost.reg.test:5005/shop/web:v1"));
    expect(answer).toMatchObject({
      certificate: { names: ["other.reg.test"], issuer: expect.stringContaining("CN=") },
    });
  });

  test("N7: over a bad certificate not a byte of a login is sent, and no request at all", async () => {
    const before = town.ledger.entries.length;
    await ask(town, question("untrusted.reg.test:5006/shop/web:v1", login("ci", "a-password-of-the-shop")));
    expect(town.ledger.entries.length).toBe(before);
  });

  test("a port that swallows everything is a connect time-out, a mute server a TLS time-out", async () => {
    const settings = await settingsFor(town, { timeout: 700 });
    const [hole, silent] = await askWith(
      settings,
      question("blackhole.reg.test:5555/shop/web:v1"),
      question("silent.reg.test:5556/shop/web:v1"),
    );
    // Windows swallows nothing: it refuses what a queue has no room for (Winsock's listen).
    if (process.platform !== "win32") {
      expect(hole?.answer).toMatchObject({ kind: "unreachable", step: "connect", fault: "connect-timeout" });
    }
    expect(silent?.answer).toMatchObject({ kind: "unreachable", step: "tls", fault: "tls-handshake-timeout" });
  });

  test("a client certificate opens what wants one", async () => {
    const authority = await sharedAuthority();
    const { cert, key } = await issue({ authority, names: ["ci"], client: true });
    for (const image of ["mtls.reg.test:5003/shop/web:v1", "mtls400.reg.test:5013/shop/web:v1"]) {
      const { answer } = await ask(town, question(image), { cert, key });
      expect(answer.kind).toBe("granted");
    }
  });

  test("a client certificate of another authority is told as one that is wanted", async () => {
    const authority = await createAuthority("Somebody else");
    const { cert, key } = await issue({ authority, names: ["ci"], client: true });
    const { answer } = await ask(town, question("mtls.reg.test:5003/shop/web:v1"), { cert, key });
    expect(answer).toMatchObject({ kind: "unreachable", step: "tls" });
  });

  test("N6: --plain-http speaks HTTP to that host, and to no other", async () => {
    const settings = await settingsFor(town, { plainHttp: ["plainhttp.reg.test:5000"] });
    const [plain, capital, secure] = await askWith(
      settings,
      question("plainhttp.reg.test:5000/shop/web:v1"),
      question("PlainHTTP.reg.test:5000/shop/web:v1"),
      question("open.reg.test:5443/shop/web:v1"),
    );
    expect([plain?.answer.kind, capital?.answer.kind]).toEqual(["granted", "granted"]);
    expect(secure?.answer.kind).toBe("granted");
    expect(town.ledger.entries.map(({ origin }) => origin)).toContain("https://open.reg.test:5443");
  });

  test("plain HTTP spoken to a TLS port is told as that", async () => {
    const { answer } = await ask(town, question("open.reg.test:5443/shop/web:v1"), {
      plainHttp: ["open.reg.test:5443"],
    });
    expect(answer).toMatchObject({
      kind: "unreachable",
      fault: expect.stringMatching(/https-required|connection-reset/),
    });
  });

  test("--resolve sends a name elsewhere, and the certificate is still the name's", async () => {
    const address = town.names.get("open.reg.test") ?? "";
    const lookup = () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
    const resolve = new Map([["open.reg.test", address]]);
    const { answer, ladder } = await ask(town, question("open.reg.test:5443/shop/web:v1"), { lookup, resolve });
    expect(answer.kind).toBe("granted");
    expect(ladder[0]).toMatchObject({ step: "resolve", detail: address });
  });

  test.each([
    ["EAI_AGAIN", "dns-server-failure"],
    ["ETIMEOUT", "dns-unreachable"],
    ["ENOTFOUND", "dns-nxdomain"],
  ])("a resolver's %s is %s", async (code, fault) => {
    const lookup = () => Promise.reject(Object.assign(new Error("words do not count"), { code }));
    const { answer } = await ask(town, question("open.reg.test:5443/shop/web:v1"), { lookup });
    expect(answer).toMatchObject({ kind: "unreachable", step: "resolve", fault });
  });

  test("a resolver that never answers is a time-out of the resolver", async () => {
    const lookup = () => new Promise<never>(() => {});
    const { answer } = await ask(town, question("open.reg.test:5443/shop/web:v1"), { lookup, timeout: 200 });
    expect(answer).toMatchObject({ kind: "unreachable", step: "resolve", fault: "dns-unreachable" });
  });

  test("L7: a dead IPv6 address costs less than 2 seconds, and the ladder names both", async () => {
    const address = town.names.get("open.reg.test") ?? "";
    // 100::/64 is for addresses that nobody answers at (RFC 6666).
    const lookup = async (): Promise<readonly Address[]> => [
      { address: "100::1", family: 6 },
      { address, family: 4 },
    ];
    const before = performance.now();
    const { answer, ladder } = await ask(town, question("open.reg.test:5443/shop/web:v1"), { lookup });
    expect(answer.kind).toBe("granted");
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(ladder[0]?.detail).toBe(`100::1, ${address}`);
  });

  test.runIf(process.platform === "linux")(
    "L7: an address that swallows everything costs a quarter of a second",
    async () => {
      await using hole = await startBlackhole(ownAddress(2), 5443);
      const lookup = async (): Promise<readonly Address[]> => [
        { address: hole.address, family: 4 },
        { address: town.names.get("open.reg.test") ?? "", family: 4 },
      ];
      const before = performance.now();
      const { answer, ladder } = await ask(town, question("open.reg.test:5443/shop/web:v1"), { lookup });
      expect(answer.kind).toBe("granted");
      expect(performance.now() - before).toBeLessThan(1_500);
      expect(ladder.find(({ step }) => step === "connect")?.detail).toContain(`${hole.address}: no answer yet`);
    },
  );

  test("a place that could not be reached is not tried for every question", async () => {
    const settings = await settingsFor(town, { timeout: 400 });
    const before = performance.now();
    const probes = await askWith(
      settings,
      question("blackhole.reg.test:5555/shop/web:v1"),
      question("blackhole.reg.test:5555/shop/web:v2"),
      question("blackhole.reg.test:5555/shop/api:v1"),
    );
    expect(probes.map(({ answer }) => answer.kind)).toEqual(["unreachable", "unreachable", "unreachable"]);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe("servers that are no registries", () => {
  let server: Server;
  let port = 0;
  let banner = "";
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(banner));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterAll(() => server.close());

  test.each([
    ["SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "tls-handshake-failed"],
    ["HTTP/1.1 400 Bad Request\r\n\r\n", "http-response-to-https"],
    ["", "connection-reset"],
  ])("what answers %j to a handshake is %s", async (text, fault) => {
    banner = text;
    const lookup = async (): Promise<readonly Address[]> => [{ address: "127.0.0.1", family: 4 }];
    const settings = { timeout: 3_000, userAgent: "test", lookup };
    const [probe] = await askWith(settings, question(`odd.reg.test:${port}/shop/web:v1`));
    expect(probe?.answer).toMatchObject({ kind: "unreachable", step: "tls", fault });
  });
});

describe("a run that is closed", () => {
  test("waits for nothing: not for a resolver, not for a connection", async () => {
    const lookup = (name: string) =>
      name === "never.reg.test"
        ? new Promise<never>(() => {})
        : Promise.resolve([{ address: "100::1", family: 6 as const }]);
    const prober = openProber({ timeout: 30_000, userAgent: "test", lookup });
    const asked = askBy(prober, question("never.reg.test/a:1"), question("nowhere.reg.test/a:1"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = performance.now();
    await prober.close();
    const probes = await asked;
    expect(performance.now() - before).toBeLessThan(500);
    expect(probes.map(({ answer }) => answer.kind)).toEqual(["unreachable", "unreachable"]);
  });
});

describe("old TLS", () => {
  test("L8: a server that speaks nothing newer than TLS 1.1 is told as a failed handshake, with its code", async () => {
    const { cert, key } = await issue({ authority: await sharedAuthority(), names: ["old.reg.test"] });
    const server = createTlsServer({
      cert,
      key,
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "ALL:@SECLEVEL=0",
    });
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const lookup = async (): Promise<readonly Address[]> => [{ address: "127.0.0.1", family: 4 }];
    const [probe] = await askWith({ timeout: 3_000, userAgent: "test", lookup }, question(`old.reg.test:${port}/a:1`));
    server.close();
    expect(probe?.answer).toMatchObject({
      kind: "unreachable",
      step: "tls",
      fault: "tls-handshake-failed",
      systemCode: expect.stringMatching(/^ERR_SSL/),
    });
  });
});
