import type { Identity, Question, Rung, Step } from "../domain/probe.ts";
import type { Redacted } from "../domain/redacted.ts";
import { dialectOf, requestHost } from "../knowledge/registries/dialect-of.ts";
import type { Dialect } from "../knowledge/registries/registry.ts";
import type { AddressKind } from "./address-policy.ts";
import {
  identityKey,
  type Login,
  type LoginPolicy,
  loginOf,
  sealToken,
  withholds,
  withoutSecrets,
} from "./authorize.ts";
import { clockSkew } from "./clock-skew.ts";
import type { WireResponse } from "./dispatcher.ts";
import { type Fetch, type Fetched, fetchByHand, type Places, type Sender, type Trip } from "./follow.ts";
import { leadingKind } from "./leading-kind.ts";
import { manifestTypes } from "./manifest-request.ts";
import type { Memory } from "./memory.ts";
import { mirrorHeaders, secretsOf } from "./mirror-headers.ts";
import type { Challenge } from "./parse-challenge.ts";
import { readRetryAfter, recognise } from "./read-answer.ts";
import type { ManifestReading } from "./read-manifest.ts";
import {
  hostText,
  type Origin,
  originOf,
  originText,
  readUrl,
  sameOrigin,
  shownUrl,
  withSanitizedUrls,
} from "./registry-url.ts";
import { failed, type Stepped } from "./step-failure.ts";
import { isScope } from "./token-scope.ts";
import type { TlsMaterial } from "./trust.ts";

/** What all questions of a run share. */
export interface SessionSettings {
  readonly network: Places;
  readonly memory: Memory;
  readonly userAgent: string;
  readonly plainHttp: ReadonlySet<string>;
  readonly trustedRealms: ReadonlySet<string>;
}

/** One question on its way: where it is asked, as whom, until when, and the ladder it leaves. */
export class Session {
  readonly question: Question;
  readonly settings: SessionSettings;
  readonly registry: Origin;
  readonly ladder: Rung[] = [];
  readonly login: Login | undefined;
  readonly identity: string;
  readonly trip: Trip;
  readonly home: Sender;
  /** Requests sent so far. */
  requests = 0;
  readonly #path: string;

  constructor(question: Question, settings: SessionSettings, deadline: number, tls?: TlsMaterial) {
    const { reference, via } = question;
    const named = via?.host ?? requestHost(reference.registry);
    const scheme = via?.scheme ?? schemeOf(named, settings, question.runtime?.name === "cri-o");
    this.question = question;
    this.settings = settings;
    this.registry = originOf(scheme, named);
    this.#path = via?.path ?? "/v2";
    const identity: Identity = question.as;
    this.login = loginOf(identity);
    this.identity = identityKey(identity);
    if (this.login !== undefined) settings.memory.logins.set(this.identity, this.login);
    for (const secret of secretsOf(via?.headers ?? {})) this.keep(sealToken(secret));
    this.home = settings.network.home(this.registry, tls);
    this.trip = {
      network: settings.network,
      home: this.home,
      registry: this.registry,
      ...(tls && { trust: this.login === undefined ? tls : { ...(tls.ca && { ca: tls.ca }) } }),
      deadline,
      report: (rung) => this.ladder.push(rung),
      shown: new Set(),
      heard: (host, response) => this.#heard(host, response),
    };
  }

  /** The registry's dialect, by its host or, once it has answered, by what it gave away. */
  get dialect(): Dialect {
    const { registry } = this.question.reference;
    const byName = dialectOf(this.question.via?.host ?? registry);
    return byName.hosts.length > 0 ? byName : (this.settings.memory.dialects.get(originText(this.registry)) ?? byName);
  }

  get policy(): LoginPolicy {
    const { plainHttp, trustedRealms } = this.settings;
    const unverified = this.question.via?.skipVerify === true;
    return { registry: this.registry, dialect: this.dialect, plainHttp, trustedRealms, unverified };
  }

