import { defineCause } from "./cause.ts";

export const registryBadRequest = defineCause({
  code: "registry-bad-request",
  family: "registry",
  title: "The registry did not understand the request",
  explanation:
    "The registry answered with a 4xx that is none of the usual ones. A name the registry does not allow, a mangled digest, or a proxy that alters requests can be behind it.",
  retryable: false,
  looks: {
    containerd: "`unexpected status …: 400 Bad Request`",
    "CRI-O": "`StatusCode: 400, …`",
    Docker: "`name invalid: …`; `unexpected status resolving reader: 400 Bad Request`",
  },
  toldFrom: {
    "https-required": "there the URL is plain http and the server wants TLS",
    "blob-store-blocked": "there a signed layer URL has run out",
  },
  wordings: [],
  remedies: () => [
    { title: "Ask the registry with GET and read the body of its answer", command: "curl -s https://HOST/v2/" },
  ],
  examples: [],
});
