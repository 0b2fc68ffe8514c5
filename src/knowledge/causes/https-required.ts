import { defineCause } from "./cause.ts";

export const httpsRequired = defineCause({
  code: "https-required",
  family: "tls",
  title: "The registry wants HTTPS and was spoken to in plain HTTP",
  explanation:
    "The node's configuration says plain HTTP for this host, and the server expects TLS. The wrong port, or a leftover `insecure` entry, is the usual reason.",
  retryable: false,
  looks: {
    containerd: '`malformed HTTP response "\\\\x15\\\\x03\\\\x01…"`; a 400 for an `http://` URL',
    "CRI-O": "`The plain HTTP request was sent to HTTPS port`",
    Docker: "the same sentence in the body",
  },
  toldFrom: {
    "registry-bad-request": "there the URL is https",
    "http-response-to-https": "the reverse",
  },
  wordings: [],
  remedies: () => [{ title: "Remove the plain-HTTP or insecure entry for this host from the runtime's configuration" }],
  examples: [],
});
