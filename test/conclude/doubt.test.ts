import { describe, expect, test } from "vitest";
import { conclude } from "../../src/conclude/conclude.ts";
import type { CaseFile } from "../../src/domain/case-file.ts";
import type { Probe } from "../../src/domain/probe.ts";
import { causeByCode } from "../../src/knowledge/causes/index.ts";
import {
  asked,
  examplePod,
  granted,
  login,
  pullSecret,
  refused,
  said,
  unreachable,
} from "../../src/knowledge/evidence/example-parts.ts";
import { caseFile } from "../support/case-file.ts";

/** What keeps a verdict from being certain, or from being given at all. */
function found(parts: Partial<CaseFile>, code: string) {
  return causeByCode.get(code)?.decide?.(caseFile(parts))?.certainty;
}

function primary(parts: Partial<CaseFile>) {
  const [diagnosis] = conclude([caseFile(parts)]).diagnoses;
  return [diagnosis?.code, diagnosis?.certainty];
}

const ci = login();
const backup = login("backup");
const wanted = asked(refused("login-wanted"));

describe("what the node says keeps a registry's answer from being the cause", () => {
  const absent = [asked(refused("tag-absent", 404))];

  test("it speaks of a mirror", () => {
    const symptoms = [said("registry-server-error", { foreignHost: "mirror", host: "mirror.example.com" })];
    expect(found({ symptoms, probes: absent }, "manifest-not-found")).toBe("likely");
  });

  test("it was let in, so its login is another than the one that is refused now", () => {
    const probes = [wanted, asked(refused("login-refused"), ci)];
    expect(found({ candidates: [ci], symptoms: [said("manifest-not-found")], probes }, "credentials-rejected")).toBe(
      "likely",
    );
  });

  test("its network fails before any registry", () => {
    expect(primary({ symptoms: [said("proxy-unreachable")], probes: absent })).toEqual(["proxy-unreachable", "likely"]);
  });

  test("it names no cause, and the registry is this machine's own localhost", () => {
    const local = { text: "localhost:5000/web", registry: "localhost:5000", repository: "web", tag: "latest" };
    const probes = absent.map((probe) => ({ ...probe, question: { ...probe.question, reference: local } }));
    expect(found({ reference: { kind: "valid", reference: local }, probes }, "manifest-not-found")).toBe("likely");
  });
});

describe("what does not contradict the node's text", () => {
  test("the registry's grant, where the text is of a host behind it", () => {
    const symptoms = [said("permission-denied", { foreignHost: "other", host: "storage.example.com" })];
    expect(primary({ symptoms, probes: [asked(granted())] })).toEqual(["permission-denied", "likely"]);
  });

  test("a grant without a login, where a Secret could not be read", () => {
    const parts = {
      symptoms: [said("unauthorized")],
      pullSecrets: [pullSecret("forbidden")],
      probes: [asked(granted())],
    };
    expect(primary(parts)).toEqual(["unauthorized", "likely"]);
  });

  test("a manifest that is neither image nor index", () => {
    const probes = [asked(granted({ kind: "unknown" }))];
    expect(found({ symptoms: [said("not-a-container-image")], probes }, "not-a-container-image")).toBe("likely");
  });

  test("the answer to one of two logins", () => {
    const parts = { candidates: [ci, backup], symptoms: [said("registry-quota-or-billing")] };
    const one = asked(refused("tag-absent", 404), ci);
    expect(found({ ...parts, probes: [one] }, "registry-quota-or-billing")).toBe("likely");
    const other = { ...backup, username: "other" };
    const both = [one, asked(refused("tag-absent", 404), other)];
    expect(found({ ...parts, candidates: [ci, other], probes: both }, "registry-quota-or-billing")).toBeUndefined();
  });
});

describe("several logins", () => {
  test("one that works ends what the registry says to the other", () => {
    const probes = [asked(refused("policy-blocked", 412), ci), asked(granted(), backup)];
    expect(primary({ candidates: [ci, backup], probes })).toEqual(["answers-now", "certain"]);
  });

  test("one that is let in ends the fault of the other", () => {
    const probes = [wanted, asked(refused("login-refused"), ci), asked(refused("tag-absent", 404), backup)];
    expect(found({ candidates: [ci, backup], probes }, "credentials-rejected")).toBeUndefined();
    expect(primary({ candidates: [ci, backup], probes })).toEqual(["manifest-not-found", "certain"]);
  });

  test("one that was not asked leaves room for doubt", () => {
    const probes = [wanted, asked(refused("login-refused"), ci)];
    expect(found({ candidates: [ci, backup], probes }, "credentials-rejected")).toBe("likely");
  });

  test("one that is judged is not judged again by the node's text", () => {
    const probes = [asked(refused("absent-or-no-access"), ci), asked(granted(), ci, "login")];
    expect(
      found({ candidates: [ci], symptoms: [said("credentials-rejected")], probes }, "credentials-rejected"),
    ).toBeUndefined();
  });
});

