export const registryPort = 5000;
/** Nobody listens here. */
export const closedPort = 5009;
const tokenPort = 5001;
/** Of all that is hashed here. */
export const noDigest = "0".repeat(64);

const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [
    {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: `sha256:${noDigest}`,
      size: 2,
      platform: { os: "linux", architecture: "amd64" },
    },
  ],
});

/**
 * What the made-up registry and its token service answer to a request as it comes over the wire: `denied` is shown to
 * nobody, `absent` is not there, `public` is. Logins are refused.
 */
export function answerOfRegistry(request: string, port: number): string {
  const [line = ""] = request.split("\r\n");
  const [method = "GET", path = "/"] = line.split(" ");
  const authorization = /\r\nauthorization: (\w+)/i.exec(request)?.[1];
  const head = method === "HEAD";
  if (port === tokenPort)
    return method === "GET" && authorization === undefined
      ? response(200, { token: "none", expires_in: 300 }, head)
      : response(401, refusal("UNAUTHORIZED", "authentication required"), head);
  if (authorization === undefined || path.includes("/denied/"))
    return response(401, refusal("UNAUTHORIZED", "authentication required"), head, [
      `www-authenticate: Bearer realm="https://registry.example:${tokenPort}/token",service="registry"`,
    ]);
  if (path.includes("/tags/list")) return response(200, { name: "shop/absent", tags: ["v2"] }, head);
  if (path.includes("/absent/")) return response(404, refusal("MANIFEST_UNKNOWN", "manifest unknown"), head);
  return response(200, manifest, head, [
    "content-type: application/vnd.oci.image.index.v1+json",
    `docker-content-digest: sha256:${noDigest}`,
  ]);
}

function refusal(code: string, message: string) {
  return { errors: [{ code, message, detail: null }] };
}

function response(status: number, content: object | string, head: boolean, lines: readonly string[] = []): string {
  const body = typeof content === "string" ? content : JSON.stringify(content);
  const headers = [...lines, `content-length: ${body.length}`, "docker-distribution-api-version: registry/2.0"];
  return `HTTP/1.1 ${status} None\r\n${headers.join("\r\n")}\r\n\r\n${head ? "" : body}`;
}
