import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalName, lookupName, type ReferenceProblem } from "../../src/domain/image-reference.ts";
import { splitContainerdName } from "../../src/interpret/containerd-name.ts";
import { normaliseReference, partsText } from "../../src/interpret/normalise-reference.ts";
import { parseReference } from "../../src/interpret/parse-reference.ts";
import { type Grammar, type Parts, parseParts, type ReferenceParts } from "../../src/interpret/reference-grammar.ts";
import { isShortName } from "../../src/interpret/short-names.ts";
import { resolveShortName } from "../../src/probe/node-config/pull-sources.ts";
import type { RegistriesConf } from "../../src/probe/node-config/registries-conf.ts";
import { cpuTime } from "../support/cpu-time.ts";
import vectors from "../vectors/references.json" with { type: "json" };

interface Expectation {
  readonly error?: string | null;
  readonly message?: string | undefined;
  readonly [field: string]: unknown;
}

interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly profile: string;
  readonly input: string;
  readonly expect: Expectation;
  readonly expect_with_sha512?: Expectation;
  readonly registries?: {
    readonly unqualified_search_registries: readonly string[];
    readonly short_name_mode: string;
    readonly aliases: Readonly<Record<string, string | undefined>>;
  };
}

/** How the vectors name the errors of the Go packages. */
const goErrors: Readonly<Record<string, string>> = {
  ErrReferenceInvalidFormat: "format",
  ErrNameEmpty: "no-name",
  ErrNameTooLong: "too-long",
  ErrNameContainsUppercase: "upper-case",
  uppercase: "upper-case",
  identifier: "hex-name",
  "digest.ErrDigestInvalidFormat": "digest-format",
  "digest.ErrDigestInvalidLength": "digest-length",
  "digest.ErrDigestUnsupported": "digest-algorithm",
};

function grammarOf(vector: Vector): Grammar {
  return vector.profile === "containers-image" || vector.profile === "crio" ? "containers" : "distribution";
}

/** The outcome in the vectors' own terms, only the fields that the vector has. */
function inVectorTerms(parsed: Parts, wanted: Expectation): Expectation {
  if (!parsed.ok) return { error: parsed.error.kind, message: parsed.error.message };
  const { domain, path, tag, digest } = parsed.parts;
  const all: Expectation = {
    error: null,
    domain,
    path,
    repository: domain === "" ? path : `${domain}/${path}`,
    tag: tag ?? "",
    digest: digest ?? "",
    string: partsText(parsed.parts),
  };
  return Object.fromEntries(Object.entries(all).filter(([field]) => field in wanted));
}

function wantedOf(vector: Vector, wanted: Expectation = vector.expect_with_sha512 ?? vector.expect): Expectation {
  if (typeof wanted.error === "string") {
    return { error: goErrors[wanted.error] ?? wanted.error, message: wanted.message };
  }
  const { familiar_name, familiar_string, message, ...rest } = wanted;
  return rest;
}

/** What a runtime asks for: `latest` where nothing is written, and no tag beside a digest. */
function pulledParts({ tag, ...untagged }: ReferenceParts): ReferenceParts {
  return untagged.digest === undefined ? { ...untagged, tag: tag ?? "latest" } : untagged;
}

/** The parts of a text that fits the grammar's expressions, though the checks after them may refuse it. */
function partsThatFit(text: string, grammar: Grammar): ReferenceParts | "refused later" | undefined {
  const parsed = parseParts(text, grammar);
  if (parsed.ok) return parsed.parts;
  const later = ["too-long", "digest-format", "digest-length", "digest-algorithm"];
  return later.includes(parsed.error.kind) ? "refused later" : undefined;
}

/** The same for a name without tag and digest. */
function nameThatFits(text: string, grammar: Grammar): ReferenceParts | "refused later" | undefined {
  const parts = partsThatFit(text, grammar);
  if (typeof parts !== "object") return text.includes("@") ? undefined : parts;
  return parts.tag === undefined && parts.digest === undefined ? parts : undefined;
}

