import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SecretFacts } from "../../src/domain/cluster-facts.ts";
import type { PullSecret, SecretFault } from "../../src/domain/credential.ts";
import type { Read } from "../../src/domain/read.ts";
import { Redacted, reveal } from "../../src/domain/redacted.ts";
import { decodeDockerConfigFile, decodePullSecret } from "../../src/interpret/decode-pull-secret.ts";
import { cpuTime } from "../support/cpu-time.ts";

const now = "2026-11-25T12:00:00Z";
const json = "kubernetes.io/dockerconfigjson";

function base64(text: string | Uint8Array): string {
  return Buffer.from(text).toString("base64");
}

function secretWith(
  data: Readonly<Record<string, string>>,
  type = json,
  changedAt = "2026-11-25T11:00:00Z",
): PullSecret {
  const sealed = Object.entries(data).map(([key, encoded]) => [key, new Redacted(encoded)] as const);
  const value: SecretFacts = { namespace: "shop", name: "regcred", type, data: new Map(sealed), changedAt };
  return decodePullSecret("shop", "regcred", { kind: "found", value }, now);
}

/** A dockerconfigjson Secret with this payload: an object, or text as it is. */
function decode(payload: unknown, changedAt?: string): PullSecret {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  return secretWith({ ".dockerconfigjson": base64(text) }, json, changedAt);
}

/** One entry for `host`. */
function entry(fields: unknown, host = "registry.example.com", changedAt?: string): PullSecret {
  return decode({ auths: { [host]: fields } }, changedAt);
}

function user(username: string, password: string, host?: string, changedAt?: string): PullSecret {
  return entry({ username, password }, host, changedAt);
}

