import { type Options, value } from "./options.ts";

/** The value of `--output-file`, if it names a file: `-` is stdout, as for every other flag that takes one. */
export function outputFile(options: Options): string | undefined {
  const file = value(options, "output-file");
  return file === "-" ? undefined : file;
}
