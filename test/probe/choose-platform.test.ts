import { describe, expect, test } from "vitest";
import type { Platform } from "../../src/domain/probe.ts";
import {
  type Choosable,
  type Chooser,
  choosePlatform,
  chooserOf,
  crioVariants,
} from "../../src/probe/choose-platform.ts";
import { exactly, rankPlatform, withFallbacks } from "../../src/probe/match-platform.ts";
import { normalisePlatform } from "../../src/probe/normalise-platform.ts";
import { windowsVersionsFit } from "../../src/probe/windows-build.ts";
import vectors from "../vectors/platforms.json" with { type: "json" };

interface Written {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
  readonly "os.version"?: string;
  readonly "os.features"?: readonly string[];
}

function platform(written: Written): Platform {
  const { variant, "os.version": osVersion, "os.features": osFeatures } = written;
  return {
    os: written.os ?? "",
    architecture: written.architecture ?? "",
    ...(variant === undefined ? {} : { variant }),
    ...(osVersion === undefined ? {} : { osVersion }),
    ...(osFeatures === undefined ? {} : { osFeatures }),
  };
}

/** `linux(7.1+other)/amd64` as the comparers' vectors write it. */
function parse(text: string): Platform {
  const read = /^([a-z]+)(?:\(([^+)]*)((?:\+[^+)]+)*)\))?\/([a-z0-9]+)(?:\/(.+))?$/.exec(text);
  if (read === null) throw new Error(`unreadable platform ${text}`);
  const [, os = "", version = "", features = "", architecture = "", variant] = read;
  return platform({
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(version === "" ? {} : { "os.version": version }),
    ...(features === "" ? {} : { "os.features": features.slice(1).split("+") }),
  });
}

// The cases are of many kinds; each kind's test reads the fields that its kind has.
type Case = { readonly id: string; readonly kind: string; readonly name: string } & Record<string, unknown>;
const all: readonly Case[] = vectors.cases;

function cases<T>(kind: string): readonly (Case & T)[] {
  const found = all.filter((each): each is Case & T => each.kind === kind);
  if (found.length === 0) throw new Error(`no vectors of kind ${kind}`);
  return found;
}

const choosers: Readonly<Record<string, Chooser>> = {
  containerd_local: "containerd-local",
  containerd_transfer: "containerd-transfer",
  containerd_windows_default: "containerd-local",
  crio_oci_index: "cri-o",
  docker: "docker",
};

interface Expected {
  readonly chosen: number | null;
  readonly error?: string;
}

function chosen(entries: readonly Choosable[], node: Platform, chooser: Chooser, list = false): number | null {
  const choice = choosePlatform(entries, node, chooser, list);
  return choice.kind === "none" ? null : choice.at;
}

describe("the entry a node takes from an index", () => {
  for (const { id, name, node, entries, expect: expected } of cases<{
    readonly node: Written;
    readonly entries: readonly (Written | null)[];
    readonly expect: Readonly<Record<string, Expected>>;
  }>("choose")) {
    test(`${id} ${name}`, () => {
      const choosable = entries.map((entry) => (entry === null ? {} : { platform: platform(entry) }));
      for (const [key, { chosen: wanted, error }] of Object.entries(expected)) {
        // A Docker node's processor level is not known from outside: the plain one is assumed.
        if (key === "docker_on_amd64_v3_cpu") continue;
        const chooser = choosers[key];
        if (chooser === undefined) throw new Error(`unknown chooser ${key}`);
        expect(chosen(choosable, platform(node), chooser), key).toBe(error === undefined ? wanted : null);
      }
    });
  }

  test("an entry without platform is taken, and said to be unchecked", () => {
    expect(choosePlatform([{}], { os: "linux", architecture: "amd64" }, "containerd-local")).toEqual({
      kind: "unchecked",
      at: 0,
    });
  });

  test("the transfer service finds nothing for 386 on amd64, where an older containerd takes it", () => {
    const entries = [{ platform: { os: "linux", architecture: "386" } }];
    const node = { os: "linux", architecture: "amd64" };
    expect(choosePlatform(entries, node, "containerd-transfer")).toEqual({ kind: "none", almost: 0 });
    expect(choosePlatform(entries, node, "containerd-local")).toEqual({ kind: "chosen", at: 0 });
  });
});

describe("CRI-O", () => {
  for (const { id, name, node, entries, ...rest } of cases<{
    readonly node: Written;
    readonly entries: readonly (Written | null)[];
    readonly list_kind: string;
    readonly zstd_entries: readonly number[];
    readonly prefer_gzip: boolean;
    readonly expect: Expected;
  }>("crio_choose")) {
    // Only a push prefers gzip; a pull never does.
    if (rest.prefer_gzip) continue;
    test(`${id} ${name}`, () => {
      const choosable = entries.map((entry, at) => ({
        ...(entry === null ? {} : { platform: platform(entry) }),
        zstd: rest.zstd_entries.includes(at),
      }));
      const list = rest.list_kind === "docker manifest list";
      expect(chosen(choosable, platform(node), "cri-o", list)).toBe(rest.expect.chosen);
    });
  }

  for (const { id, name, node, expect: expected } of cases<{
    readonly node: Written;
    readonly expect: readonly Written[];
  }>("crio_wanted_platforms")) {
    test(`${id} ${name}`, () => {
      expect(crioVariants(platform(node))).toEqual(expected.map(({ variant }) => variant));
    });
  }
});

