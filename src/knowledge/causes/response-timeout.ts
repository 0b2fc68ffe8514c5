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
  wordings: [],
  remedies: () => [
    {
      title: "Measure the time to the first byte from the node",
      command: 'curl -s -o /dev/null -w "%{time_connect} %{time_starttransfer}\\n" https://HOST/v2/',
    },
  ],
  examples: [],
});
