import { expect, test } from "vitest";
import { conclude } from "../../src/conclude/conclude.ts";
import { unreachedGaps } from "../../src/conclude/unreached.ts";
import type { CaseFile } from "../../src/domain/case-file.ts";
import type { Gap } from "../../src/domain/gap.ts";
import { asked, login, refused, said, unreachable } from "../../src/knowledge/evidence/example-parts.ts";
import { caseFile } from "../support/case-file.ts";

function gapsOf(parts: Partial<CaseFile>): readonly Gap[] {
  const file = caseFile(parts);
  return unreachedGaps([file], conclude([file]).diagnoses);
}

const untrusted = asked(unreachable("tls-unknown-ca"));

test("a registry that only this machine cannot ask is a gap, with the flag that opens it", () => {
  const probes = [untrusted, asked(unreachable("tls-unknown-ca"), login())];
  const [gap, ...more] = gapsOf({ symptoms: [said("manifest-not-found")], probes });
  expect(more).toEqual([]);
  expect(gap?.why).toContain("shows a certificate whose issuer is not trusted");
  expect(gap?.remedy).toContain("--registry-ca");
});

test("it is none where the node meets the same or says nothing, or one login got through", () => {
  expect(gapsOf({ symptoms: [said("tls-unknown-ca")], probes: [untrusted] })).toEqual([]);
  expect(gapsOf({ probes: [untrusted] })).toEqual([]);
  expect(gapsOf({ symptoms: [said("unauthorized")] })).toEqual([]);
  const probes = [untrusted, asked(refused("login-wanted"), login())];
  expect(gapsOf({ symptoms: [said("unauthorized")], probes })).toEqual([]);
});

test("it is none where it is the diagnosis, in other words than the node's", () => {
  const shut = asked(unreachable("tls-client-certificate-required"));
  expect(gapsOf({ symptoms: [said("tls-handshake-failed")], probes: [shut] })).toEqual([]);
});

test("of many such registries a few are named and the others counted", () => {
  const files = Array.from({ length: 8 }, (_, index) => {
    const probe = asked(unreachable("no-route"));
    const answer = { ...unreachable("no-route"), host: `r${Math.min(index, 6)}.example.com` };
    return caseFile({ symptoms: [said("manifest-not-found")], probes: [{ ...probe, answer }] });
  });
  const gaps = unreachedGaps(files, []);
  expect(gaps).toHaveLength(6);
  expect(gaps.at(-1)?.what).toBe("what 2 more registries say");
});
