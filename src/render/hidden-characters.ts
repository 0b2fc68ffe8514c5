/**
 * Characters that a reader does not see, or sees something else for: control (C0, C1), format (bidi, zero width, tags, soft hyphen),
 * lone surrogates, private and unassigned ones, every space but U+0020, line and paragraph separators, fillers and variation selectors.
 * CVE-2021-25743 (terminal escapes in Events) and CVE-2021-42574 (bidi in source text) are why they are never printed as they are.
 */
const hidden = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether one character (a code point as a string) is hidden. U+0020 is not. */
export function isHidden(character: string): boolean {
  if (character >= " " && character < "\u007f") return false;
  return hidden.test(character);
}
