import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:http";
import { KnownError } from "../domain/known-error.ts";
import { defaultRequestTimeout } from "./cluster-settings.ts";
import { isObject, member, textAt } from "./json-values.ts";
import { saveTokens } from "./save-tokens.ts";

/** An `auth-provider` of the name `oidc`, as the kubeconfig has it, and the file that has it. */
export interface OidcUser {
  readonly config: unknown;
  readonly file?: string;
}

/** client-go's allowance for clocks that differ. */
const leeway = 10_000;
const largestAnswer = 1024 * 1024;

/**
 * The ID token of an OpenID Connect login: the one in the kubeconfig while it lasts, else a new one for the refresh token
 * (k8s.io/client-go plugin/pkg/client/auth/oidc/oidc.go). The one in @kubernetes/client-node leaves out the client's secret,
 * and says nothing where there is no way to a new token.
 * A provider may take a refresh token only once and hand out the next; then it is saved where the old one was, as kubectl
 * does, for nobody could log in again otherwise. Throws KnownError, which quotes nothing of what the provider says.
 */
export async function oidcToken({ config, file }: OidcUser, tell?: (text: string) => void): Promise<string> {
  const idToken = textAt(config, ["id-token"], largestAnswer);
  const ends = idToken === undefined ? undefined : expiryOf(idToken);
  if (idToken !== undefined && ends !== undefined && Date.now() + leeway < ends) return idToken;
  const refreshToken = textAt(config, ["refresh-token"], largestAnswer);
  if (refreshToken === undefined) {
    const why = ends === undefined ? "is no token with an end" : "has expired";
    throw failed(idToken === undefined ? "the kubeconfig has no id-token" : `the id-token ${why}`);
  }
  const answer = await refresh(config, refreshToken);
  const renewed = textAt(answer, ["id_token"], largestAnswer);
  if (renewed === undefined) throw failed("the provider's answer holds no id_token");
  const next = textAt(answer, ["refresh_token"], largestAnswer);
  if (isObject(config)) Object.assign(config, { "id-token": renewed, "refresh-token": next ?? refreshToken });
  if (next !== undefined && next !== refreshToken) {
    const replaced = new Map([[refreshToken, next], ...(idToken === undefined ? [] : [[idToken, renewed] as const])]);
    const saved = file !== undefined && (await saveTokens(file, replaced));
    if (!saved)
      tell?.("The provider gave a new refresh token, and it could not be saved in the kubeconfig: log in again.\n");
  }
  return renewed;
}

/** When a JSON Web Token ends, in milliseconds since 1970, by its own unchecked word; undefined where it does not say. */
export function expiryOf(token: string): number | undefined {
  const [, payload, ...rest] = token.split(".");
  if (payload === undefined || rest.length !== 1) return undefined;
  try {
    const ends = member(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")), "exp");
    return typeof ends === "number" && Number.isFinite(ends) ? ends * 1000 : undefined;
  } catch {
    return undefined;
  }
}

async function refresh(config: unknown, refreshToken: string): Promise<unknown> {
  const issuer = textAt(config, ["idp-issuer-url"], 2048);
  const client = textAt(config, ["client-id"], 2048);
  if (issuer === undefined || client === undefined)
    throw failed("the kubeconfig has no idp-issuer-url or no client-id");
  const options = await trust(config);
  const known = await ask(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, options);
  const endpoint = textAt(known.body, ["token_endpoint"], 2048);
  if (endpoint === undefined) throw failed(`its provider does not name a token endpoint (${known.status})`);
  const secret = textAt(config, ["client-secret"], 2048);
  const form = { grant_type: "refresh_token", refresh_token: refreshToken };
  // golang.org/x/oauth2 tries the header first, and then the form; some providers take only one of them.
  const basic = Buffer.from(`${encodeURIComponent(client)}:${encodeURIComponent(secret ?? "")}`).toString("base64");
  const header = { ...options, headers: { authorization: `Basic ${basic}` } };
  const inForm = { ...form, client_id: client, ...(secret === undefined ? {} : { client_secret: secret }) };
  let answer = secret === undefined ? undefined : await ask(endpoint, header, form);
  if (answer?.status !== 200) answer = await ask(endpoint, options, inForm);
  if (answer.status === 200) return answer.body;
  const code = textAt(answer.body, ["error"], 64);
  throw failed(`its provider gives no new token (${answer.status}${code && /^\w+$/.test(code) ? ` ${code}` : ""})`);
}

/** The one path of a kubeconfig that kubectl takes from the working directory, not from the file's. */
async function trust(config: unknown): Promise<RequestOptions> {
  const data = textAt(config, ["idp-certificate-authority-data"], largestAnswer);
  const file = textAt(config, ["idp-certificate-authority"]);
  if (data !== undefined) return { ca: Buffer.from(data, "base64") } as RequestOptions;
  if (file === undefined) return {};
  try {
    return { ca: await readFile(file) } as RequestOptions;
  } catch (error) {
    throw failed(`its provider's certificate authority cannot be read (${String(member(error, "code"))})`);
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A POST with `form`, else a GET. Redirects are not followed. */
async function ask(url: string, options: RequestOptions, form?: Readonly<Record<string, string>>): Promise<Answer> {
  const target = URL.parse(url);
  if (target?.protocol !== "https:" && target?.protocol !== "http:") throw failed("its provider's address is no URL");
  const { request } = target.protocol === "https:" ? await import("node:https") : await import("node:http");
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const sent = request(target, {
      ...options,
      method: body === undefined ? "GET" : "POST",
      signal: AbortSignal.timeout(defaultRequestTimeout),
      headers: {
        ...options.headers,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
    });
    sent.on("error", (error) => {
      const code = member(error, "code");
      reject(failed(`its provider ${target.host} cannot be asked${typeof code === "string" ? ` (${code})` : ""}`));
    });
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > largestAnswer) sent.destroy(new Error("too large"));
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: parsed(text) }));
      response.on("error", () => reject(failed(`its provider ${target.host} ended its answer early`)));
    });
    sent.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failed(why: string): KnownError {
  return new KnownError(
    "cluster-unreadable",
    `the kubeconfig's login (oidc) failed: ${why}`,
    "Log in again with the tool that made the kubeconfig.",
  );
}
