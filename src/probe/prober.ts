import type { Answer, NodeConfigFacts, Probe, Question, Rung } from "../domain/probe.ts";
import type { Progress } from "../domain/progress.ts";
import { requestHost } from "../knowledge/registries/dialect-of.ts";
import { specification } from "../knowledge/registries/specification.ts";
import { isLoopbackName } from "./address-policy.ts";
import { askLogin } from "./ask-login.ts";
import { askManifest, askRepository } from "./ask-manifest.ts";
import { askSignatures } from "./ask-signatures.ts";
import { askTags } from "./ask-tags.ts";
import { ping } from "./first-request.ts";
import { Memory } from "./memory.ts";
import { type MirrorTls, openMirrorTls } from "./mirror-tls.ts";
import { Network } from "./network.ts";
import type { NodeConfig } from "./node-config/read-node-config.ts";
import { nodeRoute, type Route, whyNobody } from "./node-route.ts";
import { goesOnInClear, httpFallbackOf } from "./plain-http.ts";
import type { ProxyEnvironment } from "./proxy-choice.ts";
import { questionKey } from "./question-key.ts";
import { originOf } from "./registry-url.ts";
import { type Lookup, lookupBySystem } from "./resolve-name.ts";
import { registryOrigin, Session, type SessionSettings } from "./session.ts";
import { beside, checkMaterial, materialOf } from "./tls-material.ts";
import { withoutRepeats } from "./without-repeats.ts";

/** What the command line says about asking registries. Nothing is read from the process. */
export interface ProberSettings {
  /** Milliseconds for one question, all its requests and waits. */
  readonly timeout: number;
  /** Milliseconds for all questions of the run, from the first on; left out: as long as they take. */
  readonly total?: number;
  readonly userAgent: string;
  /** PEM texts of authorities to trust beside the runtime's and the system's. */
  readonly ca?: readonly string[];
  /** PEM texts of a client certificate, shown to registries alone. */
  readonly cert?: string;
  readonly key?: string;
  /** host[:port] that speak plain HTTP. */
  readonly plainHttp?: readonly string[];
  /** Hosts trusted as token servers of any registry. */
  readonly trustedRealms?: readonly string[];
  /** `host` or `host:port` → address. */
  readonly resolve?: ReadonlyMap<string, string>;
  /** Where proxy variables are looked up. */
  readonly proxyEnvironment?: ProxyEnvironment;
  /** The node's own list of places, where it was given. */
  readonly nodeConfig?: NodeConfig;
  /** `skip`: a registry named localhost is the node's own, and cannot be asked from here. */
  readonly loopback?: "ask" | "skip";
  readonly lookup?: Lookup;
}

/** Asks registries. One for a run: it remembers what it has learned, and keeps connections. */
export interface Prober {
  /** The answers to the questions, in their order, each asked once; with the node's configuration also those of its mirrors. */
  ask(questions: readonly Question[], progress: Progress, signal: AbortSignal): Promise<readonly Probe[]>;
  /**
   * Connects to registries that will be asked, so that the first question need not wait for it: names, TCP and TLS are most of
   * a question's time. Sends no request. Left out where questions may be answered without a registry.
   */
  approach?(registries: readonly string[]): void;
  close(): Promise<void>;
}

const mostAtOnce = 8;
/** Registries that are connected to before it is known what to ask them. */
const mostAhead = 4;

/**
 * Opens a prober; no request is sent before a question is asked.
 * @throws KnownError where the authorities, the client certificate or its key cannot be used.
 */
