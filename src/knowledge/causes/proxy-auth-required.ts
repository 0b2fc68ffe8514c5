import { defineCause } from "./cause.ts";

export const proxyAuthRequired = defineCause({
  code: "proxy-auth-required",
  family: "proxy",
  title: "The proxy wants a login",
  explanation:
    "The HTTP proxy between node and registry answered 407. The login belongs in the proxy URL of the runtime's service; pull secrets are for registries and do not help.",
  retryable: false,
  looks: {
    all: "`Proxy Authentication Required` after the URL",
  },
  toldFrom: {
    unauthorized: "401 comes from the registry, 407 from the proxy",
  },
  wordings: [
    {
      writtenBy: "proxy",
      stage: "proxy",
      pattern:
        /\bProxy Authentication Required\b|\bProxy Authorization Required\b|\bauthenticationrequired\b|\b407\b.{0,40}\bproxy\b/i,
      example: 'Head "https://reg.test/v2/web/manifests/1": Proxy Authentication Required',
      source: "golang/go src/net/http/transport.go (dialConn)",
    },
    {
      writtenBy: "proxy",
      stage: "proxy",
      pattern: /^/,
      when: (text) => text.facts.status === 407,
      example: "unexpected status from HEAD request to https://reg.test/v2/web/manifests/1: 407 authenticationrequired",
      source: "https://www.rfc-editor.org/rfc/rfc9110#name-407-proxy-authentication-re",
    },
  ],
  remedies: () => [
    { title: "Put the proxy's login into the runtime's proxy setting, or exempt the registry with NO_PROXY" },
  ],
  examples: [],
});
