import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recogniseFailure, recogniseText } from "../../src/interpret/recognise-failure.ts";
import { causeByCode } from "../../src/knowledge/causes/index.ts";

const cases = readFileSync(new URL("./failure-texts.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [code = "", reason = "", ...text] = line.split(" | ");
    return [code.trim(), reason.trim(), text.join(" | ").replace(/(errors:|denied|required)\\n/g, "$1\n")] as const;
  });

describe("texts of every runtime", () => {
  test.each(cases)("%s: %s %s", (code, reason, text) => {
    expect(recogniseText(text, reason).code).toBe(code);
  });
});

const containerd = (words: string): string =>
  `rpc error: code = Unknown desc = failed to pull and unpack image "reg.test/shop/web:1": failed to resolve reference "reg.test/shop/web:1": ${words}`;

describe("the coat a text comes in does not change what it says", () => {
  const inner = containerd(
    'failed to do request: Head "https://reg.test/v2/shop/web/manifests/1": dial tcp 192.0.2.9:443: i/o timeout',
  );
  const coats: Record<string, string> = {
    event: `Failed to pull image "reg.test/shop/web:1": ${inner}`,
    "combined event": `(combined from similar events): Failed to pull image "reg.test/shop/web:1": ${inner}`,
    waiting: inner,
    "waiting in back-off": `Back-off pulling image "reg.test/shop/web:1": ErrImagePull: ${inner}`,
    "kubelet log": `E0101 12:00:00.000000 1 remote_image.go:180] "PullImage from image service failed" err=${JSON.stringify(inner)} image="reg.test/shop/web:1"`,
    "kubelet log, quoted twice": `"Error syncing pod, skipping" err=${JSON.stringify(`failed to "StartContainer" for "web" with ErrImagePull: ${JSON.stringify(inner)}`)} pod="shop/web-0"`,
    "old FailedSync": `Error syncing pod, skipping: failed to "StartContainer" for "web" with ErrImagePull: ${JSON.stringify(inner)}`,
    "containerd log": `time="2026-01-01T00:00:00Z" level=error msg="PullImage \\"reg.test/shop/web:1\\" failed" error=${JSON.stringify(inner)}`,
    "escaped by a log shipper": JSON.stringify(`Failed to pull image "reg.test/shop/web:1": ${inner}`).slice(1, -1),
    crictl: `E0101 remote_image.go:238] FATA[0030] pulling image: ${inner}`,
    sandbox: `Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = failed to get sandbox image "reg.test/shop/web:1": failed to pull image "reg.test/shop/web:1": ${inner}`,
  };
  test.each(Object.entries(coats))("%s", (_, text) => {
    const symptom = recogniseText(text);
    expect(symptom.code).toBe("connect-timeout");
    expect(symptom.quote).toBe("dial tcp 192.0.2.9:443: i/o timeout");
    expect(symptom.facts).toMatchObject({ host: "reg.test", address: "192.0.2.9:443", image: "reg.test/shop/web:1" });
  });
});

