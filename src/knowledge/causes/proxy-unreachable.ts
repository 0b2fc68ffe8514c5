import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { onTheNode, runtimeEnvironment } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const proxyUnreachable = defineCause({
  code: "proxy-unreachable",
  family: "proxy",
  title: "The proxy configured on the node does not answer",
  explanation:
    "The runtime is told to use an HTTP proxy, and the proxy's name or address does not answer. The registry was never asked. The setting belongs to the runtime's service, not to the pod.",
  retryable: true,
  looks: {
    all: "`proxyconnect tcp: dial tcp ADDRESS:PORT: …`",
  },
  toldFrom: {
    "connect-refused": "without `proxyconnect` the address is the registry's",
    "dns-nxdomain": "without `proxyconnect` the name is the registry's",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "proxy",
      pattern: /\bproxyconnect tcp: (?:dial|lookup|read|write|EOF|net\/http|context|i\/o)|\bsocks connect\b/,
      alternatives: ["proxy-misconfigured"],
      example:
        'Head "https://reg.test/v2/web/manifests/1": proxyconnect tcp: dial tcp 192.0.2.8:3128: connect: connection refused',
      source: "golang/go src/net/http/transport.go (dialConn)",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "proxy-unreachable", fault: "proxy-unreachable" }),
  remedies: (file) => [
    onTheNode(
      file,
      "read the proxy setting of the runtime's service; correct it and restart the runtime",
      runtimeEnvironment,
    ),
  ],
  examples: networkExamples("proxy-unreachable", "possible"),
});
