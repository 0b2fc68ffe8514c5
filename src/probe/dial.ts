import { createConnection, type Socket } from "node:net";
import type { NetworkFault } from "../domain/probe.ts";
import { classifyFault, codeOf } from "./classify-fault.ts";
import type { Address } from "./resolve-name.ts";
import { failed, lateAfter, passed, remaining, type Stepped } from "./step-failure.ts";

/** How long one address is waited for before the next is tried beside it (RFC 8305 says 250 ms). */
const headStart = 250;
/** Most addresses of one name that are tried. */
const mostAddresses = 6;
const longestConnect = 5_000;

/** The most telling failure of several addresses wins. */
const weight: Partial<Record<NetworkFault, number>> = {
  "connect-refused": 0,
  "connection-reset": 1,
  "connect-timeout": 2,
  "no-route": 3,
};

export interface Dialled {
  readonly socket: Socket;
  readonly address: string;
  /** Addresses that did not answer before this one did, and why: `2001:db8::1: no-route`; empty where it was the first. */
  readonly missed: string;
}

interface Miss {
  readonly address: string;
  readonly fault: NetworkFault;
  readonly code: string | undefined;
}

/**
 * A TCP connection to the first address that answers: the families take turns, each address gets a head start of 250 ms,
 * so a dead IPv6 costs no more than that. Where all fail, the failure names the most telling one and tells of the others.
 */
export function dial(
  addresses: readonly Address[],
  port: number,
  host: string,
  deadline: number,
  closing: AbortSignal,
): Promise<Stepped<Dialled>> {
  const queue = interleave(addresses).slice(0, mostAddresses);
  const limit = remaining(deadline, longestConnect);
  return new Promise((resolve) => {
    const open = new Map<Socket, string>();
    const misses: Miss[] = [];
    let next = 0;
    let stagger: NodeJS.Timeout | undefined;
    const finish = (result: Stepped<Dialled>): void => {
      clearTimeout(stagger);
      stop();
      for (const socket of open.keys()) socket.destroy();
      open.clear();
      resolve(result);
    };
    const stop = lateAfter(limit, closing, () => {
      for (const address of open.values()) misses.push({ address, fault: "connect-timeout", code: "ETIMEDOUT" });
      finish(failed(failureOf(misses, host)));
    });
    const start = (): void => {
      clearTimeout(stagger);
      const target = queue[next];
      if (target === undefined) return;
      next += 1;
      const socket = createConnection({ host: target.address, port, family: target.family });
      socket.setNoDelay(true);
      open.set(socket, target.address);
      if (next < queue.length) stagger = setTimeout(start, headStart);
      socket.once("connect", () => {
        open.delete(socket);
        const slow = [...open.values()].map((address) => `${address}: no answer yet`);
        const missed = [...misses.map(({ address, fault }) => `${address}: ${fault}`), ...slow].join(", ");
        finish(passed({ socket, address: target.address, missed }));
      });
      socket.on("error", (error) => {
        if (!open.delete(socket)) return;
        const code = codeOf(error);
        misses.push({ address: target.address, fault: classifyFault(code, "connect"), code });
        if (next < queue.length) start();
        else if (open.size === 0) finish(failed(failureOf(misses, host)));
      });
    };
    start();
  });
}

function failureOf(misses: readonly Miss[], host: string) {
  const [worst] = [...misses].sort((a, b) => (weight[a.fault] ?? 9) - (weight[b.fault] ?? 9));
  return {
    step: "connect" as const,
    fault: worst?.fault ?? "connect-timeout",
    host,
    ...(worst && { address: worst.address }),
    ...(worst?.code !== undefined && { systemCode: worst.code }),
    detail: misses.map(({ address, fault }) => `${address}: ${fault}`).join(", "),
  };
}

/** One address of each family in turn, the resolver's first choice first. */
function interleave(addresses: readonly Address[]): readonly Address[] {
  const first = addresses[0]?.family;
  const a = addresses.filter(({ family }) => family === first);
  const b = addresses.filter(({ family }) => family !== first);
  return a.flatMap((address, at) => [address, ...(b[at] ? [b[at]] : [])]).concat(b.slice(a.length));
}
