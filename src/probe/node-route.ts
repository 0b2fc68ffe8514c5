import type { Credential } from "../domain/credential.ts";
import { placeText } from "../domain/place-text.ts";
import { anonymous, type Identity, type NodeConfigFacts, type Question, type RegistryHost } from "../domain/probe.ts";
import { requestHost } from "../knowledge/registries/dialect-of.ts";
import type { NodeConfig, NodeSource } from "./node-config/read-node-config.ts";

/** Where a question is asked: at the registry itself, and wherever else the node would go with it. */
export interface Route {
  readonly asked: Question;
  /**
   * The question at the registry itself, in the way in which the node reaches it, then the same by way of each mirror of the node's
   * configuration, in its order. None where the node would ask nobody.
   */
  readonly places: readonly Question[];
  readonly nodeConfig?: NodeConfigFacts;
}

/**
 * The places for a question by the node's configuration. A mirror that is not the registry itself is asked without a login:
 * the pod's secrets are for the registry that the image names; a login goes to a mirror only out of the node's own file, which the user
 * named. The registry itself is asked once: as everybody reaches it or, where the node reaches it otherwise (by plain HTTP, with an
 * authority of its own, or unchecked), in that way, and so is all else that is asked of it.
 */
export async function nodeRoute(asked: Question, nodeConfig: NodeConfig | undefined): Promise<Route> {
  if (nodeConfig === undefined || asked.via !== undefined) return { asked, places: [asked] };
  const { sources, ...rest } = await nodeConfig(asked.reference, asked.runtime);
  const home = homeWay(sources, asked);
  const here = home === undefined ? asked : { ...asked, via: home.host };
  if (asked.kind !== "manifest") return { asked, places: [here] };
  const { text } = asked.reference;
  const way = sources.map(({ host, reference }) => placeText(host, { ...reference, text }));
  const facts: NodeConfigFacts = { way, ...rest };
  if (whyNobody(facts) !== undefined) return { asked, places: [], nodeConfig: facts };
  const own = requestHost(asked.reference.registry);
  const elsewhere = sources
    .filter((source) => source !== home && isHost(source.host.host) && !isPlainWay(source.host, own))
    .map(({ host, reference, login }) => ({
      ...asked,
      reference: { ...reference, text },
      via: host,
      as: host.skipVerify === true ? anonymous : host.host === own ? asked.as : identityOf(login),
    }));
  return { asked, places: [here, ...elsewhere], nodeConfig: facts };
}

/** The registry itself in the node's way, where the node does not reach it as everybody does. */
function homeWay(sources: readonly NodeSource[], { reference }: Question): NodeSource | undefined {
  const own = requestHost(reference.registry);
  if (sources.some(({ host }) => isPlainWay(host, own))) return undefined;
  return sources.find(
    ({ host, reference: { repository } }) =>
      host.host === own && isHost(own) && isPlainPath(host) && repository === reference.repository,
  );
}

/** Why the node asks nobody, one phrase; undefined where it asks somebody. */
export function whyNobody({ blockedBy, shortName, nowhere }: NodeConfigFacts): string | undefined {
  if (blockedBy !== undefined) return `the node's configuration blocks ${blockedBy}`;
  if (shortName?.kind === "unresolved") return "the node searches no registry for a name without one";
  if (shortName !== undefined) return `to the node the name may mean ${shortName.candidates.join(", ")}`;
  return nowhere;
}

function identityOf(login: Credential | undefined): Identity {
  return login === undefined ? anonymous : { kind: "login", credential: login };
}

/** Whether it can be asked: what a slip of the pen made of a file's URL is no host, and nobody connects to it. */
function isHost(host: string): boolean {
  return /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)(?::[0-9]{1,5})?$/.test(host);
}

function isPlainWay(way: RegistryHost, own: string): boolean {
  const { scheme, host, ca, client, skipVerify, headers } = way;
  const special = [...(ca ?? []), ...(client ?? []), ...Object.keys(headers ?? {})].length > 0 || skipVerify === true;
  return host === own && scheme === "https" && isPlainPath(way) && !special;
}

function isPlainPath({ path }: RegistryHost): boolean {
  return path === "/v2" || path === "/v2/";
}
