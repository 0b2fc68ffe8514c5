import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCodes } from "../../src/cli/exit-code.ts";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import { hang } from "../support/api-server-faults.ts";
import { Canaries } from "../support/canaries.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { startTown, type Town } from "../support/registry-town.ts";
import { runMain, runProcess } from "../support/run-cli.ts";
import { sketchPod, sketchSurroundings } from "../support/story-pods.ts";

const entry = path.join(import.meta.dirname, "..", "..", "src", "cli", "entry.ts");
const address = process.platform === "linux" ? `127.10.${process.pid % 250}.1` : "127.0.0.1";
const silent = "silent.reg.test:5001";
const open = "open.reg.test:5002";

let api: ApiServer;
let town: Town;
let directory: string;
let flags: readonly string[];

function stuck(name: string, image: string) {
  return sketchPod({ name, image, error: `failed to resolve reference "${image}": 500 Internal Server Error` });
}

beforeAll(async () => {
  town = await startTown(
    { [silent]: { listens: "silent" }, [open]: { images: [{ repository: "shop/web", tags: ["v1"] }] } },
    address,
  );
  api = await startApiServer({
    objects: [
      ...sketchSurroundings(),
      ...stuck("silent", `${silent}/shop/web:v1`),
      ...stuck("open", `${open}/shop/web:v2`),
      ...sketchPod({ name: "runs", image: `${open}/shop/web:v1` }),
    ],
  });
  directory = await mkdtemp(path.join(tmpdir(), "process-"));
  const kubeconfig = await writeKubeconfig(api, directory, { namespace: "demo" });
  const resolve = [silent, open].flatMap((at) => ["--resolve", `${at.split(":")[0]}:${address}`]);
  flags = ["--kubeconfig", kubeconfig, "--registry-ca", town.authorityFile, ...resolve, "--timeout", "8s"];
});

