import type { Answer, NetworkFault, Question, RegistryHost } from "../domain/probe.ts";
import { hostText, originOf, splitHost } from "./registry-url.ts";

type Fallback = NonNullable<RegistryHost["httpFallback"]>;

/**
 * By whose rule the question may be asked by plain HTTP once HTTPS has failed; undefined where the node never would.
 * `loopback`: its registry is on the machine that asks, where containerd and Docker try both, and CRI-O does not.
 */
export function httpFallbackOf({ via, runtime }: Question, loopback: boolean): Fallback | undefined {
  if (via !== undefined) return via.httpFallback;
  return loopback && runtime?.name !== "cri-o" ? "containerd" : undefined;
}

/** Refused by this side: the host has nothing to do with it. */
const ownRefusals: ReadonlySet<NetworkFault> = new Set(["redirect-refused", "address-refused"]);

/**
 * Whether an answer over HTTPS sends the runtime to plain HTTP at the same host; a port that is not written becomes 80.
 * - containerd: HTTP where TLS was spoken, a handshake that does not end, and, without a port of its own, a port that refuses or is silent
 *   (containerd/containerd:core/remotes/docker/resolver.go isTLSError, isPortError);
 * - CRI-O: whatever keeps `/v2/` from answering 200 or 401, which `asks` finds out where the host does answer
 *   (containers/image:docker/docker_client.go detectPropertiesHelper).
 */
export async function goesOnInClear(
  rule: Fallback,
  host: string,
  answer: Answer,
  asks: () => Promise<number | undefined>,
): Promise<boolean> {
  if (answer.kind === "unreachable") {
    if (answer.host !== hostText(originOf("https", host)) || ownRefusals.has(answer.fault)) return false;
    if (rule === "cri-o") return answer.step !== "resolve" && answer.step !== "token";
    if (answer.fault === "http-response-to-https" || answer.fault === "tls-handshake-timeout") return true;
    const silent = answer.fault === "connect-refused" || answer.fault === "connect-timeout";
    return silent && splitHost(host).port === undefined;
  }
  if (rule !== "cri-o" || answer.kind !== "refused" || answer.step !== "manifest") return false;
  if (answer.words.status === 401) return false;
  const status = await asks();
  return status !== undefined && status !== 200 && status !== 401;
}
