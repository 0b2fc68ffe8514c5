import type { ClusterFacts, NodeFacts } from "../domain/cluster-facts.ts";
import type { Platform } from "../domain/probe.ts";
import { found } from "../domain/read.ts";
import type { Target } from "../domain/target.ts";

/**
 * The platforms that the image must have: the node's, or, before there is one, those of the nodes its selector allows;
 * where no node is known, what the selector itself says of os and architecture.
 */
export function platformsOf(target: Target, nodes: ClusterFacts["nodes"]): readonly Platform[] {
  if (target.nodeName !== undefined) {
    const node = found(nodes.get(target.nodeName));
    return node === undefined ? [] : [platformOf(node)];
  }
  const platforms = new Map<string, Platform>();
  for (const read of nodes.values()) {
    const node = found(read);
    if (node === undefined || !allows(target, node)) continue;
    const platform = platformOf(node);
    platforms.set(JSON.stringify(platform), platform);
  }
  return platforms.size > 0 ? [...platforms.values()] : selected(target);
}

function platformOf({ os, architecture, osVersion }: NodeFacts): Platform {
  return { os, architecture, ...(os === "windows" && osVersion !== undefined ? { osVersion } : {}) };
}

function allows({ nodeSelector }: Target, { labels }: NodeFacts): boolean {
  return Object.entries(nodeSelector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

function selected({ nodeSelector }: Target): readonly Platform[] {
  const said = (name: string): string | undefined =>
    nodeSelector[`kubernetes.io/${name}`] ?? nodeSelector[`beta.kubernetes.io/${name}`];
  const architecture = said("arch");
  return architecture === undefined ? [] : [{ os: said("os") ?? "linux", architecture }];
}
