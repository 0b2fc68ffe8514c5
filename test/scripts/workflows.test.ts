import { existsSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { platforms } from "../../scripts/package-platforms.ts";

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly "runs-on"?: string;
  readonly "timeout-minutes"?: number;
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly matrix: {
      readonly os?: readonly string[];
      readonly include?: readonly { platform: string; os: string }[];
    };
  };
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly concurrency: Readonly<Record<string, unknown>>;
  readonly defaults: unknown;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const texts = ["ci", "release"].map((name) => readFileSync(`.github/workflows/${name}.yml`, "utf8"));
const [ci, release] = texts.map((text) => load(text)) as [Workflow, Workflow];
const jobs = [...Object.values(ci.jobs), ...Object.values(release.jobs)];
const steps = jobs.flatMap((job) => job.steps ?? []);
const commands = steps.flatMap(({ run }) => (run === undefined ? [] : run.trim().split("\n")));
const manifest: { scripts: Record<string, string>; engines: { node: string } } = JSON.parse(
  readFileSync("package.json", "utf8"),
);

/** The jobs that must have ended well before this one starts. */
function before(name: string): string[] {
  const { needs = [] } = release.jobs[name] ?? {};
  return [needs].flat().flatMap((needed) => [needed, ...before(needed)]);
}

describe("both workflows", () => {
  test("use actions by the hash of a commit, with its version beside it, and one version of each", () => {
    const uses = texts.flatMap((text) => text.match(/\buses: .*$/gm) ?? []).filter((line) => !line.includes(" ./"));
    expect(uses.length).toBeGreaterThan(10);
    for (const line of uses) expect(line).toMatch(/^uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const actions = new Set(uses.map((line) => line.replace(/@.*/, "")));
    expect(new Set(uses).size).toBe(actions.size);
  });

  test("leave no credentials beside the sources, and cache nothing", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(3);
    for (const step of checkouts) expect(step.with).toEqual({ "persist-credentials": false });
    for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/setup-node@")))
      expect(step.with).toMatchObject({ "package-manager-cache": false });
    expect(texts.join("")).not.toMatch(/actions\/cache|pull_request_target|secrets\./);
  });

  test("give each job no more rights than it needs", () => {
    const granted = (workflow: Workflow) =>
      Object.fromEntries(
        Object.entries(workflow.jobs)
          .filter(([, job]) => job.permissions !== undefined)
          .map(([name, job]) => [name, job.permissions]),
      );
    expect(ci.permissions).toEqual({ contents: "read" });
    expect(release.permissions).toEqual({ contents: "read" });
    expect(granted(ci)).toEqual({});
    expect(granted(release)).toEqual({
      release: { contents: "write", "id-token": "write", attestations: "write" },
      npm: { "id-token": "write" },
    });
  });

  test("run the same shell on every system, name no runner that moves, and end", () => {
    for (const { defaults } of [ci, release]) expect(defaults).toEqual({ run: { shell: "bash" } });
    expect(steps.filter(({ shell }) => shell !== undefined)).toEqual([]);
    const runners = jobs.flatMap(({ "runs-on": runner, strategy }) => [
      runner ?? "",
      ...(strategy?.matrix.os ?? []),
      ...(strategy?.matrix.include ?? []).map(({ os }) => os),
    ]);
    expect(runners.filter((runner) => runner.includes("latest"))).toEqual([]);
    for (const { uses, "timeout-minutes": minutes } of jobs) expect(uses !== undefined || minutes).toBeTruthy();
  });

  test("run what there is", () => {
    const names = commands.flatMap((command) => [...command.matchAll(/\bnpm run ([\w-]+)/g)].map(([, name]) => name));
    expect(names).toEqual(expect.arrayContaining(["package", "prove", "rehearse"]));
    for (const name of names) expect(manifest.scripts).toHaveProperty(name ?? "");
    const files = commands.flatMap(
      (command) => command.match(/(?:\b(?:scripts|test)\/[\w./-]+\.ts|\.ci\/run)\b/g) ?? [],
    );
    expect(files).toEqual(expect.arrayContaining(["scripts/package-release.ts", ".ci/run"]));
    for (const file of files) expect(existsSync(file)).toBe(true);
  });

  test("put nothing that others choose, such as a tag's name, into a shell's text", () => {
    for (const { run = "" } of steps) expect(run).not.toContain("${{");
  });

  test("start from the oldest Node.js that is supported, but where npm publishes", () => {
    const versions = (workflow: Workflow, publishing: boolean) =>
      Object.entries(workflow.jobs)
        .filter(([name]) => (name === "npm") === publishing)
        .flatMap(([, job]) => job.steps ?? [])
        .flatMap((step) => (step.uses?.startsWith("actions/setup-node@") ? [step.with?.["node-version"]] : []));
    // Text: 22.20 as a number would be 22.2.
    const oldest = new Set([...versions(ci, false), ...versions(release, false)]);
    expect([...oldest].map((version) => `>=${String(version)}`)).toEqual([manifest.engines.node]);
    expect(typeof [...oldest][0]).toBe("string");
    expect(versions(release, true)).toEqual(["24"]);
  });
});

