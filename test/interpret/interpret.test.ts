import { describe, expect, test } from "vitest";
import type { ClusterFacts, NodeFacts, SecretFacts } from "../../src/domain/cluster-facts.ts";
import type { Read } from "../../src/domain/read.ts";
import { Redacted } from "../../src/domain/redacted.ts";
import type { PullFailure, Target } from "../../src/domain/target.ts";
import { interpret } from "../../src/interpret/interpret.ts";
import { cpuTime } from "../support/cpu-time.ts";

const now = "2026-11-25T12:00:00Z";

function target(parts: Partial<Target> = {}): Target {
  return {
    namespace: "shop",
    pod: "web-6f9",
    container: "web",
    containerKind: "regular",
    image: "registry.example.com/shop/web:1.4",
    nodeSelector: {},
    pullSecretNames: ["regcred"],
    failures: [],
    ...parts,
  };
}

function failed(message: string, parts: Partial<PullFailure> = {}): PullFailure {
  return { source: "event", reason: "Failed", message, at: "2026-11-25T11:50:00Z", ...parts };
}

function secretFacts(auths: Readonly<Record<string, unknown>>, parts: Partial<SecretFacts> = {}): SecretFacts {
  const payload = Buffer.from(JSON.stringify({ auths })).toString("base64");
  return {
    namespace: "shop",
    name: "regcred",
    type: "kubernetes.io/dockerconfigjson",
    data: new Map([[".dockerconfigjson", new Redacted(payload)]]),
    ...parts,
  };
}

function found<T>(value: T): Read<T> {
  return { kind: "found", value };
}

const login = { username: "ci", password: "hunter2" };

function node(parts: Partial<NodeFacts> = {}): NodeFacts {
  return {
    name: "node1",
    os: "linux",
    architecture: "amd64",
    runtime: { name: "containerd", version: "2.1.0" },
    kubeletVersion: "v1.34.0",
    ready: true,
    troubles: [],
    images: [],
    labels: {},
    ...parts,
  };
}

function facts(parts: Partial<ClusterFacts> = {}): ClusterFacts {
  return {
    targets: [target()],
    secrets: new Map(),
    serviceAccounts: new Map(),
    nodes: new Map(),
    otherSecrets: [],
    imageUses: [],
    gaps: [],
    examined: 1,
    ...parts,
  };
}

function only(parts: Partial<ClusterFacts>) {
  const [file] = interpret(facts(parts), now);
  if (file === undefined) throw new Error("no case");
  return file;
}

