import { describe, expect, test } from "vitest";
import { findAuth, parseAuthFile } from "../../../src/probe/node-config/crio-auth.ts";
import { hostsInOrder } from "../../../src/probe/node-config/host-order.ts";
import { certificateFiles, hostsFor } from "../../../src/probe/node-config/hosts-directory.ts";
import { parseHostsToml } from "../../../src/probe/node-config/hosts-toml.ts";
import { legacyHosts, parseContainerdConfig } from "../../../src/probe/node-config/legacy-mirrors.ts";
import { resolveShortName } from "../../../src/probe/node-config/pull-sources.ts";
import { parseRegistriesConf } from "../../../src/probe/node-config/registries-conf.ts";

describe("hosts.toml", () => {
  test("plain HTTP with a TLS setting is tried by HTTPS first", () => {
    const toml =
      '[host."http://mirror.example:5000"]\nskip_verify = true\n[host."http://plain.example"]\n[host."http://web.example:80"]\nca = "ca.pem"\n';
    const { hosts } = hostsFor("docker.io", { path: "/d", hostsToml: toml, files: [] });
    expect(hosts.map(({ scheme, httpFallback }) => [scheme, httpFallback ?? false])).toEqual([
      ["https", "containerd"],
      ["http", false],
      ["http", false],
      ["https", false],
    ]);
  });

  test("root options without a server: capabilities are lost, TLS settings and headers stay", () => {
    const toml = 'capabilities = ["push"]\nskip_verify = true\n[header]\nx-team = "a"\n';
    const { hosts } = hostsFor("registry.example.com", { path: "/d", hostsToml: toml, files: ["ca.crt"] });
    expect(hosts).toMatchObject([
      { host: "registry.example.com", path: "/v2", skipVerify: true, headers: { "x-team": ["a"] } },
    ]);
    expect(hosts[0]?.capabilities).toContain("pull");
    expect(hosts[0]?.ca).toBeUndefined();
  });

  test.each([
    ["in the order of their headers", '[host."b"]\n[host."a"]\n', ["b", "a"]],
    ["names that look like numbers, too", "[host.5001]\n[host.5000]\n", ["5001", "5000"]],
    [
      "twice where a part of one stands behind another",
      '[host."a"]\n[host."b"]\n[host."a".header]\nx = "1"\n',
      ["a", "b", "a"],
    ],
    ["in inline tables never", 'host = { "https://a" = { capabilities = ["pull"] } }\n', []],
    ["in dotted keys never", 'host."https://a".skip_verify = true\n', []],
    ["in texts never", `server = TRIPLE\n[host."a"]\nTRIPLE\n`.replaceAll("TRIPLE", '"'.repeat(3)), []],
    ["in literal quotes, with a comment behind", "[ host . 'a' ] # [host.\"b\"]\n", ["a"]],
    ["in lists never", 'client = [\n["host"],\n["a", "b"]\n]\n[host."a"]\n', ["a"]],
  ])("hosts are found as containerd finds them: %s", (_name, toml, wanted) => {
    expect(hostsInOrder(toml)).toEqual(wanted);
  });

  test("a host whose part stands behind another's is asked twice, and one in an inline table never", () => {
    const read = parseHostsToml('[host."a"]\n[host."b"]\n[host."a".header]\nx = "1"\n', "/d");
    expect(read).toMatchObject({ hosts: [{ host: "a" }, { host: "b" }, { host: "a" }, { host: "" }] });
    expect(parseHostsToml('host = { "a" = { skip_verify = true } }\n', "/d")).toMatchObject({ hosts: [{ host: "" }] });
  });

  test.each([
    ["httpbin.example.com", { scheme: "", host: "", path: "httpbin.example.com/v2" }],
    ["httpbin:5000", { scheme: "httpbin", host: "", path: "/v2" }],
    ["HTTPS://Mirror.Example:5000", { scheme: "https", host: "HTTPS:", path: "/Mirror.Example:5000/v2" }],
    ["https://user:pass@mirror.example/x", { scheme: "https", host: "mirror.example", path: "/x/v2" }],
    ["https://[::1]:5000", { scheme: "https", host: "[::1]:5000", path: "/v2" }],
  ])("a host is read as Go reads it: %s", (url, wanted) => {
    const read = parseHostsToml(`server = "${url}"\n`, "/d");
    expect(read).toMatchObject({ hosts: [wanted] });
  });

  test.each([
    ['server = "https://a:port"\n', "unable to parse server"],
    ["ca = [5]\n", "unable to cast 5 to string"],
    ['client = [["a", 7]]\n', "unable to cast 7 to string"],
    ['dial_timeout = "10"\n', 'missing unit in duration "10"'],
    ['dial_timeout = "10x"\n', 'unknown unit "x" in duration "10x"'],
    ['capabilities = "pull"\n', "toml"],
  ])("%j is an error, in containerd's words", (toml, words) => {
    expect(parseHostsToml(toml, "")).toMatchObject({ error: expect.stringContaining(words) });
  });

  test("a certificate without its key may hold it", () => {
    expect(certificateFiles(["b.cert", "b.key", "a.cert"], "/d").client).toEqual([
      ["/d/a.cert", ""],
      ["/d/b.cert", "/d/b.key"],
    ]);
  });

  test("keys of prototypes are hosts and headers like others", () => {
    const read = parseHostsToml('[host."https://a".header]\n__proto__ = "x"\n', "/d");
    expect(read).toMatchObject({ hosts: [{ host: "a" }, { host: "" }] });
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  test("a file without end is refused, not read", () => {
    expect(parseHostsToml("#".repeat(2_000_000), "")).toMatchObject({ error: expect.stringContaining("larger") });
    expect(parseHostsToml(`a = ${"[".repeat(50_000)}`, "")).toMatchObject({ error: expect.stringContaining("toml") });
  });

  test.each([
    ["server = 5\n", "server"],
    ['skip_verify = "yes"\n', "skip_verify"],
    ['[host."https://a"]\ndial_timeout = "soon"\n', "duration"],
    ['[host."https://a".header]\nx = 5\n', "header"],
    ["host = 1\n", "host"],
  ])("%j is an error", (toml, part) => {
    expect(parseHostsToml(toml, "")).toMatchObject({ error: expect.stringContaining(part) });
  });
});

describe("config.toml", () => {
  test.each(['plugins."io.containerd.grpc.v1.cri"', 'plugins."io.containerd.cri.v1.images"', "plugins.cri"])(
    "mirrors under %s",
    (place) => {
      const read = parseContainerdConfig(
        `[${place}.registry.mirrors."quay.io"]\nendpoint = ["localhost:5000", "https://m.example/path"]\n`,
      );
      if ("error" in read) throw new Error(read.error);
      expect(legacyHosts(read, "quay.io").map(({ scheme, host, path }) => `${scheme}://${host}${path}`)).toEqual([
        "http://localhost:5000/v2",
        "https://m.example/path",
        "https://quay.io/v2",
      ]);
    },
  );
});

describe("short names", () => {
  const conf = (text: string) => {
    const read = parseRegistriesConf(text);
    if ("error" in read) throw new Error(read.error);
    return read;
  };
  const two = conf(
    'unqualified-search-registries = ["docker.io", "quay.io"]\n[aliases]\n"ubi9" = "registry.access.redhat.com/ubi9"\n',
  );

  test("an alias decides alone", () => {
    expect(resolveShortName("ubi9:9.5", two)).toEqual({
      kind: "alias",
      candidates: ["registry.access.redhat.com/ubi9:9.5"],
    });
  });
  test("an empty alias takes back another, and Docker Hub's names are written in full", () => {
    const aliases = (to: string) => resolveShortName("web", { ...two, aliases: new Map([["web", to]]) }, "disabled");
    expect(aliases("")).toEqual({ kind: "search", candidates: ["docker.io/library/web:latest", "quay.io/web:latest"] });
    expect(aliases("docker.io/web")).toEqual({ kind: "alias", candidates: ["docker.io/library/web:latest"] });
    expect(aliases("index.docker.io/me/web")).toEqual({ kind: "alias", candidates: ["docker.io/me/web:latest"] });
  });
  test("two registries to search are ambiguous while the mode is enforcing", () => {
    const candidates = ["docker.io/library/nginx:1", "quay.io/nginx:1"];
    expect(resolveShortName("nginx:1", two)).toEqual({ kind: "ambiguous", candidates });
    expect(resolveShortName("nginx:1", two, "disabled")).toEqual({ kind: "search", candidates });
  });
  test("none to search is unresolved; a name with a registry is not short", () => {
    expect(resolveShortName("host/nginx", conf(""))).toEqual({ kind: "unresolved" });
    for (const image of ["quay.io/nginx", "localhost/nginx", "host:5000/nginx"])
      expect(resolveShortName(image, two)).toEqual({ kind: "qualified" });
  });
});

describe("registries.conf", () => {
  test("version 1 is read", () => {
    const read = parseRegistriesConf(
      '[registries.search]\nregistries = ["quay.io"]\n[registries.block]\nregistries = ["docker.io"]\n[registries.insecure]\nregistries = ["lab.example:5000/"]\n',
    );
    expect(read).toMatchObject({
      unqualifiedSearch: ["quay.io"],
      registries: [
        { prefix: "lab.example:5000", endpoint: { insecure: true }, blocked: false },
        { prefix: "docker.io", blocked: true },
      ],
    });
  });
  test.each([
    ['[registries.search]\nregistries = ["a"]\n[[registry]]\nlocation = "b"\n', "mixing"],
    ["[[registry]]\n", "unset"],
    ['[[registry]]\nprefix = "a.example"\n', "unset"],
    ['[[registry]]\nprefix = "*a.example"\nlocation = "b"\n', "prefix"],
    [
      '[[registry]]\nlocation = "a"\n[[registry.mirror]]\nlocation = "m"\npull-from-mirror = "never"\n',
      "pull-from-mirror",
    ],
    [
      '[[registry]]\nlocation = "a"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "m"\npull-from-mirror = "all"\n',
      "same time",
    ],
    ["[[registry", "toml"],
  ])("%j is refused", (text, part) => {
    expect(parseRegistriesConf(text)).toMatchObject({ error: expect.stringContaining(part) });
  });
});

describe("auth.json", () => {
  test("an auth that is not base64 is an error that shows nothing of it", () => {
    const file = parseAuthFile('{"auths":{"a.example":{"auth":"hunter2!"}}}');
    if ("error" in file) throw new Error(file.error);
    const found = findAuth(file, "a.example/x");
    expect(found).toMatchObject({ error: expect.stringContaining("a.example") });
    expect(JSON.stringify(found)).not.toContain("hunter2");
  });
  test("a found password is sealed", () => {
    const file = parseAuthFile(`{"auths":{"a.example":{"auth":"${Buffer.from("u:hunter2").toString("base64")}"}}}`);
    if ("error" in file) throw new Error(file.error);
    expect(JSON.stringify(findAuth(file, "a.example"))).not.toContain("hunter2");
  });
  test.each(["", "[]", '{"auths":[]}', "5"])("%j is no auth file", (text) => {
    expect(parseAuthFile(text)).toHaveProperty("error");
  });
});
