import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { nameWord, onTheNode } from "../evidence/node-remedies.ts";
import { registryOf } from "../evidence/symptoms.ts";
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
  decide(file) {
    const finding = networkVerdict(file, { code: "dns-nxdomain", fault: "dns-nxdomain" });
    const host = registryOf(file);
    if (finding === undefined || host === undefined || !isClusterName(host)) return finding;
    return {
      ...finding,
      detail:
        "The name ends like a Service's. Nodes do not ask the cluster's DNS, so a Service name cannot be used in an image name.",
    };
  },
  remedies: (file) => [
    onTheNode(file, "look the name up", `getent hosts ${nameWord(file)}`),
    {
      title: "Compare with the answer from here, and check the host's spelling in the image name",
      command: `getent hosts ${nameWord(file)}`,
    },
  ],
  examples: networkExamples("dns-nxdomain", "possible"),
});

/** Service names, which the node's resolver does not know (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/). */
function isClusterName(host: string): boolean {
  return /\.(svc|svc\.[\w.-]+|cluster\.local)(:\d+)?$/.test(host);
}
