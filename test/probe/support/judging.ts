import { conclude } from "../../../src/conclude/conclude.ts";
import type { CaseFile } from "../../../src/domain/case-file.ts";
import type { Diagnosis } from "../../../src/domain/diagnosis.ts";
import type { Identity } from "../../../src/domain/probe.ts";
import { silent } from "../../../src/domain/progress.ts";
import { fileAnswers } from "../../../src/probe/file-answers.ts";
import { planProbes } from "../../../src/probe/plan-probes.ts";
import { openProber, type ProberSettings } from "../../../src/probe/prober.ts";
import { caseFile } from "../../support/case-file.ts";
import { startConnectProxy } from "../../support/registry-proxy.ts";
import { imageAt } from "./asking.ts";
import { type Answers, type OddServer, startOddServer } from "./odd-server.ts";

/** What came of a case: the first diagnosis, and the case with all answers. */
export interface Judged {
  readonly code: string;
  readonly certainty: string;
  readonly diagnosis: Diagnosis | undefined;
  readonly file: CaseFile;
}

/** The case of a pod that pulls `image` with these logins. */
export function caseOf(image: string, logins: readonly Identity[] = [], parts: Partial<CaseFile> = {}): CaseFile {
  const candidates = logins.flatMap((each) => (each.kind === "login" ? [each.credential] : []));
  return caseFile({ reference: { kind: "valid", reference: imageAt(image) }, candidates, ...parts });
}

/** Asks round by round with one prober, as the program does, and concludes on each case by itself. */
export async function judgeAll(settings: ProberSettings, ...opened: readonly CaseFile[]): Promise<readonly Judged[]> {
  const prober = openProber(settings);
  let files: readonly CaseFile[] = opened;
  try {
    for (let round = 0; round < 6; round += 1) {
      const questions = planProbes(files);
      if (questions.length === 0) break;
      files = fileAnswers(files, await prober.ask(questions, silent, new AbortController().signal));
    }
  } finally {
    await prober.close();
  }
  return files.map((file) => {
    const [diagnosis] = conclude([file]).diagnoses;
    return { code: diagnosis?.code ?? "nothing", certainty: diagnosis?.certainty ?? "", diagnosis, file };
  });
}

export async function judge(settings: ProberSettings, file: CaseFile): Promise<Judged> {
  const [judged] = await judgeAll(settings, file);
  if (judged === undefined) throw new Error("nothing was judged");
  return judged;
}

/** A server that is reached under the real names of registries, by way of a proxy. */
export interface PlayedHosts extends AsyncDisposable {
  readonly server: OddServer;
  readonly settings: ProberSettings;
}

/** Plays hosts at their default port (`docker.io` is none that a test may listen at) with one server that answers as a test says. */
export async function playHosts(names: readonly string[], answers: Answers): Promise<PlayedHosts> {
  const server = await startOddServer(names, answers);
  const proxy = await startConnectProxy((target) =>
    names.some((name) => target === `${name}:443`) ? { port: server.port } : { status: 403 },
  );
  const { lookup: _, ...rest } = server.settings;
  return {
    server,
    settings: { ...rest, proxyEnvironment: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } },
    async [Symbol.asyncDispose]() {
      await proxy.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
