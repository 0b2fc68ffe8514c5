import { setTimeout as pause } from "node:timers/promises";
import type { Selection } from "../collect/cluster.ts";
import { isUnsettled } from "../collect/failing-containers.ts";
import { followPods } from "../collect/watch-pods.ts";
import { KnownError } from "../domain/known-error.ts";
import { longestBackOff, syncPeriod } from "../interpret/next-try.ts";
import { Bell } from "./bell.ts";
import { exitCodes } from "./exit-code.ts";
import type { OpenQuery } from "./opened-query.ts";
import type { Options } from "./options.ts";
import { RememberedAnswers } from "./remembered-answers.ts";
import { earliest, type Look, openWatchScreen, summary } from "./watch-screen.ts";
import type { World } from "./world.ts";

/** Changes come in bursts; two looks are at least as far apart as the kubelet's shortest back-off. */
const shortestWait = 10_000;

/**
 * `--watch`: the report, made again when a pod changes or when the kubelet's next try is over, and never faster than the kubelet
 * tries. Gives 0 when nothing fails any more and the pods that were asked for have started.
 */
export async function runWatch(
  look: (answers: RememberedAnswers) => Promise<Look>,
  opened: OpenQuery,
  options: Options,
  world: World,
): Promise<number> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, world.interrupt]);
  const bell = new Bell();
  const screen = openWatchScreen(options, world);
  const answers = new RememberedAnswers();
  const { promise: followed, resolve: begin } = Promise.withResolvers<void>();
  const following = follow(opened, { ring: () => bell.ring(), begin, trouble: screen.trouble }, signal).finally(begin);
  try {
    // What changes after this is heard of, so the first look need not be followed by another to be sure.
    await followed;
    let wait = shortestWait;
    let before: string | undefined;
    while (!world.interrupt.aborted) {
      const made = await look(answers).catch((error: unknown) => passing(error, before !== undefined));
      if (made instanceof KnownError) {
        screen.trouble(`${made.message}; trying again`);
      } else if (made.report.interrupted === true && before !== undefined) {
        break;
      } else {
        answers.endLook(made.tries);
        if (made.report.interrupted === true) {
          await screen.show(made, undefined);
          break;
        }
        if (made.report.diagnoses.length === 0 && made.unsettled === 0) {
          await screen.show(made, undefined);
          return exitCodes.nothingFailing;
        }
        const now = summary(made);
        wait = waitAfter(made, now === before ? wait : undefined, world.now());
        before = now;
        await screen.show(made, world.now() + wait);
      }
      await pause(shortestWait, undefined, { signal }).catch(() => {});
      await bell.wait(wait - shortestWait, signal);
    }
    return exitCodes.interrupted;
  } finally {
    stop.abort();
    await following;
  }
}

/** Once there was a report, a server in trouble does not end the watch; a pod that is gone does. */
function passing(error: unknown, begun: boolean): KnownError {
  if (begun && error instanceof KnownError && error.passing) return error;
  throw error;
}

/** Until the kubelet's next try must have been made; where its time is not known, its back-off from the last change on. */
function waitAfter({ tries }: Look, last: number | undefined, now: number): number {
  const due = earliest(tries);
  const wait = due === undefined ? (last === undefined ? shortestWait : last * 2) : due + syncPeriod - now;
  return Math.min(Math.max(wait, shortestWait), longestBackOff);
}

async function follow(
  { query, cluster }: OpenQuery,
  told: { readonly begin: () => void; readonly ring: () => void; readonly trouble: (why: string) => void },
  signal: AbortSignal,
): Promise<void> {
  const said = new Set<string>();
  let begun = false;
  try {
    for await (const news of followPods(cluster, selectionOf(query), isUnsettled, signal)) {
      if (news.kind === "interrupted") {
        if (!said.has(news.why)) told.trouble(`pods cannot be followed for now: ${news.why}`);
        said.add(news.why);
      } else if (begun) told.ring();
      begun = true;
      told.begin();
    }
  } catch {
    // The next look meets the same, and tells it.
  }
}

/**
 * Which pods are followed: the named one, those of the selector, or those that are Pending, so that healthy pods cost nothing.
 * A Running pod whose container cannot be pulled again is seen by the next look.
 */
function selectionOf({ subject, namespace }: OpenQuery["query"]): Selection {
  const where = namespace === undefined ? {} : { namespace };
  if (subject.kind === "selected" && subject.type === "pod") return { ...where, labels: subject.selector };
  const [only, ...others] = subject.kind === "named" ? subject.resources : [];
  if (only?.type === "pod" && others.length === 0) return { ...where, fields: { "metadata.name": only.name } };
  return { ...where, fields: { "status.phase": "Pending" } };
}