  /** How far this machine's clock is ahead of the registry's, in milliseconds; undefined within a minute. */
  get clockAhead(): number | undefined {
    return this.settings.memory.clocks.get(originText(this.registry));
  }

  /** The kind of the address that the registry answers from, once it has. */
  get from(): AddressKind {
    return leadingKind(this.home, this.registry, undefined);
  }

  /** `/v2/<repository><tail>` at the registry; at a mirror with `?ns=` for the registry it stands in for. */
  url(tail: string, repository = this.question.reference.repository): URL {
    const url = new URL(`${originText(this.registry)}${this.#path.replace(/\/$/, "")}/${repository}${tail}`);
    const { via, reference } = this.question;
    if (via !== undefined && via.host !== requestHost(reference.registry))
      url.searchParams.set("ns", reference.registry);
    return url;
  }

  /**
   * Registry (of a mirror also its path, and whom it stands in for) and repository: what a challenge and a scope belong to. What was said
   * where nobody checked who speaks is another place's.
   */
  get place(): string {
    return `${this.url("").href}${this.policy.unverified === true ? " unchecked" : ""}`;
  }

  /** A manifest of the repository that was read before, by its digest. */
  manifest(digest: string): ManifestReading | undefined {
    return this.settings.memory.manifests.get(`${this.place}@${digest}`);
  }

  remember(reading: ManifestReading): void {
    if (reading.kind === "manifest" && reading.facts.digest !== undefined)
      this.settings.memory.manifests.set(`${this.place}@${reading.facts.digest}`, reading);
  }

  /** `/v2/`, which has the challenge where the request itself brought none. */
  get pingUrl(): URL {
    return new URL(`${originText(this.registry)}${this.#path.replace(/\/$/, "")}/`);
  }

