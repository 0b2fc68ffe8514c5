import { fuzzedParsers } from "../test/faults/parsers.ts";

/**
 * Feeds each of the five parsers with random texts made of what leads deep into them: `node scripts/fuzz.ts [INPUTS] [SEED]`.
 * A million inputs, shared by all, where no number is given. What is found is printed; keep it in test/faults/fuzz.test.ts.
 */
const inputs = Number(process.argv[2] ?? 1_000_000);
let state = Number(process.argv[3] ?? Date.now()) >>> 0 || 1;
const seed = state;

/** Marsaglia's xorshift: 0 ≤ n < below. */
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

function textOf(pieces: readonly string[]): string {
  let text = "";
  for (let left = random(30); left >= 0; left -= 1) {
    const piece =
      random(5) === 0
        ? String.fromCharCode(random(8) === 0 ? random(65_536) : random(128))
        : (pieces[random(pieces.length)] ?? "");
    text += random(40) === 0 ? piece.repeat(random(200)) : piece;
  }
  return random(4) === 0 ? text.slice(0, random(text.length + 1)) : text;
}

const parsers = Object.entries(fuzzedParsers);
let failures = 0;
for (const [name, { pieces, check }] of parsers) {
  const from = performance.now();
  const share = Math.ceil(inputs / parsers.length);
  let slowest = { milliseconds: 0, text: "" };
  for (let at = 0; at < share; at += 1) {
    const text = textOf(pieces);
    const before = performance.now();
    try {
      check(text);
    } catch (error) {
      failures += 1;
      if (failures <= 20) console.log(`${name}: ${String(error)}\n  ${JSON.stringify(text)}`);
    }
    const milliseconds = performance.now() - before;
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, text };
  }
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  console.log(
    `${name}: ${share} inputs in ${seconds} s; the slowest took ${slowest.milliseconds.toFixed(1)} ms (${slowest.text.length} characters)`,
  );
}
console.log(`seed ${seed}, ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;
