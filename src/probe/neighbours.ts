import type { ImageReference } from "../domain/image-reference.ts";

const mostNeighbours = 3;

/**
 * Places where the image may be instead: where its registry moved to, with or without `library/`, with the other separator.
 * At most three; each is asked before it is spoken of.
 */
export function neighboursOf(reference: ImageReference): readonly ImageReference[] {
  const { registry, repository } = reference;
  const places: (readonly [registry: string, repository: string])[] = [];
  // https://kubernetes.io/blog/2023/03/10/image-registry-redirect/
  if (registry === "k8s.gcr.io") places.push(["registry.k8s.io", repository]);
  if (registry === "docker.io") {
    // https://github.com/bitnami/containers/issues/83267
    if (repository.startsWith("bitnami/")) places.push([registry, repository.replace("bitnami/", "bitnamilegacy/")]);
    if (repository.startsWith("library/")) {
      const name = repository.slice("library/".length);
      places.push([registry, `${name}/${name}`]);
    }
  }
  if (registry !== "docker.io" && repository.startsWith("library/"))
    places.push([registry, repository.slice("library/".length)]);
  const parts = repository.split("/");
  const last = parts.at(-1) ?? "";
  const swapped = last.includes("_") ? last.replaceAll("_", "-") : last.replaceAll("-", "_");
  if (swapped !== last) places.push([registry, [...parts.slice(0, -1), swapped].join("/")]);
  const own = `${registry}/${repository}`;
  return places
    .filter(([host, path]) => `${host}/${path}` !== own)
    .slice(0, mostNeighbours)
    .map(([host, path]) => ({ ...reference, registry: host, repository: path }));
}
