import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { load } from "js-yaml";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readKubeconfig } from "../../src/collect/kubeconfig.ts";
import { KnownError } from "../../src/domain/known-error.ts";

/** Beside this file there is none of this name. */
const nowhere = path.join(import.meta.dirname, "nowhere");

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "kubeconfig-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const full = path.join(directory, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, text);
  return full;
}

const yaml = (name: string, extra = "") => `
apiVersion: v1
kind: Config
current-context: ${name}
contexts:
- name: ${name}
  context: {cluster: ${name}, user: ${name}, namespace: ns-${name}}
clusters:
- name: ${name}
  cluster: {server: "https://${name}.example.com:6443/", certificate-authority: ca.pem}
users:
- name: ${name}
  user: {token: token-${name}}
${extra}`;

async function refusal(promise: Promise<unknown>): Promise<KnownError> {
  const error = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof KnownError)) throw new Error(`expected a KnownError, got ${String(error)}`);
  return error;
}

describe("which files are read", () => {
  test("--kubeconfig alone, whatever KUBECONFIG says; relative names are from the file's directory", async () => {
    const kubeconfig = await file("one", yaml("one"));
    const access = await readKubeconfig({ kubeconfig, environment: { KUBECONFIG: nowhere } });
    expect(access).toMatchObject({
      context: "one",
      namespace: "ns-one",
      cluster: { server: "https://one.example.com:6443", caFile: path.join(directory, "ca.pem") },
      user: { token: "token-one" },
    });
  });

  test("all of KUBECONFIG: missing ones are passed over, and the first to name a thing wins", async () => {
    const one = await file("one", yaml("one"));
    const two = await file("two", `${yaml("two")}\n- name: one\n  user: {token: usurped}\n`);
    const settings = {
      environment: { KUBECONFIG: [nowhere, one, two].join(path.delimiter) },
      platform: process.platform,
    };
    expect(await readKubeconfig(settings)).toMatchObject({ context: "one", user: { token: "token-one" } });
    expect(await readKubeconfig({ ...settings, context: "two" })).toMatchObject({ user: { token: "token-two" } });
  });

  test("HOME's, where nothing else is said", async () => {
    await file(".kube/config", yaml("home"));
    expect(await readKubeconfig({ environment: { HOME: directory } })).toMatchObject({ context: "home" });
  });

  test("on Windows, the first of its home directories that has one", async () => {
    const KUBECONFIG = `${await file("one", yaml("one"))};${await file("two", yaml("two"))}`;
    expect(await readKubeconfig({ platform: "win32", environment: { KUBECONFIG } })).toMatchObject({ context: "one" });
    await file("profile/.kube/config", yaml("profile"));
    const environment = { HOME: nowhere, USERPROFILE: path.join(directory, "profile") };
    expect(await readKubeconfig({ platform: "win32", environment })).toMatchObject({ context: "profile" });
  });

  test("on Windows, nothing of the second home directory that has one", async () => {
    await file("home/.kube/config", yaml("home"));
    await file("profile/.kube/config", yaml("profile"));
    const environment = { HOME: path.join(directory, "home"), USERPROFILE: path.join(directory, "profile") };
    const of = (context?: string) =>
      readKubeconfig({ platform: "win32", environment, ...(context === undefined ? {} : { context }) });
    expect(await of()).toMatchObject({ context: "home" });
    await expect(of("profile")).rejects.toThrow('the kubeconfig has no context "profile"');
  });

  test("none is needed with --server", async () => {
    const access = await readKubeconfig({ server: "http://127.0.0.1:8001/", environment: {} });
    expect(access.cluster.server).toBe("http://127.0.0.1:8001");
    expect(access.context).toBeUndefined();
  });
});

