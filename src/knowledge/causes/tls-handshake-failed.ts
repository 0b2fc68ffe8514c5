import { defineCause } from "./cause.ts";

export const tlsHandshakeFailed = defineCause({
  code: "tls-handshake-failed",
  family: "tls",
  title: "The TLS handshake was refused",
  explanation:
    "One side ended the handshake with an alert: no common protocol version or cipher, an unknown server name, or a client certificate that the server wants and the node does not send.",
  retryable: false,
  looks: {
    all: "`remote error: tls: handshake failure`; `tls: certificate required`; `unrecognized name`; `server selected unsupported protocol version`",
  },
  toldFrom: {
    "connection-reset": "there the connection was closed without an alert",
    "tls-client-certificate-required": "one reason for it, which a probe can show",
  },
  wordings: [],
  remedies: () => [
    {
      title: "From the node, look which version, cipher and certificate the server asks for",
      command: "openssl s_client -connect HOST:443 -servername HOST </dev/null",
    },
  ],
  examples: [],
});
