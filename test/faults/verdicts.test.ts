import { describe, expect, test } from "vitest";
import { version } from "../../src/cli/version.ts";
import { answer, type Handler } from "../support/registry-faults.ts";
import { runMain } from "../support/run-cli.ts";
import type { ApiObject } from "../support/story-objects.ts";
import { sketchPod, sketchPullSecret, sketchSurroundings } from "../support/story-pods.ts";
import { openCanaryTown, type Servers } from "./canary-town.ts";

const registry = "shop.reg.test:5001";
const auth = "auth.reg.test:5002";
const image = `${registry}/shop/web:v1`;
const present = Date.parse("2026-11-24T02:40:00Z");
const secret = sketchPullSecret("regcred", { [registry]: { username: "ci", password: "a-password" } });

interface Verdict {
  readonly code: string;
  readonly certainty: string;
  readonly title: string;
  readonly [more: string]: unknown;
}

interface Told {
  readonly verdict: Verdict;
  readonly gaps: readonly { readonly what: string; readonly why: string }[];
  readonly text: string;
}

/** What the whole program says of a pod that cannot have its image, with these servers. */
async function told(
  servers: Servers,
  words = "unexpected status code 401 Unauthorized",
  objects: readonly ApiObject[] = [secret],
  now = present,
  flags: readonly string[] = [],
): Promise<Told> {
  const secrets = objects.flatMap(({ metadata }) => (metadata as { name: string }).name);
  const pod = sketchPod({ name: "web", image, error: `failed to resolve reference "${image}": ${words}`, secrets });
  await using town = await openCanaryTown([...sketchSurroundings(), ...objects, ...pod], servers, 9);
  const run = (format: string) =>
    runMain(["web", "-v", "-o", format, ...town.flags, "--timeout", "1s", ...flags], {
      now,
      cwd: town.directory,
      env: {},
    });
  const [json, text] = [await run("json"), await run("text")];
  const { diagnoses, gaps } = JSON.parse(json.stdout) as { diagnoses: Verdict[]; gaps: Told["gaps"] };
  const [verdict] = diagnoses;
  if (verdict === undefined) throw new Error("nothing was diagnosed");
  return { verdict, gaps, text: text.stdout.replace(/\s+/g, " ") };
}

const bearer = { "www-authenticate": `Bearer realm="https://${auth}/token",service="shop"` };
const unauthorized = { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] };

describe("faults that look like another", () => {
  test("V1: a token server that refuses everybody is not called a wrong password with certainty", async () => {
    const down: Handler = (_request, response) => answer(response, 401, unauthorized);
    const { verdict } = await told({
      [registry]: (_request, response) => answer(response, 401, unauthorized, bearer),
      [auth]: down,
    });
    expect(verdict.certainty).not.toBe("certain");
  });

  test("V1: where the token server lets nobody in but refuses this login alone, the login is wrong", async () => {
    const { verdict } = await told({
      [registry]: (_request, response) => answer(response, 401, unauthorized, bearer),
      [auth]: (request, response) =>
        request.headers.authorization === undefined && request.method === "GET"
          ? answer(response, 200, { token: "a-token-of-nobody" })
          : answer(response, 401, unauthorized),
    });
    expect(verdict).toMatchObject({ code: "credentials-rejected", certainty: "certain" });
  });

  test("V2: what the network says is said to be seen from here, and is not certain about the node", async () => {
    const { verdict, text } = await told({ [registry]: () => {} }, "i/o timeout");
    expect(verdict.certainty).not.toBe("certain");
    expect(text).toMatch(/from here|this machine/);
  });

  test("V3: a sign-in page with status 200 is no registry, and no verdict on the login", async () => {
    const page = "<!DOCTYPE html><html><title>Sign in to the guest network</title></html>";
    const { verdict } = await told(
      { [registry]: (_request, response) => answer(response, 200, page, { "content-type": "text/html" }) },
      "unexpected media type text/html",
    );
    expect(verdict).toMatchObject({ code: "not-a-registry-endpoint", certainty: "certain" });
  });

  test("V4: where the node asked another host than the image names, that host is told", async () => {
    const { verdict, text } = await told(
      {
        [registry]: (_request, response) =>
          answer(response, 401, unauthorized, { "www-authenticate": 'Basic realm="x"' }),
      },
      `failed to do request: Head "https://mirror.corp.test:6000/v2/shop/web/manifests/v1?ns=shop.reg.test%3A5001": dial tcp 10.0.0.9:6000: connect: connection refused`,
    );
    expect(verdict).toMatchObject({
      code: "mirror-failed",
      certainty: "likely",
      title: expect.stringContaining("mirror.corp.test:6000"),
    });
    expect(text).toContain("mirror.corp.test:6000");
  });

  test.each([
    ["the program and its version", [], `kubectl-imagedoctor/${version}`],
    ["the runtime whose name was given", ["--user-agent", "containerd/1.7.27"], "containerd/1.7.27"],
  ])("V5: every request names %s, and nothing else", async (_what, flags, name) => {
    const agents = new Set<string | undefined>();
    await told(
      {
        [registry]: (request, response) => {
          agents.add(request.headers["user-agent"]);
          return answer(response, 401, unauthorized, bearer);
        },
        [auth]: (request, response) => {
          agents.add(request.headers["user-agent"]);
          return answer(response, 200, { token: "t" });
        },
      },
      undefined,
      undefined,
      undefined,
      flags,
    );
    expect([...agents]).toEqual([name]);
  });

  test.each(["a\r\nAuthorization: Basic eDp5", "", " x", "ä", "x".repeat(257)])(
    "V5: a name is no header's end: %j is refused before anything is sent",
    async (name) => {
      const { code, stdout, stderr } = await runMain(["--image", "127.0.0.1:1/x", "--user-agent", name], { env: {} });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("--user-agent");
    },
  );

  test("V6: 403 to HEAD without words is asked once more for its words, and they decide", async () => {
    const methods: string[] = [];
    const { text } = await told({
      [registry]: (request, response) => {
        if ((request.url ?? "").includes("/manifests/")) methods.push(request.method ?? "");
        return answer(response, 403, { errors: [{ code: "DENIED", message: "the subscription has ended" }] });
      },
    });
    expect(new Set(methods)).toEqual(new Set(["HEAD", "GET"]));
    expect(text).toContain("the subscription has ended");
  });

  test.each([
    ["without a login", []],
    ["with one", [secret]],
  ])("V7: where private and missing look alike (%s), neither is claimed for certain", async (_with, objects) => {
    const { verdict } = await told(
      {
        [registry]: (_request, response) => answer(response, 401, unauthorized, bearer),
        [auth]: (_request, response) => answer(response, 200, { token: "no-access", access_token: "no-access" }),
      },
      "pull access denied, repository does not exist or may require authorization",
      objects,
    );
    expect(verdict.code).toBe("access-denied-or-missing");
    expect(verdict.title).not.toMatch(/does not exist(?!, or)/);
  });
});

