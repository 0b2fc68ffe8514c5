import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** The reports of all stories and examples, as JSON. */
const reports = ["test/stories", "test/golden/render"].flatMap((directory) =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json") && (directory !== "test/stories" || file.endsWith("report.json")))
    .map((file) => join(directory, file)),
);

function commandsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(commandsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === "command" || key === "remedy") && typeof inner === "string" ? [inner] : commandsOf(inner),
  );
}

const commands = new Set(
  reports.flatMap((file) => {
    const report: unknown = JSON.parse(readFileSync(file, "utf8"));
    return commandsOf(typeof report === "object" && report !== null && "diagnoses" in report ? report.diagnoses : []);
  }),
);

test.skipIf(process.platform === "win32")("every command of every report is one that a POSIX shell reads", () => {
  expect(commands.size).toBeGreaterThan(20);
  for (const command of commands) {
    const { status, stderr } = spawnSync("sh", ["-n", "-c", command], { encoding: "utf8" });
    expect(status, `${command}\n${stderr}`).toBe(0);
  }
});

test("no command takes a password on its own line, where others on the machine can read it", () => {
  for (const command of commands) {
    expect(command).not.toMatch(/--(docker-)?password[= ](?!-stdin)(?!"?\$)/);
    expect(command).not.toMatch(/--from-literal=/);
  }
});
