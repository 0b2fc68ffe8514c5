import { expect, test } from "vitest";
import { loadedLater, withoutUnusedCode } from "../../scripts/package-code-cache.ts";

/** A number as a snapshot has it: 64 bits, the lowest first. */
function number(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

const named = (name: string, code: string) => [number(name.length), name, number(code.length), code];

function joined(...parts: (Buffer | string)[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

const others = Array.from({ length: 150 }, (_, index) => [`internal/other_${index}`, `code of ${index}`] as const);
const list = [["vm", "code of vm"], ...others, ["internal/tls/wrap", "code of tls"], ["_http_agent", ""]] as const;
const before = joined(
  "ELF and a snapshot, in which a name of the list stands, too: ",
  number(17),
  "internal/tls/wrap",
  number(40),
  " and what would be a count: ",
  number(300),
);
const after = joined("what the executable has beside it");
const executable = joined(before, number(list.length), ...list.flatMap(([name, code]) => named(name, code)), after);

test("only the code of modules that are loaded later is kept, in its place and order", () => {
  const kept = withoutUnusedCode(executable, new Set(["internal/tls/wrap", "vm", "of another Node.js"]));
  const start = joined(before, number(2), ...named("vm", "code of vm"), ...named("internal/tls/wrap", "code of tls"));
  expect(kept.length).toBe(executable.length);
  expect(kept.subarray(0, start.length)).toEqual(start);
  expect(kept.subarray(-after.length)).toEqual(after);
  const empty = kept.subarray(start.length, -after.length);
  expect(empty.equals(Buffer.alloc(empty.length))).toBe(true);
});

test("an executable without such a list is no reason to guess", () => {
  const short = joined(number(2), ...named("internal/tls/wrap", "code of tls"), ...named("_http_agent", "code"));
  for (const other of [Buffer.alloc(0), before, short, executable.subarray(0, -after.length - 200)])
    expect(() => withoutUnusedCode(other, new Set())).toThrow("no compiled code");
});

test("what a diagnosis loads of Node is among what is kept, and what every start loads is not", () => {
  const kept = loadedLater();
  for (const name of ["crypto", "internal/crypto/keys", "internal/tls/wrap", "internal/http2/core", "net", "sea", "vm"])
    expect(kept).toContain(name);
  for (const name of ["fs", "events", "internal/errors", "internal/deps/acorn/acorn/dist/acorn"])
    expect(kept).not.toContain(name);
});
