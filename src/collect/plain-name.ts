/** Names from files and servers, cut and without control characters, for a sentence. */
export function plain(text: string): string {
  return text.replace(/\p{C}/gu, "?").slice(0, 200);
}
