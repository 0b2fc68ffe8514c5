import { describe, expect, test } from "vitest";
import { shownCommand as shown } from "../../src/cli/shown-command.ts";

const shownCommand = (program: string, argv: readonly string[]) => shown(program, argv, "linux-x64");

describe("the command in a report", () => {
  test("can be typed again", () => {
    expect(shownCommand("kubectl imagedoctor", ["web", "-n", "shop", "-l", "app in (a, b)"])).toBe(
      "kubectl imagedoctor web -n shop -l 'app in (a, b)'",
    );
  });

  test("C4: holds no token, however it was given", () => {
    for (const argv of [["--token", "canary-77"], ["--token=canary-77"]]) {
      expect(shownCommand("kubectl imagedoctor", ["web", ...argv, "-v"])).not.toContain("canary");
      expect(shownCommand("kubectl imagedoctor", ["web", ...argv, "-v"])).toMatch(/ web --token … -v$/);
    }
  });

  test("C4: holds no user part of an address", () => {
    expect(shownCommand("kubectl imagedoctor", ["--server", "https://me:canary-77@api.example.com:6443"])).toBe(
      "kubectl imagedoctor --server https://api.example.com:6443",
    );
  });

  test("quotes what a shell would read otherwise", () => {
    expect(shownCommand("x", ["$(id)", "it's"])).toBe("x '$(id)' 'it'\\''s'");
  });

  test.each([
    ["a path", "C:\\KUBE~1\\config", "C:\\KUBE~1\\config"],
    ["a space", "C:\\my files\\config", '"C:\\my files\\config"'],
    ["a list, which PowerShell would take apart", "a,b", '"a,b"'],
    ["a variable of either shell", "$x it's %y%", "'$x it''s %y%'"],
  ])("on Windows, quotes %s for its shells", (_, argument, expected) => {
    expect(shown("x", ["--from", argument], "win32-x64")).toBe(`x --from ${expected}`);
  });
});
