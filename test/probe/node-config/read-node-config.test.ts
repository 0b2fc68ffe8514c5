import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ImageReference } from "../../../src/domain/image-reference.ts";
import { readHostsDirectory, readRegistriesConf } from "../../../src/probe/node-config/read-node-config.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "node-config-"));
});
afterEach(() => rm(root, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), text);
}

const nginx: ImageReference = {
  text: "docker.io/library/nginx:1.27",
  registry: "docker.io",
  repository: "library/nginx",
  tag: "1.27",
};
const web: ImageReference = {
  text: "registry.example.com:5000/shop/web:1",
  registry: "registry.example.com:5000",
  repository: "shop/web",
  tag: "1",
};
const pinned: ImageReference = { ...web, digest: `sha256:${"a".repeat(64)}` };

describe("containerd's certs.d", () => {
  test("mirrors are asked in their order, then the registry; those that may not resolve are passed over for a tag", async () => {
    const toml = '[host."https://pull-only.example"]\ncapabilities = ["pull"]\n[host."http://mirror.example:5000"]\n';
    await write("certs.d/docker.io/hosts.toml", toml);
    const route = await readHostsDirectory(join(root, "certs.d"));
    const hosts = (await route(nginx)).sources.map(({ host }) => `${host.scheme}://${host.host}${host.path}`);
    expect(hosts).toEqual(["http://mirror.example:5000/v2", "https://registry-1.docker.io/v2"]);
    const byDigest = await route({ ...nginx, digest: `sha256:${"a".repeat(64)}` });
    expect(byDigest.sources[0]?.host.host).toBe("pull-only.example");
  });

  test("the directory with the port written by underscores wins, and nothing is merged from _default", async () => {
    await write("_default/hosts.toml", '[host."https://everything.example"]\n');
    await write("registry.example.com_5000_/ca.crt", "");
    const route = await readHostsDirectory(root);
    const [own, ...others] = (await route(web)).sources;
    expect(others).toEqual([]);
    expect(own?.host).toMatchObject({ host: "registry.example.com:5000", scheme: "https" });
    expect(own?.host.ca).toEqual([`${join(root, "registry.example.com_5000_")}/ca.crt`]);
    expect((await route(nginx)).sources.map(({ host }) => host.host)).toEqual([
      "everything.example",
      "registry-1.docker.io",
    ]);
  });

  test("a server that names the mirror keeps upstream out", async () => {
    await write("docker.io/hosts.toml", 'server = "https://only.example"\n');
    const { sources } = await (await readHostsDirectory(root))(nginx);
    expect(sources.map(({ host }) => host.host)).toEqual(["only.example"]);
  });

  test("a hosts.toml with an error is ignored, and that is said", async () => {
    await write("docker.io/hosts.toml", '[host."https://mirror.example"]\ncapabilities = ["everything"]\n');
    const { sources, ignored } = await (await readHostsDirectory(root))(nginx);
    expect(sources.map(({ host }) => host.host)).toEqual(["registry-1.docker.io"]);
    expect(ignored).toBe("hosts.toml of docker.io: unknown capability everything");
  });

  test("a hosts.toml that lets nobody resolve a tag leaves nobody to ask", async () => {
    await write("docker.io/hosts.toml", 'server = "https://push.example"\ncapabilities = ["push"]\n');
    const route = await (await readHostsDirectory(root))(nginx);
    expect(route).toEqual({ sources: [], nowhere: "hosts.toml of docker.io lets no host pull and resolve" });
  });

  test("a hosts.toml that cannot be read here is said to be unread, and not taken for absent", async () => {
    await mkdir(join(root, "docker.io", "hosts.toml"), { recursive: true });
    const { sources, unread } = await (await readHostsDirectory(root))(nginx);
    expect(sources.map(({ host }) => host.host)).toEqual(["registry-1.docker.io"]);
    expect(unread).toBe("hosts.toml of docker.io");
  });

  test("an authority that is named and not here is said to be unread: the node trusts whom we do not know", async () => {
    await write("docker.io/hosts.toml", '[host."https://mirror.example"]\nca = "/etc/node/ca.pem"\n');
    expect((await (await readHostsDirectory(root))(nginx)).unread).toBe(
      "the authority /etc/node/ca.pem, named for docker.io,",
    );
    await write("ghcr.io/hosts.toml", '[host."https://mirror.example"]\nca = "ca.pem"\n');
    await write("ghcr.io/ca.pem", "");
    expect((await (await readHostsDirectory(root))({ ...nginx, registry: "ghcr.io" })).unread).toBeUndefined();
  });

  const cri = '[plugins."io.containerd.cri.v1.images".registry]\n';
  const list = `${cri}config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"\n`;
  test.each([
    [
      "no config_path before 2.0",
      "version = 2\n",
      "1.7.20",
      "config.toml sets no config_path, without which containerd 1.7",
    ],
    ["no config_path in 2.0, which reads its default list", "version = 3\n", "2.0.4", undefined],
    ["no config_path from 2.1 on", "version = 3\n", "2.1.1", "containerd 2.1 takes its default, a list of directories"],
    ["a list of directories from 2.1 on", list, "2.2.0", "containerd 2.2 takes the list for the name of one"],
    ["a list of directories before", list, "1.7.20", undefined],
    ["one directory", `${cri}config_path = "/etc/containerd/certs.d"\n`, "2.2.0", undefined],
    [
      "a list, and a setting that makes it pull as before",
      `${list}[plugins."io.containerd.cri.v1.images"]\nuse_local_image_pull = true\n`,
      "2.2.0",
      undefined,
    ],
    ["a version that is not known", "version = 2\n", "", undefined],
  ])("%s", async (_name, config, version, wanted) => {
    await write("config.toml", config);
    await write("certs.d/docker.io/hosts.toml", '[host."https://mirror.example"]\n');
    const route = await readHostsDirectory(join(root, "certs.d"));
    const { sources, ignored } = await route(nginx, { name: "containerd", version });
    const hosts = sources.map(({ host }) => host.host);
    expect(hosts).toEqual([...(wanted === undefined ? ["mirror.example"] : []), "registry-1.docker.io"]);
    if (wanted === undefined) expect(ignored).toBeUndefined();
    else expect(ignored).toContain(wanted);
  });

  test("mirrors and config_path set together are refused by containerd, whatever its version", async () => {
    await write(
      "config.toml",
      `${cri}config_path = "/etc/containerd/certs.d"\n[plugins."io.containerd.cri.v1.images".registry.mirrors."docker.io"]\nendpoint = ["http://old.example"]\n`,
    );
    await write("certs.d/docker.io/hosts.toml", '[host."https://mirror.example"]\n');
    const { sources, ignored } = await (await readHostsDirectory(join(root, "certs.d")))(nginx);
    expect(sources.map(({ host }) => host.host)).toEqual(["registry-1.docker.io"]);
    expect(ignored).toContain("containerd refuses the two together");
  });

  test("deprecated mirrors of the config.toml beside it hold, unless that file names a directory of its own", async () => {
    const mirrors =
      '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\nendpoint = ["http://old.example"]\n';
    await write("config.toml", mirrors);
    await mkdir(join(root, "certs.d"));
    const hosts = async (): Promise<string[]> =>
      (await (await readHostsDirectory(join(root, "certs.d")))(nginx)).sources.map(
        ({ host }) => `${host.scheme}://${host.host}`,
      );
    expect(await hosts()).toEqual(["http://old.example", "https://registry-1.docker.io"]);
    await write(
      "config.toml",
      `${mirrors}[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/etc/containerd/certs.d"\n`,
    );
    expect(await hosts()).toEqual(["https://registry-1.docker.io"]);
  });

  test("what its deprecated settings say of a host's TLS holds for that host, be it a mirror or the registry", async () => {
    const registry = '[plugins."io.containerd.grpc.v1.cri".registry';
    await write(
      "config.toml",
      `${registry}.mirrors."docker.io"]\nendpoint = ["https://old.example"]\n` +
        `${registry}.configs."old.example".tls]\ninsecure_skip_verify = true\n` +
        `${registry}.configs."registry.example.com:5000".tls]\nca_file = "/etc/ca.pem"\ncert_file = "/etc/c.pem"\nkey_file = "/etc/k.pem"\n` +
        `${registry}.configs."quay.io".auth]\nusername = "node"\n`,
    );
    await mkdir(join(root, "certs.d"));
    const route = await readHostsDirectory(join(root, "certs.d"));
    const tlsOf = async (reference: ImageReference) =>
      (await route(reference)).sources.map(({ host: { host, skipVerify, ca, client } }) => [
        host,
        skipVerify ?? false,
        ca ?? [],
        client ?? [],
      ]);
    expect(await tlsOf(nginx)).toEqual([
      ["old.example", true, [], []],
      ["registry-1.docker.io", false, [], []],
    ]);
    expect(await tlsOf(web)).toEqual([
      ["registry.example.com:5000", false, ["/etc/ca.pem"], [["/etc/c.pem", "/etc/k.pem"]]],
    ]);
    expect(await tlsOf({ ...web, registry: "quay.io" })).toEqual([["quay.io", false, [], []]]);
  });

  test("each file is read once, however many images ask", async () => {
    await write("docker.io/hosts.toml", '[host."https://mirror.example"]\n');
    const route = await readHostsDirectory(root);
    const first = await route(nginx);
    await write("docker.io/hosts.toml", '[host."https://other.example"]\n');
    expect(await route({ ...nginx, tag: "1.28" })).toEqual({
      sources: first.sources.map((source) => ({ ...source, reference: { ...nginx, tag: "1.28" } })),
    });
    expect(first.sources[0]?.host.host).toBe("mirror.example");
  });

  test("a registry name never leads out of the directory", async () => {
    await write("secret/hosts.toml", '[host."https://elsewhere.example"]\n');
    await mkdir(join(root, "certs.d"));
    const route = await readHostsDirectory(join(root, "certs.d"));
    const { sources } = await route({ ...web, registry: "../secret" });
    expect(sources.map(({ host }) => host.host)).toEqual(["../secret"]);
  });

  test("a directory that is not there is the user's to mend", async () => {
    await expect(readHostsDirectory(join(root, "nowhere"))).rejects.toMatchObject({ code: "usage" });
  });
});

