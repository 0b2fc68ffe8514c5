import type { FailureText, Template } from "../domain/failure-text.ts";
import type { FailureFacts } from "../domain/symptom.ts";
import type { PullFailure } from "../domain/target.ts";
import { execIn } from "./needed-words.ts";
import { optional, type PeeledHeads, peelHeads } from "./peel-heads.ts";
import { type PeeledKubelet, peelKubelet } from "./peel-kubelet.ts";
import { isOtherLogLine, peelLog } from "./peel-log.ts";
import { splitTries, type Tries } from "./peel-tries.ts";
import { readWords } from "./read-words.ts";
import { foreignHost, isRegistryOf, readUrl } from "./recognise-host.ts";

/** A failure, peeled: every try it reports, and how they belong together. */
export interface PeeledFailure {
  readonly relation: Tries["relation"];
  readonly texts: readonly FailureText[];
}

const longestWords = 4_096;
const longestFact = 256;

/** Event and waiting reasons of what is no pull, though its words may be those of one: a probe refused, a Secret not found. */
const unrelatedReasons = [
  "Unhealthy",
  "ProbeWarning",
  "ProbeError",
  "FailedPostStartHook",
  "FailedPreStopHook",
  "PostStartHookError",
  "CreateContainerConfigError",
  "CrashLoopBackOff",
  "FailedScheduling",
  "ProvisioningFailed",
  "NetworkNotReady",
] as const;

/** The same by how the message begins; kubernetes/kubernetes pkg/kubelet/prober, lifecycle, and the volume provisioners. */
const unrelatedText =
  /^(?:(?:Liveness|Readiness|Startup) probe |(?:Exec|HTTP|Http) ?lifecycle hook |(?:PostStart|PreStop)Hook|Failed to provision volume |(?:AttachVolume|WaitForAttach)\.|Back-off restarting failed )/i;

/** Event reasons under which the kubelet writes of the sandbox's image, and of what it could not inspect. */
const templateOfReason: ReadonlyMap<string, Template> = new Map<string, Template>([
  ["FailedCreatePodSandBox", "sandbox"],
  ["FailedCreate", "create"],
  ["ReplicaFailure", "create"],
  ["FailedMount", "mount"],
  ["FailedAttachVolume", "mount"],
  ["InspectFailed", "inspect"],
  ["ImageInspectError", "inspect"],
  ["FailedSync", "sync"],
  ...unrelatedReasons.map((reason): [string, Template] => [reason, "unrelated"]),
]);

/**
 * Takes a failure apart, layer by layer, outermost first: log quoting, the kubelet's template, the tries, the operation heads,
 * the failing URL, and what the innermost words themselves name.
 * @param image the image of the container, where the text names none
 */
export function peelFailure(failure: PullFailure, image?: string): PeeledFailure {
  const text = peelLog(failure.message.trim() === "" ? failure.reason : failure.message);
  const peeled = peelKubelet(text);
  const kubelet: PeeledKubelet = isOtherLogLine(failure.message) ? { ...peeled, template: "unrelated" } : peeled;
  const tries = splitTries(kubelet.rest);
  return {
    relation: tries.relation,
    texts: tries.texts.map((rest) => peelTry(failure, kubelet, rest, tries.relation, image)),
  };
}

function peelTry(
  failure: PullFailure,
  outer: PeeledKubelet,
  text: string,
  relation: Tries["relation"],
  image: string | undefined,
): FailureText {
  const kubelet = relation === "several" ? peelKubelet(text) : { errorNames: [], rest: text };
  const named = runtimePrefix(kubelet.rest);
  const template = templateOf(outer.template, failure.reason, text);
  const heads: PeeledHeads = template === "create" ? { names: [], words: text } : peelHeads(named.rest);
  const about = heads.image ?? outer.image ?? image;
  const url = heads.url === undefined ? undefined : readUrl(heads.url);
  const operation = operationOf(heads.operation, heads.what, url?.path);
  const foreign =
    url === undefined ? askedElsewhere(heads, about ?? image) : foreignHost(url, about ?? image, operation);
  const facts: FailureFacts = {
    ...optional("operation", operation),
    ...optional("image", about),
    ...optional("url", url?.url),
    ...optional("host", url?.host ?? heads.host),
    ...optional("foreignHost", foreign),
    ...optional("status", heads.status),
    ...optional("grpcCode", heads.grpcCode),
    ...optional("mediaType", heads.mediaType),
    ...optional("login", heads.login),
    ...optional("secrets", outer.secrets),
    ...optional("runtime", heads.runtime),
    ...readWords(heads.words),
  };
  return {
    template,
    reason: failure.reason,
    errorNames: [...outer.errorNames, ...kubelet.errorNames, ...named.names],
    heads: relation === "mirrors" ? ["mirrors", ...heads.names] : heads.names,
    facts: bound(facts),
    proxied: /\bproxyconnect tcp\b|\bsocks connect\b/.test(heads.words),
    ...optional("scheme", url?.scheme),
    words: beforeReconnecting(heads).slice(0, longestWords),
    whole: text.slice(0, longestWords),
  };
}

