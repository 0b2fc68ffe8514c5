import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CaseFile } from "../../../src/domain/case-file.ts";
import type { NearMiss, SecretFault } from "../../../src/domain/credential.ts";
import { causes } from "../../../src/knowledge/causes/index.ts";
import { asked, examplePod, login, pullSecret, refused } from "../../../src/knowledge/evidence/example-parts.ts";
import {
  nameInServiceAccount,
  recreatePod,
  setImage,
  setPullPolicy,
  writePullSecret,
} from "../../../src/knowledge/evidence/remedies.ts";
import {
  copyOfSecret,
  renameEntry,
  repairPayload,
  retypeSecret,
  secondSecret,
  unusedSecretRemedies,
} from "../../../src/knowledge/evidence/secret-remedies.ts";
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

test("for an image in a manifest no command changes a workload, which may not be in the cluster", () => {
  const planned = caseFile({
    target: {
      namespace: "shop",
      containerKind: "planned",
      image: "registry.example.com/shop/web:1",
      container: "web",
      owner: { kind: "Deployment", name: "web" },
      file: "deploy/web.yaml",
      line: 12,
      nodeSelector: {},
      pullSecretNames: ["regcred"],
      failures: [],
    },
    unusedSecrets: [{ namespace: "shop", name: "other", key: "registry.example.com" }],
  });
  expect(setImage(planned, "Use tag 2", "registry.example.com/shop/web:2")).toEqual({
    title: "Use tag 2 (deploy/web.yaml, line 12)",
  });
  expect(recreatePod(planned)).toEqual([]);
  expect(setPullPolicy(planned)).not.toHaveProperty("command");
  expect(unusedSecretRemedies(planned).map(({ command }) => command)).toEqual([undefined]);
});

test("plain HTTP is allowed in a new file of its own, never in the place of one that is there", () => {
  const plain = causes.find(({ code }) => code === "http-response-to-https");
  const command = plain?.remedies(caseFile({})).find(({ command }) => command?.includes("hosts.toml"))?.command ?? "";
  const directory = mkdtempSync(join(tmpdir(), "imagedoctor-remedies-"));
  try {
    const here = command.replaceAll("/etc/containerd/certs.d", directory);
    execFileSync("/bin/sh", ["-c", here]);
    const [host = ""] = readdirSync(directory);
    expect(readFileSync(join(directory, host, "hosts.toml"), "utf8")).toBe(`server = "http://${host}"\n`);
    writeFileSync(join(directory, host, "hosts.toml"), "kept");
    expect(() => execFileSync("/bin/sh", ["-c", here], { stdio: "ignore" })).toThrow();
    expect(readFileSync(join(directory, host, "hosts.toml"), "utf8")).toBe("kept");
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("where the registry does not have the image either, nobody is told to pull it by hand", () => {
  const never = causes.find(({ code }) => code === "pull-policy-never");
  const remedies = never?.remedies(caseFile({ probes: [asked(refused("tag-absent", 404))] })) ?? [];
  expect(remedies.map(({ command }) => command)).toEqual([undefined, undefined]);
  expect(never?.remedies(caseFile({})).some(({ command }) => command?.startsWith("crictl pull "))).toBe(true);
});

test("a pull secret that is made anew is also named, unless the pod names it already", () => {
  for (const code of ["permission-denied", "unauthorized", "rate-limited", "access-denied-or-missing"]) {
    const cause = causes.find((one) => one.code === code);
    const commands = (names: readonly string[]) => {
      const file = caseFile({ target: { ...examplePod, pullSecretNames: names } });
      return cause?.remedies(file).map(({ command = "" }) => command) ?? [];
    };
    expect(
      commands([]).filter((command) => command.startsWith("kubectl patch serviceaccount/")),
      code,
    ).toHaveLength(1);
    expect(commands(["mine"]).join("\n"), code).toContain("secret generic mine ");
    expect(commands(["mine"]).join("\n"), code).not.toContain("kubectl patch serviceaccount/");
  }
});

test("a service account that is not there is made before it gets a pull secret", () => {
  const { command = "" } = nameInServiceAccount(caseFile({ serviceAccount: { kind: "absent" } }), "regcred");
  expect(command).toMatch(/^kubectl create serviceaccount --namespace=\S+ -- default && kubectl patch serviceaccount/);
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
  const managed = pullSecret("decoded", { managedBy: "ExternalSecret pull" });
  expect(writePullSecret(caseFile({ pullSecrets: [managed] }), "regcred")[0]?.title).toContain(
    "; ExternalSecret pull manages it and may put back its own",
  );
  const legacy = caseFile({ pullSecrets: [pullSecret("decoded", { type: "kubernetes.io/dockercfg" })] });
  expect(writePullSecret(legacy, "regcred")[0]?.command).toContain("--type=kubernetes.io/dockercfg ");
  expect(writePullSecret(legacy, "new")[0]?.command).toContain("--type=kubernetes.io/dockerconfigjson ");
});

/** What a command gives, with `kubectl` in its place: `get` prints the object through the template, `create` shows what it is given. */
function runWith(command: string, secret: { type: string; data: Record<string, string> }): string {
  const lines = [
    'kubectl() { case "$1" in',
    `get) for word; do case "$word" in go-template=*) printf '%s' "$word" | sed 's/^go-template=//' ;; esac; done;;`,
    'create) echo "create $*"; cat;;',
    '*) echo "$*";;',
    "esac; }",
    command,
  ];
  const printed = execFileSync("/bin/sh", ["-c", lines.join("\n")], { encoding: "utf8" });
  // Go's text/template, as far as the command uses it.
  return printed
    .replace(/\{\{printf "((?:[^"\\]|\\.)*)" (?:\.type|\(index \.data "([^"]*)"\))\}\}/, (_, text: string, key) =>
      unquoted(text).replace("%q", JSON.stringify(key === undefined ? secret.type : secret.data[key])),
    )
    .replace(
      /\{\{range \$key, \$value := \.data\}\}\{\{printf "(.*)" \$key \$value\}\}\{\{end\}\}/,
      (_, text: string) =>
        Object.entries(secret.data)
          .map(([key, value]) => unquoted(text).replace("%q", JSON.stringify(key)).replace("%q", JSON.stringify(value)))
          .join(""),
    );
}