function jwt(claims: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmF0dXJl`;
}

function ecrPassword(expiration?: number): string {
  return base64(JSON.stringify({ payload: "x", datakey: "y", version: "2", type: "DATA_KEY", expiration }));
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}

const serviceAccountKey = JSON.stringify({ type: "service_account", private_key: "-----BEGIN", client_email: "a@b" });
const ecr = "111111111111.dkr.ecr.eu-west-1.amazonaws.com";

/** A finding, an example that has it, the place it names, and a near miss that has not. */
const rows: readonly {
  readonly code: SecretFault["code"];
  readonly effect: SecretFault["effect"];
  readonly state?: PullSecret["state"];
  readonly example: () => PullSecret;
  readonly where: string;
  readonly says?: string;
  readonly nearMiss: () => PullSecret;
}[] = [
  {
    code: "wrong-type",
    effect: "ignored",
    state: "ignored",
    example: () => secretWith({ ".dockerconfigjson": base64('{"auths":{"ghcr.io":{}}}') }, "Opaque"),
    where: "type",
    says: "Opaque",
    nearMiss: () => user("ci", "x"),
  },
  {
    code: "wrong-key",
    effect: "ignored",
    state: "ignored",
    example: () => secretWith({ ".dockercfg": base64("{}") }),
    where: "data",
    says: '".dockercfg"',
    nearMiss: () => secretWith({ ".dockercfg": base64('{"ghcr.io":{"auth":"YTpi"}}') }, "kubernetes.io/dockercfg"),
  },
  {
    code: "empty-payload",
    effect: "ignored",
    state: "ignored",
    example: () => secretWith({ ".dockerconfigjson": "" }),
    where: ".dockerconfigjson",
    nearMiss: () => decode("{}"),
  },
  {
    code: "not-base64",
    effect: "blocks",
    state: "malformed",
    example: () => secretWith({ ".dockerconfigjson": '{"auths":{}}' }),
    where: ".dockerconfigjson",
    nearMiss: () => secretWith({ ".dockerconfigjson": "eyJhdXRo\ncyI6e319" }),
  },
  {
    code: "not-utf8",
    effect: "suspicious",
    state: "decoded",
    example: () =>
      secretWith({
        ".dockerconfigjson": base64(Buffer.from('{"auths":{"ghcr.io":{"auth":"YTpi","email":"\xe4"}}}', "latin1")),
      }),
    where: ".dockerconfigjson",
    nearMiss: () => entry({ auth: "YTpi", email: "ä" }),
  },
  {
    code: "too-large",
    effect: "ignored",
    state: "unreadable",
    example: () => secretWith({ ".dockerconfigjson": "A".repeat(4_000_000) }),
    where: ".dockerconfigjson",
    nearMiss: () => decode({ auths: {}, more: "A".repeat(500_000) }),
  },
  {
    code: "too-deep",
    effect: "blocks",
    state: "malformed",
    example: () => decode(`{"auths":{},"x":${"[".repeat(10_000)}${"]".repeat(10_000)}}`),
    where: ".dockerconfigjson, line 1",
    nearMiss: () => decode(`{"auths":{},"x":${"[".repeat(9_999)}${"]".repeat(9_999)}}`),
  },
  ...[
    ["auths:\n  ghcr.io: {}\n", "YAML"],
    [base64('{"auths":{}}'), "encoded twice"],
    ['{"auths":{"ghcr.io":{"auth":"YTpi"}}', "ends in the middle"],
    ['{"auths":{}}\n}', "follows the end"],
    ['{"auths":{},}', "comma"],
    ["{'auths':{}}", "single quotes"],
    ['{"auths":{}, # mine\n}', "comment"],
    ["'{\"auths\":{}}'", "quote of a shell"],
    ["   ", "white space"],
    ["$DOCKER_CONFIG_JSON", "variable"],
  ].map(
    ([payload = "", says = ""]) =>
      ({
        code: "not-json",
        effect: "blocks",
        state: "malformed",
        example: () => decode(payload),
        where: ".dockerconfigjson, line ",
        says,
        nearMiss: () => decode('\n{ "auths": {} }\r\n\t'),
      }) as const,
  ),
  {
    code: "byte-order-mark",
    effect: "blocks",
    state: "malformed",
    example: () => decode('\ufeff{"auths":{}}'),
    where: ".dockerconfigjson, line 1, column 1",
    nearMiss: () => decode('{"auths":{}}'),
  },
  {
    code: "not-an-object",
    effect: "blocks",
    state: "malformed",
    example: () => decode("[]"),
    where: ".dockerconfigjson",
    nearMiss: () => decode("null"),
  },
  {
    code: "not-an-object",
    effect: "blocks",
    state: "malformed",
    example: () => decode({ auths: [] }),
    where: "auths",
    nearMiss: () => decode({ auths: null }),
  },
  {
    code: "auths-absent",
    effect: "ignored",
    state: "decoded",
    example: () => decode({ "ghcr.io": { username: "a", password: "b" } }),
    where: ".dockerconfigjson",
    says: "legacy",
    nearMiss: () => decode({ AUTHS: { "ghcr.io": { username: "a", password: "b" } } }),
  },
  {
    code: "auths-empty",
    effect: "ignored",
    state: "decoded",
    example: () => decode({ auths: {} }),
    where: "auths",
    nearMiss: () => user("ci", "x"),
  },
  {
    code: "credential-store",
    effect: "ignored",
    state: "decoded",
    example: () => decode({ auths: { "ghcr.io": {} }, credsStore: "desktop" }),
    where: "credsStore",
    nearMiss: () => decode({ auths: { "ghcr.io": { auth: "YTpi" } }, credsStore: "", credHelpers: {} }),
  },
  {
    code: "credential-store",
    effect: "ignored",
    state: "decoded",
    example: () => decode({ credHelpers: { "123456789012.dkr.ecr.eu-west-1.amazonaws.com": "ecr-login" } }),
    where: "credsStore",
    nearMiss: () => decode({ auths: { "ghcr.io": { auth: "YTpi" } }, credHelpers: null }),
  },
  {
    code: "entry-not-an-object",
    effect: "blocks",
    state: "malformed",
    example: () => entry("dXNlcjpwYXNz"),
    where: 'auths["registry.example.com"]',
    nearMiss: () => entry(null),
  },
  {
    code: "field-not-text",
    effect: "blocks",
    state: "malformed",
    example: () => entry({ username: "ci", password: 12345 }),
    where: 'auths["registry.example.com"].password',
    nearMiss: () => entry({ username: "ci", password: "12345", serveraddress: 1 }),
  },
  ...(
    [
      ["ci:hunter2", "in the clear"],
      [" Y2k6aHVudGVyMg==", "spaces"],
      ["Y2k6aHVudGVyMg= =", "spaces"],
      ["Y2k6_-8", "alphabet of URLs"],
      ["Y2k6aHVudGVyMg=", "padding"],
      ["Y2k6aHVudGVyM", "padding"],
      ["Y2k6aHVu%", "characters"],
    ] as const
  ).map(
    ([auth, says]) =>
      ({
        code: "auth-not-base64",
        effect: "blocks",
        state: "malformed",
        example: () => entry({ auth }),
        where: 'auths["registry.example.com"].auth',
        says,
        nearMiss: () => entry({ auth: "Y2k6aHVu\r\ndGVyMg" }),
      }) as const,
  ),
  {
    code: "auth-without-colon",
    effect: "blocks",
    state: "malformed",
    example: () => entry({ auth: base64(base64("ci:hunter2")) }),
    where: 'auths["registry.example.com"].auth',
    says: "encoded twice",
    nearMiss: () => entry({ auth: base64(`ci:${base64("hunter2")}`) }),
  },
  {
    code: "auth-without-colon",
    effect: "blocks",
    state: "malformed",
    example: () => entry({ auth: base64("hunter2") }),
    where: 'auths["registry.example.com"].auth',
    nearMiss: () => entry({ auth: base64("ci:hun:ter2") }),
  },
  {
    code: "auth-disagrees",
    effect: "suspicious",
    state: "decoded",
    example: () => entry({ username: "ci", password: "old", auth: base64("ci:hunter2") }),
    where: 'auths["registry.example.com"].auth',
    nearMiss: () => entry({ username: "ci", password: "hunter2", auth: base64("ci:hunter2") }),
  },
  {
    code: "no-login-in-entry",
    effect: "suspicious",
    state: "decoded",
    example: () => entry({}),
    where: 'auths["registry.example.com"]',
    nearMiss: () => user("ci", "x"),
  },
  {
    code: "empty-username",
    effect: "suspicious",
    example: () => entry({ auth: base64(":hunter2") }),
    where: 'auths["registry.example.com"].auth',
    nearMiss: () => user("ci", "x"),
  },
  {
    code: "empty-password",
    effect: "suspicious",
    example: () => user("ci", ""),
    where: 'auths["registry.example.com"].password',
    nearMiss: () => user("ci", "x"),
  },
  {
    code: "surrounding-space",
    effect: "suspicious",
    example: () => entry({ auth: base64("ci:hunter2\n") }),
    where: 'auths["registry.example.com"].auth',
    says: "line break",
    nearMiss: () => entry({ auth: `${base64("ci:hunter2")}\n` }),
  },
  {
    code: "surrounding-space",
    effect: "suspicious",
    example: () => user(" ci", "hunter2"),
    where: 'auths["registry.example.com"].username',
    says: "user name starts",
    nearMiss: () => user("ci", "hunter 2"),
  },
  {
    code: "surrounding-space",
    effect: "suspicious",
    example: () => entry({ auth: base64("ci:hunter2 ") }),
    where: ".auth",
    says: "ends with white space",
    nearMiss: () => entry({ auth: base64("ci:hunter 2") }),
  },
  {
    code: "unexpanded-variable",
    effect: "suspicious",
    example: () => user("ci", "***"),
    where: ".password",
    says: "mask",
    nearMiss: () => user("ci", "*hidden*"),
  },
  {
    code: "byte-order-mark",
    effect: "suspicious",
    example: () => user("ci", "\ufeffhunter2"),
    where: 'auths["registry.example.com"].password',
    nearMiss: () => user("ci", "hunter2"),
  },
  {
    code: "literal-quotes",
    effect: "suspicious",
    example: () => user("ci", '"hunter2"'),
    where: 'auths["registry.example.com"].password',
    nearMiss: () => user("ci", 'hun"ter"2'),
  },
  {
    code: "unexpanded-variable",
    effect: "suspicious",
    example: () => user("ci", "$(REGISTRY_PASSWORD)"),
    where: 'auths["registry.example.com"].password',
    nearMiss: () => user("ci", "pa$$(word)"),
  },
  {
    code: "unexpanded-variable",
    effect: "suspicious",
    example: () => user("$REGISTRY_USER", "x"),
    where: 'auths["registry.example.com"].username',
    nearMiss: () => user("$oauthtoken", "x", "nvcr.io"),
  },
  {
    code: "duplicate-key",
    effect: "suspicious",
    state: "decoded",
    example: () => decode('{"auths":{"ghcr.io":{"auth":"YTpi"},"ghcr.io":{"auth":"YTpj"}}}'),
    where: 'auths["ghcr.io"]',
    nearMiss: () => decode('{"auths":{"ghcr.io":{"auth":"YTpi"},"GHCR.io":{"auth":"YTpj"}}}'),
  },
  {
    code: "duplicate-key",
    effect: "suspicious",
    example: () => decode('{"auths":{"ghcr.io":{"username":"a","Username":"b","password":"x"}}}'),
    where: 'auths["ghcr.io"].username',
    nearMiss: () => user("ci", "x"),
  },
  {
    code: "identity-token-ignored",
    effect: "ignored",
    example: () => entry({ username: "00000000-0000-0000-0000-000000000000", identitytoken: "hunter2" }),
    where: 'auths["registry.example.com"].identitytoken',
    nearMiss: () => entry({ username: "ci", password: "x", identitytoken: "" }),
  },
  ...(
    [
      ["ci", ecr, "AWS"],
      ["ci", "public.ecr.aws", "AWS"],
      ["ci", "europe-docker.pkg.dev", "_json_key"],
      ["", "nvcr.io", ""],
      ["oauthtoken", "nvcr.io", "$oauthtoken"],
      ["robot", "harbor.example.com", "robot$NAME"],
      ["me@example.com", "https://index.docker.io/v1/", "Docker ID"],
      ["jsonkey", "gcr.io", "oauth2accesstoken"],
      ["AWS", "ghcr.io", "Amazon ECR"],
      ["_json_key", "quay.io", "Google Artifact Registry"],
      ["$oauthtoken", "ghcr.io", "NVIDIA NGC"],
      ["00000000-0000-0000-0000-00000000000", "demo.azurecr.io", "not quite"],
    ] as const
  )
    .filter(([username]) => username !== "")
    .map(
      ([username, host, says]) =>
        ({
          code: "username-convention",
          effect: "suspicious",
          example: () => user(username, "hunter2", host),
          where: ".username",
          says,
          nearMiss: () =>
            decode({
              auths: {
                [ecr]: { username: "AWS", password: ecrPassword(seconds("2026-11-26T00:00:00Z")) },
                "europe-docker.pkg.dev": { username: "_json_key", password: serviceAccountKey },
                "nvcr.io": { username: "$oauthtoken", password: "x" },
                "harbor.example.com": { username: "robot$ci", password: "x" },
                "demo.azurecr.io": { username: "00000000-0000-0000-0000-000000000000", password: jwt({}) },
                "mirror.example.com": { username: "AWS", password: ecrPassword(seconds("2026-11-26T00:00:00Z")) },
                "https://index.docker.io/v1/": { username: "me", password: "x" },
                "registry.example.com": { username: "robotnik", password: "x" },
              },
            }),
        }) as const,
    ),
  {
    code: "password-shape",
    effect: "suspicious",
    example: () => user("AWS", "hunter2", ecr),
    where: ".password",
    says: "get-login-password",
    nearMiss: () => user("AWS", ecrPassword(seconds("2026-11-26T00:00:00Z")), ecr),
  },
  {
    code: "password-shape",
    effect: "suspicious",
    example: () => user("ci", `github_pat_${"a".repeat(40)}`, "ghcr.io"),
    where: ".password",
    says: "classic",
    nearMiss: () => user("ci", `ghp_${"a".repeat(36)}`, "ghcr.io"),
  },
  {
    code: "password-shape",
    effect: "suspicious",
    example: () => user("00000000-0000-0000-0000-000000000000", "hunter2", "demo.azurecr.io"),
    where: ".password",
    says: "refresh token",
    nearMiss: () => user("00000000-0000-0000-0000-000000000000", jwt({}), "demo.azurecr.io"),
  },
  {
    code: "password-shape",
    effect: "suspicious",
    example: () => user("AWS", "AKIAIOSFODNN7EXAMPLE", ecr),
    where: ".password",
    says: "name of a key",
    nearMiss: () => user("ci", "ASKIA", "ghcr.io"),
  },
  {
    code: "json-key-damaged",
    effect: "suspicious",
    example: () => user("_json_key", serviceAccountKey.replaceAll('"', ""), "gcr.io"),
    where: ".password",
    says: "not JSON",
    nearMiss: () => user("_json_key_base64", base64(serviceAccountKey), "gcr.io"),
  },
  ...[
    "HTTPS://ghcr.io",
    "oci://ghcr.io",
    "ghcr.io ",
    "ghcr .io",
    "ghcr.io:http",
    "//ghcr.io",
    "ghcr.io/*",
    "[fc00::1]",
    "https://index.docker.io/v1",
    "ghcr.io/Org",
    "ghcr.io/org/app:1.4",
    "ghcr.io/org app",
    "ghcr..io",
    "",
  ].map(
    (key) =>
      ({
        code: "key-never-matches",
        effect: "ignored",
        example: () => entry({ username: "a", password: "b" }, key),
        where: `the key "${key}"`,
        nearMiss: () =>
          decode({
            auths: Object.fromEntries(
              [
                "http://ghcr.io/v2/",
                "*.example.com:5000/team",
                "[fc00::1]:5000",
                "https://index.docker.io/v1/",
                "GHCR.io",
                "ghcr.io/v1",
              ].map((good) => [good, { username: "a", password: "b" }]),
            ),
          }),
      }) as const,
  ),
  {
    code: "expired",
    effect: "suspicious",
    example: () => user("AWS", ecrPassword(seconds("2026-11-22T12:00:00Z")), ecr),
    where: ".password",
    says: "3 days ago",
    nearMiss: () => user("AWS", ecrPassword(seconds("2026-11-25T11:58:00Z")), ecr),
  },
  {
    code: "expired",
    effect: "suspicious",
    example: () => user("AWS", ecrPassword(), ecr, "2026-11-24T12:00:00Z"),
    where: ".password",
    says: "1 day ago",
    nearMiss: () => user("AWS", ecrPassword(), ecr, "2026-11-25T02:00:00Z"),
  },
  {
    code: "expired",
    effect: "suspicious",
    example: () => user("ci", jwt({ exp: String(seconds("2026-11-25T09:30:00Z")) })),
    where: ".password",
    says: "2 hours ago",
    nearMiss: () => user("ci", jwt({ exp: seconds("2027-01-01T00:00:00Z") + 0.5 })),
  },
  {
    code: "expired",
    effect: "suspicious",
    example: () => user("oauth2accesstoken", "ya29.abc", "gcr.io", "2026-11-25T09:00:00Z"),
    where: ".password",
    says: "1 hour at most",
    nearMiss: () => user("oauth2accesstoken", "ya29.abc", "gcr.io", "2026-11-25T11:30:00Z"),
  },
];

describe("the linter", () => {
  for (const [at, row] of rows.entries()) {
    test(`${row.code} (${at}): ${row.says ?? row.where}`, () => {
      const secret = row.example();
      const faults = secret.faults.filter(({ code }) => code === row.code);
      expect(secret.faults.map(({ code }) => code)).toContain(row.code);
      expect(faults[0]?.effect).toBe(row.effect);
      expect(faults.map(({ where }) => where).join("\n")).toContain(row.where);
      if (row.says !== undefined) expect(faults.map(({ text }) => text).join("\n")).toContain(row.says);
      if (row.state !== undefined) expect(secret.state).toBe(row.state);
      if (row.effect === "blocks") expect(secret.credentials).toEqual([]);
    });

    test(`${row.code} (${at}): a near miss is not taken for it`, () => {
      const found = row.nearMiss().faults.filter(({ code, where }) => code === row.code && !where.startsWith("type"));
      expect(found).toEqual([]);
    });
  }

  test("says what would repair a payload, only where that is plain", () => {
    const repairs = (payload: Parameters<typeof decode>[0]) => decode(payload).faults.map(({ repair }) => repair);
    expect(repairs(base64('{"auths":{}}'))).toEqual(["decode-again"]);
    expect(repairs({ "ghcr.io": { auth: "YTpi" } })).toEqual(["wrap-in-auths"]);
    expect(repairs({ "ghcr.io": { auth: "YTpi" }, HttpHeaders: {} })).toEqual([undefined]);
    expect(repairs({ "ghcr.io": "x" })).toEqual([undefined]);
    expect(repairs("nothing")).toEqual([undefined]);
  });

  test("a clean Secret has nothing to say", () => {
    expect(user("ci", "hunter2").faults).toEqual([]);
    expect(user("robot$ci", "hunter2").credentials[0]?.shape).toBe("Harbor robot account");
  });

  test("shows nothing of passwords, tokens and payloads, in whatever way it is printed", () => {
    const secret = "Tr0ub4dor";
    const shown = [
      user("ci", `${secret}\n`),
      user("ci", `"${secret}"`),
      user("AWS", secret, ecr),
      user("_json_key", secret, "gcr.io"),
      user("ci", jwt({ exp: 1, sub: secret })),
      user("ci", `ghs_${secret}`),
      entry({ auth: secret }),
      entry({ auth: base64(secret) }),
      entry(secret),
      entry({ username: "ci", identitytoken: secret }),
      decode(`{"auths": {"ghcr.io": {"auth": "${secret}`),
      decode(secret),
      decode(base64(secret)),
      decode({ auths: secret }),
      secretWith({ ".dockerconfigjson": `!${secret}` }),
    ];
    for (const one of shown) {
      const printed = JSON.stringify(one) + inspect(one, { depth: 20, showHidden: true });
      expect(printed).not.toContain(secret);
      expect(printed).not.toContain(base64(secret).slice(0, 10));
    }
  });

  test("findings about one Secret are few, and what blocks is among them", () => {
    const auths = Object.fromEntries(
      Array.from({ length: 5000 }, (_, at) => [`h${at}.example.com`, { auth: at === 4999 ? "%" : undefined }]),
    );
    const secret = decode({ auths });
    expect(secret.faults.length).toBeLessThan(100);
    expect(secret.faults.some(({ effect }) => effect === "blocks")).toBe(true);
    expect(secret.state).toBe("malformed");
  });
});

