import { describe, expect, test } from "vitest";
import { anonymous, type Identity, type Question } from "../../src/domain/probe.ts";
import { dialectOf } from "../../src/knowledge/registries/dialect-of.ts";
import { askManifest } from "../../src/probe/ask-manifest.ts";
import { bearerAuthorization, loginOf } from "../../src/probe/authorize.ts";
import { Memory } from "../../src/probe/memory.ts";
import type { Challenge } from "../../src/probe/parse-challenge.ts";
import { originOf, sanitizedUrl } from "../../src/probe/registry-url.ts";
import { requestToken } from "../../src/probe/request-token.ts";
import { Session } from "../../src/probe/session.ts";
import { challengedScopes, tokenScopes } from "../../src/probe/token-scope.ts";
import { identityToken, login } from "./support/asking.ts";
import { ScriptedPlaces, type SentRequest, type ServerRule } from "./support/scripted-places.ts";
import { vectors } from "./support/vectors.ts";

interface Credentials {
  readonly username: string;
  readonly secret: string;
}

function identityOf({ username, secret }: Credentials): Identity {
  if (secret === "") return anonymous;
  return username === "" ? identityToken(secret) : login(username, secret);
}

function sessionOf(question: Question, places: ScriptedPlaces, realm: string): Session {
  const trustedRealms = new Set([realm]);
  const settings = {
    network: places,
    memory: new Memory(),
    userAgent: "test",
    plainHttp: new Set<string>(),
    trustedRealms,
  };
  return new Session(question, settings, performance.now() + 5_000);
}

interface ExchangeVector extends Credentials {
  readonly challenge: Readonly<Record<string, string>>;
  readonly context_scopes: readonly string[];
  readonly server: Readonly<Record<"GET" | "POST", { readonly status: number; readonly body: string } | null>>;
  readonly expect: {
    readonly requests: readonly (SentRequest & { readonly query?: Readonly<Record<string, readonly string[]>> })[];
    readonly error: string | null;
    readonly authorization_header?: string | null;
  };
}

describe("token exchanges as containerd makes them", () => {
  test.each(vectors<ExchangeVector>("containerd_token_exchange"))("$id: $name", async (vector) => {
    const { challenge, server, expect: wanted } = vector;
    const rules = (["GET", "POST"] as const).map(
      (method): ServerRule => ({ when: { method }, reply: server[method] ?? { status: 599 } }),
    );
    const places = new ScriptedPlaces(rules);
    const realm = challenge["realm"] ?? "";
    const reference = { text: "", registry: "registry.test", repository: "library/nginx", tag: "latest" };
    const as = identityOf(vector);
    const session = sessionOf({ kind: "manifest", reference, as }, places, new URL(realm).host);
    const parsed: Challenge = { scheme: "bearer", parameters: new Map(Object.entries(challenge)) };
    const result = await requestToken(
      {
        trip: session.trip,
        policy: session.policy,
        dialect: dialectOf("registry.test"),
        userAgent: "test",
        from: "public",
        base: session.pingUrl.href,
        getOnly: new Set(),
        pause: async () => undefined,
        runtime: "containerd",
      },
      {
        realm,
        service: challenge["service"],
        scopes: tokenScopes(vector.context_scopes, challengedScopes(parsed)),
        login: loginOf(as),
        step: "token",
      },
    );
    expect(places.sent.map(({ method, authorization, form }) => ({ method, authorization, form }))).toEqual(
      wanted.requests.map(({ method, authorization, form }) => ({ method, authorization, form })),
    );
    for (const [at, { url, query }] of wanted.requests.entries()) {
      const sent = new URL(places.sent[at]?.url ?? "");
      expect(`${sent.origin}${sent.pathname}`).toBe(sanitizedUrl(url).split("?")[0]);
      for (const [name, values] of Object.entries(query ?? {})) expect(sent.searchParams.getAll(name)).toEqual(values);
    }
    if (wanted.error !== null) expect(result.ok && result.value.kind).not.toBe("token");
    else if (!result.ok || result.value.kind !== "token") expect.fail("no token came");
    else {
      const own = originOf("https", "registry.test");
      const value = bearerAuthorization(result.value.token, own, own, session.policy);
      expect(value).toEqual({ kind: "authorized", value: wanted.authorization_header });
    }
  });
});