function registriesConf({ registries }: Vector): RegistriesConf {
  return {
    registries: [],
    unqualifiedSearch: registries?.unqualified_search_registries ?? ["docker.io"],
    aliases: new Map(Object.entries(registries?.aliases ?? {}).map(([name, to]) => [name, to ?? ""])),
  };
}

/** How the node's configuration resolves a name, in the vectors' words; of refusals only which one it is. */
function shortNameTerms(vector: Vector, text: string): unknown {
  const outcome = resolveShortName(text, registriesConf(vector), vector.registries?.short_name_mode);
  switch (outcome.kind) {
    case "qualified": {
      const named = normaliseReference(text);
      if (!named.ok) return "refused";
      return { error: null, candidates: [partsText(pulledParts(named.parts))], resolved_by: "fully-qualified" };
    }
    case "alias":
      return { error: null, candidates: outcome.candidates, resolved_by: "alias" };
    case "search":
      return { error: null, candidates: outcome.candidates, resolved_by: "unqualified-search" };
    default:
      return outcome.kind;
  }
}

const shortNameRefusals: Readonly<Record<string, string>> = {
  "no-search-registries": "unresolved",
  "short-name-ambiguous": "ambiguous",
};

/** What a vector says of a short name; a refusal that is neither of the two is `refused`. */
function wantedShortName(expectation: unknown): unknown {
  if (typeof expectation !== "object" || expectation === null) return expectation;
  if (!("error" in expectation) || typeof expectation.error !== "string") return expectation;
  return shortNameRefusals[expectation.error] ?? "refused";
}

const checks: Readonly<Record<string, (vector: Vector) => void>> = {
  parse: (vector) => {
    const wanted = wantedOf(vector);
    expect(inVectorTerms(parseParts(vector.input, grammarOf(vector)), wanted)).toEqual(wanted);
  },
  with_name: ({ input, profile, expect: wanted, id }) => {
    const grammar = profile === "containers-image" ? "containers" : "distribution";
    const named = nameThatFits(input, grammar);
    expect(typeof named === "object", id).toBe(wanted.error === null);
    if (typeof named === "object") expect(named).toEqual({ domain: wanted["domain"], path: wanted["path"] });
  },
  parse_named: (vector) => {
    const parsed = normaliseReference(vector.input);
    const canonical = parsed.ok && partsText(parsed.parts) === vector.input;
    expect(canonical).toBe(vector.expect.error === null);
    if (canonical) expect(inVectorTerms(parsed, vector.expect)).toEqual(wantedOf(vector));
  },
  parse_normalized: (vector) => {
    expect(inVectorTerms(normaliseReference(vector.input), vector.expect)).toEqual(wantedOf(vector));
  },
  parse_docker_ref: (vector) => {
    const parsed = normaliseReference(vector.input);
    const pulled: Parts = parsed.ok ? { ok: true, parts: pulledParts(parsed.parts) } : parsed;
    expect(inVectorTerms(pulled, vector.expect)).toEqual(wantedOf(vector));
  },
  domain_regexp: (vector) => {
    const named = nameThatFits(`${vector.input}/a`, grammarOf(vector));
    expect(typeof named === "object" && named.domain === vector.input).toBe(vector.expect["match"]);
  },
  anchored_name_regexp: (vector) => {
    const named = nameThatFits(vector.input, grammarOf(vector));
    expect(named !== undefined).toBe(vector.expect["match"]);
    if (typeof named === "object" && vector.expect["groups"] !== undefined) {
      expect([named.domain, named.path]).toEqual(vector.expect["groups"]);
    }
  },
  reference_regexp: (vector) => {
    const split = partsThatFit(vector.input, grammarOf(vector));
    expect(split !== undefined).toBe(vector.expect["match"]);
    if (typeof split === "object") {
      const name = partsText({ domain: split.domain, path: split.path });
      expect([name, split.tag ?? "", split.digest ?? ""]).toEqual(vector.expect["groups"]);
    }
  },
  identifier_regexp: (vector) => {
    const parsed = normaliseReference(vector.input);
    expect(!parsed.ok && parsed.error.kind === "hex-name").toBe(vector.expect["match"]);
  },
  kubelet_parse_image_name: ({ input, expect: wanted }) => {
    const parsed = parseReference(input);
    if (parsed.kind === "invalid") {
      expect(wanted.error).not.toBeNull();
      return;
    }
    const { tag = "", digest = "" } = parsed.reference;
    expect({ error: null, repo: lookupName(parsed.reference), tag, digest }).toEqual(wanted);
  },
  kubelet_apply_default_tag: ({ input, expect: wanted }) => expectKubelet(input, wanted),
  pod_image_pipeline: (vector) => {
    const { kubelet, lookup_name, containerd, crio } = vector.expect;
    expectKubelet(vector.input, kubelet as Expectation);
    const parsed = parseReference(vector.input);
    expect(parsed.kind === "valid" ? lookupName(parsed.reference) : null).toBe(lookup_name);
    if (parsed.kind === "invalid") return;
    const image = String((kubelet as Expectation)["image"]);
    if (containerd !== null) expectContainerd(image, containerd as Expectation);
    expect(shortNameTerms(vector, image)).toEqual(wantedShortName(crio));
  },
  containerd_spec_parse: ({ input, expect: wanted }) => {
    const name = splitContainerdName(input);
    if (typeof name === "string") {
      expect(wanted.error).toBe(name === "no-host" ? "ErrHostnameRequired" : "ErrInvalid");
      return;
    }
    const { host, path, object } = name;
    const locator = `${host}/${path}`;
    const string = object === "" || object.startsWith("@") ? locator + object : `${locator}:${object}`;
    const digest = object.includes("@") ? object.slice(object.indexOf("@") + 1) : "";
    expect({ error: null, locator, object, hostname: host, digest, string }).toEqual(wanted);
  },
  is_short_name: ({ input, expect: wanted }) => {
    expect(isShortName(input)).toBe(wanted["is_short"]);
  },
  split_user_input: (vector) => {
    const parsed = parseParts(vector.input, "containers");
    expect(parsed.ok).toBe(true);
    if (!parsed.ok) return;
    const { tag, digest, ...name } = parsed.parts;
    expect({ repo: partsText(name), tagged: tag !== undefined, digested: digest !== undefined }).toEqual(vector.expect);
  },
  short_name_resolve: (vector) => {
    expect(shortNameTerms(vector, vector.input)).toEqual(wantedShortName(vector.expect));
  },
};

