/** What is read of one message. The longest real event known has 905 characters; HTML bodies make some longer. */
const longest = 16_384;
const keptOfEnd = 4_096;
const mostLevels = 3;

/** The beginning and the end of an overlong text, so that every later step has a bound. */
export function boundText(text: string): string {
  if (text.length <= longest) {
    return text;
  }
  return `${text.slice(0, longest - keptOfEnd)}\n${text.slice(-keptOfEnd)}`;
}

/**
 * A message as its author wrote it: without the event aggregator's prefix, the fields of a log line around the error,
 * the quoting that logs add (one level for klog, two where a quoted error was logged), and Docker's JSON around an error.
 * Source of the quoting: kubernetes/klog internal/serialize/keyvalues.go; of the prefix: client-go tools/record/events_cache.go.
 */
export function peelLog(message: string): string {
  let text = withoutAggregation(withoutCoat(withPlainQuotes(boundText(message)).trim()));
  text = jsonField(text) ?? errorField(text) ?? text;
  for (let level = 0; level < mostLevels && text.includes('\\"'); level++) {
    text = unescapeOnce(text);
  }
  return withoutAggregation(unwrapDockerJson(text)).trim();
}

/** What a terminal's frame, a quotation or a list puts before a line. */
const margin = /^(?:[>*│|-] {1,8}){1,3}/;

const entities: Readonly<Record<string, string>> = { quot: '"', "#34": '"', "#39": "'", lt: "<", gt: ">", amp: "&" };

/**
 * A message with the quotes that a page or a chat made of the plain ones, and with HTML's characters, put back. It makes them of all:
 * beside plain ones they are the author's (golang/go src/crypto/x509/root_darwin.go).
 */
function withPlainQuotes(text: string): string {
  const plain = text.includes('"') ? text : text.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'");
  return plain.replace(/&(quot|#34|#39|lt|gt|amp);/g, (entity, name: string) => entities[name] ?? entity);
}

/** A message that was copied with what was around it: the field of a Pod's YAML or JSON, quotes, the frame of a terminal. */
function withoutCoat(text: string): string {
  const line = text.replace(margin, "");
  const framed = /[│|]$/.test(line) ? line.slice(0, -1).trimEnd() : line;
  const field = /^"?message"?: {1,8}/.exec(framed)?.[0];
  const value = field === undefined ? framed : framed.slice(field.length).replace(/,$/, "");
  const inside = value.slice(1, -1);
  switch (value.length > 1 && value.startsWith(value.at(-1) ?? "") ? value[0] : "") {
    case '"':
      return /(?<!\\)"/.test(inside) ? value : unescapeOnce(inside);
    case "'":
      return inside.replaceAll("''", "").includes("'") ? value : inside.replaceAll("''", "'");
    case "`":
      return inside.includes("`") ? value : inside;
    default:
      return value;
  }
}

/** klog's header, behind what journald puts before it; kubernetes/klog klog.go formatHeader. */
const klogHeader = /^.{0,160}?\b[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,9} +\d{1,10} [\w.-]{1,80}\.go:\d{1,6}\] /;

/** Whether a message is a line of a kubelet's log about something else: its errors are worded like those of a pull. */
export function isOtherLogLine(message: string): boolean {
  const line = boundText(message).trimStart();
  return klogHeader.test(line) && !/image|pull|registr|credential/i.test(line);
}

/** Without what the event aggregator puts before it. */
function withoutAggregation(text: string): string {
  const prefix = "(combined from similar events): ";
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** The members that hold the error in lines of JSON: the kubelet's and containerd's, and what log shippers put a line into. */
const jsonMembers = ["err", "error", "message", "log", "msg"];

/** The error of a line that is a JSON object; undefined where it is none. Of several members the first that says something. */
function jsonField(text: string): string | undefined {
  if (!text.startsWith("{") || !text.endsWith("}")) {
    return undefined;
  }
  try {
    const line: unknown = JSON.parse(text);
    const members = new Map(typeof line === "object" && line !== null ? Object.entries(line) : []);
    const found = jsonMembers
      .map((name) => members.get(name))
      .find((value) => typeof value === "string" && value !== "");
    if (typeof found !== "string") {
      return undefined;
    }
    return errorField(found) ?? found;
  } catch {
    return undefined;
  }
}

const fields = [' err="', ' error="', '" error="', '\terr="'];

/** klog prints a value of several lines between `<` and `>`, each line indented. */
const klogBlock = /\serr=<\n([\s\S]*?)\n\s{0,80}>/;

/** A line of logrus that holds no error field: its message, still escaped. */
const logrusMessage = /\blevel=(?:error|fatal|warning|panic) msg="/;

/** The value of a structured log line's error field, still escaped. */
function errorField(text: string): string | undefined {
  // Here the error alone would be any Secret's.
  if (text.includes('"Unable to retrieve pull secret')) {
    return undefined;
  }
  for (const field of fields) {
    const start = text.indexOf(field);
    if (start >= 0) {
      return quotedValue(text, start + field.length);
    }
  }
  const block = klogBlock.exec(text);
  if (block !== null) {
    return block[1]?.replace(/^\s+/gm, "");
  }
  const message = logrusMessage.exec(text);
  return message === null ? undefined : quotedValue(text, message.index + message[0].length);
}

/** From `start` to the quote that closes it; to the end where the text was cut. */
function quotedValue(text: string, start: number): string {
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") {
      at++;
    } else if (character === '"') {
      return text.slice(start, at);
    }
  }
  return text.slice(start);
}

/** Takes one level of Go's `%q` off: `\"`, `\\`, `\n`, `\t`. Others stay as they are. */
export function unescapeOnce(text: string): string {
  return text.replace(/\\(["\\nt])/g, (_, character: string) =>
    character === "n" ? "\n" : character === "t" ? "\t" : character,
  );
}

/** `… {"message":"words"}` → `… words`; the daemon's API error as old clients print it. */
function unwrapDockerJson(text: string): string {
  return text.replace(/\{"message":"([^"]*)"\}/g, "$1");
}
