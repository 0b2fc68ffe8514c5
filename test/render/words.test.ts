import { expect, test } from "vitest";
import { meaningOf } from "../../src/render/words.ts";

test("only where a verdict rests on the node's message does that message say so", () => {
  const message = { source: "event", text: "Failed: not found" };
  const probe = { source: "registry", text: "the registry gives the manifest" };
  expect(meaningOf({ certainty: "likely", evidence: [message, probe] })).toBe("the node's message says so");
  expect(meaningOf({ certainty: "likely", evidence: [probe, message] })).toBe("what was seen points to it");
  expect(meaningOf({ certainty: "likely", evidence: [] })).toBe("what was seen points to it");
  expect(meaningOf({ certainty: "certain", evidence: [message] })).toBe("seen at its source");
});
