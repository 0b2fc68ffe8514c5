import type { Cluster } from "../collect/cluster.ts";
import { diagnose, type Findings } from "../diagnose.ts";
import { silent } from "../domain/progress.ts";
import type { Query } from "../domain/query.ts";
import type { Report } from "../domain/report.ts";
import { type Format, render } from "../render/index.ts";
import { drawingFor } from "./drawing.ts";
import { exitCode } from "./exit-code.ts";
import { flags } from "./flags.ts";
import { openQuery } from "./open-query.ts";
import { parseOptions, value } from "./options.ts";
import { proberSettings } from "./prober-settings.ts";
import { shownCommand } from "./shown-command.ts";
import { version } from "./version.ts";
import type { World } from "./world.ts";
import { writeReport } from "./write-report.ts";

/** The main job: reads the command line, runs the line, prints the report. Gives the exit code; throws KnownError. */
export async function runDiagnose(argv: readonly string[], world: World, program: string): Promise<number> {
  const options = parseOptions(argv, flags, program);
  const spinner = world.stderr.isTTY === true ? (await import("./spinner.ts")).openSpinner() : undefined;
  const progress = spinner ?? silent;
  try {
    // Read before the cluster is asked: a bad file name should not cost a round trip.
    const settings = options.on.has("no-probe") ? undefined : await proberSettings(options, world);
    const { query, cluster, subject } = await openQuery(options, world, (text) => world.stderr.write(`${text}\n`));
    try {
      const report = async (): Promise<Report> => {
        const findings = await diagnose(query, {
          cluster,
          openProber: async () => {
            if (settings === undefined) throw new Error("asked to probe without settings");
            return (await import("../probe/prober.ts")).openProber(settings);
          },
          progress,
          now: new Date(world.now()).toISOString(),
          signal: world.interrupt,
        });
        return reportOf(findings, { query, cluster, subject, argv, program, world });
      };
      const made = await report();
      spinner?.stop();
      const format = (value(options, "output") ?? "text") as Format;
      await writeReport(await render(format, made, drawingFor(world, options)), options, world);
      return exitCode(made);
    } finally {
      await cluster.close();
    }
  } finally {
    spinner?.stop();
  }
}

function reportOf(
  findings: Findings,
  about: {
    readonly query: Query;
    readonly cluster: Cluster;
    readonly subject: string;
    readonly argv: readonly string[];
    readonly program: string;
    readonly world: World;
  },
): Report {
  const { query, cluster, subject, argv, program, world } = about;
  return {
    schemaVersion: "1",
    target: {
      ...(cluster.context === undefined ? {} : { context: cluster.context }),
      ...(query.namespace === undefined ? {} : { namespace: query.namespace }),
      subject,
      examined: findings.examined,
    },
    diagnoses: findings.diagnoses,
    gaps: findings.gaps,
    at: new Date(world.now()).toISOString(),
    version,
    command: shownCommand(program, argv),
    probed: query.probe,
    ...(world.interrupt.aborted ? { interrupted: true } : {}),
  };
}
