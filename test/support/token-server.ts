import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { KeyPair } from "./certificates.ts";
import { answer, type Fault, type FaultCondition, type Handler, withFault } from "./registry-faults.ts";
import { basicLogin, RequestLedger } from "./registry-ledger.ts";
import { type Listener, listen } from "./registry-listener.ts";

export interface TokenServerOptions {
  readonly users?: Readonly<Record<string, string>>;
  /** Repositories each user may pull, `*` at the end matches any rest; all where a user is left out. */
  readonly grants?: Readonly<Record<string, readonly string[]>>;
  /** Repositories that anybody may pull. */
  readonly publicRepositories?: readonly string[];
  readonly service?: string;
  readonly path?: string;
  /** Identity (refresh) tokens and whose they are. */
  readonly identityTokens?: Readonly<Record<string, string>>;
  /** How POST is met: as the OAuth grant it is, or with this status. */
  readonly post?: "accept" | 400 | 401 | 404 | 405;
  /** A request without a login for what is not public: a token without access (Docker), or this status. */
  readonly anonymous?: "empty-token" | 401 | 403;
  /** A login that may not pull: a token without access (Docker), or this status. */
  readonly noPermission?: "empty-token" | 401 | 403;
  readonly field?: "token" | "access_token" | "both";
  /** Seconds; `null` leaves `expires_in` out. */
  readonly expiresIn?: number | null;
  /** Status and body for a wrong login. */
  readonly refusal?: { readonly status: number; readonly body: string | object };
  readonly faults?: readonly (FaultCondition & { readonly fault: Fault })[];
  readonly scheme?: "https" | "http";
  readonly certificate?: KeyPair;
  readonly address?: string;
  readonly port?: number;
  readonly ledger?: RequestLedger;
}

/** Who a token speaks for and what it opens. */
export interface TokenGrant {
  /** Undefined: anonymous. */
  readonly user: string | undefined;
  /** `repository:name:pull`. */
  readonly scopes: ReadonlySet<string>;
}

/** A token server as registries of the Distribution kind name it in `realm`. */
export interface TokenServer extends Listener {
  readonly ledger: RequestLedger;
  readonly service: string;
  /** The realm under a host name, e.g. `https://auth.test:5010/token`. */
  realm(host: string): string;
  /** What a bearer token opens; undefined for one that this server did not make. */
  grantOf(token: string): TokenGrant | undefined;
}

const refused = { errors: [{ code: "UNAUTHORIZED", message: "incorrect username or password" }] };

/**
 * Starts a token server. GET with Basic and POST with the password and refresh_token grants work as
 * https://distribution.github.io/distribution/spec/auth/token/ and …/oauth/ say.
 */
export async function startTokenServer(options: TokenServerOptions = {}): Promise<TokenServer> {
  const { ledger = new RequestLedger(), service = "registry.test", path = "/token", scheme = "https" } = options;
  const tokens = new Map<string, TokenGrant>();
  let handler: Handler = async (request, response) => {
    const body = await readBody(request);
    const entry = ledger.note(request, `${scheme}://${request.headers.host ?? ""}`, body);
    response.on("finish", () => {
      entry.status = response.statusCode;
    });
    const url = new URL(request.url ?? "/", "http://token.invalid");
    const known = url.pathname === path && (request.method === "GET" || request.method === "POST");
    if (!known) {
      ledger.unexpected.push(
        `The token server at ${entry.origin} knows GET and POST ${path} only and was asked ${request.method} ${request.url}. Change its option "path", or the program that asks.`,
      );
      return answer(response, 404, "");
    }
    const post = options.post ?? "accept";
    if (request.method === "POST" && post !== "accept") return answer(response, post, { error: "unsupported" });
    const asked = request.method === "POST" ? new URLSearchParams(body) : url.searchParams;
    const who = identify(request, asked, options);
    if (who === "refused") {
      return answer(response, options.refusal?.status ?? 401, options.refusal?.body ?? refused);
    }
    const wanted = asked.getAll("scope").flatMap((scope) => scope.split(" "));
    const scopes = new Set(wanted.filter((scope) => isGranted(scope, who, options)));
    const denial = who === undefined ? (options.anonymous ?? "empty-token") : (options.noPermission ?? "empty-token");
    if (wanted.length > scopes.size && denial !== "empty-token") {
      return answer(response, denial, {
        errors: [{ code: "DENIED", message: "requested access to the resource is denied" }],
      });
    }
    const token = randomBytes(24).toString("base64url");
    tokens.set(token, { user: who, scopes });
    const field = options.field ?? "both";
    return answer(response, 200, {
      ...(field === "access_token" ? {} : { token }),
      ...(field === "token" ? {} : { access_token: token }),
      ...(options.expiresIn === null ? {} : { expires_in: options.expiresIn ?? 300 }),
      issued_at: new Date().toISOString(),
    });
  };
  for (const { fault, ...condition } of options.faults ?? []) handler = withFault(fault, condition, handler);
  const listener = await listen(handler, {
    scheme,
    certificate: options.certificate,
    address: options.address,
    port: options.port,
  });
  return {
    ...listener,
    ledger,
    service,
    realm: (host) => `${scheme}://${host}:${listener.port}${path}`,
    grantOf: (token) => tokens.get(token),
  };
}

function identify(
  request: IncomingMessage,
  asked: URLSearchParams,
  options: TokenServerOptions,
): string | undefined | "refused" {
  const refresh = asked.get("refresh_token");
  if (refresh !== null) {
    return ownEntry(options.identityTokens, refresh) ?? "refused";
  }
  const username = asked.get("username");
  const login =
    username === null ? basicLogin(request.headers.authorization) : { user: username, password: asked.get("password") };
  if (login === undefined) return request.headers.authorization === undefined ? undefined : "refused";
  const password = ownEntry(options.users, login.user);
  return password !== undefined && password === login.password ? login.user : "refused";
}

function isGranted(scope: string, user: string | undefined, options: TokenServerOptions): boolean {
  const repository = /^repository:(.+):pull$/.exec(scope)?.[1];
  if (repository === undefined) return false;
  const open = options.publicRepositories ?? [];
  const granted = user === undefined ? [] : (ownEntry(options.grants, user) ?? ["*"]);
  return matchesAny([...open, ...granted], repository);
}

/** Whether a repository is named by one of the patterns; `*` at the end of a pattern stands for any rest. */
export function matchesAny(patterns: readonly string[], repository: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? repository.startsWith(pattern.slice(0, -1)) : pattern === repository,
  );
}

/** An own property of a plain object, so that a user named `constructor` is unknown. */
export function ownEntry<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
