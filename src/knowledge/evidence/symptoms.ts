import type { CaseFile } from "../../domain/case-file.ts";
import type { Symptom } from "../../domain/symptom.ts";
import { stageOf } from "./code-classes.ts";

/**
 * What the node says today: the newest failure that names a cause.
 * A bare back-off and the kubelet's advice about missing pull secrets are passed over; a cause that is not recognised is not,
 * because an older text must not stand in for it.
 */
export function toldByTheNode(file: CaseFile): Symptom | undefined {
  return file.symptoms.find(({ code }) => code === "unknown" || stageOf(code) !== "silent");
}

/**
 * The code of `toldByTheNode`, where it is one that says something of the pull: not where the kubelet held back for a moment,
 * because its next try meets what the registry answers.
 */
export function toldCode(file: CaseFile): string | undefined {
  const code = toldByTheNode(file)?.code;
  return code === "unknown" || code === "pull-qps-exceeded" ? undefined : code;
}

/** Whether the text is about another host than the image's registry: a mirror or a proxy that stands in for it. */
export function saysMirror(symptom: Symptom | undefined): boolean {
  return symptom?.facts.foreignHost === "mirror" || symptom?.code === "mirror-failed";
}

/**
 * Whether the text is about some other place than the image's registry: a mirror, a back end that it sends to, or, for a name
 * without a registry, whatever CRI-O searches. What the registry answers us then says little of it.
 */
export function saysElsewhere(symptom: Symptom | undefined): boolean {
  return saysMirror(symptom) || symptom?.facts.foreignHost === "other";
}

/** Whether the image's own registry is written as the local machine, which is another one for each machine. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || /^127\.\d+\.\d+\.\d+$/.test(name) || name === "[::1]";
}

/** The registry of the case's image, host[:port]; undefined where the reference does not parse. */
export function registryOf(file: CaseFile): string | undefined {
  return file.reference.kind === "valid" ? file.reference.reference.registry : undefined;
}

/** `docker.io` is asked at `registry-1.docker.io`; port 443 is the default. */
export function sameHost(a: string, b: string): boolean {
  return canonicalHost(a) === canonicalHost(b);
}

function canonicalHost(host: string): string {
  const bare = host.toLowerCase().replace(/:443$/, "");
  return ["docker.io", "index.docker.io", "registry-1.docker.io"].includes(bare) ? "docker.io" : bare;
}
