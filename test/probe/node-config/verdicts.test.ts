import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CaseFile } from "../../../src/domain/case-file.ts";
import { anonymous } from "../../../src/domain/probe.ts";
import { mirrorFailed } from "../../../src/knowledge/causes/mirror-failed.ts";
import { examplePod, said } from "../../../src/knowledge/evidence/example-parts.ts";
import { nodesWay } from "../../../src/knowledge/evidence/node-config.ts";
import { readHostsDirectory, readRegistriesConf } from "../../../src/probe/node-config/read-node-config.ts";
import { login } from "../support/asking.ts";
import { caseOf, judge } from "../support/judging.ts";
import { type Answers, type OddServer, smallImage, startOddServer } from "../support/odd-server.ts";

const names = ["registry.shop.test", "mirror.shop.test", "second.shop.test"];
const planned: Partial<CaseFile> = { target: { ...examplePod, containerKind: "planned" } };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "node-verdicts-"));
});
afterEach(() => rm(root, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), text);
}

function imageOf({ port }: OddServer): string {
  return `registry.shop.test:${port}/shop/web:v1`;
}

/** What is said of an image where the node's certs.d has this hosts.toml for its registry. */
async function judgeWith(server: OddServer, toml: string, parts: Partial<CaseFile>) {
  await write(`registry.shop.test:${server.port}/hosts.toml`, toml);
  const nodeConfig = await readHostsDirectory(root);
  return judge({ ...server.settings, nodeConfig }, caseOf(imageOf(server), [], parts));
}

function hosts(server: OddServer): readonly string[] {
  return [...new Set(server.seen.map(({ host }) => host))];
}

const mirrorsFail: Answers = ({ host }) => (host === "registry.shop.test" ? smallImage : { status: 500 });

describe("registries.conf", () => {
  async function judgeConf(server: OddServer, conf: string, parts: Partial<CaseFile>, text = imageOf(server)) {
    await write("registries.conf", conf);
    const nodeConfig = await readRegistriesConf(join(root, "registries.conf"));
    const file = caseOf(imageOf(server), [anonymous], parts);
    if (file.reference.kind !== "valid") throw new Error("no reference");
    const reference = { ...file.reference.reference, text };
    return judge({ ...server.settings, nodeConfig }, { ...file, reference: { kind: "valid", reference } });
  }

  test("two mirrors on one host are told apart by the names that the image has there", async () => {
    await using server = await startOddServer(names, ({ host, path }) =>
      host === "mirror.shop.test" && path.includes("/second/") ? smallImage : { status: 500 },
    );
    const mirror = (path: string) => `[[registry.mirror]]\nlocation = "mirror.shop.test:${server.port}/${path}"\n`;
    const conf = `[[registry]]\nlocation = "registry.shop.test:${server.port}"\n${mirror("first")}${mirror("second")}`;
    const { file, diagnosis } = await judgeConf(server, conf, { symptoms: [said("cause-hidden")] });
    const at = `mirror.shop.test:${server.port}`;
    expect(nodesWay(file).stations.map(({ place, probe }) => [place, probe.answer.kind])).toEqual([
      [`${at}/first/shop/web`, "refused"],
      [`${at}/second/shop/web`, "granted"],
      [`registry.shop.test:${server.port}`, "refused"],
    ]);
    expect(diagnosis?.title).toBe(`The mirror ${at}/second/shop/web, which the node asks, gives the image now`);
  });

  test.each([
    ["nobody has tried yet", planned, "certain"],
    ["the node says the same", { symptoms: [said("registry-policy-blocked")] }, "certain"],
    ["the node names no cause", { symptoms: [said("cause-hidden")] }, "likely"],
  ] as const)("a registry that it blocks is found, and nobody is asked: %s", async (_name, parts, certainty) => {
    await using server = await startOddServer(names, () => smallImage);
    const judged = await judgeConf(server, '[[registry]]\nprefix = "*.shop.test"\nblocked = true\n', parts);
    expect([judged.code, judged.certainty]).toEqual(["registry-policy-blocked", certainty]);
    expect(judged.diagnosis?.title).toContain("blocks *.shop.test");
    expect(judged.diagnosis?.evidence[0]).toMatchObject({ source: "node configuration" });
    expect(server.seen).toEqual([]);
  });

  test("where the node had another answer, the file is not believed over it", async () => {
    await using server = await startOddServer(names, () => smallImage);
    const conf = '[[registry]]\nprefix = "*.shop.test"\nblocked = true\n';
    const judged = await judgeConf(server, conf, { symptoms: [said("manifest-not-found")] });
    expect(judged.code).toBe("manifest-not-found");
    expect(judged.diagnosis?.alternatives).toContain("registry-policy-blocked");
  });

  test.each([
    ["unqualified-search-registries = []\n", "short-name-unresolved"],
    ['unqualified-search-registries = ["docker.io", "quay.io"]\n', "short-name-ambiguous"],
  ])("a name without a registry: %s", async (conf, code) => {
    await using server = await startOddServer(names, () => smallImage);
    const judged = await judgeConf(server, conf, planned, "web:v1");
    expect([judged.code, judged.certainty]).toEqual([code, "certain"]);
    expect(server.seen).toEqual([]);
  });
});