describe("a login", () => {
  test("that ended by its own word, and that the token server still takes, has not ended", () => {
    const ended = { ...ci, expiresAt: "2026-11-24T03:00:00Z" };
    const probes = [asked(refused("absent-or-no-access"), ended), asked(granted(), ended, "login")];
    expect(found({ candidates: [ended], probes }, "credentials-expired")).toBeUndefined();
  });

  test("that is refused where nobody needs one is certainly refused", () => {
    const probes = [asked(granted()), asked(refused("login-refused", 401, "token"), ci)];
    expect(found({ candidates: [ci], probes }, "credentials-rejected")).toBe("certain");
  });
});

test("an answer without a login is not the node's where a Secret could not be read", () => {
  const parts = { pullSecrets: [pullSecret("forbidden")], probes: [asked(refused("policy-blocked", 412))] };
  expect(found(parts, "registry-policy-blocked")).toBe("likely");
});

test("an image that fits one of the nodes it may land on is not called unfit", () => {
  const question = (architecture: string) => ({
    ...asked(granted()).question,
    platform: { os: "linux", architecture },
  });
  const probes = [
    { ...asked(granted({ match: "none" })), question: question("arm64") },
    { ...asked(granted({ match: "matched" })), question: question("amd64") },
  ];
  expect(found({ probes }, "platform-mismatch")).toBeUndefined();
});

test("what follows from the verdict is not told as a second fault, nor as an alternative", () => {
  const [diagnosis] = conclude([caseFile({ pullSecrets: [pullSecret("missing")], probes: [wanted] })]).diagnoses;
  expect(diagnosis).toMatchObject({ code: "pull-secret-missing", certainty: "certain", alternatives: [] });
  expect(diagnosis?.explanation).not.toContain("Also:");
});

test("a group in which several names are at fault lists them", () => {
  const pod = (namespace: string) =>
    caseFile({
      target: { ...examplePod, namespace },
      pullSecrets: [pullSecret("missing", { namespace, name: `pull-${namespace}` })],
      probes: [wanted],
    });
  const [diagnosis, ...more] = conclude([pod("a"), pod("b")]).diagnoses;
  expect(more).toEqual([]);
  expect(diagnosis?.containers).toHaveLength(2);
  expect(diagnosis?.title).toBe("A pull secret named by the pod does not exist");
  expect(diagnosis?.explanation).toMatch(/"pull-a" does not exist in namespace a; Secret "pull-b"/);
  expect(diagnosis?.remedies.map(({ command }) => command ?? "").join("\n")).toMatch(/pull-a.*pull-b/s);
});

test("no network at all from here is no verdict on the node", () => {
  const probes = [asked(unreachable("no-route"))];
  expect(primary({ symptoms: [said("unauthorized")], pullSecrets: [pullSecret("forbidden")], probes })).toEqual([
    "unauthorized",
    "likely",
  ]);
});

describe("a name without a registry on a CRI-O node", () => {
  const hub = { text: "nginx", registry: "docker.io", repository: "library/nginx", tag: "latest" };
  const at = (probe: Probe): Probe => ({ ...probe, question: { ...probe.question, reference: hub } });
  const absent = at(asked(refused("tag-absent", 404)));
  const short = { shortNameInCrio: true, reference: { kind: "valid", reference: hub }, probes: [absent] } as const;

  test("docker.io is an assumption: what it answers makes nothing certain, and that is said", () => {
    expect(primary(short)).toEqual(["manifest-not-found", "likely"]);
    const [diagnosis] = conclude([caseFile(short)]).diagnoses;
    expect(diagnosis?.evidence.map(({ text }) => text).join("\n")).toContain("--registries-conf FILE");
  });

  test("near miss: the node runs another runtime", () => {
    const { shortNameInCrio: _, ...plain } = short;
    expect(primary(plain)).toEqual(["manifest-not-found", "certain"]);
  });

  test("near miss: the node's configuration was followed", () => {
    const probes = [{ ...absent, nodeConfig: { way: ["registry-1.docker.io"] } }];
    expect(primary({ ...short, probes })).toEqual(["manifest-not-found", "certain"]);
  });

  test("near miss: the node's own words name docker.io", () => {
    const told = said("manifest-not-found");
    const symptoms = (message: string) => [{ ...told, failure: { ...told.failure, message } }];
    const named = symptoms("reading manifest latest in docker.io/library/nginx: manifest unknown");
    expect(primary({ ...short, symptoms: named })).toEqual(["manifest-not-found", "certain"]);
    const another = symptoms("reading manifest latest in notdocker.io/library/nginx: manifest unknown");
    expect(primary({ ...short, symptoms: another })).toEqual(["manifest-not-found", "likely"]);
  });

  test("near miss: the verdict rests on the API server alone", () => {
    expect(primary({ ...short, keyringBlockedBy: "regcred", pullSecrets: [pullSecret("malformed")] })).toEqual([
      "pull-secret-malformed",
      "certain",
    ]);
  });
});
