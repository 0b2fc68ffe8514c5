import type { ImageReference } from "./image-reference.ts";
import type { RegistryHost } from "./probe.ts";

/**
 * One place of the node's way as people name it: host[:port], with its path where that is not `/v2`, and with the repository where the
 * image goes by another name there. So two mirrors on one host are told apart.
 */
export function placeText({ host, path }: RegistryHost, { repository, text }: ImageReference): string {
  const plain = path.endsWith("/") ? path.slice(0, -1) : path;
  const base = plain === "/v2" ? host : `${host}${plain}`;
  const ownName = repository.startsWith("library/") ? repository.slice("library/".length) : repository;
  return text.includes(ownName) ? base : `${base}/${repository}`;
}
