import { manifestUrl, resolveError } from "../../test/support/story-pods.ts";
import type { Servers } from "./servers.ts";

/** One pod of the run and what must be said about it. */
export interface Case {
  readonly name: string;
  readonly image: string;
  /** What the runtime is to have said; left out: the pod runs. */
  readonly error?: string;
  /** The error is the kubelet's own words. */
  readonly byKubelet?: boolean;
  readonly secrets?: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Codes of which the first diagnosis must have one; empty: nothing failing. */
  readonly codes: readonly string[];
  /** Left out: `certain`. */
  readonly certainty?: "certain" | "likely" | "possible";
}

/** All cases, worded as containerd 1.6 words them. Secrets are those of `secrets.ts`. */
export function cases({ at, ports, client, hostsDirectory }: Servers): Case[] {
  const fails = (
    name: string,
    image: string,
    words: string,
    codes: readonly string[],
    more: Partial<Case> = {},
  ): Case => ({
    name,
    image,
    error: resolveError(image, words),
    codes,
    ...more,
  });
  const status = (image: string, code: string) =>
    `pulling from host ${image.split("/", 1)[0]} failed with status code [manifests ${image.split(":").at(-1)}]: ${code}`;
  const request = (image: string, words: string) => `failed to do request: Head "${manifestUrl(image)}": ${words}`;
  const denied =
    "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed";
  const web = (host: string, tag = "v1.4.2") => `${host}/shop/web:${tag}`;

  const basic = web(at.basic);
  const token = web(at.token);
  const priv = `${at.token}/shop/private:v1`;
  const wrongTag = web(at.open, "v1.4.3");
  const wrongName = `${at.open}/shop/wbe:v1.4.2`;
  const arm = `${at.open}/shop/arm:v1`;
  const viaMirror = `failed to do request: Head "https://${at.closed}/v2/shop/web/manifests/v1.4.2?ns=${encodeURIComponent(at.open)}": dial tcp 127.0.0.1:${ports.closed}: connect: connection refused`;
  const proxied = `http://127.0.0.1:${ports.proxy}`;
  return [
    { name: "ok-basic", image: basic, secrets: ["basic-good"], codes: [] },
    { name: "ok-token", image: token, secrets: ["token-good"], codes: [] },
    fails("wrong-password", basic, status(basic, "401 Unauthorized"), ["credentials-rejected"], {
      secrets: ["basic-bad"],
    }),
    fails("no-secret", basic, status(basic, "401 Unauthorized"), ["credentials-missing"]),
    fails("other-port", basic, status(basic, "401 Unauthorized"), ["pull-secret-no-match"], {
      secrets: ["other-port"],
    }),
    fails("secret-missing", basic, status(basic, "401 Unauthorized"), ["pull-secret-missing"], {
      secrets: ["not-there"],
    }),
    fails("secret-opaque", basic, status(basic, "401 Unauthorized"), ["pull-secret-wrong-type"], {
      secrets: ["opaque"],
    }),
    {
      name: "secret-malformed",
      image: basic,
      error: "unexpected end of JSON input",
      byKubelet: true,
      secrets: ["malformed"],
      codes: ["pull-secret-malformed"],
    },
    fails("mended", basic, status(basic, "401 Unauthorized"), ["answers-now"], { secrets: ["basic-good"] }),
    fails(
      "token-password",
      token,
      "failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
      ["credentials-rejected"],
      {
        secrets: ["token-bad"],
      },
    ),
    fails("token-no-secret", token, denied, ["access-denied-or-missing"]),
    fails("token-no-permission", priv, denied, ["permission-denied", "access-denied-or-missing"], {
      secrets: ["token-guest"],
    }),
    fails("wrong-tag", wrongTag, `${wrongTag}: not found`, ["manifest-not-found"]),
    fails("wrong-repository", wrongName, `${wrongName}: not found`, ["repository-not-found"]),
    {
      name: "other-platform",
      image: arm,
      error: "no match for platform in manifest: not found",
      codes: ["platform-mismatch"],
    },
    fails("expired", web(at.expired), request(web(at.expired), "x509: certificate has expired or is not yet valid"), [
      "tls-cert-expired",
    ]),
    fails(
      "foreign",
      web(at.foreign),
      request(web(at.foreign), "x509: certificate is valid for somewhere-else.test, not foreign.e2e.test"),
      ["tls-hostname-mismatch"],
    ),
    fails("untrusted", web(at.untrusted), request(web(at.untrusted), "x509: certificate signed by unknown authority"), [
      "tls-unknown-ca",
    ]),
    fails("mutual", web(at.mutual), status(web(at.mutual), "400 Bad Request"), ["tls-client-certificate-required"]),
    fails("mutual-with", web(at.mutual), status(web(at.mutual), "400 Bad Request"), ["answers-now"], {
      flags: ["--registry-cert", client.cert, "--registry-key", client.key],
    }),
    fails("plain", web(at.plain), request(web(at.plain), "http: server gave HTTP response to HTTPS client"), [
      "http-response-to-https",
    ]),
    fails(
      "plain-agreed",
      web(at.plain),
      request(web(at.plain), "http: server gave HTTP response to HTTPS client"),
      ["http-response-to-https", "answers-now"],
      {
        flags: ["--plain-http", at.plain],
        certainty: "likely",
      },
    ),
    fails(
      "refused",
      web(at.closed),
      request(web(at.closed), `dial tcp 127.0.0.1:${ports.closed}: connect: connection refused`),
      ["connect-refused"],
    ),
    fails("limited", web(at.limited), status(web(at.limited), "429 Too Many Requests"), ["rate-limited"]),
    fails("broken", web(at.broken), status(web(at.broken), "503 Service Unavailable"), ["registry-server-error"]),
    fails("proxy-lets-through", basic, status(basic, "401 Unauthorized"), ["credentials-rejected"], {
      secrets: ["basic-bad"],
      env: { HTTPS_PROXY: proxied },
    }),
    // What the proxy of this machine says is not for certain what the node's says.
    fails("proxy-refuses", web(at.open), request(web(at.open), "Forbidden"), ["proxy-rejected"], {
      env: { HTTPS_PROXY: proxied },
      certainty: "likely",
    }),
    fails("mirror-dead", web(at.open), viaMirror, ["mirror-failed"], { flags: ["--hosts-dir", hostsDirectory] }),
    fails("mirror-then-registry", wrongTag, `${wrongTag}: not found`, ["manifest-not-found"], {
      flags: ["--hosts-dir", hostsDirectory],
    }),
  ];
}
