import { setTimeout as pause } from "node:timers/promises";
import { isUnsettled } from "../collect/failing-containers.ts";
import { followPods } from "../collect/watch-pods.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import { KnownError } from "../domain/known-error.ts";
import type { Report } from "../domain/report.ts";
import { render } from "../render/index.ts";
import { plainText } from "../render/plain-text.ts";
import { drawingFor } from "./drawing.ts";
import { exitCodes } from "./exit-code.ts";
import type { OpenQuery } from "./opened-query.ts";
import { type Options, value } from "./options.ts";
import type { World } from "./world.ts";

/** The kubelet's back-off: 10 s, doubled up to 300 s (kubernetes pkg/kubelet/kubelet.go, backOffPeriod and MaxContainerBackOff). */
const firstBackOff = 10_000;
const longestBackOff = 300_000;

/**
 * `--watch`: the report, made again when a pod changes or when the kubelet's next try is due, and never faster than the kubelet
 * tries. A terminal shows one clean screen; a pipe gets one line for each change. Gives 0 when nothing fails any more.
 */
export async function runWatch(
  report: () => Promise<Report>,
  { query, cluster }: OpenQuery,
  options: Options,
  world: World,
): Promise<number> {
  const format = value(options, "output") ?? "text";
  if (format !== "text" && format !== "wide") {
    throw new KnownError("usage", `--watch draws text, not ${format}`, "Leave out -o, or --watch.");
  }
  if (cluster.watchPods === undefined) {
    throw new KnownError("usage", "there is nothing to watch in saved or planned pods", "Leave out --watch.");
  }
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, world.interrupt]);
  const bell = new Bell();
  const selection = { ...(query.namespace === undefined ? {} : { namespace: query.namespace }), ...labelsOf(query) };
  const following = (async () => {
    for await (const news of followPods(cluster, selection, isUnsettled, signal)) {
      if (news.kind !== "interrupted") bell.ring();
    }
  })().catch(() => {});
  try {
    let wait = firstBackOff;
    let before = "";
    while (!world.interrupt.aborted) {
      const made = await report();
      const now = summary(made);
      if (now !== before || world.stdout.isTTY === true) await show(made, wait, options, world);
      if (made.diagnoses.length === 0 && made.interrupted !== true) return exitCodes.nothingFailing;
      wait = now === before ? Math.min(wait * 2, longestBackOff) : firstBackOff;
      before = now;
      // Changes come in bursts; the registry is asked again at most as often as the kubelet's shortest back-off.
      await pause(firstBackOff, undefined, { signal }).catch(() => {});
      await bell.wait(wait - firstBackOff, signal);
    }
    return exitCodes.interrupted;
  } finally {
    stop.abort();
    await following;
  }
}

function labelsOf(query: OpenQuery["query"]): { readonly labels?: string } {
  const { subject } = query;
  return subject.kind === "selected" && subject.type === "pod" ? { labels: subject.selector } : {};
}

async function show(made: Report, wait: number, options: Options, world: World): Promise<void> {
  const due = new Date(world.now() + wait).toISOString().slice(11, 19);
  if (world.stdout.isTTY === true) {
    const page = await render(value(options, "output") === "wide" ? "wide" : "text", made, drawingFor(world, options));
    const foot =
      made.diagnoses.length === 0 ? "" : `\nWatching; next look at ${due} UTC, or when a pod changes. Ctrl-C ends.\n`;
    // Home, then clear what is below: the scroll-back stays, and there is no flicker.
    world.stdout.write(`\u001b[H\u001b[J${page}${foot}`);
    return;
  }
  const at = made.at.slice(0, 19);
  const lines = made.diagnoses.length === 0 ? ["nothing is failing"] : made.diagnoses.map((each) => line(each));
  world.stdout.write(lines.map((each) => `${at}Z  ${each}\n`).join(""));
}

function line({ code, certainty, image, title, containers }: Diagnosis): string {
  const many = containers.length === 1 ? (containers[0]?.pod ?? "") : `${containers.length} containers`;
  return plainText(`${code}  ${certainty}  ${image}  ${many}  ${title}`, { limit: 400 });
}

/** What a change is: another verdict, or another set of containers. */
function summary(made: Report): string {
  return JSON.stringify(
    made.diagnoses.map(({ code, certainty, image, containers }) => [code, certainty, image, containers]),
  );
}

/** Wakes whoever waits; a ring while nobody does is kept. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const done = new AbortController();
      await Promise.race([
        pause(milliseconds, undefined, { signal: AbortSignal.any([signal, done.signal]) }).catch(() => {}),
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
      ]);
      done.abort();
    }
    this.#wake = undefined;
    this.#rung = false;
  }
}
