import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTown, type Town } from "../support/registry-town.ts";
import { ask, askWith, identityToken, login, ownAddress, question, settingsFor } from "./support/asking.ts";

const images = [
  { repository: "shop/web", tags: ["v1"] },
  { repository: "shop/multi", tags: ["v1"], kind: "index", platforms: ["linux/amd64", "linux/arm64"] },
] as const;
const amd64 = { os: "linux", architecture: "amd64" };

describe("asking for a manifest", () => {
  let town: Town;
  beforeAll(async () => {
    town = await startTown(
      {
        "open.reg.test:5443": { images },
        "basic.reg.test:5001": { images, auth: { kind: "basic", users: { ci: "right-password" } } },
        "token.reg.test:5002": {
          images,
          auth: {
            kind: "token",
            host: "auth.reg.test",
            port: 5102,
            users: { ci: "right-password", other: "other-password" },
            grants: { ci: ["shop/*"], other: [] },
            identityTokens: { "an-identity-token": "ci" },
          },
        },
      },
      ownAddress(),
    );
  });
  afterAll(() => town.close());

  test("an open registry gives it to anybody: HEAD, GET, and the config for its platform", async () => {
    const { answer, ladder } = await ask(
      town,
      question("open.reg.test:5443/shop/web:v1", undefined, { platform: amd64 }),
    );
    expect(answer).toMatchObject({
      kind: "granted",
      manifest: { kind: "image", match: "matched", blobsReachable: true, blobHost: "open.reg.test:5443" },
    });
    expect(ladder.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      "resolve passed",
      "connect passed",
      "tls passed",
      "manifest passed",
      "manifest passed",
      "config passed",
    ]);
  });

  test("an index is opened for the node's platform", async () => {
    const asked = question("open.reg.test:5443/shop/multi:v1", undefined, { platform: amd64 });
    const { answer } = await ask(town, asked);
    expect(answer).toMatchObject({
      kind: "granted",
      manifest: { kind: "index", match: "matched", chosen: amd64, platforms: [amd64, { architecture: "arm64" }] },
    });
  });

  test("Basic: the right login is let in, a wrong one and nobody are not", async () => {
    const image = "basic.reg.test:5001/shop/web:v1";
    const settings = await settingsFor(town);
    const [right, wrong, nobody] = await askWith(
      settings,
      question(image, login("ci", "right-password")),
      question(image, login("ci", "wrong-password")),
      question(image),
    );
    expect(right?.answer.kind).toBe("granted");
    expect(wrong?.answer).toMatchObject({
      kind: "refused",
      step: "manifest",
      meaning: "login-refused",
      words: { status: 401 },
    });
    expect(nobody?.answer).toMatchObject({ kind: "refused", step: "manifest", meaning: "login-wanted" });
    town.ledger.assertNoRefusedLoginTwice();
  });

  test("Bearer: the right login is let in, a wrong one is refused by the token server, nobody by the registry", async () => {
    const image = "token.reg.test:5002/shop/web:v1";
    const [right, token, wrong, nobody] = await askWith(
      await settingsFor(town),
      question(image, login("ci", "right-password")),
      question(image, identityToken("an-identity-token")),
      question(image, login("ci", "wrong-password")),
      question(image),
    );
    expect(right?.answer.kind).toBe("granted");
    expect(token?.answer.kind).toBe("granted");
    expect(wrong?.answer).toMatchObject({ kind: "refused", step: "token", meaning: "login-refused" });
    expect(nobody?.answer).toMatchObject({ kind: "refused", step: "manifest", words: { status: 401 } });
    town.ledger.assertLoginsOnlyAt(
      "https://token.reg.test:5002",
      "https://auth.reg.test:5102",
      "https://basic.reg.test:5001",
    );
  });

  test.each([
    ["open.reg.test:5443/shop/web:v1", undefined],
    ["open.reg.test:5443/shop/multi:v1", undefined],
    ["basic.reg.test:5001/shop/multi:v1", login("ci", "right-password")],
    ["token.reg.test:5002/shop/web:v1", login("ci", "right-password")],
    ["token.reg.test:5002/shop/multi:v1", login("ci", "right-password")],
  ])("%s costs four requests at most", async (image, as) => {
    const before = town.ledger.entries.length;
    const { answer } = await ask(town, question(image, as, { platform: amd64 }));
    expect(answer.kind).toBe("granted");
    expect(town.ledger.entries.length - before).toBeLessThanOrEqual(4);
    town.ledger.assertAllExpected();
  });
});
