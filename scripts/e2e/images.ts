import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildImage, type ImageSpec } from "../../test/support/registry-images.ts";

/** What the registries of the run hold. */
export const images: readonly ImageSpec[] = [
  { repository: "shop/web", tags: ["v1.4.0"], family: "oci", salt: "0" },
  { repository: "shop/web", tags: ["v1.4.1"], family: "oci", salt: "1" },
  { repository: "shop/web", tags: ["v1.4.2"], family: "oci", salt: "2" },
  { repository: "shop/private", tags: ["v1"], family: "oci" },
  {
    repository: "shop/arm",
    tags: ["v1"],
    family: "oci",
    kind: "index",
    platforms: ["linux/arm64", "linux/arm/v7"],
  },
];

/** Writes one image as an OCI layout (https://github.com/opencontainers/image-spec, image-layout.md) and pushes it with skopeo. */
export function pushImage(spec: ImageSpec, registry: string, authority: string, directory: string): void {
  const tag = spec.tags?.[0] ?? "latest";
  const layout = join(directory, spec.repository.replace("/", "-"), tag);
  const blobs = join(layout, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  const image = buildImage(spec);
  for (const content of [...image.manifests, ...image.blobs]) {
    writeFileSync(join(blobs, content.digest.slice("sha256:".length)), content.bytes);
  }
  const { digest, mediaType, bytes } = image.root;
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(
    join(layout, "index.json"),
    JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType, digest, size: bytes.length }] }),
  );
  const policy = join(directory, "policy.json");
  writeFileSync(policy, JSON.stringify({ default: [{ type: "insecureAcceptAnything" }] }));
  execFileSync(
    "skopeo",
    [
      "--policy",
      policy,
      "copy",
      "--all",
      "--preserve-digests",
      "--dest-cert-dir",
      authority,
      "--dest-no-creds",
      `oci:${layout}`,
      `docker://${registry}/${spec.repository}:${tag}`,
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
}
