import type { Rung, Step } from "../domain/probe.ts";
import type { AddressKind } from "./address-policy.ts";
import type { WireRequest, WireResponse } from "./dispatcher.ts";
import { leadingKind } from "./leading-kind.ts";
import { hostText, type Origin, originOfUrl, readUrl, sameOrigin, shownUrl } from "./registry-url.ts";
import { failed, passed, type StepFailure, type Stepped } from "./step-failure.ts";
import type { TlsMaterial } from "./trust.ts";

const mostHops = 5;

export interface Fetch {
  readonly step: Step;
  readonly method: WireRequest["method"];
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent to the URL's own origin, and to no other. */
  readonly authorization?: string;
  /** Headers of the node's configuration for this mirror; they go where the authorization goes. */
  readonly ownHeaders?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly limit: number;
  /** `own-origin`: a redirect to another origin is refused, as for a token request with a login. */
  readonly redirects: "anywhere" | "own-origin";
  /** The place a server named (a realm): the kind of that server's address. Undefined for the registry itself. */
  readonly ledFrom?: AddressKind;
}

export interface Fetched {
  readonly response: WireResponse;
  readonly method: WireRequest["method"];
  /** Where the answer came from in the end. */
  readonly url: URL;
  /** Whether the answering request carried the authorization. */
  readonly authorized: boolean;
  /** Whether the answer came from another origin than was asked. */
  readonly foreign: boolean;
}

/** One origin to send requests to. */
export interface Sender {
  send(request: WireRequest): Promise<Stepped<WireResponse>>;
  /** How the connection in use was made. */
  readonly rungs: readonly Rung[];
  /** The kind of the address in use; undefined before a connection and through a proxy. */
  readonly kind: AddressKind | undefined;
}

type Trust = Pick<TlsMaterial, "ca" | "unverified">;

/** Where requests can be sent: the registry itself, and places that a server named. */
export interface Places {
  home(origin: Origin, tls?: TlsMaterial): Sender;
  /** `trust` is the node's, beside that of the run: its authorities, or that it does not look. */
  led(origin: Origin, from: AddressKind, trust?: Trust): Sender;
}

export interface Trip {
  readonly network: Places;
  /** The registry of the question, which is allowed whatever its address. */
  readonly home: Sender;
  readonly registry: Origin;
  /** What the node's configuration trusts for this registry, and for wherever it leads: one client of the runtime goes to all. */
  readonly trust?: Trust;
  readonly deadline: number;
  readonly report: (rung: Rung) => void;
  /** Hosts whose connection is in the ladder already. */
  readonly shown: Set<Sender>;
  /** Told of every response, with the host that sent it. */
  readonly heard: (host: string, response: WireResponse) => void;
}

/**
 * Sends a request and follows redirects by hand: at most 5, over http(s) only, never from https to http, the authorization
 * left behind at the first other origin, each new place judged by the address of the one that named it.
 */
export async function fetchByHand(trip: Trip, fetch: Fetch): Promise<Stepped<Fetched>> {
  let url = fetch.url;
  let led = fetch.ledFrom;
  let { authorization, ownHeaders } = fetch;
  const start = originOfUrl(url);
  for (let hop = 0; hop <= mostHops; hop += 1) {
    const origin = originOfUrl(url);
    const host = sameOrigin(origin, trip.registry) ? trip.home : trip.network.led(origin, led ?? "public", trip.trust);
    const answer = await send(trip, host, fetch, url, {
      ...ownHeaders,
      ...(authorization !== undefined && { authorization }),
    });
    if (!answer.ok) return failed({ ...answer.failure, target: hostText(origin) });
    const { status, headers } = answer.value;
    if (!isRedirect(status)) {
      const foreign = !sameOrigin(origin, start);
      const authorized = authorization !== undefined;
      return passed({ response: answer.value, method: fetch.method, url, authorized, foreign });
    }
    const next = readUrl(headers.get("location")?.split("\n", 1)[0] ?? "", url.href);
    if (!headers.has("location") || "problem" in next)
      return refused(trip, fetch.step, origin, "problem" in next ? next.problem : "no-location", "bad-response");
    const target = originOfUrl(next.url);
    if (origin.scheme === "https" && target.scheme === "http")
      return refused(trip, fetch.step, target, `https to http at ${hostText(target)}`);
    const leaves = !sameOrigin(target, origin);
    if (leaves && fetch.redirects === "own-origin")
      return refused(trip, fetch.step, target, `a login is not sent on to ${hostText(target)}`);
    if (leaves) {
      authorization = undefined;
      ownHeaders = undefined;
    }
    led = leadingKind(host, origin, led);
    url = next.url;
  }
  return refused(trip, fetch.step, originOfUrl(url), `more than ${mostHops} redirects`);
}

async function send(
  trip: Trip,
  host: Sender,
  fetch: Fetch,
  url: URL,
  own: Readonly<Record<string, string>>,
): Promise<Stepped<WireResponse>> {
  const started = performance.now();
  const answer = await host.send({
    step: fetch.step,
    method: fetch.method,
    url,
    headers: { ...fetch.headers, ...own },
    ...(fetch.body !== undefined && { body: fetch.body }),
    limit: fetch.limit,
    deadline: trip.deadline,
  });
  if (!trip.shown.has(host)) {
    trip.shown.add(host);
    for (const rung of host.rungs) trip.report(rung);
  }
  const rung = {
    step: fetch.step,
    host: url.host,
    request: `${fetch.method} ${shownUrl(url)}`,
    milliseconds: Math.round(performance.now() - started),
  };
  if (answer.ok) {
    const { status } = answer.value;
    trip.heard(url.host, answer.value);
    trip.report({ ...rung, outcome: status < 400 ? "passed" : "failed", status, ...detailOf(status, answer.value) });
  } else if (host.rungs.every(({ outcome }) => outcome !== "failed")) {
    // A connection that failed is in the ladder already.
    trip.report({ ...rung, step: answer.failure.step, outcome: "failed", detail: faultText(answer.failure) });
  }
  return answer;
}

function faultText({ fault, systemCode }: StepFailure): string {
  return systemCode === undefined ? fault : `${fault}, ${systemCode}`;
}

function detailOf(status: number, { headers }: WireResponse): { detail?: string } {
  if (!isRedirect(status)) return {};
  const next = readUrl(headers.get("location") ?? "", "https://invalid.invalid/");
  return { detail: "url" in next ? `to ${shownUrl(next.url)}` : "to a place that is not followed" };
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function refused(
  trip: Trip,
  step: Step,
  target: Origin,
  why: string,
  fault: "redirect-refused" | "bad-response" = "redirect-refused",
): Stepped<never> {
  const failure = { step, fault, host: hostText(target), detail: why };
  trip.report({ step, outcome: "failed", host: failure.host, detail: `${fault}: ${why}` });
  return failed(failure);
}
