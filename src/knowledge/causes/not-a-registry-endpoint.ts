import { placeExamples } from "../evidence/example-parts.ts";
import { askRegistry, onTheNode } from "../evidence/node-remedies.ts";
import { registryAnswer } from "../evidence/registry-answer.ts";
import { defineCause } from "./cause.ts";

export const notARegistryEndpoint = defineCause({
  code: "not-a-registry-endpoint",
  family: "registry",
  title: "Something answers, but it is not a registry",
  explanation:
    "The host answers HTTP, but not as a registry: a login page, a web server's error page, a redirect loop, or a challenge without a realm. The host or path is wrong, or something on the way answers in the registry's place.",
  retryable: false,
  looks: {
    containerd:
      "`unexpected media type text/html for sha256:…: not found`; `stopped after 10 redirects`; `no realm specified`",
    "CRI-O": "`invalid character '<' looking for beginning of value`",
    Docker: "`error parsing HTTP 404 response body: invalid character '<' …`",
  },
  toldFrom: {
    "proxy-rejected": "an error page may be the proxy's; read its words",
    "permission-denied": "an error page with 403 may be a real refusal",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bunexpected media type text\/html\b|\bstopped after \d+ redirects\b|\bno (?:realm|scope|service) specified\b|\bmissing realm in bearer auth challenge\b|\bmissing or empty Content-Length header\b|\binvalid token auth challenge realm\b|\bfailed to find supported auth scheme\b|\bdoes not appear to be a (?:v2 |Docker )?registry\b|\bis not a (?:valid )?(?:v2 |Docker )?registry\b|\bmalformed HTTP (?:response|status code)\b|\bunsupported protocol scheme\b|\bcaptive portal\b|\bcan't talk to a V1 (?:docker|container) registry\b/i,
      alternatives: ["auth-server-error", "mirror-failed"],
      example:
        "failed to unpack image on snapshotter overlayfs: unexpected media type text/html for sha256:0a: not found",
      source: "containerd/containerd core/images/handlers.go; core/remotes/docker/auth/fetch.go",
    },
    {
      // A manifest under a type that no manifest has, or under none, or without a byte.
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bcould not fetch content descriptor \S{1,80} \((?!application\/(?:vnd\.|octet-stream))[^)]{0,100}\) from remote\b|\bmissing or empty Content-Type header\b|\breports content size of zero\b/,
      alternatives: ["mirror-failed", "media-type-unsupported", "blob-not-found", "manifest-invalid"],
      example:
        "failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:0a (text/html) from remote: not found",
      source: "containerd/containerd core/remotes/docker/fetcher.go; moby/moby daemon/internal/distribution/pull_v2.go",
    },
    {
      writtenBy: "docker",
      stage: "code",
      pattern:
        /\binvalid character '.{1,4}' (?:looking for beginning of value|after top-level value)|<!DOCTYPE html|<html/i,
      when: (text) => text.facts.status === undefined || [200, 400, 403, 404, 405, 410].includes(text.facts.status),
      alternatives: [
        "proxy-rejected",
        "permission-denied",
        "geo-or-legal-block",
        "registry-quota-or-billing",
        "blob-store-blocked",
        "blob-not-found",
      ],
      example: `error parsing HTTP 404 response body: invalid character '<' looking for beginning of value: "<html><title>404 Not Found</title></html>"`,
      source: "distribution/distribution internal/client/errors.go",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^[23]\d\d\b/,
      when: (text) => text.facts.status !== undefined,
      example: "pulling from host reg.test failed with status code [manifests 1]: 302 Found",
      source: "containerd/containerd core/remotes/errors/errors.go",
    },
  ],
  decide: (file) =>
    registryAnswer(file, { code: "not-a-registry-endpoint", meanings: ["not-a-registry"], byPlace: true }),
  remedies: (file) => [
    {
      title: "See who answers: a registry says 200 or 401 and Docker-Distribution-Api-Version",
      command: askRegistry(file),
    },
    onTheNode(file, "see whether the same answers there, or a proxy or a login page in between", askRegistry(file)),
  ],
  examples: placeExamples("not-a-registry-endpoint", "not-a-registry", 200),
});