afterAll(async () => {
  await town.close();
  await api.close();
  await rm(directory, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly at: number;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

function start(
  argv: readonly string[],
  more: { node?: readonly string[]; stdout?: "pipe" | number; env?: Record<string, string> } = {},
): Started {
  const child = spawn(process.execPath, [...(more.node ?? []), entry, ...withFlags(argv)], {
    cwd: directory,
    env: { PATH: process.env["PATH"] ?? "", ...more.env },
    stdio: ["ignore", more.stdout ?? "pipe", "pipe"],
    timeout: 15_000,
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr?.on("data", (chunk) => (stderr += String(chunk)));
  const ended = new Promise<Ended>((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr, at: performance.now() })),
  );
  return { child, ended };
}

/** What every diagnosis here needs; the last --kubeconfig wins. */
function withFlags(argv: readonly string[]): string[] {
  const [command = "", ...rest] = argv;
  return command === "explain" ? [...argv] : [command, ...flags, ...rest];
}

/** Until the condition holds; fails after ten seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 500) throw new Error("waited for ten seconds in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("a reader that goes away", () => {
  test.each([
    ["a report", ["open"]],
    ["help", ["--help"]],
    ["the catalogue", ["explain"]],
  ])("L1: %s into a closed pipe ends quietly", async (_what, argv) => {
    const { child, ended } = start(argv);
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    expect({ code: code === 1 && argv[0] === "open" ? 0 : code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("L1: a shell's pipe into head prints no stack", async () => {
    const { stdout, stderr, code } = await runProcess(["-c", `"$0" "$1" explain | head -1`, process.execPath, entry], {
      command: ["/bin/sh"],
    });
    expect({ lines: stdout.trim().split("\n").length, stderr, code }).toEqual({ lines: 1, stderr: "", code: 0 });
  });

  test.runIf(process.platform === "linux")("L3: a full disk is exit code 4, and is said", async () => {
    const full = openSync("/dev/full", "w");
    try {
      const { code, stderr } = await start(["open", "-o", "json"], { stdout: full }).ended;
      expect(code).toBe(exitCodes.bug);
      expect(stderr).toMatch(/^error: .*ENOSPC.*\n$/);
    } finally {
      closeSync(full);
    }
  });

  test("L3: a slow reader gets all of it", async () => {
    const lines = Array.from({ length: 3_000 }, (_, at) => `"pull QPS exceeded ${at}"`).join("\n");
    const { stdout, stderr } = await runProcess(
      ["-c", `"$0" "$1" explain --stdin -o json | (sleep 1; wc -l)`, process.execPath, entry],
      { command: ["/bin/sh"], stdin: lines },
    );
    expect({ lines: stdout.trim(), stderr }).toEqual({ lines: "3000", stderr: "" });
  });
});

describe("a run that is stopped", () => {
  test.each([
    ["SIGINT", ["-o", "json"]],
    ["SIGTERM", ["-o", "json"]],
    ["SIGINT", ["-o", "yaml"]],
    ["SIGINT", []],
  ] as const)(
    "L2: %s while a registry is silent prints what is known (%j), and exits with 130",
    async (signal, format) => {
      const asked = api.requests.length;
      const { child, ended } = start(["silent", ...format]);
      await until(() => api.requests.slice(asked).some(({ resource }) => resource === "nodes"));
      await new Promise((resolve) => setTimeout(resolve, 300));
      const sent = performance.now();
      child.kill(signal);
      const { code, stdout, stderr, at } = await ended;
      expect({ code, stderr }).toEqual({ code: exitCodes.interrupted, stderr: "" });
      expect(at - sent).toBeLessThan(1_500);
      expect(stdout).toContain("silent.reg.test");
      if (format[1] === "json") expect(JSON.parse(stdout)).toMatchObject({ interrupted: true });
    },
  );

  test("L2: Ctrl-C while the API server is silent leaves no half document, and a second one is not needed", async () => {
    await using slow = await startApiServer({});
    slow.fault(hang());
    const kubeconfig = await writeKubeconfig(slow, directory, { namespace: "demo", file: "slow" });
    const { child, ended } = start(["web", "-o", "json", "--kubeconfig", kubeconfig]);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const sent = performance.now();
    child.kill("SIGINT");
    const { code, stdout, stderr, at } = await ended;
    expect(code, stderr).toBe(exitCodes.interrupted);
    if (stdout !== "") JSON.parse(stdout);
    expect(stderr).not.toContain("    at ");
    expect(at - sent).toBeLessThan(1_500);
  });

  test("L2: Ctrl-C at any moment leaves one whole JSON document or none", async () => {
    for (let wait = 50; wait < 1_000; wait += 130) {
      const { child, ended } = start(["silent", "open", "-o", "json"]);
      await new Promise((resolve) => setTimeout(resolve, wait));
      child.kill("SIGINT");
      const { code, signal, stdout, stderr } = await ended;
      // Before its first line has run, the signal ends it as it would any process.
      expect(signal === "SIGINT" || code === exitCodes.interrupted, `${code} ${signal} ${stderr}`).toBe(true);
      if (stdout !== "") expect(JSON.parse(stdout)).toHaveProperty("schemaVersion");
      expect(stderr).not.toContain("    at ");
    }
  });

  test("L2: an exec plugin that asks for ever ends with the run", async () => {
    const pidFile = path.join(directory, "plugin.pid");
    const plugin = path.join(directory, "plugin.sh");
    await writeFile(plugin, `#!/bin/sh\necho $$ > ${pidFile}\nexec sleep 30\n`, { mode: 0o755 });
    const user = { exec: { apiVersion: "client.authentication.k8s.io/v1", command: plugin, interactiveMode: "Never" } };
    const kubeconfig = await writeKubeconfig(api, directory, { user, file: "exec" });
    const { child, ended } = start(["open", "--kubeconfig", kubeconfig]);
    await until(() => existsSync(pidFile) && readFileSync(pidFile, "utf8").trim() !== "");
    child.kill("SIGINT");
    expect((await ended).code).toBe(exitCodes.interrupted);
    const pid = Number(readFileSync(pidFile, "utf8"));
    await until(() => !isAlive(pid));
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.runIf(existsSync("/usr/bin/script"))("a terminal", () => {
  /** What the screen shows of a run that waits, is stopped after three seconds, and ends. */
  async function screenOf(columns: number): Promise<string> {
    const pidFile = path.join(directory, `terminal-${columns}.pid`);
    const words = [process.execPath, entry, ...withFlags(["silent"])].map((word) => `'${word}'`).join(" ");
    const script = `stty cols ${columns}; echo $$ > ${pidFile}; exec ${words}`;
    const child = spawn("/usr/bin/script", ["-qec", script, "/dev/null"], {
      cwd: directory,
      stdio: ["ignore", "pipe", "ignore"],
      env: { PATH: process.env["PATH"] ?? "", TERM: "xterm" },
    });
    let screen = "";
    child.stdout.on("data", (chunk) => (screen += String(chunk).slice(0, 100_000)));
    const closed = new Promise((resolve) => child.on("close", resolve));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const pid = Number(readFileSync(pidFile, "utf8"));
    process.kill(pid, "SIGINT");
    const late = setTimeout(() => process.kill(pid, "SIGKILL"), 5_000);
    await closed;
    clearTimeout(late);
    return screen;
  }

  test("L2: after Ctrl-C it has its cursor again, and what is known is on it", async () => {
    const screen = await screenOf(100);
    expect(screen).toContain("\u001b[?25l");
    expect(screen.lastIndexOf("\u001b[?25h")).toBeGreaterThan(screen.lastIndexOf("\u001b[?25l"));
    expect(screen).toContain("shop/web");
  });

  test("O7: of width 0 it gets the report and no endless progress line", async () => {
    const screen = await screenOf(0);
    expect(screen).toContain("shop/web");
    expect(screen.length).toBeLessThan(20_000);
  });
});

describe("a poor place to run in", () => {
  const run = (argv: readonly string[], env: Record<string, string> = {}, cwd = directory) =>
    runProcess([...argv, ...flags], {
      command: ["/usr/bin/env", "-i", ...Object.entries(env).map((pair) => pair.join("=")), process.execPath, entry],
      cwd,
    });

  test.each([
    ["without HOME or any variable", {}],
    ["with a HOME that is not there", { HOME: "/nonexistent/home" }],
    ["with a HOME that cannot be written", { HOME: "/proc" }],
    ["with TERM=dumb", { TERM: "dumb" }],
    ["in the C locale", { LANG: "C", LC_ALL: "C" }],
    ["with senseless widths", { COLUMNS: "abc", LINES: "-1" }],
  ])("L4, O7: %s it says the same", async (_where, env) => {
    const { code, stdout, stderr } = await run(["open"], env);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toContain("shop/web");
    expect(stdout).not.toContain("\u001b");
  });

  test.runIf(process.platform === "linux")("L4: where nothing can be written", async () => {
    const { code, stderr } = await run(["open"], {}, "/proc");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  });

  test("L4: with no kubeconfig at all it is exit code 3 and one clear sentence", async () => {
    const { code, stdout, stderr } = await runProcess(["open"], {
      command: ["/usr/bin/env", "-i", process.execPath, entry],
      cwd: directory,
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
  });

  test("L9: neither language nor time zone changes a word", async () => {
    const here = await run(["open", "-o", "json"], { LANG: "C", TZ: "UTC" });
    const there = await run(["open", "-o", "json"], {
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      TZ: "Asia/Kathmandu",
    });
    const settled = (text: string) =>
      text
        .replace(/"at": "[^"]*"/g, "")
        .replace(/"milliseconds": \d+/g, "")
        .replace(/\b\d+ ms\b/g, "");
    expect(settled(there.stdout)).toBe(settled(here.stdout));
  });

  test("L4: two runs at once do not meet", async () => {
    const results = await Promise.all([run(["open"]), run(["open"]), run(["runs"])]);
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 1, stderr: "" },
      { code: 1, stderr: "" },
      { code: 0, stderr: "" },
    ]);
  });
});

