import { describe, expect, test } from "vitest";
import { collect } from "../../src/collect/collect.ts";
import { noCluster } from "../../src/collect/no-cluster.ts";
import { plannedImage, plannedImages, plannedSecrets } from "../../src/collect/planned-images.ts";
import { readDocuments, readPlacedDocuments } from "../../src/collect/yaml-documents.ts";
import { silent } from "../../src/domain/progress.ts";
import type { PlannedImage } from "../../src/domain/query.ts";
import { openCluster } from "./open-cluster.ts";
import { nodeObject, secretObject, serviceAccountObject } from "./sample-objects.ts";

async function planned(text: string, defaults = { namespace: "shop" }): Promise<readonly PlannedImage[]> {
  return plannedImages([{ name: "chart.yaml", documents: await readDocuments(text) }], defaults);
}

const template = "template: {spec: {containers: [{name: app, image: web}]}}";

describe("images of manifests", () => {
  test.each([
    ["Pod", "spec: {containers: [{name: app, image: web}]}"],
    ["Deployment", `spec: {${template}}`],
    ["StatefulSet", `spec: {${template}}`],
    ["DaemonSet", `spec: {${template}}`],
    ["ReplicaSet", `spec: {${template}}`],
    ["ReplicationController", `spec: {${template}}`],
    ["Job", `spec: {${template}}`],
    ["CronJob", `spec: {jobTemplate: {spec: {${template}}}}`],
    ["Rollout", `spec: {${template}}`],
  ])("of a %s", async (kind, spec) => {
    expect(await planned(`kind: ${kind}\nmetadata: {name: web}\n${spec}`)).toEqual([
      {
        image: "web",
        origin: `${kind.toLowerCase()}/web in chart.yaml`,
        namespace: "shop",
        owner: { kind, name: "web" },
        container: "app",
        pullSecretNames: [],
        nodeSelector: {},
      },
    ]);
  });

  test("stand at a line of their file", async () => {
    const text = `# a chart
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      initContainers: [{name: init, image: "one"}]
      containers:
      - name: app
        image: &image >-
          two
      - {name: other,
         image: *image}
      volumes:
      - name: data
        image:
          reference: three
---
---
kind: List
items:
- kind: Pod
  metadata: {name: a}
  spec:
    containers: [{name: app, image: four}]
`;
    const file = { ...(await readPlacedDocuments(text)), name: "/home/me/chart.yaml", file: "chart.yaml" };
    expect(plannedImages([file], { namespace: "shop" }).map((one) => [one.image, one.file, one.line])).toEqual([
      ["one", "chart.yaml", 7],
      ["two", "chart.yaml", 10],
      ["two", "chart.yaml", 13],
      ["three", "chart.yaml", 17],
      ["four", "chart.yaml", 25],
    ]);
  });

  test.each([
    [
      "JSON",
      JSON.stringify(
        { kind: "Pod", metadata: { name: "a" }, spec: { containers: [{ name: "app", image: "one" }] } },
        null,
        "\t",
      ),
      10,
    ],
    [
      "a text with a byte order mark",
      "\ufeffkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: app, image: one}]",
      4,
    ],
    [
      "a text of Windows",
      "kind: Pod\r\nmetadata: {name: a}\r\nspec:\r\n  containers: [{name: app, image: one}]\r\n",
      4,
    ],
  ])("stand at a line of %s", async (_, text, line) => {
    const file = { ...(await readPlacedDocuments(text)), name: "a", file: "a" };
    expect(plannedImages([file], { namespace: "shop" })).toMatchObject([{ image: "one", file: "a", line }]);
  });

  test("come from the template that helm names, on stdin", async () => {
    const text = `---
# Source: web/templates/a.yaml
# made for us
kind: Pod
metadata: {name: a}
spec: {containers: [{name: app, image: one}]}
---
kind: Pod
metadata: {name: b}
spec: {containers: [{name: app, image: two}]}
# Source: web/templates/none.yaml
---
kind: Pod
metadata: {name: c}
spec: {containers: [{name: app, image: three}]}
`;
    const images = plannedImages([{ ...(await readPlacedDocuments(text)), name: "stdin" }], { namespace: "shop" });
    expect(images.map(({ image, file, line }) => [image, file, line])).toEqual([
      ["one", "web/templates/a.yaml", undefined],
      ["two", undefined, undefined],
      ["three", undefined, undefined],
    ]);
  });

  test("a text that is no YAML is refused by its line, not by its words", async () => {
    await expect(readPlacedDocuments("a: b\nc: [secret")).rejects.toThrow(/^not valid YAML or JSON \(line \d\)$/);
  });

  test("of many documents and Lists; what has no pods is passed over", async () => {
    const text = `
# Source: chart/templates/service.yaml
kind: Service
metadata: {name: web}
spec: {selector: {app: web}}
---
---
kind: List
items:
- {kind: Pod, metadata: {name: a}, spec: {containers: [{name: app, image: one}]}}
- {kind: Pod, metadata: {name: b, namespace: test}, spec: {containers: [{name: app, image: two}]}}
---
null
---
just words
`;
    expect((await planned(text)).map(({ image, namespace }) => [image, namespace])).toEqual([
      ["one", "shop"],
      ["two", "test"],
    ]);
  });

  test("of init containers and image volumes, with policy, selector and affinity", async () => {
    const text = `
kind: Pod
metadata: {name: web}
spec:
  serviceAccountName: builder
  imagePullSecrets: [{name: a}, {name: ""}, {name: b}]
  nodeSelector: {disk: ssd}
  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [arm64]}]}]}}}
  initContainers: [{name: init, image: migrate, imagePullPolicy: Always}]
  containers: [{name: app, image: web}, {name: nameless}]
  volumes: [{name: models, image: {reference: models:v2}}]
`;
    const images = await planned(text);
    expect(images.map(({ image, container, pullPolicy }) => [image, container, pullPolicy])).toEqual([
      ["migrate", "init", "Always"],
      ["web", "app", undefined],
      ["models:v2", undefined, undefined],
    ]);
    expect(images[0]).toMatchObject({
      serviceAccountName: "builder",
      pullSecretNames: ["a", "", "b"],
      nodeSelector: { disk: "ssd", "kubernetes.io/arch": "arm64" },
    });
  });

  test("with the pull secrets of a service account in the same manifests", async () => {
    const text = `
kind: ServiceAccount
metadata: {name: builder}
imagePullSecrets: [{name: fresh}]
---
kind: Pod
metadata: {name: web}
spec: {serviceAccountName: builder, containers: [{name: app, image: web}]}
`;
    expect((await planned(text))[0]?.pullSecretNames).toEqual(["fresh"]);
  });
});