describe("what text leaves open stays open", () => {
  test("an umbrella names its members", () => {
    const symptom = recogniseText(
      containerd("unexpected status from HEAD request to https://reg.test/v2/shop/web/manifests/1: 401 Unauthorized"),
    );
    expect(symptom.code).toBe("unauthorized");
    expect(symptom.alternatives).toEqual(
      expect.arrayContaining([
        "credentials-missing",
        "credentials-rejected",
        "credentials-expired",
        "permission-denied",
      ]),
    );
  });

  test("a cut text is unknown, and what is left of it is quoted", () => {
    const symptom = recogniseText(containerd('failed to do request: Head "https://reg.te'));
    expect(symptom.code).toBe("unknown");
    expect(symptom.quote).toBe('Head "https://reg.te');
  });

  test("every cut of a text gives what the whole gives, an umbrella, or unknown", () => {
    const whole = `Failed to pull image "reg.test/shop/web:1": ${containerd('failed to do request: Head "https://reg.test/v2/shop/web/manifests/1": dial tcp: lookup reg.test on 192.0.2.53:53: no such host')}`;
    const codes = new Set<string>();
    for (let length = 0; length <= whole.length; length++) {
      codes.add(recogniseText(whole.slice(0, length), "Failed").code);
    }
    expect([...codes].sort()).toEqual(["dns-nxdomain", "unknown"]);
  });

  test("no certainty above likely, save where the kubelet is the source", () => {
    const kubelet = new Set(["invalid-image-name", "pull-policy-never", "pull-qps-exceeded", "pull-secret-missing"]);
    for (const [, reason, text] of cases) {
      const { code, certainty } = recogniseText(text, reason);
      expect(certainty === "certain" && !kubelet.has(code), `${code}: ${text}`).toBe(false);
    }
  });

  test("the kubelet's own refusals are certain", () => {
    expect(recogniseText('Container image "reg.test/web:1" is not present with pull policy of Never').certainty).toBe(
      "certain",
    );
    expect(recogniseText('Failed to pull image "reg.test/web:1": pull QPS exceeded').certainty).toBe("certain");
    expect(recogniseText("Error: InvalidImageName").certainty).toBe("certain");
  });

  test("a network failure at a mirror does not exclude the mirror", () => {
    const symptom = recogniseText(
      'failed to resolve reference "docker.io/library/web:1": failed to do request: Head "https://mirror.test/v2/library/web/manifests/1?ns=docker.io": dial tcp 192.0.2.9:443: connect: connection refused',
    );
    expect(symptom.code).toBe("connect-refused");
    expect(symptom.alternatives).toContain("mirror-failed");
    expect(symptom.facts.foreignHost).toBe("mirror");
  });
});

test.each(["unknown", "unavailable", "failed precondition", "not implemented", "aborted", "unauthenticated"])(
  "the class %s behind an error is no part of it",
  (errorClass) => {
    const head = 'failed to do request: Head "https://reg.test/v2/shop/web/manifests/1": ';
    for (const words of ["EOF", "Service Unavailable", "context deadline exceeded"])
      expect(recogniseText(`${containerd(head + words)}: ${errorClass}`).code).toBe(
        recogniseText(containerd(head + words)).code,
      );
    expect(recogniseText(`${containerd("reg.test/shop/web:1: not found")}: ${errorClass}`).code).toBe(
      "manifest-not-found",
    );
  },
);

test("not found behind another status is the class of the error", () => {
  const text = containerd(
    "unexpected status from HEAD request to https://reg.test/v2/shop/web/manifests/1: 500 Internal Server Error: not found",
  );
  expect(recogniseText(text).code).toBe("registry-server-error");
});

test.each([
  ["404 Not Found", "manifest-not-found"],
  ["429 Too Many Requests", "rate-limited"],
  ["500 Internal Server Error", "registry-server-error"],
  ["403 Forbidden", "permission-denied"],
])("a bare code in the line below a status does not change what the status says: %s", (status, code) => {
  const text = containerd(`unexpected status from HEAD request to https://reg.test/v2/shop/web/manifests/1: ${status}`);
  expect(recogniseText(`${text}\ndenied`).code).toBe(code);
});

describe("a text that was cut short", () => {
  test("seldom seems to say what the whole does not", () => {
    let cuts = 0;
    const misled: string[] = [];
    for (const [, reason, text] of cases) {
      const whole = recogniseText(text, reason);
      const fitting = new Set([whole.code, ...whole.alternatives, "unknown", "cause-hidden"]);
      for (let length = 20; length < text.length; length += 5) {
        const { code, alternatives } = recogniseText(text.slice(0, length), reason);
        cuts += 1;
        if (!fitting.has(code) && !alternatives.includes(whole.code)) misled.push(`${whole.code} as ${code}`);
      }
    }
    expect(misled.length / cuts, [...new Set(misled)].join(", ")).toBeLessThan(0.025);
  });

  test.each([
    'Failed to pull image "reg.test/toomanyrequests',
    'Failed to pull image "reg.test/toomanyrequests:1"',
    containerd("reg.test/shop/we"),
    containerd('failed to do request: Head "https://unauthorized.reg.te'),
    containerd('failed to do request: Head "https://reg.test/v2/shop/web/manifests/1": tls: fai'),
    'E1 kuberuntime_manager.go:1341] "Unhandled Error" err="container &Container{Name:i,Image:reg.test/web:1,Env:[{Name:A,Value:connection refused',
  ])("%s", (text) => {
    expect(recogniseText(text).code).toMatch(/^(?:unknown|cause-hidden)$/);
  });
});

