import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import { type ApiFault, answer, cut, hang, matching, push, type RequestMatch } from "../support/api-server-faults.ts";
import { createAuthority, issue, issueExpired } from "../support/certificates.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { type CliResult, runMain } from "../support/run-cli.ts";
import type { ApiObject } from "../support/story-objects.ts";
import { sketchPod, sketchPullSecret, sketchSurroundings } from "../support/story-pods.ts";

const image = "registry.example.com/shop/web:v1";
const present = Date.parse("2026-11-24T02:40:00Z");
const refused = `failed to resolve reference "${image}": pull access denied, 401 Unauthorized`;
const objects: ApiObject[] = [
  ...sketchSurroundings(),
  sketchPullSecret("regcred", { "registry.example.com": { username: "ci", password: "a-password" } }),
  ...sketchPod({ name: "web", image, error: refused, secrets: ["regcred"] }),
];

let directory: string;
let files = 0;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "api-faults-"));
});
afterAll(() => rm(directory, { recursive: true }));

interface Judged extends CliResult {
  readonly took: number;
  /** The report, where stdout holds one. */
  readonly report: Report | undefined;
}

interface Report {
  readonly diagnoses: readonly { readonly code: string; readonly attempts: readonly { readonly from: string }[] }[];
  readonly gaps: readonly unknown[];
}

async function diagnose(
  server: ApiServer,
  argv: readonly string[] = ["web"],
  more: Parameters<typeof writeKubeconfig>[2] = {},
): Promise<Judged> {
  files += 1;
  const kubeconfig = await writeKubeconfig(server, directory, { namespace: "demo", file: `config-${files}`, ...more });
  const flags = ["--no-probe", "-o", "json", "--kubeconfig", kubeconfig, "--request-timeout", "2s"];
  const from = performance.now();
  const result = await runMain([...argv, ...flags], { now: present, cwd: directory, env: { PATH: "/usr/bin:/bin" } });
  const report = result.stdout === "" ? undefined : (JSON.parse(result.stdout) as Report);
  return { ...result, report, took: performance.now() - from };
}

async function withFault(fault: ApiFault, more: readonly ApiObject[] = []): Promise<Judged> {
  await using server = await startApiServer({ objects: [...objects, ...more] });
  server.fault(fault);
  return await diagnose(server);
}

/** The head of a JSON document, and then the connection is gone. */
function cutInside(match: RequestMatch): ApiFault {
  const matches = matching(match);
  return async (request, response, next) => {
    if (!matches(request)) return next();
    response.statusCode = 200;
    response.setHeader("content-type", "application/json");
    push(response, '{"kind":"List","items":[{"metadata":{"name":"');
    setTimeout(() => response.socket?.destroy(), 20);
  };
}

const html = { body: "<!DOCTYPE html><title>Sign in</title>", contentType: "text/html" };
const faults: readonly (readonly [string, (match: RequestMatch) => ApiFault])[] = [
  ["K3: 401", (match) => answer(401, {}, match)],
  ["K1, K2: 403", (match) => answer(403, {}, match)],
  ["K4: 404", (match) => answer(404, {}, match)],
  ["K5: 409", (match) => answer(409, {}, match)],
  ["K5: 410", (match) => answer(410, {}, match)],
  ["K6: 429 with Retry-After", (match) => answer(429, { headers: { "retry-after": "1" } }, match)],
  ["K6: 429 for a day", (match) => answer(429, { headers: { "retry-after": "86400" } }, match)],
  ["K6: 500", (match) => answer(500, {}, match)],
  ["K6: 503", (match) => answer(503, {}, match)],
  ["K7: silence", (match) => hang(match)],
  ["K6: a cut connection", (match) => cut(match)],
  ["K6, S8: an answer that is cut in the middle", cutInside],
  ["K6, V3: a web page with status 200", (match) => answer(200, html, match)],
  ["K6: JSON that is no object", (match) => answer(200, { body: "[1,2,3]" }, match)],
  [
    "K10: an object of another kind",
    (match) => answer(200, { body: '{"kind":5,"metadata":null,"items":{"a":1}}' }, match),
  ],
];

// Side by side: most of them wait.
describe.concurrent.each(faults)("%s", (name, make) => {
  test(`${name} for the pod: exit code 3 and one clear sentence`, async () => {
    const { code, stdout, stderr, took } = await withFault(make({ resource: "pods" }));
    // A pod of another kind is one in which nothing fails.
    if (name.startsWith("K10")) return expect(code, stderr).not.toBe(4);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr.trim().split("\n").length, stderr).toBeLessThanOrEqual(2);
    expect(stderr).toMatch(/^error: \S/);
    expect(took).toBeLessThan(9_000);
  });

  test.each(["events", "secrets", "serviceaccounts", "nodes"])(
    `${name} for %s: the rest is told, with what is missing`,
    async (resource) => {
      const { code, report, stderr, took } = await withFault(make({ resource }));
      expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
      expect(took).toBeLessThan(9_000);
      expect(report?.diagnoses).toHaveLength(1);
      if (name.startsWith("K4") || name.startsWith("K10")) return;
      expect(report?.gaps.length, JSON.stringify(report?.gaps)).toBeGreaterThan(0);
      if (name.startsWith("K3"))
        expect(JSON.stringify(report?.gaps)).toContain("does not accept the login any more (401)");
      expect(report?.diagnoses[0]?.code).not.toMatch(/^(pull-secret-missing|service-account-missing)$/);
    },
  );
});

