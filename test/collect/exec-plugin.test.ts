import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClusterSettings } from "../../src/collect/cluster-settings.ts";
import { runExecPlugin, withoutSecrets } from "../../src/collect/exec-plugin.ts";
import { KnownError } from "../../src/domain/known-error.ts";

let directory: string;
const apiVersion = "client.authentication.k8s.io/v1";
const good = JSON.stringify({ kind: "ExecCredential", apiVersion, status: { token: "let-me-in" } });

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "plugin-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function script(text: string, name = "plugin"): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

function run(spec: Readonly<Record<string, unknown>>, settings: Partial<ClusterSettings> = {}, signal?: AbortSignal) {
  return runExecPlugin(
    { apiVersion, ...spec },
    directory,
    undefined,
    { environment: { PATH: "/usr/bin:/bin" }, ...settings },
    signal,
  );
}

async function refusal(promise: Promise<unknown>): Promise<KnownError> {
  const error = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof KnownError)) throw new Error(`expected a KnownError, got ${String(error)}`);
  expect(error.code).toBe("cluster-unreadable");
  return error;
}

describe("a plugin that answers", () => {
  test("gives a token with its end", async () => {
    const status = { token: "let-me-in", expirationTimestamp: "2026-11-25T00:00:00Z" };
    const command = await script(`echo '${JSON.stringify({ kind: "ExecCredential", apiVersion, status })}'`);
    expect(await run({ command })).toEqual({ token: "let-me-in", expiresAt: Date.parse("2026-11-25T00:00:00Z") });
  });

  test("gets its arguments, its environment and KUBERNETES_EXEC_INFO, and no stdin", async () => {
    const command = await script(
      `cat > ${directory}/stdin; echo "$1|$EXTRA|$KUBERNETES_EXEC_INFO" > ${directory}/seen; echo '${good}'`,
    );
    await run({ command, args: ["a b; c"], env: [{ name: "EXTRA", value: "1" }] });
    const { readFile } = await import("node:fs/promises");
    const info = JSON.stringify({ kind: "ExecCredential", apiVersion, spec: { interactive: false } });
    expect(await readFile(`${directory}/seen`, "utf8")).toBe(`a b; c|1|${info}\n`);
    expect(await readFile(`${directory}/stdin`, "utf8")).toBe("");
  });

  test("is found on PATH, or from the kubeconfig's directory, but never in the working directory", async () => {
    await mkdir(path.join(directory, "bin"));
    await script(`echo '${good}'`, "bin/login");
    expect(await run({ command: "./bin/login" })).toEqual({ token: "let-me-in" });
    const onPath = { environment: { PATH: `.:${directory}/bin:/bin` } };
    expect(await run({ command: "login" }, onPath)).toEqual({ token: "let-me-in" });
    // Seen from the working directory it would be there.
    const relative = path.relative(process.cwd(), path.join(directory, "bin"));
    const fromHere = run({ command: "login" }, { environment: { PATH: `.:${relative}:` } });
    await expect(fromHere).rejects.toThrow(/was not found$/);
  });
});

describe("a plugin that does not", () => {
  test("is missing: the kubeconfig's own hint is given", async () => {
    const error = await refusal(run({ command: "no-such-login", installHint: "brew install it\u001b[31m" }));
    expect(error.message).toBe("the kubeconfig's login plugin no-such-login was not found");
    expect(error.hint).toBe("brew install it?[31m");
  });

  test("fails: its last words are repeated, without anything like a secret", async () => {
    const command = await script(
      "echo noise >&2; echo 'refused token=hunter2 for eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc123 at 2026' >&2; exit 3",
    );
    const error = await refusal(run({ command }));
    expect(error.message).toBe(
      "the kubeconfig's login plugin plugin ended with exit code 3: refused token=… for … at 2026",
    );
  });

  test("hangs: it is ended after its time", async () => {
    const command = await script("sleep 60");
    const since = performance.now();
    const error = await refusal(run({ command }, { pluginTimeout: 300 }));
    expect(error.message).toBe("the kubeconfig's login plugin plugin did not answer within 0.3 s");
    expect(performance.now() - since).toBeLessThan(5000);
  });

  test.each([
    ["no JSON", "not json hunter2", "printed something that is no JSON"],
    ["another kind", '{"kind":"Secret"}', "printed something that is no ExecCredential"],
    [
      "another version",
      JSON.stringify({ kind: "ExecCredential", apiVersion: "v9", status: { token: "x" } }),
      "answers in v9, and the kubeconfig wants client.authentication.k8s.io/v1",
    ],
    [
      "nothing to log in with",
      JSON.stringify({ kind: "ExecCredential", apiVersion, status: {} }),
      "gave neither a token nor a certificate with its key",
    ],
    [
      "a certificate without key",
      JSON.stringify({ kind: "ExecCredential", apiVersion, status: { clientCertificateData: "x" } }),
      "gave neither a token",
    ],
  ])("prints %s", async (_, printed, what) => {
    const error = await refusal(run({ command: await script(`echo '${printed}'`) }));
    expect(error.message).toContain(what);
    expect(error.message).not.toContain("hunter2");
  });

  test("prints without end", async () => {
    const error = await refusal(run({ command: await script("yes") }));
    expect(error.message).toContain("prints too much");
  });

  test("must ask, and there is no terminal", async () => {
    const error = await refusal(run({ command: await script(""), interactiveMode: "Always" }));
    expect(error.message).toContain("wants to ask something");
  });

  test("is ended with the run", async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error("Ctrl-C")), 50);
    await expect(run({ command: await script("sleep 60") }, {}, abort.signal)).rejects.toThrow("Ctrl-C");
  });
});

test("what it says meanwhile is passed on, made plain", async () => {
  const said: string[] = [];
  const command = await script(
    `printf 'open https://login.example.com and enter \\033[1mABCD\\033[0m' >&2; echo '${good}'`,
  );
  await run({ command }, { tell: (text) => said.push(text) });
  expect(said.join("")).toBe("open https://login.example.com and enter [1mABCD[0m");
});

test("a secret that comes in two pieces is none the less hidden, and a prompt without an end is shown", async () => {
  const said: string[] = [];
  const command = await script(
    `printf 'https://me:only' >&2; sleep 0.05; printf 'letters@idp.example.com\\n' >&2; printf 'Code: ' >&2; sleep 0.5; echo '${good}'`,
  );
  await run({ command }, { tell: (text) => said.push(text) });
  expect(said).toEqual(["https://…@idp.example.com\n", "Code: "]);
});

test.each([
  ["https://me:onlyletters@idp.example.com/", "https://…@idp.example.com/"],
  ["https://idp.example.com/device?user_code=ABCD-EFGH", "https://idp.example.com/device?user_code=ABCD-EFGH"],
  ["https://idp.example.com/?a=b&code=OnlyLettersButTooManyOfThem#x", "https://idp.example.com/?a=b&code=…#x"],
  ["password: hunter2 rest", "password: … rest"],
  ['{"token": "abc"}', '{"token": …'],
  ["Authorization Bearer abcdef", "Authorization … abcdef"],
  ["key AKIAIOSFODNN7EXAMPLE1234567 used", "key … used"],
  ["/home/user1/.config/plugin/credentials.json is missing", "/home/user1/.config/plugin/credentials.json is missing"],
])("without secrets: %s", (text, expected) => {
  expect(withoutSecrets(text)).toBe(expected);
});
