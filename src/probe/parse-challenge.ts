/** One challenge of a 401. Parameter names are in lower case; an empty value is kept, it means something for `scope`. */
export interface Challenge {
  readonly scheme: "bearer" | "digest" | "basic";
  readonly parameters: ReadonlyMap<string, string>;
}

const preference = { bearer: 0, digest: 1, basic: 2 } as const;

/** A header line longer than this is not read at all. */
const longestLine = 16_384;

/**
 * The challenges in WWW-Authenticate header lines (one array element a line on the wire), as containerd reads them:
 * one challenge a line, unknown schemes dropped, what cannot be read as `key=value` ends the line,
 * bearer before digest before basic. Linear in the input; never throws.
 * (containerd/containerd:core/remotes/docker/auth/parse.go)
 */
export function parseChallenges(lines: readonly string[]): readonly Challenge[] {
  return lines
    .filter((line) => line.length <= longestLine)
    .map(parseLine)
    .filter((challenge) => challenge !== undefined)
    .sort((a, b) => preference[a.scheme] - preference[b.scheme]);
}

/**
 * The same, save that a realm without quotes is read to its comma: containerd's parser ends at the colon of `https:`, and makes nothing
 * of the rest. Registries were seen to write it so (IBM's), and what they meant is plain.
 */
export function readChallenges(lines: readonly string[]): readonly Challenge[] {
  const challenges = lines.flatMap((line) =>
    parseChallenges([line]).map((challenge) => withWholeRealm(challenge, line)),
  );
  return challenges.sort((a, b) => preference[a.scheme] - preference[b.scheme]);
}

function withWholeRealm(challenge: Challenge, line: string): Challenge {
  if (challenge.scheme !== "bearer" || !/^https?$/i.test(challenge.parameters.get("realm") ?? "")) return challenge;
  const parameters = new Map<string, string>();
  for (const part of line.slice(line.indexOf(" ") + 1).split(",")) {
    const equals = part.indexOf("=");
    const name = part.slice(0, equals).trim().toLowerCase();
    if (equals > 0 && !parameters.has(name))
      parameters.set(
        name,
        part
          .slice(equals + 1)
          .trim()
          .replace(/^"|"$/g, ""),
      );
  }
  return { ...challenge, parameters };
}

function parseLine(line: string): Challenge | undefined {
  const cursor = { text: line, at: 0 };
  const scheme = readToken(cursor).toLowerCase();
  if (scheme !== "bearer" && scheme !== "digest" && scheme !== "basic") return undefined;
  const parameters = new Map<string, string>();
  for (;;) {
    skipSpace(cursor);
    const key = readToken(cursor).toLowerCase();
    if (key === "" || line[cursor.at] !== "=") break;
    cursor.at += 1;
    parameters.set(key, line[cursor.at] === '"' ? readQuoted(cursor) : readToken(cursor));
    skipSpace(cursor);
    if (line[cursor.at] !== ",") break;
    cursor.at += 1;
  }
  return { scheme, parameters };
}

interface Cursor {
  readonly text: string;
  at: number;
}

/** Token characters of RFC 2616: visible ASCII without separators. */
function isTokenCharacter(code: number): boolean {
  return code > 32 && code < 127 && !'"(),/:;<=>?@[]\\{}'.includes(String.fromCharCode(code));
}

function readToken(cursor: Cursor): string {
  const start = cursor.at;
  while (cursor.at < cursor.text.length && isTokenCharacter(cursor.text.charCodeAt(cursor.at))) cursor.at += 1;
  return cursor.text.slice(start, cursor.at);
}

function skipSpace(cursor: Cursor): void {
  while (" \t\r\n".includes(cursor.text[cursor.at] ?? "x")) cursor.at += 1;
}

/** A quoted string, `\` taking the next character as it is. Without its closing quote it is empty, and so is the rest. */
function readQuoted(cursor: Cursor): string {
  let value = "";
  let from = cursor.at + 1;
  for (let at = from; at < cursor.text.length; at += 1) {
    const character = cursor.text[at];
    if (character === '"') {
      cursor.at = at + 1;
      return value + cursor.text.slice(from, at);
    }
    if (character === "\\") {
      value += cursor.text.slice(from, at);
      from = at + 1;
      at += 1;
    }
  }
  cursor.at = cursor.text.length;
  return "";
}

/** What a client with these means would do about a 401. */
export type ChallengeChoice =
  | { readonly kind: "bearer"; readonly challenge: Challenge }
  | { readonly kind: "basic" }
  /** Nothing usable: the 401 stands. */
  | { readonly kind: "none"; readonly why: "no-challenge" | "no-basic-credentials" | "no-realm" | "bad-realm" };

/**
 * The challenge that containerd answers, and whether it can: Basic wants a user name and a password, Bearer a realm that parses.
 * There is no second choice: a Bearer challenge without realm fails though Basic is offered beside it.
 * (containerd/containerd:core/remotes/docker/authorizer.go AddResponses)
 */
export function chooseChallenge(
  challenges: readonly Challenge[],
  has: { readonly username: boolean; readonly password: boolean },
): ChallengeChoice {
  const first = challenges.find(({ scheme }) => scheme !== "digest");
  if (first === undefined) return { kind: "none", why: "no-challenge" };
  if (first.scheme === "basic")
    return has.username && has.password ? { kind: "basic" } : { kind: "none", why: "no-basic-credentials" };
  const realm = first.parameters.get("realm");
  if (realm === undefined) return { kind: "none", why: "no-realm" };
  if (!goParses(realm)) return { kind: "none", why: "bad-realm" };
  return { kind: "bearer", challenge: first };
}

/** Whether Go's url.Parse takes the realm: no control characters, no colon in the first path segment, no bad escape. */
function goParses(realm: string): boolean {
  for (let at = 0; at < realm.length; at += 1) {
    const code = realm.charCodeAt(at);
    if (code < 32 || code === 127) return false;
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(realm.split("?", 1)[0] ?? "")) return false;
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(realm)) return true;
  const firstSegment = realm.split(/[/?#]/, 1)[0] ?? "";
  return !firstSegment.includes(":");
}
