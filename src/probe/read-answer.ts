import type { Answer, Step } from "../domain/probe.ts";
import { dialectOfAnswer } from "../knowledge/registries/dialect-of.ts";
import { type ErrorWords, readErrorBody } from "../knowledge/registries/error-body.ts";
import { meaningOf } from "../knowledge/registries/meaning-of.ts";
import type { Dialect, Observation } from "../knowledge/registries/registry.ts";
import type { WireResponse } from "./dispatcher.ts";
import type { Fetched } from "./follow.ts";
import { type Challenge, readChallenges } from "./parse-challenge.ts";
import type { StepFailure } from "./step-failure.ts";

type Refusal = Extract<Answer, { kind: "refused" }>;

export interface Asking {
  readonly step: Step;
  readonly dialect: Dialect;
  readonly withLogin: boolean;
  /** How the answering request was authorised. */
  readonly scheme?: "basic" | "bearer";
  /** Blots secrets out of a server's words. */
  readonly clean: (text: string) => string;
}

/**
 * The answer that an HTTP response is, when it is not a grant; undefined where the dialect takes it for one.
 * `words` may come from another response than the status: a HEAD has no body, so one GET is made for it.
 */
export function readRefusal(fetched: Fetched, asking: Asking, words?: Fetched): Refusal | undefined {
  const observation = observe(fetched, asking, words);
  const meaning = meaningOf(asking.dialect, observation);
  if (meaning === "granted") return undefined;
  // Cleaned before it is read, for reading cuts, and after, for reading takes JSON's escapes away; its meaning is in the words as they came.
  const { code, message } = errorWords((words ?? fetched).response, asking.clean);
  const retryAfter = readRetryAfter(fetched.response.headers.get("retry-after"), Date.now());
  return {
    kind: "refused",
    step: asking.step,
    meaning,
    words: {
      status: observation.status,
      ...(code !== undefined && { code: asking.clean(code) }),
      ...(message !== undefined && { message: asking.clean(message).slice(0, longestMessage) }),
    },
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

/** What of a response its meaning depends on. */
export function observe(fetched: Fetched, asking: Asking, words: Fetched = fetched): Observation {
  const { response } = fetched;
  const said = errorWords(words.response);
  const challengeError = challengesOf(response)
    .map(({ parameters }) => parameters.get("error"))
    .find((error) => error !== undefined && error !== "");
  return {
    step: asking.step,
    status: response.status,
    method: words.method,
    headers: response.headers,
    body: said.shape,
    ...(said.code !== undefined && { code: said.code }),
    ...(said.message !== undefined && { message: said.message }),
    withLogin: asking.withLogin,
    ...(asking.scheme !== undefined && { scheme: asking.scheme }),
    ...(challengeError !== undefined && { challengeError }),
  };
}

const longestMessage = 500;

function errorWords(response: WireResponse, clean: Asking["clean"] = (text) => text): ErrorWords {
  return readErrorBody(clean(response.body.toString("utf8", 0, 65_536)), response.headers.get("content-type"));
}

/** The challenges of a response, one a header line. */
export function challengesOf({ headers }: WireResponse): readonly Challenge[] {
  const lines = headers.get("www-authenticate");
  return lines === undefined ? [] : readChallenges(lines.split("\n"));
}

/** The dialect that a response gives away, for registries that anybody can run. */
export function recognise(host: string, response: WireResponse): Dialect | undefined {
  return dialectOfAnswer({ host, headers: response.headers, challenges: challengesOf(response) });
}

/** Why no answer came, as an answer. */
export function unreachable(failure: StepFailure): Answer {
  const { step, fault, host, address, certificate, systemCode, unsent } = failure;
  if (unsent !== undefined) return { kind: "unasked", why: unsent };
  return {
    kind: "unreachable",
    step,
    fault,
    host,
    ...(address !== undefined && { address }),
    ...(certificate && { certificate }),
    ...(systemCode !== undefined && { systemCode }),
  };
}

/**
 * A 400 with which a web server says that it saw no client certificate, or plain HTTP on its TLS port: no registry answers so.
 * nginx: src/http/ngx_http_special_response.c (496, 497); Go: net/http/server.go.
 */
export function faultInPage(response: WireResponse): StepFailure["fault"] | undefined {
  if (response.status !== 400) return undefined;
  const text = response.body.toString("latin1", 0, 2_048).toLowerCase();
  if (text.includes("no required ssl certificate was sent") || text.includes("the ssl certificate error"))
    return "tls-client-certificate-required";
  if (text.includes("http request was sent to https port") || text.includes("sent an http request to an https server"))
    return "https-required";
  return undefined;
}

const longestWait = 31 * 86_400;

/** Retry-After in seconds, from seconds or a date; `now` in milliseconds. Undefined for anything out of range. */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined || value.length > 64) return undefined;
  if (/^\s*[0-9]{1,9}\s*$/.test(value)) return inRange(Number(value));
  if (!/^[A-Za-z]{3},? /.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : inRange(Math.max(0, Math.ceil((time - now) / 1000)));
}

function inRange(seconds: number): number | undefined {
  return seconds >= 0 && seconds <= longestWait ? seconds : undefined;
}
