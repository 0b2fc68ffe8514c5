import { credentialLabel } from "../domain/credential.ts";
import { canonicalName } from "../domain/image-reference.ts";
import { placeText } from "../domain/place-text.ts";
import type { Probe, Rung } from "../domain/probe.ts";

/** A probe as a report shows it: who asked what, and each step. Holds no login. */
export interface Ladder {
  readonly asked: string;
  readonly image: string;
  readonly as: string;
  /** The mirror that was asked in the registry's place. */
  readonly via?: string;
  readonly steps: readonly Rung[];
}

/** The ladders of probes, field by field, so that nothing else of a probe (its credential above all) can come along. */
export function laddersOf(probes: readonly Probe[]): Ladder[] {
  return probes.map(({ question, ladder }) => ({
    asked: question.kind,
    image: canonicalName(question.reference),
    as: question.as.kind === "anonymous" ? "anonymous" : credentialLabel(question.as.credential),
    ...(question.via === undefined ? {} : { via: placeText(question.via, question.reference) }),
    steps: ladder.map(({ step, outcome, host, request, status, detail, milliseconds }) => ({
      step,
      outcome,
      ...(host === undefined ? {} : { host }),
      ...(request === undefined ? {} : { request }),
      ...(status === undefined ? {} : { status }),
      ...(detail === undefined ? {} : { detail }),
      ...(milliseconds === undefined ? {} : { milliseconds }),
    })),
  }));
}

/** `GET https://…, 401, 12 ms`: what is known of a step beside its name and outcome. */
export function rungFacts({ host, request, status, detail, milliseconds }: Rung): string {
  return [
    request ?? host,
    status === undefined ? undefined : String(status),
    detail,
    milliseconds === undefined ? undefined : `${Math.round(milliseconds)} ms`,
  ]
    .filter((fact) => fact !== undefined)
    .join(", ");
}
