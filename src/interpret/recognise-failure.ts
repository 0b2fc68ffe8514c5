import type { Certainty } from "../domain/certainty.ts";
import type { FailureText } from "../domain/failure-text.ts";
import type { Symptom } from "../domain/symptom.ts";
import type { PullFailure } from "../domain/target.ts";
import type { Cause } from "../knowledge/causes/cause.ts";
import { causes } from "../knowledge/causes/index.ts";
import { stages, type Wording } from "../knowledge/causes/wording.ts";
import { mayFit } from "./needed-words.ts";
import { describedEvents } from "./peel-describe.ts";
import { peelFailure } from "./peel-failure.ts";
import { boundText } from "./peel-log.ts";

interface Entry {
  readonly cause: Cause;
  readonly wording: Wording;
}

/** What one try says. */
interface Reading {
  readonly code: string;
  readonly alternatives: readonly string[];
  readonly certainty: Certainty;
  readonly text: FailureText;
}

const longestQuote = 500;

/** All wordings in the order they are tried: by stage, then by the code's place in the alphabet, then as they are written. */
const entries: readonly Entry[] = stages.flatMap((stage) =>
  causes.flatMap((cause) =>
    cause.wordings.filter((wording) => wording.stage === stage).map((wording) => ({ cause, wording })),
  ),
);

/**
 * What a failure says: the most particular cause its words support, an umbrella where they do not decide,
 * `cause-hidden` where they carry no cause, `unknown` where they carry one that the catalogue does not know.
 * Pure, never throws, linear in the length of the message, of which a bounded part is read.
 * @param image the container's image, for texts that name none
 */
export function recogniseFailure(failure: PullFailure, image?: string): Symptom {
  if (!failure.message.includes("\n")) {
    return recognise(failure, image);
  }
  const asWritten = recognise(failure, image);
  const lines = boundText(failure.message).split("\n");
  const wrapped = isWrapped(lines);
  if (!isVague(asWritten) && !wrapped) {
    return asWritten;
  }
  // A line ends between two words, or, where a console cut it, within one.
  const joined = [lines.map((line) => line.trim()).join(" "), lines.join("")];
  if (wrapped && areCut(lines)) joined.reverse();
  const unwrapped = joined.map((message) => recognise({ ...failure, message }, image)).find((one) => !isVague(one));
  return unwrapped === undefined || unwrapped.code === asWritten.code ? asWritten : { ...unwrapped, failure };
}

const narrowest = 50;
const bareCode = /^(?:denied|unauthorized)$/;

/**
 * Whether a console or a mail broke the lines, and not who wrote them: no word would have had room on the line before it.
 * A list of a registry's errors is one that is written so, and so is its code again on a line by itself.
 */
function isWrapped(written: readonly string[]): boolean {
  const lines = written.map((line) => line.trim()).filter((line) => line !== "");
  const width = Math.max(...lines.map((line) => line.length));
  return (
    lines.length > 1 &&
    width >= narrowest &&
    lines.slice(1).every((line, index) => {
      const before = lines[index] ?? "";
      const word = /^\S*/.exec(line)?.[0] ?? "";
      return before.length + 1 + word.length > width && !before.endsWith("errors:") && !bareCode.test(line);
    })
  );
}

/** Whether all lines but the last are of one length, as a console cuts them. */
function areCut(lines: readonly string[]): boolean {
  const full = lines.slice(0, -1);
  return full.length > 1 && full.every((line) => line.length === full[0]?.length);
}

/** Whether a text has told nothing that a text without its line breaks, put there by a console or a mail, may tell. */
function isVague({ code }: Symptom): boolean {
  return !concrete(code) || code === "image-inspect-failed";
}

