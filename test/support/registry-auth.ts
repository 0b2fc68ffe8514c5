import type { IncomingMessage } from "node:http";
import { basicLogin } from "./registry-ledger.ts";
import { matchesAny, ownEntry, type TokenServer } from "./token-server.ts";

/** How a registry asks who is there. Leave it out for a registry that is open to all. */
export type RegistryAuth =
  | {
      readonly kind: "basic";
      readonly users: Readonly<Record<string, string>>;
      readonly realm?: string;
      /** Repositories each user may pull; all where a user is left out. Others are answered 403. */
      readonly grants?: Readonly<Record<string, readonly string[]>>;
      readonly publicRepositories?: readonly string[];
    }
  | {
      readonly kind: "token";
      readonly server: TokenServer;
      /** Host name in the realm. */
      readonly host: string;
      /** Another realm than the server's own, e.g. one at a host where no login may go. */
      readonly realm?: string;
      /** A token without access: 401 with `insufficient_scope` (Distribution), or 403. */
      readonly withoutAccess?: 401 | 403;
    };

export interface Refusal {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** The refusal a request earns, or undefined if it may pass. `repository` is undefined for `/v2/`. */
export function refuse(
  request: IncomingMessage,
  auth: RegistryAuth | undefined,
  repository: string | undefined,
): Refusal | undefined {
  if (auth === undefined) return undefined;
  return auth.kind === "basic" ? refuseBasic(request, auth, repository) : refuseToken(request, auth, repository);
}

function refuseBasic(
  request: IncomingMessage,
  auth: Extract<RegistryAuth, { kind: "basic" }>,
  repository: string | undefined,
): Refusal | undefined {
  const challenge = { "www-authenticate": `Basic realm="${auth.realm ?? "basic-realm"}"` };
  const open = repository !== undefined && matchesAny(auth.publicRepositories ?? [], repository);
  const login = basicLogin(request.headers.authorization);
  if (login === undefined) return open ? undefined : unauthorized(challenge);
  const password = ownEntry(auth.users, login.user);
  if (password === undefined || password !== login.password) return unauthorized(challenge);
  const granted = ownEntry(auth.grants, login.user) ?? ["*"];
  if (repository === undefined || open || matchesAny(granted, repository)) return undefined;
  return { status: 403, body: errors("DENIED", "requested access to the resource is denied"), headers: {} };
}

function refuseToken(
  request: IncomingMessage,
  auth: Extract<RegistryAuth, { kind: "token" }>,
  repository: string | undefined,
): Refusal | undefined {
  const scope = repository === undefined ? undefined : `repository:${repository}:pull`;
  const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const grant = token === undefined ? undefined : auth.server.grantOf(token);
  if (grant !== undefined && (scope === undefined || grant.scopes.has(scope))) return undefined;
  if (grant !== undefined && auth.withoutAccess === 403) {
    return { status: 403, body: errors("DENIED", "requested access to the resource is denied"), headers: {} };
  }
  const challenge = [
    `Bearer realm="${auth.realm ?? auth.server.realm(auth.host)}"`,
    `service="${auth.server.service}"`,
    ...(scope === undefined ? [] : [`scope="${scope}"`]),
    ...(token === undefined ? [] : [`error="${grant === undefined ? "invalid_token" : "insufficient_scope"}"`]),
  ].join(",");
  return unauthorized({ "www-authenticate": challenge });
}

function unauthorized(headers: Readonly<Record<string, string>>): Refusal {
  return { status: 401, body: errors("UNAUTHORIZED", "authentication required"), headers };
}

function errors(code: string, message: string): object {
  return { errors: [{ code, message, detail: null }] };
}
