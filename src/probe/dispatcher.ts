import type { Dispatcher } from "undici";
import Client from "undici/lib/dispatcher/client.js";
import type { NetworkFault, Rung, Step } from "../domain/probe.ts";
import { type AddressKind, addressKind } from "./address-policy.ts";
import { classifyFault, codeOf, isBug, isTransient } from "./classify-fault.ts";
import { type Connection, type ConnectSettings, type Guard, openConnection } from "./connect.ts";
import { hostText, type Origin, originText } from "./registry-url.ts";
import { failed, passed, remaining, type StepFailure, type Stepped } from "./step-failure.ts";

/** Milliseconds in which a host that answers at all would have answered. */
const shortestFairTry = 250;

/** Failures that a lack of time alone can make. */
const timeIsUp: ReadonlySet<NetworkFault> = new Set([
  "dns-unreachable",
  "connect-timeout",
  "tls-handshake-timeout",
  "proxy-unreachable",
]);

export interface WireRequest {
  /** What the request is for, should it fail. */
  readonly step: Step;
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Bytes of the body that are read, of a refusal's 64 KiB at most; what is beyond is `cut`. */
  readonly limit: number;
  /** As `performance.now`. */
  readonly deadline: number;
}

export interface WireResponse {
  readonly status: number;
  /** Names in lower case; several lines of one name joined with a line feed. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** The body went on beyond the limit. */
  readonly cut: boolean;
}

/** Milliseconds to the first byte of a response, and for the whole. */
const longestHeaders = 10_000;
const longestBody = 20_000;
const largestHeader = 16_384;
/** Nobody reads more of the words of a refusal. */
const largestRefusal = 65_536;
/** A host that takes requests and never answers is not waited for once more for each of a thousand images. */
const mostUnanswered = 3;

/**
 * One origin, one connection at a time, requests one after the other; the connection is kept for the next.
 * Everything is bounded, and every failure is a value.
 */
export class Host {
  readonly #origin: Origin;
  readonly #guard: Guard;
  readonly #settings: ConnectSettings;
  #client: Client | undefined;
  #connection: Connection | undefined;
  #rungs: readonly Rung[] = [];
  /** A place that could not be reached is not tried again in the same run. */
  #failure: StepFailure | undefined;
  /** Requests in a row that were never answered. */
  #unanswered = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(origin: Origin, guard: Guard, settings: ConnectSettings) {
    this.#origin = origin;
    this.#guard = guard;
    this.#settings = settings;
  }

  /** How the connection in use was made. */
  get rungs(): readonly Rung[] {
    return this.#rungs;
  }

  /** The kind of the address in use; undefined before a connection and through a proxy. */
  get kind(): AddressKind | undefined {
    return this.#connection?.address === undefined ? undefined : addressKind(this.#connection.address);
  }

  /** Sends one request when those before it are done; once more if the other side hung up in the middle of it. */
  send(request: WireRequest): Promise<Stepped<WireResponse>> {
    const answer = this.#turn.then(() => this.#sendNow(request));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /** Makes the connection ahead of the first request. Sends nothing; a failure is kept for whoever asks first. */
  approach(deadline: number): void {
    this.#turn = this.#turn.then(() => (this.#isOpen() ? undefined : this.#open(deadline))).catch(() => {});
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#drop();
    await client?.destroy();
  }

  async #sendNow(request: WireRequest): Promise<Stepped<WireResponse>> {
    const kept = this.#isOpen();
    const answer = await this.#attempt(request);
    const repeatable = request.method !== "POST" || kept;
    const again =
      repeatable && !answer.ok && answer.failure.step === request.step && isTransient(answer.failure.systemCode);
    return again ? this.#attempt(request) : answer;
  }

  #isOpen(): boolean {
    const socket = this.#connection?.socket;
    return this.#client !== undefined && socket !== undefined && !socket.destroyed && socket.readable;
  }

  async #attempt(request: WireRequest): Promise<Stepped<WireResponse>> {
    if (!this.#isOpen()) {
      const opened = await this.#open(request.deadline);
      if (!opened.ok) return opened;
    }
    const { url } = request;
    const { address, forwardProxy, wantsCertificate } = this.#connection ?? {};
    const path =
      forwardProxy === undefined ? `${url.pathname}${url.search}` : `${url.origin}${url.pathname}${url.search}`;
    const authorization = forwardProxy?.authorization;
    const answer = await this.#dispatch(request, path, {
      ...request.headers,
      ...(authorization !== undefined && { "proxy-authorization": authorization }),
    });
    if (answer.ok) {
      this.#unanswered = 0;
      return answer;
    }
    this.#drop();
    const failure = { ...answer.failure, ...(address !== undefined && { address }) };
    this.#unanswered = failure.fault === "response-timeout" ? this.#unanswered + 1 : 0;
    if (this.#unanswered >= mostUnanswered) this.#failure = failure;
    // With TLS 1.3 a server says only after the handshake that it wanted a certificate, or another one; some just hang up.
    const refusesCertificate = wantsCertificate === true && failure.fault === "connection-reset";
    return failed(refusesCertificate ? { ...failure, step: "tls", fault: "tls-client-certificate-required" } : failure);
  }

  async #open(deadline: number): Promise<Stepped<Connection>> {
    if (this.#failure !== undefined) return failed(this.#failure);
    this.#drop();
    const rungs: Rung[] = [];
    // What a question with hardly any time left could not wait for is no fact about the host.
    const hurried = deadline - performance.now() < shortestFairTry;
    const opened = await openConnection(this.#origin, this.#guard, this.#settings, deadline, (rung) =>
      rungs.push(rung),
    );
    this.#rungs = rungs;
    if (!opened.ok) {
      if (!hurried || !timeIsUp.has(opened.failure.fault)) this.#failure = opened.failure;
      return opened;
    }
    let unused: Connection["socket"] | undefined = opened.value.socket;
    this.#connection = opened.value;
    this.#client = new Client(originText(this.#origin), {
      // The connection is made above, where its failure is a value; undici must not make another one by itself.
      connect: (_options, callback) => {
        const socket = unused;
        unused = undefined;
        // Not at once: undici is in the middle of its own turn when it asks.
        queueMicrotask(() => (socket === undefined ? callback(new SocketGone(), null) : callback(null, socket)));
      },
      pipelining: 1,
      keepAliveTimeout: 30_000,
      maxHeaderSize: largestHeader,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return opened;
  }

  #drop(): void {
    // The socket first: undici would end it with an error, whose stack Node then writes out.
    this.#connection?.socket.destroy();
    this.#client?.destroy().catch(() => {});
    this.#client = undefined;
    this.#connection = undefined;
  }

  #dispatch(request: WireRequest, path: string, headers: Record<string, string>): Promise<Stepped<WireResponse>> {
    const client = this.#client;
    const host = hostText(this.#origin);
    if (client === undefined) return Promise.resolve(failed({ step: "connect", fault: "connection-reset", host }));
    const collector = new Collector(request, host);
    // undici would close the connection after every HEAD.
    const options = { path, method: request.method, headers, body: request.body ?? null, reset: false };
    client.dispatch(options, collector);
    return collector.answer;
  }
}

