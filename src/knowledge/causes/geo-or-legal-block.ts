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
  wordings: [],
  remedies: () => [{ title: "Pull through a mirror that may be reached from where the nodes are" }],
  examples: [],
});
