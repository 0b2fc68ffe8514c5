import type { FailureFacts } from "../domain/symptom.ts";
import { execIn } from "./needed-words.ts";
import { optional } from "./peel-heads.ts";

/** What the innermost words name beside the cause: addresses, names, times, digests. Only what is written there. */
export function readWords(words: string): FailureFacts {
  const lower = words.toLowerCase();
  const find: Find = (pattern) => execIn(pattern, words, lower);
  const lookup = find(lookedUp);
  const proxied = find(proxyDialled);
  const dialled = find(addressDialled) ?? find(addressConnected);
  const times = find(certificateTimes);
  return {
    ...(lookup === null ? {} : { lookedUp: lookup[1] ?? "", ...optional("resolver", lookup[2]) }),
    ...(proxied === null ? {} : { proxy: proxied[1] ?? "" }),
    ...(dialled === null || lookup !== null || proxied !== null ? {} : { address: dialled[1] ?? "" }),
    ...(times === null ? {} : { nodeTime: times[1] ?? "", certificateExpired: times[2] ?? "" }),
    ...optional("certificateNames", certificateNames(words)),
    ...optional("registryCode", find(registryCode)?.[1]),
    ...optional("digest", find(digest)?.[0]),
    ...optional("platform", platform(find)),
    ...optional("mediaType", find(mediaType)?.[0]),
    ...optional("login", login(find)),
    ...optional("webhook", find(webhook)?.[1]),
    ...optional("status", parsedStatus(find)),
  };
}

/** The first match in the words, of which it is known which expressions cannot fit them. */
type Find = (pattern: RegExp) => RegExpExecArray | null;

const lookedUp = /\blookup ([^\s:]+)(?: on (\S+?))?(?:: |$)/;
const proxyDialled = /\bproxyconnect tcp: dial tcp:? (?:lookup )?([^\s]+?)(?:: | on |$)/;
const addressDialled = /\bdial (?:tcp|udp) (\[[^\]\s]+\]:\d+|[^\s:]+:\d+)/;
const addressConnected = /->(\[[^\]\s]{1,64}\]:\d+|[^\s:]+:\d+)/;
const certificateTimes = /\bcurrent time (\S+) is (?:after|before) (\S+)/;
const digest = /\bsha256:[0-9a-f]{64}\b/;
const webhook = /\bwebhook "([^"]{1,253})"/;

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

const mobyPlatform = /\bno matching manifest for ([^\s"]+)/;
const imagePlatform = /\barchitecture "?([\w-]+)"?,(?: variant "?([\w-]*)"?,)? OS "?(\w+)"?/;

function platform(find: Find): string | undefined {
  const moby = find(mobyPlatform);
  if (moby !== null) {
    return moby[1];
  }
  const image = find(imagePlatform);
  if (image === null) {
    return undefined;
  }
  return [image[3], image[1], image[2]].filter((part) => part !== undefined && part !== "").join("/");
}

const noLoginSent =
  /no basic auth credentials|unauthenticated pull rate limit|Unauthenticated request|missing username or secret/;
const loginSent = /incorrect username or password|authorization token has expired|token provided/;

/** Whether a login was sent, where the words prove it. */
function login(find: Find): FailureFacts["login"] {
  if (find(noLoginSent) !== null) {
    return "without";
  }
  return find(loginSent) === null ? undefined : "with";
}

const httpStatus = /\bHTTP (?:response code|status(?: code)?:?|code:?) (\d{3})\b/;

function parsedStatus(find: Find): number | undefined {
  const match = find(httpStatus);
  return match === null ? undefined : Number(match[1]);
}
