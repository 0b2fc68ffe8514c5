import type { CaseFile } from "../../domain/case-file.ts";
import { weakest } from "../../domain/certainty.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import type { NetworkFault } from "../../domain/probe.ts";
import { type Unreachable, unreachableProbe } from "./answers.ts";
import { namedCodes } from "./said-by-the-node.ts";
import { probeEvidence, symptomEvidence } from "./sentences.ts";
import { isLoopback, registryOf, sameHost, saysMirror, toldByTheNode } from "./symptoms.ts";

/** How one cause of the network or TLS families is decided. */
export interface NetworkCause {
  readonly code: string;
  /** What the probe calls it; left out where only the node can tell (a proxy setting of its own). */
  readonly fault?: NetworkFault;
  /** Other codes that the node's text may carry for the same fault. */
  readonly alsoToldAs?: readonly string[];
  /** The fault is the server's own (its certificate, its port), so it shows to everybody alike, save for what stands between. */
  readonly ofTheServer?: boolean;
}

/**
 * A fault on the way to the registry. Seen from here it is about this machine, unless the node says the same:
 * - both agree, about the same host: `certain`;
 * - only the node: `likely`, and the evidence says what is seen from here;
 * - only from here, and the node names no cause: `likely` for what is the server's own, `possible` for the rest;
 * - only from here, and the node names another cause: nothing.
 */
export function networkVerdict(file: CaseFile, cause: NetworkCause): Finding | undefined {
  const told = toldByTheNode(file);
  const here = unreachableProbe(file);
  const seen = here !== undefined && here.answer.fault === cause.fault;
  const says = told !== undefined && (told.code === cause.code || cause.alsoToldAs?.includes(told.code) === true);

  if (says && told.code !== cause.code && !seen) return undefined;
  if (says && !saysMirror(told)) {
    const evidence = [symptomEvidence(told)];
    const alternatives = namedCodes(told.alternatives).filter((code) => code !== cause.code);
    if (seen && aboutTheSame(file, here.answer, told.facts.host))
      return { certainty: "certain", evidence: [...evidence, probeEvidence(here, file.now)] };
    return { certainty: weakest("likely", told.certainty), evidence, alternatives };
  }
  if (!seen || (told !== undefined && told.code !== "unknown")) return undefined;
  return {
    certainty: cause.ofTheServer === true && !loopback(file) ? "likely" : "possible",
    evidence: [probeEvidence(here, file.now)],
    detail: "This was seen from this machine; what the node sees may differ, because its text names no cause.",
  };
}

function aboutTheSame(file: CaseFile, answer: Unreachable, toldHost: string | undefined): boolean {
  if (loopback(file)) return false;
  return toldHost === undefined || isAddress(toldHost) || sameHost(toldHost, answer.host);
}

/** A text may name the address in the host's place. */
function isAddress(host: string): boolean {
  return /^[\d.]+(:\d+)?$/.test(host) || host.startsWith("[");
}

function loopback(file: CaseFile): boolean {
  const host = registryOf(file);
  return host !== undefined && isLoopback(host);
}
