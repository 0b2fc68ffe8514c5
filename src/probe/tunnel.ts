import type { Socket } from "node:net";
import type { NetworkFault } from "../domain/probe.ts";
import { classifyFault, codeOf } from "./classify-fault.ts";
import type { HttpProxy } from "./proxy-choice.ts";
import { failed, lateAfter, passed, remaining, type Stepped } from "./step-failure.ts";

const longestHead = 16_384;
const longestWait = 10_000;

/**
 * Asks a proxy for a tunnel (CONNECT) over a connection to it. The answer's body, an HTML page as a rule, is not read.
 * A refusal is the proxy's, never the registry's.
 */
export function openTunnel(
  socket: Socket,
  target: { readonly hostname: string; readonly port: number },
  proxy: HttpProxy,
  deadline: number,
  closing: AbortSignal,
): Promise<Stepped<Socket>> {
  const authority = `${target.hostname.includes(":") ? `[${target.hostname}]` : target.hostname}:${target.port}`;
  const login = proxy.authorization === undefined ? "" : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  return new Promise((resolve) => {
    let head = Buffer.alloc(0);
    const finish = (result: Stepped<Socket>): void => {
      stop();
      socket.off("data", read).off("error", broken).off("end", ended);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const refuse = (fault: NetworkFault, systemCode: string | undefined, detail?: string): void =>
      finish(
        failed({
          step: "proxy",
          fault,
          host: proxy.host,
          ...(systemCode !== undefined && { systemCode }),
          ...(detail !== undefined && { detail }),
        }),
      );
    const stop = lateAfter(remaining(deadline, longestWait), closing, () => refuse("proxy-unreachable", "ETIMEDOUT"));
    const broken = (error: unknown): void => {
      const code = codeOf(error);
      refuse(classifyFault(code, "request") === "bad-response" ? "proxy-rejected" : "proxy-unreachable", code);
    };
    const ended = (): void => refuse("proxy-rejected", "ECONNRESET", "the proxy hung up");
    const read = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0 && head.length <= longestHead) return;
      const status = /^HTTP\/1\.[01] ([0-9]{3})/.exec(head.toString("latin1", 0, 32))?.[1];
      if (status?.startsWith("2") && end >= 0) {
        socket.pause();
        const rest = head.subarray(end + 4);
        if (rest.length > 0) socket.unshift(rest);
        finish(passed(socket));
        return;
      }
      const said = status === undefined ? "no HTTP answer" : `CONNECT was answered with ${status}`;
      refuse(status === "407" ? "proxy-auth-required" : "proxy-rejected", status && `HTTP_${status}`, said);
    };
    socket.on("data", read).on("error", broken).on("end", ended);
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${login}\r\n`);
  });
}
