import { describe, expect, test } from "vitest";
import { anonymous, type Probe, type Question, type RegistryHost } from "../../src/domain/probe.ts";
import { nodesWay, wayEvidence } from "../../src/knowledge/evidence/node-config.ts";
import { requestHost } from "../../src/knowledge/registries/dialect-of.ts";
import { canDo } from "../../src/probe/node-config/hosts-directory.ts";
import { login } from "./support/asking.ts";
import { caseOf, judge, playHosts } from "./support/judging.ts";
import type { Answers, Reply } from "./support/odd-server.ts";
import { fitsRule, type SentRequest, type ServerRule } from "./support/scripted-places.ts";
import { vectors } from "./support/vectors.ts";

interface FlowVector {
  readonly image: { readonly namespace: string; readonly repository: string; readonly object: string };
  readonly credentials: { readonly username: string; readonly secret: string } | null;
  readonly hosts: readonly {
    readonly host: string;
    readonly scheme?: string;
    readonly path?: string;
    readonly capabilities?: readonly string[];
  }[];
  readonly server_rules: readonly { readonly when: ServerRule["when"]; readonly then: ServerRule["reply"] }[];
  readonly expect: { readonly requests: readonly SentRequest[]; readonly error: string | null; readonly host?: string };
}

const several = vectors<FlowVector>("containerd_resolve_flow").filter(
  ({ hosts }) => hosts.length > 1 || hosts[0]?.path !== undefined,
);
const manifest = JSON.stringify({ schemaVersion: 2, config: {}, layers: [] });

/** The vectors' servers, under their own names: rules by host, method, path and login; `transport` hangs up. */
function answering(rules: FlowVector["server_rules"]): Answers {
  return ({ host, method, path, headers }, response): Reply | undefined => {
    const url = new URL(path, `https://${host}`);
    const rule = rules.find(({ when }) => fitsRule(when, { method, url }, headers.authorization ?? null));
    const { status = 404, headers: written = {}, body = "", transport } = rule?.then ?? {};
    if (transport !== undefined) {
      response.destroy();
      return undefined;
    }
    const kept = Object.entries(written).filter(([name]) => !/^(content-length|docker-content-digest)$/i.test(name));
    const values = kept.map(([name, value]) => [name, typeof value === "number" ? String(value) : value]);
    // The vectors' manifests are too small to be one; containerd does not look inside, the probe does.
    return { status, headers: Object.fromEntries(values), body: body === '{"schemaVersion":2}' ? manifest : body };
  };
}

function hostAsked({ question: { via, reference } }: Probe): string {
  return via?.host ?? requestHost(reference.registry);
}

/** What was asked of manifests, each URL once: the probe asks by HEAD and GET and tries what hangs up once more. */
function asked(urls: readonly string[]): readonly string[] {
  const manifests = urls
    .filter((url) => url.includes("/manifests/"))
    .map((url) => {
      const { host, pathname, searchParams } = new URL(url);
      return `${host}${pathname} ns=${searchParams.get("ns") ?? "-"}`;
    });
  return [...new Set(manifests)].toSorted();
}