describe("several tries in one text", () => {
  test("a login that was refused tells more than none that was sent, whichever came first", () => {
    const token = (kind: string) =>
      containerd(
        `failed to authorize: failed to fetch ${kind} token: unexpected status from GET request to https://reg.test/token: 401 Unauthorized`,
      );
    for (const tries of [
      [token("oauth"), token("anonymous")],
      [token("anonymous"), token("oauth")],
    ])
      expect(recogniseText(`Failed to pull image "reg.test/shop/web:1": [${tries.join(", ")}]`).code).toBe(
        "credentials-rejected",
      );
  });

  const refused = 'Get "https://reg.test/v2/shop/web/manifests/1": unauthorized: authentication required';

  test("a trailing 401 does not hide a timeout", () => {
    const symptom = recogniseText(
      `Failed to pull image "reg.test/shop/web:1": [${containerd('failed to do request: Head "https://reg.test/v2/": dial tcp 192.0.2.9:443: i/o timeout')}, rpc error: code = Unknown desc = Error response from daemon: ${refused}]`,
    );
    expect(symptom.code).toBe("connect-timeout");
    expect(symptom.alternatives).toContain("unauthorized");
  });

  test("nor does a leading one", () => {
    const timeout = 'failed to do request: Head "https://reg.test/v2/": dial tcp 192.0.2.9:443: i/o timeout';
    const symptom = recogniseText(
      `[rpc error: code = Unknown desc = Error response from daemon: ${refused}, ${containerd(timeout)}]`,
    );
    expect(symptom.code).toBe("connect-timeout");
  });

  test("among logins, the first counts", () => {
    const symptom = recogniseText(
      `[${containerd("failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://reg.test/token: 401 Unauthorized")}, ${containerd("failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://reg.test/token: 401 Unauthorized")}]`,
    );
    expect(symptom.code).toBe("credentials-rejected");
    expect(symptom.facts.login).toBe("with");
    expect(symptom.alternatives).toContain("credentials-missing");
  });

  test("mirrors are blamed, and the registry's own answer is an alternative", () => {
    const symptom = recogniseText(
      "initializing source docker://reg.test/web:1: (Mirrors also failed: [mirror.test/web:1: reading manifest 1 in mirror.test/web: manifest unknown]): reg.test/web:1: reading manifest 1 in reg.test/web: unauthorized: authentication required",
    );
    expect(symptom.code).toBe("mirror-failed");
    expect(symptom.alternatives).toEqual(expect.arrayContaining(["unauthorized", "manifest-not-found"]));
  });

  test("of image and artifact, the image's error counts", () => {
    const symptom = recogniseText(
      'Failed to pull image "reg.test/web:1": unable to pull image or OCI artifact: pull image err: initializing source docker://reg.test/web:1: reading manifest 1 in reg.test/web: toomanyrequests: slow down; artifact err: image reference: reference is a container image, not an OCI artifact',
    );
    expect(symptom.code).toBe("rate-limited");
  });
});

