import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { DockerConfigFacts } from "../domain/cluster-facts.ts";
import { KnownError } from "../domain/known-error.ts";
import { Redacted } from "../domain/redacted.ts";
import { fileFault } from "./file-fault.ts";
import { type Options, value } from "./options.ts";
import type { World } from "./world.ts";

const largest = 1024 * 1024;

/** The file that `--docker-config` names, sealed; a directory means the `config.json` in it. Throws KnownError("usage"). */
export async function readDockerConfig(options: Options, world: World): Promise<DockerConfigFacts | undefined> {
  const named = value(options, "docker-config");
  if (named === undefined) return undefined;
  try {
    const at = path.resolve(world.cwd, named);
    const found = await stat(at);
    const file = found.isDirectory() ? path.join(at, "config.json") : at;
    if (!found.isDirectory() && found.size > largest)
      throw new KnownError("usage", `${named} is too large`, "Name a docker config file.");
    return { file: named, content: new Redacted(await readFile(file, "utf8")) };
  } catch (error) {
    if (error instanceof KnownError) throw error;
    throw new KnownError(
      "usage",
      `--docker-config ${named} cannot be read (${fileFault(error)})`,
      "Check the name and its permissions.",
      {
        cause: error,
      },
    );
  }
}
