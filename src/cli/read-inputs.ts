import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { KnownError } from "../domain/known-error.ts";
import { fileFault } from "./file-fault.ts";
import type { World } from "./world.ts";

export interface Input {
  /** The file's name as given or found, `-` for stdin. */
  readonly name: string;
  readonly text: string;
}

/** A `kubectl get` of a large cluster is some hundred megabytes; more than this is a mistake. */
const largest = 512 * 1024 * 1024;

/**
 * The texts of files, of the `.yaml`, `.yml` and `.json` files of directories (not deeper), and of stdin for `-`.
 * Throws KnownError("usage") for what cannot be read.
 */
export async function readInputs(names: readonly string[], world: World): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const name of names) {
    if (name === "-") inputs.push({ name, text: await readStdin(world) });
    else for (const file of await filesOf(name, world)) inputs.push({ name: file, text: await read(file, world) });
  }
  return inputs;
}

async function filesOf(name: string, world: World): Promise<string[]> {
  const found = await stat(path.resolve(world.cwd, name)).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) return [name];
  const entries = await readdir(path.resolve(world.cwd, name));
  return entries
    .filter((entry) => /\.(ya?ml|json)$/.test(entry))
    .sort()
    .map((entry) => path.join(name, entry));
}

async function read(file: string, world: World): Promise<string> {
  try {
    const resolved = path.resolve(world.cwd, file);
    if ((await stat(resolved)).size > largest)
      throw new KnownError("usage", `${file} is too large`, "Save less at once.");
    return decoded(await readFile(resolved));
  } catch (error) {
    if (error instanceof KnownError) throw error;
    const advice = /^https?:\/\//i.test(file)
      ? "URLs are not fetched: fetch it first, and give its text to -f -."
      : "Check the name and its permissions.";
    throw new KnownError("usage", `${file} cannot be read (${fileFault(error)})`, advice, { cause: error });
  }
}

async function readStdin(world: World): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of world.stdin) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk);
    size += bytes.length;
    if (size > largest) throw new KnownError("usage", "stdin is too large", "Save less at once.");
    chunks.push(bytes);
  }
  return decoded(Buffer.concat(chunks));
}

/** Windows' PowerShell writes UTF-16 behind a mark for `kubectl … > file`; kubectl reads that too (k8s.io/cli-runtime pkg/resource/visitor.go). */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.toString("utf16le", 2);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.toString("utf8");
}