interface FlowVector {
  readonly image: { readonly namespace: string; readonly repository: string; readonly object: string };
  readonly credentials: Credentials | null;
  readonly hosts: readonly { readonly host: string; readonly scheme?: string; readonly path?: string }[];
  readonly server_rules: readonly { readonly when: ServerRule["when"]; readonly then: ServerRule["reply"] }[];
  readonly expect: { readonly requests: readonly SentRequest[]; readonly error: string | null };
}

/**
 * Where the probe differs on purpose: it sends no request twice in a row, asks by GET once it is authorised or refused (a HEAD has no
 * words), and does not look for blobs by the digest of a manifest. So requests are compared without HEAD and GET, and without repeats.
 */
function route(requests: readonly SentRequest[]): readonly string[] {
  const steps = requests
    .filter(({ url }) => !url.includes("/blobs/"))
    .map(({ method, url, authorization, form }) =>
      [
        method === "POST" ? "POST" : "ask",
        sortedQuery(url),
        authorization ?? "-",
        form ? JSON.stringify(Object.entries(form).sort()) : "",
      ].join(" "),
    );
  return steps.filter((step, at) => step !== steps[at - 1]);
}

function sortedQuery(text: string): string {
  const url = new URL(text);
  url.searchParams.sort();
  return url.href;
}

const valid = JSON.stringify({ schemaVersion: 2, config: {}, layers: [] });

/** The vectors' manifests are too small to be one; containerd does not look inside, the probe does. */
function withRealManifests(rules: FlowVector["server_rules"]): readonly ServerRule[] {
  return rules.map(({ when, then: reply }) => ({
    when,
    reply: reply.body === '{"schemaVersion":2}' ? { ...reply, body: valid } : reply,
  }));
}

/** containerd goes on with Basic after its Bearer token is refused; the probe leaves that to the login check. */
const otherwise = new Set(["Harbor, valid user without access"]);

describe("containerd's ways through a registry", () => {
  const single = vectors<FlowVector>("containerd_resolve_flow").filter(
    ({ hosts, name }) => hosts.length === 1 && hosts[0]?.path === undefined && !otherwise.has(name),
  );

  test.each(single)("$id: $name", async ({ image, credentials, hosts, server_rules, expect: wanted }) => {
    const places = new ScriptedPlaces(withRealManifests(server_rules));
    const named = image.object.includes(":") ? { digest: image.object } : { tag: image.object };
    const reference = { text: "", registry: image.namespace, repository: image.repository, ...named };
    const [first] = hosts;
    const host = first?.host ?? image.namespace;
    const plainHttp = new Set(first?.scheme === "http" ? [host] : []);
    const settings = {
      network: places,
      memory: new Memory(),
      userAgent: "test",
      plainHttp,
      trustedRealms: new Set(["t.example.com"]),
    };
    const as = credentials === null ? anonymous : identityOf(credentials);
    const via = { scheme: first?.scheme === "http" ? "http" : "https", host, path: "/v2", capabilities: [] } as const;
    const elsewhere = host === image.namespace || image.namespace === "docker.io" ? {} : { via };
    const session = new Session({ kind: "manifest", reference, as, ...elsewhere }, settings, performance.now() + 5_000);
    const answer = await askManifest(session);
    const asked = route(places.sent);
    // Where a registry is known to refuse POST, it is not tried.
    const posts = dialectOf(image.namespace).postStatus === undefined;
    const expected = route(wanted.requests.filter(({ method }) => posts || method !== "POST"));
    expect(asked.slice(0, expected.length)).toEqual(expected);
    expect(asked.length - expected.length).toBeLessThanOrEqual(1);
    expect(answer.kind === "granted").toBe(wanted.error === null);
  });
});
