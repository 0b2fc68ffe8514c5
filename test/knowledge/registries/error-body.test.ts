import { describe, expect, test } from "vitest";
import { readErrorBody } from "../../../src/knowledge/registries/error-body.ts";
import { cpuTime } from "../../support/cpu-time.ts";

describe("error bodies", () => {
  test.each([
    [
      "the specification's",
      '{"errors":[{"code":"DENIED","message":"requested access is denied","detail":null}]}',
      { shape: "errors", code: "DENIED", message: "requested access is denied" },
    ],
    [
      "Xray's",
      '{"errors":[{"status":403,"message":"download blocking policy"}]}',
      { shape: "errors", message: "download blocking policy" },
    ],
    [
      "Docker Hub's token server's",
      '{"details":"incorrect username or password"}',
      { shape: "json", message: "incorrect username or password" },
    ],
    [
      "OAuth's",
      '{"error":"unauthorized_client","error_description":"AADSTS7000215: Invalid client secret"}',
      { shape: "json", code: "unauthorized_client", message: "AADSTS7000215: Invalid client secret" },
    ],
    ["Quay's", '{"error":"Invalid bearer token format"}', { shape: "json", message: "Invalid bearer token format" }],
    [
      "Google's",
      '{"error":{"code":401,"message":"Request had invalid credentials","status":"UNAUTHENTICATED"}}',
      { shape: "json", message: "Request had invalid credentials" },
    ],
    ["plain text", "Not Authorized\n", { shape: "text", message: "Not Authorized" }],
    ["nothing", "", { shape: "empty" }],
    ["an empty list", '{"errors":[]}', { shape: "json" }],
    ["a list", "[1]", { shape: "json" }],
    ["broken JSON", '{"errors":[{"code":', { shape: "text" }],
    ["odd fields", '{"errors":[null,5,{"code":7,"message":["x"]}]}', { shape: "errors" }],
  ])("%s", (_, body, words) => {
    expect(readErrorBody(body, "application/json")).toMatchObject(words);
  });

  test("a page gives its text, without tags and scripts", () => {
    const page =
      "<!DOCTYPE html><html><head><title>403</title><script>var a = '<p>no</p>'</script></head><body><h1>Forbidden</h1><p>by\n policy</p></body>";
    expect(readErrorBody(page, "text/html")).toEqual({ shape: "html", message: "403 Forbidden by policy" });
    expect(readErrorBody("Access denied", "text/html; charset=utf-8")).toMatchObject({ shape: "html" });
  });

  test("hostile bodies are cut, in linear time", () => {
    const started = cpuTime();
    for (const body of [
      "<".repeat(1_000_000),
      "<script>".repeat(100_000),
      `{"errors":[{"message":"${"a ".repeat(500_000)}"}]}`,
      "[".repeat(1_000_000),
      " ".repeat(1_000_000),
    ]) {
      const { message = "" } = readErrorBody(body, undefined);
      expect(message.length).toBeLessThanOrEqual(1_000);
    }
    expect(cpuTime() - started).toBeLessThan(2_000);
    expect(readErrorBody('{"__proto__":{"errors":[{"code":"X"}]}}', undefined)).toEqual({ shape: "json" });
  });
});