function recognise(failure: PullFailure, image: string | undefined): Symptom {
  const { relation, texts } = peelFailure(failure, image);
  const readings = texts.map(read);
  const first = readings[0];
  const chosen = relation === "several" ? mostTelling(readings) : first;
  if (chosen === undefined) {
    return { code: "unknown", alternatives: [], certainty: "possible", facts: {}, quote: "", failure };
  }
  const others = readings.filter((reading) => reading !== chosen && concrete(reading.code));
  const alternatives = new Set([
    ...chosen.alternatives,
    ...others.flatMap((reading) => [reading.code, ...reading.alternatives]),
  ]);
  alternatives.delete(chosen.code);
  const quoted = chosen.text.words === "" && relation === "mirrors" ? (readings[1] ?? chosen) : chosen;
  return {
    code: chosen.code,
    alternatives: [...alternatives],
    certainty: chosen.certainty,
    facts: chosen.text.facts,
    quote: quote(quoted.text),
    failure,
  };
}

/**
 * What a pasted text says: a message by itself, or the Events table of `kubectl describe`, whose newest telling row counts.
 * @param reason the event's or the waiting state's, where it is known
 */
export function recogniseText(text: string, reason = ""): Symptom {
  const rows = reason === "" ? describedEvents(boundText(text)) : [];
  const symptoms = rows
    .filter((row) => !uninteresting.has(row.reason))
    .map((row) => recogniseFailure({ source: "event", ...row }));
  return (
    symptoms.findLast((symptom) => concrete(symptom.code)) ??
    symptoms.find((symptom) => symptom.code !== "unknown") ??
    symptoms[0] ??
    recogniseFailure({ source: "event", reason, message: text })
  );
}

/** Reasons of events that report no failure. */
const uninteresting = new Set(["Scheduled", "Pulling", "Pulled", "Created", "Started"]);

