import type { Runtime } from "../domain/cluster-facts.ts";
import type { Step } from "../domain/probe.ts";
import type { Redacted } from "../domain/redacted.ts";
import type { Dialect } from "../knowledge/registries/registry.ts";
import type { AddressKind } from "./address-policy.ts";
import { basicAuthorization, type Login, type LoginPolicy, sealToken, tokenForm, withholds } from "./authorize.ts";
import { type Fetched, fetchByHand, type Trip } from "./follow.ts";
import { readBody } from "./read-body.ts";
import { readTokenAnswer } from "./read-token.ts";
import { hostText, type Origin, originOfUrl, readUrl } from "./registry-url.ts";
import { failed, passed, type Stepped } from "./step-failure.ts";

const largestToken = 65_536;

export interface TokenRequest {
  readonly realm: string;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  readonly login: Login | undefined;
  readonly step: "token" | "login";
}

export type TokenResult =
  | { readonly kind: "token"; readonly token: Redacted; readonly lifetime: number | undefined }
  /** The token server answered, and gave none. */
  | { readonly kind: "refused"; readonly fetched: Fetched }
  /** It answered well, and what it answered is no token. */
  | { readonly kind: "unreadable"; readonly fetched: Fetched }
  /** The login stays here. */
  | { readonly kind: "withheld"; readonly why: string };

export interface TokenContext {
  readonly trip: Trip;
  readonly policy: LoginPolicy;
  readonly dialect: Dialect;
  readonly userAgent: string;
  /** The kind of the registry's address, which names the realm. */
  readonly from: AddressKind;
  /** What realms are relative to. */
  readonly base: string;
  /** Realms that were seen to have no use for POST; more are added. */
  readonly getOnly: Set<string>;
  /** Waits before a request to this place, where the registry wants pauses there; a failure where there is no time for that. */
  readonly pause: (step: Step, target: Origin) => Promise<Stepped<never> | undefined>;
  /** The runtime that is imitated, where it is known. */
  readonly runtime?: Runtime["name"];
}

/**
 * A token as containerd gets it: with a login by POST (password or refresh_token grant), then by GET where the POST is answered
 * with 400, 401 or 404, or with 405 and there is a user name; without a login by GET. So a refused login is sent in two forms, as the node does.
 * Where a registry is known, or was seen, not to take POST, it is not tried. (containerd/containerd:core/remotes/docker/authorizer.go)
 * CRI-O and Docker send a user name by GET alone (containers/image:docker/docker_client.go getBearerToken).
 */
export async function requestToken(context: TokenContext, request: TokenRequest): Promise<Stepped<TokenResult>> {
  const { policy, dialect } = context;
  const { login, step } = request;
  const read = readUrl(request.realm, context.base);
  // A fragment never reaches a server: a realm that has one was written to mislead. What is no URL leads no runtime anywhere.
  const isPlace = /^(?:https?:\/\/|\/)/i.test(request.realm);
  if (!isPlace || "problem" in read || read.url.hash !== "")
    return failed({
      step,
      fault: "bad-response",
      host: hostText(policy.registry),
      detail: "a realm that cannot be used",
    });
  const { url } = read;
  if (login === undefined) return get(context, request, url);
  const why = withholds(originOfUrl(url), policy);
  if (why !== undefined) return passed({ kind: "withheld", why });
  const { runtime = "unknown" } = context;
  const postsPasswords = runtime === "containerd" || runtime === "unknown";
  const posts = postsPasswords && dialect.postStatus === undefined && !context.getOnly.has(request.realm);
  if (!posts && login.username !== "") return get(context, request, url);
  const posted = await post(context, request, login, url);
  // After POST containerd takes an `access_token` alone; what another runtime makes of the server is seen by GET.
  const unread = posted.ok && posted.value.kind === "unreadable" && runtime !== "containerd";
  if (unread && login.username !== "") return get(context, request, url);
  if (!posted.ok || posted.value.kind !== "refused") return posted;
  const { status } = posted.value.fetched.response;
  const byGet = [400, 401, 404].includes(status) || (status === 405 && login.username !== "");
  if (!byGet) return posted;
  const got = await get(context, request, url);
  // A 401 may be for this login alone, and the next one may have to be posted.
  if (status === 404 || status === 405 || (got.ok && got.value.kind === "token")) context.getOnly.add(request.realm);
  return got;
}

async function post(
  context: TokenContext,
  { service, scopes, step }: TokenRequest,
  login: Login,
  url: URL,
): Promise<Stepped<TokenResult>> {
  const { trip, policy, userAgent, from, pause } = context;
  const form = tokenForm(login, service ?? "", scopes, originOfUrl(url), policy);
  if (form.kind === "withheld") return passed(form);
  const late = await pause(step, originOfUrl(url));
  if (late !== undefined) return late;
  const fetched = await fetchByHand(trip, {
    step,
    method: "POST",
    url,
    headers: {
      accept: "application/json",
      "accept-encoding": "identity",
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "user-agent": userAgent,
    },
    body: form.value,
    limit: largestToken,
    redirects: "own-origin",
    ledFrom: from,
  });
  return fetched.ok ? passed(resultOf(fetched.value, "POST")) : fetched;
}

async function get(
  context: TokenContext,
  { service, scopes, login, step }: TokenRequest,
  realm: URL,
): Promise<Stepped<TokenResult>> {
  const { trip, policy, userAgent, from, pause } = context;
  const url = new URL(realm);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  if (service !== undefined && service !== "") url.searchParams.append("service", service);
  const basic = login === undefined ? undefined : basicAuthorization(login, originOfUrl(url), policy);
  if (basic?.kind === "withheld") return passed(basic);
  const late = await pause(step, originOfUrl(url));
  if (late !== undefined) return late;
  const fetched = await fetchByHand(trip, {
    step,
    method: "GET",
    url,
    headers: { accept: "application/json", "accept-encoding": "identity", "user-agent": userAgent },
    ...(basic && { authorization: basic.value }),
    limit: largestToken,
    redirects: login === undefined ? "anywhere" : "own-origin",
    ledFrom: from,
  });
  return fetched.ok ? passed(resultOf(fetched.value, "GET")) : fetched;
}

function resultOf(fetched: Fetched, method: "GET" | "POST"): TokenResult {
  const { response } = fetched;
  if (response.status >= 400) return { kind: "refused", fetched };
  const body = readBody(response, largestToken);
  const answer = body === undefined ? undefined : readTokenAnswer(body.toString("utf8"), method);
  // What cannot stand in a header is no token: it was made to become one.
  if (answer?.kind !== "token" || !/^[\x20-\x7e]+$/.test(answer.token)) return { kind: "unreadable", fetched };
  return { kind: "token", token: sealToken(answer.token), lifetime: answer.lifetime };
}
