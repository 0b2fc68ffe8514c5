import { describe, expect, test } from "vitest";
import { conclude } from "../../src/conclude/conclude.ts";
import type { CaseFile } from "../../src/domain/case-file.ts";
import {
  asked,
  granted,
  login,
  pullSecret,
  refused,
  said,
  tags,
  unreachable,
} from "../../src/knowledge/evidence/example-parts.ts";
import { caseFile } from "../support/case-file.ts";

/** The one diagnosis of a case: code, certainty, and what else is thinkable. */
function verdict(parts: Partial<CaseFile>) {
  const [diagnosis, ...more] = conclude([caseFile(parts)]).diagnoses;
  expect(more).toEqual([]);
  return {
    code: diagnosis?.code,
    certainty: diagnosis?.certainty,
    alternatives: diagnosis?.alternatives ?? [],
    diagnosis,
  };
}

const ci = login();
const wanted = asked(refused("login-wanted"));
const hidden = asked(refused("absent-or-no-access"));

describe("R1: a login that carries its own end", () => {
  const ended = { ...ci, expiresAt: "2026-11-24T03:00:00Z" };

  test("is expired without any request, beside a 401 on the node", () => {
    expect(verdict({ candidates: [ended], symptoms: [said("unauthorized")] })).toMatchObject({
      code: "credentials-expired",
      certainty: "certain",
    });
  });

  test("is not blamed where the registry still takes it", () => {
    const probes = [asked(granted(), ended)];
    expect(verdict({ candidates: [ended], symptoms: [said("unauthorized")], probes }).code).toBe("answers-now");
  });

  test("is expired also where the registry refuses without saying why", () => {
    const probes = [wanted, asked(refused("login-refused", 403), ended)];
    expect(verdict({ candidates: [ended], probes })).toMatchObject({
      code: "credentials-expired",
      certainty: "certain",
    });
  });
});

describe("R2: 429, or nothing left", () => {
  test("is the node's limit only where the node says so, too", () => {
    const probes = [asked(refused("rate-limited", 429))];
    expect(verdict({ symptoms: [said("rate-limited")], probes })).toMatchObject({
      code: "rate-limited",
      certainty: "certain",
    });
    expect(verdict({ symptoms: [said("cause-hidden")], probes })).toMatchObject({
      code: "rate-limited",
      certainty: "likely",
    });
  });

  test("a grant that was the last one stands for it", () => {
    const probes = [asked({ kind: "granted", meaning: "granted", rateLimitRemaining: 0 })];
    expect(verdict({ symptoms: [said("rate-limited")], probes })).toMatchObject({
      code: "rate-limited",
      certainty: "certain",
    });
  });

  test("a grant from here does not end the node's limit", () => {
    expect(verdict({ symptoms: [said("rate-limited")], probes: [asked(granted())] })).toMatchObject({
      code: "rate-limited",
      certainty: "likely",
    });
  });
});

describe("R3: refused by address or place", () => {
  test.each([
    ["address-denied", "ip-not-allowed"],
    ["geo-blocked", "geo-or-legal-block"],
  ] as const)("%s is about this machine unless the node says the same", (meaning, code) => {
    const probes = [asked(refused(meaning, 403))];
    expect(verdict({ probes, symptoms: [said("cause-hidden")] })).toMatchObject({ code, certainty: "likely" });
    expect(verdict({ probes, symptoms: [said(code)] })).toMatchObject({ code, certainty: "certain" });
    expect(verdict({ probes, symptoms: [said("manifest-not-found")] })).toMatchObject({
      code: "manifest-not-found",
      certainty: "likely",
    });
  });
});

test("R4: a page in the registry's place is never a verdict on a login", () => {
  const page = refused("not-a-registry", 403);
  const found = verdict({ candidates: [ci], probes: [asked(page), asked(page, ci)], symptoms: [said("cause-hidden")] });
  expect(found).toMatchObject({ code: "not-a-registry-endpoint", certainty: "likely" });
  expect(found.alternatives.filter((code) => code.startsWith("credentials-"))).toEqual([]);
});

test("R5: an account that was disabled", () => {
  const probes = [asked(refused("suspended", 405, "token"))];
  expect(verdict({ probes })).toMatchObject({ code: "registry-quota-or-billing", certainty: "certain" });
});

test("R6: a policy of the registry", () => {
  const probes = [wanted, asked(refused("policy-blocked", 412), ci)];
  expect(verdict({ candidates: [ci], probes })).toMatchObject({
    code: "registry-policy-blocked",
    certainty: "certain",
  });
});

