const named: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for an XML 1.0 element or attribute. Give it plain text (`plainText`): what XML forbids is already a mark there. */
export function xmlText(plain: string): string {
  return plain.replace(/[&<>"']/g, (character) => named[character] ?? "");
}

/** ` name="value"` for each; what is undefined is left out. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(attributes)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${xmlText(String(value))}"`]))
    .join("");
}
