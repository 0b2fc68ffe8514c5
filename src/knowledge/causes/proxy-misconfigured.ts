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
  wordings: [],
  remedies: () => [
    {
      title: "Correct the proxy URL (usually `http://HOST:PORT` even for HTTPS_PROXY) and restart the runtime",
      command: "systemctl show containerd crio docker --property=Environment",
    },
  ],
  examples: [],
});
