import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { askRegistry, onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const connectRefused = defineCause({
  code: "connect-refused",
  family: "network",
  title: "Nothing listens at the registry's address",
  explanation:
    "The connection was refused: the host is up, but no program listens on that port, or a firewall answers with a reset. With `localhost` or `127.0.0.1` the node itself is meant, not the machine where the image was built.",
  retryable: true,
  looks: {
    containerd: "`dial tcp ADDRESS:PORT: connect: connection refused`",
    "CRI-O": "the same behind `pinging container registry HOST`; from 1.28 prefixed `RegistryUnavailable: `",
    Docker: "the same; old: `getsockopt: connection refused`",
  },
  toldFrom: {
    "proxy-unreachable": "after `proxyconnect` the address is the proxy's",
    "dns-unreachable": "with `read udp … :53` it is the DNS server",
    "runtime-unavailable": "with `dial unix` it is the runtime's socket",
    "mirror-failed": "the address belongs to a mirror of the node's configuration",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "network",
      pattern: /\bconnection refused\b|\bNo connection could be made because the target machine actively refused it\b/i,
      example: "dial tcp 192.0.2.10:443: connect: connection refused",
      source: "golang/go src/syscall/zerrors_linux_amd64.go (ECONNREFUSED)",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "connect-refused", fault: "connect-refused" }),
  remedies: (file) => [
    {
      title: "Check that the registry runs and that host and port in the image name are right; from here",
      command: askRegistry(file),
    },
    onTheNode(file, "the same from where the pull is made", askRegistry(file)),
  ],
  examples: networkExamples("connect-refused", "possible"),
});
