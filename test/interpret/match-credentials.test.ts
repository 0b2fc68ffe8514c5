import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Credential, PullSecret } from "../../src/domain/credential.ts";
import { Redacted } from "../../src/domain/redacted.ts";
import { lookUp, openKeyring } from "../../src/interpret/keyring.ts";
import { matchOpened, openSecrets } from "../../src/interpret/match-credentials.ts";
import { matchLabel } from "../../src/interpret/match-label.ts";
import { parseReference } from "../../src/interpret/parse-reference.ts";
import { cpuTime } from "../support/cpu-time.ts";

function login(key: string, secret = "regcred", username = key): Credential {
  return {
    source: { kind: "pull-secret", namespace: "shop", secret, key },
    username,
    password: new Redacted("hunter2"),
  };
}

function secret(name: string, keys: readonly string[], state: PullSecret["state"] = "decoded"): PullSecret {
  const credentials = keys.map((key) => login(key, name));
  return { namespace: "shop", name, state, keys, credentials, faults: [] };
}

function match(image: string, ...secrets: readonly PullSecret[]) {
  const parsed = parseReference(image);
  if (parsed.kind === "invalid") throw new Error(`${image} does not parse`);
  return matchOpened(parsed.reference, openSecrets(secrets));
}

function keysFor(image: string, ...secrets: readonly PullSecret[]): string[] {
  return match(image, ...secrets).candidates.map(({ source }) => source.key);
}

/**
 * A second keyring, written from the rules and as slowly as one likes. Only for keys of the grammar that the generator makes:
 * `[scheme]host[:port][path]` in ASCII, no brackets around the host, no percent signs.
 */
interface SlowKey {
  host: string;
  path: string;
}

function slowGlob(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const [head, rest] = [pattern[0], pattern.slice(1)];
  if (head === "*") {
    for (let taken = 0; taken <= text.length; taken += 1) if (slowGlob(rest, text.slice(taken))) return true;
    return false;
  }
  if (text === "") return false;
  return head === text[0] && slowGlob(rest, text.slice(1));
}

function slowKey(key: string): SlowKey | undefined {
  // A question mark starts a query and never gets as far as a pattern.
  let rest = key.split("?")[0] ?? "";
  for (const scheme of ["https://", "http://"]) {
    if (key.startsWith(scheme)) {
      rest = rest.slice(scheme.length);
      break;
    }
  }
  const host = rest.split("/")[0] ?? "";
  let path = rest.slice(host.length);
  const port = host.includes(":") ? host.slice(host.lastIndexOf(":") + 1) : "";
  if (!/^[0-9]*$/.test(port)) return undefined;
  if (path.startsWith("/v1/") || path.startsWith("/v2/")) path = path.slice(3);
  if (path === "/") path = "";
  return { host, path };
}

function slowHost(host: string): [labels: string[], port: string] {
  const colons = host.split(":").length - 1;
  if (colons !== 1) return [host.split("."), ""];
  const [name = "", port = ""] = host.split(":");
  return [name.split("."), port];
}

function slowLookUp(all: readonly Credential[], image: string): string[] {
  const slash = image.indexOf("/");
  const [imageHost, imagePath] = [image.slice(0, slash), image.slice(slash)];
  const [imageLabels, imagePort] = slowHost(imageHost);
  const index = new Map<string, Credential[]>();
  for (const credential of all) {
    const key = slowKey(credential.source.key);
    if (key === undefined) continue;
    const text = key.host + key.path;
    index.set(text, [...(index.get(text) ?? []), credential]);
  }
  const backwards = [...index.keys()].sort((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a)));
  const found: Credential[] = [];
  for (const text of backwards) {
    const host = text.split("/")[0] ?? "";
    const [labels, port] = slowHost(host);
    const fits =
      port === imagePort &&
      labels.length === imageLabels.length &&
      imagePath.startsWith(text.slice(host.length)) &&
      labels.every((label, at) => slowGlob(label, imageLabels[at] ?? ""));
    if (fits) found.push(...(index.get(text) ?? []));
  }
  const isHub = imageHost === "docker.io" || imageHost === "index.docker.io" || !/[.:]/.test(imageHost);
  const chosen = found.length === 0 && isHub ? (index.get("index.docker.io") ?? []) : found;
  return chosen.map(({ username }) => username);
}

