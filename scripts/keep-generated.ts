import { readFile, writeFile } from "node:fs/promises";

/**
 * Writes a generated file, or only compares.
 * @param path relative to the project
 * @returns the path where the file differs from the text, otherwise nothing
 */
export async function keepGenerated(path: string, text: string, check: boolean): Promise<readonly string[]> {
  const file = new URL(`../${path}`, import.meta.url);
  const present = await readFile(file, "utf8").catch(() => "");
  if (present === text) {
    return [];
  }
  if (!check) {
    await writeFile(file, text);
  }
  return [path];
}
