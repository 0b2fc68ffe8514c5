import type { Certainty } from "../domain/certainty.ts";
import type { ContainerRef, Diagnosis } from "../domain/diagnosis.ts";
import type { Report } from "../domain/report.ts";
import { jsonText } from "./json-text.ts";
import { plainName, plainText } from "./plain-text.ts";
import type { Renderer } from "./renderer.ts";
import { meaningOf, partialNote, patience } from "./words.ts";

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html, section 3.27.10. */
const levels: Readonly<Record<Certainty, string>> = { certain: "error", likely: "error", possible: "warning" };

function artifactUri(file: string): string {
  const slashed = file.replaceAll("\\", "/").replace(/^\.\//, "");
  return slashed.toWellFormed().split("/").map(encodeURIComponent).join("/");
}

function location(reference: ContainerRef) {
  const { namespace, pod, owner, container, file, line } = reference;
  const name = [namespace, pod ?? owner, container].filter((part) => part !== undefined).map((part) => plainName(part));
  const logical = { logicalLocations: [{ fullyQualifiedName: name.join("/"), kind: "resource" }] };
  if (file === undefined) return logical;
  const region = line === undefined ? {} : { region: { startLine: Math.max(1, Math.floor(line) || 1) } };
  return { physicalLocation: { artifactLocation: { uri: artifactUri(file) }, ...region }, ...logical };
}

function result(diagnosis: Diagnosis, ruleIndex: number) {
  const evidence = diagnosis.evidence.map(({ source, text }) => `${plainText(source)}: ${plainText(text)}`);
  const text = [
    `${plainText(diagnosis.title, { limit: 200 })}: ${plainName(diagnosis.image)} (${diagnosis.certainty}: ${meaningOf(diagnosis)}).`,
    `${plainText(diagnosis.explanation, { limit: 2000 })} (Retry: ${patience(diagnosis)}.)`,
    ...evidence.slice(0, 5),
  ];
  return {
    ruleId: plainName(diagnosis.code, 80),
    ruleIndex,
    level: levels[diagnosis.certainty],
    message: { text: text.join("\n") },
    locations: diagnosis.containers.slice(0, 100).map(location),
    partialFingerprints: { "imageAndCause/v1": `${plainName(diagnosis.code, 80)} ${plainName(diagnosis.image)}` },
    properties: { certainty: diagnosis.certainty, retryable: diagnosis.retryable, image: plainName(diagnosis.image) },
  };
}

function run(report: Report) {
  const codes = [...new Set(report.diagnoses.map(({ code }) => code))];
  const rules = codes.map((code) => {
    // A rule stands for all its results, so its words are the cause's own.
    const first = report.diagnoses.find((diagnosis) => diagnosis.code === code);
    const cause = first?.cause;
    const id = plainName(code, 80);
    const short = plainText(cause?.title ?? first?.title ?? code, { limit: 200 });
    return {
      id,
      shortDescription: { text: short },
      ...(cause === undefined ? {} : { fullDescription: { text: plainText(cause.explanation, { limit: 2000 }) } }),
      help: { text: `kubectl imagedoctor explain ${id}` },
      properties: { tags: ["image-pull"] },
    };
  });
  const notifications = [
    ...(report.interrupted === true ? [partialNote] : []),
    ...report.gaps.map(({ what, why }) => `${plainText(what)}: ${plainText(why)}`),
  ].map((text) => ({ level: "warning", message: { text } }));
  return {
    tool: { driver: { name: "kubectl-imagedoctor", version: plainText(report.version), rules } },
    invocations: [
      {
        executionSuccessful:
          report.interrupted !== true && (report.unread === undefined || report.diagnoses.length > 0),
        commandLine: plainText(report.command, { limit: 2000 }),
        ...(Number.isNaN(Date.parse(report.at)) ? {} : { endTimeUtc: new Date(report.at).toISOString() }),
        toolExecutionNotifications: notifications,
      },
    ],
    results: report.diagnoses.map((diagnosis) => result(diagnosis, codes.indexOf(diagnosis.code))),
  };
}

/** For code scanning: SARIF 2.1.0, a result for each diagnosis, at the manifest file's line where `-f` named one. */
export const sarif: Renderer = (report) => {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [run(report)],
  };
  return jsonText(log);
};
