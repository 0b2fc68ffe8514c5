import { createConnection, createServer, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import type { Listener } from "./registry-listener.ts";

/** A server that accepts connections and never says a word: TLS handshakes with it time out. */
export async function startSilentServer(address = "127.0.0.1", port = 0): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  const bound = server.address();
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return {
    scheme: "https",
    address,
    port: typeof bound === "object" && bound !== null ? bound.port : port,
    close,
    [Symbol.asyncDispose]: close,
  };
}

const listenThenSleep = `
  const { createServer } = require("node:net");
  const { parentPort, workerData } = require("node:worker_threads");
  const server = createServer();
  server.listen({ host: workerData.address, port: workerData.port, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    // From here nothing is accepted any more: the kernel's queue fills, and it drops further SYNs (Linux).
    setImmediate(() => Atomics.wait(new Int32Array(workerData.lock), 0, 0));
  });
  server.on("error", (error) => { throw error; });
`;

/** An address where connections are neither accepted nor refused: connecting times out. Linux only. */
export async function startBlackhole(address = "127.0.0.1", port = 0): Promise<Listener> {
  const lock = new SharedArrayBuffer(4);
  const worker = new Worker(listenThenSleep, { eval: true, workerData: { address, port, lock } });
  const bound = await new Promise<number>((resolve, reject) => {
    worker.once("message", (message) => resolve(Number(message)));
    worker.once("error", reject);
  });
  const fillers = Array.from({ length: 8 }, () => {
    const socket = createConnection({ host: address, port: bound });
    socket.on("error", () => {});
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const close = async () => {
    for (const socket of fillers) socket.destroy();
    Atomics.store(new Int32Array(lock), 0, 1);
    Atomics.notify(new Int32Array(lock), 0);
    await worker.terminate();
  };
  return { scheme: "https", address, port: bound, close, [Symbol.asyncDispose]: close };
}
