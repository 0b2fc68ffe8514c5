import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { podObject, running } from "../collect/sample-objects.ts";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { runMain } from "../support/run-cli.ts";

/** Real shells and the real kubectl, where they are installed; they find the sources as a program on their PATH. */
const has = (program: string) => spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
const kubectl = "kubectl";
const hasKubectl = spawnSync(kubectl, ["version", "--client"], { stdio: "ignore" }).status === 0;
const unix = process.platform !== "win32";

let directory: string;
let server: ApiServer;
let env: Record<string, string>;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "shells-"));
  server = await startApiServer({
    objects: [podObject({ name: "api-1", state: running }), podObject({ name: "web-1" })],
  });
  const kubeconfig = await writeKubeconfig(server, directory, { namespace: "shop", context: "arn:aws:eks:eu/shop" });
  const entry = path.resolve("src", "cli", "entry.ts");
  program("kubectl-imagedoctor", `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`);
  program("kubectl_complete-imagedoctor", (await runMain(["completion"])).stdout);
  env = { PATH: `${directory}:${process.env["PATH"]}`, HOME: directory, KUBECONFIG: kubeconfig };
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await server.close();
});

function program(name: string, text: string): void {
  writeFileSync(path.join(directory, name), text);
  chmodSync(path.join(directory, name), 0o755);
}

/** Runs a program without blocking the API server in this process. */
function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd: directory, stdio: ["ignore", "pipe", "ignore"] });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      out += String(text);
    });
    child.on("error", reject);
    child.on("close", () => resolve(out));
  });
}

async function script(shell: string): Promise<string> {
  const file = path.join(directory, `completion.${shell}`);
  writeFileSync(file, (await runMain(["completion", shell])).stdout);
  return file;
}

describe.skipIf(!unix || !hasKubectl)("kubectl __complete imagedoctor (needs kubectl)", () => {
  const complete = (...words: string[]) => run(kubectl, ["__complete", "imagedoctor", ...words]);

  test("pods that cannot pull first, then the others and the commands", async () => {
    const lines = (await complete("")).trimEnd().split("\n");
    expect(lines.slice(0, 3)).toEqual(["web-1\tcannot pull", "api-1", expect.stringMatching(/^explain\t/)]);
    expect(lines.at(-1)).toBe(":4");
  });

  test("flags, formats, codes and contexts", async () => {
    expect(await complete("--namesp")).toMatch(/^--namespace\t.+\n:4\n$/);
    expect(await complete("-o", "j")).toBe("json\njunit\n:4\n");
    expect(await complete("explain", "rate-l")).toMatch(/^rate-limited\t.+\n:4\n$/);
    expect(await complete("--context", "")).toBe("arn:aws:eks:eu/shop\n:4\n");
    expect(await complete("--from", "")).toBe(":0\n");
  });

  test("nothing, quietly, where the cluster does not answer", async () => {
    expect(await complete("--kubeconfig", "/does/not/exist", "w")).toBe(":4\n");
  });
});

describe.skipIf(!unix || !has("bash"))("bash", () => {
  /** Answers to a line as bash splits it into words. */
  async function complete(...words: string[]): Promise<string[]> {
    const commands = `source '${await script("bash")}'
COMP_WORDS=(kubectl-imagedoctor ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}
_kubectl_imagedoctor; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await run("bash", ["--norc", "-c", commands])).trimEnd().split("\n");
  }

  test("the script is one that it reads, and registers itself", async () => {
    const file = await script("bash");
    execFileSync("bash", ["-n", file]);
    expect(await run("bash", ["--norc", "-c", `source '${file}'; complete -p kubectl-imagedoctor`])).toContain(
      "-F _kubectl_imagedoctor kubectl-imagedoctor",
    );
  });

  test("words", async () => {
    expect(await complete("--namesp")).toEqual(["--namespace"]);
    expect((await complete("")).slice(0, 2)).toEqual(["web-1", "api-1"]);
    expect(await complete("-o", "j")).toEqual(["json", "junit"]);
  });

  test("words that it splits at = and :", async () => {
    expect(await complete("--output", "=", "j")).toEqual(["json", "junit"]);
    expect(await complete("--output", "=")).toContain("markdown");
    expect(await complete("--context", "arn", ":", "aws", ":", "e")).toEqual(["eks:eu/shop"]);
    expect(await complete("--context", "=", "arn", ":", "aw")).toEqual(["aws:eks:eu/shop"]);
  });
});

describe.skipIf(!unix || !has("zsh"))("zsh (where it is installed)", () => {
  test("the script is one that it reads, and hands words, descriptions and files over", async () => {
    const file = await script("zsh");
    execFileSync("zsh", ["-f", "-n", file]);
    const complete = (words: string, current: number) =>
      run("zsh", [
        "-f",
        "-c",
        `compdef() { :; }; _describe() { print -rl -- "\${(@P)argv[-1]}"; }; _files() { print files; }
source '${file}'; words=(kubectl-imagedoctor ${words}); CURRENT=${current}; _kubectl_imagedoctor`,
      ]);
    expect(await complete("-o j", 3)).toBe("json\njunit\n");
    expect(await complete("--namesp", 2)).toMatch(/^--namespace:Namespace .+\n$/);
    expect(await complete("--context ''", 3)).toBe("arn\\:aws\\:eks\\:eu/shop\n");
    expect(await complete("''", 2)).toMatch(/^web-1:cannot pull\napi-1\nexplain:/);
    expect(await complete("--from ''", 3)).toBe("files\n");
  });
});

describe.skipIf(!unix || !has("fish"))("fish (where it is installed)", () => {
  test("the script completes words, in order, and files", async () => {
    const file = await script("fish");
    const complete = async (line: string) =>
      (await run("fish", ["--no-config", "-c", `source '${file}'; complete -C 'kubectl-imagedoctor ${line}'`]))
        .trimEnd()
        .split("\n");
    expect(await complete("--namesp")).toEqual([expect.stringMatching(/^--namespace\tNamespace /)]);
    expect((await complete("")).slice(0, 2)).toEqual(["web-1\tcannot pull", "api-1"]);
    expect(await complete("--output=j")).toEqual(["--output=json", "--output=junit"]);
    expect(await complete("--from compl")).toContain("completion.fish");
  });
});
