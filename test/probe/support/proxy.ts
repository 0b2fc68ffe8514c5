import { connect, createServer } from "node:net";
import { listenOnLoopback } from "../../support/on-loopback.ts";

export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  /** First lines of the requests, and their Proxy-Authorization. */
  readonly seen: { readonly line: string; readonly authorization: string | undefined }[];
}

/**
 * An HTTP proxy for CONNECT: `answer` is its status line and headers, or undefined to open the tunnel to `target`
 * (whatever name was asked for: the proxy resolves names).
 */
export async function startProxy(target: number, answer?: string): Promise<TestProxy> {
  const seen: TestProxy["seen"] = [];
  const server = createServer((socket) => {
    socket.once("data", (chunk) => {
      const head = chunk.toString("latin1");
      const authorization = /^proxy-authorization: (.*)$/im.exec(head)?.[1]?.trim();
      seen.push({ line: head.split("\r\n", 1)[0] ?? "", authorization });
      if (answer !== undefined) return void socket.end(answer);
      const out = listening.own(connect(target, "127.0.0.1"));
      out.on("connect", () => {
        if (head.startsWith("CONNECT")) socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        else out.write(chunk);
        socket.pipe(out).pipe(socket);
      });
      out.on("error", () => socket.destroy());
    });
  });
  const listening = await listenOnLoopback(server);
  return { ...listening, seen };
}
