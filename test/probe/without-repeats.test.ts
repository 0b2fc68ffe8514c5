import { describe, expect, test } from "vitest";
import type { Probe } from "../../src/domain/probe.ts";
import { askWith, login, question } from "./support/asking.ts";
import { type Answers, type Reply, smallImage, startOddServer } from "./support/odd-server.ts";

const host = "registry.shop.test";
const password = "Secret-of-the-4th-shop";
const label = password.toLowerCase();

/** Asks for one image, where the registry hears the login, and then for others, where it says what it likes of it. */
async function told(reply: (at: string) => Reply, secret = password): Promise<readonly Probe[]> {
  const basic: Reply = { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } };
  const answers: Answers = ({ path, headers }) => {
    if (path.includes("/heard/")) return headers.authorization === undefined ? basic : { status: 404 };
    return path.includes("/said/") ? reply(headers.host ?? "") : { status: 403 };
  };
  await using server = await startOddServer([host, `${label}.shop.test`], answers);
  const at = `${host}:${server.port}`;
  const ci = login("ci", secret);
  return await askWith(
    server.settings,
    question(`${at}/heard/web:v1`, ci),
    question(`${at}/said/web:v1`, ci),
    question(`${at}/said/web:v1`, ci, { kind: "tags" }),
    question(`${at}/said/web:v1`),
  );
}

function shown(probes: readonly Probe[]): string {
  return JSON.stringify(probes.map(({ answer, ladder }) => [answer, ladder]));
}

const challenge = (text: string): Reply => ({ status: 401, headers: { "www-authenticate": text } });
const redirect = (location: string): Reply => ({ status: 307, headers: { location } });
const index = (platform: object): object => ({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [
    { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: `sha256:${"0".repeat(64)}`, size: 2, platform },
  ],
});

describe("a password that a registry repeats outside of its words", () => {
  test.each<[string, (at: string) => Reply]>([
    ["a realm", () => challenge(`Basic realm="${password}"`)],
    ["a token server's address", (at) => challenge(`Bearer realm="https://${at}/${password}",service="x"`)],
    [
      "a service and a scope",
      (at) => challenge(`Bearer realm="https://${at}/t",service="${password}",scope="${password}"`),
    ],
    ["a redirect's path", (at) => redirect(`https://${at}/${password}`)],
    ["a redirect's host", (at) => redirect(`https://${label}.shop.test:${at.split(":")[1]}/x`)],
    ["a host that there is not", () => redirect(`https://${label}.nowhere.test/x`)],
    ["a Content-Type", () => ({ ...smallImage, headers: { "content-type": `text/${password}` } })],
    ["a tag", () => ({ body: { tags: [password] } })],
    [
      "a platform",
      () => ({
        headers: { "content-type": "application/vnd.oci.image.index.v1+json" },
        body: index({ os: password, architecture: password, variant: password, "os.version": password }),
      }),
    ],
  ])("C3: in %s is in no answer and no step", async (_name, reply) => {
    const text = shown(await told(reply));
    expect(text).not.toContain(password);
    expect(text).not.toContain(label);
    expect(text).toContain("[redacted]");
  });

  test("what the image's own name says, and the words of every step, stay", async () => {
    for (const secret of ["said", "registry", "manifest", "application"]) {
      const text = shown(await told(() => smallImage, secret));
      expect(text).not.toContain("[redacted]");
      expect(text).toContain('"application/vnd.oci.image.manifest.v1+json"');
    }
  });
});
