import type { Cluster } from "./collect/cluster.ts";
import { collect } from "./collect/collect.ts";
import { conclude } from "./conclude/conclude.ts";
import { unreachedGaps } from "./conclude/unreached.ts";
import type { CaseFile } from "./domain/case-file.ts";
import type { ClusterFacts, DockerConfigFacts } from "./domain/cluster-facts.ts";
import type { HealthyContainer } from "./domain/container-ref.ts";
import type { Diagnosis } from "./domain/diagnosis.ts";
import type { Gap } from "./domain/gap.ts";
import type { Progress } from "./domain/progress.ts";
import type { Query } from "./domain/query.ts";
import type { Target } from "./domain/target.ts";
import { interpret } from "./interpret/interpret.ts";
import { type NextTry, nextTries } from "./interpret/next-try.ts";
import { parseReference } from "./interpret/parse-reference.ts";
import { fileAnswers } from "./probe/file-answers.ts";
import { planProbes } from "./probe/plan-probes.ts";
import type { Prober } from "./probe/prober.ts";

/** Where the world comes in. */
export interface Ports {
  readonly cluster: Cluster;
  /** Opened only where something fails, and at most once. */
  readonly openProber: () => Promise<Prober>;
  readonly progress: Progress;
  /** RFC 3339, UTC. */
  readonly now: string;
  readonly signal: AbortSignal;
  /** A docker config file that the user named, for planned images. */
  readonly dockerConfig?: DockerConfigFacts;
}

export interface Findings {
  readonly diagnoses: readonly Diagnosis[];
  readonly gaps: readonly Gap[];
  readonly examined: number;
  /** What was asked about by name, selector or manifest and is well, up to a bound. */
  readonly healthy?: readonly HealthyContainer[];
  /** Pods that were asked for, do not fail and have not started. */
  readonly unsettled: number;
  /** Pods, lists and workloads that were asked for and could not be read, and planned images that no registry answered for. */
  readonly unread: number;
  /** When the kubelet is expected to pull again, for each target that it tries again. `now` is in milliseconds since 1970. */
  readonly nextTries: (now: number) => readonly NextTry[];
}

/** An image that no pod runs and no registry was asked about: silence must not read as health. */
const registriesUnasked: Gap = { what: "registries", why: "--no-probe was given", remedy: "Leave out --no-probe." };

/** A question costs a round trip, and answers raise questions; six rounds are twice what the deepest chain needs. */
const mostRounds = 6;
const mostHealthy = 1000;

/**
 * The line: collect → interpret → probe → conclude.
 * Throws KnownError where the cluster cannot be read at all; every other refusal is in the findings.
 */
export async function diagnose(query: Query, ports: Ports): Promise<Findings> {
  let opened: Promise<Prober> | undefined;
  const open = (): Promise<Prober> => {
    opened ??= ports.openProber();
    return opened;
  };
  const found = (targets: readonly Target[]): void => {
    const registries = registriesOf(targets);
    if (!query.probe || registries.length === 0) return;
    open()
      .then((prober) => prober.approach?.(registries))
      // A prober that cannot be opened is told of by the first question.
      .catch(() => {});
  };
  try {
    const collected = await collect(query, ports.cluster, ports.progress, ports.signal, found);
    const { dockerConfig } = ports;
    const facts = dockerConfig === undefined ? collected : { ...collected, dockerConfigs: [dockerConfig] };
    const cases = interpret(facts, ports.now);
    return findingsOf(query, facts, query.probe ? await probeInRounds(cases, open, ports) : cases);
  } finally {
    await opened?.then(
      (prober) => prober.close(),
      () => {},
    );
  }
}

/** The registries that images are pulled from; those that a node is to have already are not. */
function registriesOf(targets: readonly Target[]): readonly string[] {
  // Thousands of pods run a handful of images.
  const images = new Set(targets.flatMap(({ image, pullPolicy }) => (pullPolicy === "Never" ? [] : image)));
  return [...images].flatMap((image) => {
    const parsed = parseReference(image);
    return parsed.kind === "valid" ? parsed.reference.registry : [];
  });
}

function findingsOf(query: Query, facts: ClusterFacts, cases: readonly CaseFile[]): Findings {
  const { diagnoses, pullable, unjudged } = conclude(cases);
  const planned = query.subject.kind === "planned";
  const unasked = planned ? (query.probe ? unjudgedGaps(unjudged) : [registriesUnasked]) : [];
  const healthy = planned ? pullable.slice(0, mostHealthy) : facts.healthy;
  return {
    diagnoses,
    gaps: allGaps([...facts.gaps, ...unasked, ...unreachedGaps(cases, diagnoses)], cases),
    examined: facts.examined,
    ...(healthy === undefined ? {} : { healthy }),
    unsettled: facts.unsettled ?? 0,
    unread: (facts.unread ?? 0) + (planned && query.probe ? unjudged.length : 0),
    nextTries: (now) => nextTries(facts.targets, now),
  };
}

/** Images that were to be asked about, and nobody said anything of: silence must not read as health. */
function unjudgedGaps(cases: readonly CaseFile[]): Gap[] {
  return cases.map(({ target, probes }) => {
    const unasked = probes.find(({ answer }) => answer.kind === "unasked");
    const why = unasked?.answer.kind === "unasked" ? unasked.answer.why : "no registry answered for it";
    return { what: `image ${target.image}`, why };
  });
}

async function probeInRounds(
  opened: readonly CaseFile[],
  open: () => Promise<Prober>,
  { progress, signal }: Ports,
): Promise<readonly CaseFile[]> {
  let cases = opened;
  for (let round = 0; round < mostRounds && !signal.aborted; round += 1) {
    const questions = planProbes(cases);
    if (questions.length === 0) break;
    const prober = await open();
    cases = fileAnswers(cases, await prober.ask(questions, progress, signal));
  }
  return cases;
}

/** Each gap once, whoever met it. */
function allGaps(collected: readonly Gap[], cases: readonly CaseFile[]): Gap[] {
  const seen = new Map<string, Gap>();
  for (const gap of [...collected, ...cases.flatMap((file) => file.gaps)]) {
    const key = `${gap.what}\n${gap.why}`;
    if (!seen.has(key)) seen.set(key, gap);
  }
  return [...seen.values()];
}
