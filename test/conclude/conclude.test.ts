import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conclude } from "../../src/conclude/conclude.ts";
import type { CaseFile } from "../../src/domain/case-file.ts";
import type { Credential, PullSecret } from "../../src/domain/credential.ts";
import type { Answer, Meaning, NetworkFault, Question } from "../../src/domain/probe.ts";
import { Redacted, reveal } from "../../src/domain/redacted.ts";
import { causes } from "../../src/knowledge/causes/index.ts";
import {
  asked,
  examplePod,
  granted,
  login,
  pullSecret,
  refused,
  said,
  tags,
  unreachable,
} from "../../src/knowledge/evidence/example-parts.ts";
import { caseFile } from "../support/case-file.ts";

describe("one diagnosis for each failing target", () => {
  test("where nothing is known it is the cause that is hidden", () => {
    expect(conclude([caseFile()]).diagnoses).toMatchObject([
      { code: "cause-hidden", certainty: "possible", alternatives: [] },
    ]);
  });

  test("an image that nobody runs yet and that the registry gives is no failure", () => {
    const target = { ...examplePod, containerKind: "planned" as const };
    const { diagnoses, pullable, unjudged } = conclude([caseFile({ target, probes: [asked(granted())] })]);
    expect({ diagnoses, unjudged }).toEqual({ diagnoses: [], unjudged: [] });
    expect(pullable).toMatchObject([{ image: target.image }]);
  });

  test("an image that nobody runs yet and that nobody answered for is neither a failure nor well", () => {
    const file = caseFile({ target: { ...examplePod, containerKind: "planned" } });
    expect(conclude([file])).toEqual({ diagnoses: [], pullable: [], unjudged: [file] });
  });

  test("an image that nobody runs yet and that one of the logins gets is no failure, though nobody else may have it", () => {
    const target = { ...examplePod, containerKind: "planned" as const };
    const ci = login();
    const probes = [asked(granted(), ci), asked(refused("login-wanted"))];
    expect(conclude([caseFile({ target, candidates: [ci], probes })]).diagnoses).toEqual([]);
  });

  test("an image that nobody runs yet and that the registry does not have is one", () => {
    const target = { ...examplePod, containerKind: "planned" as const };
    expect(conclude([caseFile({ target, probes: [asked(refused("tag-absent", 404))] })]).diagnoses).toMatchObject([
      { code: "manifest-not-found", certainty: "certain" },
    ]);
  });

  test("a missing secret is told as the cause, and the registry that hides as its other half", () => {
    const [diagnosis] = conclude([
      caseFile({ pullSecrets: [pullSecret("missing")], probes: [asked(refused("absent-or-no-access"))] }),
    ]).diagnoses;
    expect(diagnosis).toMatchObject({ code: "pull-secret-missing", certainty: "likely" });
    expect(diagnosis?.title).toContain('"regcred"');
    expect(diagnosis?.alternatives).toEqual(
      expect.arrayContaining(["access-denied-or-missing", "repository-not-found"]),
    );
  });

  test("a second certain fault is told with the first", () => {
    const ci = login();
    const [diagnosis] = conclude([
      caseFile({
        candidates: [ci],
        probes: [asked(granted({ digestMismatch: true })), asked(refused("login-refused"), ci)],
      }),
    ]).diagnoses;
    expect(diagnosis?.code).toBe("login-blocks-public-image");
    expect(diagnosis?.explanation).toMatch(/Also: the registry gives bytes with another digest/);
  });
});

