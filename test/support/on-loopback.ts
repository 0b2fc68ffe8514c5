import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";

/** A server that listens on loopback at a port of its own, and ends with all its connections. */
export interface OnLoopback extends AsyncDisposable {
  readonly port: number;
  /** A connection that the server itself has opened ends with it, too. */
  readonly own: (socket: Socket) => Socket;
}

/** Listens on 127.0.0.1. An error of a connection is its end, and nothing more. */
export async function listenOnLoopback(server: Server): Promise<OnLoopback> {
  const sockets = new Set<Socket>();
  const own = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    return socket.on("error", () => socket.destroy());
  };
  server.on("connection", own);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    own,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