/**
 * containerd before 2.0 names the host that it was told to ask, and no URL: `pulling from host H failed with status code …`;
 * core/remotes/errors/errors.go. Where that is not the image's registry, it is a mirror.
 */
function askedElsewhere({ host, what }: PeeledHeads, image: string | undefined): FailureFacts["foreignHost"] {
  return host === undefined || what === undefined || image === undefined || isRegistryOf(host, image)
    ? undefined
    : "mirror";
}

/**
 * Of a layer that broke off, what broke it off, and not what came of trying again: `unexpected EOF (while reconnecting: …)`;
 * containers/container-libs image/docker/body_reader.go.
 */
function beforeReconnecting({ names, words }: PeeledHeads): string {
  const end = names.at(-1) === "reading" ? words.search(/ \((?:while|after) reconnecting\b/) : -1;
  return end < 0 ? words : words.slice(0, end);
}

const prefixedError =
  /^((?:rpc error: code = \w+ desc = ?)?)(RegistryUnavailable|SignatureValidationFailed|ImageVolumeMountFailed)(?:: |$)/;

/** `RegistryUnavailable: …`, also behind a gRPC status, where older kubelets do not see it. */
function runtimePrefix(text: string): { readonly names: readonly string[]; readonly rest: string } {
  const match = execIn(prefixedError, text, text.toLowerCase());
  return match === null
    ? { names: [], rest: text }
    : { names: [match[2] ?? ""], rest: (match[1] ?? "") + text.slice(match[0].length) };
}

const refusedByWebhook = /^(?:admission webhook "|(?:Internal error occurred: )?failed calling webhook )/i;
const failedMount = /^(?:MountVolume\.|Unable to attach or mount volumes)/;

function templateOf(template: Template, reason: string, text: string): Template {
  if (template !== "none") {
    return template;
  }
  const lower = text.toLowerCase();
  if (execIn(refusedByWebhook, text, lower)) {
    return "create";
  }
  if (execIn(unrelatedText, text, lower)) {
    return "unrelated";
  }
  if (execIn(failedMount, text, lower)) {
    return "mount";
  }
  return templateOfReason.get(reason) ?? "none";
}

/** The last head says what was done, save where the URL knows better which of manifest and layer it was. */
function operationOf(
  operation: FailureFacts["operation"],
  what: string | undefined,
  path: string | undefined,
): FailureFacts["operation"] {
  if (what === "blobs") {
    return "blob";
  }
  if (path === undefined || operation === "token" || operation === "unpack") {
    return operation;
  }
  if (path.includes("/manifests/")) {
    return operation === "resolve" ? "resolve" : "manifest";
  }
  if (path.includes("/blobs/") || path.includes("/layers/")) {
    return operation === "resolve" || operation === "config" ? operation : "blob";
  }
  if (/\/v[12]\/(?:_ping)?$/.test(path)) {
    return operation ?? "ping";
  }
  return operation ?? (/\/(?:token|jwt\/auth)\/?$/.test(path) ? "token" : undefined);
}

/** Every text in the facts, cut to a bound: they come from the network. */
function bound(facts: FailureFacts): FailureFacts {
  const bounded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(facts)) {
    bounded[name] =
      typeof value === "string"
        ? value.slice(0, longestFact)
        : Array.isArray(value)
          ? value.slice(0, 20).map((item) => String(item).slice(0, longestFact))
          : value;
  }
  return bounded;
}
