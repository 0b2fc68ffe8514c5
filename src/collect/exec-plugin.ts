import { spawn } from "node:child_process";
import path from "node:path";
import { KnownError } from "../domain/known-error.ts";
import { batchCommand, isBatchFile } from "./batch-command.ts";
import { type ClusterSettings, defaultPluginTimeout } from "./cluster-settings.ts";
import { findCommand } from "./find-command.ts";
import { listAt, member, textAt, timeAt } from "./json-values.ts";
import { plain } from "./plain-name.ts";
import { tellingLines } from "./telling-lines.ts";

/** What a login plugin hands out. Plain strings: they go into request headers and TLS options and nowhere else. */
export interface ExecCredential {
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** A plugin's answer is a small JSON object. */
const mostOutput = 1024 * 1024;
const mostErrorText = 8192;

/**
 * Runs the `exec` plugin of a kubeconfig user and reads the ExecCredential it prints, as
 * k8s.io/client-go plugin/pkg/client/auth/exec/exec.go does. The one in @kubernetes/client-node knows no time limit, no
 * KUBERNETES_EXEC_INFO and rejects with all of the plugin's stderr, which may hold a token.
 * Throws KnownError: plugin missing, failing, hanging, or printing something else.
 */
export async function runExecPlugin(
  spec: unknown,
  directory: string,
  clusterInfo: unknown,
  settings: ClusterSettings,
  signal?: AbortSignal,
): Promise<ExecCredential> {
  const command = textAt(spec, ["command"]);
  if (command === undefined)
    throw pluginError("", "has no command", "Look at the user's exec entry in the kubeconfig.");
  const installHint = textAt(spec, ["installHint"], 300);
  const file = await findCommand(command, directory, settings);
  if (file === undefined) {
    throw pluginError(command, "was not found", installHint ? plain(installHint) : "Install it, or put it on PATH.");
  }
  const mode = textAt(spec, ["interactiveMode"], 32) ?? "IfAvailable";
  const interactive = mode !== "Never" && settings.interactive?.() === true;
  if (mode === "Always" && !interactive) {
    throw pluginError(command, "wants to ask something, and there is no terminal", "Log in by hand first.");
  }
  const apiVersion = textAt(spec, ["apiVersion"], 128) ?? "client.authentication.k8s.io/v1beta1";
  const info = {
    kind: "ExecCredential",
    apiVersion,
    spec: { interactive, ...(member(spec, "provideClusterInfo") === true ? { cluster: clusterInfo } : {}) },
  };
  const windows = settings.platform === "win32";
  const environment: Record<string, string | undefined> = { ...settings.environment };
  for (const entry of listAt(spec, ["env"])) {
    const name = textAt(entry, ["name"]);
    if (name === undefined) continue;
    // Of two names that differ in case alone, Windows would hand on one or the other.
    for (const known of windows ? Object.keys(environment) : []) {
      if (known.toLowerCase() === name.toLowerCase()) delete environment[known];
    }
    environment[name] = textAt(entry, ["value"]) ?? "";
  }
  environment["KUBERNETES_EXEC_INFO"] = JSON.stringify(info);
  const args = listAt(spec, ["args"]).flatMap((argument) => (typeof argument === "string" ? argument : []));
  const batch = windows && isBatchFile(file);
  const started = batch ? batchCommand(file, args, settings.environment["SystemRoot"]) : { file, args };
  if (started === undefined) {
    throw pluginError(command, "has arguments that no batch file can be given", "Write them without line breaks.");
  }
  const printed = await run(command, { ...started, batch }, environment, interactive, settings, signal);
  return readCredential(command, printed, apiVersion);
}

function run(
  command: string,
  { file, args, batch }: { readonly file: string; readonly args: readonly string[]; readonly batch: boolean },
  environment: Record<string, string | undefined>,
  interactive: boolean,
  settings: ClusterSettings,
  signal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env: environment,
      stdio: [interactive ? "inherit" : "ignore", "pipe", "pipe"],
      windowsHide: true,
      windowsVerbatimArguments: batch,
    });
    const output: Buffer[] = [];
    let size = 0;
    let errorText = "";
    let settled = false;
    const told = tellingLines((text) => settings.tell?.(withoutSecrets(plainLines(text))));
    const finish = (act: () => void) => {
      if (settled) return;
      settled = true;
      told.end();
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      // A grandchild may hold the pipes open; nobody waits for it.
      child.stdout.destroy();
      child.stderr.destroy();
      if (child.exitCode === null) child.kill("SIGKILL");
      child.unref();
      act();
    };
    const limit = settings.pluginTimeout ?? defaultPluginTimeout[interactive ? "withUser" : "alone"];
    const timer = setTimeout(
      () =>
        finish(() =>
          reject(
            pluginError(
              command,
              `did not answer within ${Math.round(limit / 100) / 10} s`,
              "Run it by hand to see why.",
            ),
          ),
        ),
      limit,
    );
    const onAbort = () => finish(() => reject(signal?.reason));
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostOutput) output.push(chunk);
      else finish(() => reject(pluginError(command, "prints too much", "Run it by hand to see what it prints.")));
    });
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (chunk: string) => {
      if (errorText.length < mostErrorText) errorText += chunk.slice(0, mostErrorText);
      told.add(chunk.slice(0, mostErrorText));
    });
    child.on("error", (error) => {
      const code = member(error, "code");
      finish(() =>
        reject(pluginError(command, `cannot be started (${plain(String(code))})`, "Run it by hand to see why.")),
      );
    });
    child.on("close", (code, killedBy) => {
      if (code === 0) return finish(() => resolve(Buffer.concat(output).toString("utf8")));
      const said = withoutSecrets(plainLines(errorText).trim().split("\n").at(-1) ?? "").slice(0, 200);
      const ended = code === null ? `was ended by ${killedBy}` : `ended with exit code ${code}`;
      finish(() =>
        reject(pluginError(command, said === "" ? ended : `${ended}: ${said}`, "Run it by hand, or log in again.")),
      );
    });
  });
}

