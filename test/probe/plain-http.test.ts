import { describe, expect, test } from "vitest";
import type { Answer, NetworkFault, Step } from "../../src/domain/probe.ts";
import { goesOnInClear } from "../../src/probe/plain-http.ts";

const named = "mirror.shop.test";
const withPort = `${named}:5000`;

function unreachable(fault: NetworkFault, host: string, step: Step = "connect"): Answer {
  return { kind: "unreachable", step, fault, host };
}

const refused: Answer = { kind: "refused", step: "manifest", meaning: "absent", words: { status: 404 } };
const unasked = async (): Promise<number> => expect.fail("nobody asks");

describe("whether the node goes on in the clear", () => {
  test.each<[NetworkFault, Step, host: string, containerd: boolean, crio: boolean]>([
    ["http-response-to-https", "tls", withPort, true, true],
    ["http-response-to-https", "tls", named, true, true],
    ["tls-handshake-timeout", "tls", withPort, true, true],
    ["connect-refused", "connect", named, true, true],
    ["connect-timeout", "connect", named, true, true],
    ["connect-refused", "connect", withPort, false, true],
    ["connect-timeout", "connect", withPort, false, true],
    ["tls-handshake-failed", "tls", named, false, true],
    ["tls-unknown-ca", "tls", named, false, true],
    ["connection-reset", "manifest", named, false, true],
    ["bad-response", "manifest", named, false, true],
    ["dns-nxdomain", "resolve", named, false, false],
    ["redirect-refused", "manifest", named, false, false],
    ["address-refused", "connect", named, false, false],
    ["connection-reset", "token", named, false, false],
  ])("%s at %s of %s", async (fault, step, host, containerd, crio) => {
    expect(await goesOnInClear("containerd", host, unreachable(fault, host, step), unasked)).toBe(containerd);
    expect(await goesOnInClear("cri-o", host, unreachable(fault, host, step), unasked)).toBe(crio);
  });

  test("not for a fault of another host: its proxy, its token server, where it redirects to", async () => {
    for (const rule of ["containerd", "cri-o"] as const)
      expect(await goesOnInClear(rule, named, unreachable("connect-refused", "proxy.test:3128"), unasked)).toBe(false);
  });

  test.each([
    [200, false],
    [401, false],
    [404, true],
    [502, true],
    [undefined, false],
  ])("where HTTPS answers, CRI-O goes by what /v2/ says, %s; containerd stays", async (status, wanted) => {
    expect(await goesOnInClear("cri-o", named, refused, async () => status)).toBe(wanted);
    expect(await goesOnInClear("containerd", named, refused, unasked)).toBe(false);
  });

  test("a registry that wants a login, or gives the image, is not asked again", async () => {
    const wanted: Answer = { ...refused, meaning: "login-wanted", words: { status: 401 } };
    for (const answer of [wanted, { kind: "granted", meaning: "granted" } as const])
      expect(await goesOnInClear("cri-o", named, answer, unasked)).toBe(false);
  });
});
