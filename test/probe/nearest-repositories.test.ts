import { describe, expect, test } from "vitest";
import type { ImageReference } from "../../src/domain/image-reference.ts";
import { nearestRepositories } from "../../src/probe/nearest-repositories.ts";

function near(registry: string, repository: string): string[] {
  const reference: ImageReference = { text: `${registry}/${repository}`, registry, repository, tag: "1" };
  return nearestRepositories(reference).map((each) => {
    expect(each).toMatchObject({ registry, tag: "1" });
    return each.repository;
  });
}

describe("repositories that may have been meant", () => {
  test("library/ is put in or left out, where a cache of Docker Hub may want it", () => {
    expect(near("mirror.example.com", "nginx")).toContain("library/nginx");
    expect(near("mirror.example.com", "hub/nginx")).toContain("hub/library/nginx");
    expect(near("mirror.example.com", "hub/library/nginx")).toContain("hub/nginx");
    expect(near("docker.io", "library/nginx")).toEqual([]);
    expect(near("docker.io", "redis/redis")).toEqual(["library/redis"]);
  });

  test("separators are exchanged", () => {
    expect(near("quay.io", "team/my_app")).toContain("team/my-app");
    expect(near("quay.io", "team/my-app")).toContain("team/my_app");
    expect(near("quay.io", "team/app")).not.toContain("team/app");
  });

  test("doubled and superfluous parts are left out", () => {
    expect(near("registry.example.com", "registry.example.com/shop/web")).toContain("shop/web");
    expect(near("ghcr.io", "acme/shop/web")).toEqual(expect.arrayContaining(["acme/web", "acme/shop"]));
  });

  test("never itself, never twice, never many, and never what is no name", () => {
    for (const repository of ["a/a/a-b", "a-b/a_b", "x__y/z..z", "-/-"]) {
      const candidates = near("registry.example.com", repository);
      expect(candidates).not.toContain(repository);
      expect(new Set(candidates).size).toBe(candidates.length);
      expect(candidates.length).toBeLessThanOrEqual(4);
      for (const each of candidates) expect(each).toMatch(/^[a-z0-9._/-]+$/);
    }
  });
});