describe("grouping", () => {
  const pod = (name: string, parts: Partial<CaseFile> = {}, namespace = "shop") =>
    caseFile({ target: { ...examplePod, pod: name, namespace }, symptoms: [said("manifest-not-found")], ...parts });

  test("forty pods of one image are one diagnosis, pods in order", () => {
    const cases = Array.from({ length: 40 }, (_, index) => pod(`web-${String(39 - index).padStart(2, "0")}`));
    const [diagnosis, ...more] = conclude(cases).diagnoses;
    expect(more).toEqual([]);
    expect(diagnosis?.containers).toHaveLength(40);
    expect(diagnosis?.containers[0]?.pod).toBe("web-00");
  });

  test("the same login in two namespaces is one, another login is two", () => {
    const ci = login();
    const copy: Credential = {
      ...ci,
      source: { ...ci.source, kind: "pull-secret", namespace: "other", secret: "copy" },
    };
    const probes = (credential: Credential) => [
      asked(refused("login-wanted")),
      asked(refused("login-refused"), credential),
    ];
    const same = [
      pod("a", { candidates: [ci], probes: probes(ci) }),
      pod("b", { candidates: [ci], probes: probes(ci) }, "other"),
    ];
    expect(conclude(same).diagnoses).toHaveLength(1);
    const stranger = { ...copy, password: new Redacted("another") };
    expect(
      conclude([same[0] as CaseFile, pod("c", { candidates: [stranger], probes: probes(stranger) })]).diagnoses,
    ).toHaveLength(2);
  });

  test("another image is another diagnosis, the more certain first", () => {
    const other = {
      text: "registry.example.com/shop/api:2",
      registry: "registry.example.com",
      repository: "shop/api",
      tag: "2",
    };
    const probes = [asked(refused("tag-absent", 404))].map((probe) => ({
      ...probe,
      question: { ...probe.question, reference: other },
    }));
    const found = conclude([pod("a"), pod("b", { reference: { kind: "valid", reference: other }, probes })]).diagnoses;
    expect(found.map(({ certainty }) => certainty)).toEqual(["certain", "likely"]);
  });
});

test("nothing of a password is in a diagnosis", () => {
  const ci = {
    ...login(),
    username: "ghp_0123456789abcdefghij0123456789abcdef",
    password: new Redacted("hunter2-canary"),
  };
  const probes = [asked(refused("login-wanted")), asked(refused("login-refused"), ci)];
  const { probes: ladders, ...shown } = conclude([
    caseFile({ candidates: [ci], probes, symptoms: [said("unauthorized")] }),
  ]).diagnoses[0] ?? { probes: [] };
  expect(ladders).toHaveLength(2);
  const printed = JSON.stringify(shown);
  expect(printed).not.toContain(reveal(ci.password));
  expect(printed).not.toContain(ci.username);
  expect(JSON.stringify(ladders)).not.toContain(reveal(ci.password));
});

// --- any case at all

const meanings: readonly Exclude<Meaning, "granted">[] = [
  "login-wanted",
  "login-refused",
  "login-expired",
  "login-refused-or-no-permission",
  "token-refused",
  "no-permission",
  "absent-or-no-access",
  "repository-absent",
  "tag-absent",
  "absent",
  "tag-expired",
  "rate-limited",
  "rate-limited-upstream",
  "quota-exceeded",
  "address-denied",
  "geo-blocked",
  "policy-blocked",
  "suspended",
  "terms-not-accepted",
  "not-a-registry",
  "registry-fault",
  "token-server-fault",
  "bad-request",
  "unclear",
];
const faults: readonly NetworkFault[] = [
  "dns-nxdomain",
  "connect-refused",
  "connect-timeout",
  "proxy-rejected",
  "tls-unknown-ca",
  "tls-cert-expired",
  "tls-client-certificate-required",
  "http-response-to-https",
  "redirect-refused",
];
const logins = [
  login(),
  login("backup"),
  { ...login("old"), expiresAt: "2026-11-24T03:00:00Z" },
  { ...login("empty", ""), password: new Redacted("") },
];

