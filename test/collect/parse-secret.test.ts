import { describe, expect, test } from "vitest";
import { parseSecret } from "../../src/collect/parse-secret.ts";

const secret = (metadata: object, rest: object = {}) =>
  parseSecret({ kind: "Secret", metadata: { name: "regcred", namespace: "shop", ...metadata }, ...rest });

describe("who may put back a Secret that is changed by hand", () => {
  test("its owner, or else whoever the well-known label names", () => {
    const ownerReferences = [{ kind: "ExternalSecret", name: "pull", uid: "1", controller: true }];
    const labels = { "app.kubernetes.io/managed-by": "Helm" };
    expect(secret({ ownerReferences, labels })?.managedBy).toBe("ExternalSecret pull");
    expect(secret({ labels })?.managedBy).toBe("Helm");
  });

  test("near misses: nobody is named, or not as text", () => {
    expect(secret({})?.managedBy).toBeUndefined();
    expect(secret({ ownerReferences: [], labels: { app: "web" } })?.managedBy).toBeUndefined();
    expect(secret({ ownerReferences: [{ kind: 5 }], labels: { "app.kubernetes.io/managed-by": "" } })?.managedBy).toBe(
      undefined,
    );
  });
});

test("payloads are sealed, and what is no text is left out", () => {
  const parsed = secret({}, { type: "Opaque", data: { a: "eA==", b: 5, c: null }, stringData: { d: "plain" } });
  expect([...(parsed?.data ?? [])].map(([key, sealed]) => [key, String(sealed)])).toEqual([
    ["a", "[redacted]"],
    ["c", "[redacted]"],
    ["d", "[redacted]"],
  ]);
  expect(parseSecret({ kind: "Secret" })).toBeUndefined();
});
