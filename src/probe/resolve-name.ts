import { lookup as systemLookup } from "node:dns";
import { classifyFault, codeOf } from "./classify-fault.ts";
import { ipFamily } from "./ip-family.ts";
import { failed, lateAfter, passed, remaining, type Stepped } from "./step-failure.ts";

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Looks a name up as the system does, A and AAAA, in the order in which they should be tried. Rejects with the system's error. */
export type Lookup = (hostname: string) => Promise<readonly Address[]>;

const longestLookup = 5_000;

/** The system's own resolver, with its hosts file and search list. */
export const lookupBySystem: Lookup = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true, order: "verbatim" }, (error, found) => {
      if (error) reject(error);
      else resolve(found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })));
    });
  });

/**
 * The addresses of a host: itself, where it is one; what `--resolve` says (keys `host` or `host:port`); or what the lookup finds.
 * `host` is how the place is named in the failure; `deadline` as `performance.now`.
 */
export async function resolveName(
  target: { readonly hostname: string; readonly port: number; readonly host: string },
  overrides: ReadonlyMap<string, string>,
  lookup: Lookup,
  deadline: number,
  closing: AbortSignal,
): Promise<Stepped<readonly Address[]>> {
  const { hostname, port, host } = target;
  const fixed = overrides.get(`${hostname}:${port}`) ?? overrides.get(hostname) ?? hostname;
  const family = ipFamily(fixed);
  if (family !== 0) return passed([{ address: fixed, family: family === 6 ? 6 : 4 }]);
  // RFC 6761: these names are this machine, whatever a resolver says.
  if (hostname === "localhost" || hostname.endsWith(".localhost"))
    return passed([
      { address: "127.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ]);
  const late = timer(remaining(deadline, longestLookup), closing);
  try {
    const found = await Promise.race([lookup(hostname), late.done]);
    if (found === undefined) return failed({ step: "resolve", fault: "dns-unreachable", host, systemCode: "ETIMEOUT" });
    if (found.length > 0) return passed(found);
    return failed({ step: "resolve", fault: "dns-nxdomain", host, systemCode: "ENODATA" });
  } catch (error) {
    const code = codeOf(error);
    const systemCode = code === undefined ? {} : { systemCode: code };
    return failed({ step: "resolve", fault: classifyFault(code, "resolve"), host, ...systemCode });
  } finally {
    late.stop();
  }
}

function timer(
  milliseconds: number,
  closing: AbortSignal,
): { readonly done: Promise<undefined>; readonly stop: () => void } {
  let stop = (): void => {};
  const done = new Promise<undefined>((resolve) => {
    stop = lateAfter(milliseconds, closing, () => resolve(undefined));
  });
  return { done, stop };
}
