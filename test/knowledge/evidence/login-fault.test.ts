import { describe, expect, test } from "vitest";
import type { SecretFault } from "../../../src/domain/credential.ts";
import { asked, login, pullSecret, refused } from "../../../src/knowledge/evidence/example-parts.ts";
import { loginFault } from "../../../src/knowledge/evidence/login-fault.ts";
import { caseFile } from "../../support/case-file.ts";

const key = "registry.example.com";
const odd: SecretFault = {
  code: "surrounding-space",
  effect: "suspicious",
  where: `auths["${key}"].auth`,
  text: "The password ends with a line break.",
};

function detail(faults: readonly SecretFault[], ...others: readonly string[]) {
  const logins = [login(), ...others.map((name) => login(name))];
  const file = caseFile({
    candidates: logins,
    pullSecrets: [pullSecret("decoded", { keys: [key], faults })],
    probes: [asked(refused("login-wanted")), ...logins.map((each) => asked(refused("login-refused"), each))],
  });
  const finding = loginFault(file, { code: "credentials-rejected", state: "rejected", verb: "is refused" });
  expect(finding?.certainty).toBe("certain");
  return finding?.detail;
}

describe("a refused login that looks wrong in its secret", () => {
  test("is told with what looks wrong, before anything else is tried", () => {
    expect(detail([odd])).toBe(`Look at the secret first. The password ends with a line break (auths["${key}"].auth).`);
    for (const where of [`"${key}".auth`, ".dockerconfigjson"]) expect(detail([{ ...odd, where }])).toContain(where);
  });

  test("near misses: nothing looks wrong, it is another entry's, or only the secret's age is odd", () => {
    expect(detail([])).toBeUndefined();
    for (const where of ['auths["ghcr.io"].auth', `auths["${key}:5000"].auth`, '"ghcr.io".auth']) {
      expect(detail([{ ...odd, where }]), where).toBeUndefined();
    }
    expect(detail([{ ...odd, code: "changed-since", where: "metadata" }])).toBeUndefined();
  });

  test("of several logins each is named", () => {
    expect(detail([odd], "backup")).toContain("the login of secret backup");
  });
});

test("a login that has ended says how long ago, in words", () => {
  const ended = { ...login(), expiresAt: "2026-11-21T12:00:00Z" };
  const file = caseFile({
    candidates: [ended],
    pullSecrets: [pullSecret("decoded", { keys: [key] })],
    probes: [asked(refused("login-wanted")), asked(refused("login-refused"), ended)],
  });
  const finding = loginFault(file, { code: "credentials-expired", state: "expired", verb: "has expired" });
  expect(finding?.evidence[0]?.text).toContain("ended 3 days ago, at 2026-11-21T12:00:00Z");
});