/** The innermost error; without the query of a URL, which may be a signature that opens a layer, and without its userinfo. */
function quote({ words, whole }: FailureText): string {
  const said = words === "" ? whole : words;
  if (!said.includes("://")) return said.slice(0, longestQuote);
  const withoutQuery = said.replace(/\b(https?:\/\/)(?:[^\s/?#"@]{1,200}@)?([^\s?"]{1,300})\?[^\s"]+/g, "$1$2?…");
  return withoutQuery.replace(/\b(https?:\/\/)[^\s/?#"@]{1,200}@/g, "$1").slice(0, longestQuote);
}

function concrete(code: string): boolean {
  return code !== "unknown" && code !== "cause-hidden";
}

/** Heads that only stand before the failure of a pull; a sandbox also fails for its network, a mount or a container for more. */
const pullHeads = new Set([
  "sandbox-image",
  "pull",
  "resolve",
  "source",
  "ping",
  "manifest",
  "copy",
  "image-volume",
  "config",
  "register",
  "extract",
  "add-layer",
  "signature",
]);

/** The kubelet's names for failures of a container whose image is there. */
const otherErrors = new Set(["CreateContainerConfigError", "CrashLoopBackOff"]);

/** Whether a text is about an image at all. */
function isAboutImage(text: FailureText): boolean {
  if (text.template === "unrelated" || text.errorNames.some((name) => otherErrors.has(name))) {
    return false;
  }
  const mayBeOther =
    text.template === "sandbox" ||
    text.template === "mount" ||
    [text.reason, ...text.errorNames].includes("CreateContainerError");
  if (!mayBeOther || text.facts.grpcCode === "Unavailable") {
    return true;
  }
  return (
    text.heads.some((head) => pullHeads.has(head)) ||
    /\/v2\//.test(text.facts.url ?? "") ||
    /\bimage\b|\boperating system does not match\b/i.test(text.whole)
  );
}

/** What one try says: the first wording that fits, and, where that one opens onto another cause, that one beside it. */
function read(asWritten: FailureText): Reading {
  const text = withoutName(asWritten);
  if (!isAboutImage(text)) {
    return { code: "unknown", alternatives: [], certainty: "possible", text: asWritten };
  }
  const lower: LowerCase = { words: text.words.toLowerCase(), whole: text.whole.toLowerCase() };
  let outer: Entry | undefined;
  for (const entry of entries) {
    if (entry.cause.code === outer?.cause.code || !fits(entry, text, lower)) {
      continue;
    }
    if (outer !== undefined) {
      return reading(outer, asWritten, [entry.cause.code, ...alternativesOf(entry)]);
    }
    if (entry.wording.opens !== true) {
      return reading(entry, asWritten, []);
    }
    outer = entry;
  }
  if (outer !== undefined) {
    return reading(outer, asWritten, outer.wording.within ?? []);
  }
  return { code: "unknown", alternatives: [], certainty: "possible", text: asWritten };
}

type LowerCase = Readonly<Record<"words" | "whole", string>>;

/** The text with the image's own name taken out: an image may be called `toomanyrequests`, and nothing of its name is a cause. */
function withoutName(text: FailureText): FailureText {
  const words = withoutCutName(text.words).replace(errorClass, "");
  const { image } = text.facts;
  // A short word may be any word of the text, an id is no name, and a name that does not parse is itself the cause.
  if (image === undefined || !/^(?!sha256:).*[/:@]/.test(image) || text.template === "invalid-name") {
    return { ...text, words, whole: withoutCutName(text.whole) };
  }
  return {
    ...text,
    // The beginning of the name alone: the rest, and what was said of it, was cut off.
    words: image.startsWith(words) ? "" : words.replaceAll(image, "image"),
    whole: withoutCutName(text.whole).replaceAll(image, "image"),
  };
}

/**
 * The class that containerd prints behind an error that came over its own sockets; it is no part of the error.
 * `not found` and `invalid argument` are left, because they are errors of their own, too. containerd/errdefs errors.go.
 */
const errorClass = /(?<=\S): (?:unknown|unavailable|failed precondition|not implemented|aborted|unauthenticated)$/;

/** Without a quoted name or URL at the end whose closing quote was cut off. */
function withoutCutName(text: string): string {
  const tail = text.lastIndexOf('"') + 1;
  const isOpen = tail > 0 && !/\s/.test(text.slice(tail)) && text.split('"').length % 2 === 0;
  return isOpen ? text.slice(0, tail) : text;
}

function fits(entry: Entry, text: FailureText, lower: LowerCase): boolean {
  const { cause, wording } = entry;
  if ((cause.family === "admission") !== (text.template === "create")) {
    return false;
  }
  const reads = wording.reads ?? "words";
  return mayFit(wording.pattern, lower[reads]) && wording.pattern.test(text[reads]) && (wording.when?.(text) ?? true);
}

function reading(entry: Entry, text: FailureText, more: readonly string[]): Reading {
  const { cause, wording } = entry;
  const alternatives = new Set([...alternativesOf(entry), ...more, ...blamed(entry.cause, text)].filter(concrete));
  alternatives.delete(cause.code);
  return {
    code: cause.code,
    alternatives: [...alternatives],
    certainty: cause.family === "meta" ? "possible" : wording.certain === true ? "certain" : "likely",
    text,
  };
}

const transportFamilies = new Set<Cause["family"]>(["dns", "network", "tls", "proxy"]);
const blame = {
  mirror: ["mirror-failed"],
  "blob-store": ["blob-store-blocked"],
  "token-server": ["auth-server-error"],
  other: [],
} as const;

/** Where the failing host is not the image's registry, a network failure may be that host's alone. */
function blamed(cause: Cause, text: FailureText): readonly string[] {
  const { foreignHost } = text.facts;
  return foreignHost === undefined || !transportFamilies.has(cause.family) ? [] : blame[foreignHost];
}

function alternativesOf({ cause, wording }: Entry): readonly string[] {
  return wording.alternatives ?? cause.covers ?? [];
}

/**
 * Of several tries, each with another login, the one whose failure is not about logins tells most: a trailing 401 of another try
 * must not hide a timeout or a 5xx. Among equals the first counts, which the kubelet made with the most particular login.
 */
function mostTelling(readings: readonly Reading[]): Reading | undefined {
  return [...readings].sort((a, b) => weight(a) - weight(b))[0];
}

const authCodes = new Set(causes.filter((cause) => cause.family === "auth").map((cause) => cause.code));

function weight(reading: Reading): number {
  if (!concrete(reading.code)) {
    return 3;
  }
  // A try that had no login to send tells less than one whose login was refused.
  return reading.code === "credentials-missing" ? 2 : authCodes.has(reading.code) ? 1 : 0;
}
