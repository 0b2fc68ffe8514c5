/**
 * Characters that a reader does not see, or sees something else for: control (C0, C1), format (bidi, zero width, tags, soft hyphen),
 * lone surrogates, private and unassigned ones, every space but U+0020, line and paragraph separators, fillers and variation selectors.
 * CVE-2021-25743 (terminal escapes in Events) and CVE-2021-42574 (bidi in source text) are why they are never printed as they are.
 */
const hidden = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether one character (a code point as a string) is hidden. U+0020 is not. */
export function isHidden(character: string): boolean {
  return character !== " " && hidden.test(character);
}

/** Whether the text holds a hidden character anywhere. */
export function holdsHidden(text: string): boolean {
  // The class matches U+0020 too, so spaces are taken out first; both passes are linear.
  return hidden.test(text.replaceAll(" ", ""));
}
