import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
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
      ...stuck("unknown", "unknown.reg.test/shop/web:v1"),
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
  more: {
    readonly node?: readonly string[];
    readonly stdin?: "pipe";
    readonly stdout?: "pipe" | number;
    readonly env?: Record<string, string>;
    /** Ends with Node. */
    readonly command?: readonly string[];
    /** Without the options of a diagnosis. */
    readonly plain?: true;
  } = {},
): Started {
  const [command = "", ...first] = more.command ?? [process.execPath];
  const words = more.plain === true ? argv : withFlags(argv);
  const child = spawn(command, [...first, ...(more.node ?? []), entry, ...words], {
    cwd: directory,
    env: { PATH: process.env["PATH"] ?? "", ...more.env },
    stdio: [more.stdin ?? "ignore", more.stdout ?? "pipe", "pipe"],
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

describe.concurrent("a reader that goes away", () => {
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
    const saved = path.join(directory, "saved.json");
    const names = Array.from({ length: 300 }, (_, at) => `pod-${at}`);
    const pods = names.flatMap((name) => stuck(name, `${open}/shop/${name}:v1`));
    await writeFile(saved, JSON.stringify({ kind: "List", items: pods }));
    const { stdout, stderr } = await runProcess(
      ["-c", `"$0" "$1" --from "$2" --no-probe -o json | (sleep 1; cat)`, process.execPath, entry, saved],
      { command: ["/bin/sh"] },
    );
    expect(stderr).toBe("");
    // More than a pipe holds.
    expect(stdout.length).toBeGreaterThan(300_000);
    expect(JSON.parse(stdout)).toHaveProperty("diagnoses.length", 300);
  });

  test("L3: a slow reader of many lines gets all of them", async () => {
    const lines = Array.from({ length: 3_000 }, (_, at) => `"pull QPS exceeded ${at}"`).join("\n");
    const { stdout, stderr } = await runProcess(
      ["-c", `"$0" "$1" explain --stdin -o json | (sleep 1; wc -l)`, process.execPath, entry],
      { command: ["/bin/sh"], stdin: lines },
    );
    expect({ lines: stdout.trim(), stderr }).toEqual({ lines: "3000", stderr: "" });
  });
});

/** What a user takes for at once. */
const atOnce = 200;

interface Stopped extends Ended {
  /** Milliseconds from the signal to the end. */
  readonly took: number;
}

/**
 * Starts a run, sends it a signal once it is where it shall be stopped, and waits for its end. A machine with other things to do may
 * take longer than the program: the quickest of some tries counts, and one that had not begun when its signal came does not.
 * `patience` grows with each try.
 */
async function stop(
  startRun: () => Started,
  ready: (run: Started, patience: number) => Promise<void>,
  signals: readonly NodeJS.Signals[] = ["SIGINT"],
): Promise<Stopped> {
  let best: Stopped | undefined;
  for (let tries = 0; tries < 4 && !(best !== undefined && best.took < atOnce); tries += 1) {
    const run = startRun();
    const exited = new Promise<number>((resolve) => run.child.on("exit", () => resolve(performance.now())));
    await ready(run, 600 * 2 ** tries);
    let sent = performance.now();
    for (const [at, signal] of signals.entries()) {
      if (at > 0) await rest(400);
      sent = performance.now();
      run.child.kill(signal);
    }
    const took = (await exited) - sent;
    const ended = await run.ended;
    if (ended.signal !== null && tries < 3) continue;
    if (best === undefined || took < best.took) best = { ...ended, took };
  }
  if (best === undefined) throw new Error("nothing was run");
  return best;
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Until the API server has been asked for nodes, which is last, and the registry's turn has come. */
async function untilProbing(asked: number): Promise<void> {
  await until(() => api.requests.slice(asked).some(({ resource }) => resource === "nodes"));
  await rest(300);
}

describe("a run that is stopped", () => {
  test.each([
    ["SIGINT", ["-o", "json"], exitCodes.interrupted],
    ["SIGTERM", ["-o", "json"], exitCodes.terminated],
    ["SIGINT", ["-o", "yaml"], exitCodes.interrupted],
    ["SIGINT", [], exitCodes.interrupted],
  ] as const)(
    "L2: %s while a registry is silent prints what is known (%j), at once, and exits with %d",
    async (signal, format, expected) => {
      let asked = 0;
      const { code, stdout, stderr, took } = await stop(
        () => {
          asked = api.requests.length;
          return start(["silent", ...format]);
        },
        () => untilProbing(asked),
        [signal],
      );
      expect({ code, stderr }).toEqual({ code: expected, stderr: "" });
      expect(took).toBeLessThan(atOnce);
      expect(stdout).toContain("silent.reg.test");
      if (format[1] === "json") expect(JSON.parse(stdout)).toMatchObject({ interrupted: true });
    },
  );

  test("L2: Ctrl-C while the API server is silent leaves no half document, and a second one is not needed", async () => {
    await using slow = await startApiServer({});
    slow.fault(hang());
    const kubeconfig = await writeKubeconfig(slow, directory, { namespace: "demo", file: "slow" });
    const { code, stdout, stderr, took } = await stop(
      () => start(["web", "-o", "json", "--kubeconfig", kubeconfig]),
      (_run, patience) => rest(patience),
    );
    expect(code, stderr).toBe(exitCodes.interrupted);
    if (stdout !== "") JSON.parse(stdout);
    expect(stderr).toBe("");
    expect(took).toBeLessThan(atOnce);
  });

  test("L2: Ctrl-C while it watches ends it at once, and what it said stays", async () => {
    const { code, stdout, stderr, took } = await stop(
      () => start(["open", "--watch"]),
      async ({ child }) => {
        await new Promise<void>((resolve) => child.stdout?.once("data", () => resolve()));
        await rest(100);
      },
    );
    expect({ code, stderr }).toEqual({ code: exitCodes.interrupted, stderr: "" });
    expect(stdout).toMatch(/shop\/web:v2.*\n$/);
    expect(took).toBeLessThan(atOnce);
  });

  test.runIf(process.platform !== "win32").each([
    ["a docker config", (pipe: string) => ["--image", "nginx", "--docker-config", pipe]],
    ["a manifest", (pipe: string) => ["-f", pipe]],
    ["an authority's certificate", (pipe: string) => ["open", "--registry-ca", pipe]],
    ["a saved cluster", (pipe: string) => ["--from", pipe]],
  ])("L2: Ctrl-C while %s is a pipe without a writer ends it at once", async (_what, argv) => {
    const pipe = path.join(directory, "pipe");
    if (!existsSync(pipe)) execFileSync("mkfifo", [pipe]);
    const { code, stdout, stderr, took } = await stop(
      () => start(argv(pipe), { plain: true }),
      (_run, patience) => rest(patience),
    );
    expect({ code, stdout, stderr }).toEqual({ code: exitCodes.interrupted, stdout: "", stderr: "" });
    expect(took).toBeLessThan(atOnce);
  });

  test.each([
    ["diagnosis", ["-f", "-"], ""],
    ["explanation", ["explain", "--stdin"], "pull QPS exceeded\n"],
  ])("L2: Ctrl-C while stdin stays open ends a %s at once, with what is known", async (_what, argv, typed) => {
    const { code, stdout, stderr, took } = await stop(
      () => start(argv, { plain: true, stdin: "pipe" }),
      async ({ child }, patience) => {
        child.stdin?.write(typed);
        await rest(patience);
      },
    );
    expect({ code, stderr }).toEqual({ code: exitCodes.interrupted, stderr: "" });
    expect(stdout.split("\n").length).toBe(typed === "" ? 1 : 2);
    expect(took).toBeLessThan(atOnce);
  });

  test("L2: a second Ctrl-C does not wait for a reader that does not read", async () => {
    const { code, took } = await stop(
      () => start(["explain", "--stdin", "-o", "json"], { plain: true, stdin: "pipe" }),
      async ({ child }, patience) => {
        child.stdout?.pause();
        child.stdin?.on("error", () => {});
        child.stdin?.write("pull QPS exceeded\n".repeat(30_000));
        await rest(patience);
      },
      ["SIGINT", "SIGINT"],
    );
    expect(code).toBe(exitCodes.interrupted);
    expect(took).toBeLessThan(atOnce);
  });

  test.runIf(canHideNameServers())(
    "L2: Ctrl-C while a DNS server is silent ends it at once, with what is known",
    async () => {
      await withSilentNameServer(async (command, queries) => {
        const { code, stdout, took } = await stop(
          () => {
            queries.length = 0;
            return start(["unknown", "-o", "json"], { command });
          },
          () => until(() => queries.length > 0),
        );
        expect(code).toBe(exitCodes.interrupted);
        expect(JSON.parse(stdout)).toMatchObject({ interrupted: true });
        expect(took).toBeLessThan(atOnce);
      });
    },
  );

  test.runIf(canHideNameServers())(
    "L7: a DNS server that is silent holds no run longer than its time limit",
    async () => {
      await withSilentNameServer(async (command) => {
        const from = performance.now();
        const run = start(["unknown", "-o", "json", "--timeout", "1s"], { command });
        const exited = new Promise<number>((resolve) => run.child.on("exit", () => resolve(performance.now())));
        const took = (await exited) - from;
        const { code, stdout } = await run.ended;
        expect(code).toBe(exitCodes.failureDiagnosed);
        expect(stdout).toContain("dns-unreachable");
        expect(took).toBeLessThan(5_000);
      });
    },
  );

  test("L2: Ctrl-C at any moment leaves one whole JSON document or none", async () => {
    for (let wait = 50; wait < 1_000; wait += 130) {
      const { child, ended } = start(["silent", "open", "-o", "json"]);
      await rest(wait);
      child.kill("SIGINT");
      const { code, signal, stdout, stderr } = await ended;
      // Before its first line has run, the signal ends it as it would any process.
      expect(signal === "SIGINT" || code === exitCodes.interrupted, `${code} ${signal} ${stderr}`).toBe(true);
      if (stdout !== "") expect(JSON.parse(stdout)).toHaveProperty("schemaVersion");
      expect(stderr).not.toContain("    at ");
    }
  });

  test("L2: an exec plugin that asks for ever ends with the run, at once", async () => {
    const pidFile = path.join(directory, "plugin.pid");
    const plugin = path.join(directory, "plugin.sh");
    await writeFile(plugin, `#!/bin/sh\necho $$ > ${pidFile}\nexec sleep 30\n`, { mode: 0o755 });
    const user = { exec: { apiVersion: "client.authentication.k8s.io/v1", command: plugin, interactiveMode: "Never" } };
    const kubeconfig = await writeKubeconfig(api, directory, { user, file: "exec" });
    const pids: number[] = [];
    const { code, took } = await stop(
      () => start(["open", "--kubeconfig", kubeconfig]),
      async () => {
        await until(() => existsSync(pidFile) && readFileSync(pidFile, "utf8").trim() !== "");
        pids.push(Number(readFileSync(pidFile, "utf8")));
        await rm(pidFile);
      },
    );
    expect(code).toBe(exitCodes.interrupted);
    expect(took).toBeLessThan(atOnce);
    for (const pid of pids) await until(() => !isAlive(pid));
  });
});

/** A DNS server that takes queries and says nothing, and the command that runs Node with it. */
async function withSilentNameServer(
  act: (command: readonly string[], queries: Buffer[]) => Promise<void>,
): Promise<void> {
  const address = "127.77.0.53";
  const file = path.join(directory, "resolv.conf");
  await writeFile(file, `nameserver ${address}\noptions timeout:10\n`);
  const queries: Buffer[] = [];
  const server = createSocket("udp4").on("message", (query) => queries.push(query));
  await new Promise<void>((resolve) => server.bind(53, address, resolve));
  const script = `mount --bind ${file} /etc/resolv.conf && exec "$0" "$@"`;
  try {
    await act(["unshare", "-m", "sh", "-c", script, process.execPath], queries);
  } finally {
    server.close();
  }
}

/** Whether a process of ours may have a resolv.conf of its own. */
function canHideNameServers(): boolean {
  const tried = spawnSync("unshare", ["-m", "mount", "--bind", "/etc/hosts", "/etc/resolv.conf"]);
  return process.platform === "linux" && tried.status === 0;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// macOS has another program of this name, with other options.
describe.runIf(process.platform === "linux" && existsSync("/usr/bin/script"))("a terminal", () => {
  const hidden = "\u001b[?25l";
  const shown = "\u001b[?25h";

  /** What the screen shows of a run that is stopped once `wanted` is on it, and ends. */
  async function screenOf(
    argv: readonly string[],
    wanted: string | number,
    { columns = 100, signals = ["SIGINT"] }: { columns?: number; signals?: readonly NodeJS.Signals[] } = {},
  ): Promise<string> {
    const pidFile = path.join(directory, "terminal.pid");
    await rm(pidFile, { force: true });
    const words = [process.execPath, entry, ...withFlags(argv)].map((word) => `'${word}'`).join(" ");
    const script = `stty cols ${columns}; echo $$ > ${pidFile}; exec ${words}`;
    const child = spawn("/usr/bin/script", ["-qec", script, "/dev/null"], {
      cwd: directory,
      stdio: ["ignore", "pipe", "ignore"],
      env: { PATH: process.env["PATH"] ?? "", TERM: "xterm" },
    });
    let screen = "";
    child.stdout.on("data", (chunk) => (screen += String(chunk).slice(0, 100_000)));
    const closed = new Promise((resolve) => child.on("close", resolve));
    if (typeof wanted === "number") await rest(wanted);
    else await until(() => screen.includes(wanted));
    const pid = Number(readFileSync(pidFile, "utf8"));
    for (const signal of signals) process.kill(pid, signal);
    const late = setTimeout(() => process.kill(pid, "SIGKILL"), 5_000);
    await closed;
    clearTimeout(late);
    return screen;
  }

  test("L2: after Ctrl-C while a registry is asked it has its cursor again, and what is known is on it", async () => {
    const screen = await screenOf(["silent"], "Asking");
    expect(screen).toContain(hidden);
    expect(screen.lastIndexOf(shown)).toBeGreaterThan(screen.lastIndexOf(hidden));
    expect(screen).toContain("shop/web");
  });

  test("L2: after Ctrl-C while the API server is asked it has its cursor again", async () => {
    await using slow = await startApiServer({});
    slow.fault(hang());
    const kubeconfig = await writeKubeconfig(slow, directory, { namespace: "demo", file: "slow-terminal" });
    const screen = await screenOf(["web", "--kubeconfig", kubeconfig], hidden);
    expect(screen.lastIndexOf(shown)).toBeGreaterThan(screen.lastIndexOf(hidden));
  });

  test("L2: after a second signal, which nothing waits for, it has its cursor again", async () => {
    const screen = await screenOf(["silent"], "Asking", { signals: ["SIGINT", "SIGTERM"] });
    expect(screen).toContain(hidden);
    expect(screen.lastIndexOf(shown)).toBeGreaterThan(screen.lastIndexOf(hidden));
  });

  test("L2: after Ctrl-C while it watches, what is known is on it, and its cursor", async () => {
    const screen = await screenOf(["open", "--watch"], "Ctrl-C");
    expect(screen.slice(screen.lastIndexOf("\u001b[2J") + 1)).toContain("shop/web");
    expect(screen.lastIndexOf(shown)).toBeGreaterThanOrEqual(screen.lastIndexOf(hidden));
    // Another screen would have to be left again, and would take the report with it.
    expect(screen).not.toContain("\u001b[?1049");
  });

  test("O7: of width 0 it gets the report and no endless progress line", async () => {
    const screen = await screenOf(["silent"], 2_000, { columns: 0 });
    expect(screen).toContain("shop/web");
    expect(screen.length).toBeLessThan(20_000);
  });
});

describe.concurrent("a poor place to run in", () => {
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

  test.runIf(canHideNameServers())(
    "L4: on a disk that can only be read it says the same, and a file asked for is refused",
    async () => {
      const script = 'mount -o remount,bind,ro / && ! touch "$HOME/probe" 2>/dev/null && exec "$0" "$@"';
      const readOnly = (...argv: string[]) =>
        start(["open", ...argv], {
          command: ["unshare", "-m", "sh", "-c", script, process.execPath],
          env: { HOME: directory },
        }).ended;
      const { code, stdout, stderr } = await readOnly();
      expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
      expect(stdout).toContain("shop/web");
      const refused = await readOnly("--output-file", path.join(directory, "report"));
      expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: exitCodes.usage, stdout: "" });
      expect(refused.stderr).toMatch(/^error: .*report cannot be written \(the file system is read-only\)\n.*\n$/);
    },
  );

  test("L4: files that another version may have left change nothing, and stay as they are", async () => {
    const home = path.join(directory, "old-home");
    const old = [".kube/imagedoctor", ".kube/cache/imagedoctor.json", ".cache/kubectl-imagedoctor/cache.json"].concat(
      ".config/kubectl-imagedoctor/config.yaml",
      ".imagedoctorrc",
    );
    for (const file of old) {
      await mkdir(path.join(home, path.dirname(file)), { recursive: true });
      await writeFile(path.join(home, file), "\u0000{]: of version 0.0.1");
    }
    const before = await readdir(home, { recursive: true });
    const { code, stdout, stderr } = await run(
      ["open"],
      { HOME: home, XDG_CONFIG_HOME: path.join(home, ".config") },
      home,
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toContain("shop/web");
    expect(await readdir(home, { recursive: true })).toEqual(before);
    for (const file of old) expect(readFileSync(path.join(home, file), "utf8")).toContain("of version 0.0.1");
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

describe.concurrent("how it ends", () => {
  test.each([
    ["nothing fails", ["runs"], exitCodes.nothingFailing],
    ["a failure", ["open", "--no-probe"], exitCodes.failureDiagnosed],
    ["a flag nobody knows", ["open", "--nonsense"], exitCodes.usage],
    ["two formats at once", ["open", "-o", "csv"], exitCodes.usage],
    ["a cluster that is not there", ["open", "--server", "https://127.0.0.1:9"], exitCodes.clusterUnreadable],
  ])("L5: %s (%j) is exit code %d", async (_what, argv, expected) => {
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
  ])("L6, C6: %s is one line without its words, and exit code 4", async (what, script) => {
    const canaries = new Canaries();
    const secret = canaries.plant("message");
    const preload = path.join(directory, `${what}.mjs`);
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
