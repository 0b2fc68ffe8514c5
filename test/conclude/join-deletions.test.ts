import { describe, expect, test } from "vitest";
import { joinDeletions } from "../../src/conclude/join-deletions.ts";
import type { Remedy } from "../../src/domain/diagnosis.ts";
import { examplePod } from "../../src/knowledge/evidence/example-parts.ts";
import { recreatePod } from "../../src/knowledge/evidence/remedies.ts";
import { caseFile } from "../support/case-file.ts";

function deletion(pod: string, maker?: string, namespace = "shop"): Remedy {
  const { owner: _, ...bare } = examplePod;
  const owner = maker === undefined ? {} : { owner: { kind: "ReplicaSet", name: maker } };
  const [remedy] = recreatePod(caseFile({ target: { ...bare, namespace, pod, ...owner } }));
  if (remedy === undefined) throw new Error("no remedy");
  return remedy;
}

const words = (remedies: readonly Remedy[]) => joinDeletions(remedies).map(({ title, command }) => [title, command]);

describe("deletions of several pods", () => {
  test("are one command for each namespace, where the first stood", () => {
    const wait = { title: "Wait" };
    const all = [deletion("a", "web"), wait, deletion("b", "web"), deletion("c", "web", "blog"), deletion("d", "db")];
    expect(words(all)).toEqual([
      [
        "Delete the 3 pods in namespace shop; what made them makes new ones",
        "kubectl delete pod/a pod/b pod/d --namespace=shop",
      ],
      ["Wait", undefined],
      ["Delete pod c; ReplicaSet web makes a new one", "kubectl delete pod/c --namespace=blog"],
    ]);
  });

  test("say who makes new ones, and where nobody does", () => {
    expect(words([deletion("a", "web"), deletion("b", "web")])[0]?.[0]).toMatch(/; ReplicaSet web makes new ones$/);
    const mixed = words([deletion("a"), deletion("b"), deletion("c", "web")]);
    expect(mixed.map(([title]) => title)).toEqual([
      "Delete the 2 pods in namespace shop and create them again; nobody else will",
      "Delete pod c; ReplicaSet web makes a new one",
    ]);
  });

  test("of very many pods say that they are not all", () => {
    const [[title, command] = []] = words(Array.from({ length: 60 }, (_, index) => deletion(`p${index}`, "web")));
    expect(title).toContain("the first 50 of 60 pods");
    expect(command?.split("pod/")).toHaveLength(51);
  });
});
