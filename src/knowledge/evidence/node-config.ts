import type { CaseFile } from "../../domain/case-file.ts";
import type { Certainty } from "../../domain/certainty.ts";
import type { Evidence, Finding } from "../../domain/diagnosis.ts";
import { placeText } from "../../domain/place-text.ts";
import type { NodeConfigFacts, Probe } from "../../domain/probe.ts";
import { requestHost } from "../registries/dialect-of.ts";
import { probeEvidence, symptomEvidence } from "./sentences.ts";
import { registryOf, sameHost, toldByTheNode } from "./symptoms.ts";

/** What the node's configuration says of the case's image, where it was given to us. */
export function nodeConfigOf(file: CaseFile): NodeConfigFacts | undefined {
  return file.probes.find(({ nodeConfig }) => nodeConfig !== undefined)?.nodeConfig;
}

/** One fact of the node's configuration as evidence. */
export function configEvidence(text: string): Evidence {
  return { source: "node configuration", text };
}

/**
 * A verdict that the node's configuration by itself makes: the runtime asks nobody. `certain` where the node says the same, and for an
 * image that nobody has tried to pull yet; the files may be another node's, or older than the failure, so it is `likely` where the node
 * names no cause, and `possible` where it names another.
 */
export function byNodeConfig(file: CaseFile, code: string, title: string, evidence: Evidence): Finding {
  const told = toldByTheNode(file);
  return {
    certainty: besideTheConfig(file, code),
    title,
    evidence: [evidence, ...(told === undefined ? [] : [symptomEvidence(told)])],
  };
}

function besideTheConfig(file: CaseFile, code: string): Certainty {
  const told = toldByTheNode(file);
  if (told === undefined)
    return file.target.containerKind === "planned" && file.target.failures.length === 0 ? "certain" : "likely";
  if (told.code === code) return "certain";
  return told.alternatives.includes(code) ? "likely" : "possible";
}

/** The places that the node asks for the image, with their answers, in its order; empty where its configuration is not known. */
export interface NodesWay {
  readonly stations: readonly Station[];
  /** The registry that the image names is not among them. */
  readonly mirrorsAlone: boolean;
  /** The failure that the node reports; undefined where a place gives the image, or nobody has answered. */
  readonly reported?: Station;
}

export interface Station {
  /** As `placeText` names it. */
  readonly place: string;
  readonly probe: Probe;
  readonly isMirror: boolean;
}

export function nodesWay(file: CaseFile): NodesWay {
  const config = nodeConfigOf(file);
  const registry = registryOf(file);
  if (config === undefined || registry === undefined) return { stations: [], mirrorsAlone: false };
  const own = requestHost(registry);
  const asked = file.probes.filter(({ question }) => question.kind === "manifest");
  const stations = config.way.flatMap((place) => {
    const isMirror = !sameHost(place, own);
    const there = asked.filter(
      ({ question: { via, reference } }) => via !== undefined && placeText(via, reference) === place,
    );
    const here = there.length > 0 || isMirror ? there : asked.filter(({ question: { via } }) => via === undefined);
    // The kubelet goes from login to login, and one that is given the image is enough.
    const probe = here.find(({ answer }) => answer.kind === "granted") ?? here[0];
    return probe === undefined ? [] : [{ place, probe, isMirror }];
  });
  const mirrorsAlone = config.way.length > 0 && config.way.every((place) => !sameHost(place, own));
  const weighed = reportedFailure(stations);
  const reported = weighed !== undefined && config.reportsLast === true ? stations.at(-1) : weighed;
  return { stations, mirrorsAlone, ...(reported !== undefined && { reported }) };
}

/**
 * Of several failures the one that containerd reports: the highest class, and the first of it. A transport or login error is below
 * "not found", that is below any other status, and a manifest that is too large is above all (containerd/containerd:core/remotes/docker/resolver.go Resolve, errorCode).
 * Undefined where a place gives the manifest, or none has answered.
 */
function reportedFailure<T extends { readonly probe: Pick<Probe, "answer"> }>(stations: readonly T[]): T | undefined {
  if (stations.some(({ probe }) => probe.answer.kind === "granted" && classOf(probe) === 0)) return undefined;
  let reported: T | undefined;
  for (const station of stations) {
    if (classOf(station.probe) > (reported === undefined ? 0 : classOf(reported.probe))) reported = station;
  }
  return reported;
}

function classOf({ answer }: Pick<Probe, "answer">): number {
  if (answer.kind === "granted") return answer.manifest?.problem === "too-large" ? 4 : 0;
  if (answer.kind === "unreachable") return 1;
  if (answer.kind !== "refused") return 0;
  const { status } = answer.words;
  // A 401 is an error of the authorizer by the time that it is weighed; so is all that a token server says.
  if (answer.step === "token" || answer.step === "login" || status === 401) return 1;
  return status === 404 ? 2 : 3;
}

/** All stations as evidence, in the node's order. */
export function wayEvidence(file: CaseFile): readonly Evidence[] {
  return nodesWay(file).stations.map(({ probe }) => probeEvidence(probe, file.now));
}
