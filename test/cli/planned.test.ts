import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApiServer } from "../support/api-server.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { type CliResult, runMain } from "../support/run-cli.ts";

let registry: Registry;
let directory: string;

beforeAll(async () => {
  registry = await startRegistry({ scheme: "http", images: [{ repository: "shop/web", tags: ["v1"] }] });
  directory = await mkdtemp(join(tmpdir(), "imagedoctor-planned-"));
  await mkdir(join(directory, "chart"));
  await writeFile(join(directory, "chart", "web.yaml"), manifest("web", "v1"));
  await writeFile(join(directory, "chart", "api.yml"), manifest("api", "v2"));
  await writeFile(join(directory, "chart", "notes.txt"), "no manifest");
});

afterAll(async () => {
  await registry.close();
  await rm(directory, { recursive: true, force: true });
});

function manifest(name: string, tag: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  template:
    spec:
      containers:
        - name: app
          image: ${place()}/shop/web:${tag}
`;
}

function place(): string {
  return `127.0.0.1:${registry.port}`;
}

/** Without a kubeconfig, so that no cluster is asked. */
function check(argv: readonly string[], stdin = ""): Promise<CliResult> {
  return runMain([...argv, "--plain-http", place()], { cwd: directory, stdin, env: { KUBECONFIG: "/nonexistent" } });
}

describe("before deploying", () => {
  test("SARIF points at the manifest's line, relative to where the program was started", async () => {
    for (const named of ["chart", join(directory, "chart"), "./chart/api.yml"]) {
      const { code, stdout } = await check(["-f", named, "-o", "sarif"]);
      expect(code).toBe(1);
      const { results } = JSON.parse(stdout).runs[0];
      expect(results).toHaveLength(1);
      expect(results[0].locations).toMatchObject([
        { physicalLocation: { artifactLocation: { uri: "chart/api.yml" }, region: { startLine: 10 } } },
      ]);
    }
  });

  test("JUnit lists what passes beside what fails", async () => {
    const { code, stdout } = await check(["-f", "chart", "-o", "junit"]);
    expect(code).toBe(1);
    expect(stdout).toContain('tests="2" failures="1" errors="0"');
    expect(stdout).toContain(
      `<testcase classname="pullable" name="${place()}/shop/web:v1 (default/Deployment/web/app)" time="0"/>`,
    );
    expect(stdout).toMatch(/<testcase classname="manifest-not-found" name="[^"]+shop\/web:v2" time="0">\s*<failure/);
  });

  test("an image by name passes, and is a passing test", async () => {
    const { code, stdout } = await check(["--image", `${place()}/shop/web:v1`, "-o", "junit"]);
    expect(code).toBe(0);
    expect(stdout).toContain('tests="1" failures="0"');
    expect(stdout).toContain(`name="${place()}/shop/web:v1 (default)"`);
  });

  test("an image that no registry was asked about is not well: the node's own localhost, the cluster elsewhere", async () => {
    await using server = await startApiServer({ objects: [] });
    const home = await mkdtemp(join(tmpdir(), "imagedoctor-planned-"));
    try {
      const kubeconfig = await writeKubeconfig(server, home, {
        cluster: {
          server: server.url.replace("127.0.0.1", "0.0.0.0"),
          "certificate-authority-data": undefined,
          "insecure-skip-tls-verify": true,
        },
      });
      const { code, stdout } = await runMain(
        ["--image", "localhost:5000/shop/web:v1", "-o", "json", "--kubeconfig", kubeconfig],
        { cwd: directory },
      );
      expect(code).toBe(3);
      expect(JSON.parse(stdout).gaps).toContainEqual(
        expect.objectContaining({ what: "image localhost:5000/shop/web:v1" }),
      );
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });

  test("a cluster that nobody named and that cannot be reached is a gap, not the end", async () => {
    const home = await mkdtemp(join(tmpdir(), "imagedoctor-planned-"));
    try {
      const dead = { url: "https://127.0.0.1:1", authority: "", token: "t" };
      const kubeconfig = await writeKubeconfig(dead, home, { cluster: { "certificate-authority-data": undefined } });
      const argv = ["--image", `${place()}/shop/web:v1`, "-o", "json", "--plain-http", place()];
      const run = await runMain(argv, { env: { KUBECONFIG: kubeconfig } });
      expect(run.code).toBe(0);
      expect(JSON.parse(run.stdout).gaps).toContainEqual(
        expect.objectContaining({ why: expect.stringContaining("the API server 127.0.0.1:1 cannot be read") }),
      );
      expect(await runMain([...argv, "--kubeconfig", kubeconfig])).toMatchObject({ code: 3, stdout: "" });
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });

  test("a service account that is neither in the cluster nor in the manifests is a gap", async () => {
    await using api = await startApiServer({ objects: [] });
    const home = await mkdtemp(join(tmpdir(), "imagedoctor-planned-"));
    try {
      const kubeconfig = await writeKubeconfig(api, home);
      const argv = ["-f", "-", "-o", "json", "--plain-http", place()];
      const pod = `kind: Pod\nmetadata: {name: a}\nspec: {serviceAccountName: web, containers: [{name: app, image: "${place()}/shop/web:v1"}]}\n`;
      const account = "---\nkind: ServiceAccount\nmetadata: {name: web}\n";
      const gaps = async (stdin: string): Promise<unknown> =>
        JSON.parse((await runMain(argv, { stdin, env: { KUBECONFIG: kubeconfig } })).stdout).gaps;
      expect(await gaps(pod)).toContainEqual(
        expect.objectContaining({ what: expect.stringMatching(/^service account web in namespace /) }),
      );
      expect(await gaps(pod + account)).toEqual([]);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });

  test.each(["plain-http", "trust-realm"])("--%s takes a host, in any case, and no URL", async (flag) => {
    const image = ["--image", `${place()}/shop/web:v1`];
    const { code, stderr } = await check([...image, `--${flag}`, "http://r.example/v2"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`--${flag} does not understand "http://r.example/v2"\nWrite it as host`),
    });
    expect((await check([...image, `--${flag}`, "Host.Example:5000"])).code).toBe(0);
  });

  test("without a registry asked, JUnit skips and nothing passes", async () => {
    const { code, stdout } = await check(["-f", "chart", "-o", "junit", "--no-probe"]);
    expect(code).toBe(0);
    expect(stdout).toContain('tests="1" failures="0" errors="0"');
    expect(stdout).toContain('skipped="1"');
    expect(stdout).not.toContain('classname="pullable" name="127');
  });

  test.each([
    ["nowhere.yaml", "nowhere.yaml cannot be read (no such file or directory)\nCheck the name"],
    ["https://example.test/web.yaml", "URLs are not fetched"],
  ])("a file that cannot be read is said in words: %s", async (file, words) => {
    const { code, stderr } = await check(["-f", file]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) });
  });

  test.each(["text", "wide", "markdown", "junit"])(
    "without a registry asked, %s does not call an image well",
    async (format) => {
      const { stdout } = await check(["-f", "chart", "-o", format, "--no-probe"]);
      expect(stdout).toContain("Nothing wrong was seen, but no registry was asked");
      expect(stdout).not.toMatch(/✓|Nothing is failing/);
    },
  );

  test("text says file and line", async () => {
    const { stdout } = await check(["-f", "chart"]);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "workload Deployment/api in namespace default, container app, file chart/api.yml:10",
    );
  });

  test("what helm renders onto stdin is told by its template", async () => {
    const { code, stdout } = await check(
      ["-f", "-", "-o", "json"],
      `---\n# Source: web/templates/api.yaml\n${manifest("api", "v2")}`,
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout).diagnoses[0].containers).toMatchObject([{ file: "web/templates/api.yaml" }]);
  });
});