test("R7: a tag that was there once", () => {
  expect(verdict({ probes: [asked(refused("tag-expired", 404))] })).toMatchObject({
    code: "tag-expired",
    certainty: "certain",
  });
});

describe("R8: a login in the way of a public image", () => {
  test.each(["login-refused", "login-expired", "no-permission", "absent-or-no-access"] as const)(
    "refused as %s",
    (meaning) => {
      const probes = [asked(granted()), asked(refused(meaning, 403), ci)];
      expect(verdict({ candidates: [ci], probes, symptoms: [said("unauthorized")] })).toMatchObject({
        code: "login-blocks-public-image",
        certainty: "certain",
      });
    },
  );
});

describe("R9: 401 from the token server with a login", () => {
  const refusal = asked(refused("login-refused", 401, "token"), ci);

  test("is a refused login where the control gets another answer", () => {
    expect(verdict({ candidates: [ci], probes: [hidden, refusal] })).toMatchObject({
      code: "credentials-rejected",
      certainty: "certain",
    });
  });

  test("is only likely where the control gets the very same, or was not made", () => {
    const same = asked(refused("login-wanted", 401, "token"));
    expect(verdict({ candidates: [ci], probes: [same, refusal] })).toMatchObject({
      code: "credentials-rejected",
      certainty: "likely",
    });
    const alone = verdict({ candidates: [ci], probes: [refusal] });
    expect(alone).toMatchObject({ code: "credentials-rejected", certainty: "likely" });
    expect(alone.alternatives).toContain("auth-server-error");
  });

  test("is not certain where a token server that gives everybody a token refuses everybody", () => {
    const hub = { text: "shop/web", registry: "docker.io", repository: "shop/web", tag: "latest" };
    const onHub = (probe: typeof refusal) => ({ ...probe, question: { ...probe.question, reference: hub } });
    const probes = [
      onHub(asked(refused("login-wanted", 401, "token"))),
      onHub(refusal),
      onHub(asked(refused("login-refused", 401, "login"), ci, "login")),
    ];
    expect(verdict({ candidates: [ci], probes, reference: { kind: "valid", reference: hub } }).certainty).toBe(
      "likely",
    );
  });
});

describe("R10: 403 from the token server with a login", () => {
  test("by the registry's own words: permission", () => {
    const probes = [wanted, asked(refused("no-permission", 403, "token"), ci)];
    expect(verdict({ candidates: [ci], probes })).toMatchObject({ code: "permission-denied", certainty: "certain" });
  });

  test("wrong or not allowed: the umbrella, with both", () => {
    const probes = [wanted, asked(refused("login-refused-or-no-permission", 403, "token"), ci)];
    const found = verdict({ candidates: [ci], probes });
    expect(found).toMatchObject({ code: "unauthorized", certainty: "certain" });
    expect(found.alternatives).toEqual(expect.arrayContaining(["credentials-rejected", "permission-denied"]));
  });
});

test("R11: 400 from the token server is a fault of its own unless the registry's words say more", () => {
  const probes = [asked(refused("token-server-fault", 400, "token"))];
  expect(verdict({ probes })).toMatchObject({ code: "auth-server-error", certainty: "certain" });
});

describe("R12: a token with scope, and the manifest refused", () => {
  const refusal = asked(refused("absent-or-no-access"), ci);

  test("the login check fails: the login is wrong", () => {
    const probes = [hidden, refusal, asked(refused("login-refused", 401, "login"), ci, "login")];
    expect(verdict({ candidates: [ci], probes })).toMatchObject({ code: "credentials-rejected", certainty: "certain" });
  });

  test("the login check passes: private or missing, and nobody says which", () => {
    const found = verdict({ candidates: [ci], probes: [hidden, refusal, asked(granted(), ci, "login")] });
    expect(found).toMatchObject({ code: "access-denied-or-missing", certainty: "certain" });
    expect(found.alternatives).toEqual(expect.arrayContaining(["repository-not-found", "permission-denied"]));
  });

  test("no login check: not certain, and a wrong login stays thinkable", () => {
    const found = verdict({ candidates: [ci], probes: [hidden, refusal] });
    expect(found).toMatchObject({ code: "access-denied-or-missing", certainty: "likely" });
    expect(found.alternatives).toContain("credentials-rejected");
  });

  test("a login that the check accepts is not called wrong, whatever the first answer was", () => {
    const probes = [wanted, asked(refused("login-refused"), ci), asked(granted(), ci, "login")];
    expect(verdict({ candidates: [ci], probes }).code).toBe("access-denied-or-missing");
  });
});