describe("the node's own logins", () => {
  const basic = `Basic ${Buffer.from("node:a-password-of-the-node").toString("base64")}`;
  const guarded: Answers = ({ host, headers }) =>
    host !== "mirror.shop.test"
      ? { status: 500 }
      : headers.authorization === basic
        ? smallImage
        : { status: 401, headers: { "www-authenticate": 'Basic realm="mirror"' } };

  test.each([
    ["an entry of the mirror's host", "mirror.shop.test:PORT", "nothing"],
    ["one of a part of its path", "mirror.shop.test:PORT/cache", "nothing"],
    ["one of another path", "mirror.shop.test:PORT/cach", "registry-server-error"],
  ])("go to a mirror as CRI-O chooses them, and nowhere else: %s", async (_name, key, wanted) => {
    await using server = await startOddServer(names, guarded);
    const at = (name: string) => `${name}:${server.port}`;
    await write(
      "registries.conf",
      `[[registry]]\nlocation = "${at("registry.shop.test")}"\n[[registry.mirror]]\nlocation = "${at("mirror.shop.test")}/cache"\n`,
    );
    const auth = Buffer.from("node:a-password-of-the-node").toString("base64");
    await write("auth.json", JSON.stringify({ auths: { [key.replace("PORT", String(server.port))]: { auth } } }));
    const nodeConfig = await readRegistriesConf(join(root, "registries.conf"), join(root, "auth.json"));
    const { file, code, diagnosis } = await judge(
      { ...server.settings, nodeConfig },
      caseOf(imageOf(server), [], planned),
    );
    const way = file.probes.find(({ question }) => question.via !== undefined);
    expect(way?.answer.kind).toBe(wanted === "nothing" ? "granted" : "refused");
    expect(code).toBe(wanted);
    expect(server.seen.filter(({ headers }) => headers.authorization !== undefined).map(({ host }) => host)).toEqual(
      wanted === "nothing" ? ["mirror.shop.test"] : [],
    );
    expect(JSON.stringify(diagnosis ?? {})).not.toContain("a-password-of-the-node");
  });

  test("a file that CRI-O could not use is the user's to mend", async () => {
    await write("registries.conf", "");
    await write("auth.json", "not JSON");
    const read = readRegistriesConf(join(root, "registries.conf"), join(root, "auth.json"));
    await expect(read).rejects.toMatchObject({ code: "usage" });
  });
});