describe("what a planned image would be pulled with", () => {
  const look = (images: readonly PlannedImage[], cluster = noCluster()) =>
    collect(
      { subject: { kind: "planned", images }, namespace: "shop", probe: true },
      cluster,
      silent,
      new AbortController().signal,
    );

  test("the service account's pull secrets, where the pod names none, as admission does", async () => {
    await using opened = await openCluster([
      serviceAccountObject("default", "shop", ["regcred"]),
      secretObject("regcred"),
      secretObject("own"),
      nodeObject("node1"),
      nodeObject("node2", "arm64"),
    ]);
    const bare = plannedImage("registry.example.com/web", { namespace: "shop" });
    const facts = await look([bare, { ...bare, pullSecretNames: ["own"] }], opened.cluster);
    expect(facts.targets.map(({ pullSecretNames }) => pullSecretNames)).toEqual([["regcred"], ["own"]]);
    expect([...facts.secrets.keys()].sort()).toEqual(["shop/own", "shop/regcred"]);
    expect([...facts.nodes.values()].map((read) => read.kind === "found" && read.value.architecture)).toEqual([
      "amd64",
      "arm64",
    ]);
    expect(facts.examined).toBe(2);
  });

  test("what other namespaces have in the place of a Secret that is missing", async () => {
    await using opened = await openCluster([serviceAccountObject(), secretObject("own", "other")]);
    const image = { ...plannedImage("registry.example.com/web", { namespace: "shop" }), pullSecretNames: ["own"] };
    expect((await look([image], opened.cluster)).namesakes).toEqual([{ namespace: "other", name: "own" }]);
  });

  test("the nodes that its selector allows", async () => {
    await using opened = await openCluster([serviceAccountObject(), nodeObject("node1"), nodeObject("node2", "arm64")]);
    const image = { ...plannedImage("web", { namespace: "shop" }), nodeSelector: { "kubernetes.io/arch": "arm64" } };
    expect([...(await look([image], opened.cluster)).nodes.keys()]).toEqual(["node2"]);
  });

  test("nothing at all without a cluster, and that is said", async () => {
    const facts = await look([plannedImage("web", { namespace: "shop", serviceAccountName: "builder" })]);
    expect(facts.targets).toMatchObject([
      { image: "web", containerKind: "planned", serviceAccountName: "builder", pullSecretNames: [] },
    ]);
    expect(facts.gaps.map(({ why }) => why)).toEqual(["there is no cluster to ask", "there is no cluster to ask"]);
  });
});

describe("Secrets that the manifests bring", () => {
  const text = `
kind: Pod
metadata: {name: web}
spec:
  imagePullSecrets: [{name: own}, {name: sealed}, {name: external}, {name: lost}]
  containers: [{name: app, image: registry.example.com/web}]
---
kind: Secret
metadata: {name: own}
type: kubernetes.io/dockerconfigjson
stringData: {.dockerconfigjson: '{"auths":{}}'}
---
kind: SealedSecret
metadata: {name: sealed}
---
kind: ExternalSecret
metadata: {name: made-elsewhere}
spec: {target: {name: external}}
`;

  test("are not missing, though the cluster does not have them yet", async () => {
    await using opened = await openCluster([serviceAccountObject()]);
    const files = [{ name: "chart.yaml", documents: await readDocuments(text) }];
    const subject = {
      kind: "planned",
      images: plannedImages(files, { namespace: "shop" }),
      ...plannedSecrets(files, { namespace: "shop" }),
    } as const;
    const query = { subject, namespace: "shop", probe: true };
    const facts = await collect(query, opened.cluster, silent, new AbortController().signal);
    expect([...facts.secrets].map(([key, { kind }]) => `${key} ${kind}`).sort()).toEqual([
      "shop/external unasked",
      "shop/lost absent",
      "shop/own found",
      "shop/sealed unasked",
    ]);
    expect(facts.secrets.get("shop/own")).toMatchObject({ value: { managedBy: "manifest chart.yaml" } });
    expect(facts.gaps.map(({ why }) => why)).toEqual([
      "SealedSecret sealed in the manifests makes it",
      "ExternalSecret made-elsewhere in the manifests makes it",
    ]);
    // What is written in the manifests is not asked for.
    expect(opened.server.requests.filter(({ name }) => name === "own")).toEqual([]);
  });
});
