import { existsSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { platforms } from "../../scripts/package-platforms.ts";

const written = readFileSync(".github/workflows/release.yml", "utf8");

interface Job {
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly include: readonly { platform: string; os: string }[] } };
  readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly if?: string }[];
}
const workflow = load(written) as { on: unknown; permissions: Record<string, string>; jobs: Record<string, Job> };
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

describe("the release workflow", () => {
  test("makes every platform's archive on a machine of that system", () => {
    const matrix = workflow.jobs["package"]?.strategy?.matrix.include ?? [];
    expect(matrix.map(({ platform }) => platform)).toEqual(platforms.map(({ name }) => name));
    const systems = { linux: "ubuntu", darwin: "macos", windows: "windows" };
    for (const { platform, os } of matrix) {
      expect(os.split("-")[0]).toBe(Object.entries(systems).find(([name]) => platform.startsWith(name))?.[1]);
      expect(os.endsWith("-arm")).toBe(platform === "linux-arm64");
    }
  });

  test("runs what there is", () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync("package.json", "utf8"));
    const commands = steps.flatMap(({ run }) => (run === undefined ? [] : run.split("\n")));
    const names = commands.flatMap((command) => /^npm run ([\w-]+)/.exec(command)?.[1] ?? []);
    const files = commands.flatMap((command) => command.match(/\b(scripts|test)\/[\w./-]+\.ts\b/g) ?? []);
    expect(names).toContain("package");
    for (const name of names) expect(scripts).toHaveProperty(name);
    expect(files).toContain("scripts/package-release.ts");
    for (const file of files) expect(existsSync(file)).toBe(true);
  });

  test("may write only where it publishes, and publishes only tags", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(workflow.jobs["package"]?.permissions).toBeUndefined();
    const publishing = steps.filter(({ run, uses }) => /gh release|attest/.test(`${run} ${uses}`));
    expect(publishing).toHaveLength(2);
    for (const step of publishing) expect(step.if).toBe("github.event_name == 'push'");
    expect(workflow.jobs["npm"]?.if).toBe("github.event_name == 'push'");
    expect(workflow.on).toEqual({ push: { tags: ["v*"] }, workflow_dispatch: null });
  });

  test("puts nothing of a tag's name into a shell's text", () => {
    for (const { run } of steps) expect(run ?? "").not.toContain("${{");
  });
});