describe("hosts.toml", () => {
  test("a file with an error is told where the node cannot reach the registry that it asks in the mirror's place", async () => {
    await using server = await startOddServer(names, () => smallImage);
    const toml = '[host."https://mirror.shop.test"]\ncapabilities = ["everything"]\n';
    const judged = await judgeWith(server, toml, { symptoms: [said("connect-timeout")] });
    expect([judged.code, judged.certainty]).toEqual(["node-registry-config", "likely"]);
    expect(judged.diagnosis?.title).toContain("unknown capability everything");
    expect(judged.diagnosis?.alternatives).toContain("connect-timeout");
    expect(hosts(server)).toEqual(["registry.shop.test"]);
  });

  test.each(['[host."httpbin.example.com"]', '[host."HTTPS://mirror.shop.test"]', '[host."https:///v2"]'])(
    "a slip of the pen leads to no other host: %s",
    async (toml) => {
      await using server = await startOddServer(names, () => smallImage);
      const { file, code } = await judgeWith(server, `${toml}\n`, planned);
      expect(code).toBe("nothing");
      expect(file.probes.map(({ question }) => question.via?.host)).toEqual([undefined]);
    },
  );

  const missing: Answers = ({ path }) =>
    path.includes("/tags/list")
      ? { body: { tags: ["v2"] } }
      : { status: 404, body: { errors: [{ code: "MANIFEST_UNKNOWN" }] } };

  test("a registry that the node reaches by plain HTTP is asked so, for all that there is to ask", async () => {
    await using server = await startOddServer(names, missing, { scheme: "http" });
    const judged = await judgeWith(server, `server = "http://registry.shop.test:${server.port}"\n`, planned);
    expect([judged.code, judged.certainty]).toEqual(["manifest-not-found", "certain"]);
    expect(judged.file.probes.map(({ question: { kind, via } }) => [kind, via])).toEqual([
      ["manifest", undefined],
      ["tags", undefined],
    ]);
  });

  test.each(["ca.crt", "hosts.toml"])("one whose issuer the node knows by its %s is trusted, too", async (name) => {
    await using server = await startOddServer(names, missing);
    const { ca = [], ...settings } = server.settings;
    const directory = `registry.shop.test:${server.port}`;
    await write(`${directory}/ca.crt`, ca.join("\n"));
    if (name === "hosts.toml")
      await write(`${directory}/hosts.toml`, `server = "${server.at("registry.shop.test")}"\nca = "ca.crt"\n`);
    const nodeConfig = await readHostsDirectory(root);
    const file = caseOf(imageOf(server), [], planned);
    expect((await judge({ ...settings, nodeConfig }, file)).code).toBe("manifest-not-found");
    expect((await judge(settings, file)).code).toBe("tls-unknown-ca");
  });

  describe("its token server, and whoever has its blobs", () => {
    const image = { schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", layers: [] };
    const config = {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: `sha256:${"0".repeat(64)}`,
      size: 2,
    };
    const elsewhere: Answers = ({ host, path, headers }) => {
      const at = (name: string): string => `https://${name}:${headers.host?.split(":")[1]}`;
      if (host === "mirror.shop.test") return { body: { access_token: "T" } };
      if (host === "second.shop.test") return { body: "{}" };
      if (path.includes("/blobs/")) return { status: 307, headers: { location: `${at("second.shop.test")}/blob` } };
      return headers.authorization === "Bearer T"
        ? { headers: { "content-type": image.mediaType }, body: { ...image, config } }
        : {
            status: 401,
            headers: { "www-authenticate": `Bearer realm="${at("mirror.shop.test")}/token",service="x"` },
          };
    };
    const parts = { ...planned, platforms: [{ os: "linux", architecture: "amd64" }] };
    const ci = login("ci", "a-password-of-the-shop");

    test("are trusted by the same authorities, for a runtime goes everywhere with them", async () => {
      await using server = await startOddServer(names, elsewhere);
      const { ca = [], ...settings } = server.settings;
      await write(`registry.shop.test:${server.port}/ca.crt`, ca.join("\n"));
      const nodeConfig = await readHostsDirectory(root);
      const file = caseOf(imageOf(server), [ci], parts);
      const judged = await judge({ ...settings, nodeConfig }, file);
      expect(judged.code).toBe("nothing");
      expect(judged.file.probes[0]?.answer).toMatchObject({ manifest: { blobsReachable: true } });
      expect((await judge(settings, file)).code).toBe("tls-unknown-ca");
    });

    test("N7: are not checked, either, where the registry is not, and get no login", async () => {
      await using server = await startOddServer(names, elsewhere);
      const { ca: _none, ...settings } = server.settings;
      const toml = `server = "${server.at("registry.shop.test")}"\nskip_verify = true\n`;
      await write(`registry.shop.test:${server.port}/hosts.toml`, toml);
      const nodeConfig = await readHostsDirectory(root);
      const trustedRealms = ["mirror.shop.test"];
      const judged = await judge({ ...settings, nodeConfig, trustedRealms }, caseOf(imageOf(server), [ci], parts));
      expect(judged.file.probes.map(({ answer }) => answer.kind)).toEqual(["unasked", "granted"]);
      expect(judged.file.probes[1]?.answer).toMatchObject({ manifest: { blobsReachable: true } });
      const heard = server.seen.filter(
        ({ headers, body }) => body !== "" || headers.authorization?.startsWith("Basic"),
      );
      expect(heard).toEqual([]);
    });
  });

  test("a login that does not go in the clear is no verdict on it", async () => {
    await using server = await startOddServer(
      names,
      ({ headers }) =>
        headers.authorization === undefined
          ? { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } }
          : smallImage,
      { scheme: "http" },
    );
    await write(
      `registry.shop.test:${server.port}/hosts.toml`,
      `server = "http://registry.shop.test:${server.port}"\n`,
    );
    const nodeConfig = await readHostsDirectory(root);
    const file = caseOf(imageOf(server), [login("ci", "a-password-of-the-shop")], { symptoms: [said("cause-hidden")] });
    const judged = await judge({ ...server.settings, nodeConfig }, file);
    expect([judged.code, judged.certainty]).toEqual(["unknown", "possible"]);
    expect(server.seen.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
    const plainHttp = [`registry.shop.test:${server.port}`];
    expect((await judge({ ...server.settings, nodeConfig, plainHttp }, file)).code).toBe("answers-now");
  });

  test("nobody left to ask", async () => {
    await using server = await startOddServer(names, () => smallImage);
    const judged = await judgeWith(server, 'server = "https://push.test"\ncapabilities = ["push"]\n', planned);
    expect([judged.code, judged.certainty]).toEqual(["node-registry-config", "certain"]);
    expect(server.seen).toEqual([]);
  });

  test("a file that cannot be read here is a gap of the report", async () => {
    await using server = await startOddServer(names, () => smallImage);
    await mkdir(join(root, `registry.shop.test:${server.port}`, "hosts.toml"), { recursive: true });
    const nodeConfig = await readHostsDirectory(root);
    const { file } = await judge({ ...server.settings, nodeConfig }, caseOf(imageOf(server)));
    expect(file.gaps).toEqual([expect.objectContaining({ why: expect.stringContaining("cannot be read") })]);
  });

  test("where the mirror alone is asked and fails, the registry's own grant helps nobody", async () => {
    await using server = await startOddServer(names, mirrorsFail);
    const toml = `server = "https://mirror.shop.test:${server.port}"\n`;
    const judged = await judgeWith(server, toml, planned);
    expect([judged.code, judged.certainty]).toEqual(["mirror-failed", "certain"]);
    expect(judged.diagnosis?.explanation).toContain("The registry itself gives the image.");
    const running = await judgeWith(server, toml, { symptoms: [said("cause-hidden")] });
    expect([running.code, running.certainty]).toEqual(["mirror-failed", "likely"]);
  });

  test.each([
    ["has no such image", { status: 404 }],
    ["is out of order", { status: 500 }],
    ["forbids it", { status: 403, body: { errors: [{ code: "DENIED", message: "no" }] } }],
    ["wants a login", { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } }],
  ])("where the mirror gives the image, it is no matter that the registry %s", async (_name, reply) => {
    await using server = await startOddServer(names, ({ host }) =>
      host === "registry.shop.test" ? reply : smallImage,
    );
    const toml = `[host."https://mirror.shop.test:${server.port}"]\n`;
    expect((await judgeWith(server, toml, planned)).code).toBe("nothing");
    const running = await judgeWith(server, toml, { symptoms: [said("cause-hidden")] });
    expect(running.code).toBe("answers-now");
    expect(running.diagnosis?.title).toContain("The mirror mirror.shop.test");
  });

  test("where the node had the registry's answer, a mirror that would have given the image does not take that back", async () => {
    await using server = await startOddServer(names, ({ host, path }) => {
      if (host !== "registry.shop.test") return smallImage;
      return path.includes("/tags/list") ? { body: { tags: ["v2"] } } : { status: 404 };
    });
    const toml = `[host."https://mirror.shop.test:${server.port}"]\n`;
    const judged = await judgeWith(server, toml, { symptoms: [said("manifest-not-found")] });
    expect([judged.code, judged.certainty]).toEqual(["manifest-not-found", "certain"]);
  });

  test("where a mirror fails and the registry gives the image, nothing is wrong", async () => {
    await using server = await startOddServer(names, mirrorsFail);
    const judged = await judgeWith(server, `[host."https://mirror.shop.test:${server.port}"]\n`, planned);
    expect(judged.code).toBe("nothing");
    expect(hosts(server).toSorted()).toEqual(["mirror.shop.test", "registry.shop.test"]);
  });

  test("a mirror that wants a login is not called broken: the node may have one", async () => {
    await using server = await startOddServer(names, ({ host }) =>
      host === "registry.shop.test"
        ? smallImage
        : { status: 401, headers: { "www-authenticate": 'Basic realm="mirror"' } },
    );
    const judged = await judgeWith(server, `server = "https://mirror.shop.test:${server.port}"\n`, planned);
    expect([judged.code, judged.certainty]).toEqual(["mirror-failed", "possible"]);
  });

  test("of several failures the mirror's is told where containerd reports it, and the registry has no manifest either", async () => {
    await using server = await startOddServer(names, ({ host, path }) =>
      path.includes("/manifests/") ? { status: host === "second.shop.test" ? 500 : 404 } : { status: 403 },
    );
    const at = (name: string) => `[host."https://${name}:${server.port}"]\n`;
    const judged = await judgeWith(server, at("mirror.shop.test") + at("second.shop.test"), {
      symptoms: [said("registry-server-error")],
    });
    expect([judged.code, ...(judged.diagnosis?.alternatives ?? [])]).toContain("mirror-failed");
    const failed = mirrorFailed.decide?.(judged.file);
    expect(failed?.title).toContain("second.shop.test");
    expect(failed?.evidence.map(({ text }) => text).join("\n")).toMatch(/mirror\.shop\.test:\d+ answers 404/);
  });
});
