import { describe, expect, test } from "vitest";
import { conclude } from "../../src/conclude/conclude.ts";
import type { CaseFile } from "../../src/domain/case-file.ts";
import type { NodeFacts } from "../../src/domain/cluster-facts.ts";
import type { Answer, NetworkFault, Probe } from "../../src/domain/probe.ts";
import { parseReference } from "../../src/interpret/parse-reference.ts";
import { recogniseFailure } from "../../src/interpret/recognise-failure.ts";
import {
  asked,
  exampleNode,
  examplePod,
  granted,
  login,
  pullSecret,
  reference,
  refused,
  tags,
  unreachable,
} from "../../src/knowledge/evidence/example-parts.ts";
import { caseFile } from "../support/case-file.ts";

/** What the node wrote, against what is seen from here: the texts are real ones, read by the recogniser. */

const image = reference.text;
const manifestUrl = "https://registry.example.com/v2/shop/web/manifests/1.4";

const told = (message: string, at = "2026-11-24T11:58:00Z", reason = "Failed") =>
  recogniseFailure({ source: "event", reason, message, at }, image);
const pulling = (words: string, of = image) =>
  told(`Failed to pull image "${of}": failed to pull and unpack image "${of}": ${words}`);
const resolving = (words: string, of = image) => pulling(`failed to resolve reference "${of}": ${words}`, of);
const requesting = (words: string) => resolving(`failed to do request: Head "${manifestUrl}": ${words}`);
const status = (words: string) => resolving(`unexpected status from HEAD request to ${manifestUrl}: ${words}`);
const layer = (words: string) =>
  pulling(
    `failed to copy: httpReadSeeker: failed open: unexpected status from GET request to https://registry.example.com/v2/shop/web/blobs/sha256:0a: ${words}`,
  );
const mirror = (words: string) => resolving(words, "docker.io/library/nginx:1.25");
const earlier = <T extends ReturnType<typeof told>>(symptom: T): T => ({
  ...symptom,
  failure: { ...symptom.failure, at: "2026-11-24T11:10:00Z" },
});

const backOff = told(`Back-off pulling image "${image}"`, "2026-11-24T11:59:00Z", "BackOff");
const notFound = resolving(`${image}: not found`);
const timedOut = requesting("dial tcp 203.0.113.9:443: i/o timeout");
const timedOutAtHome = requesting("dial tcp 10.4.2.9:443: i/o timeout");
const refusedAtHome = requesting("dial tcp 10.4.2.9:443: connect: connection refused");
const noSuchHost = requesting("dial tcp: lookup registry.example.com on 10.0.0.2:53: no such host");
const unknownAuthority = requesting("tls: failed to verify certificate: x509: certificate signed by unknown authority");
const diskFull = pulling("failed to copy: write /var/lib/containerd/ingest/0a/data: no space left on device");
const ownLoginRefused = resolving(
  "failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://auth.example.com/token: 401 Unauthorized",
);
const nothingToSend = resolving(
  "pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials",
);
const never = told(
  `Container image "${image}" is not present with pull policy of Never`,
  undefined,
  "ErrImageNeverPull",
);
const notRecognised = told(`Failed to pull image "${image}": zorp flange mismatch 17`);

const ci = login();
const given = asked(granted());
const wanted = asked(refused("login-wanted"));
const gone = asked(refused("tag-absent", 404));
const cutOff = (fault: NetworkFault, address?: string, host?: string): Probe => {
  const answer = unreachable(fault, "connect", host);
  return asked(address === undefined || answer.kind !== "unreachable" ? answer : { ...answer, address });
};

/** The same of another image: the reference, and the questions that were asked of it. */
function of(text: string, ...answers: readonly Answer[]): Partial<CaseFile> {
  const parsed = parseReference(text);
  const probes = answers.map((answer) => asked(answer));
  return {
    reference: parsed,
    target: { ...examplePod, image: text },
    probes:
      parsed.kind === "valid"
        ? probes.map((probe) => ({ ...probe, question: { ...probe.question, reference: parsed.reference } }))
        : probes,
  };
}

