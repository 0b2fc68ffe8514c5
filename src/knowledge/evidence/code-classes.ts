/**
 * Where in the course of a pull a cause strikes. It decides what a probe from elsewhere can say against it:
 * a granted manifest disproves "the registry has no such tag", and says nothing about the node's DNS server.
 */
export type Stage = "before-registry" | "by-place" | "answer" | "after-manifest" | "silent";

/** Failures on the way to the registry's answer, which another way (a mirror) may not meet. */
const onTheWay = [
  "dns-nxdomain",
  "dns-server-failure",
  "dns-unreachable",
  "connect-refused",
  "connect-timeout",
  "no-route",
  "connection-reset",
  "response-timeout",
  "proxy-unreachable",
  "proxy-auth-required",
  "proxy-rejected",
  "tls-unknown-ca",
  "tls-handshake-timeout",
  "tls-handshake-failed",
];

/** A controller or the kubelet stopped before anything was sent to anybody. */
const nothingSent = [
  "invalid-image-name",
  "pull-policy-never",
  "pull-secret-malformed",
  "pull-qps-exceeded",
  "image-inspect-failed",
  "runtime-unavailable",
  "admission-denied",
  "admission-unavailable",
  "pod-security-denied",
  "quota-exceeded",
  "service-account-missing",
];

/** The kubelet, the runtime, the name, the network or TLS of the node: the registry was not heard. */
const beforeRegistry = [
  ...nothingSent,
  "short-name-unresolved",
  "short-name-ambiguous",
  "node-registry-config",
  "credential-provider-failed",
  "pull-timeout",
  "pull-canceled",
  "image-volume-failed",
  ...onTheWay,
  "proxy-misconfigured",
  "tls-cert-expired",
  "tls-cert-not-yet-valid",
  "tls-hostname-mismatch",
  "tls-client-certificate-required",
  "http-response-to-https",
  "https-required",
];

/** Answers that depend on who asks from where: another machine's answer neither proves nor disproves them. */
const byPlace = [
  "rate-limited",
  "ip-not-allowed",
  "geo-or-legal-block",
  "not-a-registry-endpoint",
  "mirror-failed",
  "blob-store-blocked",
];

/** The node had the manifest already: what fails is its content, its layers, or the node's disk. */
const afterManifest = [
  "media-type-unsupported",
  "manifest-invalid",
  "decryption-failed",
  "signature-rejected",
  "digest-mismatch",
  "transfer-interrupted",
  "blob-not-found",
  "disk-full",
  "disk-io-error",
  "unpack-failed",
  "unpack-userns-ids",
  "local-store-corrupt",
  "content-locked",
  "snapshotter-failed",
  "node-resource-exhausted",
  "image-missing-after-pull",
];

const stages = new Map<string, Stage>([
  ...beforeRegistry.map((code): [string, Stage] => [code, "before-registry"]),
  ...byPlace.map((code): [string, Stage] => [code, "by-place"]),
  ...afterManifest.map((code): [string, Stage] => [code, "after-manifest"]),
  ["cause-hidden", "silent"],
  ["unknown", "silent"],
  // An advice of the kubelet: it is written before pulls that then succeed, too.
  ["pull-secret-missing", "silent"],
]);

/** Whether the node met the failure on its way to the registry, whatever the registry would have said. */
export function isOnTheWay(code: string): boolean {
  return onTheWay.includes(code);
}

/** Whether the pull ended before anything was sent, so that there is nothing that another answer could be compared with. */
export function isNothingSent(code: string): boolean {
  return nothingSent.includes(code);
}

/** The stage of a code; what is in no list is an answer of the registry. */
export function stageOf(code: string): Stage {
  return stages.get(code) ?? "answer";
}

/** Refusals that speak of a login, of rights, or hide which of the two. */
const loginTrouble: ReadonlySet<string> = new Set([
  "unauthorized",
  "credentials-missing",
  "credentials-rejected",
  "credentials-expired",
  "access-denied-or-missing",
  "permission-denied",
  "terms-not-accepted",
]);

/** Whether the code says that the registry would not let the node in. */
export function isLoginTrouble(code: string | undefined): boolean {
  return code !== undefined && loginTrouble.has(code);
}

/** Codes that can only be reached with a login that was good enough, or where none is needed. */
export function showsAdmittance(code: string | undefined): boolean {
  if (code === undefined) return false;
  return (
    stageOf(code) === "after-manifest" ||
    [
      "manifest-not-found",
      "tag-expired",
      "platform-mismatch",
      "windows-version-mismatch",
      "schema1-unsupported",
    ].includes(code)
  );
}
