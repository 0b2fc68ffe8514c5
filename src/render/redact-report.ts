import type { Attempt, Diagnosis } from "../domain/diagnosis.ts";
import type { Probe, Rung } from "../domain/probe.ts";
import type { Report } from "../domain/report.ts";
import { redactUrls } from "./redact-urls.ts";

function redactAttempt(attempt: Attempt): Attempt {
  return attempt.detail === undefined ? attempt : { ...attempt, detail: redactUrls(attempt.detail) };
}

function redactRung(rung: Rung): Rung {
  return {
    ...rung,
    ...(rung.request === undefined ? {} : { request: redactUrls(rung.request) }),
    ...(rung.detail === undefined ? {} : { detail: redactUrls(rung.detail) }),
  };
}

function redactProbe(probe: Probe): Probe {
  return { ...probe, ladder: probe.ladder.map(redactRung) };
}

function redactDiagnosis(diagnosis: Diagnosis): Diagnosis {
  return {
    ...diagnosis,
    title: redactUrls(diagnosis.title),
    explanation: redactUrls(diagnosis.explanation),
    image: redactUrls(diagnosis.image),
    evidence: diagnosis.evidence.map((evidence) => ({ ...evidence, text: redactUrls(evidence.text) })),
    attempts: diagnosis.attempts.map(redactAttempt),
    remedies: diagnosis.remedies.map((remedy) => ({ ...remedy, title: redactUrls(remedy.title) })),
    probes: diagnosis.probes.map(redactProbe),
  };
}

/**
 * The report with the user part and query values of every URL hidden (see `redactUrls`).
 * Commands are left as they are: they are made here, quoted, and hold no secret.
 */
export function redactReport(report: Report): Report {
  return {
    ...report,
    diagnoses: report.diagnoses.map(redactDiagnosis),
    gaps: report.gaps.map((gap) => ({ ...gap, what: redactUrls(gap.what), why: redactUrls(gap.why) })),
  };
}
