import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import { answer } from "../support/api-server-faults.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { startRegistry } from "../support/registry.ts";
import { type CliOptions, type CliResult, runMain } from "../support/run-cli.ts";

const missing = "registry.example.com/shop/web:v1";

function pod(state: object | undefined, phase: string, { name = "web", image = missing } = {}) {
  const status = { name: "app", image, imageID: "", ready: phase === "Running", restartCount: 0, state };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", uid: `u-${name}`, creationTimestamp: "2026-11-24T02:22:21Z" },
    spec: { nodeName: "node1", containers: [{ name: "app", image, imagePullPolicy: "IfNotPresent" }] },
    status: { phase, ...(state === undefined ? {} : { containerStatuses: [status] }) },
  };
}

function failing(image = missing, reason = "ErrImagePull", name = "web") {
  const message = `Failed to pull image "${image}": pull QPS exceeded`;
  return pod({ waiting: { reason, message } }, "Pending", { image, name });
}

/** The Event of a try `ago` milliseconds ago, the first of its kind. */
function failedTry(ago: number, image = missing) {
  const at = new Date(Date.now() - ago).toISOString();
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "web.1", namespace: "shop", uid: "e-1" },
    involvedObject: { kind: "Pod", name: "web", namespace: "shop", uid: "u-web", fieldPath: "spec.containers{app}" },
    reason: "Failed",
    message: `Failed to pull image "${image}": pull QPS exceeded`,
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
}

const creating = pod(undefined, "Pending");
const running = pod({ running: { startedAt: "2026-11-24T02:30:00Z" } }, "Running");

/**
 * Starts a server with these objects and watches them. `arrange` comes before the run; `act` gets the server, and a way to stop,
 * once the first look has read what it reads.
 */