describe("a terminal of any width", () => {
  test.each([0, 1, 5, 1_000_000, Number.NaN, -3])(
    "O7: at %d columns the report is whole and ends",
    async (terminal) => {
      for (const format of ["text", "wide", "markdown"]) {
        const { code, stdout } = await runMain(["open", "-v", "-o", format, "--no-probe", ...flags], {
          terminal,
          env: { TERM: "xterm" },
        });
        expect(code).toBe(1);
        expect(stdout.replace(/\s/g, "")).toContain("shop/web");
      }
    },
  );

  test("O7: no colour with NO_COLOR, with TERM=dumb, or where stdout is no terminal", async () => {
    const run = (env: Record<string, string>, terminal?: number) =>
      runMain(["open", "--no-probe", ...flags], { env, ...(terminal === undefined ? {} : { terminal }) });
    expect((await run({ TERM: "xterm" }, 80)).stdout).toContain("\u001b[");
    for (const result of [
      await run({ TERM: "xterm", NO_COLOR: "1" }, 80),
      await run({ TERM: "dumb" }, 80),
      await run({ TERM: "xterm" }),
    ]) {
      expect(result.stdout).not.toContain("\u001b");
    }
  });
});

describe("how it ends", () => {
  test.each([
    ["nothing fails", ["runs"], exitCodes.nothingFailing],
    ["a failure", ["open", "--no-probe"], exitCodes.failureDiagnosed],
    ["a flag nobody knows", ["open", "--nonsense"], exitCodes.usage],
    ["two formats at once", ["open", "-o", "csv"], exitCodes.usage],
    ["a cluster that is not there", ["open", "--server", "https://127.0.0.1:9"], exitCodes.clusterUnreadable],
  ])("L5: %s", async (_what, argv, expected) => {
    const { code, stdout, stderr } = await start(argv).ended;
    expect(code, stderr).toBe(expected);
    if (expected > 1) {
      expect(stdout).toBe("");
      expect(stderr).not.toContain("    at ");
    }
  });

  test.each([
    ["a promise that nobody awaits", "setTimeout(() => Promise.reject(make()), 20)"],
    ["an exception in a timer", "setTimeout(() => { throw make(); }, 20)"],
  ])("L6, C6: %s is one line without its words, and exit code 4", async (_what, script) => {
    const canaries = new Canaries();
    const secret = canaries.plant("message");
    const preload = path.join(directory, "preload.mjs");
    await writeFile(
      preload,
      `const make = () => Object.assign(new Error("${secret}"), { headers: "${secret}" });\n${script};\n`,
    );
    const { code, stdout, stderr } = await start(["silent"], { node: ["--import", preload] }).ended;
    expect(code, stderr).toBe(exitCodes.bug);
    expect(canaries.leaksIn(stdout + stderr)).toEqual([]);
    expect(stderr).toMatch(/^error: a bug in kubectl-imagedoctor \(Error\)\n/);
  });
});
