import { defineCause } from "./cause.ts";

export const proxyRejected = defineCause({
  code: "proxy-rejected",
  family: "proxy",
  title: "The proxy refuses to connect to the registry",
  explanation:
    "The HTTP proxy answered the CONNECT request with a refusal. Go prints only the status words after the URL, which tells it from an answer of the registry.",
  retryable: false,
  looks: {
    all: '`Get "URL": Forbidden`, `Bad Gateway`, `Service Unavailable`, or a vendor\'s words, with nothing else',
  },
  toldFrom: {
    "permission-denied": "a registry's 403 is printed as `unexpected status … 403` or with an error code",
    "registry-server-error": "a registry's 5xx is printed with its number",
  },
  wordings: [],
  remedies: () => [
    {
      title:
        "Have the registry, its token server and its layer host allowed at the proxy, or exempt them with NO_PROXY",
    },
  ],
  examples: [],
});