test("two mirrors on one host, in two paths, are two places: each brings its own challenge", async () => {
  const answers: Answers = ({ path, headers }) => {
    const url = new URL(path, "https://harbor.shop.test");
    if (url.pathname === "/token") return { status: 200, body: { token: `for ${url.searchParams.get("service")}` } };
    const mirror = url.pathname.split("/")[2] ?? "";
    if (!path.startsWith("/v2/")) return { status: 404 };
    const challenge = `Bearer realm="https://harbor.shop.test/token",service="${mirror}",scope="repository:shop/web:pull"`;
    if (headers.authorization !== `Bearer for ${mirror}`)
      return { status: 401, headers: { "www-authenticate": challenge } };
    return mirror === "b" ? { status: 200, body: manifest } : { status: 404 };
  };
  await using played = await playHosts(["harbor.shop.test", "registry.shop.test"], answers);
  const file = caseOf("registry.shop.test/shop/web:v1", [anonymous]);
  if (file.reference.kind !== "valid") throw new Error("no reference");
  const { reference } = file.reference;
  const capabilities = ["pull", "resolve"];
  const places = ["/v2/a", "/v2/b"].map((path): RegistryHost => {
    return { scheme: "https", host: "harbor.shop.test", path, capabilities };
  });
  const nodeConfig = async () => ({ sources: places.map((host) => ({ reference, host })) });
  const judged = await judge({ ...played.settings, nodeConfig }, file);
  const seen = judged.file.probes.flatMap(({ question: { via }, answer }) =>
    via === undefined ? [] : [[via.path, answer.kind]],
  );
  expect(seen).toEqual([
    ["/v2/a", "refused"],
    ["/v2/b", "granted"],
  ]);
  const { stations } = nodesWay(judged.file);
  expect(stations.map(({ place, probe }) => [place, probe.answer.kind])).toEqual([
    ["harbor.shop.test/v2/a", "refused"],
    ["harbor.shop.test/v2/b", "granted"],
  ]);
  expect(wayEvidence(judged.file).map(({ text }) => text)[0]).toContain("harbor.shop.test/v2/a answers 404");
});

describe("containerd's ways through several hosts", () => {
  test("there are vectors", () => expect(several.length).toBeGreaterThan(0));

  test.each(several)("$id: $name", async ({ image, credentials, hosts, server_rules, expect: wanted }) => {
    const selector = image.object.includes(":") ? `@${image.object}` : `:${image.object}`;
    const names = [...new Set([...hosts.map(({ host }) => host), requestHost(image.namespace), "t.example.com"])];
    await using played = await playHosts(names, answering(server_rules));
    const as: Question["as"] =
      credentials === null || credentials.secret === "" ? anonymous : login(credentials.username, credentials.secret);
    const file = caseOf(`${image.namespace}/${image.repository}${selector}`, [as]);
    if (file.reference.kind !== "valid") throw new Error("no reference");
    const { reference } = file.reference;
    const places = hosts
      .map(({ host, path = "/v2", capabilities = ["pull", "resolve"] }): RegistryHost => {
        return { scheme: "https", host, path, capabilities };
      })
      .filter(({ capabilities }) => canDo(capabilities, selector.startsWith("@") ? ["pull"] : ["pull", "resolve"]));
    if (places.length === 0) return expect(wanted.error).toMatch(/^no (?:resolve|pull) hosts/);
    const nodeConfig = async () => ({ sources: places.map((host) => ({ reference, host })) });
    const settings = { ...played.settings, nodeConfig, trustedRealms: ["t.example.com"] };
    const judged = await judge(settings, file);

    const seen = asked(played.server.seen.map(({ host, path }) => `https://${host}${path}`));
    for (const each of asked(wanted.requests.map(({ url }) => url))) expect(seen).toContain(each);
    const { stations, reported } = nodesWay(judged.file);
    expect(stations.map(({ probe }) => hostAsked(probe))).toEqual(places.map(({ host }) => host));
    // containerd offers a pull secret to mirrors, too; the probe does not.
    const own = requestHost(image.namespace);
    if (wanted.requests.some(({ url, authorization }) => authorization !== null && new URL(url).host !== own)) return;
    const granted = stations.find(({ probe }) => probe.answer.kind === "granted");
    if (wanted.error === null) {
      expect(granted && hostAsked(granted.probe)).toBe(wanted.host);
      return;
    }
    expect(granted).toBeUndefined();
    const status = reported?.probe.answer.kind === "refused" ? reported.probe.answer.words.status : undefined;
    if (wanted.error.endsWith(": not found")) expect(status).toBe(404);
    else if (wanted.error.startsWith("pull access denied")) expect(status).toBe(401);
    else {
      const url = /https?:\/\/\S+/.exec(wanted.error)?.[0] ?? "";
      expect(reported && hostAsked(reported.probe)).toBe(new URL(url.replace(/[":]+$/, "")).host);
    }
  });
});
