import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { hostWord, onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const responseTimeout = defineCause({
  code: "response-timeout",
  family: "network",
  title: "The registry accepts the connection but does not answer",
  explanation:
    "The connection stood, the request was sent, and no response came in time. An overloaded registry, or a proxy or firewall that swallows the request, looks like this.",
  retryable: true,
  looks: {
    all: '`(Client.Timeout exceeded while awaiting headers)` without "while waiting for connection"; `http2: timeout awaiting response headers`',
  },
  toldFrom: {
    "connect-timeout": "there not even the connection came about",
    "pull-timeout": "there no URL is named",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "network",
      pattern:
        /\bClient\.Timeout (?:exceeded|or context cancellation) while (?:awaiting headers|reading body)|\btimeout awaiting response headers\b/i,
      alternatives: ["connect-timeout"],
      example: 'Get "https://reg.test/v2/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      source: "golang/go src/net/http/client.go",
    },
    {
      writtenBy: "go",
      stage: "network",
      pattern:
        /^(?:context deadline exceeded|i\/o timeout|net\/http: timeout .*|read tcp \S+: (?:read: )?(?:i\/o timeout|connection timed out)|.*\bread: (?:i\/o timeout|connection timed out))$/,
      when: (text) => text.facts.url !== undefined && text.facts.operation !== "blob",
      alternatives: ["connect-timeout", "pull-timeout"],
      example: 'failed to do request: Head "https://reg.test/v2/web/manifests/1": context deadline exceeded',
      source: "golang/go src/context/context.go",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "response-timeout", fault: "response-timeout" }),
  remedies: (file) => [
    onTheNode(
      file,
      "measure connect time and time to the first byte",
      `curl -s -o /dev/null -w '%{time_connect} %{time_starttransfer}\\n' --max-time 60 ${hostWord(file, "https://", "/v2/")}`,
    ),
  ],
  examples: networkExamples("response-timeout", "possible"),
});
