import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Step } from "../../../src/domain/probe.ts";
import { readErrorBody } from "../../../src/knowledge/registries/error-body.ts";
import { registries } from "../../../src/knowledge/registries/index.ts";
import { meaningOf } from "../../../src/knowledge/registries/meaning-of.ts";

/** An answer as it was seen or documented; `source` says where, `confidence` how well. */
interface Recorded {
  readonly case: string;
  readonly step: Step;
  readonly method: "HEAD" | "GET" | "POST";
  readonly status: number;
  readonly withLogin: boolean;
  readonly scheme?: "basic" | "bearer";
  readonly challengeError?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly source: readonly string[];
  readonly confidence: string;
  readonly means: string;
  /** Why one answer tells less than the whole story did. */
  readonly why?: string;
}

const folder = "test/recordings/registries";
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

test("every dialect but the specification has recordings, and no other", () => {
  const known = registries.filter(({ id }) => id !== "specification").map(({ id }) => `${id}.json`);
  expect(files.toSorted()).toEqual(known.toSorted());
});

for (const file of files) {
  const { registry, answers }: { registry: string; answers: readonly Recorded[] } = JSON.parse(
    readFileSync(`${folder}/${file}`, "utf8"),
  );
  const dialect = registries.find(({ id }) => id === registry);
  describe(registry, () => {
    for (const [at, answer] of answers.entries()) {
      test(`${at} ${answer.case}: ${answer.step} ${answer.status} means ${answer.means}`, () => {
        if (dialect === undefined) throw new Error(`no dialect ${registry}`);
        const { shape, code, message } = readErrorBody(answer.body ?? "", answer.contentType);
        const headers = new Map(Object.entries(answer.headers ?? {}));
        if (answer.contentType !== undefined) headers.set("content-type", answer.contentType);
        const meaning = meaningOf(dialect, {
          step: answer.step,
          method: answer.method,
          status: answer.status,
          withLogin: answer.withLogin,
          headers,
          body: shape,
          ...(answer.scheme === undefined ? {} : { scheme: answer.scheme }),
          ...(answer.challengeError === undefined ? {} : { challengeError: answer.challengeError }),
          ...(code === undefined ? {} : { code }),
          ...(message === undefined ? {} : { message }),
        });
        expect(meaning).toBe(answer.means);
        expect(answer.source.length).toBeGreaterThan(0);
      });
    }
  });
}
