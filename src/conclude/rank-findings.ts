import { compareCertainty } from "../domain/certainty.ts";
import type { Finding } from "../domain/diagnosis.ts";
import type { Cause } from "../knowledge/causes/cause.ts";

/** What one cause says of one case. */
export interface Verdict {
  readonly cause: Cause;
  readonly finding: Finding;
  /** A stronger verdict accounts for it: it is a consequence, or a vaguer word for the same. */
  readonly folded?: true;
}

/**
 * What each cause accounts for: where it is found at least as surely, the other is its consequence or a vaguer word for it.
 * Umbrellas (`covers`) are accounted for by their members without being named here.
 */
const explains: Readonly<Record<string, readonly string[]>> = {
  "invalid-image-name": ["unknown", "image-inspect-failed"],
  "pull-secret-malformed": ["credentials-missing", "unauthorized", "access-denied-or-missing", "pull-secret-no-match"],
  "service-account-changed": ["credentials-missing", "unauthorized", "access-denied-or-missing"],
  "pull-secret-missing": ["credentials-missing", "unauthorized", "access-denied-or-missing", "pull-secret-no-match"],
  "pull-secret-wrong-type": ["credentials-missing", "unauthorized", "access-denied-or-missing", "pull-secret-no-match"],
  "pull-secret-no-match": ["credentials-missing", "unauthorized", "access-denied-or-missing"],
  "login-blocks-public-image": [
    "credentials-rejected",
    "credentials-expired",
    "permission-denied",
    "unauthorized",
    "access-denied-or-missing",
  ],
  "credentials-expired": ["unauthorized", "credentials-rejected", "permission-denied"],
  "credentials-rejected": ["unauthorized", "access-denied-or-missing"],
  "permission-denied": ["unauthorized", "access-denied-or-missing"],
  "registry-retired": [
    "manifest-not-found",
    "repository-not-found",
    "connect-timeout",
    "dns-nxdomain",
    "tls-cert-expired",
  ],
  "repository-not-found": ["manifest-not-found", "access-denied-or-missing"],
  "tag-expired": ["manifest-not-found"],
  "windows-version-mismatch": ["platform-mismatch"],
  "not-a-container-image": ["media-type-unsupported", "manifest-invalid", "unpack-failed", "platform-mismatch"],
  "schema1-unsupported": ["blob-not-found", "manifest-not-found"],
  "tls-client-certificate-required": ["tls-handshake-failed", "registry-bad-request", "connection-reset"],
  "mirror-failed": ["answers-now"],
  // The mirror that is not asked would have spared the node all of these.
  "node-registry-config": [
    "answers-now",
    "connect-refused",
    "connect-timeout",
    "dns-nxdomain",
    "no-route",
    "proxy-rejected",
    "rate-limited",
    "response-timeout",
  ],
};

/** Of two equally sure verdicts the one that the kubelet meets first comes first; what is not named comes after these. */
const order: readonly string[] = [
  "admission-denied",
  "pod-security-denied",
  "quota-exceeded",
  "service-account-missing",
  "admission-unavailable",
  "invalid-image-name",
  "pull-policy-never",
  "pull-secret-malformed",
  "mirror-failed",
  "registry-retired",
  "login-blocks-public-image",
  "service-account-changed",
  "pull-secret-missing",
  "pull-secret-wrong-type",
  "pull-secret-no-match",
  "credentials-missing",
  "permission-denied",
  "credentials-expired",
  "credentials-rejected",
  "tag-expired",
  "repository-not-found",
  "manifest-not-found",
  "access-denied-or-missing",
  "unauthorized",
];

/** These say that nothing better is known: any other verdict goes before them, however sure. */
const last: readonly string[] = ["answers-now", "cause-hidden", "unknown"];

/**
 * Most certain first; of equals the one that comes earlier in a pull. What a verdict accounts for (see `explains`) follows it
 * directly even if it is surer by itself: "the registry does not tell private from missing" is certain, and still only the
 * other half of "the pull secret does not exist".
 */
export function rankFindings(verdicts: readonly Verdict[]): Verdict[] {
  const strong = verdicts.filter(
    (verdict) => !verdicts.some((other) => other !== verdict && accountsFor(other, verdict)),
  );
  const folded = verdicts
    .filter((verdict) => !strong.includes(verdict))
    .map((verdict): Verdict => ({ ...verdict, folded: true }));
  return [...strong.toSorted(compare), ...folded.toSorted(compare)];
}

function accountsFor(a: Verdict, b: Verdict): boolean {
  const named = explains[a.cause.code]?.includes(b.cause.code) === true;
  const member = b.cause.covers?.includes(a.cause.code) === true;
  if (!named && !member) return false;
  // A guess may not push aside what is known; an umbrella gives way to a member that is at least likely.
  if (a.finding.certainty === "possible") return b.finding.certainty === "possible" && b.cause.covers === undefined;
  return b.cause.covers !== undefined || compareCertainty(a.finding.certainty, b.finding.certainty) <= 0;
}

function compare(a: Verdict, b: Verdict): number {
  return (
    isLast(a) - isLast(b) ||
    compareCertainty(a.finding.certainty, b.finding.certainty) ||
    placeOf(a) - placeOf(b) ||
    (a.cause.code < b.cause.code ? -1 : 1)
  );
}

function placeOf({ cause }: Verdict): number {
  const place = order.indexOf(cause.code);
  return place < 0 ? order.length : place;
}

/** "It answers now" goes before nothing, but not behind a mere possibility. */
function isLast({ cause, finding }: Verdict): number {
  if (!last.includes(cause.code)) return finding.certainty === "possible" ? 1 : 0;
  return cause.code === "answers-now" && finding.certainty !== "possible" ? 0.5 : 2;
}