async function watch(
  objects: Parameters<typeof startApiServer>[0] & object,
  act: (server: ApiServer, stop: () => void) => void,
  {
    argv = ["web", "--no-probe"],
    arrange = () => {},
    ...options
  }: CliOptions & { readonly argv?: readonly string[]; readonly arrange?: (server: ApiServer) => void } = {},
): Promise<CliResult & { readonly lines: readonly string[]; readonly server: ApiServer }> {
  const directory = await mkdtemp(join(tmpdir(), "imagedoctor-watch-"));
  await using server = await startApiServer(objects);
  const interrupt = new AbortController();
  try {
    const kubeconfig = await writeKubeconfig(server, directory);
    arrange(server);
    const run = runMain([...argv, "-n", "shop", "-w", "--kubeconfig", kubeconfig], {
      interrupt: interrupt.signal,
      ...options,
    });
    // A machine that is busy with other tests may take seconds until then.
    const looked = () => server.requests.some(({ resource }) => resource === "events");
    for (let tries = 0; tries < 400 && !looked(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    act(server, () => interrupt.abort(new DOMException("interrupted", "AbortError")));
    const result = await run;
    return { ...result, lines: result.stdout.trimEnd().split("\n"), server };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const later = (seconds: number, work: () => void) => void setTimeout(work, seconds * 1000);

// Looks are ten seconds apart, and a machine that is busy with other tests takes its time.
describe.concurrent("--watch", { timeout: 90_000 }, () => {
  test("writes one line for each change into a pipe, survives a cut connection, and ends with 0 when the pod starts", async () => {
    const { code, lines } = await watch({ objects: [failing()] }, (server) => {
      later(1, () => server.endWatches("cut"));
      later(3, () => server.put(running));
    });
    expect(code).toBe(0);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/Z {2}pull-qps-exceeded {2}.*registry\.example\.com\/shop\/web:v1 {2}web/);
    expect(lines[1]).toMatch(/nothing is failing$/);
  });

  test("tells in a pipe of what changed alone, and of what is over", async () => {
    const other = "registry.example.com/shop/api:v1";
    const third = "registry.example.com/shop/db:v1";
    const { lines } = await watch(
      { objects: [failing(), failing(other, "ErrImagePull", "api")] },
      (server, stop) => {
        later(2, () => {
          server.put(pod({ running: { startedAt: "2026-11-24T02:30:00Z" } }, "Running", { name: "api", image: other }));
          server.put(failing(third, "ErrImagePull", "db"));
        });
        later(14, stop);
      },
      { argv: ["--no-probe"] },
    );
    expect(lines.map((line) => line.slice(22).split("  ").slice(0, 5))).toEqual([
      ["pull-qps-exceeded", expect.any(String), other, "api", expect.any(String)],
      ["pull-qps-exceeded", expect.any(String), missing, "web", expect.any(String)],
      ["pull-qps-exceeded", expect.any(String), third, "db", expect.any(String)],
      ["over", "pull-qps-exceeded", expect.any(String), other, "api"],
    ]);
  });

  test("says in a pipe when the kubelet tries next, and looks again after that", async () => {
    const third = { ...failedTry(0), count: 3 };
    const { lines, server } = await watch({ objects: [failing(), third] }, (_, stop) => later(14, stop));
    expect(lines).toHaveLength(1);
    const due = new Date(Date.parse(third.lastTimestamp) + 40_000).toISOString().slice(11, 19);
    expect(lines[0]).toMatch(new RegExp(`\\(next try about ${due} UTC\\)$`));
    // Forty seconds after the third try: not once before, whatever the shortest time between two looks.
    expect(server.requests.filter(({ verb, resource }) => verb === "get" && resource === "pods")).toHaveLength(1);
  });

  test.each([80, 40])(
    "draws a clean screen of %d columns that says when the kubelet tries next, and the last page in full",
    async (terminal) => {
      const { code, stdout } = await watch(
        { objects: [failing(), { ...failedTry(0), count: 2 }] },
        (server) => later(2, () => server.put(running)),
        { argv: ["web", "--no-probe", "--color", "never"], terminal, rows: 14 },
      );
      expect(code).toBe(0);
      const [first = "", last = ""] = stdout.split("\u001b[H").slice(1);
      const drawn = first.replaceAll("\u001b[K", "").replace("\u001b[J", "").split("\n");
      expect(drawn.length).toBeLessThanOrEqual(14);
      expect(drawn.every((line) => line.length < terminal)).toBe(true);
      const foot = drawn.slice(drawn.lastIndexOf("", -2) + 1).join(" ");
      expect(foot).toMatch(
        /^Next try of the kubelet: in about \d+ s, at \d\d:\d\d:\d\d UTC\. Looking again after it, /,
      );
      expect(foot).toMatch(/or when a pod changes\. Ctrl-C ends\. $/);
      expect(first).toMatch(/\d+ more lines/);
      expect(last.replaceAll("\u001b[K", "")).toContain("Nothing is failing");
      expect(last).not.toContain("Ctrl-C");
    },
  );

  test("goes on until the pods have started, not only until nothing fails", async () => {
    const { code, lines } = await watch({ objects: [failing()] }, (server) => {
      later(2, () => server.put(creating));
      later(12, () => server.put(running));
    });
    expect(code).toBe(0);
    expect(lines.map((line) => line.slice(22))).toEqual([
      expect.stringMatching(/^pull-qps-exceeded/),
      "nothing is failing, and 1 pod has not started yet",
      "nothing is failing",
    ]);
  });

  test("lists anew where its position is too old (410), and hears of what changed meanwhile", async () => {
    const { code, lines, server } = await watch({ objects: [failing()] }, (api) => {
      later(1, () => {
        api.put(running);
        api.forgetHistory();
        api.endWatches("cut");
      });
    });
    expect(code).toBe(0);
    expect(lines).toHaveLength(2);
    expect(server.requests.filter(({ verb, resource }) => verb === "list" && resource === "pods")).toHaveLength(2);
  });

  test("outlives an API server that fails for a while, and says so once", async () => {
    const { code, lines } = await watch({ objects: [failing()] }, (server) => {
      later(1, () => {
        let down = true;
        later(14, () => {
          down = false;
          server.put(running);
        });
        const fails = answer(503);
        server.fault((request, response, next) => (down ? fails(request, response, next) : next()));
        server.dropConnections();
      });
    });
    expect(code).toBe(0);
    const said = lines.map((line) => line.slice(22));
    expect(said[0]).toMatch(/^pull-qps-exceeded/);
    expect(said.at(-1)).toBe("nothing is failing");
    expect(
      said.slice(1, -1).filter((line) => /^pod shop\/web: the API server answered 503.*; trying again$/.test(line)),
    ).toHaveLength(1);
    expect(said.slice(1, -1).filter((line) => line.startsWith("pods cannot be followed for now"))).toHaveLength(1);
    expect(said).toHaveLength(4);
  });

  test("ends with one sentence when the pod is deleted", async () => {
    const { code, stderr } = await watch({ objects: [failing()] }, (server) =>
      later(1, () => server.remove("Pod", "shop", "web")),
    );
    expect(code).toBe(3);
    expect(stderr).toContain("there is no pod web in namespace shop");
  });

  test("goes on by looking where pods may not be watched", async () => {
    const { code, lines } = await watch({ objects: [failing()] }, (server) => later(2, () => server.put(running)), {
      arrange: (server) => server.deny({ verb: "watch" }),
    });
    expect(code).toBe(0);
    expect(lines.filter((line) => line.includes("not allowed to watch pods"))).toHaveLength(1);
  });

  test("asks a registry again only when the kubelet does, however often pods change", async () => {
    await using registry = await startRegistry({ scheme: "http" });
    const image = `127.0.0.1:${registry.port}/shop/web:v1`;
    let asked = 0;
    const { code } = await watch(
      // Forty seconds to go after the third try, so the next look must do with what is known.
      { objects: [failing(image), { ...failedTry(0, image), count: 3 }] },
      (server, stop) => {
        later(3, () => {
          asked = registry.ledger.entries.length;
          server.put(failing(image, "ImagePullBackOff"));
        });
        later(14, stop);
      },
      { argv: ["web", "--plain-http", `127.0.0.1:${registry.port}`] },
    );
    expect(code).toBe(130);
    expect(asked).toBeGreaterThan(0);
    expect(registry.ledger.entries).toHaveLength(asked);
  });

  test("does not download healthy pods", async () => {
    const healthy = Array.from({ length: 40 }, (_, index) =>
      pod({ running: { startedAt: "2026-11-24T02:30:00Z" } }, "Running", { name: `ok-${index}` }),
    );
    const { code, server } = await watch(
      { objects: [failing(), ...healthy] },
      (api) => {
        later(1, () =>
          api.put({ ...healthy[0], metadata: { ...healthy[0]?.metadata, name: "ok-0", labels: { a: "b" } } } as never),
        );
        later(2, () => api.put(running));
      },
      { argv: ["--no-probe"] },
    );
    expect(code).toBe(0);
    const lists = server.requests.filter(({ verb, resource }) => verb === "list" && resource === "pods");
    expect(lists.every(({ bytes }) => bytes < 3_000)).toBe(true);
  });

  test("ends with 130 at Ctrl-C, with what was known", async () => {
    const { code, lines } = await watch({ objects: [failing()] }, (_, stop) => later(1.5, stop));
    expect(code).toBe(130);
    expect(lines).toHaveLength(1);
  });

  test("draws text only, and only what can change", async () => {
    expect(await runMain(["web", "-w", "-o", "json"])).toMatchObject({ code: 2 });
    expect(await runMain(["-w", "--from", "-"], { stdin: "{}" })).toMatchObject({ code: 2 });
    expect(await runMain(["-w", "--image", "nginx"])).toMatchObject({ code: 2 });
    expect(await runMain(["-w", "--output-file", "report.txt"])).toMatchObject({ code: 2 });
  });
});
