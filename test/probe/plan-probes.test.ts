import { describe, expect, test } from "vitest";
import type { CaseFile } from "../../src/domain/case-file.ts";
import type { Answer, Identity, Probe, Question, Rung } from "../../src/domain/probe.ts";
import { fileAnswers } from "../../src/probe/file-answers.ts";
import { planProbes } from "../../src/probe/plan-probes.ts";
import { questionKey } from "../../src/probe/question-key.ts";
import { caseFile } from "../support/case-file.ts";
import { imageAt, login } from "./support/asking.ts";

const reference = imageAt("registry.example.com/shop/web:v1");
const amd64 = { os: "linux", architecture: "amd64" };

function credentialOf(identity: Identity) {
  if (identity.kind !== "login") throw new Error("not a login");
  return identity.credential;
}

const ci = login("ci", "one-password");
const bot = login("bot", "two-password");

function fileWith(parts: Partial<CaseFile> = {}): CaseFile {
  return caseFile({ reference: { kind: "valid", reference }, platforms: [amd64], ...parts });
}

const gotToken: Rung = { step: "token", outcome: "passed" };

function answered(question: Question, answer: Answer, ladder: readonly Rung[] = []): Probe {
  return { question, answer, ladder };
}

function refused(
  meaning: Extract<Answer, { kind: "refused" }>["meaning"],
  status = 401,
  step: "manifest" | "token" | "tags" = "manifest",
): Answer {
  return { kind: "refused", step, meaning, words: { status } };
}

/** Answers every open question, round by round, and gives the kinds asked in each. */
function rounds(file: CaseFile, answer: (question: Question) => readonly [Answer, (readonly Rung[])?]): string[] {
  const asked: string[] = [];
  let files: readonly CaseFile[] = [file];
  for (let round = 0; round < 6; round += 1) {
    const questions = planProbes(files);
    if (questions.length === 0) return asked;
    asked.push(
      questions
        .map(({ kind, as, reference: there }) => {
          const who = as.kind === "login" ? as.credential.username : "nobody";
          return kind === "repository" ? `${kind} ${there.registry}/${there.repository} ${who}` : `${kind} ${who}`;
        })
        .join(", "),
    );
    files = fileAnswers(
      files,
      questions.map((question) => answered(question, ...answer(question))),
    );
  }
  throw new Error(`the rounds do not end: ${asked.join("; ")}`);
}

const granted: Answer = { kind: "granted", meaning: "granted" };

describe("what is asked of a pod that was refused before it was made", () => {
  const { pod: _, ...workload } = caseFile().target;
  const refusedFor = (code: string, message: string, reason = "FailedCreate") =>
    fileWith({
      target: workload,
      symptoms: [
        {
          code,
          alternatives: [],
          certainty: "likely",
          facts: {},
          quote: message,
          failure: { source: "event", reason, message },
        },
      ],
    });

  test("nothing, where the reason is not its image", () => {
    for (const code of ["quota-exceeded", "pod-security-denied", "admission-unavailable", "service-account-missing"]) {
      expect(planProbes([refusedFor(code, "image registry.example.com/shop/web:v1 is not to blame")])).toEqual([]);
    }
    expect(planProbes([refusedFor("admission-denied", "label team is missing")])).toEqual([]);
  });

  test("the image, where a policy speaks of it, and where a node has tried", () => {
    expect(planProbes([refusedFor("admission-denied", "no matching signatures")])).toHaveLength(1);
    expect(planProbes([refusedFor("quota-exceeded", "exceeded quota", "Failed")])).toHaveLength(1);
    expect(planProbes([{ ...refusedFor("quota-exceeded", "exceeded quota"), target: caseFile().target }])).toHaveLength(
      1,
    );
  });
});

describe("what is asked first", () => {
  test("each login in the kubelet's order, and then nobody, as the control", () => {
    const file = fileWith({ candidates: [credentialOf(ci), credentialOf(bot)] });
    expect(rounds(file, () => [granted])).toEqual(["manifest ci, manifest bot, manifest nobody"]);
    expect(planProbes([file])[0]).toMatchObject({ platform: amd64, reference });
  });

  test("the same login twice is one question, and an empty one is nobody", () => {
    const twin = credentialOf(login("ci", "one-password", "other"));
    const empty = credentialOf(login("", ""));
    const file = fileWith({ candidates: [credentialOf(ci), twin, empty] });
    expect(rounds(file, () => [granted])).toEqual(["manifest ci, manifest nobody"]);
  });

  test("two pods share a question", () => {
    const files = [fileWith({ candidates: [credentialOf(ci)] }), fileWith({ candidates: [credentialOf(ci)] })];
    expect(planProbes(files)).toHaveLength(2);
  });

  test("nothing for a name that is no reference; only the control where a Secret blocks the keyring", () => {
    const problem = { kind: "bad-format", text: "", kubeletError: "" } as const;
    expect(planProbes([caseFile({ reference: { kind: "invalid", text: "Nope", problem } })])).toEqual([]);
    const blocked = fileWith({ candidates: [credentialOf(ci)], keyringBlockedBy: "regcred" });
    expect(rounds(blocked, () => [refused("login-wanted")]).at(0)).toBe("manifest nobody");
  });
});