  /** Sends a request to the registry and follows redirects; waits where the registry wants pauses. */
  async fetch(
    request: { readonly step: Step; readonly method: "GET" | "HEAD"; readonly url: URL; readonly limit: number } & {
      readonly accept?: string;
      readonly range?: string;
      readonly authorization?: string;
    },
  ): Promise<Stepped<Fetched>> {
    const { step, method, url, limit, accept, range, authorization } = request;
    const fetch: Fetch = {
      step,
      method,
      url,
      headers: {
        accept: accept ?? "*/*",
        "accept-encoding": "identity",
        "user-agent": this.settings.userAgent,
        ...(range !== undefined && { range }),
      },
      ...(authorization !== undefined && { authorization }),
      ...(this.question.via?.headers && { ownHeaders: this.#mirrorHeaders(this.question.via.headers) }),
      limit,
      redirects: "anywhere",
    };
    return (await this.pause(step)) ?? fetchByHand(this.trip, fetch);
  }

  /**
   * Waits as long as the registry wants between two requests to its own origin; a failure where the question has no time for that.
   * A token server elsewhere is another service, with a limit of its own.
   */
  async pause(step: Step, target = this.registry): Promise<Stepped<never> | undefined> {
    const gap = this.dialect.politeness?.gap ?? 0;
    if (gap === 0 || !sameOrigin(target, this.registry)) return undefined;
    const { lastRequest } = this.settings.memory;
    const key = originText(this.registry);
    const now = performance.now();
    const at = Math.max(now, (lastRequest.get(key) ?? Number.NEGATIVE_INFINITY) + gap);
    if (at >= this.trip.deadline) {
      const host = hostText(this.registry);
      const unsent = `no time was left for the pauses that ${host} wants between requests`;
      this.ladder.push({ step, outcome: "skipped", host, detail: unsent });
      return failed({ step, fault: "response-timeout", host, unsent });
    }
    lastRequest.set(key, at);
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
    return undefined;
  }

  /** Remembers a token, or a secret of the node, for as long as its words may have to be blotted out. */
  keep(token: Redacted): void {
    const { tokens } = this.settings.memory;
    const here = originText(this.registry);
    const kept = tokens.get(here);
    if (kept === undefined) tokens.set(here, [token]);
    else if (!kept.some((each) => each.equals(token))) kept.push(token);
  }

  /** A server's words without what was sent in this run: it may repeat at one question what it heard at another. */
  readonly clean = (text: string): string => withSanitizedUrls(this.#blot(text));

  /** The same for names, addresses and steps; what the question itself says, and what is said of every question, stays. */
  readonly cleanName = (text: string): string => {
    const { registry, repository, text: image } = this.question.reference;
    return this.#blot(text, [image, registry, repository, originText(this.registry), said].join(" "));
  };

  #blot(text: string, own?: string): string {
    const { logins, tokens } = this.settings.memory;
    const here = tokens.get(originText(this.registry)) ?? [];
    return withoutSecrets(text, this.login, here, logins.values(), own);
  }

  /** Seconds to wait, where the host has said 429 in this run; undefined where it has not. */
  limit(host: string): { readonly seconds: number | undefined } | undefined {
    const { limited } = this.settings.memory;
    return limited.has(host) ? { seconds: limited.get(host) } : undefined;
  }

  /** Shows what the registry asks for; of a challenge only what everybody may see. */
  noteChallenges(challenges: readonly Challenge[]): void {
    const shown = challenges.map(({ scheme, parameters }) => {
      const realm = readUrl(parameters.get("realm") ?? "", this.pingUrl.href);
      const parts = [
        scheme === "bearer" && "url" in realm ? shownUrl(realm.url) : `"${parameters.get("realm") ?? ""}"`,
      ];
      for (const name of ["service", "scope", "error"])
        if (parameters.has(name)) parts.push(`${name} "${parameters.get(name) ?? ""}"`);
      if (parameters.has("scope") && !isScope(parameters.get("scope") ?? ""))
        parts.push("not a scope of the specification");
      return `${scheme} ${parts.join(", ")}`;
    });
    const detail = shown.length === 0 ? "no challenge that a runtime can answer" : shown.join("; ").slice(0, 500);
    const outcome = shown.length === 0 ? "failed" : "passed";
    this.ladder.push({ step: "challenge", outcome, host: hostText(this.registry), detail });
  }

  /** The node sends its own headers in whatever way it asks; from here a secret goes over checked TLS alone, like a login. */
  #mirrorHeaders(written: Readonly<Record<string, readonly string[]>>): Record<string, string> {
    return mirrorHeaders(written, withholds(this.registry, this.policy) === undefined);
  }

  #heard(host: string, response: WireResponse): void {
    this.requests += 1;
    const { memory } = this.settings;
    if (response.status === 429)
      memory.limited.set(host, readRetryAfter(response.headers.get("retry-after"), Date.now()));
    const key = originText(this.registry);
    if (host !== this.pingUrl.host) return;
    const ahead = clockSkew(response.headers, Date.now());
    if (ahead !== undefined) memory.clocks.set(key, ahead);
    else if (response.headers.has("date")) memory.clocks.delete(key);
    const known = memory.dialects.get(key);
    // What many show may turn out to be something more particular.
    if (known !== undefined && known.sharedSigns === undefined) return;
    const dialect = recognise(hostText(this.registry), response);
    if (dialect !== undefined) memory.dialects.set(key, dialect);
  }
}

/** Words that steps and answers are told in. */
const said = `${manifestTypes} https://host/v2/manifests/tags/list/blobs/token HEAD GET POST Bearer Basic linux windows amd64 arm64`;

/** Where a registry is asked that no question has been asked yet. */
export function registryOrigin(host: string, settings: SessionSettings): Origin {
  return originOf(schemeOf(host, settings, false), host);
}

function schemeOf(host: string, { plainHttp, memory }: SessionSettings, asCrio: boolean): "http" | "https" {
  const { hostname } = originOf("https", host);
  return plainHttp.has(host.toLowerCase()) || plainHttp.has(hostname) || (!asCrio && memory.plain.has(host))
    ? "http"
    : "https";
}
