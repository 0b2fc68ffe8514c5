import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import type { ClusterSettings } from "./cluster-settings.ts";
import { splitPathList } from "./path-list.ts";

/** What Windows itself starts; other endings of PATHEXT (`.js`) are for a shell. */
const startable = new Set([".com", ".exe", ".bat", ".cmd"]);

/**
 * The file that a login plugin's command names: with a separator in it, relative to the kubeconfig's directory; otherwise the
 * first on PATH, on Windows with the endings of PATHEXT (golang/go src/os/exec/lp_windows.go, as kubectl finds it).
 * The working directory is never searched, as Windows' own look-up would.
 */
export async function findCommand(
  command: string,
  directory: string,
  { environment, platform }: Pick<ClusterSettings, "environment" | "platform">,
): Promise<string | undefined> {
  const windows = platform === "win32";
  const endings = windows ? endingsFor(command, environment["PATHEXT"]) : [""];
  for (const file of places(command, directory, environment["PATH"] ?? "", windows)) {
    for (const ending of endings) {
      if (await isProgram(file + ending, windows)) return file + ending;
    }
  }
  return undefined;
}

function places(command: string, directory: string, search: string, windows: boolean): readonly string[] {
  if (command.includes("/") || (windows && command.includes("\\"))) return [path.resolve(directory, command)];
  const folders = splitPathList(search, windows).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, command));
}

/** A name without an ending is no program there: beside npm's and pip's `login.cmd` lies a `login` for Unix. */
function endingsFor(command: string, known: string | undefined): readonly string[] {
  const endings = (known || ".com;.exe;.bat;.cmd")
    .toLowerCase()
    .split(";")
    .map((ending) => (ending.startsWith(".") ? ending : `.${ending}`))
    .filter((ending) => startable.has(ending));
  return /\.[^.\\/:]*$/.test(command) ? ["", ...endings] : endings;
}

async function isProgram(file: string, windows: boolean): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) return false;
    // Windows has no such right; whatever can be read can be started.
    if (!windows) await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
