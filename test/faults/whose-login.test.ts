import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { answer, type Handler } from "../support/registry-faults.ts";
import { runMain } from "../support/run-cli.ts";
import { sketchPod, sketchPullSecret, sketchSecret, sketchSurroundings } from "../support/story-pods.ts";
import { openCanaryTown } from "./canary-town.ts";

const registry = "shop.reg.test:5001";
const present = Date.parse("2026-11-24T02:40:00Z");
const words = "unexpected status code 401 Unauthorized";

function stuck(image: string, name = "web") {
  return sketchPod({ name, image, error: `failed to resolve reference "${image}": ${words}`, secrets: ["regcred"] });
}

/** A registry that wants a login, and the logins it was sent. */
function asking(): { readonly handler: Handler; readonly logins: string[] } {
  const logins: string[] = [];
  const handler: Handler = (request, response) => {
    if (request.headers.authorization !== undefined) logins.push(request.headers.authorization);
    return answer(response, 401, {}, { "www-authenticate": 'Basic realm="shop"' });
  };
  return { handler, logins };
}

describe("whose login is sent", () => {
  test("N9: not the one of the person who asks, whatever their docker config and environment hold", async () => {
    const { handler, logins } = asking();
    await using town = await openCanaryTown([...sketchSurroundings(), ...stuck(`${registry}/shop/web:v1`)], {
      [registry]: handler,
    });
    const home = path.join(town.directory, "home");
    await mkdir(path.join(home, ".docker"), { recursive: true });
    const auth = Buffer.from("me:my-own-password").toString("base64");
    await writeFile(path.join(home, ".docker", "config.json"), JSON.stringify({ auths: { [registry]: { auth } } }));
    const env = {
      HOME: home,
      DOCKER_CONFIG: path.join(home, ".docker"),
      REGISTRY_AUTH_FILE: path.join(home, ".docker", "config.json"),
      DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [registry]: { auth } } }),
      AWS_ACCESS_KEY_ID: "AKIA0000000000000000",
      GOOGLE_APPLICATION_CREDENTIALS: "/nowhere",
    };
    const { code } = await runMain(["web", ...town.flags], { now: present, cwd: town.directory, env });
    expect(code).toBe(1);
    expect(logins).toEqual([]);
  });

  test.each([
    `https://${registry}`,
    "reg.test:5001",
    "shop.reg.test",
    "shop.reg.test:5002",
    "*.test:5001",
    "shop.reg.test.:5001",
    "xshop.reg.test:5001",
    `${registry}/other`,
    "docker.io",
  ])("N1, N3, N4: the login under the key %s is sent only where the kubelet would send it", async (key) => {
    const { handler, logins } = asking();
    const secret = sketchPullSecret("regcred", { [key]: { username: "ci", password: "a-password" } });
    await using town = await openCanaryTown([...sketchSurroundings(), secret, ...stuck(`${registry}/shop/web:v1`)], {
      [registry]: handler,
    });
    await runMain(["web", ...town.flags], { now: present, cwd: town.directory });
    expect(logins.length > 0).toBe(key === `https://${registry}`);
  });

  test("N4: a key that ends within a part of the path is used, as the kubelet uses it, and that is told", async () => {
    for (const [path, cut] of [
      ["sho", true],
      ["v2/shop/w", true],
      ["shop", false],
      ["shop/", false],
      ["shop/web", false],
    ] as const) {
      const { handler, logins } = asking();
      const secret = sketchPullSecret("regcred", {
        [`${registry}/${path}`]: { username: "ci", password: "a-password" },
      });
      await using town = await openCanaryTown([...sketchSurroundings(), secret, ...stuck(`${registry}/shop/web:v1`)], {
        [registry]: handler,
      });
      const { stdout } = await runMain(["web", ...town.flags], { now: present, cwd: town.directory });
      expect(logins.length, path).toBeGreaterThan(0);
      expect(stdout.replace(/\s+/g, " ").includes("the kubelet compares paths letter by letter"), path).toBe(cut);
    }
  });

  test.each([
    `user:pw@${registry}/shop/web:v1`,
    `https://${registry}/shop/web:v1`,
    `${registry}/shop/web:v1?x=1`,
    `${registry}/shop/web#v1`,
    `${registry}\\shop/web:v1`,
    `${registry}/shop/../../admin:v1`,
    `${registry}/shop/web:v1\r\nHost: evil.test`,
    `${registry}/Shop/Web:v1`,
    "shоp.reg.test:5001/shop/web:v1",
  ])("N8, P8: nothing is asked for the image %j, which is no reference", async (image) => {
    const { handler, logins } = asking();
    const secret = sketchPullSecret("regcred", { [registry]: { username: "ci", password: "a-password" } });
    let requests = 0;
    const counting: Handler = (request, response) => {
      requests += 1;
      return handler(request, response);
    };
    await using town = await openCanaryTown([...sketchSurroundings(), secret, ...stuck(image)], {
      [registry]: counting,
    });
    const { code, stdout } = await runMain(["web", ...town.flags], { now: present, cwd: town.directory });
    expect({ code, requests, logins, lookedUp: [...town.lookedUp] }).toEqual({
      code: 1,
      requests: 0,
      logins: [],
      lookedUp: [],
    });
    expect(stdout).toMatch(/image name|reference/i);
  });
});

describe("bytes of others", () => {
  test("O8: what is no UTF-8 in Secrets and answers is told, and shown without a cursor moving", async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0xc3, 0x28, 0xf0, 0x28, 0x8c, 0x1b, 0x5b, 0x32, 0x4a]);
    const secret = sketchSecret("regcred", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "");
    const damaged = { ...secret, data: { ".dockerconfigjson": bytes.toString("base64") } };
    const handler: Handler = (_request, response) => {
      response.writeHead(403, { "content-type": "text/plain" });
      response.end(bytes);
    };
    await using town = await openCanaryTown([...sketchSurroundings(), damaged, ...stuck(`${registry}/shop/web:v1`)], {
      [registry]: handler,
    });
    for (const format of ["text", "json", "markdown"]) {
      const { code, stdout, stderr } = await runMain(["web", "-v", "-o", format, ...town.flags], {
        now: present,
        cwd: town.directory,
      });
      expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
      expect(stdout).toContain("pull-secret-malformed");
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });

  test("D6: nothing that a manifest says of itself is printed", async () => {
    const lie = "Verdict-all-is-well-call-555";
    const type = "application/vnd.oci.image.manifest.v1+json";
    const document = JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      annotations: { "org.opencontainers.image.title": lie, [lie]: "x" },
      config: {
        mediaType: "application/vnd.oci.image.config.v1+json",
        digest: `sha256:${"a".repeat(64)}`,
        size: 2,
        annotations: { a: lie },
      },
      layers: [
        {
          mediaType: "application/vnd.oci.image.layer.v1.tar",
          digest: `sha256:${"b".repeat(64)}`,
          size: 1,
          urls: [`https://x.test/${lie}`],
          annotations: { a: lie },
        },
      ],
    });
    const handler: Handler = (request, response) =>
      (request.url ?? "").includes("/blobs/")
        ? answer(response, 404, {})
        : answer(response, 200, document, { "content-type": type });
    await using town = await openCanaryTown([...sketchSurroundings(), ...stuck(`${registry}/shop/web:v1`)], {
      [registry]: handler,
    });
    for (const format of ["text", "json"]) {
      const { stdout } = await runMain(["web", "-v", "-o", format, ...town.flags], {
        now: present,
        cwd: town.directory,
      });
      expect(stdout).toContain(registry);
      expect(stdout).not.toContain("555");
    }
  });
});
