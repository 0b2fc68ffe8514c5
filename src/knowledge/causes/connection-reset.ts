import { defineCause } from "./cause.ts";

export const connectionReset = defineCause({
  code: "connection-reset",
  family: "network",
  title: "The connection was closed by the other side",
  explanation:
    "The registry, or something on the way to it, closed the connection before an answer was complete. Load balancers, firewalls that filter by name, and idle limits do this; a single occurrence mends itself.",
  retryable: true,
  looks: {
    all: '`read: connection reset by peer`; `Head "URL": EOF`; `use of closed network connection`',
  },
  toldFrom: {
    "transfer-interrupted": "there it happened in the middle of a layer",
    "tls-handshake-failed": "there the peer sent a TLS alert",
    "blob-store-blocked": "there the host is the one that serves layers",
  },
  wordings: [],
  remedies: () => [
    {
      title: "Repeat the request from the node; if it fails each time, look for a firewall or proxy that ends it",
      command: "curl -sv https://HOST/v2/",
    },
  ],
  examples: [],
});
