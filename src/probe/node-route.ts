import { anonymous, type Question, type RegistryHost, type Rung } from "../domain/probe.ts";
import { requestHost } from "../knowledge/registries/dialect-of.ts";
import type { NodeConfig } from "./node-config/read-node-config.ts";

/** Where a question is asked: at the registry itself, and wherever else the node would go with it. */
export interface Route {
  readonly asked: Question;
  /** The question as it was asked first, then the same by way of each place of the node's configuration, in its order. */
  readonly places: readonly Question[];
  /** What the ladder should say of the node's configuration. */
  readonly note?: Rung;
}

/**
 * The places for a question by the node's configuration. A mirror that is not the registry itself is asked without a login:
 * the pod's secrets are for the registry that the image names. The registry as everybody reaches it is not asked twice.
 */
export async function nodeRoute(asked: Question, nodeConfig: NodeConfig | undefined): Promise<Route> {
  if (nodeConfig === undefined || asked.kind !== "manifest" || asked.via !== undefined)
    return { asked, places: [asked] };
  const { sources, blockedBy, problem } = await nodeConfig(asked.reference);
  const own = requestHost(asked.reference.registry);
  const elsewhere = sources
    .filter(({ host }) => !isPlainWay(host, own))
    .map(({ host, reference }) => ({
      ...asked,
      reference: { ...reference, text: asked.reference.text },
      via: host,
      as: host.host === own && host.skipVerify !== true ? asked.as : anonymous,
    }));
  const detail = blockedBy === undefined ? problem : `the node's configuration blocks ${blockedBy}`;
  const note = detail === undefined ? {} : { note: { step: "manifest", outcome: "skipped", detail } as const };
  return { asked, places: [asked, ...elsewhere], ...note };
}

function isPlainWay({ scheme, host, path, ca, client, skipVerify, headers }: RegistryHost, own: string): boolean {
  const special = [...(ca ?? []), ...(client ?? []), ...Object.keys(headers ?? {})].length > 0 || skipVerify === true;
  return host === own && scheme === "https" && path.replace(/\/$/, "") === "/v2" && !special;
}
