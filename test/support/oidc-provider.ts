import { createServer } from "node:https";
import { sharedAuthority, sharedCertificate } from "./certificates.ts";

export interface OidcProvider extends AsyncDisposable {
  readonly url: string;
  readonly authority: string;
  /** Forms of the requests at the token endpoint, with the Authorization header. */
  readonly asked: { readonly form: Readonly<Record<string, string>>; readonly authorization: string | undefined }[];
}

/** The answer at the token endpoint: a status and a body. */
export type OidcAnswer = (asked: OidcProvider["asked"][number]) => readonly [status: number, body: unknown];

/** An OpenID Connect provider as far as a refresh needs one: discovery and a token endpoint, over TLS on loopback. */
export async function startOidcProvider(answer: OidcAnswer): Promise<OidcProvider> {
  const asked: OidcProvider["asked"] = [];
  const server = createServer({ ...(await sharedCertificate(["localhost"])) }, (request, response) => {
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (request.url === "/realm/.well-known/openid-configuration") {
      return reply(200, { issuer: `${url}/realm`, token_endpoint: `${url}/token` });
    }
    if (request.url !== "/token" || request.method !== "POST") return reply(404, {});
    let text = "";
    request.on("data", (chunk) => {
      text += String(chunk);
    });
    request.on("end", () => {
      const { authorization } = request.headers;
      const one = { form: Object.fromEntries(new URLSearchParams(text)), authorization };
      asked.push(one);
      reply(...answer(one));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `https://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  return {
    url: `${url}/realm`,
    authority: (await sharedAuthority()).cert,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A JSON Web Token, unsigned, that ends so many seconds from now. */
export function tokenEndingIn(seconds: number, subject = "tester"): string {
  const claims = { sub: subject, exp: Math.floor(Date.now() / 1000) + seconds };
  return `${[{ alg: "none" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.c2ln`;
}
