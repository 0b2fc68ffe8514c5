import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { conclude } from "../src/conclude/conclude.ts";
import type { CaseFile } from "../src/domain/case-file.ts";
import type { Credential } from "../src/domain/credential.ts";
import type { Probe } from "../src/domain/probe.ts";
import { silent } from "../src/domain/progress.ts";
import { Redacted } from "../src/domain/redacted.ts";
import { parseReference } from "../src/interpret/parse-reference.ts";
import { requestHost } from "../src/knowledge/registries/dialect-of.ts";
import { registries } from "../src/knowledge/registries/index.ts";
import { fileAnswers } from "../src/probe/file-answers.ts";
import { planProbes } from "../src/probe/plan-probes.ts";
import { openProber } from "../src/probe/prober.ts";
import { caseFile } from "./support/case-file.ts";
import { sharedAuthority } from "./support/certificates.ts";
import { type RecordedAnswer, replayDialect } from "./support/registry-replay.ts";

/** What may be said first of a registry that gave an answer with this meaning; empty: nothing is wrong. */
const verdicts: Readonly<Record<string, readonly string[]>> = {
  granted: ["answers-now", "login-blocks-public-image"],
  "login-wanted": ["credentials-missing", "access-denied-or-missing"],
  "login-refused": ["credentials-rejected", "login-blocks-public-image", "credentials-expired", "pull-secret-expired"],
  "login-expired": ["credentials-expired"],
  "login-refused-or-no-permission": [
    "credentials-rejected",
    "permission-denied",
    "unauthorized",
    "access-denied-or-missing",
  ],
  "no-permission": ["permission-denied"],
  "absent-or-no-access": [
    "access-denied-or-missing",
    "permission-denied",
    "repository-not-found",
    "credentials-missing",
    "credentials-rejected",
  ],
  absent: ["manifest-not-found", "repository-not-found"],
  "tag-absent": ["manifest-not-found"],
  "tag-expired": ["tag-expired", "manifest-not-found"],
  "repository-absent": ["repository-not-found"],
  "rate-limited": ["rate-limited"],
  "rate-limited-upstream": ["rate-limited"],
  "quota-exceeded": ["registry-quota-or-billing", "rate-limited"],
  suspended: ["registry-quota-or-billing"],
  "address-denied": ["ip-not-allowed"],
  "geo-blocked": ["geo-or-legal-block"],
  "policy-blocked": ["registry-policy-blocked"],
  "terms-not-accepted": ["terms-not-accepted"],
  "bad-request": ["registry-bad-request"],
  "registry-fault": ["registry-server-error"],
  "token-server-fault": ["auth-server-error"],
  "token-refused": [
    "auth-server-error",
    "unauthorized",
    "access-denied-or-missing",
    "credentials-missing",
    "permission-denied",
  ],
  "not-a-registry": ["not-a-registry-endpoint"],
};

function allowedFor(recorded: RecordedAnswer): readonly string[] | undefined {
  // A wrong login that is given a token all the same must not pass for a good one.
  if (recorded.step === "token" && recorded.status === 200) return ["credentials-rejected"];
  // Where the list of tags is told, it decides what the manifest's answer left open.
  if (recorded.case.startsWith("tag_missing")) return [...(verdicts[recorded.means] ?? []), "manifest-not-found"];
  return verdicts[recorded.means];
}

/** A host that each registry has; those that anybody can run are known by what they say. */
const hosts: Readonly<Record<string, string>> = {
  "docker-hub": "docker.io",
};

function hostOf(id: string): string {
  const dialect = registries.find((each) => each.id === id);
  const [pattern] = dialect?.hosts ?? [];
  return hosts[id] ?? pattern?.replaceAll("*", "shop").replaceAll("#", "1") ?? "registry.example.com";
}

const folder = "test/recordings/registries";
for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  const { registry, answers }: { registry: string; answers: readonly RecordedAnswer[] } = JSON.parse(
    readFileSync(`${folder}/${file}`, "utf8"),
  );
  describe(`${registry} as recorded`, () => {
    for (const [at, recorded] of answers.entries()) {
      // What /v2/ says is not asked: the manifest's own answer decides.
      if (String(recorded.step) === "challenge") continue;
      test(`${at} ${recorded.case}: ${recorded.step} ${recorded.status} means ${recorded.means}`, async () => {
        const run = await ask(recorded, hostOf(registry), registry);
        const who = recorded.withLogin ? "login" : "anonymous";
        const first = run.probes.find(({ question }) => question.kind === "manifest" && question.as.kind === who);
        const token = first?.ladder.find(({ step }) => step === "token");
        if (recorded.step === "token" && recorded.status === 200) expect(token?.outcome).toBe("passed");
        else expect(meaningOf(first)).toBe(recorded.means);
        const allowed = allowedFor(recorded);
        if (allowed !== undefined) expect(allowed).toContain(run.code ?? "nothing");
      });
    }
  });
}

async function ask(recorded: RecordedAnswer, registry: string, id: string) {
  const host = requestHost(registry);
  const dialect = registries.find((each) => each.id === id);
  await using replay = await replayDialect(recorded, host, dialect?.signs?.[0]);
  const prober = openProber({
    timeout: 5_000,
    userAgent: "imagedoctor-test",
    ca: [(await sharedAuthority()).cert],
    proxyEnvironment: { HTTPS_PROXY: replay.proxyUrl },
  });
  let cases: readonly CaseFile[] = [
    caseFile({
      reference: parseReference(`${registry}/shop/web:v1`),
      candidates: recorded.withLogin ? [login(registry)] : [],
    }),
  ];
  try {
    for (let round = 0; round < 6; round++) {
      const questions = planProbes(cases);
      if (questions.length === 0) break;
      cases = fileAnswers(cases, await prober.ask(questions, silent, new AbortController().signal));
    }
  } finally {
    await prober.close();
  }
  replay.ledger.assertLoginsOnlyAt(`https://${host}`);
  replay.ledger.assertNoRefusedLoginTwice({ checked: dialect?.refusesLoginWithoutRight === true });
  expect(new Set(replay.proxy.asked)).toEqual(new Set([`${host}:443`]));
  const [diagnosis] = conclude(cases).diagnoses;
  return { probes: cases[0]?.probes ?? [], code: diagnosis?.code, certainty: diagnosis?.certainty };
}

function login(registry: string): Credential {
  return {
    source: { kind: "pull-secret", namespace: "shop", secret: "regcred", key: registry },
    username: "ci-bot",
    password: new Redacted("replayed-password"),
  };
}

function meaningOf(probe: Probe | undefined): string {
  if (probe === undefined) return "nobody asked";
  const { answer } = probe;
  return answer.kind === "granted" || answer.kind === "refused"
    ? answer.meaning
    : `${answer.kind}: ${JSON.stringify(answer)}`;
}
