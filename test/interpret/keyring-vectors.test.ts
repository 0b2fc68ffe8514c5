import { describe, expect, test } from "vitest";
import type { SecretFacts } from "../../src/domain/cluster-facts.ts";
import type { Credential, PullSecret } from "../../src/domain/credential.ts";
import { lookupName } from "../../src/domain/image-reference.ts";
import { Redacted, reveal } from "../../src/domain/redacted.ts";
import { decodePullSecret } from "../../src/interpret/decode-pull-secret.ts";
import { lookUp, openKeyring } from "../../src/interpret/keyring.ts";
import { matchOpened, openSecrets } from "../../src/interpret/match-credentials.ts";
import { parseReference } from "../../src/interpret/parse-reference.ts";
import { parseSchemeless, splitHost } from "../../src/interpret/registry-key.ts";
import { usedAs } from "../../src/interpret/runtime-login.ts";
import vectors from "../vectors/keyring.json" with { type: "json" };

interface Login {
  readonly username?: string;
  readonly password?: string;
  readonly matched_key?: string;
  readonly key?: string;
  readonly secret?: string;
  readonly source?: string;
  readonly anonymous?: boolean;
}

interface VectorSecret {
  readonly name: string;
  readonly namespace?: string;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly glob?: string;
  readonly target?: string;
  readonly image?: string;
  readonly url?: string;
  readonly auth?: string;
  readonly dockerconfig?: unknown;
  readonly dockerconfig_format?: string;
  readonly unordered?: boolean;
  readonly secrets?: readonly VectorSecret[];
  readonly runtime?: string;
  readonly cri_auth?: Readonly<Record<string, string>>;
  readonly expect: {
    readonly error?: string | boolean | null;
    readonly matched?: boolean;
    readonly credentials?: readonly Login[];
    readonly entries?: readonly Login[] | null;
    readonly attempts?: readonly Login[];
    readonly [field: string]: unknown;
  };
}

const now = "2026-01-01T00:00:00Z";

function decode({ name, namespace = "ns", type, data }: VectorSecret): PullSecret {
  const sealed = Object.entries(data).map(
    ([key, payload]) => [key, new Redacted(Buffer.from(payload).toString("base64"))] as const,
  );
  const value: SecretFacts = { namespace, name, type, data: new Map(sealed) };
  return decodePullSecret(namespace, name, { kind: "found", value }, now);
}

/** The config of a vector as a Secret of the type that goes with its format. */
function secretOf({ dockerconfig, dockerconfig_format }: Vector): PullSecret {
  const legacy = dockerconfig_format === "dockercfg";
  const payload = typeof dockerconfig === "string" ? dockerconfig : JSON.stringify(dockerconfig);
  return decode({
    name: "s",
    type: `kubernetes.io/${legacy ? "dockercfg" : "dockerconfigjson"}`,
    data: { [legacy ? ".dockercfg" : ".dockerconfigjson"]: payload },
  });
}

function inVectorTerms(credential: Credential): Login {
  return {
    username: credential.username,
    password: reveal(credential.password),
    matched_key: credential.source.key,
    ...(credential.source.kind === "pull-secret" ? { secret: credential.source.secret } : {}),
  };
}

function withoutSecret({ username, password, matched_key }: Login): Login {
  return { username, password, matched_key } as Login;
}

/** Logins of the node itself are beyond what anybody can see from outside. */
function fromSecrets(logins: readonly Login[] = []): readonly Login[] {
  return logins
    .filter(({ source = "secret", anonymous }) => source === "secret" && anonymous !== true)
    .map(({ username, password, matched_key, secret }) => ({ username, password, matched_key, secret }) as Login);
}