describe("the way to the API server", () => {
  test("K3: an expired client certificate is exit code 3, and says so", async () => {
    const clientAuthority = await createAuthority("clients");
    await using server = await startApiServer({ objects, clientAuthority });
    const expired = await issueExpired({ authority: clientAuthority, names: ["me"], client: true });
    const { code, stdout, stderr } = await diagnose(server, ["web"], { certificate: expired });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/does not accept the login of context "\S+" \(401\): its client certificate ended at /);
    const good = await issue({ authority: clientAuthority, names: ["me"], client: true });
    expect((await diagnose(server, ["web"], { certificate: good })).code).toBe(1);
  });

  test.each([
    ["is refused", "401"],
    ["comes from a plugin that fails when it is asked again", "no session"],
  ])("K3, X1: a login that ends in the middle of the run and %s leaves what was read", async (how, says) => {
    const { writeFile } = await import("node:fs/promises");
    files += 1;
    const command = path.join(directory, `ending-${files}`);
    const mark = path.join(directory, `asked-${files}`);
    await using server = await startApiServer({ objects });
    const credential = `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"${server.token}"}}`;
    const again = how === "is refused" ? "" : `test -e ${mark} && { echo no session >&2; exit 1; }; touch ${mark};`;
    await writeFile(command, `#!/bin/sh\n${again} echo '${credential}'\n`, { mode: 0o755 });
    server.fault(answer(401, {}, { resource: "secrets" }));
    const user = { exec: { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never" } };
    const { code, report, stderr } = await diagnose(server, ["web"], { user });
    expect(code, stderr).toBe(1);
    expect(report?.diagnoses).toHaveLength(1);
    expect(`${stderr}${JSON.stringify(report?.gaps)}`).toContain(says);
  });

  test.each([
    ["X1: fails", "echo no session >&2; exit 1", /no session/],
    ["X2: prints rubbish", "echo '<html>'", /JSON|ExecCredential|understood/i],
    [
      "X2: answers another version",
      `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v9","status":{"token":"x"}}'`,
      /v9|version/i,
    ],
    ["X2: prints without end", "yes", /./],
  ])("an exec plugin that %s: exit code 3 and one clear sentence", async (_how, script, says) => {
    const { writeFile } = await import("node:fs/promises");
    files += 1;
    const command = path.join(directory, `plugin-${files}`);
    await writeFile(command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await using server = await startApiServer({ objects });
    const user = { exec: { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never" } };
    const { code, stdout, stderr } = await diagnose(server, ["web"], { user });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain("    at ");
  });
});

describe("a large or moving cluster", () => {
  test("K8, K9: only named Secrets are read, and only with GET", async () => {
    await using server = await startApiServer({ objects });
    await diagnose(server);
    const secrets = server.requests.filter(({ resource }) => resource === "secrets");
    expect(secrets.filter(({ verb }) => verb === "get").map(({ name }) => name)).toEqual(["regcred"]);
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
    for (const { verb, query } of server.requests.filter(({ verb }) => verb === "list")) {
      expect(Number(query.get("limit")), `${verb} without limit`).toBeGreaterThan(0);
    }
  });

  test("K8: among 5,000 running pods the one that fails is found", async () => {
    const crowd = Array.from({ length: 5_000 }, (_, at) => sketchPod({ name: `p${at}`, image })).flat();
    await using server = await startApiServer({ objects: [...objects, ...crowd] });
    const { code, report } = await diagnose(server, []);
    expect({ code, diagnoses: report?.diagnoses.length }).toEqual({ code: 1, diagnoses: 1 });
  });

  test("K4: a Secret that goes while the pod is read is told as missing, not as forbidden", async () => {
    await using server = await startApiServer({ objects });
    server.remove("Secret", "demo", "regcred");
    const { report } = await diagnose(server);
    expect(report?.diagnoses[0]?.code).toBe("pull-secret-missing");
  });

  test("K11: a Secret of the same name in another namespace is not taken", async () => {
    const elsewhere = sketchPullSecret(
      "regcred",
      { "registry.example.com": { username: "x", password: "y-y-y-y" } },
      "other",
    );
    await using server = await startApiServer({
      objects: [...objects.filter(({ kind }) => kind !== "Secret"), elsewhere],
    });
    const { report, stdout } = await diagnose(server);
    expect(report?.diagnoses[0]?.code).toBe("pull-secret-missing");
    expect(stdout).toContain('A Secret named \\"regcred\\" exists in namespace other');
    expect(report?.diagnoses[0]?.attempts.map(({ from }) => from)).not.toContain("pod");
  });

  test("K13: the report names context and namespace", async () => {
    await using server = await startApiServer({ objects });
    expect((await diagnose(server, ["web"], { context: "prod-eu" })).stdout).toContain('"context": "prod-eu"');
  });
});
