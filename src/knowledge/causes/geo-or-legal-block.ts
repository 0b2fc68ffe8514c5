import { placeExamples } from "../evidence/example-parts.ts";
import { registryAnswer } from "../evidence/registry-answer.ts";
import { registryAdvice } from "../evidence/remedies.ts";
import { defineCause } from "./cause.ts";

export const geoOrLegalBlock = defineCause({
  code: "geo-or-legal-block",
  family: "registry",
  title: "The registry refuses requests from this place",
  explanation: "The registry or its delivery network refuses by country or for legal reasons.",
  retryable: false,
  looks: {
    registry: "`451`; `must comply with US export control regulations`; `configured to block access from your country`",
  },
  toldFrom: {
    "permission-denied": "the words of the body decide",
    "connect-timeout": "interference on the way often shows as silence",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\bexport control\b|\bblock access from your country\b|\bUnavailable For Legal Reasons\b|\bnot available in your (?:country|region|location)\b|\bsanction(?:s|ed)\b|\bembargo/i,
      alternatives: ["permission-denied"],
      example: `error parsing HTTP 403 response body: invalid character '<' looking for beginning of value: "<html>we must comply with US export control regulations</html>"`,
      source: "https://www.docker.com/legal/export-compliance",
    },
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern: /^/,
      when: (text) => text.facts.status === 451,
      example: "pulling from host reg.test failed with status code [manifests 1]: 451",
      source: "https://www.rfc-editor.org/rfc/rfc7725",
    },
  ],
  decide: (file) => registryAnswer(file, { code: "geo-or-legal-block", meanings: ["geo-blocked"], byPlace: true }),
  remedies: (file) => [
    ...registryAdvice(file, ["geo-blocked"]),
    { title: "Pull through a mirror that may be reached from where the nodes are; no login helps" },
  ],
  examples: placeExamples("geo-or-legal-block", "geo-blocked", 403),
});
