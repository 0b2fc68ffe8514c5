import { defineCause } from "./cause.ts";

export const dnsNxdomain = defineCause({
  code: "dns-nxdomain",
  family: "dns",
  title: "The registry's name does not exist for the node's resolver",
  explanation:
    "The DNS server answered that there is no such name. Either the host in the image reference is misspelt, or it lives in a private zone that the node's resolver does not see. The node resolves names itself; cluster DNS is not involved.",
  retryable: false,
  looks: {
    all: "`dial tcp: lookup HOST on SERVER:53: no such host`",
  },
  toldFrom: {
    "proxy-unreachable": "after `proxyconnect` the missing name is the proxy's",
    "dns-server-failure": "there the server failed, here it answered",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "dns",
      pattern: /\bno such host\b|\bNo such host is known\b/i,
      example: "dial tcp: lookup reg.test on 192.0.2.53:53: no such host",
      source: "golang/go src/net/dnsclient_unix.go (errNoSuchHost)",
    },
    {
      writtenBy: "libc",
      stage: "dns",
      pattern:
        /\blookup .*\b(?:Name or service not known|No address associated with (?:hostname|name)|nodename nor servname provided|Name does not resolve|no data of the requested type was found|no suitable address)/i,
      example: "dial tcp: lookup reg.test: Name or service not known",
      source: "golang/go src/net/cgo_unix.go (EAI_NONAME)",
    },
  ],
  remedies: () => [
    { title: "Check the host's spelling in the image name; resolve it on the node", command: "getent hosts HOST" },
  ],
  examples: [],
});
