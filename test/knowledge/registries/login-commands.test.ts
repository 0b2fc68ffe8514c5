import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { registries } from "../../../src/knowledge/registries/index.ts";
import { adviceFor, loginCommand, newLoginRemedies } from "../../../src/knowledge/registries/login-commands.ts";
import type { Dialect, SecretRequest } from "../../../src/knowledge/registries/registry.ts";
import { shellWord } from "../../../src/knowledge/registries/shell-word.ts";

function dialect(id: string): Dialect {
  const found = registries.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no dialect ${id}`);
  return found;
}

const request = (host: string, more: Partial<SecretRequest> = {}): SecretRequest => ({
  host,
  namespace: "shop",
  secret: "regcred",
  repository: "acme/web",
  ...more,
});

/** The command of the remedy that makes the pull secret anew. */
function secretCommand(dialect: Dialect, request: SecretRequest): string {
  return newLoginRemedies(dialect, request)[0]?.command ?? "";
}

/** Runs a command in a POSIX shell whose tools print their arguments, one a line, in brackets, and then what they read. */
function run(command: string, input = ""): string {
  const show = 'printf "%s" "$1"; shift; for a; do printf " [%s]" "$a"; done; echo; case "$*" in *stdin*) cat;; esac';
  const kubectl = `kubectl() { if [ "$1" = apply ]; then cat; else set -- kubectl "$@"; ${show}; fi; }`;
  const docker = `docker() { set -- docker "$@"; ${show}; }`;
  const tools = [
    kubectl,
    docker,
    "aws() { echo aws-password; }",
    "gcloud() { echo gcloud-password; }",
    "stty() { :; }",
  ];
  const script = [...tools, command].join("\n");
  return execFileSync("sh", ["-c", script], { input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
}

/** The login that a command puts into the Secret: `server user:password`. */
function made(command: string, password = ""): string {
  const config: unknown = JSON.parse(run(command, `${password}\n`).split("\n").at(-1) ?? "");
  const auths = (config as { auths: Record<string, { auth: string }> }).auths;
  return Object.entries(auths)
    .map(([server, { auth }]) => `${server} ${Buffer.from(auth, "base64").toString()}`)
    .join();
}

describe("the command that writes a pull secret", () => {
  test("Docker Hub is keyed by the name that the kubelet looks for", () => {
    const command = secretCommand(dialect("docker-hub"), request("docker.io", { username: "acme" }));
    expect(made(command, "s3cret")).toBe("https://index.docker.io/v1/ acme:s3cret");
  });

  test("a Secret of the legacy type keeps it, since a type cannot be changed", () => {
    const command = secretCommand(dialect("distribution"), request("registry.example.com", { legacy: true }));
    expect(command).toContain("--type=kubernetes.io/dockercfg --from-file=.dockercfg=/dev/stdin ");
    expect(run(command, "s3cret\n").split("\n").at(-1)).toMatch(
      /^\{"registry.example.com":\{"auth":"[A-Za-z0-9=]+"\}\}$/,
    );
  });

  test("ECR's password is made by its own tool, in the region of the host", () => {
    const host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    const command = secretCommand(dialect("ecr"), request(host, { username: "admin" }));
    expect(command).toContain("aws ecr get-login-password --region eu-central-1");
    expect(made(command)).toBe(`${host} AWS:aws-password`);
  });

  test("Artifact Registry and ECR Public have theirs", () => {
    const host = "europe-west3-docker.pkg.dev";
    expect(made(secretCommand(dialect("gar"), request(host)))).toBe(`${host} oauth2accesstoken:gcloud-password`);
    const command = secretCommand(dialect("ecr-public"), request("public.ecr.aws"));
    expect(command).toContain("aws ecr-public get-login-password --region us-east-1");
  });

  test("names with $ and |, and passwords with anything, survive the shell", () => {
    const user = (id: string, username?: string): string =>
      made(
        secretCommand(dialect(id), request("r.example", username === undefined ? {} : { username })),
        " p$w\\n'\"%s ",
      );
    expect(user("harbor", "robot$shop+pull")).toBe("r.example robot$shop+pull: p$w\\n'\"%s ");
    expect(user("nvcr")).toBe("r.example $oauthtoken: p$w\\n'\"%s ");
    expect(user("redhat", "123|ci")).toBe("r.example 123|ci: p$w\\n'\"%s ");
  });

  test("a user that is not known is asked for, so that no placeholder gets into the Secret", () => {
    const command = secretCommand(dialect("distribution"), request("r.example"));
    expect(made(command, "a $user\np$w")).toBe("r.example a $user:p$w");
    expect(loginCommand(dialect("distribution"), request("r.example"))).toBe("docker login r.example");
    for (const { id } of registries) expect(secretCommand(dialect(id), request("r.example"))).not.toMatch(/ USER /);
  });

  test("a user name that cannot be right is not used again", () => {
    for (const [id, username, form] of [
      ["docker-hub", "me@example.com", "DOCKER_ID"],
      ["harbor", "robot", "robot$PROJECT+NAME"],
    ] as const) {
      const command = secretCommand(dialect(id), request("h.example", { username }));
      expect(command).toContain(`User (${form}): `);
      expect(made(command, "acme\ns3cret")).toMatch(/ acme:s3cret$/);
    }
    expect(made(secretCommand(dialect("nvcr"), request("nvcr.io", { username: "" })))).toContain(" $oauthtoken:");
  });

  test("a hostile name runs nothing, in any dialect", () => {
    const evil = "x'; touch /tmp/pwned; echo '$(id)`id`";
    for (const each of registries) {
      const hostile = request("registry.example.com", { namespace: evil, secret: evil, username: evil });
      const shown = run(secretCommand(each, hostile), "pw\n");
      expect(shown).toContain(`[-n] [${evil}]`);
      expect(shown).not.toContain("uid=");
      expect(run(loginCommand(each, request(evil, { username: evil })))).not.toContain("uid=");
    }
  });

  test("no password is an argument of any command", () => {
    for (const each of registries) {
      const shown = run(secretCommand(each, request("registry.example.com")), "hunter2\n");
      expect(shown.split("\n")[0]).not.toMatch(/hunter2|-password/);
    }
  });

  test("it is one command to the shell, so a paste feeds nothing to the prompt", () => {
    for (const each of registries) {
      const lines = secretCommand(each, request("registry.example.com")).split("\n");
      expect(lines.slice(0, -1).every((line) => line.endsWith("\\"))).toBe(true);
    }
  });
});

describe("the login by hand", () => {
  test("goes to the registry, and reads the password from standard input where a tool prints it", () => {
    expect(loginCommand(dialect("ghcr"), request("ghcr.io", { username: "octocat" }))).toBe(
      "docker login --username octocat ghcr.io",
    );
    expect(loginCommand(dialect("docker-hub"), request("docker.io", { username: "acme" }))).toBe(
      "docker login --username acme",
    );
    expect(run(loginCommand(dialect("ecr"), request("123456789012.dkr.ecr.eu-west-1.amazonaws.com")))).toContain(
      "[--password-stdin]",
    );
  });
});

describe("remedies", () => {
  test("every dialect says what kind of login it wants, and what it says is short", () => {
    for (const each of registries) {
      const [first] = newLoginRemedies(each, request("registry.example.com"));
      expect(first?.title, each.id).toMatch(/^Replace pull secret regcred with /);
      expect(first?.title.length, each.id).toBeLessThan(260);
      expect(each.login?.wanted, each.id).toBeTruthy();
    }
  });

  test("what keeps a short-lived login from failing again is said", () => {
    const titles = newLoginRemedies(dialect("ecr"), request("123456789012.dkr.ecr.eu-west-1.amazonaws.com")).map(
      ({ title }) => title,
    );
    expect(titles[0]).toContain("12 hours");
    expect(titles[1]).toContain("credential provider");
  });

  test("advice is given for its meaning alone, with the case's own names", () => {
    const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    const [policy] = adviceFor(dialect("ecr"), "no-permission", request(host, { repository: "shop/web" }));
    expect(policy?.command).toBe("aws ecr get-repository-policy --repository-name shop/web --region eu-west-1");
    expect(adviceFor(dialect("ecr"), "rate-limited", request(host))).toEqual([]);
    const [binding] = adviceFor(
      dialect("gar"),
      "absent-or-no-access",
      request("europe-west3-docker.pkg.dev", { repository: "proj/repo/img" }),
    );
    expect(binding?.command).toContain("add-iam-policy-binding repo");
    expect(binding?.command).toContain("--location=europe-west3");
    const [firewall] = adviceFor(dialect("acr"), "address-denied", request("shop.azurecr.io"));
    expect(firewall?.command).toContain("--name shop ");
  });

  test("every command parses as a shell's, and none holds a password", () => {
    for (const each of registries) {
      for (const { when, command } of each.advice ?? []) {
        expect(when.length).toBeGreaterThan(0);
        const text = command?.(request("registry.example.com"));
        if (text !== undefined) execFileSync("sh", ["-n", "-c", text]);
      }
    }
  });
});

describe("a word for the shell", () => {
  test.each(["plain", "a b", "$HOME", "it's", "", "*", "a\\b", "~", "#x", "-n", "ä"])("%j arrives as it is", (text) => {
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
  });
  test("control and bidi characters are left out", () => {
    expect(shellWord("a\u001b[31m\u202eb\nc")).toBe("'a[31mbc'");
  });
});
