import { open, stat } from "node:fs/promises";

const longestFile = 1_048_576;

/** The text of a regular file of reasonable size; undefined for anything else. */
export async function textOf(path: string): Promise<string | undefined> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined || !facts.isFile() || facts.size > longestFile) return undefined;
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    return (await file.readFile()).subarray(0, longestFile).toString("utf8");
  } finally {
    await file.close();
  }
}
