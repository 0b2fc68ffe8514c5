/** Offsets of the fields used here, from the PE signature of a file with an optional header of 64 bits (Microsoft's "PE Format"). */
const pe = { magic: 24, checksum: 24 + 64, certificates: 24 + 112 + 4 * 8 } as const;

/**
 * A Windows executable without its Authenticode signature: no longer true once the program is in it, and its place in the file
 * would then be the program's own. Windows starts what is unsigned; what is signed wrongly is held for tampered with.
 * What is no such file, has no signature, or has it anywhere but at its end is given back unchanged.
 */
export function withoutSignature(executable: Buffer): Buffer {
  if (executable.toString("latin1", 0, 2) !== "MZ" || executable.length < 0x40) return executable;
  const at = executable.readUInt32LE(0x3c);
  if (executable.toString("latin1", at, at + 4) !== "PE\0\0") return executable;
  if (executable.length < at + pe.certificates + 8 || executable.readUInt16LE(at + pe.magic) !== 0x20b)
    return executable;
  const start = executable.readUInt32LE(at + pe.certificates);
  const size = executable.readUInt32LE(at + pe.certificates + 4);
  if (size === 0 || start + size !== executable.length) return executable;
  const unsigned = Buffer.from(executable.subarray(0, start));
  unsigned.writeBigUInt64LE(0n, at + pe.certificates);
  // Zero is for "not computed", which all but drivers may have.
  unsigned.writeUInt32LE(0, at + pe.checksum);
  return unsigned;
}
