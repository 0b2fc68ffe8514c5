import { createPrivateKey, randomUUID, sign, X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import type { KeyPair } from "../../test/support/certificates.ts";

export interface TokenServiceOptions {
  readonly port: number;
  readonly certificate: KeyPair;
  /** Signs the tokens; its certificate is issued by the authority in the registry's `rootcertbundle`. */
  readonly signer: KeyPair;
  readonly issuer: string;
  readonly service: string;
  readonly users: Readonly<Record<string, string>>;
  /** Repositories that each user may pull. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
}

/**
 * A token server for docker-registry's `auth: token`: GET with Basic, JWTs signed with ES256 and the certificate in `x5c`
 * (https://distribution.github.io/distribution/spec/auth/jwt/). POST is not known, as with most token servers.
 */
export async function startTokenService(options: TokenServiceOptions): Promise<{ close(): Promise<void> }> {
  const server = createServer({ ...options.certificate }, (request, response) => {
    const url = new URL(request.url ?? "/", "https://auth.invalid");
    const reply = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (url.pathname !== "/token") return reply(404, {});
    if (request.method !== "GET") return reply(405, {});
    const login = /^Basic (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const [user = "", password] = login === undefined ? [] : Buffer.from(login, "base64").toString("utf8").split(":");
    if (login !== undefined && options.users[user] !== password) {
      return reply(401, { errors: [{ code: "UNAUTHORIZED", message: "incorrect username or password" }] });
    }
    const granted = options.grants[user] ?? [];
    const access = url.searchParams.getAll("scope").flatMap((scope) => {
      const [type = "", name = "", actions = ""] = scope.split(":");
      const may = granted.includes(name) && actions.split(",").includes("pull");
      return [{ type, name, actions: may ? ["pull"] : [] }];
    });
    return reply(200, { token: makeToken(options, user, access), expires_in: 300 });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function makeToken(options: TokenServiceOptions, user: string, access: readonly object[]): string {
  const now = Math.floor(Date.now() / 1000);
  const chain = options.signer.cert.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const header = {
    typ: "JWT",
    alg: "ES256",
    x5c: chain.map((pem) => new X509Certificate(pem).raw.toString("base64")),
  };
  const claims = {
    iss: options.issuer,
    aud: options.service,
    sub: user,
    iat: now,
    nbf: now - 30,
    exp: now + 300,
    jti: randomUUID(),
    access,
  };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const signature = sign("sha256", Buffer.from(text), {
    key: createPrivateKey(options.signer.key),
    dsaEncoding: "ieee-p1363",
  });
  return `${text}.${signature.toString("base64url")}`;
}
