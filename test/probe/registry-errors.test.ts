import { describe, expect, test } from "vitest";
import { type ErrorWords, readErrorBody } from "../../src/knowledge/registries/error-body.ts";
import { meaningOf } from "../../src/knowledge/registries/meaning-of.ts";
import { specification } from "../../src/knowledge/registries/specification.ts";
import { parseChallenges } from "../../src/probe/parse-challenge.ts";
import { sanitizedUrl } from "../../src/probe/registry-url.ts";
import { vectors } from "./support/vectors.ts";

interface ErrorVector {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly request?: { readonly method: string; readonly url: string } | null;
  readonly expect: {
    readonly containerd_error?: string;
    readonly containers_image_error?: string;
    readonly distribution_error?: string | null;
    readonly go_containerregistry_error?: string;
    readonly code?: string;
  };
}

const errors = vectors<ErrorVector>("registry_error");

function headersOf(written: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(written).map(([name, value]) => [name.toLowerCase(), value]));
}

function wordsOf({ body, headers }: ErrorVector): ErrorWords {
  return readErrorBody(body, headersOf(headers).get("content-type"));
}

/** What containerd prints of the first error of a body: a code that it does not know is `unknown` (core/remotes/docker/errcode.go). */
function asContainerd({ code = "", message = "" }: ErrorWords): string {
  const known = ["UNKNOWN", "UNSUPPORTED", "UNAUTHORIZED", "DENIED", "UNAVAILABLE", "TOOMANYREQUESTS"].includes(code);
  return `${known ? code.toLowerCase() : "unknown"}${message === "" ? "" : `: ${message}`}`;
}

describe("the words of a refusal, in whatever shape a registry has for them", () => {
  const containerd = errors.filter(({ expect: { containerd_error } }) => containerd_error !== undefined);
  test.each(containerd)("$id: $name, as containerd reads it", (vector) => {
    const [, ...lines] = (vector.expect.containerd_error ?? "").split("\n");
    const said = lines.filter((line) => line !== "errors:" && line !== "");
    const words = wordsOf(vector);
    // containerd takes a number for no error list at all, and prints nothing of it.
    if (said.length === 0) expect(words.shape === "errors" && words.code !== undefined).toBe(false);
    // Of a message that is the code's own, it prints the code alone.
    else expect(asContainerd(words)).toMatch(new RegExp(`^${said[0]?.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:$|: )`));
  });

  const others = errors.filter(({ expect: { containerd_error } }) => containerd_error === undefined);
  test.each(others)("$id: $name, as other clients read it", (vector) => {
    const { containers_image_error, distribution_error, go_containerregistry_error } = vector.expect;
    const printed = containers_image_error ?? distribution_error ?? go_containerregistry_error ?? "";
    const { message } = wordsOf(vector);
    // These clients know the challenge and standard sentences, too; where theirs comes from the body, it is ours.
    const own =
      /^(?:authentication required|requested access to the resource is denied)$|authentication required$|^unauthorized: $/;
    if (message === undefined || own.test(printed)) return;
    expect(printed).toContain(message);
  });

  test.each(errors.filter(({ request }) => request?.url.includes("?") === true))(
    "$id: $name, no secret of a query is shown",
    ({ request, expect: { go_containerregistry_error = "" } }) => {
      const hidden = [...go_containerregistry_error.matchAll(/[?&]([^=&]+)=REDACTED/g)].map(([, name = ""]) => name);
      const shown = new URL(sanitizedUrl(request?.url ?? "")).searchParams;
      expect(hidden.length).toBeGreaterThan(0);
      expect(hidden.map((name) => shown.get(name))).toEqual(hidden.map(() => "REDACTED"));
    },
  );
});

describe("what such a refusal means, by the specification", () => {
  /** The codes of the vectors, as far as they say what is wrong. */
  const meanings: Readonly<Record<string, readonly string[]>> = {
    UNAUTHORIZED: ["login-wanted"],
    DENIED: ["absent-or-no-access"],
    MANIFEST_UNKNOWN: ["absent"],
    NAME_UNKNOWN: ["repository-absent"],
    TOOMANYREQUESTS: ["rate-limited"],
  };
  const told = errors.filter(({ status, expect: { code = "" } }) => status >= 400 && Object.hasOwn(meanings, code));

  test.each(told)("$id: $name", (vector) => {
    const headers = headersOf(vector.headers);
    const { shape, code, message } = wordsOf(vector);
    const [challenge] = parseChallenges([headers.get("www-authenticate")?.replaceAll("\n", " ") ?? ""]);
    const challengeError = challenge?.parameters.get("error");
    const scheme = challengeError === undefined ? {} : ({ scheme: "bearer", challengeError } as const);
    const meaning = meaningOf(specification, {
      step: "manifest",
      status: vector.status,
      method: "GET",
      // The clients of the vectors take any answer for a registry's.
      headers: new Map([...headers, ["docker-distribution-api-version", "registry/2.0"]]),
      body: shape,
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message }),
      withLogin: false,
      ...scheme,
    });
    expect(meanings[vector.expect.code ?? ""]).toContain(meaning);
  });
});
