import { describe, expect, test } from "vitest";
import type { Rung } from "../../src/domain/probe.ts";
import type { Address } from "../../src/probe/resolve-name.ts";
import { askWith, login, question } from "./support/asking.ts";
import { type Answers, smallImage, startOddServer } from "./support/odd-server.ts";

const names = ["registry.shop.test", "cdn.elsewhere.test", "evil.test", "auth.shop.test"];
const basic = { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } };
const ci = login("ci", "canary-password-4711");

function to(location: string, status = 307) {
  return { status, headers: { location } };
}

/** Asks the registry of an odd server for one image, as `ci`. */
async function askOdd(answers: Answers, as = ci, more: Record<string, unknown> = {}) {
  await using server = await startOddServer(names, answers);
  const asked = question(`registry.shop.test:${server.port}/shop/web:v1`, as);
  const [probe] = await askWith({ ...server.settings, ...more }, asked);
  return { probe, seen: server.seen, port: server.port };
}

describe("redirects", () => {
  test("R1, R2: whatever is redirected to another origin arrives without a login, and without cookies", async () => {
    const { probe, seen } = await askOdd(({ host, headers, path }, _response) => {
      if (host !== "registry.shop.test") return smallImage;
      if (headers.authorization === undefined) return basic;
      return {
        ...to(`https://cdn.elsewhere.test:${headers.host?.split(":")[1]}${path}`),
        headers: {
          location: `https://cdn.elsewhere.test:${headers.host?.split(":")[1]}${path}`,
          "set-cookie": "session=1",
        },
      };
    });
    expect(probe?.answer.kind).toBe("granted");
    const abroad = seen.filter(({ host }) => host === "cdn.elsewhere.test");
    expect(abroad.length).toBeGreaterThan(0);
    for (const { headers } of abroad) {
      expect(headers.authorization).toBeUndefined();
      expect(headers["proxy-authorization"]).toBeUndefined();
      expect(headers.cookie).toBeUndefined();
    }
  });

  test("a redirect within the origin keeps the login", async () => {
    const { probe } = await askOdd(({ headers, path }) => {
      if (headers.authorization === undefined) return basic;
      return path.endsWith("/moved") ? smallImage : to(`${path}/moved`);
    });
    expect(probe?.answer.kind).toBe("granted");
  });

  test("R2: the same host on another port is another origin", async () => {
    await using other = await startOddServer(names, () => smallImage);
    const { probe } = await askOdd(({ headers, path }) =>
      headers.authorization === undefined ? basic : to(`${other.at("registry.shop.test")}${path}`),
    );
    expect(probe?.answer.kind).toBe("granted");
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test.each([
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/",
    "https://0.0.0.0:10250/",
    "https://2852039166/",
  ])("R3: nobody is led to %s", async (location) => {
    const { probe } = await askOdd(() => to(location));
    expect(probe?.answer).toMatchObject({
      kind: "unreachable",
      fault: expect.stringMatching(/address-refused|redirect-refused/),
    });
  });

  test("R4: a name is judged by the address that is connected to", async () => {
    const looked: string[] = [];
    const lookup = async (name: string): Promise<readonly Address[]> => {
      looked.push(name);
      // A second look-up would answer innocently.
      const rebound = name === "evil.test" && looked.filter((each) => each === name).length === 1;
      return [{ address: rebound ? "169.254.169.254" : "127.0.0.1", family: 4 }];
    };
    const { probe, seen } = await askOdd(
      ({ headers }) => to(`https://evil.test:${headers.host?.split(":")[1]}/v2/`),
      ci,
      { lookup },
    );
    expect(probe?.answer).toMatchObject({
      kind: "unreachable",
      fault: "address-refused",
      host: expect.stringContaining("evil.test"),
      address: "169.254.169.254",
    });
    expect(looked.filter((name) => name === "evil.test")).toHaveLength(1);
    expect(seen.every(({ host }) => host === "registry.shop.test")).toBe(true);
  });

  test("R4: of several addresses only those are tried that may be gone to", async () => {
    const lookup = async (name: string): Promise<readonly Address[]> => [
      ...(name === "cdn.elsewhere.test" ? [{ address: "169.254.169.254", family: 4 as const }] : []),
      { address: "127.0.0.1", family: 4 },
    ];
    const { probe } = await askOdd(
      ({ host, headers }) =>
        host === "cdn.elsewhere.test" ? smallImage : to(`https://cdn.elsewhere.test:${headers.host?.split(":")[1]}/x`),
      ci,
      { lookup },
    );
    expect(probe?.answer.kind).toBe("granted");
    const connects = (probe?.ladder ?? []).filter(({ step }) => step === "connect").map(({ detail }) => detail);
    expect(connects).toEqual(["127.0.0.1", "127.0.0.1"]);
  });

  test("R6: from https to http nobody goes", async () => {
    await using plain = await startOddServer(names, () => smallImage, { scheme: "http" });
    const { probe } = await askOdd(() => to(`${plain.at("cdn.elsewhere.test")}/blob`));
    expect(probe?.answer).toMatchObject({
      kind: "unreachable",
      fault: "redirect-refused",
      host: `cdn.elsewhere.test:${plain.port}`,
    });
    expect(plain.seen).toEqual([]);
  });

  test("R7: a loop ends after five hops", async () => {
    const { probe, seen } = await askOdd(({ path }) => to(path));
    expect(probe?.answer).toMatchObject({ kind: "unreachable", fault: "redirect-refused" });
    expect(seen).toHaveLength(6);
  });

  test.each([
    "javascript:alert(1)",
    "data:,x",
    "file:///etc/passwd",
    "https://user:pass@evil.test/",
    "https://",
    "x".repeat(9_000),
  ])("R8: a Location %.30j leads nowhere", async (location) => {
    const { probe, seen } = await askOdd(() =>
      to(location.startsWith("x") ? `https://evil.test/${location}` : location),
    );
    expect(probe?.answer).toMatchObject({ kind: "unreachable", fault: "bad-response" });
    expect(seen.every(({ host }) => host === "registry.shop.test")).toBe(true);
  });

  test("R8, S9: a redirect without a place is a bad response", async () => {
    const { probe } = await askOdd(() => ({ status: 307 }));
    expect(probe?.answer).toMatchObject({ kind: "unreachable", step: "manifest", fault: "bad-response" });
  });

  test("R11: a registry that redirects everything is followed, and the chain is shown", async () => {
    const { probe } = await askOdd(({ host, headers, path }) =>
      host === "registry.shop.test"
        ? to(`https://cdn.elsewhere.test:${headers.host?.split(":")[1]}${path}?X-Signature=abc`)
        : smallImage,
    );
    expect(probe?.answer.kind).toBe("granted");
    const requests = (probe?.ladder ?? []).filter((rung: Rung) => rung.request !== undefined);
    expect(requests.map(({ host }) => host?.split(":")[0])).toContain("cdn.elsewhere.test");
    expect(JSON.stringify(probe?.ladder)).not.toContain("abc");
  });
});

describe("other places a registry may name", () => {
  test("R9: foreign layer URLs are never asked", async () => {
    const { seen } = await askOdd(({ headers }) => ({
      headers: { "content-type": "application/vnd.oci.image.manifest.v1+json" },
      body: {
        schemaVersion: 2,
        config: {},
        layers: [
          {
            mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            urls: [`https://evil.test:${headers.host?.split(":")[1]}/layer`],
          },
        ],
      },
    }));
    expect(seen.every(({ host }) => host === "registry.shop.test")).toBe(true);
  });

  test.each([
    ["another host", (port: string) => `<https://evil.test:${port}/v2/shop/web/tags/list?n=100>; rel="next"`],
    ["itself", () => '</v2/shop/web/tags/list?n=100>; rel="next"'],
    ["plain http", (port: string) => `<http://registry.shop.test:${port}/v2/shop/web/tags/list>; rel="next"`],
  ])("R10: a next page at %s is not turned to", async (_name, link) => {
    await using server = await startOddServer(names, ({ headers }) => ({
      headers: { "content-type": "application/json", link: link(headers.host?.split(":")[1] ?? "") },
      body: { name: "shop/web", tags: ["v1"] },
    }));
    const asked = question(`registry.shop.test:${server.port}/shop/web:v9`, undefined, { kind: "tags" });
    const [probe] = await askWith(server.settings, asked);
    expect(probe?.answer).toEqual({ kind: "tags", meaning: "granted", tags: ["v1"], complete: false });
    expect(server.seen).toHaveLength(1);
  });

  test("S5: at most five pages are turned", async () => {
    let page = 0;
    await using server = await startOddServer(names, () => {
      page += 1;
      return {
        headers: { link: `</v2/shop/web/tags/list?n=100&last=${page}>; rel="next"` },
        body: { tags: Array.from({ length: 100 }, (_, at) => `t${page}-${at}`) },
      };
    });
    const asked = question(`registry.shop.test:${server.port}/shop/web:v9`, undefined, { kind: "tags" });
    const [probe] = await askWith(server.settings, asked);
    expect(server.seen).toHaveLength(5);
    expect(probe?.answer).toMatchObject({ kind: "tags", complete: false });
    expect(probe?.answer.kind === "tags" && probe.answer.tags.length).toBe(500);
  });

  test("R13: of a blob one byte is read, and the place it came from is named", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    let sent = 0;
    await using server = await startOddServer(names, ({ path, host, headers }, response) => {
      if (host === "cdn.elsewhere.test") {
        // It does not know of ranges, and sends as long as somebody reads.
        const chunk = Buffer.alloc(65_536, "x");
        const more = (): void => {
          do sent += chunk.length;
          while (!response.destroyed && sent < 50_000_000 && response.write(chunk));
          if (sent >= 50_000_000) response.end();
        };
        response.on("drain", more);
        more();
        return undefined;
      }
      if (path.includes("/blobs/"))
        return to(`https://cdn.elsewhere.test:${headers.host?.split(":")[1]}/store/config?sig=1`);
      return {
        headers: { "content-type": "application/vnd.oci.image.manifest.v1+json" },
        body: {
          schemaVersion: 2,
          config: { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: 7 },
          layers: [],
        },
      };
    });
    const [probe] = await askWith(server.settings, question(`registry.shop.test:${server.port}/shop/web:v1`));
    expect(probe?.answer).toMatchObject({
      kind: "granted",
      manifest: { blobsReachable: true, blobHost: `cdn.elsewhere.test:${server.port}` },
    });
    const blob = server.seen.find(({ host }) => host === "cdn.elsewhere.test");
    expect(blob?.headers.range).toBe("bytes=0-0");
    expect(sent).toBeLessThan(20_000_000);
    expect(blob?.headers.authorization).toBeUndefined();
  });

  test("a place of blobs that cannot be reached is told with its name", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    await using server = await startOddServer(names, ({ path }) =>
      path.includes("/blobs/")
        ? to("https://blobs.nowhere.test/store/config")
        : {
            headers: { "content-type": "application/vnd.oci.image.manifest.v1+json" },
            body: {
              schemaVersion: 2,
              config: { mediaType: "application/vnd.oci.image.config.v1+json", digest },
              layers: [],
            },
          },
    );
    const [probe] = await askWith(server.settings, question(`registry.shop.test:${server.port}/shop/web:v1`));
    expect(probe?.answer).toMatchObject({
      kind: "granted",
      manifest: { blobsReachable: false, blobHost: "blobs.nowhere.test", blobFault: "dns-nxdomain" },
    });
  });
});
