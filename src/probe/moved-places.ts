import type { ImageReference } from "../domain/image-reference.ts";

/** Where an image may be now because its registry or its owner moved it; each place is asked before it is spoken of. */
export function movedPlaces(reference: ImageReference): readonly ImageReference[] {
  const { registry, repository } = reference;
  // https://kubernetes.io/blog/2023/03/10/image-registry-redirect/
  if (registry === "k8s.gcr.io") return [{ ...reference, registry: "registry.k8s.io" }];
  // https://github.com/bitnami/containers/issues/83267
  if (registry === "docker.io" && repository.startsWith("bitnami/"))
    return [{ ...reference, repository: repository.replace("bitnami/", "bitnamilegacy/") }];
  return [];
}
