import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer } from "./api-server.ts";
import type { RequestMatch } from "./api-server-faults.ts";
import { resolveOnly } from "./registry-names.ts";
import { loopbackAddress, startTown, type TownSpec } from "./registry-town.ts";
import { type CliResult, runMain } from "./run-cli.ts";
import { writeKubeconfig } from "./story-kubeconfig.ts";
import { isObject, objectsIn } from "./story-objects.ts";

/** What `registry.json` of a story holds. */
export interface StorySpec {
  /** What is typed after `kubectl imagedoctor`, words and flags. */
  readonly command: string;
  /** What must be said: `code certainty`, joined with ` + ` for several, or `nothing`. Reports may change their words, not this. */
  readonly verdict: string;
  /** By the `host:port` that images name. */
  readonly registries: TownSpec;
  /** Requests to the API server that are refused with 403. */
  readonly forbidden?: readonly RequestMatch[];
}

/** What a story's run left behind: exit code, the reports by file name, and what the registries were asked. */
export interface StoryRun {
  readonly code: number;
  readonly stderr: string;
  /** What `registry.json` wants to be said, and what was said. */
  readonly verdict: { readonly wanted: string; readonly given: string };
  readonly files: ReadonlyMap<string, string>;
}

const root = join(import.meta.dirname, "..", "stories");

/** The formats that are kept, and their files. */
const formats = { "report.txt": "text", "report.md": "markdown", "report.json": "json" } as const;

/** Half a minute after the last recorded Event. */
const present = Date.parse("2026-11-24T02:40:00Z");

/** Names of all stories, in order. */
export function storyNames(): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Runs a story: its cluster behind an API server with TLS and a kubeconfig, its registries on loopback, the program's own `main`
 * once for each format. Throws if a login went where it may not, if a refused one was sent again, or if a server was asked
 * something that it does not know.
 */
export async function runStory(name: string): Promise<StoryRun> {
  const spec = readSpec(name);
  const objects = objectsIn(JSON.parse(readFileSync(join(root, name, "cluster.json"), "utf8")));
  const directory = mkdtempSync(join(tmpdir(), "imagedoctor-story-"));
  const files = new Map<string, string>();
  let code = -1;
  let stderr = "";
  try {
    for (const [file, format] of Object.entries(formats)) {
      await using api = await startApiServer({ objects });
      for (const rule of spec.forbidden ?? []) api.deny(rule);
      await using town = await startTown(spec.registries);
      const kubeconfig = join(directory, "kubeconfig");
      writeKubeconfig(kubeconfig, api, { context: "lab", namespace: "default" });
      const resolving = resolveOnly(town.names);
      let result: CliResult;
      try {
        const argv = [...spec.command.split(" "), "--registry-ca", town.authorityFile, "-o", format];
        result = await runMain(argv, { env: { KUBECONFIG: kubeconfig }, now: present, cwd: directory });
      } finally {
        resolving.restore();
      }
      const settle = (text: string) =>
        text
          // In JSON, a path of Windows has each backslash twice.
          .replaceAll(JSON.stringify(town.authorityFile).slice(1, -1), "registry-ca.pem")
          .replaceAll(town.authorityFile, "registry-ca.pem")
          .replaceAll(loopbackAddress(), "127.0.0.1")
          .replace(/\b\d+ ms\b/g, "1 ms");
      files.set(file, settle(result.stdout));
      // Everything but the format is the same, so one format's requests stand for all.
      if (format === "text")
        files.set(
          "requests.txt",
          requestLines(
            town.ledger.lines(),
            town.ledger.entries.map((e) => e.origin),
          ),
        );
      code = result.code;
      stderr += result.stderr;
      town.ledger.assertAllExpected();
      town.ledger.assertNoRefusedLoginTwice();
      town.ledger.assertLoginsOnlyAt(...loginOrigins(spec.registries));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return {
    code,
    stderr,
    files,
    verdict: { wanted: spec.verdict, given: givenVerdict(files.get("report.json") ?? "{}") },
  };
}

function givenVerdict(report: string): string {
  const { diagnoses = [] }: { diagnoses?: readonly { code: string; certainty: string }[] } = JSON.parse(report);
  return diagnoses.map(({ code, certainty }) => `${code} ${certainty}`).join(" + ") || "nothing";
}

/** The text of a kept file, or undefined. */
export function keptFile(name: string, file: string): string | undefined {
  const path = join(root, name, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Keeps a file of a story. */
export function keepFile(name: string, file: string, text: string): void {
  writeFileSync(join(root, name, file), text);
}

function readSpec(name: string): StorySpec {
  const value: unknown = JSON.parse(readFileSync(join(root, name, "registry.json"), "utf8"));
  if (!isObject(value) || typeof value["command"] !== "string" || !isObject(value["registries"])) {
    throw new Error(`test/stories/${name}/registry.json needs "command" and "registries"`);
  }
  return value as unknown as StorySpec;
}

/** One request a line; sorted, because what is independent is asked at the same time. */
function requestLines(lines: readonly string[], origins: readonly string[]): string {
  const named = lines.map((line, at) => `${origins[at] ?? ""} ${line}\n`);
  return named.sort().join("");
}

/** Origins where a login may go: registries that ask for one, and the token servers they name. */
function loginOrigins(registries: TownSpec): string[] {
  return Object.entries(registries).flatMap(([at, { auth, scheme = "https" }]) => {
    if (auth === undefined) return [];
    return [`${scheme}://${at}`, ...(auth.kind === "token" ? [`https://${auth.host}:${auth.port}`] : [])];
  });
}
