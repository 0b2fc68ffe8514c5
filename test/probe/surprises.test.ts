import { describe, expect, test } from "vitest";
import { anonymous, type Question } from "../../src/domain/probe.ts";
import { said } from "../../src/knowledge/evidence/example-parts.ts";
import { login } from "./support/asking.ts";
import { caseOf, judge, judgeAll, type PlayedHosts, playHosts } from "./support/judging.ts";
import { type Answers, type Reply, type Seen, smallImage } from "./support/odd-server.ts";

/** What surprises whoever asks registries, each as a whole run that must end in the right diagnosis. */

const ci = login("ci", "a-password-of-the-shop");
const basic = `Basic ${Buffer.from("ci:a-password-of-the-shop").toString("base64")}`;

function errors(code: string, message: string): object {
  return { errors: [{ code, message }] };
}

const denied401: Reply = { status: 401, body: errors("UNAUTHORIZED", "authentication required") };

interface Play {
  readonly host: string;
  /** `https://…`, or what the header says word for word. */
  readonly challenge: string;
  /** The token server's answer; `who` is how the request was authorised. */
  readonly token?: (seen: Seen & { readonly with: boolean; readonly scoped: boolean }) => Reply;
  /** The registry's answer to a manifest, asked with a token (or Basic) or with none. */
  readonly manifest?: (seen: Seen & { readonly token: string | undefined }) => Reply | undefined;
  readonly tags?: Reply;
  readonly realmPath?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const given = (token: string): Reply => ({ body: { token } });

/** A registry that challenges whoever comes without Authorization, with its token server under `realmPath`. */
function playing({ challenge, token, manifest, tags, realmPath = "/token", headers = {} }: Play): Answers {
  const reply = (seen: Seen): Reply => {
    const { pathname, searchParams } = new URL(seen.path, `https://${seen.host}`);
    const authorization = seen.headers.authorization;
    if (pathname === realmPath && !pathname.startsWith("/v2/shop")) {
      if (seen.method === "POST") return { status: 405 };
      const scoped = searchParams.has("scope");
      return token?.({ ...seen, with: authorization !== undefined, scoped }) ?? given("T");
    }
    if (pathname === "/v2/") return { status: 401, headers: { "www-authenticate": challenge } };
    if (pathname.includes("/manifests/")) {
      const own = manifest?.({ ...seen, token: authorization });
      if (own !== undefined) return own;
    }
    if (authorization === undefined) return { ...denied401, headers: { "www-authenticate": challenge } };
    if (pathname.endsWith("/tags/list")) return tags ?? denied401;
    return pathname.includes("/manifests/") ? smallImage : { status: 404 };
  };
  return (seen) => {
    const answer = reply(seen);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  };
}

async function play(spec: Play, more: readonly string[] = []): Promise<PlayedHosts> {
  return playHosts([spec.host, ...more], playing(spec));
}

async function verdict(
  played: PlayedHosts,
  image: string,
  as: Question["as"] = ci,
  parts: Parameters<typeof caseOf>[2] = {},
) {
  const { code, certainty, diagnosis, file } = await judge(
    played.settings,
    caseOf(image, as.kind === "login" ? [as] : [], parts),
  );
  return { verdict: `${code} ${certainty}`, code, certainty, diagnosis, file, seen: played.server.seen };
}

const hub = {
  host: "registry-1.docker.io",
  challenge:
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:shop/web:pull"',
} as const;
const hubHosts = ["auth.docker.io"];
const bearerOf = (host: string, rest = "") => `Bearer realm="https://${host}/token",service="${host}"${rest}`;
const insufficient = (challenge: string): Reply => ({
  ...denied401,
  headers: { "www-authenticate": `${challenge},error="insufficient_scope"` },
});

describe("1: Docker Hub's HEAD hides its limit", () => {
  test("a HEAD of 200 with nothing left is the limit that the kubelet meets", async () => {
    await using played = await play(
      {
        ...hub,
        manifest: ({ token }) =>
          token === undefined ? undefined : { ...smallImage, headers: { "ratelimit-remaining": "0;w=21600" } },
      },
      hubHosts,
    );
    const told = await verdict(played, "docker.io/shop/web:1", anonymous, { symptoms: [said("rate-limited")] });
    expect(told.verdict).toBe("rate-limited certain");
    const alone = await verdict(played, "docker.io/shop/web:1", anonymous, { symptoms: [said("cause-hidden")] });
    expect(alone.verdict).toBe("rate-limited likely");
  });
});

describe("2: a bad login breaks public images", () => {
  test.each([
    [
      "registry-1.docker.io",
      "docker.io/shop/web:1",
      { status: 401, body: { details: "incorrect username or password" } },
    ],
    ["ghcr.io", "ghcr.io/shop/web:1", { status: 403, body: errors("DENIED", "denied") }],
    ["public.ecr.aws", "public.ecr.aws/shop/web:1", { status: 400, body: "Bad Request" }],
    ["public.ecr.aws", "public.ecr.aws/shop/web:1", { status: 403, body: "Forbidden" }],
  ])("%s", async (host, image, refusal) => {
    await using played = await play(
      {
        host,
        challenge: host === hub.host ? hub.challenge : bearerOf(host),
        token: (asked) => (asked.with ? refusal : given("T")),
      },
      hubHosts,
    );
    expect((await verdict(played, image)).verdict).toBe("login-blocks-public-image certain");
  });
});

const harborChallenge = 'Bearer realm="https://harbor.shop.test/service/token",service="harbor-registry"';

describe("3: Harbor answers a wrong password with a token", () => {
  test.each([
    ["wrong", false, "credentials-rejected certain"],
    ["right", true, "access-denied-or-missing certain"],
  ])("a %s one is told by the token without scope", async (_name, good, wanted) => {
    await using played = await play({
      host: "harbor.shop.test",
      challenge: harborChallenge,
      realmPath: "/service/token",
      token: (asked) => (!asked.with || asked.scoped || good ? given("nobody") : denied401),
      manifest: ({ token }) =>
        token === undefined ? undefined : { ...denied401, headers: { "www-authenticate": 'Basic realm="harbor"' } },
    });
    expect((await verdict(played, "harbor.shop.test/shop/web:1")).verdict).toBe(wanted);
  });

  test("also where its first answer could be any registry's", async () => {
    await using played = await play({
      host: "harbor.shop.test",
      challenge: harborChallenge,
      realmPath: "/service/token",
      headers: { "docker-distribution-api-version": "registry/2.0" },
      manifest: ({ path }) => (path.includes("/shop/web/") ? { status: 404 } : undefined),
    });
    const files = ["web", "api"].map((name) => caseOf(`harbor.shop.test/shop/${name}:1`, [ci]));
    const [web, api] = await judgeAll(played.settings, ...files);
    expect([web, api].map((judged) => judged?.file.probes[0]?.dialect)).toEqual(["distribution", "harbor"]);
  });

  test("also where what is missing is answered by 404, at a host that nobody knows", async () => {
    await using played = await play({
      host: "harbor.shop.test",
      challenge: harborChallenge,
      realmPath: "/service/token",
      token: (asked) => (!asked.with || asked.scoped ? given("nobody") : denied401),
      manifest: ({ token }) =>
        token === undefined ? undefined : { status: 404, body: errors("NOT_FOUND", "artifact shop/web:1 not found") },
      tags: { body: { tags: ["2"] } },
    });
    const { file, code } = await verdict(played, "harbor.shop.test/shop/web:1");
    expect(file.probes.some(({ question }) => question.kind === "login")).toBe(true);
    expect(code).toBe("manifest-not-found");
  });
});

describe("4: a token without access is no password fault", () => {
  test.each([
    [hub.host, "docker.io/shop/web:1", hub.challenge],
    ["quay.io", "quay.io/shop/web:1", 'Bearer realm="https://quay.io/v2/auth",service="quay.io"'],
  ])("%s", async (host, image, challenge) => {
    await using played = await play(
      {
        host,
        challenge,
        realmPath: host === "quay.io" ? "/v2/auth" : "/token",
        manifest: ({ token }) => (token === undefined ? undefined : insufficient(challenge)),
      },
      hubHosts,
    );
    expect((await verdict(played, image)).verdict).toBe("access-denied-or-missing certain");
    expect((await verdict(played, image, anonymous)).verdict).toBe("access-denied-or-missing certain");
  });
});

const ecrHost = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const ecrChallenge = `Basic realm="https://${ecrHost}/",service="ecr.amazonaws.com"`;
const aws = login("AWS", "a-password-of-the-registry");

describe("5: statuses lie", () => {
  const arn =
    "User: arn:aws:iam::1:user/ci is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-central-1:2:repository/shop/web";
  test.each([
    [
      "an expired password is 403",
      403,
      "Your authorization token has expired. Reauthenticate and try again.",
      "credentials-expired certain",
    ],
    ["an invalid one is 403", 403, "Your Authorization Token is invalid.", "credentials-rejected certain"],
    ["or 400", 400, "", "credentials-rejected certain"],
    [
      "a right one without a right",
      403,
      `${arn} because no identity-based policy allows the ecr:BatchGetImage action`,
      "permission-denied certain",
    ],
    [
      "and in another account that may be a missing repository",
      403,
      `${arn} because no resource-based policy allows the ecr:BatchGetImage action`,
      "permission-denied likely",
    ],
    [
      "and a denial may be for our address alone",
      403,
      `${arn} with an explicit deny in a resource-based policy`,
      "permission-denied likely",
    ],
  ])("ECR: %s", async (_name, status, message, wanted) => {
    await using played = await play({
      host: ecrHost,
      challenge: ecrChallenge,
      manifest: ({ token }) =>
        token === undefined
          ? { status: 401, headers: { "www-authenticate": ecrChallenge }, body: "Not Authorized" }
          : { status, body: message === "" ? "" : errors("DENIED", message) },
    });
    const judged = await verdict(played, `${ecrHost}/shop/web:1`, aws);
    expect(judged.verdict).toBe(wanted);
    if (wanted.endsWith("likely"))
      expect(judged.diagnosis?.alternatives).toContain(
        message.includes("explicit deny") ? "ip-not-allowed" : "repository-not-found",
      );
  });

  test.each([
    ["IBM: a wrong password is 400", "us.icr.io", 400, "", "credentials-rejected certain"],
    ["GHCR: a wrong password is 403", "ghcr.io", 403, "denied", "credentials-rejected certain"],
    [
      "GHCR: a token without the scope is 403",
      "ghcr.io",
      403,
      "permission_denied: read_package",
      "permission-denied certain",
    ],
    [
      "Artifact Registry: what is missing is 403",
      "europe-docker.pkg.dev",
      403,
      'Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "x" (or it may not exist)',
      "access-denied-or-missing likely",
    ],
    [
      "Quay: a disabled namespace is 405",
      "quay.io",
      405,
      "Namespace shop has been disabled. Please contact a system administrator.",
      "registry-quota-or-billing certain",
    ],
  ])("%s", async (_name, host, status, message, wanted) => {
    await using played = await play({
      host,
      challenge: bearerOf(host),
      token: (asked) =>
        asked.with
          ? { status, body: message === "" ? "Bad Request" : errors("DENIED", message) }
          : { status: 401, body: errors("UNAUTHORIZED", "a login is wanted") },
    });
    expect((await verdict(played, `${host}/shop/web:1`)).verdict).toBe(wanted);
  });

  test("Harbor: a policy is 412, and no login helps", async () => {
    const message = "current image with 3 vulnerabilities cannot be pulled due to configured policy";
    await using played = await play({
      host: "harbor.shop.test",
      challenge: harborChallenge,
      realmPath: "/service/token",
      manifest: ({ token }) =>
        token === undefined ? undefined : { status: 412, body: errors("PROJECTPOLICYVIOLATION", message) },
    });
    expect((await verdict(played, "harbor.shop.test/shop/web:1")).verdict).toBe("registry-policy-blocked certain");
  });

  test.each([
    [{ body: { tags: ["2"] } }, "manifest-not-found certain"],
    [{ body: { tags: ["1", "2"] } }, "permission-denied certain"],
    [{ status: 403, body: errors("UNAUTHORIZED", "no") }, "access-denied-or-missing likely"],
  ])("Artifactory: 403 for a tag is told by the list of tags %j", async (tags, wanted) => {
    const message =
      "The client does not have permission for manifest: Download request for repo:path 'shop/web/1' is forbidden for user ci";
    await using played = await play({
      host: "artifacts.shop.test",
      challenge: bearerOf("artifacts.shop.test"),
      headers: { "x-jfrog-version": "Artifactory/7.90" },
      token: (asked) => (asked.with && !asked.scoped ? { status: 500 } : given("T")),
      manifest: ({ token }) =>
        token === undefined ? undefined : { status: 403, body: errors("UNAUTHORIZED", message) },
      tags,
    });
    expect((await verdict(played, "artifacts.shop.test/shop/web:1")).verdict).toBe(wanted);
  });

  test("OCIR: a wrong login is told that it is nobody", async () => {
    const host = "fra.ocir.io";
    const nobody = {
      status: 403,
      body: errors("DENIED", "Anonymous users are only allowed read access on public repos"),
    };
    await using played = await play({
      host,
      challenge: bearerOf(host),
      token: (asked) => (asked.with ? nobody : given("T")),
      manifest: ({ token }) => (token === undefined ? undefined : nobody),
    });
    expect((await verdict(played, `${host}/shop/web:1`)).verdict).toBe("credentials-rejected certain");
    expect((await verdict(played, `${host}/shop/web:1`, anonymous)).verdict).toBe("access-denied-or-missing certain");
  });
});

describe("6: /v2/ proves nothing", () => {
  test("Artifactory is open at /v2/, and hides what is not for nobody", async () => {
    await using played = await playHosts(["artifacts.shop.test"], ({ path }) => {
      const headers = { "x-jfrog-version": "Artifactory/7.90" };
      if (path === "/v2/") return { headers, body: {} };
      return { status: 404, headers, body: errors("NAME_UNKNOWN", "repository name not known to registry") };
    });
    const judged = await verdict(played, "artifacts.shop.test/shop/web:1", anonymous);
    expect(judged.code).toBe("access-denied-or-missing");
    expect(played.server.seen.filter(({ path }) => path === "/v2/")).toEqual([]);
  });

  test("Artifactory's bare 404 is not surely a missing tag while its tags are hidden", async () => {
    await using played = await play({
      host: "artifacts.shop.test",
      challenge: bearerOf("artifacts.shop.test"),
      headers: { "x-jfrog-version": "Artifactory/7.90" },
      manifest: ({ token }) =>
        token === undefined
          ? undefined
          : { status: 404, body: errors("MANIFEST_UNKNOWN", "The named manifest is not known to the registry.") },
      tags: { status: 404, body: errors("NAME_UNKNOWN", "repository name not known to registry") },
    });
    const judged = await verdict(played, "artifacts.shop.test/shop/web:1");
    expect(judged.verdict).toBe("manifest-not-found likely");
    expect(judged.diagnosis?.alternatives).toEqual(
      expect.arrayContaining(["repository-not-found", "access-denied-or-missing"]),
    );
  });

  test("Nexus with anonymous access takes any login, so that its token server takes it says nothing", async () => {
    const host = "nexus.shop.test";
    await using played = await play({
      host,
      challenge: bearerOf(host),
      headers: { server: "Nexus/3.89.0-01 (PRO)" },
      manifest: ({ token }) => (token === undefined ? undefined : insufficient(bearerOf(host))),
    });
    const judged = await verdict(played, `${host}/shop/web:1`);
    expect(judged.verdict).toBe("access-denied-or-missing likely");
    expect(judged.diagnosis?.alternatives).toContain("credentials-rejected");
  });

  test("GHCR's /v2/ names a placeholder, and nobody asks for it", async () => {
    const host = "ghcr.io";
    const placeholder = bearerOf(host, ',scope="repository:user/image:pull"');
    await using played = await playHosts([host], ({ path, headers, method }) => {
      const { pathname, searchParams } = new URL(path, `https://${host}`);
      if (pathname === "/v2/") return { status: 401, headers: { "www-authenticate": placeholder } };
      if (pathname === "/token") {
        if (method === "POST") return { status: 405 };
        const scopes = searchParams.getAll("scope").join(" ");
        return scopes === "repository:shop/web:pull" ? given("T") : { status: 403, body: errors("DENIED", "denied") };
      }
      return headers.authorization === "Bearer T" ? smallImage : { status: 401 };
    });
    expect((await verdict(played, `${host}/shop/web:1`)).code).toBe("answers-now");
  });
});

describe("7: GitLab changed", () => {
  const gitlab = {
    host: "registry.gitlab.com",
    challenge:
      'Bearer realm="https://gitlab.com/jwt/auth",service="container_registry",scope="repository:shop/web:pull",error="invalid_token"',
    realmPath: "/jwt/auth",
  } as const;

  test.each([
    [
      "401 is a wrong password",
      401,
      errors("UNAUTHORIZED", "HTTP Basic: Access denied."),
      undefined,
      "credentials-rejected certain",
    ],
    ["403 may be a wrong password", 403, errors("DENIED", "access forbidden"), false, "credentials-rejected certain"],
    [
      "403 may be a lack of access",
      403,
      errors("DENIED", "access forbidden"),
      true,
      "access-denied-or-missing certain",
    ],
  ])("%s", async (_name, status, body, good, wanted) => {
    await using played = await play(
      {
        ...gitlab,
        token: (asked) => {
          if (!asked.with || (good === true && !asked.scoped)) return given("T");
          return { status, body };
        },
        manifest: ({ token }) => (token === undefined ? undefined : insufficient(gitlab.challenge)),
      },
      ["gitlab.com"],
    );
    expect((await verdict(played, "registry.gitlab.com/shop/web:1")).verdict).toBe(wanted);
  });
});

describe("8: challenges are odd", () => {
  test.each([
    [
      "unquoted, IBM",
      "cp.icr.io",
      "Bearer realm=https://cp.icr.io/token, service=registry, scope=repository:cp/x:pull",
    ],
    [
      "two on one line, Codeberg",
      "codeberg.org",
      'Bearer realm="https://codeberg.org/token",service="container_registry",scope="*",Basic realm="https://codeberg.org/v2"',
    ],
    ["without a service, NGC", "nvcr.io", 'Bearer realm="https://nvcr.io/token",scope="repository:shop/web:pull"'],
    [
      "a realm with a query of its own",
      "shop.pkg.coding.net",
      'Bearer realm="https://shop.pkg.coding.net/token?host=shop.pkg.coding.net",service="docker"',
    ],
    [
      "scope aws, ECR Public",
      "public.ecr.aws",
      'Bearer realm="https://public.ecr.aws/token",service="public.ecr.aws",scope="aws"',
    ],
    ["BASIC in capitals, Nexus", "nexus.shop.test", 'BASIC realm="Sonatype Nexus Repository Manager"'],
  ])("%s", async (_name, host, challenge) => {
    await using played = await play({ host, challenge });
    const judged = await verdict(played, `${host}/shop/web:1`);
    expect(judged.verdict).toBe("answers-now certain");
    const logins = judged.seen.filter(
      ({ headers, body }) => headers.authorization?.startsWith("Basic ") || body !== "",
    );
    expect(logins.length).toBeGreaterThan(0);
    if (challenge.includes("?host=")) expect(logins.at(-1)?.path).toContain("host=shop.pkg.coding.net");
  });

  test("absent on the manifest, Google: that of /v2/ is taken", async () => {
    await using played = await play({
      host: "gcr.io",
      challenge: bearerOf("gcr.io"),
      manifest: ({ token }) => (token === undefined ? { status: 401 } : undefined),
    });
    expect((await verdict(played, "gcr.io/shop/web:1")).verdict).toBe("answers-now certain");
  });

  test("T4: another realm once a token is refused, NGC: one more token, and no third", async () => {
    const first = 'Bearer realm="https://nvcr.io/token",scope="repository:shop/web:pull"';
    const other = 'Bearer realm="https://authn.nvidia.com/token",service="registry",error="invalid_token"';
    const answers = playing({
      host: "nvcr.io",
      challenge: first,
      token: ({ host }) => given(host === "nvcr.io" ? "old" : "new"),
      manifest: ({ token }) =>
        token === "Bearer old"
          ? { status: 401, headers: { "www-authenticate": other }, body: "<html>401</html>" }
          : undefined,
    });
    await using played = await playHosts(["nvcr.io", "authn.nvidia.com"], answers);
    const judged = await verdict(played, "nvcr.io/shop/web:1", login("$oauthtoken", "an-api-key-of-the-shop"));
    expect(judged.verdict).toBe("answers-now certain");
    expect(judged.seen.filter(({ headers, path }) => path.startsWith("/token") && headers.authorization).length).toBe(
      2,
    );
  });
});

describe("9: the realm is often on another host", () => {
  test.each([
    ["registry.gitlab.com", "gitlab.com"],
    ["registry.digitalocean.com", "api.digitalocean.com"],
    ["registry.cn-shanghai.aliyuncs.com", "dockerauth.cn-hangzhou.aliyuncs.com"],
    ["nvcr.io", "authn.nvidia.com"],
  ])("%s is opened by way of %s", async (host, realm) => {
    await using played = await play({ host, challenge: `Bearer realm="https://${realm}/token",service="${host}"` }, [
      realm,
    ]);
    const judged = await verdict(played, `${host}/shop/web:1`);
    expect(judged.verdict).toBe("answers-now certain");
    expect(judged.seen.some(({ host: at, headers }) => at === realm && headers.authorization === basic)).toBe(true);
  });

  test("and a stranger's host is not trusted for being named", async () => {
    await using played = await play(
      { host: "registry.shop.test", challenge: 'Bearer realm="https://evil.test/token",service="x"' },
      ["evil.test"],
    );
    const { seen, file } = await verdict(played, "registry.shop.test/shop/web:1");
    expect(seen.filter(({ host, headers }) => host === "evil.test" && headers.authorization !== undefined)).toEqual([]);
    expect(file.probes.find(({ question }) => question.as.kind === "login")?.answer.kind).toBe("unasked");
  });
});

describe("10: bodies are of all shapes", () => {
  test.each([
    ["registry.redhat.io", errors("UNKNOWN", "Not Found"), { body: { tags: ["2"] } }, "manifest-not-found certain"],
    [
      "registry.redhat.io",
      errors("UNKNOWN", "Not Found"),
      { status: 404, body: errors("UNKNOWN", "Not Found") },
      "repository-not-found certain",
    ],
    [
      "gcr.io",
      "<!DOCTYPE html><html><body>Not Found</body></html>",
      { body: { tags: ["2"] } },
      "manifest-not-found certain",
    ],
    ["registry.shop.test", "", { body: { tags: ["2"] } }, "manifest-not-found certain"],
  ])("404 at %s with %j", async (host, body, tags, wanted) => {
    await using played = await play({
      host,
      challenge: bearerOf(host),
      manifest: ({ token }) => (token === undefined ? undefined : { status: 404, body }),
      tags,
    });
    expect((await verdict(played, `${host}/shop/web:1`)).verdict).toBe(wanted);
  });
});

test("11: GHCR's wait is a Go duration in the message, and is not read as seconds", async () => {
  const limited: Reply = {
    status: 429,
    body: errors("TOOMANYREQUESTS", "retry-after: 985.86µs, allowed: 44000/minute"),
  };
  await using played = await play({
    host: "ghcr.io",
    challenge: bearerOf("ghcr.io"),
    manifest: ({ token }) => (token === undefined ? undefined : limited),
  });
  const judged = await verdict(played, "ghcr.io/shop/web:1", ci, { symptoms: [said("rate-limited")] });
  expect(judged.verdict).toBe("rate-limited certain");
  expect(judged.file.probes.every(({ answer }) => answer.kind !== "refused" || answer.retryAfter === undefined)).toBe(
    true,
  );
});

test.each([
  [
    "shop.azurecr.io",
    "client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
  ],
  ["us.icr.io", "Private-only access is enabled on this account, but this request was over the public network."],
])("12: the caller's place matters: what %s says to us is not certain of the node", async (host, message) => {
  await using played = await play({
    host,
    challenge: bearerOf(host),
    manifest: () => ({ status: 403, body: errors("DENIED", message) }),
  });
  expect((await verdict(played, `${host}/shop/web:1`)).verdict).toBe("ip-not-allowed likely");
});

test("13: layers come from another host, which is named where it cannot be reached", async () => {
  const config = { digest: `sha256:${"a".repeat(64)}`, mediaType: "application/vnd.oci.image.config.v1+json", size: 2 };
  const image: Reply = {
    ...smallImage,
    body: { schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config, layers: [] },
  };
  await using played = await playHosts(["ghcr.io"], ({ path }) =>
    path.includes("/blobs/")
      ? { status: 307, headers: { location: "https://pkg-containers.githubusercontent.com/blob?sig=secret" } }
      : image,
  );
  const judged = await verdict(played, "ghcr.io/shop/web:1", anonymous, { symptoms: [said("cause-hidden")] });
  expect(judged.verdict).toBe("blob-store-blocked likely");
  expect(judged.diagnosis?.title).toContain("pkg-containers.githubusercontent.com");
  expect(JSON.stringify(judged.diagnosis)).not.toContain("sig=secret");
});

test("14: a probe can do harm: a refused login goes out once, for any number of images", async () => {
  const host = "registry.gitlab.com";
  await using played = await play(
    {
      host,
      challenge: 'Bearer realm="https://gitlab.com/jwt/auth",service="container_registry"',
      realmPath: "/jwt/auth",
      token: (asked) =>
        asked.with ? { status: 401, body: errors("UNAUTHORIZED", "HTTP Basic: Access denied.") } : given("T"),
      manifest: ({ token }) => (token === undefined ? undefined : denied401),
    },
    ["gitlab.com"],
  );
  const files = ["web", "api", "worker", "cron"].map((name) => caseOf(`${host}/shop/${name}:1`, [ci]));
  await judgeAll(played.settings, ...files);
  expect(played.server.seen.filter(({ headers }) => headers.authorization === basic)).toHaveLength(1);
});

test("14: nor are many logins tried where refusals get an address banned", async () => {
  const host = "registry.gitlab.com";
  await using played = await play(
    {
      host,
      challenge: 'Bearer realm="https://gitlab.com/jwt/auth",service="container_registry"',
      realmPath: "/jwt/auth",
      token: (asked) =>
        asked.with ? { status: 401, body: errors("UNAUTHORIZED", "HTTP Basic: Access denied.") } : given("T"),
      manifest: ({ token }) => (token === undefined ? undefined : denied401),
    },
    ["gitlab.com"],
  );
  const logins = ["one", "two", "three", "four", "five"].map((name) => login(name, `password-of-${name}`));
  const judged = await judge(played.settings, caseOf(`${host}/shop/web:1`, logins));
  expect(played.server.seen.filter(({ headers }) => headers.authorization?.startsWith("Basic "))).toHaveLength(3);
  expect([judged.code, judged.certainty]).toEqual(["credentials-rejected", "likely"]);
  expect(judged.file.probes.filter(({ answer }) => answer.kind === "unasked")).toHaveLength(2);
});

describe("16: a cache passes its upstream's limit on", () => {
  test("and a login for the cache is no remedy", async () => {
    const host = "shop.azurecr.io";
    await using played = await play({
      host,
      challenge: bearerOf(host),
      manifest: ({ token }) =>
        token === undefined
          ? undefined
          : {
              status: 429,
              body: errors("TOOMANYREQUESTS", "too many requests to source registry for cache rule 'hub'"),
            },
    });
    const judged = await verdict(played, `${host}/shop/web:1`, ci, { symptoms: [said("rate-limited")] });
    expect(judged.code).toBe("rate-limited");
    expect(judged.diagnosis?.remedies.map(({ title, command }) => `${title} ${command ?? ""}`).join("\n")).not.toMatch(
      /create secret|pull secret/i,
    );
  });
});

test("17: the event's text is the last error, often nobody's: the registry's own answer to the login is believed", async () => {
  const host = "shop.azurecr.io";
  await using played = await play({
    host,
    challenge: bearerOf(host),
    token: (asked) => (asked.with ? given("T") : denied401),
    manifest: ({ token }) =>
      token === undefined
        ? undefined
        : { status: 404, body: errors("MANIFEST_UNKNOWN", 'manifest tagged by "1" is not found') },
    tags: { body: { tags: ["2"] } },
  });
  const judged = await verdict(played, `${host}/shop/web:1`, ci, { symptoms: [said("unauthorized")] });
  expect(judged.code).toBe("manifest-not-found");
});

test("18: Docker Hub's page for embargoed places is no fault of a login", async () => {
  const page =
    "<html><body><h1>403 Forbidden</h1>Since Docker is a US company, we must comply with US export control regulations.</body></html>";
  await using played = await playHosts([hub.host], () => ({
    status: 403,
    headers: { "content-type": "text/html" },
    body: page,
  }));
  const judged = await verdict(played, "docker.io/shop/web:1", ci, { symptoms: [said("cause-hidden")] });
  expect(judged.verdict).toBe("geo-or-legal-block likely");
});