describe("CRI-O's registries.conf", () => {
  test("a mirror keeps the image under its own name, and an insecure one may be asked in the clear", async () => {
    const file =
      '[[registry]]\nprefix = "registry.example.com:5000/shop"\nlocation = "new.example/team"\n[[registry.mirror]]\nlocation = "mirror.example/cache"\ninsecure = true\n';
    await write("registries.conf", file);
    const { sources } = await (await readRegistriesConf(join(root, "registries.conf")))(web);
    expect(sources.map(({ reference }) => `${reference.registry}/${reference.repository}:${reference.tag}`)).toEqual([
      "mirror.example/cache/web:1",
      "new.example/team/web:1",
    ]);
    expect(sources[0]?.host).toMatchObject({ host: "mirror.example", skipVerify: true, httpFallback: "cri-o" });
    expect(sources[1]?.host.skipVerify).toBeUndefined();
  });

  test("a digest counts, the tag beside it does not", async () => {
    await write(
      "registries.conf",
      '[[registry]]\nlocation = "registry.example.com:5000"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "mirror.example"\n',
    );
    const route = await readRegistriesConf(join(root, "registries.conf"));
    expect((await route(pinned)).sources.map(({ reference }) => reference.registry)).toEqual([
      "mirror.example",
      web.registry,
    ]);
    expect((await route(web)).sources.map(({ reference }) => reference.registry)).toEqual([web.registry]);
  });

  test("what is blocked is not asked", async () => {
    await write("registries.conf", '[[registry]]\nprefix = "*.example.com"\nblocked = true\n');
    expect(await (await readRegistriesConf(join(root, "registries.conf")))(web)).toEqual({
      sources: [],
      blockedBy: "*.example.com",
      reportsLast: true,
    });
  });

  test("drop-ins replace entries with the same prefix", async () => {
    await write(
      "registries.conf",
      '[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "old.example"\n',
    );
    await write(
      "registries.conf.d/10-new.conf",
      '[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "new.example"\n',
    );
    const { sources } = await (await readRegistriesConf(join(root, "registries.conf")))(nginx);
    expect(sources.map(({ reference }) => reference.registry)).toEqual(["new.example", "docker.io"]);
    expect(sources[1]?.host.host).toBe("registry-1.docker.io");
  });

  test("a drop-in may take away what to search, and an alias", async () => {
    const short: ImageReference = { ...nginx, text: "nginx:1.27" };
    await write(
      "registries.conf",
      'unqualified-search-registries = ["quay.io"]\n[aliases]\nnginx = "registry.example.com/base/nginx"\n',
    );
    const route = async () => (await readRegistriesConf(join(root, "registries.conf")))(short);
    expect((await route()).sources.map(({ reference }) => reference.registry)).toEqual(["registry.example.com"]);
    await write("registries.conf.d/10-no-alias.conf", '[aliases]\nnginx = ""\n');
    expect((await route()).sources.map(({ reference }) => reference.registry)).toEqual(["quay.io"]);
    await write("registries.conf.d/20-no-search.conf", "unqualified-search-registries = []\n");
    expect((await route()).shortName?.kind).toBe("unresolved");
  });

  test("a name without a registry is looked for where the node looks, which may not be Docker Hub", async () => {
    const short: ImageReference = { ...nginx, text: "nginx:1.27" };
    const route = async (text: string) => {
      await write("registries.conf", text);
      const { sources, shortName } = await (await readRegistriesConf(join(root, "registries.conf")))(short);
      return (
        (shortName && [shortName.kind, ...shortName.candidates].join(" ")) ??
        sources.map(({ reference }) => `${reference.registry}/${reference.repository}:${reference.tag}`).join()
      );
    };
    expect(await route('unqualified-search-registries = ["quay.io"]\n')).toBe("quay.io/nginx:1.27");
    expect(await route('unqualified-search-registries = ["docker.io"]\n')).toBe("docker.io/library/nginx:1.27");
    expect(await route('[aliases]\nnginx = "registry.example.com/base/nginx"\n')).toBe(
      "registry.example.com/base/nginx:1.27",
    );
    expect(await route('unqualified-search-registries = ["docker.io", "quay.io"]\n')).toBe(
      "ambiguous docker.io/library/nginx:1.27 quay.io/nginx:1.27",
    );
    expect(await route("")).toBe("unresolved");
  });

  test("a file with an error, or none, is the user's to mend", async () => {
    await write("registries.conf", '[[registry]]\nlocation = "https://docker.io"\n');
    await expect(readRegistriesConf(join(root, "registries.conf"))).rejects.toThrow("URI schemes are not supported");
    await expect(readRegistriesConf(join(root, "nowhere"))).rejects.toMatchObject({ code: "usage" });
  });
});
