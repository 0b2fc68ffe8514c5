import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageVersion } from "../../scripts/build.ts";
import { platforms } from "../../scripts/package-platforms.ts";
import { eventObject, podObject } from "../collect/sample-objects.ts";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import { createAuthority, issue } from "../support/certificates.ts";
import { type KubeconfigOptions, writeKubeconfig } from "../support/kubeconfig.ts";

const host = platforms.find(({ system }) => system === `${process.platform}-${process.arch}`);
const executable = path.resolve("build", host?.name ?? "none", host?.executable ?? "none");
const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).map((file) => path.join("src", file));
/** An executable of older sources says nothing about these. */
const made =
  existsSync(executable) && statSync(executable).mtimeMs > Math.max(...sources.map((file) => statSync(file).mtimeMs));

test.skipIf(!process.env["PACKAGED"])("the executable is there, and of these sources (where PACKAGED is set)", () => {
  expect(made).toBe(true);
});

describe.skipIf(!made)("the packaged executable where there is nothing (npm run package makes it)", () => {
  let directory: string;
  let server: ApiServer;

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "packaged-"));
    const image = "registry.example.invalid/shop/web:v1";
    const message = `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    const authority = await createAuthority("clients");
    server = await startApiServer({
      objects: [podObject({ name: "web-1", uid: "u1", image }), eventObject({ reason: "Failed", message, uid: "u1" })],
      clientAuthority: authority,
    });
    pair = await issue({ authority, names: ["tester"], client: true });
  });
  afterAll(async () => {
    chmodSync(directory, 0o755);
    rmSync(directory, { recursive: true });
    await server.close();
  });
  let pair: { cert: string; key: string };

  const run = (...args: string[]) => runCommand(executable, args);
  const runSources = (...args: string[]) => runCommand(process.execPath, [path.resolve("src/cli/entry.ts"), ...args]);

  /** Neither PATH nor HOME; Windows starts nothing without its own directory's name. */
  function runCommand(command: string, args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const { SystemRoot } = process.env;
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: directory,
        env: SystemRoot === undefined ? {} : { SystemRoot },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let out = "";
      let err = "";
      child.stdout.on("data", (text) => {
        out += String(text);
      });
      child.stderr.on("data", (text) => {
        err += String(text);
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, out, err }));
    });
  }

  async function diagnose(options: KubeconfigOptions): Promise<void> {
    const kubeconfig = await writeKubeconfig(server, directory, { namespace: "shop", ...options });
    const { code, out, err } = await run("web-1", "--kubeconfig", kubeconfig, "--no-probe", "-o", "json");
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toContain('"text": "Failed: registry.example.invalid/shop/web:v1: not found"');
  }

  test("version, help, explain and completion", async () => {
    expect(await run("version")).toMatchObject({ code: 0, err: "" });
    expect(await run("--help")).toMatchObject({ code: 0, err: "" });
    expect((await run("explain", "rate-limited")).out).toContain("rate-limited");
    expect(await run("__complete", "-o", "j")).toEqual({ code: 0, out: "json\njunit\n:4\n", err: "" });
  });

  /** The sources say the same, but for the time of day and the version. */
  async function asTheSources(...args: string[]): Promise<void> {
    const timeless = (text: string) =>
      text
        .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+Z/g, "TIME")
        .replace(/\d+(ms|s|m|h|d)\b/g, "AGO")
        .replaceAll(packageVersion(), "0.0.0-source");
    const [packed, source] = await Promise.all([run(...args), runSources(...args)]);
    expect({ ...packed, out: timeless(packed.out) }).toEqual({ ...source, out: timeless(source.out) });
    expect(packed).toMatchObject({ err: "" });
    expect(packed.out.length).toBeGreaterThan(50);
  }

  test.each(["text", "wide", "json", "yaml", "markdown", "junit", "sarif"])(
    "%s: what few runs need is there when it is asked for",
    async (format) => {
      const kubeconfig = await writeKubeconfig(server, directory, { namespace: "shop" });
      await asTheSources("web-1", "--kubeconfig", kubeconfig, "--no-probe", "-o", format);
    },
  );

  test.each([
    ["explain"],
    ["explain", "pull-secret-missing", "-o", "yaml"],
    ["explain", "--message", "no such host", "-o", "json"],
    ["rbac"],
    ["completion"],
    ["completion", "zsh"],
    ["--image", "not/Valid"],
    ["-f", "pod.json", "--no-probe"],
    ["--from", "pod.json", "--no-probe"],
    ["--image", "127.0.0.1:1/a/b:c", "--hosts-dir", "."],
  ])("%s %s", async (...args) => {
    const pod = podObject({ name: "web-1", uid: "u1", image: "127.0.0.1:1/shop/web:v1" });
    writeFileSync(path.join(directory, "pod.json"), JSON.stringify(pod));
    await asTheSources(...args);
  });

  test("no kubeconfig is said in words", async () => {
    const { code, out, err } = await run("web-1");
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).not.toMatch(/ {4}at /);
  });

  test("a token", () => diagnose({}));

  test("a client certificate", async () => {
    await diagnose({ certificate: pair });
    expect(server.requests.at(-1)?.user).toBe("tester");
  });

  test.skipIf(process.platform === "win32")("a login plugin", async () => {
    const plugin = path.join(directory, "login");
    const apiVersion = "client.authentication.k8s.io/v1";
    const credential = { kind: "ExecCredential", apiVersion, status: { token: server.token } };
    writeFileSync(plugin, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`, { mode: 0o755 });
    await diagnose({ user: { exec: { apiVersion, command: plugin, interactiveMode: "Never" } } });
  });

  test("a proxy", async () => {
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, client) => {
      tunnels.push(request.url ?? "");
      const upstream = connect(server.port, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
      upstream.pipe(client).pipe(upstream);
      for (const socket of [upstream, client]) socket.on("error", () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    await diagnose({ cluster: { "proxy-url": `http://127.0.0.1:${port}` } });
    expect(tunnels).toContain(`127.0.0.1:${server.port}`);
    proxy.close();
  });
});
