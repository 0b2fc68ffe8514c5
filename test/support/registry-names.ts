import dns, { type LookupAddress, type LookupOptions } from "node:dns";
import { syncBuiltinESMExports } from "node:module";

/** Names that resolve, each to one loopback address. All others do not exist. */
export type Names = ReadonlyMap<string, string>;

/**
 * Answers name lookups of this process from `names` alone until `restore` is called: no test asks a real DNS server.
 * Addresses and `localhost` resolve as ever.
 */
export function resolveOnly(names: Names): { restore(): void } {
  const real = { lookup: dns.lookup, promise: dns.promises.lookup };
  const answers = (hostname: string): LookupAddress[] => {
    const address = names.get(hostname.toLowerCase().replace(/\.$/, ""));
    if (address === undefined) throw unknownName(hostname);
    return [{ address, family: address.includes(":") ? 6 : 4 }];
  };
  const isLocal = (hostname: string) => hostname === "localhost" || /^[\d.]+$|:/.test(hostname);
  const promise = async (hostname: string, options?: LookupOptions | number) => {
    if (isLocal(hostname)) return real.promise(hostname, { ...asObject(options) });
    const found = answers(hostname);
    return asObject(options).all === true ? found : found[0];
  };
  type Callback = (error: Error | null, address?: string | LookupAddress[], family?: number) => void;
  const lookup = (hostname: string, options: LookupOptions | number | Callback, then?: Callback) => {
    const callback = typeof options === "function" ? options : then;
    const settings = typeof options === "function" ? {} : asObject(options);
    if (callback === undefined) throw new TypeError("lookup needs a callback");
    if (isLocal(hostname)) return real.lookup(hostname, { ...settings }, callback);
    setImmediate(() => {
      try {
        const found = answers(hostname);
        if (settings.all === true) callback(null, found);
        else callback(null, found[0]?.address ?? "", found[0]?.family ?? 4);
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)));
      }
    });
    return undefined;
  };
  Object.assign(dns, { lookup });
  Object.assign(dns.promises, { lookup: promise });
  syncBuiltinESMExports();
  return {
    restore: () => {
      Object.assign(dns, { lookup: real.lookup });
      Object.assign(dns.promises, { lookup: real.promise });
      syncBuiltinESMExports();
    },
  };
}

function asObject(options: LookupOptions | number | undefined): LookupOptions {
  return typeof options === "number" ? { family: options } : (options ?? {});
}

/** The error that getaddrinfo's EAI_NONAME becomes (node: lib/internal/errors.js, DNSException). */
function unknownName(hostname: string): Error {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
    code: "ENOTFOUND",
    errno: -3008,
    syscall: "getaddrinfo",
    hostname,
  });
}

/** `names` as `--resolve` flags, for a program that runs in a process of its own. */
export function resolveFlags(names: Names): string[] {
  return [...names].flatMap(([host, address]) => ["--resolve", `${host}:${address}`]);
}
