import fc from "fast-check";
import { expect, test } from "vitest";
import { nearestTags } from "../../src/knowledge/nearest-tags.ts";
import { readErrorBody } from "../../src/knowledge/registries/error-body.ts";
import { findAuth, parseAuthFile } from "../../src/probe/node-config/crio-auth.ts";
import { hostsFor } from "../../src/probe/node-config/hosts-directory.ts";
import { parseContainerdConfig } from "../../src/probe/node-config/legacy-mirrors.ts";
import { crioSources, resolveShortName } from "../../src/probe/node-config/pull-sources.ts";
import { parseRegistriesConf } from "../../src/probe/node-config/registries-conf.ts";
import { readManifest, withConfig, withPlatform } from "../../src/probe/read-manifest.ts";

const names = fc.constantFrom(
  "schemaVersion",
  "mediaType",
  "manifests",
  "layers",
  "config",
  "platform",
  "os",
  "annotations",
  "fsLayers",
  "blobs",
  "__proto__",
  "digest",
  "errors",
  "code",
  "message",
  "auths",
  "auth",
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.constantFrom(
      "application/vnd.oci.image.index.v1+json",
      "application/vnd.oci.image.manifest.v1+json",
      "amd64",
      "linux",
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie("value")), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs)),
  ),
})).value;

const toml = fc
  .array(
    fc.constantFrom(
      "[[registry]]\n",
      "[host.",
      '"https://a"',
      "]\n",
      "server = ",
      '"x"\n',
      "location = ",
      "[[registry.mirror]]\n",
      "[header]\n",
      "a = 1\n",
      "true\n",
      "[",
      "=",
      "[aliases]\n",
      '"__proto__" = "y"\n',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

test("no manifest throws, and what is read is bounded", () => {
  fc.assert(
    fc.property(value, (document) => {
      const body = new TextEncoder().encode(JSON.stringify(document));
      const reading = readManifest({ body });
      if (reading.kind !== "manifest") return;
      const { facts } = withPlatform(reading, { os: "linux", architecture: "amd64" }, "containerd-transfer");
      expect(withConfig(facts, body, { os: "linux", architecture: "arm64" }).kind).toBe(facts.kind);
    }),
    { numRuns: 500 },
  );
});

test("no error body throws, in any bytes", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        value.map((each) => JSON.stringify(each) ?? ""),
      ),
      (body) => {
        expect((readErrorBody(body, "text/html").message ?? "").length).toBeLessThanOrEqual(1_000);
      },
    ),
    { numRuns: 500 },
  );
});

test("no configuration file throws", () => {
  fc.assert(
    fc.property(fc.oneof(toml, fc.string()), (text) => {
      expect(hostsFor("docker.io", { path: "/d", hostsToml: text, files: ["a.crt"] }).hosts.length).toBeGreaterThan(0);
      parseContainerdConfig(text);
      const conf = parseRegistriesConf(text);
      if ("error" in conf) return;
      crioSources(conf, "docker.io/library/nginx:1");
      resolveShortName("nginx", conf);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(value, fc.string(), (document, key) => {
      const file = parseAuthFile(JSON.stringify(document) ?? "");
      if (!("error" in file)) findAuth(file, key);
    }),
  );
});

test("only tags that are there are named", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.stringMatching(/^[a-z0-9._-]{0,6}$/)), (wanted, tags) => {
      for (const tag of nearestTags(wanted, tags)) expect(tags).toContain(tag);
    }),
  );
});