function node(parts: Partial<NodeFacts>): CaseFile["node"] {
  const known = exampleNode();
  return known.kind === "found" ? { ...known, value: { ...known.value, ...parts } } : known;
}

const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1";
const ecrStatus = (words: string) =>
  resolving(
    `unexpected status from HEAD request to https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/web/manifests/1: ${words}`,
    ecr,
  );
const hub = "failed to do request: Head";
const hubMirror = "https://mirror.example.com/v2/library/nginx/manifests/1.25?ns=docker.io";

type Row = readonly [what: string, parts: Partial<CaseFile>, verdict: string, also?: readonly string[]];

const rows: Readonly<Record<string, readonly Row[]>> = {
  "the registry gives it now": [
    ["after a tag that was not found", { symptoms: [notFound], probes: [given] }, "answers-now certain"],
    ["after a 500", { symptoms: [status("500 Internal Server Error")], probes: [given] }, "answers-now certain"],
    ["and nobody says why it failed", { symptoms: [backOff], probes: [given] }, "answers-now certain"],
    [
      "with a login that was put right since",
      { candidates: [ci], symptoms: [nothingToSend], probes: [wanted, asked(granted(), ci)] },
      "answers-now certain",
    ],
    [
      "with the second of two logins",
      {
        candidates: [ci, login("backup", "other")],
        symptoms: [status("401 Unauthorized")],
        probes: [wanted, asked(refused("login-refused"), ci), asked(granted(), login("backup", "other"))],
      },
      "answers-now certain",
    ],
    [
      "for this platform, too",
      {
        symptoms: [pulling("no match for platform in manifest: not found")],
        probes: [asked(granted({ match: "matched" }))],
      },
      "answers-now certain",
    ],
    [
      "though a pull secret is missing: nobody needs it",
      { pullSecrets: [pullSecret("missing")], symptoms: [backOff], probes: [given] },
      "answers-now certain",
    ],
    [
      "after a 403, which may be one of the node's address",
      { candidates: [ci], symptoms: [status("403 Forbidden")], probes: [wanted, asked(granted(), ci)] },
      "answers-now likely",
      ["ip-not-allowed", "proxy-rejected", "geo-or-legal-block"],
    ],
    ["after words that nobody knows", { symptoms: [notRecognised], probes: [given] }, "answers-now likely"],
  ],

  "the registry gives it to nobody in particular, and refuses the node's own login": [
    [
      "the token server's 401 stands",
      { symptoms: [ownLoginRefused], probes: [given] },
      "credentials-rejected likely",
      ["answers-now"],
    ],
  ],

  "the manifest is given, and the node failed at a layer": [
    ["with a 500", { symptoms: [layer("500 Internal Server Error")], probes: [given] }, "registry-server-error likely"],
    ["with a 403", { symptoms: [layer("403 Forbidden")], probes: [given] }, "permission-denied likely"],
    [
      "with a 500, and a layer is given here",
      { symptoms: [layer("500 Internal Server Error")], probes: [asked(granted({ blobsReachable: true }))] },
      "answers-now certain",
    ],
    [
      "with a deadline, and the layers' host is out of reach here",
      {
        symptoms: [told(`Failed to pull image "${image}": context deadline exceeded`)],
        probes: [asked(granted({ blobsReachable: false, blobHost: "cdn.example.com", blobFault: "connect-timeout" }))],
      },
      "pull-timeout likely",
      ["blob-store-blocked"],
    ],
    ["for want of space", { symptoms: [diskFull], probes: [given] }, "disk-full likely"],
    [
      "and the registry lacks it here, too",
      {
        symptoms: [
          pulling(
            "failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:0a (application/vnd.oci.image.layer.v1.tar+gzip) from remote: not found",
          ),
        ],
        probes: [asked(granted({ blobsReachable: false, blobFault: "absent" }))],
      },
      "blob-not-found certain",
    ],
  ],

  "the node's network fails, and from here all is well": [
    ["a timeout", { symptoms: [timedOut], probes: [given] }, "connect-timeout likely", ["answers-now"]],
    ["a name", { symptoms: [noSuchHost], probes: [given] }, "dns-nxdomain likely", ["answers-now"]],
    [
      "IPv6 alone",
      { symptoms: [requesting("dial tcp [2001:db8::1]:443: connect: network is unreachable")], probes: [given] },
      "no-route likely",
    ],
    [
      "its proxy",
      { symptoms: [requesting("proxyconnect tcp: dial tcp 10.8.8.8:3128: i/o timeout")], probes: [given] },
      "proxy-unreachable likely",
    ],
    ["an authority it does not trust", { symptoms: [unknownAuthority], probes: [given] }, "tls-unknown-ca likely"],
    [
      "its clock, far behind",
      {
        symptoms: [
          requesting(
            "x509: certificate has expired or is not yet valid: current time 1970-01-01T00:11:12Z is before 2026-06-01T00:00:00Z",
          ),
        ],
        probes: [given],
      },
      "tls-cert-not-yet-valid likely",
    ],
    [
      "its clock, far ahead",
      {
        symptoms: [
          requesting(
            "x509: certificate has expired or is not yet valid: current time 2036-01-01T00:11:12Z is after 2027-06-01T00:00:00Z",
          ),
        ],
        probes: [given],
      },
      "tls-cert-expired likely",
    ],
    [
      "a missing pull secret beside it",
      { pullSecrets: [pullSecret("missing")], symptoms: [timedOut], probes: [given] },
      "connect-timeout likely",
    ],
  ],

  "this machine's network fails, and the node got an answer": [
    ["no such name here", { symptoms: [notFound], probes: [cutOff("dns-nxdomain")] }, "manifest-not-found likely"],
    [
      "no route here",
      { symptoms: [status("502 Bad Gateway")], probes: [cutOff("no-route")] },
      "registry-server-error likely",
    ],
    ["no proxy here", { symptoms: [notFound], probes: [cutOff("proxy-unreachable")] }, "manifest-not-found likely"],
    [
      "a proxy that refuses here",
      { symptoms: [status("403 Forbidden")], probes: [cutOff("proxy-rejected")] },
      "permission-denied likely",
    ],
    [
      "a page in the registry's place here",
      { symptoms: [notFound], probes: [asked(refused("not-a-registry", 200))] },
      "manifest-not-found likely",
    ],
    [
      "a limit here",
      { symptoms: [notFound], probes: [asked(refused("rate-limited", 429))] },
      "manifest-not-found likely",
    ],
    [
      "no route here, and a 401 there",
      { symptoms: [status("401 Unauthorized")], probes: [cutOff("no-route")] },
      "credentials-missing likely",
    ],
    [
      "silence here, and a certificate there",
      { symptoms: [unknownAuthority], probes: [cutOff("connect-timeout")] },
      "tls-unknown-ca likely",
    ],
  ],

  "this machine's network fails, and the node names no cause": [
    ["no such name", { symptoms: [backOff], probes: [cutOff("dns-nxdomain")] }, "dns-nxdomain possible"],
    ["no route", { symptoms: [backOff], probes: [cutOff("no-route")] }, "no-route possible"],
    [
      "silence",
      { symptoms: [backOff], probes: [cutOff("connect-timeout", "10.4.2.9:443")] },
      "connect-timeout possible",
    ],
    ["a proxy that refuses", { symptoms: [backOff], probes: [cutOff("proxy-rejected")] }, "proxy-rejected possible"],
    [
      "a certificate of whoever reads along",
      { ...of("nginx:1.25", unreachable("tls-unknown-ca", "tls", "registry-1.docker.io")), symptoms: [backOff] },
      "tls-unknown-ca possible",
    ],
    [
      "and a missing pull secret",
      { pullSecrets: [pullSecret("missing")], symptoms: [backOff], probes: [cutOff("dns-nxdomain")] },
      "dns-nxdomain possible",
    ],
  ],

  "both networks fail": [
    [
      "in the same way",
      { symptoms: [timedOut], probes: [cutOff("connect-timeout", "203.0.113.9:443")] },
      "connect-timeout certain",
    ],
    [
      "at two of its public addresses",
      { symptoms: [timedOut], probes: [cutOff("connect-timeout", "203.0.113.10:443")] },
      "connect-timeout certain",
    ],
    ["the name does not exist", { symptoms: [noSuchHost], probes: [cutOff("dns-nxdomain")] }, "dns-nxdomain certain"],
    [
      "by the same certificate",
      { symptoms: [unknownAuthority], probes: [cutOff("tls-unknown-ca")] },
      "tls-unknown-ca certain",
    ],
    [
      "a port that is shut, of a private address",
      { symptoms: [refusedAtHome], probes: [cutOff("connect-refused", "10.4.2.9:443")] },
      "connect-refused certain",
    ],
    [
      "by silence of a private address, which this machine may have no way to",
      { symptoms: [timedOutAtHome], probes: [cutOff("connect-timeout", "10.4.2.9:443")] },
      "connect-timeout likely",
    ],
    [
      "at a private address there and a public one here",
      { symptoms: [refusedAtHome], probes: [cutOff("connect-refused", "203.0.113.7:443")] },
      "connect-refused likely",
    ],
    [
      "at private addresses of two networks",
      {
        symptoms: [requesting("dial tcp [fd00:1::9]:443: connect: connection refused")],
        probes: [cutOff("connect-refused", "[fd00:2::9]:443")],
      },
      "connect-refused likely",
    ],
    ["in different ways", { symptoms: [timedOut], probes: [cutOff("dns-nxdomain")] }, "connect-timeout likely"],
    [
      "by silence here and a closed line there",
      { symptoms: [requesting("EOF")], probes: [cutOff("connect-timeout")] },
      "connection-reset likely",
    ],
  ],

  "the node is refused": [
    [
      "without a login, as everybody is",
      { symptoms: [status("401 Unauthorized")], probes: [wanted] },
      "credentials-missing certain",
    ],
    [
      "with nothing to send, whatever the Secret holds that was kept from us",
      { pullSecrets: [pullSecret("forbidden")], symptoms: [nothingToSend], probes: [wanted] },
      "credentials-missing likely",
    ],
    [
      "for want of the pull secret",
      { pullSecrets: [pullSecret("missing")], symptoms: [status("401 Unauthorized")], probes: [wanted] },
      "pull-secret-missing certain",
    ],
    [
      "with a login that is refused here, too",
      { candidates: [ci], symptoms: [status("403 Forbidden")], probes: [wanted, asked(refused("login-refused"), ci)] },
      "credentials-rejected certain",
    ],
    [
      "with a login that nobody tried",
      {
        candidates: [ci],
        symptoms: [status("401 Unauthorized")],
        probes: [wanted, asked({ kind: "unasked", why: "the login would leave its registry" }, ci)],
      },
      "unauthorized likely",
    ],
    [
      "and the token server is down here",
      {
        candidates: [ci],
        symptoms: [status("401 Unauthorized")],
        probes: [asked(refused("token-server-fault", 503, "token"), ci)],
      },
      "auth-server-error certain",
    ],
  ],

  "the node was let in, and we are not": [
    [
      "it found no such tag; the pod has no login",
      { symptoms: [notFound], probes: [wanted] },
      "manifest-not-found likely",
    ],
    [
      "it found no such tag; the pod's login is refused",
      { candidates: [ci], symptoms: [notFound], probes: [wanted, asked(refused("login-refused"), ci)] },
      "credentials-rejected likely",
      ["manifest-not-found"],
    ],
    [
      "its disk is full; the pull secret is missing",
      { pullSecrets: [pullSecret("missing")], symptoms: [diskFull], probes: [wanted] },
      "disk-full likely",
    ],
  ],

  "a registry that nodes log in to by themselves": [
    [
      "the node got a 500",
      { ...of(ecr, refused("login-wanted")), symptoms: [ecrStatus("500 Internal Server Error")] },
      "registry-server-error likely",
    ],
    [
      "the node got a 403",
      { ...of(ecr, refused("login-wanted")), symptoms: [ecrStatus("403 Forbidden")] },
      "permission-denied likely",
    ],
    [
      "the node says nothing: that everybody else is refused is no news",
      { ...of(ecr, refused("login-wanted")), symptoms: [backOff] },
      "credentials-missing possible",
      ["credential-provider-failed"],
    ],
    [
      "near miss: the node got a 401",
      { ...of(ecr, refused("login-wanted")), symptoms: [ecrStatus("401 Unauthorized")] },
      "credentials-missing likely",
    ],
  ],

  "what is there": [
    ["no such tag, by both", { symptoms: [notFound], probes: [gone] }, "manifest-not-found certain"],
    [
      "no such tag, and an older timeout",
      { symptoms: [notFound, earlier(timedOut)], probes: [gone] },
      "manifest-not-found certain",
    ],
    [
      "no such tag, and a newer timeout",
      { symptoms: [timedOut, earlier(notFound)], probes: [gone] },
      "connect-timeout likely",
      ["manifest-not-found"],
    ],
    [
      "no such tag, and words that nobody knows",
      { symptoms: [notRecognised], probes: [gone] },
      "manifest-not-found certain",
    ],
    [
      "no such tag, though it is listed",
      { symptoms: [notFound], probes: [asked(refused("absent", 404)), asked(tags("1.3", "1.4"), undefined, "tags")] },
      "manifest-not-found likely",
    ],
    [
      "no such tag, and the kubelet held back",
      { symptoms: [told(`Failed to pull image "${image}": pull QPS exceeded`)], probes: [gone] },
      "manifest-not-found certain",
    ],
    [
      "a tag that is there, and the kubelet held back",
      { symptoms: [told(`Failed to pull image "${image}": pull QPS exceeded`)], probes: [given] },
      "pull-qps-exceeded certain",
    ],
    [
      "a chart",
      { symptoms: [backOff], probes: [asked(granted({ kind: "artifact", artifact: "Helm chart" }))] },
      "not-a-container-image certain",
    ],
  ],

  "limits and places": [
    [
      "the node's limit, long ago, and a grant",
      { symptoms: [backOff, earlier(status("429 Too Many Requests"))], probes: [given] },
      "rate-limited likely",
      ["answers-now"],
    ],
    [
      "this machine's limit",
      { symptoms: [backOff], probes: [asked(refused("rate-limited", 429))] },
      "rate-limited likely",
    ],
    [
      "the node's address, and a grant",
      {
        symptoms: [
          told(
            `Failed to pull image "${image}": Error response from daemon: denied: client with IP '192.0.2.3' is not allowed access.`,
          ),
        ],
        probes: [given],
      },
      "ip-not-allowed likely",
    ],
  ],

  "a mirror": [
    [
      "that fails, and the registry is well",
      {
        ...of("nginx:1.25", granted()),
        symptoms: [mirror(`unexpected status from HEAD request to ${hubMirror}: 500 Internal Server Error`)],
      },
      "mirror-failed likely",
    ],
    [
      "that does not answer",
      {
        ...of("nginx:1.25", granted()),
        symptoms: [mirror(`${hub} "${hubMirror}": dial tcp 10.5.5.5:443: connect: connection refused`)],
      },
      "mirror-failed likely",
    ],
    [
      "that has not what the registry has not",
      {
        ...of("nginx:1.25", refused("tag-absent", 404)),
        symptoms: [mirror(`unexpected status from HEAD request to ${hubMirror}: 404 Not Found`)],
      },
      "manifest-not-found likely",
      ["mirror-failed"],
    ],
  ],

  "nobody may pull": [
    [
      "by a kubelet that only says so where the image is not there",
      { symptoms: [never], node: node({ kubeletVersion: "v1.30.2" }) },
      "pull-policy-never certain",
    ],
    [
      "by a kubelet that also says so of an image that is withheld",
      { symptoms: [never], node: node({ kubeletVersion: "v1.33.0" }) },
      "pull-policy-never certain",
      ["permission-denied"],
    ],
    ["on a node that is not known", { symptoms: [never] }, "pull-policy-never certain", ["permission-denied"]],
    [
      "on a node whose version nobody can read",
      { symptoms: [never], node: node({ kubeletVersion: "main" }) },
      "pull-policy-never certain",
      ["permission-denied"],
    ],
  ],

  "nothing was asked": [
    ["and the node says nothing", { symptoms: [backOff] }, "cause-hidden possible"],
    ["and nobody says anything", {}, "cause-hidden possible"],
    ["and words that nobody knows", { symptoms: [notRecognised] }, "unknown possible"],
  ],
};

