import { textExamples } from "../evidence/example-parts.ts";
import { onTheNode, runtimeEnvironment } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const proxyMisconfigured = defineCause({
  code: "proxy-misconfigured",
  family: "proxy",
  title: "The node's proxy setting is wrong",
  explanation:
    "The proxy URL is written wrongly: `https://` for a proxy that speaks plain HTTP, a doubled scheme, or none; or an internal registry is missing from NO_PROXY.",
  retryable: false,
  looks: {
    all: "`proxyconnect tcp: tls: first record does not look like a TLS handshake`; `lookup http:`; `unknown scheme`; `invalid proxy address`",
  },
  toldFrom: {
    "http-response-to-https": "without `proxyconnect` it is the registry that speaks plain HTTP",
    "proxy-unreachable": "there the setting is well-formed and the proxy silent",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "proxy",
      pattern:
        /\bfirst record does not look like a TLS handshake\b|\bserver gave HTTP response to HTTPS client\b|\blookup https?:? |\blookup https?:?$|\bmalformed HTTP response\b|\btoo many colons in address\b|\bmissing port in address\b|\bunknown port\b|\boversized record received\b|\binvalid port\b/,
      when: (text) => text.proxied,
      example: 'Get "https://reg.test/v2/": proxyconnect tcp: tls: first record does not look like a TLS handshake',
      source: "golang/go src/crypto/tls/conn.go",
    },
    {
      writtenBy: "go",
      stage: "proxy",
      pattern: /\bproxyconnect tcp: (?:tls: failed to verify|x509: )/,
      alternatives: ["proxy-unreachable", "tls-unknown-ca"],
      example:
        'Get "https://reg.test/v2/": proxyconnect tcp: tls: failed to verify certificate: x509: certificate signed by unknown authority',
      source:
        "golang/go src/net/http/transport.go (dialConn: the proxy's own certificate, where the proxy is https://)",
    },
    {
      writtenBy: "go",
      stage: "proxy",
      pattern:
        /\binvalid proxy (?:address|URL)\b|\bproxy: unknown scheme\b|\bunknown scheme: |\bunsupported proxy scheme\b|\bparse "[^"]*": (?:first path segment|invalid (?:port|control|character))|\blookup https?:? on \S+: no such host\b/,
      example:
        'Get "https://reg.test/v2/": invalid proxy address "http//proxy.test:3128": parse "http//proxy.test:3128": first path segment in URL cannot contain colon',
      source: "golang/go vendor/golang.org/x/net/http/httpproxy/proxy.go",
    },
  ],
  remedies: (file) => [
    onTheNode(
      file,
      "read the proxy URL (its scheme is usually http://, for HTTPS_PROXY too), correct it and restart the runtime",
      runtimeEnvironment,
    ),
  ],
  examples: textExamples("proxy-misconfigured"),
});
