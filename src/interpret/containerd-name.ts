import { parseSchemeless } from "./registry-key.ts";

/** containerd's own view of a name that passed the grammar: the host it asks, the repository, and what it asks for there. */
export interface ContainerdName {
  readonly host: string;
  readonly path: string;
  /** Tag, `tag@digest` or `@digest`; empty where none is written. */
  readonly object: string;
}

/**
 * `reference.Parse` of containerd (pkg/reference/reference.go): a URL without scheme, cut at the first `:` or `@` of its path.
 * The host is whatever stands before the first slash, also where the grammar sees no domain there.
 */
export function splitContainerdName(text: string): ContainerdName | "invalid" | "no-host" {
  if (text.includes("://")) return "invalid";
  const url = parseSchemeless(text);
  if (url === undefined) return "invalid";
  if (url.host === "") return "no-host";
  const cut = url.path.search(/[:@]/);
  const path = cut === -1 ? url.path : url.path.slice(0, cut);
  const object = cut === -1 ? "" : url.path.slice(url.path[cut] === ":" ? cut + 1 : cut);
  return { host: url.host, path: withoutOuterSlashes(path), object };
}

function withoutOuterSlashes(path: string): string {
  let start = 0;
  let end = path.length;
  while (path[start] === "/") start += 1;
  while (end > start && path[end - 1] === "/") end -= 1;
  return path.slice(start, end);
}
