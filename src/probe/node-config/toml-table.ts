import { parse } from "smol-toml";

export type Table = Readonly<Record<string, unknown>>;

/** A configuration file larger than this was not written by hand. */
const longestFile = 1_048_576;

/** The table in a TOML text, or why there is none. Nothing throws. */
export function parseToml(text: string): { readonly table: Table } | { readonly error: string } {
  if (text.length > longestFile) return { error: `toml: the file is larger than ${longestFile} bytes` };
  try {
    return { table: parse(text, { maxDepth: 32 }) };
  } catch (error) {
    const first = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : "";
    return { error: `toml: ${first.slice(0, 200)}` };
  }
}

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** An own key of a table; `__proto__` and the like are data. */
export function entry(table: Table, key: string): unknown {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A table under a path of keys; undefined where one of them is missing or no table. */
export function tableAt(table: Table, ...path: readonly string[]): Table | undefined {
  let at: unknown = table;
  for (const key of path) {
    if (!isTable(at)) return undefined;
    at = entry(at, key);
  }
  return isTable(at) ? at : undefined;
}

/** The texts of a list, or undefined where it is anything else. */
export function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined;
}

/** The tables of an array of tables; anything else is passed over. */
export function tables(value: unknown): readonly Table[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}