describe("interpret", () => {
  test("opens a case with the reference, the symptoms, and the logins the kubelet would use", () => {
    const file = only({
      targets: [target({ failures: [failed("Failed to pull image: failed to authorize: 401 Unauthorized")] })],
      secrets: new Map([["shop/regcred", found(secretFacts({ "registry.example.com": login }))]]),
    });
    expect(file.reference).toMatchObject({ kind: "valid", reference: { registry: "registry.example.com" } });
    expect(file.symptoms).toMatchObject([{ code: "unauthorized" }]);
    expect(file.candidates).toMatchObject([{ source: { secret: "regcred" }, username: "ci" }]);
    expect(file.gaps).toEqual([]);
    expect(file.probes).toEqual([]);
  });

  test("decodes a Secret once for all the cases that share it", () => {
    const read = found(secretFacts({ "registry.example.com": login }));
    const files = interpret(
      facts({ targets: [target(), target({ pod: "web-7a1" })], secrets: new Map([["shop/regcred", read]]) }),
      now,
    );
    expect(files[0]?.pullSecrets[0]).toBe(files[1]?.pullSecrets[0]);
    expect(files[0]?.candidates[0]).toBe(files[1]?.candidates[0]);
  });

  test("does not confuse Secrets of one name in two namespaces", () => {
    const files = interpret(
      facts({
        targets: [target(), target({ namespace: "blog" })],
        secrets: new Map([
          ["shop/regcred", found(secretFacts({ "registry.example.com": login }))],
          ["blog/regcred", { kind: "absent" } as const],
        ]),
      }),
      now,
    );
    expect(files.map(({ candidates }) => candidates.length)).toEqual([1, 0]);
    expect(files.map(({ pullSecrets }) => pullSecrets[0]?.state)).toEqual(["decoded", "missing"]);
  });

  test("one malformed Secret blocks the pod and is named", () => {
    const bad = secretFacts({ "ghcr.io": { auth: "%" } }, { name: "broken" });
    const file = only({
      targets: [target({ pullSecretNames: ["regcred", "broken"] })],
      secrets: new Map([
        ["shop/regcred", found(secretFacts({ "registry.example.com": login }))],
        ["shop/broken", found(bad)],
      ]),
    });
    expect(file.keyringBlockedBy).toBe("broken");
    expect(file.candidates).toEqual([]);
  });

  test("an image that does not parse has no login, and no crash", () => {
    const file = only({ targets: [target({ image: "https://registry.example.com/Shop" })] });
    expect(file.reference.kind).toBe("invalid");
    expect(file.candidates).toEqual([]);
  });

  test("a Secret that may not be read is in the case, without a login; the gap is in the facts already", () => {
    const file = only({
      secrets: new Map([["shop/regcred", { kind: "forbidden", verb: "get", resource: "secrets", namespace: "shop" }]]),
    });
    expect(file.pullSecrets).toMatchObject([{ name: "regcred", state: "forbidden" }]);
    expect(file.candidates).toEqual([]);
    expect(file.gaps).toEqual([]);
  });

  test("names Secrets that would do and that the pod does not name, its own namespace first", () => {
    const file = only({
      targets: [target({ pullSecretNames: ["gone"] })],
      secrets: new Map([["shop/gone", { kind: "absent" } as const]]),
      otherSecrets: [
        secretFacts({ "registry.example.com": login }, { namespace: "blog", name: "gone" }),
        secretFacts({ "registry.example.com/shop": login }, { name: "spare" }),
        secretFacts({ "ghcr.io": login }, { name: "other" }),
        secretFacts({ "registry.example.com": login }, { name: "opaque", type: "Opaque" }),
      ],
    });
    expect(file.unusedSecrets).toEqual([
      { namespace: "shop", name: "spare", key: "registry.example.com/shop" },
      { namespace: "blog", name: "gone", key: "registry.example.com" },
    ]);
    expect(file.namesakes).toEqual([{ namespace: "blog", name: "gone", fits: true }]);
  });

  test("names the namesakes of a missing Secret, those with an entry for the image first, and of no other", () => {
    const namesakes = ["ops", "blog", "shop", "lab"].map((namespace) => ({ namespace, name: "gone" }));
    const file = only({
      targets: [target({ pullSecretNames: ["gone", "regcred"] })],
      secrets: new Map([
        ["shop/gone", { kind: "absent" } as const],
        ["shop/regcred", found(secretFacts({ "ghcr.io": login }))],
      ]),
      namesakes: [...namesakes, { namespace: "blog", name: "regcred" }],
      otherSecrets: [
        secretFacts({ "registry.example.com": login }, { namespace: "lab", name: "gone" }),
        secretFacts({ "ghcr.io": login }, { namespace: "blog", name: "gone" }),
      ],
    });
    expect(file.namesakes).toEqual([
      { namespace: "lab", name: "gone", fits: true },
      { namespace: "ops", name: "gone" },
      { namespace: "blog", name: "gone", fits: false },
    ]);
  });

  test("a Secret of somebody else gives nothing but its keys: an entry without a login counts for nothing", () => {
    const elsewhere = (fields: unknown) =>
      only({ otherSecrets: [secretFacts({ "registry.example.com": fields }, { namespace: "blog", name: "gone" })] });
    expect(elsewhere({}).unusedSecrets).toEqual([]);
    expect(elsewhere({ ...login, email: "x".repeat(60_000) }).unusedSecrets).toEqual([]);
    const file = elsewhere(login);
    expect(file.unusedSecrets).toHaveLength(1);
    expect(file.candidates).toEqual([]);
  });

  test("a Secret that the pod names is not unused", () => {
    const own = secretFacts({ "registry.example.com": login });
    const file = only({ secrets: new Map([["shop/regcred", found(own)]]), otherSecrets: [own] });
    expect(file.unusedSecrets).toEqual([]);
  });

  test("a Secret that another pod names is unused by the one that does not name it", () => {
    const own = secretFacts({ "registry.example.com": login });
    const opened = interpret(
      facts({
        targets: [target(), target({ pod: "web-2", pullSecretNames: [] })],
        secrets: new Map([["shop/regcred", found(own)]]),
        otherSecrets: [own],
      }),
      now,
    );
    expect(opened.map(({ unusedSecrets }) => unusedSecrets.map(({ name }) => name))).toEqual([[], ["regcred"]]);
  });

  test("a Secret that changed after the last failure is told apart from one that was there before", () => {
    const at = (changedAt: string) =>
      only({
        targets: [target({ failures: [failed("401 Unauthorized")] })],
        secrets: new Map([["shop/regcred", found(secretFacts({ "registry.example.com": login }, { changedAt }))]]),
      }).pullSecrets[0]?.faults.map(({ code }) => code);
    expect(at("2026-11-25T11:55:00Z")).toEqual(["changed-since"]);
    expect(at("2026-11-25T11:45:00Z")).toEqual([]);
  });

  test("the notice of a missing Secret stands behind what failed", () => {
    const notice = failed(
      "Unable to retrieve some image pull secrets (gone); attempting to pull the image may not succeed.",
      {
        reason: "FailedToRetrieveImagePullSecret",
      },
    );
    const file = only({ targets: [target({ failures: [notice, failed("manifest unknown: manifest unknown")] })] });
    expect(file.symptoms.map(({ failure }) => failure.reason)).toEqual(["Failed", "FailedToRetrieveImagePullSecret"]);
  });

  test("keeps each failure's own time when two have the same words", () => {
    const times = ["2026-11-25T11:50:00Z", "2026-11-25T11:40:00Z"];
    const file = only({ targets: [target({ failures: times.map((at) => failed("401 Unauthorized", { at })) })] });
    expect(file.symptoms.map(({ failure }) => failure.at)).toEqual(times);
  });

  test("says what the node's runtime makes of an empty login", () => {
    const use = (runtime: NodeFacts["runtime"], fields: unknown) =>
      only({
        targets: [target({ nodeName: "node1" })],
        secrets: new Map([["shop/regcred", found(secretFacts({ "registry.example.com": fields }))]]),
        nodes: new Map([["node1", found(node({ runtime }))]]),
      }).candidates[0]?.usedAs;
    const containerd = { name: "containerd", version: "2.1.0" } as const;
    const crio = { name: "cri-o", version: "1.34.0" } as const;
    expect([use(containerd, {}), use(crio, {}), use(containerd, login), use(crio, login)]).toEqual([
      "anonymous",
      "node-login",
      undefined,
      undefined,
    ]);
    expect(use(containerd, { username: "ci" })).toBe("anonymous");
    expect(use({ name: "docker", version: "24.0" }, { username: "ci" })).toBeUndefined();
  });

  test("marks a name without registry on a CRI-O node, where docker.io is a guess", () => {
    const marked = (image: string, name: "cri-o" | "containerd") =>
      only({
        targets: [target({ image, nodeName: "node1" })],
        nodes: new Map([["node1", found(node({ runtime: { name, version: "1" } }))]]),
      }).shortNameInCrio;
    expect([marked("nginx", "cri-o"), marked("library/nginx", "cri-o")]).toEqual([true, true]);
    expect([marked("docker.io/nginx", "cri-o"), marked("nginx", "containerd")]).toEqual([undefined, undefined]);
  });

  test("a bound pod has its node's platform, a pending one those of the nodes its selector allows", () => {
    const nodes = new Map([
      ["node1", found(node({ labels: { pool: "a" } }))],
      ["node2", found(node({ name: "node2", architecture: "arm64", osVersion: "6.1.0", labels: { pool: "b" } }))],
      ["node3", found(node({ name: "node3", os: "windows", osVersion: "10.0.20348.1", labels: { pool: "b" } }))],
      ["node4", { kind: "absent" } as const],
    ]);
    const platforms = (parts: Partial<Target>, known = nodes) =>
      only({ targets: [target(parts)], nodes: known }).platforms.map((one) => Object.values(one).join("/"));
    expect(platforms({ nodeName: "node2" })).toEqual(["linux/arm64"]);
    expect(platforms({ nodeName: "node4" })).toEqual([]);
    expect(platforms({ nodeSelector: { pool: "b" } })).toEqual(["linux/arm64", "windows/amd64/10.0.20348.1"]);
    expect(platforms({ nodeSelector: { "kubernetes.io/arch": "arm64" } }, new Map())).toEqual(["linux/arm64"]);
    expect(platforms({}, new Map())).toEqual([]);
  });

  test("the same image is found elsewhere however it is written", () => {
    const file = only({
      targets: [target({ image: "nginx" })],
      imageUses: [
        { image: "docker.io/library/nginx:latest", namespace: "blog", pod: "a" },
        { image: "nginx:1.27", namespace: "blog", pod: "b" },
      ],
    });
    expect(file.imageUses.map(({ pod }) => pod)).toEqual(["a"]);
  });

  test("the logins of a named docker config come after the Secrets' own", () => {
    const content = new Redacted(
      JSON.stringify({ auths: { "registry.example.com": { username: "me", password: "x" } } }),
    );
    const file = only({
      secrets: new Map([["shop/regcred", found(secretFacts({ "registry.example.com": login }))]]),
      dockerConfigs: [{ file: "config.json", content }],
    });
    expect(file.candidates.map(({ source }) => source.kind)).toEqual(["pull-secret", "docker-config"]);
  });

  test("a docker config that leaves its logins to a credential store is a gap, since no helper is run", () => {
    const content = new Redacted('{"auths":{"registry.example.com":{}},"credsStore":"desktop"}');
    const [gap] = only({
      targets: [target({ pullSecretNames: [] })],
      dockerConfigs: [{ file: "config.json", content }],
    }).gaps;
    expect(gap).toMatchObject({ what: "logins of config.json", why: expect.stringContaining("credential store") });
  });

  test("the sandbox image is pulled without the pod's Secrets", () => {
    const file = only({
      targets: [target({ containerKind: "sandbox" })],
      secrets: new Map([["shop/regcred", found(secretFacts({ "registry.example.com": login }))]]),
    });
    expect([file.candidates, file.pullSecrets]).toEqual([[], []]);
  });

  test("a thousand pods with one large Secret cost little more than one", () => {
    const auths = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`h${at}.example.com`, login]));
    const targets = Array.from({ length: 1000 }, (_, at) =>
      target({ pod: `web-${at}`, failures: [failed("401 Unauthorized")] }),
    );
    const started = cpuTime();
    interpret(facts({ targets, secrets: new Map([["shop/regcred", found(secretFacts(auths))]]) }), now);
    expect(cpuTime() - started).toBeLessThan(2_000);
  });
});
