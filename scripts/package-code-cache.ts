import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lazily } from "./build-lazy-builtins.ts";
import { buildingNode } from "./package-node.ts";

/** Modules of Node that the program loads when it has been started, and those that its libraries might. */
const loaded = [...lazily, "dns/promises", "readline", "stream/promises", "string_decoder", "tty"];

/** Node's own modules (`internal/tls/wrap`) that come with these and with the standard streams, where a snapshot is started from. */
export function loadedLater(): ReadonlySet<string> {
  const directory = mkdtempSync(join(tmpdir(), "loaded-later-"));
  try {
    const script = join(directory, "main.cjs");
    writeFileSync(
      script,
      `require("node:v8").startupSnapshot.setDeserializeMainFunction(() => {
        const before = new Set(process.moduleLoadList);
        for (const name of ${JSON.stringify(loaded)}) require("node:" + name);
        for (const name of ["stdin", "stdout", "stderr"]) process[name];
        for (const each of process.moduleLoadList) if (!before.has(each)) console.log(each);
      });`,
    );
    const blob = ["--no-warnings", "--snapshot-blob", join(directory, "snapshot")];
    execFileSync(buildingNode(), [...blob, "--build-snapshot", script], { stdio: ["ignore", "ignore", "inherit"] });
    const said = execFileSync(buildingNode(), blob, { encoding: "utf8" });
    return new Set(said.split("\n").flatMap((line) => /^NativeModule (\S+)/.exec(line)?.[1] ?? []));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** One of the list, by which it is found. */
const someName = "internal/tls/wrap";
/** Entries that the list has at least, and at most. */
const bounds = { least: 100, most: 2_000 } as const;

interface Entry {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * An executable with a start-up snapshot, without the compiled code of those modules of Node that are not in `kept`. Beside a
 * snapshot Node stores what V8 compiled of each of its 440 modules, and copies all of it at each start: 4 MB, of which 3 belong
 * to modules that the snapshot holds already or that nothing loads; that is 4 ms, a fifth of an empty program's start. Where
 * such code is missing, Node compiles the module anew. The list is the snapshot's end, a count and the entries (nodejs/node src/node_snapshotable.cc,
 * SnapshotData::FromBlob; src/blob_serializer_deserializer-inl.h), and what is left over of its bytes is empty.
 * Throws where there is no such list.
 */
export function withoutUnusedCode(executable: Buffer, kept: ReadonlySet<string>): Buffer {
  const entries = listIn(executable);
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined)
    throw new Error("the executable has no compiled code of Node's modules");
  const used = entries.filter(({ name }) => kept.has(name));
  const code = Buffer.concat(used.map(({ start, end }) => executable.subarray(start, end)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64LE(BigInt(used.length));
  return Buffer.concat([
    executable.subarray(0, first.start - count.length),
    count,
    code,
    Buffer.alloc(last.end - first.start - code.length),
    executable.subarray(last.end),
  ]);
}

/** The list around the entry of `someName`: behind the nearest count before it that is followed by as many entries. */
function listIn(executable: Buffer): readonly Entry[] {
  const known = Buffer.alloc(8 + someName.length);
  known.writeBigUInt64LE(BigInt(someName.length));
  known.write(someName, 8);
  for (let found = executable.indexOf(known); found >= 0; found = executable.indexOf(known, found + 1)) {
    if (entriesAt(executable, found, 2) === undefined) continue;
    for (let at = found - 8; at >= 0; at -= 1) {
      const count = executable.readUInt32LE(at);
      if (count < bounds.least || count > bounds.most || executable.readUInt32LE(at + 4) !== 0) continue;
      const entries = entriesAt(executable, at + 8, count);
      if (entries?.some(({ start }) => start === found)) return entries;
    }
  }
  return [];
}

/** `count` entries, each a name and the code, with their lengths before them; undefined where something else stands there. */
function entriesAt(bytes: Buffer, from: number, count: number): readonly Entry[] | undefined {
  const entries: Entry[] = [];
  let start = from;
  for (let index = 0; index < count; index += 1) {
    const length = number(bytes, start) ?? 0;
    const name = bytes.toString("latin1", start + 8, start + 8 + length);
    const size = number(bytes, start + 8 + length);
    if (size === undefined || !/^[\w/.-]{2,100}$/.test(name)) return undefined;
    const end = start + 16 + length + size;
    if (end > bytes.length) return undefined;
    entries.push({ name, start, end });
    start = end;
  }
  return entries;
}

/** A length that may be one. */
function number(bytes: Buffer, at: number): number | undefined {
  if (at < 0 || at + 8 > bytes.length) return undefined;
  const value = bytes.readBigUInt64LE(at);
  return value < 100_000_000n ? Number(value) : undefined;
}
