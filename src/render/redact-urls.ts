/** Query parameters of the registry protocol, which say nothing secret. What is not listed is hidden (go-containerregistry internal/redact). */
const harmless = new Set(["scope", "service", "ns", "n", "last", "account"]);

const hiddenValue = "REDACTED";

/** Where a URL ends in running text. */
const end = /[\s"'<>`\\]/;

function redactQuery(query: string): string {
  return query
    .split("&")
    .map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 0) return pair === "" ? pair : hiddenValue;
      const key = pair.slice(0, equals);
      return harmless.has(key) ? pair : `${key}=${hiddenValue}`;
    })
    .join("&");
}

function redactUrl(afterScheme: string): string {
  const query = afterScheme.indexOf("?");
  const path = query < 0 ? afterScheme : afterScheme.slice(0, query);
  const slash = path.indexOf("/");
  const authority = slash < 0 ? path : path.slice(0, slash);
  const at = authority.lastIndexOf("@");
  const shown = at < 0 ? path : `${hiddenValue}@${path.slice(at + 1)}`;
  if (query < 0) return shown;
  const rest = afterScheme.slice(query + 1);
  const hash = rest.indexOf("#");
  return `${shown}?${redactQuery(hash < 0 ? rest : rest.slice(0, hash))}${hash < 0 ? "" : `#${hiddenValue}`}`;
}

/**
 * The text with the user part and the query values of every URL in it hidden: old containerd wrote signed blob URLs into Events
 * (containerd/containerd#5453). Every format sends text through here (`plainText`, `machineReport`); linear.
 */
export function redactUrls(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const scheme = text.indexOf("://", from);
    if (scheme < 0) break;
    const start = scheme + 3;
    let stop = start;
    while (stop < text.length && !end.test(text.charAt(stop))) stop++;
    // A sentence's own signs behind the URL are not part of it.
    while (stop > start && ".,:;)".includes(text.charAt(stop - 1))) stop--;
    parts.push(text.slice(from, start), redactUrl(text.slice(start, stop)));
    from = stop;
  }
  parts.push(text.slice(from));
  return parts.join("");
}
