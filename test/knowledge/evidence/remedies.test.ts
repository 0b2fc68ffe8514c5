import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { CaseFile } from "../../../src/domain/case-file.ts";
import { causes } from "../../../src/knowledge/causes/index.ts";
import { examplePod, login, pullSecret } from "../../../src/knowledge/evidence/example-parts.ts";
import { recreatePod, setImage, writePullSecret } from "../../../src/knowledge/evidence/remedies.ts";
import { caseFile } from "../../support/case-file.ts";

const evil =
  "x'; touch /tmp/imagedoctor-owned; $(touch /tmp/imagedoctor-owned) `touch /tmp/imagedoctor-owned` \u001b]0;\u0007\n&";
const canary = "canary-of-the-password";

/** A case in which every name tries to leave its quotes. */
const hostile: CaseFile = caseFile({
  target: {
    ...examplePod,
    namespace: evil,
    pod: evil,
    container: evil,
    image: evil,
    nodeName: evil,
    serviceAccountName: evil,
    owner: { kind: "Deployment", name: evil },
    pullSecretNames: [evil],
  },
  reference: { kind: "valid", reference: { text: evil, registry: evil, repository: evil, tag: evil } },
  pullSecrets: [pullSecret("missing", { namespace: evil, name: evil })],
  unusedSecrets: [{ namespace: `${evil}2`, name: evil, key: evil }],
  nearMisses: [{ namespace: evil, secret: evil, key: evil, differs: "port", wanted: evil }],
  candidates: [login(evil, evil)],
});

test("no command lets a hostile name out of its quotes", () => {
  const commands = causes.flatMap(({ remedies }) => remedies(hostile).flatMap(({ command }) => command ?? []));
  expect(commands.length).toBeGreaterThan(50);
  for (const command of commands) {
    expect(command).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    // The shell reads it without complaint, and every substitution in it is one of ours.
    execFileSync("/bin/sh", ["-n", "-c", command]);
    const outside = command.replace(/'[^']*'|\\'/g, "");
    expect(outside, command).not.toContain("touch");
  }
});

test("no command holds a password or a token", () => {
  const file = caseFile({
    candidates: [{ ...login(), username: `ghp_${canary}` }],
    pullSecrets: [pullSecret("decoded")],
  });
  for (const { remedies } of causes) {
    const printed = JSON.stringify(remedies(file));
    expect(printed).not.toContain(canary);
    expect(printed).not.toContain("password of regcred");
  }
});

test("a pod of a Deployment is restarted, a bare pod is deleted", () => {
  const owned = caseFile({ target: { ...examplePod, owner: { kind: "Deployment", name: "web" } } });
  expect(recreatePod(owned)[0]?.command).toBe("kubectl rollout restart deployment/web --namespace=shop");
  expect(recreatePod(caseFile())[0]?.command).toBe("kubectl delete pod/web-6f9 --namespace=shop");
});

test("an image is set where the workload can be told, and only titled elsewhere", () => {
  const owned = caseFile({ target: { ...examplePod, owner: { kind: "Deployment", name: "web" } } });
  expect(setImage(owned, "Use it", "r.example/a:1").command).toBe(
    "kubectl set image deployment/web web=r.example/a:1 --namespace=shop",
  );
  const set = caseFile({ target: { ...examplePod, owner: { kind: "ReplicaSet", name: "web-1" } } });
  expect(setImage(set, "Use it", "r.example/a:1")).toEqual({ title: "Use it" });
});

test("a secret that would lose other entries says so, one that is not there is created", () => {
  const keys = [login().source.key, "b", "c"];
  const two = caseFile({ candidates: [login()], pullSecrets: [pullSecret("decoded", { keys })] });
  expect(writePullSecret(two)[0]?.title).toMatch(/^Replace .*drops its 2 other entries/);
  const stranger = caseFile({ pullSecrets: [pullSecret("decoded", { keys: ["registry.example.org"] })] });
  expect(writePullSecret(stranger)[0]?.title).toMatch(/drops its other entry/);
  expect(writePullSecret(caseFile({ pullSecrets: [pullSecret("missing")] }))[0]?.title).toMatch(/^Create /);
});
