import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { onTheNode, runtimeEnvironment } from "../evidence/node-remedies.ts";
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
  decide: (file) => networkVerdict(file, { code: "proxy-auth-required", fault: "proxy-auth-required" }),
  remedies: (file) => [
    onTheNode(
      file,
      "read the proxy setting of the runtime's service: it lacks a login, or the registry must be in NO_PROXY",
      runtimeEnvironment,
    ),
  ],
  examples: networkExamples("proxy-auth-required", "possible"),
});
