import { describe, expect, test } from "vitest";
import { objectsIn, redactSecrets, withoutNoise } from "./story-objects.ts";

function secret(name: string, text: string, key = ".dockerconfigjson") {
  return { kind: "Secret", metadata: { name }, data: { [key]: Buffer.from(text).toString("base64") } };
}

function textOf(object: unknown): string {
  const { data } = JSON.parse(JSON.stringify(object));
  return Buffer.from(String(Object.values(data ?? {})[0]), "base64").toString("utf8");
}

describe("making a story of a cluster", () => {
  test("finds the objects of lists in lists", () => {
    const list = { kind: "List", items: [{ kind: "PodList", items: [{ kind: "Pod" }] }, { kind: "Event" }] };
    expect(objectsIn([list]).map((object) => object["kind"])).toEqual(["Pod", "Event"]);
  });

  test("leaves out what no diagnosis reads and keeps every word of a status", () => {
    const pod = {
      kind: "Pod",
      metadata: { name: "web", managedFields: [{}], annotations: {} },
      spec: { containers: [{ name: "app", env: [{ name: "PASSWORD", value: "hunter2" }] }] },
      status: { containerStatuses: [{ state: { waiting: { message: "as it was" } } }] },
    };
    expect(withoutNoise(pod)).toEqual({
      kind: "Pod",
      metadata: { name: "web" },
      spec: { containers: [{ name: "app" }] },
      status: { containerStatuses: [{ state: { waiting: { message: "as it was" } } }] },
    });
  });

  test("exchanges logins, the same for the same, in both places of an entry", () => {
    const auth = Buffer.from("bob:hunter2").toString("base64");
    const config = JSON.stringify({
      auths: { "registry.example.com": { username: "bob", password: "hunter2 ", auth } },
    });
    const [first, second] = redactSecrets([secret("a", config), secret("b", config)]).map(textOf);
    expect(first).toBe(second);
    const entry = JSON.parse(first ?? "").auths["registry.example.com"];
    expect(entry).toMatchObject({ username: "user-1", password: "secret-1 " });
    expect(Buffer.from(entry.auth, "base64").toString()).toBe("user-1:secret-1");
  });

  test("keeps nothing of a payload that does not parse but its punctuation", () => {
    expect(textOf(redactSecrets([secret("a", '{"auths": {"h": {"password": "hunter2"')])[0])).toBe(
      '{"xxxxx": {"x": {"xxxxxxxx": "xxxxxxx"',
    );
  });

  test("drops the data of Secrets that hold no pull logins, and stringData", () => {
    const other = { ...secret("a", "hunter2", "password"), stringData: { password: "hunter2" } };
    expect(JSON.stringify(redactSecrets([other]))).not.toContain(Buffer.from("hunter2").toString("base64"));
    expect(JSON.stringify(redactSecrets([other]))).not.toContain("hunter2");
  });

  test("does not keep an auth value that is no base64 of user and password", () => {
    const config = JSON.stringify({ auths: { h: { auth: "aHVudGVyMg==" } } });
    expect(JSON.parse(textOf(redactSecrets([secret("a", config)])[0])).auths.h.auth).toBe("secret-1");
  });
});
