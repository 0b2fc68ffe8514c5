import { readFileSync, writeFileSync } from "node:fs";
import { exitCodeMeanings, exitCodes } from "../src/cli/exit-code.ts";
import { flags } from "../src/cli/flags.ts";
import { flagHead } from "../src/cli/help.ts";
import { generateCatalogue } from "./generate-catalogue.ts";
import { generateCauses } from "./generate-causes.ts";
import { generateFaultTable } from "./generate-fault-table.ts";
import { generateRegistries } from "./generate-registries.ts";

/**
 * Writes what is derived from code: the indexes of causes and registries, the catalogue, the README's tables and its report.
 * `--check` writes nothing and fails where a file is not up to date.
 */
const check = process.argv.includes("--check");
const stale = [
  ...(await generateCauses(check)),
  ...(await generateCatalogue(check)),
  ...(await generateRegistries(check)),
  ...(await generateFaultTable(check)),
  ...generateReadme(check),
];
if (check && stale.length > 0) {
  console.error(`Not up to date: ${stale.join(", ")}. Run: npm run generate`);
  process.exitCode = 1;
}

function generateReadme(onlyCheck: boolean): string[] {
  const path = "README.md";
  const before = readFileSync(path, "utf8");
  let after = before;
  after = section(after, "options", optionsTable());
  after = section(after, "exit-codes", exitCodeTable());
  after = section(after, "report", `\`\`\`text\n${exampleReport()}\`\`\``);
  if (after === before) return [];
  if (!onlyCheck) writeFileSync(path, after);
  return [path];
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function section(text: string, name: string, content: string): string {
  const start = text.indexOf(`<!-- ${name} -->`);
  const end = text.indexOf(`<!-- /${name} -->`);
  if (start < 0 || end < start) throw new Error(`README.md has no section ${name}`);
  return `${text.slice(0, start)}<!-- ${name} -->\n\n${content}\n\n${text.slice(end)}`;
}

function optionsTable(): string {
  const rows = flags.map((flag) => {
    const choices = flag.choices === undefined ? "" : ` (${flag.choices.join(", ")})`;
    return `| \`${flagHead(flag).trim()}\` | ${flag.text}${choices} |`;
  });
  return ["| flag | meaning |", "| --- | --- |", ...rows].join("\n");
}

function exitCodeTable(): string {
  const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  return [
    "| code | meaning |",
    "| --- | --- |",
    ...names.map((name) => `| ${exitCodes[name]} | ${exitCodeMeanings[name]} |`),
  ].join("\n");
}

/** A real report: the golden file of one story, which a test compares with what the program prints. */
function exampleReport(): string {
  return readFileSync("test/stories/token-badpw/report.txt", "utf8");
}
