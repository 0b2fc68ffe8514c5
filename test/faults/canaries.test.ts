import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { format, inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { Redacted } from "../../src/domain/redacted.ts";
import { type Login, withoutSecrets } from "../../src/probe/authorize.ts";
import { renderers } from "../../src/render/index.ts";
import { Canaries } from "../support/canaries.ts";
import { createAuthority, issue } from "../support/certificates.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { answer, type Handler } from "../support/registry-faults.ts";
import { type CliOptions, type CliResult, runMain, runProcess } from "../support/run-cli.ts";
import { sketchPod, sketchSecret, sketchSurroundings } from "../support/story-pods.ts";
import { type CanaryTown, echoing, openCanaryTown, provesItself } from "./canary-town.ts";

const present = Date.parse("2026-11-24T02:40:00Z");
const basicHost = "basic.reg.test:5001";
const tokenHost = "token.reg.test:5002";
const authHost = "auth.reg.test:5003";
const blobHost = "blobs.reg.test:5004";

/** Each format, quiet and verbose, and a coloured terminal. */
const ways: readonly (readonly string[])[] = [
  ...Object.keys(renderers).flatMap((format) => [
    ["-o", format],
    ["-o", format, "-v"],
  ]),
  ["--color", "always", "-v"],
  ["-v", "--no-probe"],
];

async function runAllWays(town: CanaryTown, argv: readonly string[], options: CliOptions = {}): Promise<CliResult[]> {
  const results: CliResult[] = [];
  for (const way of ways) {
    results.push(
      await runMain([...argv, ...way, ...town.flags], { now: present, cwd: town.directory, env: {}, ...options }),
    );
  }
  return results;
}

function expectNoLeak(canaries: Canaries, results: readonly CliResult[]): void {
  for (const [at, { stdout, stderr }] of results.entries()) {
    expect(canaries.leaksIn(stdout), `stdout of ${ways[at]?.join(" ")}`).toEqual([]);
    expect(canaries.leaksIn(stderr), `stderr of ${ways[at]?.join(" ")}`).toEqual([]);
  }
}

function refusedPod(
  name: string,
  image: string,
  words = "unexpected status code 401 Unauthorized",
  secret = "regcred",
) {
  const host = image.split("/")[0] ?? "";
  const error = `failed to resolve reference "${image}": pull access denied: https://${host}/v2/: ${words}`;
  return sketchPod({ name, image, error, secrets: [secret] });
}

test("the search finds a planted secret in any spelling", () => {
  const canaries = new Canaries();
  for (const style of ["plain", "awkward"] as const) {
    expect(provesItself(canaries, canaries.plant(style, style))).toBe(true);
  }
  expect(canaries.leaksIn("nothing to see in this report, sha256:0123456789abcdef")).toEqual([]);
});

describe("secrets of the cluster", () => {
  test.each(["plain", "awkward"] as const)(
    "C1, C3, T6, M7: no output holds a password that registry and token server repeat at every chance (%s)",
    async (style) => {
      const canaries = new Canaries();
      const password = canaries.plant("password", style);
      const identity = canaries.plant("identity token");
      const other = canaries.plant("password of another registry", style);
      const entry = (user: string, secret: string) => ({
        username: user,
        password: secret,
        auth: Buffer.from(`${user}:${secret}`).toString("base64"),
      });
      const config = JSON.stringify({
        auths: {
          [basicHost]: entry("ci", password),
          [tokenHost]: { ...entry("ci", password), registrytoken: canaries.plant("registry token") },
          [`${tokenHost}/other`]: { auth: Buffer.from(":").toString("base64"), identitytoken: identity },
          "quay.io": entry("somebody", other),
        },
        HttpHeaders: { "X-Meta": canaries.plant("header of a docker config") },
      });
      const secret = sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", config);
      const annotated = {
        ...secret,
        data: {
          ...(secret["data"] as object),
          unrelated: Buffer.from(canaries.plant("unrelated key of the Secret")).toString("base64"),
        },
        metadata: {
          ...(secret["metadata"] as object),
          annotations: {
            "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({
              stringData: { ".dockerconfigjson": config },
            }),
            note: canaries.plant("annotation of the Secret"),
          },
        },
      };
      await using town = await openCanaryTown(
        [
          ...sketchSurroundings(),
          annotated,
          ...refusedPod("basic", `${basicHost}/shop/web:v1`),
          ...refusedPod("token", `${tokenHost}/shop/web:v1`),
          ...refusedPod("identity", `${tokenHost}/other/web:v1`),
        ],
        {
          [basicHost]: echoing('Basic realm="here"'),
          [tokenHost]: echoing(`Bearer realm="https://${authHost}/token",service="reg"`),
          [authHost]: echoing('Basic realm="there"'),
        },
      );
      const results = await runAllWays(town, ["basic", "token", "identity"]);
      expectNoLeak(canaries, results);
      for (const { code, stderr } of results) expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    },
  );

  test("C3: nor where the program's own limit cuts the repeated password in two", async () => {
    for (let pad = 420; pad < 540; pad += 9) {
      const canaries = new Canaries();
      const config = JSON.stringify({
        auths: { [basicHost]: { username: "ci", password: canaries.plant("password") } },
      });
      await using town = await openCanaryTown(
        [
          ...sketchSurroundings(),
          sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", config),
          ...refusedPod("basic", `${basicHost}/shop/web:v1`),
        ],
        { [basicHost]: echoing('Basic realm="here"', pad) },
      );
      const result = await runMain(["basic", "-v", "-o", "json", ...town.flags], { now: present, cwd: town.directory });
      expect(canaries.leaksIn(result.stdout), `after ${pad} letters`).toEqual([]);
    }
  });

  test("C3: nor where blotting makes the words so short that the cut comes into sight", async () => {
    const canaries = new Canaries();
    const password = ["beginning", "middle", "end"].map((part) => canaries.plant(`${part} of the password`)).join("");
    const config = JSON.stringify({ auths: { [basicHost]: { username: "ci", password } } });
    let pad = 0;
    const repeats: Handler = (request, response) =>
      answer(
        response,
        401,
        {
          errors: [
            {
              code: "UNAUTHORIZED",
              message: "x".repeat(pad) + (request.headers.authorization === undefined ? "" : password.repeat(80)),
            },
          ],
        },
        { "www-authenticate": 'Basic realm="here"' },
      );
    await using town = await openCanaryTown(
      [
        ...sketchSurroundings(),
        sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", config),
        ...refusedPod("basic", `${basicHost}/shop/web:v1`),
      ],
      { [basicHost]: repeats },
    );
    for (pad = 0; pad < 72; pad += 9) {
      const result = await runMain(["basic", "-v", "-o", "json", ...town.flags], { now: present, cwd: town.directory });
      expect(result.stdout).toContain("[redacted]");
      expect(canaries.leaksIn(result.stdout), `after ${pad} letters`).toEqual([]);
    }
  });

  test("T6: a token that the token server gave is in no output, though the registry repeats it", async () => {
    const canaries = new Canaries();
    const token = canaries.plant("token");
    const config = JSON.stringify({ auths: { [tokenHost]: { username: "ci", password: canaries.plant("password") } } });
    const auth: Handler = (_request, response) =>
      answer(response, 200, { token, access_token: token, refresh_token: canaries.plant("refresh token") });
    await using town = await openCanaryTown(
      [
        ...sketchSurroundings(),
        sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", config),
        ...refusedPod("token", `${tokenHost}/shop/web:v1`),
      ],
      { [tokenHost]: echoing(`Bearer realm="https://${authHost}/token",service="reg"`), [authHost]: auth },
    );
    expectNoLeak(canaries, await runAllWays(town, ["token"]));
  });

  test("C3: a password that the registry repeated to the node is in no output, though the Event has it", async () => {
    const canaries = new Canaries();
    const password = canaries.plant("password");
    const auth = Buffer.from(`ci:${password}`).toString("base64");
    const config = JSON.stringify({ auths: { [basicHost]: { username: "ci", password } } });
    const spellings = [password, encodeURIComponent(password), auth, JSON.stringify(`ci:${password}`)];
    const pods = spellings.map((_, at) => `repeated-${at}`);
    await using town = await openCanaryTown(
      [
        ...sketchSurroundings(),
        sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", config),
        ...spellings.flatMap((spelling, at) =>
          refusedPod(pods[at] ?? "", `${basicHost}/shop/web:v1`, `unauthorized: no such login: ${spelling}`),
        ),
      ],
      { [basicHost]: echoing('Basic realm="here"') },
    );
    const results = await runAllWays(town, pods);
    expectNoLeak(canaries, results);
    expect(results.some(({ stdout }) => stdout.includes("no such login: [redacted]"))).toBe(true);
  });

  test("C2: signatures and user parts of URLs in Events, messages and redirects are in no output", async () => {
    const canaries = new Canaries();
    const signed = (where: string) =>
      `https://ops:${canaries.plant(`user part, ${where}`)}@${blobHost}/blob/x?se=2026-01-01&sig=${canaries.plant(`sig, ${where}`)}&X-Amz-Signature=${canaries.plant(`amz, ${where}`)}&X-Goog-Credential=${canaries.plant(`goog, ${where}`)}`;
    const registry: Handler = (request, response) =>
      (request.url ?? "").includes("redirected")
        ? answer(response, 307, "", { location: signed("redirect") })
        : answer(response, 403, { errors: [{ code: "DENIED", message: `see ${signed("message")} for details` }] });
    const blobs: Handler = (_request, response) =>
      answer(response, 403, `<Error><Code>AccessDenied</Code><Message>${signed("blob store")}</Message></Error>`);
    await using town = await openCanaryTown(
      [
        ...sketchSurroundings(),
        ...refusedPod("signed", `${basicHost}/shop/web:v1`, `Get "${signed("event")}": 403 Forbidden`),
        ...refusedPod("redirected", `${basicHost}/shop/redirected:v1`, `(Head ${signed("event 2")}) EOF`),
      ],
      { [basicHost]: registry, [blobHost]: blobs },
    );
    expectNoLeak(canaries, await runAllWays(town, ["signed", "redirected"]));
    const text = signed("explain");
    const words = `failed to pull: Get "${text}": 403 Forbidden`;
    for (const argv of [
      ["--message", words],
      ["--message", words, "-o", "json"],
      ["--message", words, "-o", "yaml"],
      [words],
    ]) {
      const result = await runMain(["explain", ...argv]);
      expect(canaries.leaksIn(result.stdout + result.stderr)).toEqual([]);
    }
  });

  test("C1, Y1: a pull secret that cannot be read is told without quoting it", async () => {
    const canaries = new Canaries();
    const entry = JSON.stringify({ auths: { [basicHost]: { auth: canaries.plant("auth without colon") } } });
    const broken: Readonly<Record<string, string>> = {
      cut: entry.slice(0, -3),
      nocolon: entry,
      yaml: `auths:\n  ${basicHost}:\n    password: ${canaries.plant("YAML")}\n`,
      bare: canaries.plant("bare token"),
      twice: Buffer.from(JSON.stringify({ auths: { [basicHost]: { password: canaries.plant("twice") } } })).toString(
        "base64",
      ),
      list: JSON.stringify([canaries.plant("list")]),
      number: JSON.stringify({ auths: { [basicHost]: { username: "ci", password: { x: canaries.plant("object") } } } }),
      key: JSON.stringify({
        auths: {
          [`https://ci:${canaries.plant("user part of a key")}@${basicHost}/v2/?token=${canaries.plant("query of a key")}`]:
            {},
        },
      }),
    };
    const names = Object.keys(broken);
    await using town = await openCanaryTown(
      [
        ...sketchSurroundings(),
        ...names.flatMap((name) => [
          sketchSecret(name, "kubernetes.io/dockerconfigjson", ".dockerconfigjson", broken[name] ?? ""),
          ...refusedPod(`pod-${name}`, `${basicHost}/shop/web:v1`, "401 Unauthorized", name),
        ]),
      ],
      { [basicHost]: echoing('Basic realm="here"') },
    );
    expectNoLeak(
      canaries,
      await runAllWays(
        town,
        names.map((name) => `pod-${name}`),
      ),
    );
  });
});

