import { writeFile } from "node:fs/promises";
import { KnownError } from "../domain/known-error.ts";
import { type Options, value } from "./options.ts";
import type { World } from "./world.ts";

/** To stdout, or to `--output-file`: a new file that only its owner reads, unless `--force` allows to overwrite one. */
export async function writeReport(text: string, options: Options, world: World): Promise<void> {
  const file = value(options, "output-file");
  if (file === undefined) {
    world.stdout.write(text);
    return;
  }
  try {
    await writeFile(file, text, { flag: options.on.has("force") ? "w" : "wx", mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    throw code === "EEXIST"
      ? new KnownError("usage", `${file} is there already`, "Choose another name, or add --force.", { cause: error })
      : new KnownError(
          "usage",
          `${file} cannot be written (${String(code)})`,
          "Check the directory and its permissions.",
          {
            cause: error,
          },
        );
  }
}