function readCredential(command: string, printed: string, apiVersion: string): ExecCredential {
  let answer: unknown;
  try {
    answer = JSON.parse(printed);
  } catch {
    throw pluginError(command, "printed something that is no JSON", "Run it by hand to see what it prints.");
  }
  if (member(answer, "kind") !== "ExecCredential") {
    throw pluginError(command, "printed something that is no ExecCredential", "Run it by hand to see what it prints.");
  }
  const version = textAt(answer, ["apiVersion"], 128);
  if (version !== apiVersion) {
    throw pluginError(
      command,
      `answers in ${plain(version ?? "no version")}, and the kubeconfig wants ${plain(apiVersion)}`,
      "Update the plugin, or change apiVersion in the kubeconfig.",
    );
  }
  const token = textAt(answer, ["status", "token"], mostOutput);
  const certificate = textAt(answer, ["status", "clientCertificateData"], mostOutput);
  const key = textAt(answer, ["status", "clientKeyData"], mostOutput);
  if (token === undefined && (certificate === undefined || key === undefined)) {
    throw pluginError(command, "gave neither a token nor a certificate with its key", "Log in again.");
  }
  const ends = timeAt(answer, ["status", "expirationTimestamp"]);
  return {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
    ...(ends === undefined ? {} : { expiresAt: Date.parse(ends) }),
  };
}

function pluginError(command: string, what: string, hint: string): KnownError {
  const name = plain(path.basename(command));
  return new KnownError("cluster-unreadable", `the kubeconfig's login plugin${name && ` ${name}`} ${what}`, hint);
}

function plainLines(text: string): string {
  return text.replace(/(?!\n)\p{C}/gu, "");
}

/**
 * What a plugin says is repeated without long words that look like tokens, the user part of URLs, long values of their
 * queries, and whatever follows `password=` and its like.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/\b(password|passwd|secret|token|authorization|bearer)\b(["']?\s*[:=]\s*|\s+)\S+/gi, "$1$2…")
    .replace(/:\/\/[^\s/?#@]{1,2000}@/g, "://…@")
    .replace(/([?&][\w.-]{1,100}=)[^\s&#]{24,}/g, "$1…")
    .replace(/[\w+/=.-]{24,}/g, (word) => (/\d/.test(word) && !isPath(word) ? "…" : word));
}

function isPath(word: string): boolean {
  return /^[/.]/.test(word) && word.length < 200;
}