/** Only the kubelet's and containerd's normalising is ours: CRI-O's fork is asked for its grammar alone. */
const normalising: ReadonlySet<string> = new Set([
  "parse_named",
  "parse_normalized",
  "parse_docker_ref",
  "identifier_regexp",
]);

function expectKubelet(input: string, wanted: Expectation): void {
  const parsed = parseReference(input);
  if (parsed.kind === "valid") {
    // The kubelet hands on the text as written, with `latest` where it says neither tag nor digest.
    const { tag, digest } = parsed.reference;
    const written = digest !== undefined || input.endsWith(`:${tag}`);
    expect({ error: null, image: written ? input : `${input}:${tag}` }).toEqual(wanted);
    return;
  }
  expect(wanted.error).not.toBeNull();
  expect(wanted.message).toMatch(/^couldn't parse image name "/);
  expect(wanted.message?.endsWith(`": ${parsed.problem.kubeletError}`), wanted.message).toBe(true);
}

function expectContainerd(image: string, wanted: Expectation): void {
  const parsed = normaliseReference(image);
  expect(parsed.ok).toBe(wanted.error === null);
  if (!parsed.ok) return;
  const { domain, path, tag, digest } = pulledParts(parsed.parts);
  const object = `${tag ?? ""}${digest === undefined ? "" : `@${digest}`}`;
  expect({ domain, path, ref: partsText(pulledParts(parsed.parts)), object }).toEqual({
    domain: wanted["registry_namespace"],
    path: wanted["repository_path"],
    ref: wanted["ref"],
    object: wanted["object"],
  });
}

describe("the reference vectors", () => {
  for (const vector of vectors.cases as unknown as readonly Vector[]) {
    const check = checks[vector.kind];
    if (check === undefined || (normalising.has(vector.kind) && grammarOf(vector) === "containers")) continue;
    test(`${vector.id}: ${JSON.stringify(vector.input).slice(0, 80)} (${vector.profile})`, () => check(vector));
  }

  test("the file holds what it is meant to hold", () => {
    expect(vectors.cases.filter(({ kind }) => kind in checks).length).toBeGreaterThan(600);
  });
});

const digest = `sha256:${"a".repeat(64)}`;

/** A text, the problem it has, and what would repair it; `undefined` where nothing obvious would. */
const problems: readonly (readonly [string, ReferenceProblem["kind"], string | undefined])[] = [
  ["", "empty", undefined],
  [" nginx", "whitespace", "nginx"],
  ["nginx:1.27\n", "whitespace", "nginx:1.27"],
  ["ngi nx", "whitespace", undefined],
  ["\u00a0nginx", "whitespace", "nginx"],
  ["nginx\u200b:1.27", "invisible-character", "nginx:1.27"],
  ["\ufeffnginx", "invisible-character", "nginx"],
  ["nginx\u0000", "invisible-character", "nginx"],
  ["https://ghcr.io/org/app", "scheme", "ghcr.io/org/app"],
  ["docker://nginx:1", "scheme", "nginx:1"],
  ["https://ci:hunter2@ghcr.io/org/app", "scheme", undefined],
  ["ci:hunter2@ghcr.io/org/app", "userinfo", undefined],
  ["good.example.com@evil.example.com/app", "userinfo", undefined],
  ["Foo", "upper-case", "foo"],
  ["ghcr.io/Org/App:V1", "upper-case", "ghcr.io/org/app:V1"],
  [`ghcr.io/org/App@${digest}`, "upper-case", `ghcr.io/org/app@${digest}`],
  ["app:v1:v2", "two-tags", undefined],
  ["app:", "empty-tag", "app"],
  ["app:v1:", "empty-tag", "app:v1"],
  [`app@${digest}:v1`, "bad-digest", `app:v1@${digest}`],
  [`app:v1@${digest}:v2`, "bad-digest", undefined],
  [`app:@${digest}`, "empty-tag", `app@${digest}`],
  ["app:-t", "bad-tag", undefined],
  ["app:1+2", "bad-tag", undefined],
  [`app:${"t".repeat(129)}`, "bad-tag", undefined],
  ["app@", "bad-digest", "app"],
  ["app@v1", "bad-digest", "app:v1"],
  ["app@sha256:abc", "bad-digest", undefined],
  [`app@${"a".repeat(64)}`, "bad-digest", `app@${digest}`],
  [`app@sha256:${"A".repeat(64)}`, "bad-digest", `app@${digest}`],
  [`app@SHA256:${"a".repeat(64)}`, "bad-digest", `app@${digest}`],
  [`app@sha1:${"a".repeat(40)}`, "bad-digest", undefined],
  [`app@${digest}@${digest}`, "bad-digest", undefined],
  ["a".repeat(64), "hex-name", undefined],
  [`ghcr.io/${"a".repeat(256)}`, "too-long", undefined],
  ["nginx:$" + "{TAG}", "unexpanded-variable", undefined],
  ["$IMAGE:$TAG", "unexpanded-variable", undefined],
  ["registry.example.com/{{ .Values.image }}", "unexpanded-variable", undefined],
  ["<registry>/app", "unexpanded-variable", undefined],
  ['"nginx"', "bad-format", "nginx"],
  ["ghcr.io//org/app", "bad-format", "ghcr.io/org/app"],
  ["/org/app", "bad-format", "org/app"],
  ["ghcr.io/org/app/", "bad-format", "ghcr.io/org/app"],
  ["ghcr.io/org/app/:1", "bad-format", "ghcr.io/org/app:1"],
  ["ghcr.io/:1", "bad-format", undefined],
  ["reg.example.com:5000:app/web", "bad-format", undefined],
  ["ghcr.io/org\\app:1", "bad-format", "ghcr.io/org/app:1"],
  ["reg.example.com:port/app", "bad-format", undefined],
  ["reg.com./app", "bad-format", undefined],
  ["-reg.example.com/app", "bad-format", undefined],
  ["2001:db8::1:5000/app", "bad-format", undefined],
  ["ghcr.io/org/app?x=y", "bad-format", undefined],
  ["ghcr.io/org/app#v1", "bad-format", undefined],
  ["exämple.com/app", "bad-format", undefined],
  ["a___b/c", "bad-format", undefined],
  [":tag", "bad-format", undefined],
];

describe("parseReference", () => {
  for (const [text, kind, repaired] of problems) {
    test(`says what is wrong with ${JSON.stringify(text).slice(0, 70)}: ${kind}`, () => {
      const parsed = parseReference(text);
      expect(parsed).toMatchObject({ kind: "invalid", problem: { kind } });
      if (parsed.kind === "invalid") expect(parsed.problem.repaired).toBe(repaired);
    });
  }

  test("near misses of every problem are valid", () => {
    for (const text of [
      "MYREG/app",
      "docker:nginx",
      `app:v1@${digest}`,
      "app:V1.0-RC",
      "[::1]:5000/app",
      "a__b/c",
      "app:_t",
      "0".repeat(63),
    ]) {
      expect(parseReference(text).kind, text).toBe("valid");
    }
  });

  test("never repeats what may be a password before an @", () => {
    for (const text of ["ci:hunter2@ghcr.io/org/app", "https://ci:hunter2@ghcr.io/org/app", "hunter2@ghcr.io/App"]) {
      const parsed = parseReference(text);
      expect(parsed.kind).toBe("invalid");
      if (parsed.kind === "invalid") expect(JSON.stringify(parsed.problem)).not.toContain("hunter2");
    }
  });

  test("takes a host with an underscore for what containerd asks: the part before the first slash", () => {
    expect(parseReference("my_reg.example.com/team/app:1")).toMatchObject({
      reference: { registry: "my_reg.example.com", repository: "team/app", tag: "1" },
    });
  });

  test("keeps a written tag beside a digest, and invents none", () => {
    expect(parseReference(`nginx:1@${digest}`)).toMatchObject({ reference: { tag: "1", digest } });
    const untagged = parseReference(`nginx@${digest}`);
    expect(untagged.kind === "valid" && "tag" in untagged.reference).toBe(false);
  });

  const pieces = fc.constantFrom(
    "a",
    "A",
    "0",
    ".",
    ":",
    "/",
    "@",
    "-",
    "_",
    "[",
    "]",
    " ",
    "\n",
    "$",
    "{",
    "ä",
    "sha256:",
    digest,
    "docker.io",
    "//",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 30 }).map((all) => all.join("")),
  );

  test("never throws, and gives a host that no request can be bent with", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseReference(text);
        if (parsed.kind === "valid") {
          expect(parsed.reference.registry).toMatch(/^(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/);
          expect(parsed.reference.repository).toMatch(/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/);
          expect(text).not.toMatch(/[\\?#\0-\x20]|:\/\//);
        } else {
          expect(parsed.problem.text).not.toBe("");
          if (parsed.problem.repaired !== undefined) expect(parseReference(parsed.problem.repaired).kind).toBe("valid");
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("reads its own canonical name again as the same", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseReference(text);
        if (parsed.kind !== "valid") return;
        const again = parseReference(canonicalName(parsed.reference));
        expect(again).toEqual({
          kind: "valid",
          reference: { ...parsed.reference, text: canonicalName(parsed.reference) },
        });
      }),
      { numRuns: 2000 },
    );
  });

  test("takes linear time for whatever is long", () => {
    const size = 300_000;
    const hostile = [
      "a",
      "a-",
      "a.",
      "-",
      "/",
      "a/",
      ":",
      "@",
      "[",
      "A",
      "%a",
      " ",
      "\u200b",
      "<",
      "_",
      "__",
      "a_",
      "$",
      "\\",
      "İ",
    ].map((piece) => piece.repeat(size / piece.length));
    const started = cpuTime();
    for (const text of hostile) {
      for (const shaped of [text, `${text}!`, `reg.example.com/${text}`, `app:${text}`, `app@sha256:${text}`])
        parseReference(shaped);
    }
    expect(cpuTime() - started).toBeLessThan(5_000);
  });
});