const checks: Readonly<Record<string, (vector: Vector) => void>> = {
  urls_match: ({ glob = "", target = "", expect: wanted }) => {
    const keyring = openKeyring([{ source: { key: glob } }]);
    expect(lookUp(keyring, target).length > 0).toBe(wanted.matched);
  },
  parse_schemeless_url: ({ url = "", expect: wanted }) => {
    const parsed = parseSchemeless(url);
    if (wanted.error !== false) expect(parsed).toBeUndefined();
    else expect({ error: false, ...parsed, ...splitHost(parsed?.host ?? "") }).toEqual(wanted);
  },
  is_default_registry: ({ image = "", expect: wanted }) => {
    const keyring = openKeyring([{ source: { key: "https://index.docker.io/v1/" } }]);
    expect(lookUp(keyring, image).length > 0).toBe(wanted.matched);
  },
  lookup_name: ({ image = "", expect: wanted }) => {
    const parsed = parseReference(image);
    expect(parsed.kind).toBe("valid");
    if (parsed.kind === "invalid") return;
    const { tag = "", digest = "" } = parsed.reference;
    expect({ lookup: lookupName(parsed.reference), tag, digest }).toEqual(wanted);
  },
  keyring_lookup: (vector) => {
    const found = lookUp(openKeyring(secretOf(vector).credentials), vector.image ?? "").map(inVectorTerms);
    const [got, wanted] = [found.map(withoutSecret), (vector.expect.credentials ?? []).map(withoutSecret)];
    expect(got.length > 0).toBe(vector.expect.matched);
    if (vector.unordered === true) {
      expect(got.length).toBe(wanted.length);
      expect(got).toEqual(expect.arrayContaining(wanted as Login[]));
    } else expect(got).toEqual(wanted);
  },
  config_decode: (vector) => {
    const secret = secretOf(vector);
    expect(secret.state).toBe(vector.expect.error === null ? "decoded" : "malformed");
    const got = secret.credentials.map(inVectorTerms).map(({ username, password, matched_key }) => ({
      key: matched_key,
      username,
      password,
    }));
    const wanted = (vector.expect.entries ?? []).map(({ key, username, password }) => ({ key, username, password }));
    expect(got).toEqual(wanted);
  },
  auth_field: ({ auth = "", expect: wanted }) => {
    const data = { ".dockerconfigjson": JSON.stringify({ auths: { "registry.example.com": { auth } } }) };
    const { state, credentials } = decode({ name: "s", type: "kubernetes.io/dockerconfigjson", data });
    expect(state === "malformed").toBe(wanted.error);
    if (wanted.error === true) return;
    const { username, password } = wanted;
    expect(credentials.map(inVectorTerms)).toMatchObject([{ username, password }]);
  },
  secrets_keyring: ({ secrets = [], image = "", expect: wanted }) => {
    const opened = openSecrets(secrets.map(decode));
    expect(opened.blockedBy !== undefined).toBe(wanted.error !== null);
    if (opened.blockedBy !== undefined) return;
    expect(lookUp(opened.keyring, image).map(inVectorTerms)).toEqual(fromSecrets(wanted.credentials));
  },
  pull_sequence: ({ secrets = [], image = "", expect: wanted }) => {
    const parsed = parseReference(image);
    expect(parsed.kind === "valid" ? lookupName(parsed.reference) : null).toBe(wanted["lookup"]);
    expect(parsed.kind === "valid").toBe(wanted["image_sent_to_cri"] !== null);
    const opened = openSecrets(secrets.map(decode));
    const found = parsed.kind === "valid" ? matchOpened(parsed.reference, opened).candidates : [];
    expect(found.map(inVectorTerms)).toEqual(fromSecrets(wanted.attempts));
  },
  cri_parse_auth: ({ cri_auth = {}, runtime = "", expect: wanted }) => {
    const { username = "", password = "", ...more } = cri_auth;
    // The kubelet fills in nothing else.
    if (Object.keys(more).length > 0) return;
    const used = usedAs({ username, hasPassword: password !== "" }, runtime);
    if (runtime === "cri-o") expect(used === undefined).toBe(wanted["used"]);
    else expect(used === undefined ? password : "").toBe(wanted["secret"]);
  },
};

describe("the keyring vectors", () => {
  for (const vector of vectors.cases as unknown as readonly Vector[]) {
    const check = checks[vector.kind];
    if (check === undefined) continue;
    test(`${vector.id}: ${vector.name.slice(0, 90)}`, () => check(vector));
  }

  test("the file holds what it is meant to hold", () => {
    expect(vectors.cases.filter(({ kind }) => kind in checks).length).toBeGreaterThan(200);
  });
});
