/**
 * The documents of a YAML or JSON text, in order, as unknown values. Empty documents are left out.
 * Throws an Error whose message says the line and the kind of fault, never the text: it may hold passwords.
 */
export async function readDocuments(text: string): Promise<readonly unknown[]> {
  // A byte order mark is what Windows editors leave; neither JSON.parse nor YAML's first key would forgive it.
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (/^\s*[{[]/.test(clean.slice(0, 4096))) {
    try {
      return [JSON.parse(clean)];
    } catch {
      // Flow-style YAML begins the same way, and `cat a.json b.json` gives several; YAML decides.
    }
  }
  const { loadAll, YAMLException } = await import("js-yaml");
  try {
    return loadAll(clean).filter((document) => document !== null && document !== undefined);
  } catch (error) {
    const line = error instanceof YAMLException && error.mark ? ` (line ${error.mark.line + 1})` : "";
    throw new Error(`not valid YAML or JSON${line}`);
  }
}