describe("the keyring", () => {
  const label = fc.constantFrom("a", "b", "ab", "io", "docker", "index", "*", "a*", "*b", "?", "**", "");
  const host = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join("."));
  const port = fc.constantFrom("", "", "", ":", ":443", ":5000", ":x", ":05000");
  const path = fc.constantFrom(
    "",
    "",
    "/",
    "/v1/",
    "/v2/",
    "/v1",
    "/v2",
    "/v2/a",
    "/a",
    "/a/",
    "/a/b",
    "/ab",
    "//a",
    "/A",
  );
  const scheme = fc.constantFrom("", "", "https://", "http://", "HTTPS://", "oci://");
  const keys = fc.oneof(
    fc.tuple(scheme, host, port, path).map((parts) => parts.join("")),
    fc.constantFrom("https://index.docker.io/v1/", "docker.io", "index.docker.io", "index.docker.io/v1", "docker.io/a"),
  );
  const images = fc.oneof(
    fc
      .tuple(
        fc.constantFrom("a.io", "ab.a.io", "a.b", "docker.io", "index.docker.io", "localhost", "a.io:5000", "b.io:443"),
        fc.constantFrom("/a", "/a/b", "/ab", "/v1/a", "/v2", "/b"),
      )
      .map((parts) => parts.join("")),
  );

  test("finds what a second, slow keyring finds, in the same order", () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 8 }), images, (all, image) => {
        const credentials = all.map((key, at) => login(key, `s${at}`, `${at} ${key}`));
        const found = lookUp(openKeyring(credentials), image).map(({ username }) => username);
        expect(found).toEqual(slowLookUp(credentials, image));
      }),
      { numRuns: 5000 },
    );
  });

  test("never throws and stays linear, whatever the keys are", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), fc.string({ unit: "binary" }), (all, image) => {
        lookUp(openKeyring(all.map((key) => login(key))), image);
      }),
    );
    const started = cpuTime();
    const many = Array.from({ length: 100_000 }, (_, at) => login(`*${at}.example.com/a/${at}`));
    lookUp(
      openKeyring([...many, login(`${"*a".repeat(50_000)}.io`), login("a.".repeat(50_000))]),
      "registry.example.com/a/1",
    );
    expect(cpuTime() - started).toBeLessThan(5_000);
  });
});

describe("matchLabel", () => {
  for (const [pattern, text, wanted] of [
    ["reg[0-9]", "reg1", true],
    ["reg[^0-9]", "reg1", false],
    ["reg[^0-9]", "rega", true],
    ["reg[]]", "reg]", false],
    ["reg[a-]", "rega", false],
    ["reg[", "reg[", false],
    ["reg\\", "reg\\", false],
    ["re\\g", "reg", true],
    ["*-*-*", "eu-central-1", true],
    ["*-*-*", "eu-central", false],
    ["", "", true],
    ["*", "", true],
  ] as const) {
    test(`${JSON.stringify(pattern)} ${wanted ? "takes" : "does not take"} ${JSON.stringify(text)}`, () => {
      expect(matchLabel(pattern, text)).toBe(wanted);
    });
  }
});

describe("the logins for an image", () => {
  test("gives logins in the kubelet's order: longer paths first, then the order of the Secrets", () => {
    const one = secret("one", ["registry.example.com"]);
    const two = secret("two", ["registry.example.com", "registry.example.com/team"]);
    expect(match("registry.example.com/team/app", one, two).candidates.map(({ source }) => source)).toMatchObject([
      { secret: "two", key: "registry.example.com/team" },
      { secret: "one", key: "registry.example.com" },
      { secret: "two", key: "registry.example.com" },
    ]);
  });

  test("one malformed Secret blocks every image, also those that another Secret has a login for", () => {
    const blocked = match("ghcr.io/a/b", secret("good", ["ghcr.io"]), secret("bad", [], "malformed"));
    expect(blocked).toEqual({ candidates: [], blockedBy: "bad", nearMisses: [] });
  });

  test("a missing, forbidden or ignored Secret does not", () => {
    for (const state of ["missing", "forbidden", "ignored", "unreadable"] as const) {
      expect(keysFor("ghcr.io/a/b", secret("other", [], state), secret("good", ["ghcr.io"]))).toEqual(["ghcr.io"]);
    }
  });

  test("Docker Hub falls back to index.docker.io, and docker.io hides it", () => {
    expect(keysFor("nginx", secret("hub", ["https://index.docker.io/v1/"]))).toEqual(["https://index.docker.io/v1/"]);
    expect(keysFor("nginx", secret("hub", ["https://index.docker.io/v1"]))).toEqual([]);
    expect(keysFor("nginx", secret("hub", ["https://index.docker.io/v1/", "docker.io"]))).toEqual(["docker.io"]);
  });
});

