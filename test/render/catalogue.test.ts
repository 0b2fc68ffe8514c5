import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import type { Explanation } from "../../src/domain/explanation.ts";
import { renderCatalogue, renderExplanation } from "../../src/render/catalogue.ts";
import { hostileText } from "./example-reports.ts";

const loginRefused: Explanation = {
  code: "login-refused",
  family: "auth",
  title: "The registry refuses the login in the pull secret",
  explanation:
    "The kubelet sends a login that the pull secret holds for this registry, and the registry says that it is wrong. The password was changed, the token has ended, or the account is gone.",
  retryable: false,
  covers: [],
  looks: {
    containerd: "failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
    "cri-o": "unable to retrieve auth token: invalid username/password: unauthorized",
    docker: "unauthorized: incorrect username or password",
  },
  toldFrom: {
    "no-credentials": "there no pull secret has an entry for the registry",
    "login-lacks-permission": "there the token server takes the login, and the registry answers 403",
  },
  remedies: [
    {
      title: "Put the current login into the secret",
      command:
        "kubectl create secret docker-registry NAME --docker-server=HOST --dry-run=client -o yaml | kubectl apply -f -",
    },
  ],
};

const entries = [
  loginRefused,
  { code: "no-credentials", family: "auth", title: "No login for this registry, although one is needed" },
  { code: "tls-unknown-ca", family: "tls", title: "The node does not trust the registry's certificate" },
];

const options = { color: false, width: 80, verbose: false };

describe("explain", () => {
  test.each([40, 80, 120])("a cause at %d columns", async (width) => {
    const text = await renderExplanation(loginRefused, "text", { ...options, width });
    await expect(text).toMatchFileSnapshot(`../golden/render/explain-cause-${width}.txt`);
  });

  test.each([40, 80, 120])("the list of causes at %d columns", async (width) => {
    const text = await renderCatalogue(entries, "text", { ...options, width });
    await expect(text).toMatchFileSnapshot(`../golden/render/explain-list-${width}.txt`);
  });

  test("JSON and YAML hold the same", async () => {
    expect(JSON.parse(await renderExplanation(loginRefused, "json", options))).toEqual(loginRefused);
    expect(load(await renderExplanation(loginRefused, "yaml", options))).toEqual(loginRefused);
    const list = entries.map(({ code, family, title }) => ({ code, family, title }));
    expect(JSON.parse(await renderCatalogue(entries, "json", options))).toEqual(list);
    expect(load(await renderCatalogue(entries, "yaml", options))).toEqual(list);
  });

  test("an umbrella says what it stands for", async () => {
    const text = await renderExplanation({ ...loginRefused, covers: ["a", "b"] }, "text", { width: 80 });
    expect(text).toMatch(/Stands for +a, b/);
  });

  test("text of others stays text", async () => {
    const hostile = { ...loginRefused, title: hostileText, looks: { [hostileText]: hostileText } };
    for (const format of ["text", "json", "yaml"]) {
      const text = await renderExplanation(hostile, format, options);
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
    }
  });
});
