import type { CaseFile } from "../../domain/case-file.ts";
import { weakest } from "../../domain/certainty.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import type { NetworkFault } from "../../domain/probe.ts";
import type { Symptom } from "../../domain/symptom.ts";
import { grantedOnTheWay, type Unreachable, unreachableProbe } from "./answers.ts";
import { namedCodes } from "./said-by-the-node.ts";
import { answerWords, probeEvidence, shortened, symptomEvidence } from "./sentences.ts";
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
 * - both agree, about the same host: `certain`, save where a private address makes the sight from here worth nothing;
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
    if (seen && bearsOutTheNode(file, here.answer, told))
      return { certainty: "certain", evidence: [...evidence, probeEvidence(here, file.now)] };
    return { certainty: weakest("likely", told.certainty), evidence, alternatives };
  }
  if (!seen || (told !== undefined && told.code !== "unknown") || grantedOnTheWay(file).length > 0) return undefined;
  return {
    certainty: cause.ofTheServer === true && !loopback(file) ? "likely" : "possible",
    title: `Asked from here, ${shortened(here.answer.host, 120)} ${answerWords(here.answer)}`,
    evidence: [probeEvidence(here, file.now)],
    detail:
      file.target.containerKind === "planned"
        ? "This was seen from this machine; a node may see something else."
        : "This was seen from this machine; what the node sees may differ, because its text names no cause.",
  };
}

/** Whether the same fault, seen from here as `answer`, can be held for the one that the node told of: same host, same machine behind it. */
export function bearsOutTheNode(file: CaseFile, answer: Unreachable, told: Symptom): boolean {
  return aboutTheSame(file, answer, told.facts.host) && bearsOut(answer, told.facts.address);
}

function aboutTheSame(file: CaseFile, answer: Unreachable, toldHost: string | undefined): boolean {
  if (loopback(file)) return false;
  return toldHost === undefined || isAddress(toldHost) || sameHost(toldHost, answer.host);
}

/**
 * Whether the sight from here bears out the node's: a private address is mostly out of this machine's reach, whatever ails the node,
 * and where the two were sent to different addresses one of which is private, they met different machines.
 */
function bearsOut({ address, fault }: Unreachable, toldAddress: string | undefined): boolean {
  if (address === undefined) return true;
  const own = isPrivate(address);
  if (own && (fault === "connect-timeout" || fault === "no-route")) return false;
  if (toldAddress === undefined || bare(address) === bare(toldAddress)) return true;
  return !own && !isPrivate(toldAddress);
}

/** `[fd00::1]:443` → `fd00::1`, `10.0.0.1:443` → `10.0.0.1`. */
function bare(address: string): string {
  return /^\[([^\]]*)\]/.exec(address)?.[1] ?? (/^[^:]+:\d+$/.test(address) ? address.replace(/:\d+$/, "") : address);
}

/** RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 link-local. */
function isPrivate(address: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i.test(
    bare(address),
  );
}

/** A text may name the address in the host's place. */
function isAddress(host: string): boolean {
  return /^[\d.]+(:\d+)?$/.test(host) || host.startsWith("[");
}

function loopback(file: CaseFile): boolean {
  const host = registryOf(file);
  return host !== undefined && isLoopback(host);
}
