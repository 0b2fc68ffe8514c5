import { expect, test } from "vitest";
import { withoutSignature } from "../../scripts/package-unsign.ts";

const certificates = Buffer.from("a signature");

/** The least of a signed executable: headers, a byte of program, and the certificates. */
function signed(start = 0x200): Buffer {
  const file = Buffer.alloc(start);
  file.write("MZ");
  file.writeUInt32LE(0x80, 0x3c);
  file.write("PE\0\0", 0x80);
  file.writeUInt16LE(0x20b, 0x98);
  file.writeUInt32LE(0x12345678, 0xd8);
  file.writeUInt32LE(start, 0x128);
  file.writeUInt32LE(certificates.length, 0x12c);
  file.write("x", 0x1ff);
  return Buffer.concat([file, certificates]);
}

test("the signature, the pointer to it and the checksum are taken away, and nothing else", () => {
  const file = signed();
  const expected = Buffer.from(file.subarray(0, 0x200));
  expected.fill(0, 0xd8, 0xdc);
  expected.fill(0, 0x128, 0x130);
  expect(withoutSignature(file)).toEqual(expected);
  expect(withoutSignature(expected)).toBe(expected);
});

test.each([
  ["an executable of 32 bits", (file: Buffer) => file.writeUInt16LE(0x10b, 0x98)],
  ["one whose signature does not end it", (file: Buffer) => file.writeUInt32LE(1, 0x12c)],
  ["one without a PE header", (file: Buffer) => file.fill(0, 0x80, 0x84)],
  ["one of Unix", (file: Buffer) => file.write("\x7fELF")],
])("%s stays as it is", (_, change) => {
  const file = signed();
  change(file);
  expect(withoutSignature(file)).toBe(file);
});

test("so does what ends too early to be an executable", () => {
  for (const length of [0, 2, 0x3f, 0x81, 0x120]) {
    const short = signed().subarray(0, length);
    expect(withoutSignature(short)).toBe(short);
  }
});
