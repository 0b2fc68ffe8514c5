import { describe, expect, test } from "vitest";
import { explainLine, explainText } from "../../src/interpret/explain-text.ts";

describe("explainLine", () => {
  test("reads a JSON string", () => {
    expect(explainLine(JSON.stringify("pull QPS exceeded"))).toEqual({
      code: "pull-qps-exceeded",
      alternatives: [],
      certainty: "certain",
      facts: {},
      title: "The kubelet held the pull back: its own pull rate limit",
    });
  });

  test("reads an object, and lets the reason count", () => {
    expect(explainLine('{"message":"layer not known","reason":"InspectFailed"}').code).toBe("image-inspect-failed");
    expect(explainLine('{"message":"layer not known"}').code).toBe("local-store-corrupt");
    expect(explainLine('{"message":"layer not known","reason":7}').code).toBe("local-store-corrupt");
  });

  test.each([
    ["", "not JSON"],
    ["{", "not JSON"],
    ["7", "neither a string nor an object with a message"],
    ["null", "neither a string nor an object with a message"],
    ['{"message":7}', "neither a string nor an object with a message"],
    ['{"__proto__":{"message":"x"}}', "neither a string nor an object with a message"],
  ])("answers the bad line %j", (line, unreadable) => {
    expect(explainLine(line)).toMatchObject({ code: "unknown", facts: { unreadable } });
  });

  test("an endless line costs no more than its beginning and its end", () => {
    expect(explainLine(JSON.stringify(`Error: ${": ".repeat(500_000)}`)).code).toBe("unknown");
  });
});

test("explainText gives title and facts", () => {
  const explained = explainText("dial tcp: lookup reg.test on 192.0.2.53:53: no such host");
  expect(explained.code).toBe("dns-nxdomain");
  expect(explained.facts).toEqual({ lookedUp: "reg.test", resolver: "192.0.2.53:53" });
});