describe("the check", () => {
  test("is what .ci/run does, on three systems, for each push, pull request and release", () => {
    expect(Object.keys(ci.on)).toEqual(["push", "pull_request", "workflow_call"]);
    const { strategy, steps: own = [] } = ci.jobs["check"] ?? {};
    expect(strategy?.matrix.os?.map((os) => os.split("-")[0])).toEqual(["ubuntu", "macos", "windows"]);
    const runs = own.flatMap(({ run }) => run ?? []);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.match(/\bbash \.ci\/run\b/g)).toHaveLength(2);
    for (const job of Object.values(ci.jobs))
      expect([job.if, ...(job.steps ?? []).map((step) => step.if)]).not.toContainEqual(expect.anything());
    expect(release.jobs["check"]).toEqual({ uses: "./.github/workflows/ci.yml" });
  });

  test("of a commit on the main branch is never cut short by the next one's", () => {
    expect(ci.concurrency["group"]).toContain("github.event.pull_request.number || github.run_id");
    expect(release.concurrency["cancel-in-progress"]).toBe(false);
    // A workflow that is called waits for itself where both are in one group.
    expect(String(ci.concurrency["group"]).split("-")[0]).not.toBe(String(release.concurrency["group"]).split("-")[0]);
  });

  test("tests the packaged executable on Windows, though what needs a POSIX system stays out", async () => {
    // What it imports has parts of this machine's own.
    await import("vitest/config");
    const platform = Object.getOwnPropertyDescriptor(process, "platform") ?? {};
    Object.defineProperty(process, "platform", { ...platform, value: "win32" });
    try {
      const { default: config } = (await import("../../vitest.config.ts?on-windows" as string)) as {
        default: { test: { exclude: string[] } };
      };
      const left = config.test.exclude.map((path) => path.replaceAll("\\", "/"));
      expect(left).not.toContain("test/scripts/packaged.test.ts");
      expect(left).toContain("test/faults/process.test.ts");
    } finally {
      Object.defineProperty(process, "platform", platform);
    }
  });
});

describe("the release", () => {
  test("is of a whole version's tag; started by hand it publishes nothing", () => {
    expect(release.on).toEqual({ push: { tags: ["v[0-9]+.[0-9]+.[0-9]+"] }, workflow_dispatch: null });
  });

  test("publishes only tags, only after the whole check, and runs nothing of others where it may write", () => {
    const publishing = Object.entries(release.jobs).filter(([, job]) =>
      Object.values(job.permissions ?? {}).includes("write"),
    );
    expect(publishing.map(([name]) => name)).toEqual(["release", "npm"]);
    for (const [name, job] of publishing) {
      expect(job.if).toBe("github.event_name == 'push'");
      expect(before(name)).toEqual(expect.arrayContaining(["check", "package", "assemble"]));
      const own = JSON.stringify(job.steps);
      expect(own).not.toMatch(/actions\/checkout|npm ci|npm run|npx/);
    }
    const elsewhere = Object.entries(release.jobs).filter(([name]) => !["release", "npm"].includes(name));
    expect(JSON.stringify(elsewhere)).not.toMatch(
      /gh release|npm publish|actions\/attest|always\(\)|continue-on-error/,
    );
  });

  test("makes every platform's archive on a machine of that system", () => {
    const matrix = release.jobs["package"]?.strategy?.matrix.include ?? [];
    expect(matrix.map(({ platform }) => platform)).toEqual(platforms.map(({ name }) => name));
    const machines = { linux: "ubuntu", darwin: "macos", windows: "windows" };
    for (const { platform, os } of matrix) {
      expect(os.split("-")[0]).toBe(Object.entries(machines).find(([name]) => platform.startsWith(name))?.[1]);
      expect(os.endsWith("-arm")).toBe(platform === "linux-arm64");
      expect(os.endsWith("-intel")).toBe(platform === "darwin-amd64");
    }
  });

  test("hands on from job to job what the next one takes", () => {
    const named = (job: string, action: string) =>
      (release.jobs[job]?.steps ?? []).flatMap(({ uses, with: inputs }) =>
        uses?.startsWith(`actions/${action}@`) ? [String(inputs?.["name"] ?? inputs?.["pattern"])] : [],
      );
    expect(named("package", "upload-artifact").every((name) => name.startsWith("package-"))).toBe(true);
    expect(named("assemble", "download-artifact")).toEqual(["package-*"]);
    expect(named("assemble", "upload-artifact")).toEqual(["release", "npm"]);
    expect(named("release", "download-artifact")).toEqual(["release"]);
    expect(named("npm", "download-artifact")).toEqual(["npm"]);
  });
});
