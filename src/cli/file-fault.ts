/** What the system's most usual codes mean to whoever named a file. */
const words: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "no such file or directory"],
  ["ENOTDIR", "a part of its path is no directory"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EISDIR", "it is a directory"],
  ["EROFS", "the file system is read-only"],
  ["ENOSPC", "no space left on the device"],
]);

/** Why a file cannot be read or written, in words; the system's code where there are none. */
export function fileFault(error: unknown): string {
  return faultOf(error instanceof Error && "code" in error ? String(error.code) : "unknown error");
}

/** The same for a code such as `ENOENT`. */
export function faultOf(code: string): string {
  return words.get(code) ?? code;
}
