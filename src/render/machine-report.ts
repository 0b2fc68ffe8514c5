import type { ContainerRef, Diagnosis } from "../domain/diagnosis.ts";
import type { Report } from "../domain/report.ts";
import { laddersOf } from "./ladder.ts";
import { redactUrls } from "./redact-urls.ts";

/** Longer text is cut in machine formats; people's formats cut earlier. */
const mostCharacters = 4096;

/** Text for programs: URLs without what may be secret, whole code points, bounded. It is escaped by whoever writes it. */
function bounded(text: string): string {
  const whole = redactUrls(text).toWellFormed();
  if (whole.length <= mostCharacters) return whole;
  const cut = whole.slice(0, mostCharacters).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut}… (${whole.length - cut.length} more characters)`;
}

type Plain<T> = { readonly [Key in keyof T]-?: Exclude<T[Key], undefined> };

/** The object without the fields that are undefined; texts are bounded. */
function compact<T extends Readonly<Record<string, unknown>>>(object: T): Partial<Plain<T>> {
  const entries = Object.entries(object).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [[key, typeof value === "string" ? bounded(value) : value]];
  });
  return Object.fromEntries(entries);
}

function containerOf({ namespace, pod, container, node, owner, file, line }: ContainerRef) {
  return compact({ namespace, pod, container, node, owner, file, line });
}

function diagnosisOf(diagnosis: Diagnosis, verbose: boolean) {
  return compact({
    code: diagnosis.code,
    certainty: diagnosis.certainty,
    title: diagnosis.title,
    explanation: diagnosis.explanation,
    retryable: diagnosis.retryable,
    image: diagnosis.image,
    containers: diagnosis.containers.map(containerOf),
    evidence: diagnosis.evidence.map(({ source, text, at }) => compact({ source, text, at })),
    attempts: diagnosis.attempts.map(({ credential, from, step, outcome, status, detail }) =>
      compact({ credential, from, step, outcome, status, detail }),
    ),
    // A command is ours and holds no secret; it must come out as it is, or not at all.
    remedies: diagnosis.remedies.map(({ title, command }) => ({
      ...compact({ title }),
      ...(command === undefined ? {} : { command }),
    })),
    alternatives: diagnosis.alternatives.map(bounded),
    ladders: verbose
      ? laddersOf(diagnosis.probes).map(({ steps, ...asked }) => ({
          ...compact(asked),
          steps: steps.map((rung) => compact({ ...rung })),
        }))
      : undefined,
  });
}

/**
 * The report as programs read it: the shape that `report.schema.json` describes, field by field, so that nothing comes along
 * by accident. A contract: fields may be added, none renamed or removed while `schemaVersion` is "1".
 */
export function machineReport(report: Report, verbose: boolean) {
  const { context, namespace, kind, subject, examined } = report.target;
  return compact({
    schemaVersion: report.schemaVersion,
    target: compact({ context, namespace, kind, subject, examined }),
    diagnoses: report.diagnoses.map((diagnosis) => diagnosisOf(diagnosis, verbose)),
    gaps: report.gaps.map(({ what, why, remedy }) => compact({ what, why, remedy })),
    healthy: report.healthy?.map(({ image, container }) => compact({ image, container: containerOf(container) })),
    unread: report.unread,
    at: report.at,
    version: report.version,
    command: report.command,
    probed: report.probed,
    interrupted: report.interrupted === true ? true : undefined,
  });
}
