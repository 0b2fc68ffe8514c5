const ascii = /^[ -~]*$/;

/** Names from files and servers, cut and without control characters, for a sentence. */
export function plain(text: string): string {
  // The classes of Unicode take longer to compile than all that is named here.
  return (ascii.test(text) ? text : text.replace(/\p{C}/gu, "?")).slice(0, 200);
}
