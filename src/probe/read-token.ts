/** What a token server's body gave. The plain token is sealed by the caller at once. */
export type TokenAnswer =
  | { readonly kind: "token"; readonly token: string; readonly lifetime: number | undefined }
  | { readonly kind: "problem"; readonly problem: "not-json" | "no-token" };

/** Longest life that is believed, in seconds; a run never lasts that long. */
const longestLife = 86_400;

/**
 * A token answer as containerd reads it: the first JSON value, keys without regard to case, a field of the wrong type spoils all.
 * After POST only `access_token` counts, after GET `access_token` before `token`. `lifetime` is in seconds from now,
 * undefined where the answer names none. (containerd/containerd:core/remotes/docker/auth/fetch.go)
 */
export function readTokenAnswer(body: string, method: "GET" | "POST"): TokenAnswer {
  const document = firstJsonValue(body);
  if (document === null) return { kind: "problem", problem: "no-token" };
  if (typeof document !== "object" || Array.isArray(document)) return { kind: "problem", problem: "not-json" };
  const fields = lowerCaseFields(document);
  const wanted = ["access_token", "expires_in", "issued_at", method === "POST" ? "scope" : "token", "refresh_token"];
  if (!wanted.every((name) => hasRightType(name, fields.get(name)))) return { kind: "problem", problem: "not-json" };
  const token = text(fields.get("access_token")) ?? (method === "GET" ? text(fields.get("token")) : undefined);
  if (token === undefined) return { kind: "problem", problem: "no-token" };
  const seconds = fields.get("expires_in");
  const lifetime = typeof seconds === "number" && seconds > 0 ? Math.min(seconds, longestLife) : undefined;
  return { kind: "token", token, lifetime };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Null stands for absent in Go's decoder. */
function hasRightType(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (name === "expires_in") return typeof value === "number" && Number.isInteger(value);
  if (typeof value !== "string") return false;
  return name !== "issued_at" || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value);
}

/** Go's encoding/json compares keys without regard to case; the last one wins. */
function lowerCaseFields(document: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(document).map(([key, value]) => [key.toLowerCase(), value]));
}

/** The first JSON value of a text that may go on after it, as Go's json.Decoder takes it; undefined where there is none. */
function firstJsonValue(body: string): unknown {
  const whole = parsed(body);
  if (whole !== undefined) return whole;
  const end = endOfObject(body);
  return end === undefined ? undefined : parsed(body.slice(0, end));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Where the object that a text begins with is closed. */
function endOfObject(text: string): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