export function openProber(settings: ProberSettings): Prober {
  const tls = materialOf(settings);
  checkMaterial(tls);
  const network = new Network({
    lookup: settings.lookup ?? lookupBySystem,
    overrides: settings.resolve ?? new Map(),
    proxyEnvironment: settings.proxyEnvironment ?? {},
    tls,
  });
  const shared: SessionSettings = {
    network,
    memory: new Memory(),
    userAgent: settings.userAgent,
    plainHttp: new Set(settings.plainHttp),
    trustedRealms: new Set(settings.trustedRealms),
  };
  const mirrorTls = openMirrorTls();
  let until: number | undefined;
  return {
    ask: (questions, progress, signal) => {
      until ??= performance.now() + (settings.total ?? Number.POSITIVE_INFINITY);
      return askAll(questions, { settings, shared, mirrorTls, progress, signal, until });
    },
    approach: (registries) => {
      // The node's configuration may lead elsewhere.
      if (settings.nodeConfig !== undefined) return;
      for (const registry of [...new Set(registries)].slice(0, mostAhead)) {
        const origin = registryOrigin(requestHost(registry), shared);
        if (settings.loopback === "skip" && isLoopbackName(origin.hostname)) continue;
        network.home(origin).approach(performance.now() + settings.timeout);
      }
    },
    close: () => network.close(),
  };
}

interface Run {
  readonly settings: ProberSettings;
  readonly shared: SessionSettings;
  readonly mirrorTls: MirrorTls;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** When the run's time is up, as `performance.now`. */
  readonly until: number;
}

const timeUp: Answer = {
  kind: "unasked",
  why: "the time for all registries together was up (--total-timeout)",
  timeUp: true,
};

/** Registries side by side, the questions to one registry one after the other. */
async function askAll(questions: readonly Question[], run: Run): Promise<readonly Probe[]> {
  const routes = await Promise.all(questions.map((question) => nodeRoute(question, run.settings.nodeConfig)));
  const all = routes.flatMap(({ places }) => places);
  const lanes = new Map<string, Question[]>();
  for (const question of new Map(all.map((each) => [questionKey(each), each])).values()) {
    const host = hostOf(question);
    lanes.set(host, [...(lanes.get(host) ?? []), question]);
  }
  const probes = new Map<string, Probe>();
  const total = [...lanes.values()].flat().length;
  const waiting = [...lanes];
  const worker = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) {
      for (const question of lane[1]) {
        run.progress.update(`Asking ${lane[0]} (${probes.size + 1} of ${total})`);
        probes.set(questionKey(question), await askOne(question, run));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, lanes.size) }, worker));
  return routes.flatMap((route) => {
    const { asked, places, nodeConfig } = route;
    if (places.length === 0) return [unaskedByNode(route)];
    return places.flatMap((question, at) => {
      const probe = probes.get(questionKey(question));
      if (probe === undefined) return [];
      if (at > 0) return [{ ...probe, question, asked }];
      // The registry's own answer, in whatever way the node reaches it.
      const note = nodeConfig === undefined ? [] : noteOf(nodeConfig);
      const ladder = [...note, ...probe.ladder];
      return [{ ...probe, question: asked, asked, ladder, ...(nodeConfig && { nodeConfig }) }];
    });
  });
}

/** The node would ask nobody, and so do we. */
function unaskedByNode({ asked, nodeConfig }: Route): Probe {
  const why = (nodeConfig && whyNobody(nodeConfig)) ?? "the node asks nobody";
  const ladder: Rung[] = [{ step: "manifest", outcome: "skipped", detail: why }];
  return { question: asked, asked, answer: { kind: "unasked", why }, ladder, ...(nodeConfig && { nodeConfig }) };
}

/** Where the node does not check a certificate, it is checked all the same, for a login may go there then; a bad one is passed over only after that. */
async function askChecked(question: Question, run: Run, deadline: number): Promise<Omit<Probe, "question">> {
  if (question.via?.skipVerify !== true) return askWithin(question, run, deadline);
  const { skipVerify: _, ...via } = question.via;
  const checked = await askWithin({ ...question, via }, run, deadline);
  const isBad = checked.answer.kind === "unreachable" && checked.answer.certificate !== undefined;
  if (!isBad) return checked;
  const unchecked = await askWithin(question, run, deadline);
  return { ...unchecked, ladder: [...checked.ladder, ...unchecked.ladder] };
}

/** What is odd about the node's configuration, ahead of the steps. */
function noteOf({ ignored, unread }: NodeConfigFacts): readonly Rung[] {
  const detail = ignored ?? (unread === undefined ? undefined : `${unread} cannot be read here`);
  return detail === undefined ? [] : [{ step: "manifest", outcome: "skipped", detail }];
}

