/** Offsets of the fields used here in an ELF header, a program header and a section header of 64 bits (man 5 elf). */
const elf = { programs: 0x20, sections: 0x28, programSize: 0x36, sectionSize: 0x3a, sectionNames: 0x3e } as const;
const allocated = 2n;
const noBits = 8;
const load = 1;

/**
 * A Linux executable without its symbol and debug sections, which are a fifth of Node.js: what is loaded stays as it is, byte
 * for byte. `strip` does the same, but gives other bytes with each of its versions, and knows only its own machine's.
 * What is no little-endian ELF file of 64 bits is given back unchanged.
 */
export function withoutSymbols(executable: Buffer): Buffer {
  if (executable.toString("latin1", 0, 6) !== "\x7fELF\x02\x01") return executable;
  const size = executable.readUInt16LE(elf.sectionSize);
  const start = offset(executable, elf.sections);
  const count = executable.readUInt16LE(elf.sectionSize + 2);
  const headers = Array.from({ length: count }, (_, index) =>
    Buffer.from(executable.subarray(start + index * size, start + (index + 1) * size)),
  );
  const last = headers.findLastIndex((header) => (header.readBigUInt64LE(8) & allocated) !== 0n);
  const kept = headers.slice(0, last + 1);
  const names = headers[executable.readUInt16LE(elf.sectionNames)];
  if (names === undefined || kept.some((header) => header.readUInt32LE(40) > last)) return executable;

  const end = Math.max(...loadedEnds(executable), ...kept.map(endOfSection));
  const nameTable = executable.subarray(offset(names, 24), offset(names, 24) + offset(names, 32));
  names.writeBigUInt64LE(BigInt(end), 24);
  const gap = Buffer.alloc((8 - ((end + nameTable.length) % 8)) % 8);
  const stripped = Buffer.concat([executable.subarray(0, end), nameTable, gap, ...kept, names]);
  stripped.writeBigUInt64LE(BigInt(end + nameTable.length + gap.length), elf.sections);
  stripped.writeUInt16LE(kept.length + 1, elf.sectionSize + 2);
  stripped.writeUInt16LE(kept.length, elf.sectionNames);
  return stripped;
}

/** Where what is loaded of the file ends, for each of its segments. */
function loadedEnds(executable: Buffer): number[] {
  const size = executable.readUInt16LE(elf.programSize);
  const start = offset(executable, elf.programs);
  return Array.from({ length: executable.readUInt16LE(elf.programSize + 2) }, (_, index) =>
    executable.subarray(start + index * size, start + (index + 1) * size),
  )
    .filter((header) => header.readUInt32LE(0) === load)
    .map((header) => offset(header, 8) + offset(header, 32));
}

function endOfSection(header: Buffer): number {
  return header.readUInt32LE(4) === noBits ? 0 : offset(header, 24) + offset(header, 32);
}

function offset(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
