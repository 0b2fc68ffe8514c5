import { expect, test } from "vitest";
import { describedEvents } from "../../src/interpret/peel-describe.ts";
import { recogniseText } from "../../src/interpret/recognise-failure.ts";

const table = `Events:
  Type     Reason     Age                From               Message
  ----     ------     ----               ----               -------
  Normal   Scheduled  5m                 default-scheduler  Successfully assigned shop/web-0 to node1
  Normal   Pulling    4m (x2 over 5m)    kubelet            Pulling image "reg.test/web:9"
  Warning  Failed     4m (x2 over 5m)    kubelet            Failed to pull image "reg.test/web:9": rpc error: code = NotFound desc = failed to pull and unpack image "reg.test/web:9": failed to resolve reference "reg.test/web:9": reg.test/web:9: not found
  Warning  Failed     4m (x2 over 5m)    kubelet, node1     Error: ErrImagePull
  Normal   BackOff    3m (x9 over 5m)    kubelet            Back-off pulling image "reg.test/web:9"`;

test("the rows of a pasted table are read one by one", () => {
  expect(describedEvents(table).map((event) => event.reason)).toEqual([
    "Scheduled",
    "Pulling",
    "Failed",
    "Failed",
    "BackOff",
  ]);
});

test("of a pasted table, the newest row that tells a cause counts", () => {
  expect(recogniseText(table).code).toBe("manifest-not-found");
});

test("a newer cause counts before an older one", () => {
  const newer = `${table}\n  Warning  Failed  1s  kubelet  Failed to pull image "reg.test/web:9": pull QPS exceeded`;
  expect(recogniseText(newer).code).toBe("pull-qps-exceeded");
});

test("one row is enough", () => {
  expect(
    recogniseText(
      '  Warning  Failed  4m (x2 over 5m)  kubelet  Failed to pull image "reg.test/web:9": pull QPS exceeded',
    ).code,
  ).toBe("pull-qps-exceeded");
});

test("a message is no table", () => {
  expect(describedEvents('Failed to pull image "reg.test/web:9": gone\nWarning: gone')).toEqual([]);
});

test("a table without a cause hides it", () => {
  expect(recogniseText("  Warning  Failed  4m  kubelet  Error: ErrImagePull").code).toBe("cause-hidden");
});

test.each([
  [
    "get events",
    '2m8s        Warning   Failed      pod/web-0   Failed to pull image "reg.test/web:9": pull QPS exceeded',
    "Failed",
  ],
  ["get events -A", 'shop   2m8s   Normal   BackOff   pod/web-0   Back-off pulling image "reg.test/web:9"', "BackOff"],
  [
    "get events -o wide",
    '2m   Normal   BackOff   pod/web-0   spec.containers{web}   kubelet, node1   Back-off pulling image "reg.test/web:9"',
    "BackOff",
  ],
  ["events", "7m5s (x4 over 8m59s)     Warning   Failed           Pod/web-0   Error: ErrImagePull", "Failed"],
  [
    "describe, its columns closed up by a console",
    'Normal BackOff 2s (x4 over 34s) kubelet, node1 Back-off pulling image "reg.test/web:9"',
    "BackOff",
  ],
])("a row as `kubectl %s` prints it", (_, line, reason) => {
  const [event] = describedEvents(line);
  expect(event?.reason).toBe(reason);
  expect(["pull-qps-exceeded", "cause-hidden"]).toContain(recogniseText(line).code);
});

test("a row that names the container before the message is read like one that does not", () => {
  expect(
    recogniseText(
      '  Warning  Failed  51s  kubelet  spec.initContainers{init}: Failed to pull image "reg.test/web:9": pull QPS exceeded',
    ).code,
  ).toBe("pull-qps-exceeded");
});

test("a row that a console broke into two lines goes on in the second", () => {
  const text = `  Warning  Failed  1s (x2 over 15s)  kubelet, node1  Failed to pull image "reg.test/web": rpc error: code = Unknown desc = Error response from daemon: pull access de
nied for reg.test/web, repository does not exist or may require 'docker login'`;
  expect(describedEvents(text)).toHaveLength(1);
  expect(recogniseText(text).code).toBe("access-denied-or-missing");
});

test("a table copied from within its first row says what that row says", () => {
  const inside = table.slice(table.indexOf('Failed to pull image "'));
  expect(recogniseText(inside).code).toBe("manifest-not-found");
  expect(describedEvents(inside).map((event) => event.reason)).toEqual(["", "Failed", "BackOff"]);
});

test("what is no row and stands alone is no table", () => {
  expect(describedEvents('Failed to pull image "reg.test/web:9": reg.test/web:9: not found\nin line two')).toEqual([]);
});
