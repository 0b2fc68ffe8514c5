import type { Findings } from "../diagnose.ts";
import type { Report } from "../domain/report.ts";
import type { OpenQuery } from "./opened-query.ts";
import { shownCommand } from "./shown-command.ts";
import { version } from "./version.ts";
import type { World } from "./world.ts";

/** The findings of a run with what stands at the head of a report. */
export function reportOf(
  findings: Findings,
  { query, cluster, subject }: OpenQuery,
  run: { readonly argv: readonly string[]; readonly program: string; readonly world: World },
): Report {
  return {
    schemaVersion: "1",
    target: {
      ...(cluster.context === undefined ? {} : { context: cluster.context }),
      ...(query.namespace === undefined ? {} : { namespace: query.namespace }),
      kind: query.subject.kind,
      subject,
      examined: findings.examined,
    },
    diagnoses: findings.diagnoses,
    gaps: findings.gaps,
    ...(findings.unsettled === 0 ? {} : { unsettled: findings.unsettled }),
    ...(findings.unread === 0 ? {} : { unread: findings.unread }),
    ...(findings.healthy === undefined || findings.healthy.length === 0 ? {} : { healthy: findings.healthy }),
    at: new Date(run.world.now()).toISOString(),
    version,
    command: shownCommand(run.program, run.argv, run.world.platform),
    probed: query.probe,
    ...(run.world.interrupt.aborted ? { interrupted: true } : {}),
  };
}