describe("Y8: clocks that differ", () => {
  const minutes = 60_000;

  /** A login that says it ends so many minutes from now by this clock, refused by a registry whose clock says so many minutes from now. */
  async function refusedAt({
    ends,
    registryAt,
  }: {
    readonly ends: number;
    readonly registryAt: number;
  }): Promise<Told> {
    const now = Date.now();
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const password = `${part({ alg: "RS256" })}.${part({ exp: Math.floor((now + ends * minutes) / 1000) })}.c2lnbmF0dXJl`;
    const date = () => ({ date: new Date(Date.now() + registryAt * minutes).toUTCString() });
    return told(
      {
        [registry]: (_request, response) => answer(response, 401, unauthorized, { ...bearer, ...date() }),
        [auth]: (request, response) =>
          request.headers.authorization === undefined && request.method === "GET"
            ? answer(response, 200, { token: "a-token-of-nobody" }, date())
            : answer(response, 401, unauthorized, date()),
      },
      undefined,
      [sketchPullSecret("regcred", { [registry]: { username: "ci", password } })],
      now,
    );
  }

  test("Y8: with the clocks in agreement a login past its end has expired, for certain, and no clock is spoken of", async () => {
    const { verdict, gaps, text } = await refusedAt({ ends: -60, registryAt: 0 });
    expect(verdict).toMatchObject({ code: "credentials-expired", certainty: "certain" });
    expect(gaps).toEqual([]);
    expect(text).not.toContain("clock");
  });

  test("Y8: a clock here that is two hours ahead makes no good login expired, and is told", async () => {
    const { verdict, gaps, text } = await refusedAt({ ends: -60, registryAt: -120 });
    expect(verdict.code).toBe("credentials-rejected");
    expect(text).not.toMatch(/of itself that it ended/);
    expect(gaps).toMatchObject([{ what: "the time", why: expect.stringContaining("2 hours ahead of that of") }]);
    expect(text).toContain(`This machine's clock is 2 hours ahead of that of ${registry}`);
  });

  test("Y8: a clock here that is three hours behind hides no expired login, yet a disputed time is not certain", async () => {
    const { verdict, gaps, text } = await refusedAt({ ends: 60, registryAt: 180 });
    expect(verdict).toMatchObject({ code: "credentials-expired", certainty: "likely" });
    expect(gaps).toMatchObject([{ why: expect.stringContaining("3 hours behind that of") }]);
    expect(text).toContain("by the registry's it is");
  });
});
