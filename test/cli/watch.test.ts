import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startApiServer } from "../support/api-server.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { runMain } from "../support/run-cli.ts";

function pod(state: object, phase: string) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "shop", uid: "u-1", creationTimestamp: "2026-11-24T02:22:21Z" },
    spec: { nodeName: "node1", containers: [{ name: "app", image: "registry.example.com/shop/web:v1" }] },
    status: {
      phase,
      containerStatuses: [
        {
          name: "app",
          image: "registry.example.com/shop/web:v1",
          imageID: "",
          ready: phase === "Running",
          restartCount: 0,
          state,
        },
      ],
    },
  };
}

const failing = pod(
  {
    waiting: {
      reason: "ErrImagePull",
      message: 'Failed to pull image "registry.example.com/shop/web:v1": pull QPS exceeded',
    },
  },
  "Pending",
);
const running = pod({ running: { startedAt: "2026-11-24T02:30:00Z" } }, "Running");

describe("--watch", () => {
  test("writes one line for each change into a pipe, survives a cut connection, and ends with 0 when the pod starts", async () => {
    const directory = await mkdtemp(join(tmpdir(), "imagedoctor-watch-"));
    await using server = await startApiServer({ objects: [failing] });
    try {
      const kubeconfig = await writeKubeconfig(server, directory);
      const run = runMain(["web", "-n", "shop", "-w", "--no-probe", "--kubeconfig", kubeconfig]);
      setTimeout(() => server.endWatches("cut"), 1_000);
      setTimeout(() => server.put(running), 3_000);
      const { code, stdout } = await run;
      expect(code).toBe(0);
      const lines = stdout.trim().split("\n");
      expect(lines).toHaveLength(2);
      expect(lines[0]).toMatch(/Z {2}pull-qps-exceeded {2}.*registry\.example\.com\/shop\/web:v1 {2}web/);
      expect(lines[1]).toMatch(/nothing is failing$/);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  test("ends with 130 at Ctrl-C, with what was known", async () => {
    const directory = await mkdtemp(join(tmpdir(), "imagedoctor-watch-"));
    await using server = await startApiServer({ objects: [failing] });
    try {
      const kubeconfig = await writeKubeconfig(server, directory);
      const interrupt = new AbortController();
      setTimeout(() => interrupt.abort(new DOMException("interrupted", "AbortError")), 1_500);
      const { code, stdout } = await runMain(["web", "-n", "shop", "-w", "--no-probe", "--kubeconfig", kubeconfig], {
        interrupt: interrupt.signal,
      });
      expect(code).toBe(130);
      expect(stdout.trim().split("\n")).toHaveLength(1);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  test("draws text only, and only what can change", async () => {
    expect(await runMain(["web", "-w", "-o", "json", "--from", "-"], { stdin: "{}" })).toMatchObject({ code: 2 });
    expect(await runMain(["-w", "--from", "-"], { stdin: '{"kind":"List","items":[]}' })).toMatchObject({ code: 2 });
  });
});
