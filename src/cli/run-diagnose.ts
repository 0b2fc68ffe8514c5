import type { Cluster } from "../collect/cluster.ts";
import { diagnose, type Ports } from "../diagnose.ts";
import { silent } from "../domain/progress.ts";
import { type Format, render } from "../render/index.ts";
import { readDockerConfig } from "./docker-config.ts";
import { drawingFor } from "./drawing.ts";
import { exitCode } from "./exit-code.ts";
import { flags } from "./flags.ts";
import { openQuery } from "./open-query.ts";
import { parseOptions, value } from "./options.ts";
import { orStopped } from "./or-stopped.ts";
import { proberSettings } from "./prober-settings.ts";
import type { RememberedAnswers } from "./remembered-answers.ts";
import { reportOf } from "./report-of.ts";
import type { Look } from "./watch-screen.ts";
import type { World } from "./world.ts";
import { checkOutputFile, writeReport } from "./write-report.ts";

/** The main job: reads the command line, runs the line, prints the report. Gives the exit code; throws KnownError. */
export async function runDiagnose(argv: readonly string[], world: World, program: string): Promise<number> {
  const options = parseOptions(argv, flags, program);
  const watching = options.on.has("watch");
  // To take connections down one by one takes longer than to end the process.
  const leavesOpen = world.endsAfter === true && !watching;
  const spinner = world.stderr.isTTY === true && !watching ? (await import("./spinner.ts")).openSpinner() : undefined;
  try {
    // Read before the cluster is asked: a bad file name should not cost a round trip.
    const { interrupt } = world;
    await checkOutputFile(options);
    const settings = options.on.has("no-probe")
      ? undefined
      : await orStopped(interrupt, proberSettings(options, world));
    const dockerConfig = await orStopped(interrupt, readDockerConfig(options, world));
    const opened = await orStopped(
      interrupt,
      openQuery(options, world, (text) => world.stderr.write(`${text}\n`)),
    );
    const { query, cluster } = opened;
    const ports = (answers?: RememberedAnswers): Ports => ({
      cluster,
      openProber: async () => {
        if (settings === undefined) throw new Error("asked to probe without settings");
        const { openProber } = await import("../probe/prober.ts");
        const opened = openProber({ ...settings, loopback: loopbackFor(cluster) });
        const prober = leavesOpen ? { ...opened, close: async () => {} } : opened;
        return answers === undefined ? prober : answers.before(prober, world.now);
      },
      progress: spinner ?? silent,
      now: new Date(world.now()).toISOString(),
      signal: world.interrupt,
      ...(dockerConfig === undefined ? {} : { dockerConfig }),
    });
    // Loaded while the API server is waited for; what is there already is not loaded again.
    if (settings !== undefined) setImmediate(() => void import("../probe/prober.ts").catch(() => {}));
    const look = async (answers?: RememberedAnswers): Promise<Look> => {
      const findings = await diagnose(query, ports(answers));
      const report = reportOf(findings, opened, { argv, program, world });
      return {
        report,
        tries: watching ? findings.nextTries(world.now()) : [],
        unsettled: findings.unsettled + findings.unread,
      };
    };
    try {
      if (watching) return await (await import("./run-watch.ts")).runWatch(look, opened, options, world);
      const { report: made } = await look();
      spinner?.stop();
      const format = (value(options, "output") ?? "text") as Format;
      await writeReport(await render(format, made, drawingFor(world, options)), options, world);
      return exitCode(made);
    } finally {
      if (!leavesOpen) await cluster.close();
    }
  } finally {
    spinner?.stop();
  }
}

/**
 * An image on `localhost` lies on the node. Where the API server is on this machine too, that may be the same machine;
 * elsewhere an answer from here would be about another registry.
 */
function loopbackFor({ server }: Cluster): "ask" | "skip" {
  if (server === undefined) return "ask";
  const { hostname } = new URL(server);
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname) ? "ask" : "skip";
}
