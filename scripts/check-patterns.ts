import { existsSync, writeFileSync } from "node:fs";
import {
  compiledPatterns,
  judgePattern,
  ledger,
  type PatternVerdict,
  patternKey,
  readVerdicts,
  writtenPatterns,
} from "../test/support/patterns.ts";

/**
 * Asks recheck about every regular expression of the program that has no verdict yet, and keeps the verdicts for `npm test`.
 * `--anew` asks about those again that were undecided, with ten times the patience.
 */
const anew = process.argv.includes("--anew");
const patience = anew ? 60_000 : 6_000;
const before = existsSync(ledger) ? readVerdicts() : new Map<string, PatternVerdict>();
const patterns = new Map([...writtenPatterns(), ...(await compiledPatterns())].map((each) => [patternKey(each), each]));
const verdicts: PatternVerdict[] = [];
for (const [key, { source, flags, file }] of patterns) {
  const known = before.get(key);
  if (known !== undefined && !(anew && known.growth === "undecided")) {
    verdicts.push(known);
    continue;
  }
  let verdict = await judgePattern(source, flags, patience);
  // Without regard to case the automata grow too large; what a pattern can repeat is the same.
  if (verdict.growth === "undecided" && flags.includes("i"))
    verdict = { ...(await judgePattern(source, flags.replace("i", ""), patience)), flags };
  verdicts.push(verdict);
  if (verdict.growth !== "linear") console.log(`${verdict.growth}: ${file}: ${key}`);
}
const lines = verdicts.map((verdict) => JSON.stringify(verdict)).sort();
writeFileSync(ledger, `${lines.join("\n")}\n`);
console.log(`${verdicts.length} patterns, ${verdicts.filter(({ growth }) => growth === "undecided").length} undecided`);
process.exit(0);
