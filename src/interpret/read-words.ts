import type { FailureFacts } from "../domain/symptom.ts";
import { optional } from "./peel-heads.ts";

/** What the innermost words name beside the cause: addresses, names, times, digests. Only what is written there. */
export function readWords(words: string): FailureFacts {
  const lookup = /\blookup ([^\s:]+)(?: on (\S+?))?(?:: |$)/.exec(words);
  const proxied = /\bproxyconnect tcp: dial tcp:? (?:lookup )?([^\s]+?)(?:: | on |$)/.exec(words);
  const dialled =
    /\bdial (?:tcp|udp) (\[[^\]\s]+\]:\d+|[^\s:]+:\d+)/.exec(words) ??
    /->(\[[^\]\s]{1,64}\]:\d+|[^\s:]+:\d+)/.exec(words);
  const times = /\bcurrent time (\S+) is (?:after|before) (\S+)/.exec(words);
  return {
    ...(lookup === null ? {} : { lookedUp: lookup[1] ?? "", ...optional("resolver", lookup[2]) }),
    ...(proxied === null ? {} : { proxy: proxied[1] ?? "" }),
    ...(dialled === null || lookup !== null || proxied !== null ? {} : { address: dialled[1] ?? "" }),
    ...(times === null ? {} : { nodeTime: times[1] ?? "", certificateExpired: times[2] ?? "" }),
    ...optional("certificateNames", certificateNames(words)),
    ...optional("registryCode", registryCode.exec(words)?.[1]),
    ...optional("digest", /\bsha256:[0-9a-f]{64}\b/.exec(words)?.[0]),
    ...optional("platform", platform(words)),
    ...optional("mediaType", mediaType.exec(words)?.[0]),
    ...optional("login", login(words)),
    ...optional("webhook", /\bwebhook "([^"]{1,253})"/.exec(words)?.[1]),
    ...optional("status", parsedStatus(words)),
  };
}

/** Codes of distribution's errcode/register.go as the runtimes print them. */
const registryCode =
  /(?:^|[\s:[({"])(unauthorized|denied|manifest unknown|name unknown|blob unknown|toomanyrequests|unsupported|name invalid|manifest invalid|digest invalid|UNAUTHORIZED|DENIED|MANIFEST_UNKNOWN|NAME_UNKNOWN|BLOB_UNKNOWN|TOOMANYREQUESTS|UNSUPPORTED|NAME_INVALID)(?=[:"])/;

const mediaType = /\bapplication\/vnd\.[\w.+-]{1,200}/;

/** `certificate is valid for a, b, not c` → a and b. */
function certificateNames(words: string): readonly string[] | undefined {
  const opening = "certificate is valid for ";
  const start = words.indexOf(opening);
  const end = start < 0 ? -1 : words.indexOf(", not ", start);
  return end < 0 ? undefined : words.slice(start + opening.length, end).split(", ");
}

function platform(words: string): string | undefined {
  const moby = /\bno matching manifest for ([^\s"]+)/.exec(words);
  if (moby !== null) {
    return moby[1];
  }
  const image = /\barchitecture "?([\w-]+)"?,(?: variant "?([\w-]*)"?,)? OS "?(\w+)"?/.exec(words);
  if (image === null) {
    return undefined;
  }
  return [image[3], image[1], image[2]].filter((part) => part !== undefined && part !== "").join("/");
}

/** Whether a login was sent, where the words prove it. */
function login(words: string): FailureFacts["login"] {
  if (
    /no basic auth credentials|unauthenticated pull rate limit|Unauthenticated request|missing username or secret/.test(
      words,
    )
  ) {
    return "without";
  }
  return /incorrect username or password|authorization token has expired|token provided/.test(words)
    ? "with"
    : undefined;
}

function parsedStatus(words: string): number | undefined {
  const match = /\bHTTP (?:response code|status(?: code)?:?|code:?) (\d{3})\b/.exec(words);
  return match === null ? undefined : Number(match[1]);
}
