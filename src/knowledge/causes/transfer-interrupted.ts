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
  wordings: [],
  remedies: () => [
    { title: "Try again; if it fails at the same size each time, look for a limit of a proxy or load balancer" },
  ],
  examples: [],
});
