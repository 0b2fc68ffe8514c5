import { manifestsSeen } from "../evidence/answers.ts";
import { asked, granted, said } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { shortened, symptomEvidence } from "../evidence/sentences.ts";
import { sameHost, toldByTheNode, toldCode } from "../evidence/symptoms.ts";
import { shellWord } from "../registries/shell-word.ts";
import { defineCause } from "./cause.ts";

const cut = { blobsReachable: false, blobHost: "cdn.example.com", blobFault: "connect-timeout" } as const;

/** What a pull ends in where the layers do not come and the text does not say so. */
const endsWithoutAPlace: ReadonlySet<string> = new Set(["pull-timeout", "pull-canceled", "transfer-interrupted"]);

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
  wordings: [
    {
      writtenBy: "go",
      stage: "network",
      pattern:
        /\bi\/o timeout\b|\btimed out\b|\bconnection refused\b|\bno route to host\b|\bnetwork is unreachable\b|\bwaiting for connection\b|\bconnection attempt failed\b|\bactively refused it\b/,
      opens: true,
      when: (text) =>
        text.facts.foreignHost === "blob-store" ||
        (text.facts.url === undefined && text.heads.some((head) => head === "config" || head === "download")),
      example:
        'failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://shoplayers.blob.core.windows.net/0a?sig=X": dial tcp 192.0.2.20:443: i/o timeout',
      source: "containerd/containerd core/remotes/docker/httpreadseeker.go",
    },
    {
      // No registry answers in XML; the stores that they redirect to do. Who lacks a permission is named in the same answer.
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /<Error>(?:\s|\\n){0,4}<Code>(?:AccessDenied|AllAccessDisabled|AuthenticationFailed|AuthorizationFailure|AuthorizationQueryParametersError|ExpiredToken|InvalidAccessKeyId|InvalidToken|PublicAccessNotPermitted|RequestExpired|RequestTimeTooSkewed|SignatureDoesNotMatch)<(?!.*does not have)/,
      alternatives: ["permission-denied", "ip-not-allowed", "proxy-rejected"],
      example:
        "error pulling image configuration: error parsing HTTP 403 response body: invalid character '<' looking for beginning of value: \"<Error><Code>SignatureDoesNotMatch</Code></Error>\"",
      source: "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
    },
    {
      writtenBy: "registry",
      stage: "code",
      pattern: /^/,
      opens: true,
      when: (text) => text.facts.foreignHost === "blob-store" && [400, 401, 403].includes(text.facts.status ?? 0),
      alternatives: ["permission-denied", "proxy-rejected", "ip-not-allowed"],
      example:
        "failed to copy: httpReadSeeker: failed open: unexpected status from GET request to https://d0a1.cloudfront.net/shop/0a: 403 Forbidden",
      source: "containerd/containerd core/remotes/docker/httpreadseeker.go",
    },
  ],
  decide(file) {
    const seen = manifestsSeen(file).find(
      ({ facts }) => facts.blobsReachable === false && facts.blobFault !== "absent",
    );
    const told = toldByTheNode(file);
    if (seen === undefined) return saidByTheNode(file, "blob-store-blocked");
    const { blobHost, blobFault } = seen.facts;
    const host = shortened(blobHost ?? "the host of the layers", 120);
    const here = {
      source: "probe",
      text: `Asked from here, the registry gives the manifest and sends to ${host} for the layers, which ${blobFault === "refused" ? "refuses" : "cannot be reached"}${blobFault === undefined || blobFault === "refused" ? "" : ` (${blobFault})`}`,
      at: file.now,
    };
    const title = `The layers come from ${host}, which cannot be reached`;
    const sameBlobHost =
      told?.facts.host !== undefined && blobHost !== undefined && sameHost(told.facts.host, blobHost);
    if (told !== undefined && (told.code === "blob-store-blocked" || (sameBlobHost && told.code === blobFault)))
      return {
        certainty: told.facts.host === undefined || sameBlobHost ? "certain" : "likely",
        title,
        evidence: [here, symptomEvidence(told)],
      };
    const code = toldCode(file);
    if (code !== undefined && !endsWithoutAPlace.has(code)) return undefined;
    return {
      certainty: code === undefined ? "likely" : "possible",
      title,
      evidence: [here],
      detail: "This was seen from this machine; the node may reach that host.",
    };
  },
  remedies: (file) => {
    const host =
      manifestsSeen(file).find(({ facts }) => facts.blobHost !== undefined)?.facts.blobHost ??
      toldByTheNode(file)?.facts.host;
    return [
      {
        title: `Allow ${host === undefined ? "the host that the registry sends to for its layers" : host} at firewall and proxy`,
      },
      ...(host === undefined
        ? []
        : [
            onTheNode(
              file,
              "see whether that host answers (any HTTP status will do)",
              `curl -sv --max-time 20 ${shellWord(`https://${host}/`)}`,
            ),
          ]),
    ];
  },
  examples: [
    {
      name: "node and probe cannot reach the host of the layers",
      file: { symptoms: [said("blob-store-blocked", { host: "cdn.example.com" })], probes: [asked(granted(cut))] },
      finds: "certain",
    },
    { name: "only from here, the node names no cause", file: { probes: [asked(granted(cut))] }, finds: "likely" },
    {
      name: "only the node's text says so",
      file: { symptoms: [said("blob-store-blocked")], probes: [asked(granted())] },
      finds: "likely",
    },
    {
      name: "near miss: only from here, and the node's disk is full",
      file: { symptoms: [said("disk-full")], probes: [asked(granted(cut))] },
      finds: undefined,
    },
  ],
});
