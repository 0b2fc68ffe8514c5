import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { oidcToken } from "../../src/collect/oidc-login.ts";
import { KnownError } from "../../src/domain/known-error.ts";
import { type OidcProvider, startOidcProvider, tokenEndingIn } from "../support/oidc-provider.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "oidc-"));
});
afterEach(() => rm(directory, { recursive: true }));

const old = tokenEndingIn(-60);
const fresh = tokenEndingIn(3600);

/** The user's `config`, and a kubeconfig that holds it, with a comment that must stay. */
async function user(provider: OidcProvider | undefined, fields: Record<string, string> = {}) {
  const config: Record<string, string> = {
    "client-id": "kube",
    "idp-issuer-url": provider?.url ?? "https://127.0.0.1:1/realm",
    "idp-certificate-authority-data": Buffer.from(provider?.authority ?? "").toString("base64"),
    "id-token": old,
    "refresh-token": "canary-refresh-1",
    ...fields,
  };
  const file = path.join(directory, "kubeconfig");
  const lines = Object.entries(config).map(([key, value]) => `        ${key}: ${value}\n`);
  await writeFile(
    file,
    `# kept by hand\nusers:\n- name: a\n  user:\n    auth-provider:\n      config:\n${lines.join("")}`,
  );
  return { config, file };
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof KnownError)) throw error;
  expect(`${error.message}${error.hint}${error.stack}`).not.toContain("canary");
  return error.message;
}

describe("an OpenID Connect login", () => {
  test("is the kubeconfig's ID token while it lasts; nobody is asked", async () => {
    expect(await oidcToken(await user(undefined, { "id-token": fresh }))).toBe(fresh);
  });

  test("is renewed with the refresh token where it has ended, a public client by its name alone", async () => {
    await using provider = await startOidcProvider(() => [200, { id_token: fresh }]);
    const mine = await user(provider);
    const before = await readFile(mine.file, "utf8");
    expect(await oidcToken(mine)).toBe(fresh);
    expect(provider.asked).toEqual([
      {
        form: { grant_type: "refresh_token", refresh_token: "canary-refresh-1", client_id: "kube" },
        authorization: undefined,
      },
    ]);
    expect(await readFile(mine.file, "utf8")).toBe(before);
  });

  test("of a client with a secret is renewed with it, in the header or, where that is refused, in the form", async () => {
    const secret = { "client-secret": "canary-s/cret" };
    await using strict = await startOidcProvider(({ authorization }) =>
      authorization === `Basic ${Buffer.from("kube:canary-s%2Fcret").toString("base64")}`
        ? [200, { id_token: fresh }]
        : [401, { error: "invalid_client" }],
    );
    expect(await oidcToken(await user(strict, secret))).toBe(fresh);
    await using lax = await startOidcProvider(({ form }) =>
      form["client_secret"] === "canary-s/cret" ? [200, { id_token: fresh }] : [401, { error: "invalid_client" }],
    );
    expect(await oidcToken(await user(lax, secret))).toBe(fresh);
  });

  test("whose provider hands out the next refresh token: it takes the old one's place, and nothing else changes", async () => {
    await using provider = await startOidcProvider(() => [200, { id_token: fresh, refresh_token: "canary-refresh-2" }]);
    const mine = await user(provider);
    const before = await readFile(mine.file, "utf8");
    const { mode } = await stat(mine.file);
    expect(await oidcToken(mine)).toBe(fresh);
    const after = before.replace("canary-refresh-1", "canary-refresh-2").replace(old, fresh);
    expect(await readFile(mine.file, "utf8")).toBe(after);
    expect((await stat(mine.file)).mode).toBe(mode);
    await expect(stat(`${mine.file}.lock`)).rejects.toThrow("ENOENT");
    // And the next login of this run needs no provider.
    expect(await oidcToken(mine)).toBe(fresh);
    expect(provider.asked).toHaveLength(1);
  });

  test.each([
    ["another program holds kubectl's lock", async (file: string) => writeFile(`${file}.lock`, "")],
    ["the file holds it twice", async (file: string) => writeFile(file, "canary-refresh-1 canary-refresh-1")],
  ])("that cannot be saved (%s): the user is told, and it serves all the same", async (_, spoil) => {
    await using provider = await startOidcProvider(() => [200, { id_token: fresh, refresh_token: "canary-refresh-2" }]);
    const mine = await user(provider);
    await spoil(mine.file);
    const before = await readFile(mine.file, "utf8");
    const told: string[] = [];
    expect(await oidcToken(mine, (text) => told.push(text))).toBe(fresh);
    expect(told.join("")).toMatch(
      /^The provider gave a new refresh token, and it could not be saved.*log in again\.\n$/,
    );
    expect(await readFile(mine.file, "utf8")).toBe(before);
  });
});

describe("what fails is one sentence, and quotes no token", () => {
  test("ended, and no refresh token", async () => {
    const mine = await user(undefined, { "refresh-token": "" });
    expect(await refusal(oidcToken(mine))).toBe("the kubeconfig's login (oidc) failed: the id-token has expired");
  });

  test("the provider refuses the refresh token", async () => {
    await using provider = await startOidcProvider(() => [
      400,
      { error: "invalid_grant", error_description: "canary-refresh-1 is revoked" },
    ]);
    expect(await refusal(oidcToken(await user(provider)))).toContain("gives no new token (400 invalid_grant)");
  });

  test("the provider is not there, is not trusted, answers without a token, or is no URL", async () => {
    expect(await refusal(oidcToken(await user(undefined)))).toContain("127.0.0.1:1 cannot be asked (ECONNREFUSED)");
    await using provider = await startOidcProvider(() => [200, { access_token: "canary" }]);
    expect(await refusal(oidcToken(await user(provider)))).toContain("holds no id_token");
    const untrusted = await user(provider, { "idp-certificate-authority-data": "" });
    expect(await refusal(oidcToken(untrusted))).toMatch(/cannot be asked \([A-Z_]+\)$/);
    const gone = await user(provider, {
      "idp-certificate-authority-data": "",
      "idp-certificate-authority": "gone.pem",
    });
    expect(await refusal(oidcToken(gone))).toContain("authority cannot be read (ENOENT)");
    expect(await refusal(oidcToken(await user(provider, { "idp-issuer-url": "canary" })))).toContain("is no URL");
  });
});