describe("what is asked then", () => {
  const file = fileWith({ candidates: [credentialOf(ci)] });

  test("a token without access: is the login any good?", () => {
    const asked = rounds(file, ({ kind, as }) =>
      kind === "manifest" && as.kind === "login"
        ? [refused("absent-or-no-access"), [gotToken]]
        : [refused("absent-or-no-access")],
    );
    expect(asked[1]).toContain("login ci");
  });

  test("T9: a login that the token server refused is not sent again", () => {
    const asked = rounds(file, ({ as }) => [
      as.kind === "login" ? refused("login-refused", 401, "token") : refused("login-wanted"),
    ]);
    expect(asked.join()).not.toContain("login ci");
  });

  test.each([
    ["shop.azurecr.io", true],
    ["registry.example.com", false],
  ])("%s refuses a login as wrong or without a right: is it checked? %s", (registry, checked) => {
    const there = fileWith({
      reference: { kind: "valid", reference: imageAt(`${registry}/shop/web:v1`) },
      candidates: [credentialOf(ci)],
    });
    const asked = rounds(there, ({ as }) => [
      as.kind === "login" ? refused("login-refused-or-no-permission", 401, "token") : refused("login-wanted"),
    ]);
    expect(asked.join().includes("login ci")).toBe(checked);
  });

  test("a tag that is missing: which are there?", () => {
    const asked = rounds(file, ({ kind }) =>
      kind === "tags" ? [{ kind: "tags", meaning: "granted", tags: [], complete: true }] : [refused("absent", 404)],
    );
    expect(asked).toEqual(["manifest ci, manifest nobody", "tags ci"]);
  });

  test.each([
    ["absent-or-no-access", true],
    ["login-refused", false],
  ] as const)(
    "nothing is shown, and a login was answered with %s: is a neighbour looked for? %s",
    (meaning, looked) => {
      const asked = rounds(file, ({ as }) => [refused(as.kind === "login" ? meaning : "absent-or-no-access")]);
      expect(asked.join().includes("repository")).toBe(looked);
    },
  );

  test("a repository that is missing: does a neighbour answer?", () => {
    const asked = rounds(file, ({ kind }) => [
      refused(kind === "tags" ? "repository-absent" : "absent", 404, kind === "tags" ? "tags" : "manifest"),
    ]);
    expect(asked.slice(0, 2)).toEqual(["manifest ci, manifest nobody", "tags ci"]);
    expect(asked[2]).toContain("repository registry.example.com/shop/library/web ci");
  });

  test("N5: a place at another registry is asked without the login", () => {
    const old = fileWith({
      reference: { kind: "valid", reference: imageAt("k8s.gcr.io/pause:3.9") },
      candidates: [credentialOf(ci)],
    });
    const asked = rounds(old, () => [refused("repository-absent", 404)]);
    expect(asked.join()).toContain("repository registry.k8s.io/pause nobody");
    expect(asked.join()).not.toContain("repository registry.k8s.io/pause ci");
  });

  test("nothing more after 429, nor where nothing was heard", () => {
    expect(rounds(file, () => [refused("rate-limited", 429)])).toHaveLength(1);
    expect(
      rounds(file, () => [
        { kind: "unreachable", step: "connect", fault: "connect-refused", host: "registry.example.com" },
      ]),
    ).toHaveLength(1);
  });

  test("the other platforms a pod may land on, by whoever was let in", () => {
    const arm64 = { os: "linux", architecture: "arm64" };
    const asked = rounds(fileWith({ platforms: [amd64, arm64] }), () => [granted]);
    expect(asked).toEqual(["manifest nobody", "manifest nobody"]);
  });

  test("a handful at most for one image and login", () => {
    const all = rounds(file, ({ kind }) => [refused(kind === "tags" ? "repository-absent" : "absent", 404), [gotToken]])
      .join(", ")
      .split(", ");
    expect(all.filter((each) => each.endsWith(" ci")).length).toBeLessThanOrEqual(6);
  });
});

describe("filing answers", () => {
  test("each case gets the answer in the words of its own question", () => {
    const twin = login("ci", "one-password", "other");
    const files = [fileWith({ candidates: [credentialOf(ci)] }), fileWith({ candidates: [credentialOf(twin)] })];
    const filed = fileAnswers(
      files,
      planProbes(files).map((question) => answered(question, granted)),
    );
    expect(filed.map(({ probes }) => probes[0]?.question.as)).toEqual([ci, twin]);
    expect(planProbes(filed)).toEqual([]);
  });

  test("a mirror's answer goes with the question about the registry", () => {
    const file = fileWith();
    const [asked] = planProbes([file]);
    if (asked === undefined) throw new Error("nothing asked");
    const via = { scheme: "https", host: "mirror.test", path: "/v2", capabilities: [] } as const;
    const there = { ...answered({ ...asked, via }, refused("absent", 404)), asked };
    const [filed] = fileAnswers([file], [answered(asked, granted), there]);
    expect(filed?.probes.map(({ question }) => question.via?.host)).toEqual([undefined, "mirror.test"]);
  });

  test("a key tells nothing of a password", () => {
    expect(questionKey({ kind: "manifest", reference, as: ci })).not.toContain("one-password");
  });
});
