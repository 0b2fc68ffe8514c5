import type { IncomingMessage, ServerResponse } from "node:http";
import type { Sign } from "../../src/knowledge/registries/registry.ts";
import { sharedCertificate } from "./certificates.ts";
import { answer, type Handler } from "./registry-faults.ts";
import { buildImage } from "./registry-images.ts";
import { RequestLedger } from "./registry-ledger.ts";
import { type Listener, listen } from "./registry-listener.ts";
import { type ConnectProxy, startConnectProxy } from "./registry-proxy.ts";

/** One answer of a registry as it was seen or documented, from `test/recordings/registries`. */
export interface RecordedAnswer {
  readonly case: string;
  readonly step: "manifest" | "token";
  readonly method: "HEAD" | "GET" | "POST";
  readonly status: number;
  /** Whether it was the answer to somebody with a login. */
  readonly withLogin: boolean;
  /** How the request that it answers was authorised. */
  readonly scheme?: "basic" | "bearer";
  readonly challengeError?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly source: readonly string[];
  readonly means: string;
  readonly why?: string;
}

export interface Replay extends AsyncDisposable {
  readonly ledger: RequestLedger;
  /** For HTTPS_PROXY: the only way to the host that is played. */
  readonly proxyUrl: string;
  readonly proxy: ConnectProxy;
}

const image = buildImage({ repository: "shop/web", tags: ["v1"] });

/**
 * Plays a registry that answers as recorded, under its real name: everything before the recorded step goes well, the step itself is
 * answered word for word, and whoever asks without the login that the recording had is told to log in.
 * `sign` is what gives the software away where the host does not.
 */
export async function replayDialect(recorded: RecordedAnswer, host: string, sign?: Sign): Promise<Replay> {
  const ledger = new RequestLedger();
  const handler = playing(recorded, host, sign);
  const server: Listener = await listen(
    (request, response) => {
      const entry = ledger.note(request, `https://${request.headers.host ?? ""}`);
      response.on("close", () => {
        entry.status = response.statusCode;
      });
      return handler(request, response);
    },
    { certificate: await sharedCertificate([host], []) },
  );
  const proxy = await startConnectProxy((target) => (target === `${host}:443` ? server : { status: 403 }));
  return {
    ledger,
    proxy,
    proxyUrl: `http://127.0.0.1:${proxy.port}`,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([server.close(), proxy.close()]);
    },
  };
}

function playing(recorded: RecordedAnswer, host: string, sign: Sign | undefined): Handler {
  const realmPath = sign?.realmPath ?? "/token";
  const service = sign?.service === "the host itself" ? host : (sign?.service ?? host);
  const bearer = recorded.step === "token" || recorded.scheme === "bearer";
  const challenge = (error?: string) =>
    bearer
      ? `Bearer realm="https://${host}${realmPath}",service="${service}",scope="repository:shop/web:pull"${error === undefined ? "" : `,error="${error}"`}`
      : 'Basic realm="registry"';
  const replayed = (request: IncomingMessage, response: ServerResponse) => {
    const needsChallenge = recorded.status === 401 && recorded.step === "manifest" && bearer;
    // The recordings write `x` for the registry's own host.
    for (const [name, value] of Object.entries(recorded.headers ?? {})) {
      response.setHeader(name, value.replaceAll("https://x/", `https://${host}/`));
    }
    if (needsChallenge && recorded.challengeError !== undefined) {
      response.setHeader("www-authenticate", challenge(recorded.challengeError));
    } else if (recorded.status === 401 && recorded.headers?.["www-authenticate"] === undefined) {
      response.setHeader("www-authenticate", challenge());
    }
    if (recorded.contentType !== undefined) response.setHeader("content-type", recorded.contentType);
    if (recorded.means === "granted" && recorded.step === "manifest") return sendImage(response);
    return answer(response, recorded.status, request.method === "HEAD" ? "" : (recorded.body ?? ""));
  };
  const wantsLogin = (response: ServerResponse) => {
    response.setHeader("www-authenticate", challenge());
    return answer(response, 401, { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] });
  };
  const realm = /realm="https:\/\/[^/"]+(\/[^"?]*)/.exec(recorded.headers?.["www-authenticate"] ?? "")?.[1];
  const tokenPaths = [realmPath, ...(realm === undefined ? [] : [realm])];
  // Recorded before any token was asked for: then none is given to nobody.
  const nobodyMayAsk = recorded.withLogin || recorded.step !== "manifest" || recorded.scheme !== undefined;
  const loginIsBad = /^(wrong_password|expired|suspended)/.test(recorded.case);
  const tagsAreTold = recorded.case.startsWith("tag_") || recorded.means === "absent" || recorded.step !== "manifest";
  return (request, response) => {
    // A page comes from something that stands before the registry, and shows none of its signs.
    if (recorded.contentType !== "text/html") {
      response.setHeader("docker-distribution-api-version", "registry/2.0");
      if (sign?.header !== undefined) response.setHeader(sign.header[0], sign.header[1]);
    }
    const { pathname, searchParams } = new URL(request.url ?? "/", "https://replay.invalid");
    const header = request.headers.authorization;
    if (tokenPaths.includes(pathname)) {
      // Token servers that know POST are fewer than those that do not.
      if (request.method === "POST") return answer(response, 405, "");
      const isThis = (header !== undefined) === recorded.withLogin;
      const granted = recorded.step === "token" && recorded.status === 200;
      if (granted && isThis && searchParams.has("scope")) return answer(response, 200, { token: "nobody" });
      if (recorded.step === "token" && isThis && searchParams.has("scope")) return replayed(request, response);
      if (header !== undefined && loginIsBad && !searchParams.has("scope")) return wantsLogin(response);
      if (header === undefined && !nobodyMayAsk) return wantsLogin(response);
      const token = header === undefined ? "nobody" : "somebody";
      return answer(response, 200, { token, expires_in: 300 });
    }
    const asksAs = header === undefined || header === "Bearer nobody" ? "nobody" : "somebody";
    const isThis = (asksAs === "somebody") === recorded.withLogin || recorded.scheme === undefined;
    if (pathname.includes("/manifests/") && pathname.includes("/shop/web/")) {
      if (bearer && header === undefined) return wantsLogin(response);
      if (recorded.step === "manifest" && isThis) return replayed(request, response);
      return asksAs === "somebody" ? sendImage(response) : wantsLogin(response);
    }
    if (asksAs === "nobody" && !isThis) return wantsLogin(response);
    if (pathname.endsWith("/shop/web/tags/list")) {
      if (!tagsAreTold) return replayed(request, response);
      return recorded.means !== "repository-absent"
        ? answer(response, 200, { name: "shop/web", tags: ["v2", "v3"] })
        : answer(response, 404, {
            errors: [{ code: "NAME_UNKNOWN", message: "repository name not known to registry" }],
          });
    }
    const blob = image.blobs.find(({ digest }) => pathname.endsWith(`/blobs/${digest}`));
    if (blob !== undefined) return answer(response, 200, blob.bytes.toString("utf8"));
    return answer(response, 404, {
      errors: [{ code: "NAME_UNKNOWN", message: "repository name not known to registry" }],
    });
  };
}

function sendImage(response: ServerResponse): ServerResponse {
  response.setHeader("docker-content-digest", image.root.digest);
  response.setHeader("content-type", image.root.mediaType);
  response.statusCode = 200;
  response.setHeader("content-length", image.root.bytes.length);
  return response.end(image.root.bytes);
}
