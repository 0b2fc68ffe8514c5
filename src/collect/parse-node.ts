import type { NodeFacts, Runtime } from "../domain/cluster-facts.ts";
import { listAt, member, textAt, textMapAt } from "./json-values.ts";

/** A Node. Never throws. Undefined for what has no name. */
export function parseNode(value: unknown): NodeFacts | undefined {
  const name = textAt(value, ["metadata", "name"], 253);
  if (name === undefined) return undefined;
  const info = member(value, "status", "nodeInfo");
  const labels = textMapAt(value, ["metadata", "labels"]);
  const os = textAt(info, ["operatingSystem"], 64) ?? labels["kubernetes.io/os"] ?? "linux";
  // With metadata alone the label is all there is to tell a Windows build.
  const kernel = textAt(info, ["kernelVersion"], 128) ?? labels["node.kubernetes.io/windows-build"];
  const providerId = textAt(value, ["spec", "providerID"], 512);
  const conditions = listAt(value, ["status", "conditions"], 100);
  return {
    name,
    os,
    architecture: textAt(info, ["architecture"], 64) ?? labels["kubernetes.io/arch"] ?? "",
    // Only Windows images are bound to the host's build; there the kubelet puts it where Linux has the kernel.
    ...(os === "windows" && kernel !== undefined ? { osVersion: kernel } : {}),
    runtime: parseRuntime(textAt(info, ["containerRuntimeVersion"], 128) ?? ""),
    kubeletVersion: textAt(info, ["kubeletVersion"], 64) ?? "",
    ready:
      member(value, "status") === undefined ||
      conditions.some((one) => member(one, "type") === "Ready" && member(one, "status") === "True"),
    troubles: conditions.flatMap((one) => troubleOf(one)),
    images: listAt(value, ["status", "images"], 500).flatMap((image) =>
      listAt(image, ["names"], 50).flatMap((named) => (typeof named === "string" ? named.slice(0, 4096) : [])),
    ),
    labels,
    ...(providerId === undefined ? {} : { providerId }),
  };
}

/** `containerd://1.6.20` → containerd, 1.6.20. */
function parseRuntime(text: string): Runtime {
  const at = text.indexOf("://");
  const name = at < 0 ? "" : text.slice(0, at);
  const version = at < 0 ? text : text.slice(at + 3);
  return { name: name === "containerd" || name === "cri-o" || name === "docker" ? name : "unknown", version };
}

/** Ready is out of order unless True; every other condition of the kubelet (DiskPressure, …) is unless False. */
function troubleOf(condition: unknown): NodeFacts["troubles"] {
  const type = textAt(condition, ["type"], 128);
  const status = textAt(condition, ["status"], 16);
  if (type === undefined || status === undefined) return [];
  const inOrder = type === "Ready" ? status === "True" : status !== "True";
  if (inOrder) return [];
  return [
    { type, reason: textAt(condition, ["reason"], 256) ?? "", message: textAt(condition, ["message"], 1024) ?? "" },
  ];
}