const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc
    .record({
      kind: fc.constantFrom("index", "image", "artifact", "schema1", "unknown"),
      match: fc.constantFrom("matched", "none", "unchecked", "single-other"),
      digestMismatch: fc.boolean(),
      blobsReachable: fc.boolean(),
    } as const)
    .map((facts) => granted(facts)),
  fc
    .tuple(
      fc.constantFrom(...meanings),
      fc.constantFrom(400, 401, 403, 404, 429, 503),
      fc.constantFrom("token", "manifest", "login"),
    )
    .map(([meaning, status, step]) => refused(meaning, status, step)),
  fc.constantFrom(...faults).map((fault) => unreachable(fault)),
  fc.constant(tags("1.3", "1.4")),
  fc.constant<Answer>({ kind: "unasked", why: "the time was up" }),
);
const probe = fc
  .tuple(
    answer,
    fc.constantFrom(undefined, ...logins),
    fc.constantFrom<Question["kind"]>("manifest", "manifest", "manifest", "login", "tags", "repository", "signatures"),
  )
  .map(([given, credential, kind]) => asked(given, credential, kind));
const symptom = fc
  .tuple(
    fc.constantFrom(...causes.map(({ code }) => code)),
    fc.constantFrom("likely", "possible"),
    fc.constantFrom({}, { foreignHost: "mirror" }, { login: "with" }, { host: "registry.example.com" }),
  )
  .map(([code, certainty, facts]) => ({ ...said(code, facts as object), certainty: certainty as "likely" }));
const states: readonly PullSecret["state"][] = [
  "decoded",
  "missing",
  "forbidden",
  "unreadable",
  "ignored",
  "malformed",
];
const anyCase = fc
  .record({
    symptoms: fc.array(symptom, { maxLength: 3 }),
    probes: fc.array(probe, { maxLength: 6 }),
    candidates: fc.subarray(logins),
    pullSecrets: fc.array(
      fc.constantFrom(...states).map((state) => pullSecret(state)),
      { maxLength: 2 },
    ),
    blocked: fc.boolean(),
    invalid: fc.boolean(),
  })
  .map(({ blocked, invalid, ...parts }) =>
    caseFile({
      ...parts,
      ...(blocked && { keyringBlockedBy: "regcred" }),
      ...(invalid && {
        reference: {
          kind: "invalid",
          text: "A B",
          problem: { kind: "whitespace", text: "It has a space.", kubeletError: "invalid reference format" },
        },
      }),
    }),
  );

describe("any case at all", () => {
  test("gets exactly one diagnosis, with evidence, a remedy and known alternatives", () => {
    const codes = new Set(causes.map(({ code }) => code));
    fc.assert(
      fc.property(anyCase, (file) => {
        const [diagnosis, ...more] = conclude([file]).diagnoses;
        expect(more).toEqual([]);
        expect(diagnosis).toBeDefined();
        expect(diagnosis?.remedies.length).toBeGreaterThan(0);
        for (const code of diagnosis?.alternatives ?? []) expect(codes).toContain(code);
        expect(diagnosis?.alternatives).not.toContain(diagnosis?.code);
      }),
      { numRuns: 400 },
    );
  });

  test("is certain only on what was seen at its source", () => {
    fc.assert(
      fc.property(anyCase, (file) => {
        const [diagnosis] = conclude([file]).diagnoses;
        if (diagnosis?.certainty !== "certain") return;
        const sources = diagnosis.evidence.map(({ source }) => source);
        const seen = sources.some((source) =>
          /^(registry|token server|probe|node|API server|secret |service account )/.test(source),
        );
        expect(seen || file.keyringBlockedBy !== undefined, `${diagnosis.code}: ${sources.join(", ")}`).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test("is not certain about anything when nothing was asked and no secret is at fault", () => {
    fc.assert(
      fc.property(
        fc.array(symptom, { minLength: 1, maxLength: 3 }),
        fc.subarray(logins.slice(0, 2)),
        (symptoms, candidates) => {
          const [diagnosis] = conclude([caseFile({ symptoms, candidates })]).diagnoses;
          expect(diagnosis?.certainty).not.toBe("certain");
        },
      ),
      { numRuns: 300 },
    );
  });
});
