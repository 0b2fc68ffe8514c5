import net from "node:net";

/** A TCP proxy in front of a server, which lets so many bytes of its answers through and then misbehaves. */
export interface BadNetwork extends AsyncDisposable {
  readonly port: number;
  /** Bytes of the server that were let through, all connections together. */
  readonly passed: number;
}

export interface BadNetworkOptions {
  readonly to: { readonly address: string; readonly port: number };
  /** Bytes of the server's answers that get through on each connection. */
  readonly after: number;
  readonly ending: "reset" | "stall" | "end";
}

export async function startBadNetwork({ to, after, ending }: BadNetworkOptions): Promise<BadNetwork> {
  let passed = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(to.port, to.address);
    let left = after;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("close", () => upstream.destroy());
    client.pipe(upstream);
    upstream.on("data", (chunk: Buffer) => {
      const some = chunk.subarray(0, left);
      left -= some.length;
      passed += some.length;
      if (some.length > 0) client.write(some);
      if (left > 0 || ending === "stall") return;
      // What was written must be on its way before the end.
      setTimeout(() => (ending === "reset" ? client.resetAndDestroy() : client.end()), 5);
    });
    upstream.on("close", () => {
      if (ending !== "stall") client.end();
    });
    if (after === 0 && ending === "reset") setTimeout(() => client.resetAndDestroy(), 5);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : 0,
    get passed() {
      return passed;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
