/** Ranges of code points that take two cells: East Asian wide and fullwidth (Unicode UAX #11, the blocks that matter), emoji. */
const wide: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1b000, 0x1b2fb],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

const ascii = /^[ -~]*$/;
const noCells = /[\p{M}\p{Cf}]/u;
const emoji = /\p{Emoji_Presentation}/u;

/** Cells that one code point takes on a terminal: 0, 1 or 2. */
export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  // What reports are full of: letters, dashes, quotation marks, the ellipsis, lines of tables, the signs before a title.
  if (code < 0x300 || (code >= 0x2010 && code < 0x2028) || (code >= 0x2500 && code < 0x2580)) return 1;
  if (noCells.test(character)) return 0;
  if (wide.some(([first, last]) => code >= first && code <= last) || emoji.test(character)) return 2;
  return 1;
}

/** Cells that a text takes on a terminal. The text is plain: no control characters, no colours. */
export function cellWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}