describe("whether a platform fits", () => {
  interface Pair {
    readonly node: Written;
    readonly entry: Written;
    readonly expect: boolean;
  }
  for (const { id, name, node, entry, expect: expected } of cases<Pair>("only_match")) {
    test(`${id} ${name}`, () => {
      expect(rankPlatform(withFallbacks(platform(node)), platform(entry)) >= 0).toBe(expected);
    });
  }
  for (const { id, name, node, entry, expect: expected } of [
    ...cases<Pair>("only_strict_match"),
    ...cases<Pair>("match"),
  ]) {
    test(`${id} ${name}`, () => {
      expect(rankPlatform(exactly(platform(node)), platform(entry)) >= 0).toBe(expected);
    });
  }
  for (const { id, node, entry, containerd_only } of cases<Pair & { readonly containerd_only: boolean }>(
    "regclient_compare",
  )) {
    test(`${id}, as containerd answers`, () => {
      expect(rankPlatform(withFallbacks(platform(node)), platform(entry)) >= 0).toBe(containerd_only);
    });
  }
  for (const { id, input, matches } of cases<{ readonly input: string; readonly matches?: readonly Written[] }>(
    "parse",
  )) {
    if (matches === undefined || matches.length === 0) continue;
    test(`${id} ${input}`, () => {
      for (const other of matches)
        expect(rankPlatform(exactly(parse(input)), platform(other))).toBeGreaterThanOrEqual(0);
    });
  }
});

describe("names", () => {
  for (const { id, architecture, variant, expect: expected } of cases<{
    readonly architecture: string;
    readonly variant: string;
    readonly expect: { readonly architecture: string; readonly variant: string };
  }>("normalize_arch")) {
    test(`${id} ${architecture}/${variant}`, () => {
      const { architecture: plain, variant: level = "" } = normalisePlatform({ os: "linux", architecture, variant });
      expect({ architecture: plain, variant: level }).toEqual(expected);
    });
  }
  for (const { id, name, node, expect: expected } of cases<{
    readonly node: Written;
    readonly expect: readonly string[];
  }>("platform_vector")) {
    test(`${id} ${name}`, () => {
      const written = withFallbacks(platform(node)).map(({ os, architecture, variant }) =>
        [os, architecture, variant].filter((part) => part !== undefined).join("/"),
      );
      // The vectors write the default levels out.
      expect(written.map((text) => (text === "linux/arm64" ? "linux/arm64/v8" : text))).toEqual(expected);
    });
  }
});

describe("Windows builds", () => {
  for (const { id, name, host, image, expect: expected } of cases<{
    readonly host: string;
    readonly image: string;
    readonly expect: boolean;
  }>("windows_compat")) {
    test(`${id} ${name}`, () => {
      expect(windowsVersionsFit(host, image)).toBe(expected);
    });
  }
});

describe("order", () => {
  for (const { id, name, comparer, node_string, entries, expect: expected } of cases<{
    readonly comparer: string;
    readonly node_string?: string;
    readonly entries: readonly string[];
    readonly expect: readonly string[];
  }>("sort")) {
    if (node_string === undefined || (comparer !== "Only" && comparer !== "OnlyStrict")) continue;
    test(`${id} ${name}`, () => {
      const wanted = comparer === "Only" ? withFallbacks(parse(node_string)) : exactly(parse(node_string));
      // What does not fit is never taken; containerd sorts it behind what does, and before other architectures where only features differ.
      const rank = (text: string): number => {
        const { osFeatures: _, ...plain } = parse(text);
        const at = rankPlatform(wanted, parse(text));
        return at >= 0 ? at : rankPlatform(wanted, plain) >= 0 ? wanted.length : wanted.length + 1;
      };
      expect(entries.toSorted((a, b) => rank(a) - rank(b))).toEqual(expected);
    });
  }
});

describe("which rules a node follows", () => {
  test("containerd uses its transfer service from 2.1 on", () => {
    expect(chooserOf({ name: "containerd", version: "1.7.27" })).toBe("containerd-local");
    expect(chooserOf({ name: "containerd", version: "2.0.5" })).toBe("containerd-local");
    expect(chooserOf({ name: "containerd", version: "2.1.0-rc.1" })).toBe("containerd-transfer");
    expect(chooserOf({ name: "containerd", version: "" })).toBe("containerd-local");
    expect(chooserOf({ name: "cri-o", version: "1.33.1" })).toBe("cri-o");
    expect(chooserOf({ name: "docker", version: "28.1.0" })).toBe("docker");
  });
});