describe("a text that a console or a mail has broken into lines", () => {
  test.each([
    [
      "short-name-unresolved",
      'Failed to inspect image "": rpc error: code = Unknown desc = short-name\n"web:1" did not resolve to an alias and no\nunqualified-search registries are defined in "/etc/containers/registries.conf"',
    ],
    [
      "blob-store-blocked",
      "docker: unknown: failed to copy: httpReadSeeker: failed open: unexpected status\nfrom GET request to https://production.cloudfront.docker.com/registry-v2/x/data?verify=1: 403 Forbidden",
    ],
    // As they stand, these say something else.
    [
      "disk-full",
      'Error: committing the finished image: adding layer with blob\n"sha256:0a0b0c0d0e0f0a0b0c0d0e0f": write /usr/bin/shop: no space left\non device',
    ],
    [
      "local-store-corrupt",
      'Failed to pull image "reg.test/shop/web:1": rpc error: code = Unknown desc =\nfailed to unpack image on snapshotter overlayfs: content digest\nsha256:0a0b0c0d0e0f0a0b0c0d0e0f0a0b0c0d0e0f0a0b0c0d0e0f0a0b0c0d0e0f0a0b: not\nfound',
    ],
    [
      "unpack-userns-ids",
      "Error: writing blob: adding layer with blob: unpacking failed (error: exit s\ntatus 1; output: potentially insufficient UIDs or GIDs available in user nam\nespace (requested 0:12 for /var/mail): lchown /var/mail: invalid argument)",
    ],
  ])("%s", (code, text) => {
    expect(recogniseText(text).code).toBe(code);
  });

  test("a registry's list of errors is written in lines", () => {
    const list =
      "Error reading manifest 1 in docker.io/shop/web: errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n";
    expect(recogniseText(list).code).toBe("access-denied-or-missing");
  });

  test("that tells something as it stands is read as it stands", () => {
    const { quote } = recogniseText(
      containerd(
        "unexpected status from GET request to https://reg.test/v2/shop/web/manifests/1: 429 Too Many Requests\ntoomanyrequests: slow down",
      ),
    );
    expect(quote).toContain("\n");
  });
});

test("CRI-O's word for every 401 of a token server proves no login", () => {
  const symptom = recogniseText(
    "initializing source docker://reg.test/web:1: unable to retrieve auth token: invalid username/password: unauthorized: authentication required",
  );
  expect(symptom.code).toBe("credentials-rejected");
  expect(symptom.alternatives).toContain("credentials-missing");
  expect(symptom.facts.login).toBeUndefined();
});

describe("hostile text", () => {
  const fragments = fc.constantFrom(
    ": ",
    "\n",
    '"',
    '\\"',
    "\\",
    "(",
    "[",
    "]",
    ", ",
    "rpc error: code = Unknown desc = ",
    'Get "https://a.test/v2/": ',
    "Error: ",
    "failed to copy: ",
    "(Mirrors also failed: [",
    "]): ",
    "pull image err: ",
    "; artifact err: ",
    'err="',
    "lookup a on b: ",
    "401 Unauthorized",
    "unexpected status code https://u:p@a.test/?x=y: ",
    "__proto__",
    "constructor",
    '{"message":"',
    "\u0000",
    "\u200b",
    "ErrImagePull: ",
    "Back-off pulling image ",
    "Failed to pull image ",
    "image pull failed for x because the registry is unavailable: ",
    "2 errors occurred while pulling:\n * ",
    "sha256:",
    "not found",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.oneof(fragments, fc.string({ maxLength: 8 })), { maxLength: 60 }).map((parts) => parts.join("")),
  );

  test("is always answered, with codes of the catalogue and a bounded quote", () => {
    fc.assert(
      fc.property(text, fc.string({ maxLength: 12 }), (message, reason) => {
        const symptom = recogniseFailure({ source: "status", reason, message });
        expect(causeByCode.has(symptom.code)).toBe(true);
        expect(symptom.alternatives.every((code) => causeByCode.has(code) && code !== symptom.code)).toBe(true);
        expect(symptom.quote.length).toBeLessThanOrEqual(500);
      }),
      { numRuns: 2_000 },
    );
  });

  test("keeps what opens a layer, and a login in a URL, out of the quote", () => {
    const text = 'request to "https://cdn.test/layer?X-Signature=geheim" and https://user:wort@reg.test/v2/ went wrong';
    expect(recogniseText(text).quote).toBe('request to "https://cdn.test/layer?…" and https://reg.test/v2/ went wrong');
  });

  test("keeps query and userinfo of a URL out of the facts", () => {
    const { facts } = recogniseText(
      "failed to copy: httpReadSeeker: failed open: unexpected status code https://user:word@reg.test/v2/web/blobs/sha256:0a?sig=geheim: 500 Internal Server Error",
    );
    expect(facts.url).toBe("https://reg.test/v2/web/blobs/sha256:0a");
    expect(JSON.stringify(facts)).not.toMatch(/geheim|word/);
  });
});