function hostOf({ reference, via }: Question): string {
  return via?.host ?? requestHost(reference.registry);
}

async function askOne(question: Question, run: Run): Promise<Probe> {
  const { settings, shared, signal } = run;
  const host = hostOf(question);
  const unasked = (why: string): Probe => ({ question, answer: { kind: "unasked", why }, ladder: [] });
  if (signal.aborted) return unasked("the run was stopped");
  if (performance.now() >= run.until) return { question, answer: timeUp, ladder: [] };
  const { hostname } = originOf("https", host);
  const loopback = isLoopbackName(hostname);
  if (loopback && settings.loopback === "skip")
    return unasked(`${host} is the node itself there, and this machine here`);
  const deadline = performance.now() + settings.timeout;
  const first = await askChecked(question, run, deadline);
  const rule = httpFallbackOf(question, loopback);
  if (rule === undefined) return { question, ...first };
  const status = () => pingStatus(question, run, deadline);
  if (!(await goesOnInClear(rule, host, first.answer, status))) return { question, ...first };
  if (question.via === undefined) shared.memory.plain.add(host);
  const plainly: Question =
    question.via === undefined ? question : { ...question, via: { ...question.via, scheme: "http" } };
  const again = await askWithin(plainly, run, deadline);
  return { question, ...again, ladder: [...first.ladder, ...again.ladder] };
}

async function openSession(
  question: Question,
  { shared, mirrorTls, settings }: Run,
  deadline: number,
): Promise<Session> {
  const { via, reference } = question;
  const tls = via && (await mirrorTls(via));
  const isOwn = via?.host === requestHost(reference.registry);
  return new Session(question, shared, deadline, tls && isOwn ? beside(materialOf(settings), tls) : tls);
}

/** What the place of the question answers to `/v2/`; undefined where nothing comes back. */
async function pingStatus(question: Question, run: Run, deadline: number): Promise<number | undefined> {
  const session = await openSession(question, run, deadline);
  const pinged = await ping(session);
  return pinged.ok ? pinged.value.response.status : undefined;
}

async function askWithin(question: Question, run: Run, deadline: number): Promise<Omit<Probe, "question">> {
  const { signal, until } = run;
  const session = await openSession(question, run, deadline);
  const limit = session.limit(session.pingUrl.host);
  if (limit !== undefined) {
    const when = limit.seconds === undefined ? "" : `, and to come again in ${limit.seconds} seconds`;
    return { answer: { kind: "unasked", why: `${hostOf(question)} said 429 before${when}` }, ladder: [] };
  }
  const over = new AbortController();
  const stopped = new Promise<Answer>((resolve) => {
    const stop = (): void => resolve({ kind: "unasked", why: "the run was stopped" });
    signal.addEventListener("abort", stop, { once: true, signal: over.signal });
    // Only where the question may last beyond it: there are no timers without end.
    if (until < deadline) {
      const timer = setTimeout(() => resolve(timeUp), Math.max(0, until - performance.now()));
      over.signal.addEventListener("abort", () => clearTimeout(timer));
    }
  });
  try {
    const answer = await Promise.race([ask(session), stopped]);
    // Where all was known already, the connection is still the way it came.
    const ladder = session.ladder.length > 0 ? session.ladder : session.home.rungs;
    const { clockAhead, dialect, cleanName } = session;
    const known = dialect !== specification && { dialect: dialect.id };
    return {
      ...withoutRepeats({ answer, ladder }, cleanName),
      ...(clockAhead !== undefined && { clockAhead }),
      ...known,
    };
  } finally {
    over.abort();
  }
}

function ask(session: Session): Promise<Answer> {
  switch (session.question.kind) {
    case "manifest":
      return askManifest(session);
    case "repository":
      return askRepository(session);
    case "login":
      return askLogin(session);
    case "tags":
      return askTags(session);
    case "signatures":
      return askSignatures(session);
  }
}