class SocketGone extends Error {
  readonly code = "ECONNRESET";
}

/** Puts a response together, within its limits; resolves once, and rejects with what is no fault of the network. */
class Collector implements Dispatcher.DispatchHandler {
  readonly #request: WireRequest;
  readonly #host: string;
  readonly #answer = Promise.withResolvers<Stepped<WireResponse>>();
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #status = 0;
  #headers: ReadonlyMap<string, string> = new Map();
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout;
  #done = false;

  constructor(request: WireRequest, host: string) {
    this.#request = request;
    this.#host = host;
    this.#timer = setTimeout(() => this.#late(), remaining(request.deadline, longestHeaders));
  }

  get answer(): Promise<Stepped<WireResponse>> {
    return this.#answer.promise;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = readHeaders(controller.rawHeaders);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#late(), remaining(this.#request.deadline, longestBody));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const limit = this.#status < 400 ? this.#request.limit : Math.min(this.#request.limit, largestRefusal);
    const room = limit - this.#size;
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.#size += Math.min(chunk.length, room);
    if (chunk.length <= room) return;
    this.#finish(passed(this.#response(true)));
    controller.abort(new SocketGone());
  }

  onResponseEnd(): void {
    this.#finish(passed(this.#response(false)));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (isBug(error)) this.#answer.reject(error);
    this.#finish(failed(this.#failure(codeOf(error))));
  }

  #failure(code: string | undefined): StepFailure {
    const fault = classifyFault(code, "request");
    const step = fault === "tls-client-certificate-required" ? "tls" : this.#request.step;
    return { step, fault, host: this.#host, ...(code !== undefined && { systemCode: code }) };
  }

  #late(): void {
    const { step } = this.#request;
    this.#finish(failed({ step, fault: "response-timeout", host: this.#host, systemCode: "ETIMEDOUT" }));
    this.#controller?.abort(new SocketGone());
  }

  #response(cut: boolean): WireResponse {
    return { status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks), cut };
  }

  #finish(answer: Stepped<WireResponse>): void {
    clearTimeout(this.#timer);
    if (this.#done) return;
    this.#done = true;
    this.#answer.resolve(answer);
  }
}

/** Header lines as they came: name, value, name, value; a name's lines stay apart. */
function readHeaders(raw: Dispatcher.DispatchController["rawHeaders"]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  if (!Array.isArray(raw)) return headers;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = text(raw[at]).toLowerCase();
    const value = text(raw[at + 1]);
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  return headers;
}

function text(value: Buffer | string | undefined): string {
  return value === undefined ? "" : value.toString();
}
