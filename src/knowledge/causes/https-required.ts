import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { hostWord, onTheNode } from "../evidence/node-remedies.ts";
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
  wordings: [
    {
      writtenBy: "registry",
      stage: "tls",
      pattern:
        /\bplain HTTP request was sent to HTTPS port\b|\bsent an HTTP request to an HTTPS server\b|\bspeaking plain HTTP to an SSL-enabled server port\b|\bmalformed HTTP response "\\+x15\\+x03/i,
      example: 'StatusCode: 400, "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>"',
      source: "nginx/nginx src/http/ngx_http_special_response.c; golang/go src/net/http/server.go",
    },
    {
      writtenBy: "containerd",
      stage: "code",
      pattern: /^400\b/,
      when: (text) => text.scheme === "http",
      alternatives: ["registry-bad-request"],
      example:
        'failed to resolve reference "reg.test:5000/web:1": unexpected status from HEAD request to http://reg.test:5000/v2/web/manifests/1: 400 Bad Request',
      source: "containerd/containerd core/remotes/errors/errors.go",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "https-required", fault: "https-required", ofTheServer: true }),
  remedies: (file) => [
    onTheNode(
      file,
      "find the plain-HTTP or insecure entry for this host and remove it",
      `grep -rn ${hostWord(file)} /etc/containerd /etc/containers /etc/docker`,
    ),
  ],
  examples: networkExamples("https-required", "likely"),
});
