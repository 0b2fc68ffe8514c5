import { dump } from "js-yaml";
import { isHidden } from "./hidden-characters.ts";

function marked(character: string): string {
  return `\u0001${(character.codePointAt(0) ?? 0).toString(16)};`;
}

/**
 * js-yaml writes most of Unicode as it is. So each hidden character is handed to it as U+0001, its number and `;`: the control
 * character makes it quote the string and write `\x01`, and `revealed` puts YAML's own escape there. Hidden is also U+0001 itself and
 * the backslash of a literal `\x01`, so that none but our own marks are found; and the `#` of what CI systems obey in a line.
 */
function concealed(text: string): string {
  const shown = text.split("\\x01").map((piece) => {
    const parts: string[] = [];
    for (const character of piece) parts.push(isHidden(character) ? marked(character) : character);
    return parts.join("");
  });
  const whole = shown.join(`${marked("\\")}x01`);
  return whole.replaceAll("##[", `#${marked("#")}[`).replaceAll("##vso[", `#${marked("#")}vso[`);
}

function revealed(yaml: string): string {
  return yaml.replace(/\\x01([0-9a-f]{1,6});/g, (_, code: string) =>
    code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`,
  );
}

function concealAll(value: unknown): unknown {
  if (typeof value === "string") return concealed(value);
  if (Array.isArray(value)) return value.map(concealAll);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [concealed(key), concealAll(inner)]));
}

/** YAML that is safe to look at, one line a string. Read back, it is the same value. */
export function yamlText(value: unknown): string {
  return revealed(dump(concealAll(value), { lineWidth: -1, noRefs: true }));
}