for (const [group, combinations] of Object.entries(rows)) {
  describe(group, () => {
    for (const [what, parts, verdict, also = []] of combinations) {
      test(what, () => {
        const [diagnosis, ...more] = conclude([caseFile(parts)]).diagnoses;
        expect(more).toEqual([]);
        expect(`${diagnosis?.code} ${diagnosis?.certainty}`).toBe(verdict);
        expect(diagnosis?.alternatives).toEqual(expect.arrayContaining([...also]));
      });
    }
  });
}

test("an old kubelet leaves no doubt about an image that is not there", () => {
  const [diagnosis] = conclude([caseFile({ symptoms: [never], node: node({ kubeletVersion: "v1.32.9" }) })]).diagnoses;
  expect(diagnosis?.alternatives).toEqual([]);
});

test("a fault that is only seen from here is told as one", () => {
  const [diagnosis] = conclude([caseFile({ symptoms: [backOff], probes: [cutOff("dns-nxdomain")] })]).diagnoses;
  expect(diagnosis?.title).toMatch(/^Asked from here, registry\.example\.com /);
});

test("a login that no Secret of the pod holds is told as the node's own, though the registry gives the image to anybody", () => {
  const [diagnosis] = conclude([caseFile({ symptoms: [ownLoginRefused], probes: [given] })]).diagnoses;
  expect(diagnosis?.explanation).toContain("the node sent one of its own");
});

