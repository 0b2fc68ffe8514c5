import { STATUS_CODES } from "node:http";
import type { WireRequest, WireResponse } from "../../../src/probe/dispatcher.ts";
import type { Places, Sender } from "../../../src/probe/follow.ts";
import { hostText, type Origin } from "../../../src/probe/registry-url.ts";
import { failed, passed, type Stepped } from "../../../src/probe/step-failure.ts";

/** A request as the vectors of test/vectors/challenges.json write it. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly form?: Readonly<Record<string, string>>;
}

export interface ServerRule {
  readonly when: { readonly host?: string; readonly method?: string; readonly path?: string; readonly auth?: string };
  readonly reply: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string | number | readonly string[]>>;
    readonly body?: string;
    readonly transport?: string;
  };
}

/** Servers that answer by rules, the first that fits; what fits none is answered 404. No network is touched. */
export class ScriptedPlaces implements Places {
  readonly sent: SentRequest[] = [];
  readonly #rules: readonly ServerRule[];

  constructor(rules: readonly ServerRule[]) {
    this.#rules = rules;
  }

  home(origin: Origin): Sender {
    return this.#sender(origin);
  }

  led(origin: Origin): Sender {
    return this.#sender(origin);
  }

  #sender(origin: Origin): Sender {
    return { rungs: [], kind: "public", send: async (request) => this.#answer(request, origin) };
  }

  #answer(request: WireRequest, origin: Origin): Stepped<WireResponse> {
    const { method, url, headers, body, step } = request;
    const authorization = headers["authorization"] ?? null;
    this.sent.push({
      method,
      url: url.href,
      authorization,
      ...(body !== undefined && { form: Object.fromEntries(new URLSearchParams(body)) }),
    });
    const rule = this.#rules.find(({ when }) => fitsRule(when, request, authorization));
    const { status = 404, headers: answered = {}, body: text = "", transport } = rule?.reply ?? {};
    if (transport !== undefined) {
      const code = /EOF/.test(transport) ? "UND_ERR_SOCKET" : "ECONNREFUSED";
      return failed({
        step,
        fault: code === "ECONNREFUSED" ? "connect-refused" : "connection-reset",
        host: hostText(origin),
      });
    }
    if (STATUS_CODES[status] === undefined) throw new Error(`the vectors have a status ${status}`);
    const lines = Object.entries(answered).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === "object" ? value.join("\n") : String(value),
    ]);
    const read = Buffer.from(method === "HEAD" ? "" : text).subarray(0, request.limit);
    return passed({ status, headers: new Map(lines as [string, string][]), body: read, cut: false });
  }
}

/** Whether a rule of the vectors is for a request. */
export function fitsRule(
  when: ServerRule["when"],
  { method, url }: Pick<WireRequest, "url"> & { readonly method: string },
  authorization: string | null,
): boolean {
  if (when.host !== undefined && when.host !== url.host) return false;
  if (when.method !== undefined && when.method !== method) return false;
  if (when.path !== undefined && when.path !== url.pathname) return false;
  if (when.auth === undefined) return true;
  if (when.auth === "none") return authorization === null;
  if (when.auth === "basic" || when.auth === "bearer")
    return authorization?.toLowerCase().startsWith(`${when.auth} `) ?? false;
  return when.auth === authorization;
}
