import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTown, type Town } from "../support/registry-town.ts";
import { login, ownAddress, settingsFor } from "./support/asking.ts";
import { caseOf, judge } from "./support/judging.ts";

/** What a refusal may cost: no registry is asked for long where it says no. */
const most = { manifest: 4, loginCheck: 1, neighbour: 2, tags: 2 };
const neighbours = { hidden: 2, missing: 3 };

const ci = login("ci", "right-password");
const images = [{ repository: "shop/web", tags: ["v1"] }] as const;

describe("requests where the registry says no", () => {
  let town: Town;
  beforeAll(async () => {
    const users = { ci: "right-password" };
    const token = (port: number) => ({ kind: "token", host: "auth.count.test", port, users }) as const;
    town = await startTown(
      {
        "hidden.count.test:5721": { images, auth: { ...token(5731), grants: { ci: [] } } },
        "forbidden.count.test:5722": { images, auth: { kind: "basic", users, grants: { ci: [] } } },
        "missing.count.test:5723": { images, auth: token(5733) },
        "open.count.test:5724": { images },
        "denied.count.test:5725": { images, auth: { ...token(5735), grants: { ci: [] }, noPermission: 403 } },
      },
      ownAddress(3),
    );
  });
  afterAll(() => town.close());

  const perLogin = most.manifest + most.loginCheck;
  test.each([
    [
      "hidden",
      "hidden.count.test:5721/shop/web_app:v1",
      "access-denied-or-missing",
      perLogin + most.manifest + neighbours.hidden * most.neighbour,
    ],
    [
      "known, and not allowed",
      "forbidden.count.test:5722/shop/web_app:v1",
      "permission-denied",
      perLogin + most.manifest,
    ],
    [
      "refused at the token server",
      "denied.count.test:5725/shop/web_app:v1",
      "unauthorized",
      perLogin + most.manifest + neighbours.hidden * most.neighbour,
    ],
    [
      "missing",
      "missing.count.test:5723/shop/web_app:v1",
      "repository-not-found",
      perLogin + most.manifest + most.tags + neighbours.missing * most.neighbour,
    ],
    [
      "missing for everybody",
      "open.count.test:5724/shop/web_app:v1",
      "repository-not-found",
      2 * most.manifest + most.tags + neighbours.missing * most.neighbour,
    ],
  ])("%s: %s", async (_name, image, code, bound) => {
    const before = town.ledger.entries.length;
    const judged = await judge(await settingsFor(town), caseOf(image, [ci]));
    expect(judged.code).toBe(code);
    const asked = town.ledger.entries.slice(before);
    expect(asked.length).toBeLessThanOrEqual(bound);
    const near = judged.file.probes.filter(({ question }) => question.kind === "repository");
    expect(near.length).toBeLessThanOrEqual(code === "repository-not-found" ? neighbours.missing : neighbours.hidden);
    for (const { question } of near) {
      const there = asked.filter(({ path }) => path.includes(`/v2/${question.reference.repository}/`));
      expect(there.map(({ method }) => method)).toEqual(["HEAD"]);
    }
    town.ledger.assertNoRefusedLoginTwice();
  });
});
