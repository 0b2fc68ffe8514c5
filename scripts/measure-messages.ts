/**
 * Measures the recogniser on labelled messages: `node scripts/measure-messages.ts FILE...`, one JSON object a line with
 * `message`, `label`, `alternatives` and, where known, `reason`, `runtime`, `form`, `id`.
 * Prints a table by code and by runtime, the rates, the over-claims, and the misses.
 */
import { readFile } from "node:fs/promises";
import { recogniseText } from "../src/interpret/recognise-failure.ts";

interface Labelled {
  readonly id: string;
  readonly message: string;
  readonly reason: string;
  readonly runtime: string;
  readonly label: string;
  readonly alternatives: readonly string[];
}

interface Judged extends Labelled {
  readonly code: string;
  /** The code is the label. */
  readonly strict: boolean;
  /** The code is the label or one of its alternatives, or the label accepts anything. */
  readonly tolerant: boolean;
  /** The label is an umbrella or says that nothing is known, and the answer is a concrete code. */
  readonly overClaim: boolean;
}

const umbrellas = new Set(["unauthorized", "access-denied-or-missing", "cause-hidden", "unknown"]);

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** One line of a labelled file. */
function parseLabelled(line: string): Labelled {
  const value: unknown = JSON.parse(line);
  const record = new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
  const alternatives: unknown = record.get("alternatives");
  return {
    id: text(record.get("id")),
    message: text(record.get("message")),
    reason: text(record.get("reason")),
    runtime: text(record.get("runtime")) || "unknown",
    label: text(record.get("label")),
    alternatives: Array.isArray(alternatives) ? alternatives.map(text) : [],
  };
}

function judge(labelled: Labelled): Judged {
  const { code } = recogniseText(labelled.message, labelled.reason);
  const strict = code === labelled.label;
  return {
    ...labelled,
    code,
    strict,
    tolerant: strict || labelled.alternatives.includes("*") || labelled.alternatives.includes(code),
    overClaim: umbrellas.has(labelled.label) && !umbrellas.has(code),
  };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

function printTable(title: string, judged: readonly Judged[], key: (one: Judged) => string): void {
  const groups = Map.groupBy(judged, key);
  console.log(`\n${title.padEnd(28)}${"messages".padStart(9)}${"label".padStart(9)}${"or alternative".padStart(16)}`);
  for (const name of [...groups.keys()].sort()) {
    const group = groups.get(name) ?? [];
    const strict = group.filter((one) => one.strict).length;
    const tolerant = group.filter((one) => one.tolerant).length;
    console.log(
      `${name.padEnd(28)}${String(group.length).padStart(9)}${String(strict).padStart(9)}${String(tolerant).padStart(16)}`,
    );
  }
}

for (const file of process.argv.slice(2)) {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line.trim() !== "");
  const judged = lines.map((line) => judge(parseLabelled(line)));
  const strict = judged.filter((one) => one.strict).length;
  const tolerant = judged.filter((one) => one.tolerant).length;
  const overClaims = judged.filter((one) => one.overClaim);
  printTable("code", judged, (one) => one.label);
  printTable("runtime", judged, (one) => one.runtime);
  for (const one of judged.filter((miss) => !miss.strict)) {
    const kind = one.tolerant ? "alternative" : "MISS";
    console.log(
      `\n${kind} ${one.id} ${one.runtime}: ${one.label} (${one.alternatives.join(", ")}) read as ${one.code}`,
    );
    console.log(`  ${JSON.stringify(one.message).slice(0, 600)}`);
  }
  console.log(`\n${file}: ${judged.length} messages`);
  console.log(`label ${percent(strict, judged.length)}, label or alternative ${percent(tolerant, judged.length)}`);
  console.log(`over-claims ${overClaims.length}: ${overClaims.map((one) => one.id).join(" ")}`);
}