test("R13: Basic answered, and 401 again", () => {
  const probes = [wanted, asked(refused("login-refused"), ci)];
  expect(verdict({ candidates: [ci], probes, symptoms: [said("unauthorized")] })).toMatchObject({
    code: "credentials-rejected",
    certainty: "certain",
  });
});

test("R14: Basic answered, and 403", () => {
  const probes = [wanted, asked(refused("no-permission", 403), ci)];
  expect(verdict({ candidates: [ci], probes, symptoms: [said("permission-denied")] })).toMatchObject({
    code: "permission-denied",
    certainty: "certain",
  });
});

describe("R15: 403 for a tag: missing, or not allowed", () => {
  const refusal = asked(refused("no-permission", 403), ci);

  test("the list lacks the tag: it is missing", () => {
    expect(verdict({ candidates: [ci], probes: [wanted, refusal, asked(tags("1.3"), ci, "tags")] }).code).toBe(
      "manifest-not-found",
    );
  });

  test("the list has the tag: it is not allowed", () => {
    expect(verdict({ candidates: [ci], probes: [wanted, refusal, asked(tags("1.4"), ci, "tags")] }).code).toBe(
      "permission-denied",
    );
  });
});

describe("R16: 404 for the manifest", () => {
  const bare = asked(refused("absent", 404));

  test("the tags can be listed: the tag is missing", () => {
    const found = verdict({ probes: [bare, asked(tags("1.3"), undefined, "tags")] });
    expect(found).toMatchObject({ code: "manifest-not-found", certainty: "certain", alternatives: [] });
    expect(found.diagnosis?.explanation).toContain('"1.3"');
  });

  test("the list is 404, too: the repository is missing", () => {
    const probes = [bare, asked(refused("repository-absent", 404), undefined, "tags")];
    expect(verdict({ probes })).toMatchObject({ code: "repository-not-found", certainty: "certain" });
  });

  test("the list was not given: tag or repository", () => {
    expect(verdict({ probes: [bare] })).toMatchObject({
      code: "manifest-not-found",
      alternatives: ["repository-not-found"],
    });
  });
});

describe("R17: the manifest is given, its layers' host is cut off", () => {
  const probes = [asked(granted({ blobsReachable: false, blobHost: "cdn.example.com", blobFault: "connect-timeout" }))];

  test("from here only: likely, and it says from where", () => {
    const found = verdict({ probes, symptoms: [said("cause-hidden")] });
    expect(found).toMatchObject({ code: "blob-store-blocked", certainty: "likely" });
    expect(found.diagnosis?.title).toContain("cdn.example.com");
    expect(found.diagnosis?.explanation).toContain("this machine");
  });

  test("the node says the same of the same host: certain", () => {
    const symptoms = [said("connect-timeout", { host: "cdn.example.com" })];
    expect(verdict({ probes, symptoms })).toMatchObject({ code: "blob-store-blocked", certainty: "certain" });
  });
});

describe("R18: all is given from here", () => {
  test("the node's registry-side text is over", () => {
    const found = verdict({ probes: [asked(granted())], symptoms: [said("registry-server-error")] });
    expect(found).toMatchObject({ code: "answers-now", certainty: "certain" });
  });

  test.each(["dns-unreachable", "connect-timeout", "tls-unknown-ca", "proxy-rejected", "disk-full", "mirror-failed"])(
    "the node's own %s stays, and the grant is told",
    (code) => {
      const found = verdict({ probes: [asked(granted())], symptoms: [said(code)] });
      expect(found).toMatchObject({ code, certainty: "likely" });
      expect(found.diagnosis?.evidence.map(({ text }) => text).join("\n")).toContain("gives the manifest");
    },
  );
});

test("R19: an answer that means nothing known is unknown, with status and words", () => {
  const odd = { ...refused("unclear", 418), words: { status: 418, code: "TEAPOT", message: "short and stout" } };
  const found = verdict({ probes: [asked(odd)], symptoms: [said("cause-hidden")] });
  expect(found).toMatchObject({ code: "unknown", certainty: "possible" });
  expect(found.diagnosis?.evidence.map(({ text }) => text).join("\n")).toContain("418 TEAPOT: short and stout");
});