describe("secrets of the one who runs it", () => {
  const pod = [...sketchSurroundings(), ...refusedPod("web", `${basicHost}/shop/web:v1`)];
  const servers = { [basicHost]: echoing('Basic realm="here"') };

  test("C1, X2: kubeconfig token and key, and an exec plugin's token and words, are in no output", async () => {
    const canaries = new Canaries();
    await using town = await openCanaryTown(pod, servers);
    const pair = await issue({ authority: await createAuthority("nobody"), names: ["me"], client: true });
    canaries.keep("client key", pair.key.split("\n").slice(1, -2).join(""));
    const plugin = path.join(town.directory, "plugin");
    const token = canaries.plant("exec token");
    const credential = JSON.stringify({
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1",
      status: { token },
    });
    const said = `echo 'token ${token}' >&2; echo 'password=${canaries.plant("stderr")}' >&2; echo '--token ${canaries.plant("stderr 2")}' >&2; echo "https://me:${canaries.plant("stderr URL")}@idp.example.com/?code=${canaries.plant("stderr query")}" >&2`;
    const exec = (script: string, name: string) =>
      writeFile(path.join(town.directory, name), `#!/bin/sh\n${script}\n`).then(() =>
        chmod(path.join(town.directory, name), 0o755),
      );
    await exec(`${said}; echo '${credential}'`, "plugin");
    await exec(`${said}; echo 'rubbish ${canaries.plant("rubbish")}'`, "rubbish");
    await exec(`${said}; exit 3`, "fails");
    const users: Record<string, unknown>[] = [
      { token: canaries.plant("kubeconfig token") },
      { username: "me", password: canaries.plant("kubeconfig password") },
      {
        "client-certificate-data": Buffer.from(pair.cert).toString("base64"),
        "client-key-data": Buffer.from(pair.key).toString("base64"),
      },
      {
        "client-certificate-data": Buffer.from(pair.cert).toString("base64"),
        "client-key-data": canaries.plant("damaged key"),
      },
      ...[plugin, path.join(town.directory, "rubbish"), path.join(town.directory, "fails")].map((command) => ({
        exec: {
          apiVersion: "client.authentication.k8s.io/v1",
          command,
          interactiveMode: "Never",
          args: [canaries.plant("plugin argument")],
          env: [{ name: "SECRET", value: canaries.plant("plugin environment") }],
        },
      })),
    ];
    for (const user of users) {
      const kubeconfig = await writeKubeconfig(town.api, town.directory, { user, namespace: "demo", file: "other" });
      for (const flags of [[], ["-v"], ["-o", "json"]]) {
        const result = await runMain(["web", ...flags, ...town.flags, "--kubeconfig", kubeconfig], {
          cwd: town.directory,
          env: { PATH: "/usr/bin:/bin" },
          now: present,
        });
        expect(result.code, result.stderr).toBe(3);
        expect(canaries.leaksIn(result.stdout + result.stderr), Object.keys(user).join()).toEqual([]);
      }
    }
  });

  test("C1: a kubeconfig that is no YAML is told without quoting it", async () => {
    const canaries = new Canaries();
    await using town = await openCanaryTown(pod, servers);
    const kubeconfig = path.join(town.directory, "broken");
    for (const text of [
      `users:\n- name: me\n  user: {token: ${canaries.plant("token")}\n  bad`,
      `users: [{name: me, user: {token: "${canaries.plant("quoted token")}}}]`,
      canaries.plant("whole file"),
    ]) {
      await writeFile(kubeconfig, text);
      const result = await runMain(["web", "--kubeconfig", kubeconfig], { cwd: town.directory });
      expect(result.code).toBe(3);
      expect(canaries.leaksIn(result.stdout + result.stderr)).toEqual([]);
    }
  });

  test("C4, M7: a token on the command line is in no output and no suggested command", async () => {
    const canaries = new Canaries();
    await using town = await openCanaryTown(pod, servers);
    const wrong = canaries.plant("--token that the API server refuses");
    const { token } = town.api;
    for (const given of [["--token", wrong], [`--token=${wrong}`], ["--token", token], [`--token=${token}`]]) {
      for (const flags of [["-v"], ["-o", "json"], ["-o", "markdown"]]) {
        const result = await runMain(["web", ...given, ...flags, ...town.flags], { cwd: town.directory });
        expect(result.code).toBe(given.join().includes(token) ? 1 : 3);
        expect(canaries.leaksIn(result.stdout + result.stderr)).toEqual([]);
        expect(result.stdout + result.stderr).not.toContain(token);
      }
    }
  });

  test("C4: a login plugin is told no secret, neither by argument nor by environment", async () => {
    const canaries = new Canaries();
    const config = JSON.stringify({ auths: { [basicHost]: { username: "ci", password: canaries.plant("password") } } });
    await using town = await openCanaryTown(
      [...pod, sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", config)],
      servers,
    );
    const told = path.join(town.directory, "told");
    const plugin = path.join(town.directory, "nosy");
    const credential = `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"${town.api.token}"}}`;
    await writeFile(
      plugin,
      `#!/bin/sh\n{ env; echo "$0" "$@"; tr '\\0' ' ' < /proc/$PPID/cmdline; } >> ${told}\necho '${credential}'\n`,
    );
    await chmod(plugin, 0o755);
    const user = {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: plugin,
        interactiveMode: "Never",
        provideClusterInfo: true,
      },
    };
    const kubeconfig = await writeKubeconfig(town.api, town.directory, {
      user,
      namespace: "demo",
      file: "nosy-config",
    });
    const written = JSON.parse(await readFile(kubeconfig, "utf8")) as { users: unknown[] };
    written.users.unshift({ name: "other", user: { token: canaries.plant("token of another user") } });
    await writeFile(kubeconfig, JSON.stringify(written));
    const resolve = ["--resolve", `${basicHost.split(":")[0]}:${town.address}`];
    const { code, stderr } = await runProcess(["web", ...town.flags, ...resolve, "--kubeconfig", kubeconfig], {
      cwd: town.directory,
    });
    expect(code, stderr).toBe(1);
    const heard = await readFile(told, "utf8");
    expect(heard).toContain("KUBERNETES_EXEC_INFO");
    expect(canaries.leaksIn(heard)).toEqual([]);
  });

  test("R12: a proxy's user part is in no output, even where the proxy repeats it", async () => {
    const canaries = new Canaries();
    await using town = await openCanaryTown(pod, servers);
    const { createServer } = await import("node:http");
    const proxy = createServer((_request, response) => response.writeHead(407).end());
    proxy.on("connect", (request, socket) => {
      const header = String(request.headers["proxy-authorization"] ?? "");
      const plain = Buffer.from(header.slice("Basic ".length), "base64").toString("utf8");
      const body = `no entry for ${header} (${plain})`;
      socket.end(
        `HTTP/1.1 407 ${header}\r\nproxy-authenticate: Basic realm="${plain}"\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const bound = proxy.address();
    const port = typeof bound === "object" && bound !== null ? bound.port : 0;
    try {
      const url = `http://me:${canaries.plant("proxy password")}@127.0.0.1:${port}`;
      const results = await runAllWays(town, ["web"], {
        env: { HTTPS_PROXY: url, HTTP_PROXY: url, NO_PROXY: "127.0.0.1,localhost" },
      });
      expectNoLeak(canaries, results);
      expect(results[0]?.stdout).toMatch(/proxy/i);
      const kubeconfig = await writeKubeconfig(town.api, town.directory, {
        cluster: { "proxy-url": url },
        file: "proxied",
      });
      for (const flags of [["-v"], ["-o", "json"]]) {
        const result = await runMain(["web", ...flags, ...town.flags, "--kubeconfig", kubeconfig], {
          cwd: town.directory,
        });
        expect(result.code).toBe(3);
        expect(canaries.leaksIn(result.stdout + result.stderr)).toEqual([]);
      }
    } finally {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    }
  });

  test("C5, W3: no file is left behind but the one asked for, which only its owner reads", async () => {
    const canaries = new Canaries();
    const config = JSON.stringify({ auths: { [basicHost]: { username: "ci", password: canaries.plant("password") } } });
    await using town = await openCanaryTown(
      [...pod, sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", config)],
      servers,
    );
    const before = await readdir(town.directory);
    const run = (argv: readonly string[]) =>
      runMain(["web", "-v", "-o", "json", ...argv, ...town.flags], {
        cwd: town.directory,
        env: { HOME: town.directory },
      });
    await run([]);
    expect(await readdir(town.directory)).toEqual(before);
    const file = path.join(town.directory, "report.json");
    expect((await run(["--output-file", file])).stdout).toBe("");
    const { stat } = await import("node:fs/promises");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(canaries.leaksIn(await readFile(file, "utf8"))).toEqual([]);
    expect((await run(["--output-file", file])).code).toBe(2);
  });
});

test("C12: no name is looked up but the image's registry and the token server it names", async () => {
  const config = JSON.stringify({ auths: { [tokenHost]: { username: "ci", password: "a-password" } } });
  await using town = await openCanaryTown(
    [
      ...sketchSurroundings(),
      sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", config),
      ...refusedPod("token", `${tokenHost}/shop/web:v1`),
    ],
    {
      [tokenHost]: echoing(`Bearer realm="https://${authHost}/token",service="reg"`),
      [authHost]: echoing('Basic realm="there"'),
    },
  );
  await runMain(["token", "-v", ...town.flags], { now: present, cwd: town.directory });
  expect([...town.lookedUp].sort()).toEqual(["auth.reg.test", "token.reg.test"]);
});

test("C9: of a JWT in a pull secret nothing is shown but its times", async () => {
  const canaries = new Canaries();
  const claims = { exp: 1_600_000_000, email: canaries.plant("claim"), oid: canaries.plant("object id") };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const jwt = `${part({ alg: "RS256" })}.${part(claims)}.${canaries.plant("signature of a JWT")}`;
  canaries.keep("JWT", part(claims));
  const config = JSON.stringify({ auths: { [basicHost]: { username: "ci", password: jwt } } });
  await using town = await openCanaryTown(
    [
      ...sketchSurroundings(),
      sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", config),
      ...refusedPod("web", `${basicHost}/shop/web:v1`),
    ],
    { [basicHost]: echoing('Basic realm="here"') },
  );
  const results = await runAllWays(town, ["web"]);
  expectNoLeak(canaries, results);
  expect(results[0]?.stdout).toContain("2020-09-13");
});

describe("what holds a secret", () => {
  test("C6, C7, C10: prints as one fixed mark however it is printed, deep in errors, too", () => {
    const canaries = new Canaries();
    const holders = [canaries.plant("long"), "ab"].map((plain) => new Redacted(plain));
    for (const holder of holders) {
      const error = new AggregateError([new Error("inner", { cause: { headers: [holder] } })], String(holder), {
        cause: new Error("outer", { cause: { holder } }),
      });
      const prints = [
        inspect(error, { depth: 20, showHidden: true, getters: true }),
        inspect(holder, { depth: 20, showHidden: true, customInspect: false }),
        JSON.stringify({ holder }),
        `${holder}`,
        String(Object.entries(holder)),
        format("%s %o %j", holder, holder, holder),
      ];
      expect(prints.flatMap((text) => canaries.leaksIn(text))).toEqual([]);
      expect(prints[2]).toBe('{"holder":"[redacted]"}');
      expect(prints[3]).toBe("[redacted]");
    }
  });

  test("C6: an error that nobody expected is told by its kind alone", async () => {
    const canaries = new Canaries();
    const message = canaries.plant("message");
    let err = "";
    const code = await main(["web"], {
      stdout: { write: () => undefined },
      stderr: { write: (text) => (err += text) },
      stdin: (async function* () {})(),
      get env(): never {
        throw Object.assign(new TypeError(`cannot read ${message}`), { headers: { authorization: message } });
      },
      now: Date.now,
      calledAs: "kubectl-imagedoctor",
      cwd: "/",
      platform: "linux-x64",
      interrupt: new AbortController().signal,
    });
    expect(code).toBe(4);
    expect(err).toContain("TypeError");
    expect(canaries.leaksIn(err)).toEqual([]);
  });

  test("C6: what Node.js itself logs when it is told to holds no password and no token", async () => {
    const canaries = new Canaries();
    const config = JSON.stringify({ auths: { [basicHost]: { username: "ci", password: canaries.plant("password") } } });
    await using town = await openCanaryTown(
      [
        ...sketchSurroundings(),
        sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", config),
        ...refusedPod("web", `${basicHost}/shop/web:v1`),
      ],
      { [basicHost]: echoing('Basic realm="here"') },
    );
    const user = { token: canaries.plant("kubeconfig token") };
    const kubeconfig = await writeKubeconfig(town.api, town.directory, { user, namespace: "demo", file: "token" });
    const resolve = ["--resolve", `${basicHost.split(":")[0]}:${town.address}`];
    for (const more of [[], ["--kubeconfig", kubeconfig]]) {
      const { code, stdout, stderr } = await runProcess(["web", ...town.flags, ...resolve, ...more], {
        cwd: town.directory,
        env: {
          NODE_DEBUG: "http,http2,net,tls,undici,fetch,stream",
          NODE_V8_COVERAGE: path.join(town.directory, "coverage"),
        },
      });
      expect(stderr).toContain("NET ");
      // With the cluster's login the password got as far as the registry; with the other token the API server refuses.
      expect(code, stderr.slice(-500)).toBe(more.length === 0 ? 1 : 3);
      expect(canaries.leaksIn(stdout + stderr)).toEqual([]);
    }
    const files = await readdir(path.join(town.directory, "coverage"));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(canaries.leaksIn(await readFile(path.join(town.directory, "coverage", file), "utf8"))).toEqual([]);
    }
  });

  test("C11: a secret of signs that mean something elsewhere is blotted out, the longest first, one below 4 letters not", () => {
    const one: Login = { username: "ci", secret: new Redacted("a.*b$&") };
    const longer: Login = { username: "ci", secret: new Redacted("a.*b$&-and-more") };
    const short: Login = { username: "ci", secret: new Redacted("the") };
    expect(withoutSecrets("the a.*b$&-and-more, a.*b$& and axxb", one, [], [longer, short])).toBe(
      "the [redacted], [redacted] and axxb",
    );
  });
});