describe("flags win over the file", () => {
  test("cluster, user, server, authority, token, as", async () => {
    const kubeconfig = await file("one", yaml("one"));
    const access = await readKubeconfig({
      kubeconfig,
      server: "https://other:6443",
      certificateAuthority: "/ca.pem",
      tlsServerName: "api",
      token: "mine",
      as: "dev",
      asGroups: ["ops"],
      environment: {},
    });
    expect(access.cluster).toMatchObject({ server: "https://other:6443", caFile: "/ca.pem", tlsServerName: "api" });
    expect(access.user).toMatchObject({ token: "mine", impersonateUser: "dev", asGroups: ["ops"] });
  });

  test("leaving out verification drops the authority", async () => {
    const kubeconfig = await file("one", yaml("one"));
    const { cluster } = await readKubeconfig({ kubeconfig, insecureSkipTlsVerify: true, environment: {} });
    expect(cluster.skipTLSVerify).toBe(true);
    expect(cluster.caFile).toBeUndefined();
  });
});

test("fields that the library does not read: tokenFile, as-groups, as-uid, as-user-extra", async () => {
  const kubeconfig = await file(
    "one",
    yaml("one").replace(
      "{token: token-one}",
      "{tokenFile: secret/token, as: x, as-groups: [a, b], as-uid: u1, as-user-extra: {reason: [night, call]}}",
    ),
  );
  const { user } = await readKubeconfig({ kubeconfig, environment: {} });
  expect(user).toMatchObject({
    tokenFile: path.join(directory, "secret/token"),
    asGroups: ["a", "b"],
    asUid: "u1",
    asExtra: [
      ["reason", "night"],
      ["reason", "call"],
    ],
  });
});

describe("what cannot be read is one sentence, and quotes nothing", () => {
  test.each([
    ["broken YAML", "users:\n- name: x\n  user: {token: hunter2\n", /is not valid YAML or JSON \(line \d+\)/],
    ["no mapping", "- hunter2", /holds no configuration/],
    ["an empty file", "", /names no current context/],
    ["entries of wrong types", "contexts: 5\nusers: [3]\nclusters: {}\ncurrent-context: a", /has no context "a"/],
  ])("%s", async (_, text, expected) => {
    const kubeconfig = await file("broken", text);
    const error = await refusal(readKubeconfig({ kubeconfig, environment: {} }));
    expect(error.message).toMatch(expected);
    expect(`${error.message}${error.hint}${String(error.cause ?? "")}`).not.toContain("hunter2");
  });

  test("an unknown context names those there are", async () => {
    const kubeconfig = await file("one", yaml("one"));
    const error = await refusal(readKubeconfig({ kubeconfig, context: "prod", environment: {} }));
    expect(error.message).toBe('the kubeconfig has no context "prod"');
    expect(error.hint).toContain("It has: one.");
  });

  test("a file that is named and missing", async () => {
    const error = await refusal(readKubeconfig({ kubeconfig: `${nowhere}/config`, environment: {} }));
    expect(error.message).toBe(`the kubeconfig ${nowhere}/config cannot be read (no such file)`);
  });

  test("none at all", async () => {
    const error = await refusal(readKubeconfig({ environment: { HOME: directory } }));
    expect(error.message).toBe("no kubeconfig was found");
    const pointed = await refusal(readKubeconfig({ environment: { KUBECONFIG: `${nowhere}/config` } }));
    expect(pointed.message).toBe(`no kubeconfig was found where KUBECONFIG points: ${nowhere}/config`);
  });

  test("a context whose cluster is missing", async () => {
    const kubeconfig = await file("one", yaml("one"));
    const error = await refusal(readKubeconfig({ kubeconfig, cluster: "gone", environment: {} }));
    expect(error.message).toBe('the kubeconfig has no cluster "gone"');
  });
});

test("a byte order mark and Windows line ends do no harm", async () => {
  const kubeconfig = await file("bom", `\ufeff${yaml("one").replaceAll("\n", "\r\n")}`);
  expect(await readKubeconfig({ kubeconfig, environment: {} })).toMatchObject({ context: "one" });
  const json = await file(
    "bom.json",
    `\ufeff${JSON.stringify(load(yaml("one")), undefined, 2).replaceAll("\n", "\r\n")}`,
  );
  expect(await readKubeconfig({ kubeconfig: json, environment: {} })).toMatchObject({ context: "one" });
});
