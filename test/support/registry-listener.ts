import { createServer as createPlainServer, type Server as PlainServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { KeyPair } from "./certificates.ts";
import type { Handler } from "./registry-faults.ts";

export interface ListenOptions {
  readonly scheme?: "https" | "http";
  /** Needed for https. */
  readonly certificate?: KeyPair | undefined;
  /** Loopback address to listen on; 127.0.0.1 where it is left out. */
  readonly address?: string | undefined;
  /** 0 or left out: any free port. */
  readonly port?: number | undefined;
  /** PEM of the authority whose client certificates are asked for. */
  readonly clientAuthority?: string | undefined;
  /** What happens without a client certificate: the handshake fails, or each request gets nginx's 400 page. */
  readonly withoutClientCertificate?: "handshake-fails" | "status-400" | undefined;
}

/** A server that listens. Close it, or bind it with `await using`. */
export interface Listener extends AsyncDisposable {
  readonly scheme: "https" | "http";
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const rawSockets = new Map<string, Socket>();

/** Starts a server on loopback and waits until it listens. Rejects if the port is taken. */
export async function listen(handler: Handler, options: ListenOptions = {}): Promise<Listener> {
  const { scheme = "https", address = "127.0.0.1", port = 0, certificate, clientAuthority } = options;
  if (!address.startsWith("127.") && address !== "::1") throw new Error(`${address} is not loopback`);
  if (scheme === "https" && certificate === undefined) throw new Error("a TLS server needs a certificate");
  const strict = options.withoutClientCertificate !== "status-400";
  const guarded: Handler = async (request, response) => {
    try {
      await handler(request, response);
    } catch (error) {
      // Nobody would see a rejected handler; a 599 with the message is seen by the test that asked.
      if (!response.headersSent) response.writeHead(599, { "content-type": "text/plain" });
      response.end(`test server failed: ${String(error)}`);
    }
  };
  const server: PlainServer =
    scheme === "http"
      ? createPlainServer(guarded)
      : createTlsServer(
          {
            ...certificate,
            ...(clientAuthority === undefined
              ? {}
              : { requestCert: true, ca: clientAuthority, rejectUnauthorized: strict }),
          },
          guarded,
        );
  server.on("connection", remember);
  // A client that gives up in the middle of a handshake is what many tests are about.
  server.on("tlsClientError", () => {});
  // Go's net/http answers what is no HTTP, a TLS hello for one, with 400 in plain text and closes (net/http/server.go, serve).
  server.on("clientError", (_error, socket) => {
    if (socket.writable && scheme === "http")
      socket.end("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTPS request to an HTTP server.\n");
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  const bound = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      for (const [id, socket] of rawSockets) {
        if (socket.localPort === bound.port && socket.localAddress === address) {
          socket.destroy();
          rawSockets.delete(id);
        }
      }
    });
  return { scheme, address, port: bound.port, close, [Symbol.asyncDispose]: close };
}

/** Ends the connection with RST, through the TCP socket under a TLS one. */
export function resetConnection(socket: Socket): void {
  const raw = rawSockets.get(socketId(socket)) ?? socket;
  raw.resetAndDestroy();
  socket.destroy();
}

function remember(socket: Socket): void {
  const id = socketId(socket);
  rawSockets.set(id, socket);
  socket.on("close", () => rawSockets.delete(id));
  socket.on("error", () => {});
}

function socketId(socket: Socket): string {
  return `${socket.remoteAddress}:${socket.remotePort}-${socket.localAddress}:${socket.localPort}`;
}
