import { defineCause } from "./cause.ts";

export const notARegistryEndpoint = defineCause({
  code: "not-a-registry-endpoint",
  family: "registry",
  title: "Something answers, but it is not a registry",
  explanation:
    "The host answers HTTP, but not as a registry: a login page, a web server's error page, a redirect loop, or a challenge without a realm. The host or path is wrong, or something on the way answers in the registry's place.",
  retryable: false,
  looks: {
    containerd:
      "`unexpected media type text/html for sha256:…: not found`; `stopped after 10 redirects`; `no realm specified`",
    "CRI-O": "`invalid character '<' looking for beginning of value`",
    Docker: "`error parsing HTTP 404 response body: invalid character '<' …`",
  },
  toldFrom: {
    "proxy-rejected": "an error page may be the proxy's; read its words",
    "permission-denied": "an error page with 403 may be a real refusal",
  },
  wordings: [],
  remedies: () => [{ title: "Ask the host for /v2/ and see who answers", command: "curl -sv https://HOST/v2/" }],
  examples: [],
});
