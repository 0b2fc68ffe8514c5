import { textExamples } from "../evidence/example-parts.ts";
import { imageWord, onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const transferInterrupted = defineCause({
  code: "transfer-interrupted",
  family: "transfer",
  title: "The connection broke in the middle of a layer",
  explanation:
    "The registry was reached and a layer was on its way when the connection ended. Slow links, idle limits of proxies and load balancers, and restarts do this. The runtime tries again.",
  retryable: true,
  looks: {
    containerd:
      "`failed to copy: unexpected EOF`; `read: connection reset` after `failed to copy`; `stream error: stream ID N; INTERNAL_ERROR`",
    "CRI-O": "`happened during read: unexpected EOF`",
    Docker: "`unexpected EOF`; `download failed after attempts=6: …`",
  },
  toldFrom: {
    "connection-reset": "there no layer was on its way",
    "digest-mismatch": "there everything arrived, and wrong",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "phrase",
      pattern:
        /\bunexpected EOF(?! from backend)\b|\bstream error: stream ID \d+|\bheuristic tuning data\b|\bafter reconnecting\b|\bfailed to read expected number of bytes\b|\bshort read\b|\btls: bad record MAC\b/,
      when: (text) => text.facts.operation !== "unpack",
      // A length that the server did not keep looks the same as a connection that broke off.
      alternatives: ["blob-store-blocked", "disk-io-error", "digest-mismatch"],
      example: 'failed to pull and unpack image "reg.test/web:1": failed to copy: unexpected EOF',
      source: "golang/go src/io/io.go; containers/container-libs image/docker/body_reader.go",
    },
    {
      // The runtime asked for the rest of a layer, and got something else.
      writtenBy: "docker",
      stage: "phrase",
      pattern:
        /\bfrom byte range request\b|\bContent-Range\b|\bunhandled content range\b|\bcontent range requests ignored\b|\bunable to discard to offset\b|\bserver doesn't support byte ranges\b|\bnot enough data returned from the server\b|\b(?:invalid number of chunks|too many parts) returned by the server\b/i,
      alternatives: ["proxy-misconfigured", "mirror-failed", "registry-server-error"],
      example: "failed to register layer: expected HTTP 206 from byte range request",
      source:
        "distribution/distribution internal/client/transport/http_reader.go; containers/container-libs image/docker/body_reader.go; containerd/containerd core/remotes/docker/fetcher.go",
    },
    {
      writtenBy: "cri-o",
      stage: "phrase",
      pattern: /\S/,
      when: (text) => text.heads.at(-1) === "reading",
      alternatives: ["connection-reset", "blob-store-blocked"],
      example:
        "writing blob: happened during read: read tcp 192.0.2.7:40000->192.0.2.10:443: read: connection reset by peer",
      source: "containers/container-libs image/docker/body_reader.go",
    },
    {
      // The step is known, and nothing else of what stopped it.
      writtenBy: "docker",
      stage: "summary",
      pattern: /\S/,
      when: (text) => text.heads.at(-1) === "download",
      alternatives: [
        "connection-reset",
        "blob-store-blocked",
        "blob-not-found",
        "not-a-registry-endpoint",
        "permission-denied",
        "rate-limited",
        "registry-server-error",
        "unauthorized",
      ],
      example: "error pulling image configuration: download failed after attempts=6: the other side gave up",
      source: "moby/moby daemon/internal/distribution/xfer/download.go",
    },
    {
      writtenBy: "go",
      stage: "phrase",
      pattern: /\bi\/o timeout\b|\bconnection timed out\b|\bread tcp .*deadline exceeded\b/,
      when: (text) => text.facts.operation === "blob" && !text.words.includes("dial tcp"),
      alternatives: ["response-timeout", "pull-timeout"],
      example: "failed to copy: read tcp 192.0.2.7:40000->192.0.2.10:443: i/o timeout",
      source: "golang/go src/net/net.go",
    },
  ],
  remedies: (file) => [
    onTheNode(
      file,
      "pull again by hand; if it breaks at the same size each time, look for a limit of a proxy or load balancer",
      `crictl pull ${imageWord(file)}`,
    ),
  ],
  examples: textExamples("transfer-interrupted"),
});
