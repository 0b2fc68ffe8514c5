import { constants } from "node:fs";
import { access, lstat, writeFile } from "node:fs/promises";
import path from "node:path";
import { KnownError } from "../domain/known-error.ts";
import { faultOf } from "./file-fault.ts";
import type { Options } from "./options.ts";
import { outputFile } from "./output-file.ts";
import type { World } from "./world.ts";

/** Looks whether `--output-file` can be written, before anything is asked: a report that is made should not be lost. */
export async function checkOutputFile(options: Options): Promise<void> {
  const file = outputFile(options);
  if (file === undefined) return;
  const found = await lstat(file).catch(() => undefined);
  if (found !== undefined && !options.on.has("force")) throw refusal(file, "EEXIST");
  try {
    await access(found === undefined ? path.dirname(path.resolve(file)) : file, constants.W_OK);
  } catch (error) {
    throw refusal(file, codeOf(error), error);
  }
  if (found?.isDirectory()) throw refusal(file, "EISDIR");
}

/** To stdout, or to `--output-file`: a new file that only its owner reads, unless `--force` allows to overwrite one. */
export async function writeReport(text: string, options: Options, world: World): Promise<void> {
  const file = outputFile(options);
  if (file === undefined) {
    world.stdout.write(text);
    return;
  }
  try {
    await writeFile(file, text, { flag: options.on.has("force") ? "w" : "wx", mode: 0o600 });
  } catch (error) {
    throw refusal(file, codeOf(error), error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

function refusal(file: string, code: string, cause?: unknown): KnownError {
  return code === "EEXIST"
    ? new KnownError("usage", `${file} is there already`, "Choose another name, or add --force.", { cause })
    : new KnownError(
        "usage",
        `${file} cannot be written (${faultOf(code)})`,
        "Check the directory and its permissions.",
        {
          cause,
        },
      );
}
