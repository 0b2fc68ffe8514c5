/** containerd takes no larger manifest (containerd/containerd:core/remotes/docker/resolver.go MaxManifestSize). */
export const largestManifest = 4 * 1_048 * 1_048;
/** An index within an index is followed this far, and no further. */
export const deepestIndex = 3;
/** Entries of an index, or layers, that are looked at. */
export const mostEntries = 200;
/** No manifest is nested deeper; what is, was made to hurt. */
const deepestJson = 64;
const longestText = 256;

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object in these bytes, or undefined. Size and depth are looked at before it is parsed; nothing throws. */
export function parseObject(bytes: Uint8Array): JsonObject | undefined {
  if (bytes.length > largestManifest) return undefined;
  const text = new TextDecoder().decode(bytes);
  if (depthOf(text) > deepestJson) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** An own field; names such as `__proto__` and `constructor` are data here, and nothing else. */
export function field(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** An own field that is text, cut to a length that can be shown; empty otherwise. */
export function textField(object: JsonObject, name: string): string {
  const value = field(object, name);
  return typeof value === "string" ? value.slice(0, longestText) : "";
}

/** The objects of an own field that is a list, up to the bound. */
export function objectsField(object: JsonObject, name: string): readonly JsonObject[] {
  const value = field(object, name);
  return Array.isArray(value) ? value.slice(0, mostEntries).filter(isObject) : [];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The deepest nesting of brackets outside strings; one pass. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length && deepest <= deepestJson; at += 1) {
    const character = text.charCodeAt(at);
    if (quoted) {
      if (character === 0x5c) at += 1;
      else if (character === 0x22) quoted = false;
    } else if (character === 0x22) quoted = true;
    else if (character === 0x7b || character === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (character === 0x7d || character === 0x5d) depth -= 1;
  }
  return deepest;
}
