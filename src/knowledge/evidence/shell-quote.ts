/** Characters that a shell takes as they are, anywhere in a word. */
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** C0 and C1 controls, line separators, and what reorders or hides text on a terminal. */
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/**
 * One word for a POSIX shell: as it is where that is safe, in single quotes otherwise.
 * Control and bidirectional characters become `?`: pasted into a terminal they act before any shell reads the quotes.
 * A word that starts with `-` is still an option to the program; callers write `--flag=WORD` or `kind/NAME`.
 * POSIX.1-2017, 2.2.2 Single-Quotes: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html
 */
export function shellQuote(text: string): string {
  const shown = text.replace(unprintable, "?");
  if (plain.test(shown)) return shown;
  return `'${shown.replaceAll("'", "'\\''")}'`;
}