/** Image, key, and what is said to differ; `undefined` where the key is meant for something else. */
const misses: readonly (readonly [image: string, key: string, differs: string | undefined])[] = [
  ["registry.example.com/app", "registry.example.com:443", "port"],
  ["registry.example.com:5000/app", "registry.example.com", "port"],
  ["registry.example.com:5000/app", "https://registry.example.com:5001/v2/", "port"],
  ["registry.example.com:5000/app", "quay.io", undefined],
  ["ghcr.io/org/app", "oci://ghcr.io", "scheme"],
  ["ghcr.io/org/app", "HTTPS://ghcr.io", "scheme"],
  ["ghcr.io/org/app", "https://ghcr.io/v2", "path"],
  ["ghcr.io/org/app", "ghcr.io/other", "path"],
  ["ghcr.io/org/app", "ghcr.io/Org", "path"],
  ["ghcr.io/org/app", "GHCR.io", "host-case"],
  ["ghcr.io/org/app", "ghcr.io ", "spelling"],
  ["ghcr.io/org/app", "ghrc.io", "spelling"],
  ["ghcr.io/org/app", "gcr.io", undefined],
  ["ghcr.io/org/app", "quay.io", undefined],
  ["quay.io/org/app", "quay.oi", "spelling"],
  ["registry.example.com/app", "registry.exmaple.com", "spelling"],
  ["registry.example.com/app", "registryexample.com", "spelling"],
  ["registry.example.com/app", "example.com", "sub-domain"],
  ["registry.example.com/app", "eu.registry.example.com", "sub-domain"],
  ["a.b.example.com/app", "*.example.com", "sub-domain"],
  ["example.com/app", "*.example.com", "sub-domain"],
  ["registry.example.com/app", "registry.example.org", undefined],
  ["a.azurecr.io/app", "b.azurecr.io", undefined],
  ["shop.azurecr.io/app", "azurecr.io", undefined],
  ["111111111111.dkr.ecr.eu-west-1.amazonaws.com/app", "111111111111.dkr.ecr.eu-west-2.amazonaws.com", "spelling"],
  ["111111111111.dkr.ecr.eu-west-1.amazonaws.com/app", "111111111112.dkr.ecr.eu-west-1.amazonaws.com", undefined],
  ["nginx", "https://index.docker.io/v1", "docker-hub-name"],
  ["nginx", "registry-1.docker.io", "docker-hub-name"],
  ["nginx", "https://hub.docker.com", "docker-hub-name"],
  ["nginx", "https://index.dokcer.io/v1/", "docker-hub-name"],
  ["org/app", "docker.io/other", "path"],
  ["nginx", "ghcr.io", undefined],
  ["nginx", "quay.io", undefined],
];

describe("near misses", () => {
  for (const [image, key, differs] of misses) {
    test(`${key} for ${image}: ${differs ?? "meant for something else"}`, () => {
      const { candidates, nearMisses } = match(image, secret("regcred", [key]));
      expect(candidates).toEqual([]);
      expect(nearMisses.map((miss) => miss.differs)).toEqual(differs === undefined ? [] : [differs]);
    });
  }

  test("the key that is wanted instead does match", () => {
    for (const [image, key, differs] of misses) {
      if (differs === undefined) continue;
      const [miss] = match(image, secret("regcred", [key])).nearMisses;
      expect(keysFor(image, secret("regcred", [miss?.wanted ?? ""])), `${key} for ${image}`).toEqual([miss?.wanted]);
    }
  });

  test("are not told where a login matches, and are few", () => {
    expect(match("ghcr.io/a", secret("regcred", ["ghcr.io", "ghcr.io:443"])).nearMisses).toEqual([]);
    const many = Array.from({ length: 500 }, (_, at) => `ghcr.io:${at}`);
    expect(match("ghcr.io/a", secret("regcred", many)).nearMisses.length).toBeLessThanOrEqual(10);
  });
});
