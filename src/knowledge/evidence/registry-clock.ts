import type { CaseFile } from "../../domain/case-file.ts";
import type { Evidence } from "../../domain/diagnosis.ts";
import { aheadInWords } from "../../domain/since-in-words.ts";
import { registryOf } from "./symptoms.ts";

/** The time where a login is judged. */
export interface RegistryClock {
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly evidence: Evidence;
}

/**
 * The registry's clock, where it differs from this machine's by more than a minute: whether a login has ended is for the registry
 * to say, and a wrong clock here makes good logins look expired. Undefined where both agree, or nobody asked.
 */
export function registryClock(file: CaseFile): RegistryClock | undefined {
  const probe = file.probes.findLast(
    ({ question, clockAhead }) =>
      question.via === undefined && question.reference.registry === registryOf(file) && clockAhead !== undefined,
  );
  if (probe?.clockAhead === undefined) return undefined;
  const time = new Date(Date.parse(file.now) - probe.clockAhead).toISOString();
  const host = probe.question.reference.registry;
  const text = `This machine's clock is ${aheadInWords(probe.clockAhead)} that of ${host}; by the registry's it is ${time}`;
  return { time, evidence: { source: "registry", text, at: file.now } };
}
