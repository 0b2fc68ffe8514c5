import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** One request as a server of the test bench saw it. */
export interface LedgerEntry {
  /** `https://host:port` as the client addressed it. */
  readonly origin: string;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly login: "none" | "basic" | "bearer" | "other";
  /** The user name of a Basic login or of an OAuth password grant. */
  readonly user?: string;
  /** Hash of what was sent as a login: equal logins have equal hashes; absent for bearer tokens, which are no logins. */
  readonly loginHash?: string;
  readonly userAgent?: string;
  status?: number;
}

/** All requests that the servers of one test saw, in order. Give the same ledger to all of them. */
export class RequestLedger {
  readonly entries: LedgerEntry[] = [];
  /** Requests that no server expected, each with what to do about it. */
  readonly unexpected: string[] = [];

  /** Notes a request; `body` is read for the password of an OAuth grant. The entry's status is filled in when it is answered. */
  note(request: IncomingMessage, origin: string, body = ""): LedgerEntry {
    const entry: LedgerEntry = { ...describeLogin(request, body), ...describeRequest(request, origin) };
    this.entries.push(entry);
    return entry;
  }

  /** Requests to one origin, or all, as `METHOD path STATUS` lines with the login's kind behind them. */
  lines(origin?: string): string[] {
    return this.entries
      .filter((entry) => origin === undefined || entry.origin === origin)
      .map((entry) => `${entry.method} ${entry.path} ${entry.status ?? "?"} ${entry.login}`);
  }

  /**
   * Throws if an Authorization header or an OAuth login reached an origin that is not in `origins`.
   * This is the promise that a login goes to its registry and that registry's token server only.
   */
  assertLoginsOnlyAt(...origins: readonly string[]): void {
    for (const entry of this.entries) {
      if (entry.login !== "none" && !origins.includes(entry.origin)) {
        throw new Error(
          `A login (${entry.login}) was sent to ${entry.origin} with ${entry.method} ${entry.path}; it may go to ${origins.join(", ") || "nobody"} only.`,
        );
      }
    }
  }

  /**
   * Throws if a login that an origin had refused with 401 was sent to that origin again. Registries lock accounts for that.
   * `checked`: one token request without scope may follow, where good logins are refused in the same way.
   */
  assertNoRefusedLoginTwice({ checked = false } = {}): void {
    const refused = new Set<string>();
    const checks = new Set<string>();
    for (const entry of this.entries) {
      if (entry.loginHash === undefined) continue;
      const id = `${entry.origin} ${entry.loginHash}`;
      const isCheck = checked && !/[?&]scope=/.test(entry.path) && !checks.has(id);
      if (refused.has(id) && isCheck) checks.add(id);
      else if (refused.has(id)) {
        throw new Error(
          `${entry.origin} had refused the login of "${entry.user ?? ""}", and ${entry.method} ${entry.path} sent it again.`,
        );
      }
      if (entry.status === 401) refused.add(id);
    }
  }

  /** Throws if a server was asked something that it does not know. */
  assertAllExpected(): void {
    if (this.unexpected.length > 0) throw new Error(this.unexpected.join("\n"));
  }
}

function describeRequest(request: IncomingMessage, origin: string) {
  const userAgent = request.headers["user-agent"];
  return {
    origin,
    method: request.method ?? "GET",
    path: request.url ?? "/",
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}

function describeLogin(request: IncomingMessage, body: string): Pick<LedgerEntry, "login" | "user" | "loginHash"> {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const basic = basicLogin(header);
    if (basic !== undefined) return { login: "basic", user: basic.user, loginHash: hash(header) };
    return { login: /^bearer /i.test(header) ? "bearer" : "other" };
  }
  const form = new URLSearchParams(body);
  const secret = form.get("password") ?? form.get("refresh_token");
  if (secret === null) return { login: "none" };
  const user = form.get("username") ?? "";
  return { login: "other", user, loginHash: hash(`${user}:${secret}`) };
}

/** User and password of an `Authorization: Basic` header; undefined for any other. */
export function basicLogin(header: string | undefined): { user: string; password: string } | undefined {
  const match = /^basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? "");
  if (match?.[1] === undefined) return undefined;
  const [user = "", ...rest] = Buffer.from(match[1], "base64").toString("utf8").split(":");
  return { user, password: rest.join(":") };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
