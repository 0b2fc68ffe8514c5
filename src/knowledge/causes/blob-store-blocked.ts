import { defineCause } from "./cause.ts";

export const blobStoreBlocked = defineCause({
  code: "blob-store-blocked",
  family: "transfer",
  title: "The host that serves the layers cannot be reached",
  explanation:
    "The registry answers, but sends clients to another host for the layers (S3, Azure Blob, Google storage, a delivery network), and that host is blocked, silent or refuses.",
  retryable: false,
  looks: {
    containerd: '`failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://OTHER-HOST…": …`',
    "CRI-O": "`fetching blob: …` with another host",
    Docker: "`error pulling image configuration: …`",
  },
  toldFrom: {
    "connect-timeout": "there the registry itself is silent",
    "permission-denied": "a 403 of the layer host is not about the image's rights",
  },
  wordings: [],
  remedies: () => [
    { title: "Allow the layer host named in the text, or the registry's list of hosts, at firewall and proxy" },
  ],
  examples: [],
});