function unquoted(goText: string): string {
  return JSON.parse(`"${goText}"`);
}

const docker = { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": "e30=", more: "eA==" } };

test("a secret is copied with its type and its data, and nothing else of it", () => {
  const [copy] = copyOfSecret(caseFile(), { namespace: "platform", name: "pull" }, "regcred");
  expect(copy?.title).toBe(
    "Copy secret pull from namespace platform into namespace shop as regcred, if its login may be used there (creates it, overwrites nothing)",
  );
  const command = copy?.command ?? "";
  expect(command).toMatch(/^kubectl get secret\/pull --namespace=platform .* \| kubectl create --namespace=shop -f -$/);
  expect(runWith(command, docker)).toBe(
    'create create --namespace=shop -f -\napiVersion: v1\nkind: Secret\nmetadata: {name: "regcred"}\n' +
      'type: "kubernetes.io/dockerconfigjson"\ndata:\n  ".dockerconfigjson": "e30="\n  "more": "eA=="\n',
  );
});

test("a secret of the wrong type is made anew only once it was read", () => {
  const opaque = pullSecret("ignored", { loginAt: "config.json" });
  const command = retypeSecret(opaque)[0]?.command ?? "";
  expect(runWith(command, { type: "Opaque", data: { "config.json": "e30=" } })).toBe(
    "delete secret/regcred --namespace=shop\ncreate create --namespace=shop -f -\napiVersion: v1\nkind: Secret\n" +
      'metadata: {name: "regcred"}\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: "e30="\n\n',
  );
  const failing = `kubectl() { echo "$*"; test "$1" != get; }\n${command}; true`;
  expect(execFileSync("/bin/sh", ["-c", failing], { encoding: "utf8" })).toBe("");
  expect(retypeSecret(pullSecret("ignored"))).toEqual([]);
});

test("a name that no secret can have gets no command", () => {
  for (const name of ['"}}{{', "A", "a b", "-a", ""]) {
    expect(copyOfSecret(caseFile(), { namespace: "platform", name: "pull" }, name)[0]?.command).toBeUndefined();
  }
});

test("a secret that the pod does not name is named where the pod's names come from", () => {
  const unusedSecrets = [{ namespace: "shop", name: "spare", key: "registry.example.com" }];
  const owner = { kind: "Deployment", name: "web" };
  const unnamed = unusedSecretRemedies(caseFile({ unusedSecrets }));
  expect(unnamed.map(({ command }) => command)).toEqual([
    `kubectl patch serviceaccount/default --namespace=shop --patch '{"imagePullSecrets":[{"name":"spare"}]}'`,
  ]);
  const target = { ...examplePod, pullSecretNames: ["regcred"], owner };
  expect(unusedSecretRemedies(caseFile({ unusedSecrets, target })).map(({ command }) => command)).toEqual([
    `kubectl patch deployment/web --namespace=shop --patch '{"spec":{"template":{"spec":{"imagePullSecrets":[{"name":"spare"}]}}}}'`,
  ]);
  const elsewhere = unusedSecretRemedies(
    caseFile({ unusedSecrets: [{ namespace: "lab", name: "spare", key: "registry.example.com" }] }),
  );
  expect(elsewhere.map(({ title }) => title.split(" ")[0])).toEqual(["Copy", "Give"]);
});

/** What `kubectl apply` is given in the end, where `kubectl get` prints this config. */
function appliedFrom(command: string, config: string): string {
  const stub = `kubectl() { case "$1" in get) printf '%s' '${config}';; *) echo "kubectl $*"; cat;; esac; }`;
  return execFileSync("/bin/sh", ["-c", `${stub}\n${command}`], { encoding: "utf8" });
}

describe("an entry that was meant for the registry", () => {
  const secret = pullSecret("decoded", { type: "kubernetes.io/dockerconfigjson" });
  const miss = { secret: "regcred", namespace: "shop", key: "https://h.example:5000/v1", wanted: "h.example" } as const;
  const rename = (key: string, wanted: string, differs: NearMiss["differs"] = "port") =>
    renameEntry(caseFile({ pullSecrets: [secret] }), { ...miss, key, wanted, differs })[0]?.command;

  test("gets the key that matches, and nothing else changes", () => {
    const config =
      '{"auths":{"https://h.example:5000/v1" : {"auth":"YTpi","email":"https://h.example:5000/v1"},"hXexample":{}}}';
    const applied = appliedFrom(rename(miss.key, miss.wanted) ?? "", config);
    expect(applied).toContain(
      '{"auths":{"h.example" : {"auth":"YTpi","email":"https://h.example:5000/v1"},"hXexample":{}}}',
    );
    expect(applied).toContain("secret generic regcred --namespace=shop --type=kubernetes.io/dockerconfigjson");
    expect(appliedFrom(rename("h.example", "x.example") ?? "", config)).toContain(config);
    expect(appliedFrom(rename("[a]*.io", "x") ?? "", '{"[a]*.io":{}}')).toContain('{"x":{}}');
  });

  test("near miss: another sub-domain is another registry, and a key that could leave its quotes is not renamed", () => {
    expect(rename("eu.h.example", "h.example", "sub-domain")).toBeUndefined();
    for (const key of ['a"b', "a|b", "a'b", "a&b", "a\\b", "a\nb", "ä.example"])
      expect(rename(key, "h.example")).toBeUndefined();
  });
});

test("a new secret is named where the pod has its others from", () => {
  const owner = { kind: "Deployment", name: "web" };
  const target = { ...examplePod, owner, pullSecretNames: ["regcred"] };
  const commands = (serviceAccount: CaseFile["serviceAccount"]) =>
    secondSecret(caseFile({ target, serviceAccount })).map(({ command }) => command);
  const account = { namespace: "shop", name: "default", pullSecretNames: ["regcred"] };
  const fromAccount = commands({ kind: "found", value: account });
  expect(fromAccount[1]).toBe(
    `kubectl patch serviceaccount/default --namespace=shop --patch '{"imagePullSecrets":[{"name":"regcred"},{"name":"pull-registry.example.com"}]}'`,
  );
  expect(fromAccount[2]).toContain("rollout restart");
  const own = commands({ kind: "found", value: { ...account, pullSecretNames: [] } });
  expect(own[1]).toContain("kubectl patch deployment/web");
  expect(secondSecret(caseFile({ target: { ...target, pullSecretNames: [] } }))).not.toEqual([]);
  expect(secondSecret(caseFile())).toEqual([]);
});

describe("a payload in the wrong form", () => {
  const withRepair = (repair: SecretFault["repair"]) =>
    repairPayload(
      pullSecret("decoded", {
        type: "kubernetes.io/dockerconfigjson",
        faults: [{ code: "not-json", effect: "blocks", where: "x", text: "x", ...(repair && { repair }) }],
      }),
    )[0]?.command ?? "";

  test("is put under auths, or decoded once more, and written back", () => {
    const config = '{"ghcr.io":{"auth":"YTpi"}}';
    expect(appliedFrom(withRepair("wrap-in-auths"), config)).toContain(`{"auths":${config}}`);
    expect(withRepair("decode-again")).toContain("| base64decode | base64decode}}'");
    expect(appliedFrom(withRepair("decode-again"), config)).toContain(config);
  });

  test("near miss: nothing plain would repair it", () => {
    expect(withRepair(undefined)).toBe("");
  });
});
