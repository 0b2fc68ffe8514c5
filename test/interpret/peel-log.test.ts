import { describe, expect, test } from "vitest";
import { boundText, peelLog } from "../../src/interpret/peel-log.ts";

describe("peelLog", () => {
  test("drops the prefix of combined events", () => {
    expect(peelLog("(combined from similar events): Error: ErrImagePull")).toBe("Error: ErrImagePull");
  });

  test("takes the error out of a structured log line", () => {
    expect(peelLog('"PullImage from image service failed" err="no \\"web\\"" image="reg.test/web:1"')).toBe('no "web"');
    expect(peelLog('level=error msg="PullImage \\"web\\" failed" error="no \\"web\\""')).toBe('no "web"');
  });

  test("takes what is there of an error that was cut", () => {
    expect(peelLog('"failed" err="no \\"web')).toBe('no "web');
  });

  test("unquotes twice where it was quoted twice", () => {
    expect(peelLog(JSON.stringify(JSON.stringify('a "b"')).slice(1, -1))).toBe('"a "b""');
  });

  test("leaves a Windows path alone", () => {
    expect(peelLog("open C:\\new\\tmp: gone")).toBe("open C:\\new\\tmp: gone");
  });

  test("unwraps Docker's JSON", () => {
    expect(peelLog('Error response from daemon: {"message":"no such image"}')).toBe(
      "Error response from daemon: no such image",
    );
  });
});

test("an error of several lines, as klog prints it", () => {
  const line = `E0307 12:09:10.302029   16749 remote_image.go:171] "PullImage from image service failed" err=<
        rpc error: code = Unknown desc = writing blob: layer not known
 > image="reg.test/web"`;
  expect(peelLog(line)).toBe("rpc error: code = Unknown desc = writing blob: layer not known");
});

test("the message of a line that has no error field", () => {
  expect(
    peelLog('time="2026-01-01T00:00:00Z" level=fatal msg="pulling image: Head \\"https://reg.test/v2/\\": EOF"'),
  ).toBe('pulling image: Head "https://reg.test/v2/": EOF');
});

test("boundText keeps the beginning and the end", () => {
  const text = boundText(`a${"x".repeat(1_000_000)}z`);
  expect(text.length).toBeLessThanOrEqual(16_385);
  expect(text.startsWith("a")).toBe(true);
  expect(text.endsWith("z")).toBe(true);
});

describe("a message that was copied with what was around it", () => {
  const message = 'Failed to pull image "reg.test/web:1": it\'s gone';
  test.each([
    ["in back-quotes", `\`${message}\``],
    ["a field of YAML", `message: '${message.replaceAll("'", "''")}'`],
    ["a field of YAML in double quotes", `message: ${JSON.stringify(message)}`],
    ["a field of JSON", `"message": ${JSON.stringify(message)},`],
    ["a quotation", `> ${message}`],
    ["an entry of a list", `- ${message}`],
    ["a terminal's frame", `│ ${message}   │`],
    ["typographic quotes", message.replace('"', "“").replace('"', "”").replace("'", "’")],
    ["a page's source", message.replaceAll('"', "&quot;").replaceAll("'", "&#39;")],
  ])("%s", (_, copied) => {
    expect(peelLog(copied)).toBe(message);
  });

  test("typographic quotes beside plain ones are the author's, and end no field of a log", () => {
    const told = "x509: “reg.test” certificate is not trusted";
    expect(peelLog(`level=error msg="PullImage failed" error="${told}"`)).toBe(told);
  });

  test("quotes that do not belong together stay", () => {
    expect(peelLog('"web" is not "shop"')).toBe('"web" is not "shop"');
    expect(peelLog("'web' is not 'shop'")).toBe("'web' is not 'shop'");
    expect(peelLog('"')).toBe('"');
  });
});
