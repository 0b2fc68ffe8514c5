/** Headers as the node's configuration writes them: several values for one name. */
type Written = Readonly<Record<string, readonly string[]>>;

/** Names of headers that hold a secret (Artifactory's is `X-JFrog-Art-Api`), and values that are one whatever their name. */
const secretName = /auth|cookie|token|key|secret|pass|cred|api|jwt|session|sign/i;
const secretValue = /^(?:basic|bearer|digest|negotiate|token) |[A-Za-z0-9+/_=-]{24}/i;

/** Of the connection and not of the request: Go sends none of the first four (net/http/request.go reqWriteExcludeHeader), undici none of the others. */
const ofTheConnection: ReadonlySet<string> = new Set([
  ...["host", "content-length", "transfer-encoding", "trailer"],
  ...["connection", "expect", "keep-alive", "upgrade"],
]);

function isSecret(name: string, values: readonly string[]): boolean {
  return secretName.test(name) || values.some((value) => secretValue.test(value));
}

/**
 * What the node adds to requests to a mirror, as one value a name. Names and values that are no header of a request are left out; those
 * that look like holding a secret, too, unless `secrets` may be sent.
 */
export function mirrorHeaders(written: Written, secrets: boolean): Record<string, string> {
  const fits = Object.entries(written).filter(
    ([name, values]) =>
      /^[A-Za-z0-9-]{1,64}$/.test(name) &&
      !ofTheConnection.has(name.toLowerCase()) &&
      (secrets || !isSecret(name, values)),
  );
  return Object.fromEntries(
    fits.map(([name, values]) => [
      name.toLowerCase(),
      values.filter((value) => /^[\t\x20-\x7e]*$/.test(value)).join(", "),
    ]),
  );
}

/** What of these headers a server must not be seen to repeat: values that look like secrets, what follows a scheme, and Basic's password. */
export function secretsOf(written: Written): readonly string[] {
  return Object.entries(written)
    .filter(([name, values]) => isSecret(name, values))
    .flatMap(([, values]) => values)
    .flatMap((value) => {
      const [scheme = "", rest = ""] = value.split(/ +(.*)/s, 2);
      const pair = /^basic$/i.test(scheme) ? Buffer.from(rest, "base64").toString("utf8") : "";
      return [value, rest, pair.slice(pair.indexOf(":") + 1)].filter((text) => text !== "");
    });
}
