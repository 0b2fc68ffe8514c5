import { describe, expect, test } from "vitest";
import { RememberedAnswers } from "../../src/cli/remembered-answers.ts";
import { imageKey } from "../../src/domain/image-reference.ts";
import { anonymous, type Probe, type Question } from "../../src/domain/probe.ts";
import { silent } from "../../src/domain/progress.ts";
import { parseReference } from "../../src/interpret/parse-reference.ts";
import type { Prober } from "../../src/probe/prober.ts";

const image = "registry.example.com/shop/web:v1";
const other = "registry.example.com/shop/api:v1";

function question(of: string): Question {
  const parsed = parseReference(of);
  if (parsed.kind !== "valid") throw new Error(`${of} is no reference`);
  return { kind: "manifest", reference: parsed.reference, as: anonymous };
}

/** Counts what reaches the registry. */
function countingProber(late = {}) {
  const asked: string[] = [];
  const prober: Prober = {
    ask: async (questions) => {
      asked.push(...questions.map(({ reference }) => reference.repository));
      return questions.map(
        (each): Probe => ({ question: each, answer: { kind: "unasked", why: "a test", ...late }, ladder: [] }),
      );
    },
    close: async () => {},
  };
  return { asked, prober };
}

const next = (of: string, at: number) => ({ namespace: "shop", pod: "web", image: imageKey(parseReference(of)), at });

describe("answers at earlier looks of a watch", () => {
  test("hold until the kubelet is due to ask for that image, and not a moment longer", async () => {
    const { asked, prober } = countingProber();
    const answers = new RememberedAnswers();
    let now = 0;
    const look = async (tries: Parameters<RememberedAnswers["endLook"]>[0]) => {
      const probes = await answers
        .before(prober, () => now)
        .ask([question(image), question(other)], silent, new AbortController().signal);
      answers.endLook(tries);
      return probes.length;
    };
    const tries = [next(image, 40_000), next(other, 90_000)];
    expect(await look(tries)).toBe(2);
    now = 39_000;
    expect(await look(tries)).toBe(2);
    expect(asked).toEqual(["shop/web", "shop/api"]);
    now = 41_000;
    expect(await look([next(image, 120_000), next(other, 90_000)])).toBe(2);
    expect(asked).toEqual(["shop/web", "shop/api", "shop/web"]);
    now = 91_000;
    await look([]);
    expect(asked).toEqual(["shop/web", "shop/api", "shop/web", "shop/api"]);
  });

  test("hold for the longest back-off where no try is expected", async () => {
    const { asked, prober } = countingProber();
    const answers = new RememberedAnswers();
    let now = 0;
    for (now of [0, 60_000, 299_000, 301_000]) {
      await answers.before(prober, () => now).ask([question(image)], silent, new AbortController().signal);
      answers.endLook([]);
    }
    expect(asked).toHaveLength(2);
  });

  test("are not what the time of a look left unasked", async () => {
    const { asked, prober } = countingProber({ timeUp: true });
    const through = new RememberedAnswers().before(prober, () => 0);
    for (let look = 0; look < 2; look += 1) await through.ask([question(image)], silent, new AbortController().signal);
    expect(asked).toHaveLength(2);
  });

  test("are forgotten when a look does not ask for them, and not kept from a run that was stopped", async () => {
    const { asked, prober } = countingProber();
    const answers = new RememberedAnswers();
    const stopped = AbortSignal.abort();
    const through = answers.before(prober, () => 0);
    await through.ask([question(image)], silent, stopped);
    await through.ask([question(image)], silent, new AbortController().signal);
    expect(asked).toHaveLength(2);
    answers.endLook([]);
    answers.endLook([]);
    await through.ask([question(image)], silent, new AbortController().signal);
    expect(asked).toHaveLength(3);
  });
});
