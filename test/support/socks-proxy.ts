import { connect, createServer, type Socket } from "node:net";

export interface SocksProxy extends AsyncDisposable {
  readonly port: number;
  /** What was asked for, `name:port`: names that the client resolved itself are addresses here. */
  readonly asked: readonly string[];
}

/** A SOCKS5 proxy (RFC 1928) without a login, whose every way leads to `target` on loopback; 0 refuses every way. */
export async function startSocksProxy(target: number): Promise<SocksProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (request: Buffer) => {
        asked.push(destinationOf(request));
        const reply = (code: number) => Buffer.from([5, code, 0, 1, 127, 0, 0, 1, 0, 0]);
        if (target === 0) return void socket.end(reply(4));
        const out = connect(target, "127.0.0.1", () => {
          socket.write(reply(0));
          socket.pipe(out).pipe(socket);
        });
        sockets.add(out);
        out.on("error", () => socket.destroy());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
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
