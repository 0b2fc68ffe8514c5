/**
 * Base64 as strictly as Go's encoding/base64 reads it: standard alphabet, line breaks anywhere, nothing else between;
 * `padded` wants the padding, `raw` refuses any. Undefined where Go gives an error. Node's own decoder takes everything.
 */
export function decodeBase64(text: string, form: "padded" | "raw"): Uint8Array | undefined {
  const compact = /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, "") : text;
  const body = form === "padded" ? withoutPadding(compact) : compact;
  if (body === undefined || body.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(body)) return undefined;
  return Buffer.from(body, "base64");
}

function withoutPadding(text: string): string | undefined {
  if (text.length % 4 !== 0) return undefined;
  if (text.endsWith("==")) return text.slice(0, -2);
  return text.endsWith("=") ? text.slice(0, -1) : text;
}

/** Text of bytes; `clean` is false where they are not UTF-8 and U+FFFD stands in their place, as in Go's JSON decoder. */
export function textOfBytes(bytes: Uint8Array): { readonly text: string; readonly clean: boolean } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), clean: true };
  } catch {
    return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), clean: false };
  }
}