describe("what the text alone can say", () => {
  test.each([
    ["unauthorized", ["credentials-missing", "credentials-rejected", "credentials-expired", "permission-denied"]],
    [
      "access-denied-or-missing",
      ["repository-not-found", "credentials-missing", "permission-denied", "terms-not-accepted"],
    ],
  ])("%s is not answered with a member where the pod's logins are not known", (code, members) => {
    const unread = [pullSecret("forbidden")];
    for (const candidates of [[ci], []]) {
      const found = verdict({ symptoms: [said(code)], candidates, pullSecrets: candidates.length > 0 ? [] : unread });
      expect(found).toMatchObject({ code, certainty: "likely" });
      expect(members).not.toContain(found.code);
    }
  });

  test("401 without probe is no login where the pod is seen to have none", () => {
    expect(verdict({ symptoms: [said("unauthorized")] })).toMatchObject({
      code: "credentials-missing",
      certainty: "likely",
    });
  });
});

describe("faults of the network", () => {
  test("seen from here alone they are never certain about the node", () => {
    const probes = [asked(unreachable("connect-timeout"))];
    expect(verdict({ probes, symptoms: [said("cause-hidden")] })).toMatchObject({
      code: "connect-timeout",
      certainty: "possible",
    });
  });

  test("another fault from here leaves the node's text likely", () => {
    const probes = [asked(unreachable("dns-nxdomain"))];
    expect(verdict({ probes, symptoms: [said("connect-timeout")] })).toMatchObject({
      code: "connect-timeout",
      certainty: "likely",
    });
  });

  test("the same fault at another host is not agreement", () => {
    const probes = [asked(unreachable("connect-timeout", "token", "auth.example.com"))];
    const symptoms = [said("connect-timeout", { host: "registry.example.com" })];
    expect(verdict({ probes, symptoms }).certainty).toBe("likely");
  });

  test("localhost is another machine for the node", () => {
    const local = { text: "localhost:5000/web", registry: "localhost:5000", repository: "web", tag: "latest" };
    const found = verdict({
      reference: { kind: "valid", reference: local },
      probes: [asked(unreachable("connect-refused", "connect", "localhost:5000"))].map((probe) => ({
        ...probe,
        question: { ...probe.question, reference: local },
      })),
      symptoms: [said("connect-refused", { host: "localhost:5000" })],
    });
    expect(found).toMatchObject({ code: "connect-refused", certainty: "likely" });
  });
});

test("two logins with different faults are both named", () => {
  const old = { ...login("old"), expiresAt: "2026-11-24T03:00:00Z" };
  const probes = [wanted, asked(refused("login-refused"), ci), asked(refused("login-refused"), old)];
  const found = verdict({ candidates: [ci, old], probes });
  expect(found.certainty).toBe("certain");
  expect([found.code, ...found.alternatives]).toEqual(
    expect.arrayContaining(["credentials-rejected", "credentials-expired"]),
  );
  expect(found.diagnosis?.explanation).toMatch(
    /secret regcred[^;]*is refused; the login of secret old[^;]*has expired/,
  );
});

test("a Secret that may not be read keeps the verdict open", () => {
  const found = verdict({ pullSecrets: [pullSecret("forbidden")], probes: [wanted], symptoms: [said("unauthorized")] });
  expect(found).toMatchObject({ code: "unauthorized", certainty: "likely" });
  const said401 = found.diagnosis?.evidence.map(({ text }) => text).join("\n");
  expect(said401).toContain("comes back from here without a login, too; the login that the node had was not seen");
  expect(said401).not.toContain("now agree");
});

test("nothing is said of what a Secret holds that may not be read", () => {
  const pod = { ...caseFile({}).target, pullSecretNames: ["regcred"] };
  const found = verdict({ target: pod, pullSecrets: [pullSecret("forbidden")], probes: [wanted] });
  expect(found).toMatchObject({ code: "credentials-missing", certainty: "possible" });
  expect(found.diagnosis?.title).toMatch(/wants a login, and what the pod's pull secrets give was not seen$/);
  expect(found.diagnosis?.remedies[0]?.title).toContain("this drops what else it holds, which was not seen");
});

test("node and probe that disagree are told side by side", () => {
  const found = verdict({ probes: [asked(granted())], symptoms: [said("manifest-not-found")] });
  const told = found.diagnosis?.evidence.find(({ text }) => text.startsWith("The node got"));
  expect(told?.text).toMatch(
    /text for manifest-not-found.* at 2026-11-24T11:58:00Z; asked from here now, .*gives the manifest: the two differ/,
  );
});
