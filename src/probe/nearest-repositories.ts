import type { ImageReference } from "../domain/image-reference.ts";

/** Places that are asked for one image: each costs a request. */
const most = 4;

/**
 * Repositories of the same registry that whoever wrote this one may have meant: with or without `library/`, with another separator,
 * with a doubled or a superfluous part left out. Candidates only: a probe must confirm them before they are said. The likeliest first.
 */
export function nearestRepositories(reference: ImageReference): readonly ImageReference[] {
  const { registry, repository } = reference;
  const parts = repository.split("/");
  const name = parts.at(-1) ?? "";
  const parents = parts.slice(0, -1);
  const inner = parents.at(-1);
  const candidates: string[] = [];

  // On Docker Hub an official image is library/NAME; elsewhere a pull-through cache may want it, or not.
  if (registry === "docker.io" && inner === name) candidates.push(`library/${name}`);
  if (registry !== "docker.io" && inner === "library") candidates.push([...parents.slice(0, -1), name].join("/"));
  if (registry !== "docker.io" && inner !== "library" && parts.length <= 2)
    candidates.push([...parents, "library", name].join("/"));

  // The registry's own name, or an image path, written twice: registry.example.com/registry.example.com/shop/web.
  if (parts[0] === registry || (parts.length > 1 && parts[0] === parts[1])) candidates.push(parts.slice(1).join("/"));
  for (const other of otherSeparators(name)) candidates.push([...parents, other].join("/"));
  // ghcr.io/owner/repository/image beside ghcr.io/owner/image and ghcr.io/owner/repository.
  if (parts.length === 3) candidates.push(`${parts[0]}/${name}`, `${parts[0]}/${parts[1]}`);

  return (
    [...new Set(candidates)]
      .filter((candidate) => candidate !== repository && isRepository(candidate))
      // Docker Hub has no repository without an owner.
      .filter((candidate) => registry !== "docker.io" || candidate.includes("/"))
      .slice(0, most)
      .map((candidate) => ({ ...reference, repository: candidate }))
  );
}

/** `my_app` → `my-app`; `my-app` → `my_app`; with a dot only where there was one. */
function otherSeparators(name: string): readonly string[] {
  return ["-", "_"].filter(() => /[._-]/.test(name)).map((separator) => name.replace(/[._-]+/g, separator));
}

/** As the reference grammar has it (distribution/reference:regexp.go path); `.` and `/` never side by side, so it is linear. */
function isRepository(path: string): boolean {
  return path.length <= 255 && path.split("/").every((part) => /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/.test(part));
}