describe("decodePullSecret", () => {
  const reads: readonly (readonly [Read<SecretFacts>, PullSecret["state"]])[] = [
    [{ kind: "absent" }, "missing"],
    [{ kind: "forbidden", verb: "get", resource: "secrets", namespace: "shop" }, "forbidden"],
    [{ kind: "failed", why: "timed out" }, "unreadable"],
    [{ kind: "unasked", why: "not needed" }, "unreadable"],
  ];
  for (const [read, state] of reads) {
    test(`a read that is ${read.kind} is a Secret that is ${state}`, () => {
      expect(decodePullSecret("shop", "regcred", read, now)).toEqual({
        namespace: "shop",
        name: "regcred",
        state,
        keys: [],
        credentials: [],
        faults: [],
      });
    });
  }

  test("later duplicates win, null leaves a field as it is, and a null map empties what was there", () => {
    const login = (payload: string): unknown =>
      decode(payload).credentials.map(({ username, password }) => [username, reveal(password)]);
    expect(login('{"auths":{"h.io":{"auth":"YTpi"},"h.io":{"auth":"YTpj"}}}')).toEqual([["a", "c"]]);
    expect(login('{"auths":{"h.io":{"username":"a","username":null,"password":"b"}}}')).toEqual([["a", "b"]]);
    expect(login('{"auths":{"h.io":{"auth":"YTpi"}},"Auths":{"i.io":{"auth":"YTpj"}}}')).toEqual([
      ["a", "b"],
      ["a", "c"],
    ]);
    expect(login('{"auths":{"h.io":{"auth":"YTpi"}},"auths":null}')).toEqual([]);
    expect(login('{"auth\u017f":{"h.io":{"auth":"YTpi"}}}')).toEqual([["a", "b"]]);
  });

  test("keys of JavaScript's own objects are keys like others", () => {
    const secret = decode(
      '{"auths":{"__proto__":{"auth":"YTpi"},"constructor":{"auth":"YTpi"}},"__proto__":{"auths":1}}',
    );
    expect(secret.keys).toEqual(["__proto__", "constructor"]);
    expect(Object.prototype).not.toHaveProperty("auth");
  });

  test("the keys of a Secret of the wrong type are known, its logins are not used", () => {
    const secret = secretWith({ "config.json": base64('{"auths":{"ghcr.io":{"auth":"YTpi"}}}') }, "Opaque");
    expect(secret).toMatchObject({ state: "ignored", keys: ["ghcr.io"], credentials: [] });
  });

  test("reads when a login ends, and what it is", () => {
    expect(user("AWS", ecrPassword(seconds("2026-11-22T12:00:00Z")), ecr).credentials[0]).toMatchObject({
      expiresAt: "2026-11-22T12:00:00.000Z",
      shape: "ECR password",
    });
    expect(user("ci", jwt({ exp: 2 ** 60 })).credentials[0]).not.toHaveProperty("expiresAt");
    expect(user("ci", jwt({})).credentials[0]).not.toHaveProperty("expiresAt");
    expect(user("ci", "eyJhbGciOi.x.y").credentials[0]).not.toHaveProperty("shape");
    expect(user("ci", `ghp_${"a".repeat(36)}`).credentials[0]?.shape).toBe("GitHub personal access token");
  });

  const hostile: readonly (readonly [string, () => string])[] = [
    ["a megabyte of open brackets", () => "[".repeat(1_000_000)],
    ["a megabyte of open objects", () => '{"a":'.repeat(200_000)],
    ["a million entries", () => `{"auths":{${Array.from({ length: 90_000 }, (_, at) => `"h${at}":{}`).join(",")}}}`],
    ["one entry many times", () => `{"auths":{${'"h":{"auth":"%"},'.repeat(60_000)}"h":{}}}`],
    ["a field many times", () => `{"auths":{"h":{${'"auth":"YTpi",'.repeat(70_000)}"x":1}}}`],
    ["a long key", () => `{"auths":{"${"a".repeat(1_000_000)}":{}}}`],
    ["a long password", () => `{"auths":{"h":{"username":"u","password":"${" ".repeat(1_000_000)}"}}}`],
    ["a long token", () => `{"auths":{"h":{"username":"u","password":"eyJ${".".repeat(1_000_000)}"}}}`],
    ["a long quotation", () => `{"auths":{"h":{"username":"u","password":"'${"'".repeat(1_000_000)}"}}}`],
    ["a long auth", () => `{"auths":{"h":{"auth":"${"A".repeat(1_000_000)}"}}}`],
    ["line breaks", () => `{${"\n".repeat(1_000_000)}`],
    ["escapes", () => `{"${"\\u0041".repeat(150_000)}":1}`],
    ["NULs", () => "\0".repeat(1_000_000)],
  ];
  for (const [name, payload] of hostile) {
    test(`takes its time in proportion: ${name}`, () => {
      const encoded = base64(payload());
      const started = cpuTime();
      const secret = secretWith({ ".dockerconfigjson": encoded });
      expect(cpuTime() - started).toBeLessThan(3_000);
      expect(["decoded", "malformed"]).toContain(secret.state);
      expect(JSON.stringify(secret.faults).length).toBeLessThan(60_000);
      expect(secret.keys.length).toBeLessThanOrEqual(50);
      expect(secret.keys.every((key) => key.length <= 200)).toBe(true);
    });
  }

  test("never throws, whatever the payload is", () => {
    const piece = fc.constantFrom(
      '{"auths":{',
      '"ghcr.io":',
      '{"auth":"YTpi"}',
      '{"username":"a"',
      "}",
      "]",
      "[",
      ",",
      '"',
      ":",
      "null",
      "1e5",
      "\\u00",
      "\ufeff",
      "\n",
      "tru",
    );
    const payloads = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(piece, { maxLength: 12 }).map((all) => Buffer.from(all.join(""))),
      fc.json().map((text) => Buffer.from(`{"auths":${text}}`)),
    );
    fc.assert(
      fc.property(payloads, fc.constantFrom(json, "kubernetes.io/dockercfg", "Opaque"), (payload, type) => {
        const encoded = base64(payload);
        const secret = secretWith({ ".dockerconfigjson": encoded, ".dockercfg": encoded }, type);
        expect(["decoded", "malformed", "ignored"]).toContain(secret.state);
        expect(secret.state === "malformed").toBe(secret.faults.some(({ effect }) => effect === "blocks"));
        for (const { password } of secret.credentials) expect(password).toBeInstanceOf(Redacted);
      }),
      { numRuns: 3000 },
    );
  });

  test("agrees with JSON.parse on what is JSON", () => {
    const texts = fc.oneof(
      fc.json(),
      fc
        .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", "]", '"', "\\", "0", "\n", "\u0000", "-", "e"))
        .map(([text, at, put]) => {
          const where = at % (text.length + 1);
          return text.slice(0, where) + put + text.slice(where + (at % 2));
        }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const codes = decode(`{"auths":{},"x":${text}}`).faults.map(({ code }) => code);
        let wrapped = true;
        try {
          JSON.parse(`{"auths":{},"x":${text}}`);
        } catch {
          wrapped = false;
        }
        expect(codes.includes("not-json")).toBe(!wrapped);
        if (valid) expect(wrapped).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("a docker config file", () => {
  test("is read by the same rules, and its identity tokens count", () => {
    const text = JSON.stringify({
      auths: { "demo.azurecr.io": { username: "00000000-0000-0000-0000-000000000000", identitytoken: "hunter2" } },
    });
    const { credentials, faults } = decodeDockerConfigFile("config.json", new Redacted(text), now);
    expect(credentials).toMatchObject([
      {
        source: { kind: "docker-config", file: "config.json", key: "demo.azurecr.io" },
        username: "00000000-0000-0000-0000-000000000000",
      },
    ]);
    expect(credentials[0]?.identityToken?.equals(new Redacted("hunter2"))).toBe(true);
    expect(faults).toEqual([]);
  });

  test("says that it leaves its logins to a credential store, which is not asked", () => {
    const { credentials, faults } = decodeDockerConfigFile(
      "config.json",
      new Redacted('{"auths":{},"credsStore":"desktop"}'),
      now,
    );
    expect(credentials).toEqual([]);
    expect(faults.map(({ code }) => code)).toContain("credential-store");
  });

  test("that is no JSON is a finding with its line", () => {
    const { faults } = decodeDockerConfigFile("config.json", new Redacted('{\n"auths": {\n'), now);
    expect(faults).toMatchObject([{ code: "not-json", where: "config.json, line 3, column 1" }]);
  });
});
