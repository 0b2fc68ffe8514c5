import { connect, createServer } from "node:net";
import { listenOnLoopback } from "./on-loopback.ts";

export interface SocksProxy extends AsyncDisposable {
  readonly port: number;
  /** What was asked for, `name:port`: names that the client resolved itself are addresses here. */
  readonly asked: readonly string[];
}

/** A SOCKS5 proxy (RFC 1928) without a login, whose every way leads to `target` on loopback; 0 refuses every way. */
export async function startSocksProxy(target: number): Promise<SocksProxy> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (request: Buffer) => {
        asked.push(destinationOf(request));
        const reply = (code: number) => Buffer.from([5, code, 0, 1, 127, 0, 0, 1, 0, 0]);
        if (target === 0) return void socket.end(reply(4));
        const out = listening.own(connect(target, "127.0.0.1"));
        out.on("connect", () => {
          socket.write(reply(0));
          socket.pipe(out).pipe(socket);
        });
        out.on("error", () => socket.destroy());
      });
    });
  });
  const listening = await listenOnLoopback(server);
  return { ...listening, asked };
}

function destinationOf(request: Buffer): string {
  const isName = request[3] === 3;
  const length = isName ? (request[4] ?? 0) : 4;
  const start = isName ? 5 : 4;
  const host = isName
    ? request.toString("latin1", start, start + length)
    : [...request.subarray(start, start + length)].join(".");
  return `${host}:${request.readUInt16BE(start + length)}`;
}
