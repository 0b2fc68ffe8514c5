import { expect, test } from "vitest";
import { attemptsOf } from "../../src/conclude/attempts.ts";
import { Redacted } from "../../src/domain/redacted.ts";
import {
  asked,
  examplePod,
  granted,
  login,
  refused,
  tags,
  unreachable,
} from "../../src/knowledge/evidence/example-parts.ts";
import { caseFile } from "../support/case-file.ts";

const ci = login();

test("each login and nobody get their rows, in the kubelet's order", () => {
  const backup = login("backup");
  const rows = attemptsOf(
    caseFile({
      candidates: [ci, backup],
      probes: [
        asked(refused("login-wanted")),
        asked(granted(), backup),
        asked(refused("login-refused", 401, "token"), ci),
      ],
    }),
  );
  expect(rows.map(({ credential, step, outcome, status }) => [credential, step, outcome, status])).toEqual([
    ['secret regcred, entry "registry.example.com" (user ci-bot)', "token", "refused", 401],
    ['secret backup, entry "registry.example.com" (user ci-bot)', "manifest", "granted", undefined],
    ["anonymous", "manifest", "refused", 401],
  ]);
});

test("a token that was given, and the checks that followed, are rows of their own", () => {
  const probe = asked(refused("absent-or-no-access"), ci);
  const withToken = { ...probe, ladder: [{ step: "token", outcome: "passed", status: 200 }] as const };
  const rows = attemptsOf(
    caseFile({ candidates: [ci], probes: [withToken, asked(granted(), ci, "login"), asked(tags("1.3"), ci, "tags")] }),
  );
  expect(rows.map(({ step, outcome }) => [step, outcome])).toEqual([
    ["token", "granted"],
    ["manifest", "refused"],
    ["login", "granted"],
    ["tags", "granted"],
    ["manifest", "not asked"],
  ]);
});

test("what was not reached says where and why", () => {
  const [row] = attemptsOf(caseFile({ probes: [asked(unreachable("dns-nxdomain", "resolve"))] }));
  expect(row).toEqual({
    credential: "anonymous",
    from: "nobody",
    step: "resolve",
    outcome: "unreachable",
    detail: "dns-nxdomain at registry.example.com",
  });
});

test("nothing was asked: no rows", () => {
  expect(attemptsOf(caseFile({ candidates: [ci] }))).toEqual([]);
});

test("a secret that admission copied comes from the service account", () => {
  const file = caseFile({
    candidates: [ci],
    probes: [asked(granted(), ci)],
    target: { ...examplePod, pullSecretNames: ["regcred"] },
    serviceAccount: { kind: "found", value: { namespace: "shop", name: "default", pullSecretNames: ["regcred"] } },
  });
  expect(attemptsOf(file)[0]?.from).toBe("service account");
  expect(attemptsOf({ ...file, serviceAccount: { kind: "absent" } })[0]?.from).toBe("pod");
});

test("an entry without a login has the row of nobody, under its own name", () => {
  const empty = { ...login("empty", ""), password: new Redacted("") };
  const rows = attemptsOf(caseFile({ candidates: [empty], probes: [asked(granted())] }));
  expect(rows.map(({ credential, from, outcome }) => [credential, from, outcome])).toEqual([
    ['secret empty, entry "registry.example.com" (empty, so without a login)', "pod", "granted"],
    ["anonymous", "nobody", "granted"],
  ]);
});

test("an entry that makes CRI-O look for a login on the node was not asked with", () => {
  const empty = { ...login("empty", ""), usedAs: "node-login" } as const;
  const [row] = attemptsOf(caseFile({ candidates: [empty], probes: [asked(granted())] }));
  expect(row).toMatchObject({ outcome: "not asked", detail: "CRI-O takes a login of the node in its place" });
});
