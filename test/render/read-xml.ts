/** An element as read back. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decode(text: string): string {
  if (/[<]/.test(text) || text.includes("]]>")) throw new Error(`markup in text: ${text}`);
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const character = whole.endsWith(";") ? entities[name] : undefined;
    if (character === undefined) throw new Error(`not an entity: ${whole}`);
    return character;
  });
}

/** Characters of XML 1.0, https://www.w3.org/TR/xml/#charsets. */
const allowed = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Reads the XML that test reports use (elements, attributes, text), strictly: throws on whatever is not well-formed. */
export function readXml(xml: string): Element {
  if (!allowed.test(xml)) throw new Error("a character that XML forbids");
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!xml.startsWith(declaration)) throw new Error("no declaration");
  let rest = xml.slice(declaration.length);

  function element(): Element {
    const open = /^<([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/.exec(rest);
    if (open === null) throw new Error(`no element at: ${rest.slice(0, 80)}`);
    const [whole, name = "", written = "", empty] = open;
    rest = rest.slice(whole.length);
    const attributes = new Map<string, string>();
    for (const [, key = "", value = ""] of written.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
      if (attributes.has(key)) throw new Error(`twice: ${key}`);
      attributes.set(key, decode(value));
    }
    const children: Element[] = [];
    let text = "";
    while (empty !== "/") {
      const next = rest.indexOf("<");
      text += decode(rest.slice(0, next));
      rest = rest.slice(next);
      if (rest.startsWith("</")) {
        const close = `</${name}>`;
        if (!rest.startsWith(close)) throw new Error(`${close} expected at: ${rest.slice(0, 80)}`);
        rest = rest.slice(close.length);
        break;
      }
      children.push(element());
    }
    return { name, attributes, children, text };
  }

  const root = element();
  if (rest !== "\n") throw new Error(`after the end: ${rest}`);
  return root;
}
