import { gunzipSync, gzipSync } from "node:zlib";

/** One regular file of an archive. */
export interface Entry {
  readonly path: string;
  readonly data: Buffer;
  readonly mode: number;
}

const block = 512;

/** A gzipped ustar archive with fixed owner and time: the same bytes from the same files, wherever it is made. */
export function archiveOf(files: readonly Entry[]): Buffer {
  const blocks = files.flatMap((file) => [headerOf(file), file.data, Buffer.alloc(padding(file.data.length))]);
  const packed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * block)]), { level: 9 });
  // Byte 9 of a gzip header names the system that made it; "unknown" on all of them.
  packed[9] = 255;
  return packed;
}

function headerOf({ path, data, mode }: Entry): Buffer {
  if (Buffer.byteLength(path) > 100) throw new Error(`${path} is too long for a ustar header`);
  const header = Buffer.alloc(block);
  header.write(path, 0);
  header.write(`${octal(mode, 7)}\0`, 100);
  header.write(`${octal(0, 7)}\0`.repeat(2), 108);
  header.write(`${octal(data.length, 11)}\0`, 124);
  header.write(`${octal(0, 11)}\0`, 136);
  header.write(" ".repeat(8), 148);
  header.write("0", 156);
  header.write("ustar\0" + "00", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

/**
 * What a gzipped tar archive holds, under krew's rules (kubernetes-sigs/krew internal/download/downloader.go): anything but
 * directories and regular files throws, and so does a path that is absolute or has `..` in it. `only` keeps some paths.
 */
export function entriesOf(packed: Buffer, only: (path: string) => boolean = () => true): Entry[] {
  const tar = gunzipSync(packed);
  const entries: Entry[] = [];
  for (let at = 0; at + block <= tar.length && tar[at] !== 0; ) {
    const field = (from: number, length: number) =>
      tar.toString("utf8", at + from, at + from + length).replace(/\0.*$/s, "");
    const prefix = field(345, 155);
    const path = prefix === "" ? field(0, 100) : `${prefix}/${field(0, 100)}`;
    const type = field(156, 1);
    const size = Number.parseInt(field(124, 12), 8);
    if (!["", "0", "5"].includes(type)) throw new Error(`${path} is neither a file nor a directory`);
    if (path.includes("..") || /^[/\\]/.test(path)) throw new Error(`${path} leaves the directory it is unpacked to`);
    if (type !== "5" && only(path)) {
      entries.push({
        path,
        data: tar.subarray(at + block, at + block + size),
        mode: Number.parseInt(field(100, 8), 8),
      });
    }
    at += block + size + padding(size);
  }
  return entries;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function padding(size: number): number {
  return (block - (size % block)) % block;
}