test("containers of one pod with different troubles are told apart", () => {
  const other = { ...of("registry.example.com/shop/init:2", refused("tag-absent", 404)), symptoms: [] };
  const found = conclude([caseFile({ symptoms: [timedOut], probes: [given] }), caseFile(other)]).diagnoses;
  expect(found.map(({ code, image: name }) => `${code} of ${name}`)).toEqual([
    "manifest-not-found of registry.example.com/shop/init:2",
    `connect-timeout of ${image}`,
  ]);
});

test("a tag that is listed and not given is told so, and no other is offered in its place", () => {
  const probes = [asked(refused("absent", 404)), asked(tags("1.3", "1.4", "v1.4"), undefined, "tags")];
  const [diagnosis] = conclude([caseFile({ symptoms: [notFound], probes })]).diagnoses;
  expect(diagnosis).toMatchObject({ code: "manifest-not-found", certainty: "likely" });
  expect(diagnosis?.explanation).toContain("The list of tags names this tag all the same");
  expect(diagnosis?.remedies.map(({ title }) => title).join()).not.toContain("Use tag");
});

test("one tag is not several", () => {
  const listed = (...names: string[]) => {
    const probes = [asked(refused("absent", 404)), asked(tags(...names), undefined, "tags")];
    const [diagnosis] = conclude([caseFile({ symptoms: [notFound], probes })]).diagnoses;
    return [
      ...(diagnosis?.evidence ?? []),
      ...(diagnosis?.attempts ?? []).map(({ detail }) => ({ text: detail ?? "" })),
    ]
      .map(({ text }) => text)
      .join("\n");
  };
  expect(listed("1.3")).toMatch(/\b1 tag\b(?!s)/);
  expect(listed("1.3")).not.toContain("1 tags");
  expect(listed("1.2", "1.3")).toContain("2 tags");
});

test.each([
  [
    "silence of a public address is agreement",
    timedOut,
    cutOff("connect-timeout", "203.0.113.9:443"),
    /^What the node got at \S+ and what comes back from here now agree$/,
  ],
  [
    "silence of a private address is none",
    timedOutAtHome,
    cutOff("connect-timeout", "10.4.2.9:443"),
    /^Asked from here now, .*: this machine may see another network than the node$/,
  ],
])("%s", (_, symptom, probe, words) => {
  const diagnoses = conclude([caseFile({ symptoms: [symptom], probes: [probe] })]).diagnoses;
  expect(diagnoses.flatMap(({ evidence }) => evidence.map(({ text }) => text))).toContainEqual(
    expect.stringMatching(words),
  );
});
