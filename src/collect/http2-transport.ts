import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import type { RequestHeaders, Response, Transport } from "./transport.ts";

/** As Go's client: with HTTP/2's own 64 KiB a large list would wait for a round trip every 64 KiB. */
const streamWindow = 4 * 1024 * 1024;
const connectionWindow = 32 * 1024 * 1024;

type Connection = { readonly session: ClientHttp2Session } | { readonly plain: Transport };

/**
 * One connection for all requests. Where the server does not choose `h2` in the TLS handshake, `fallback` is used from then
 * on. A connection that ends, or that the server is leaving (GOAWAY), is replaced by the next request.
 * `patience` bounds the connection's set-up, in milliseconds.
 */
export function openHttp2(tls: ConnectionOptions, server: URL, patience: number, fallback: () => Transport): Transport {
  let connection: Promise<Connection> | undefined;
  let open: Connection | undefined;
  let closed = false;

  async function connect(): Promise<Connection> {
    const socket = await handshake(tls, server, patience);
    if (closed) socket.destroy();
    if (socket.alpnProtocol !== "h2") {
      socket.destroy();
      return { plain: fallback() };
    }
    const openSession = await loadHttp2();
    const session = openSession(server.origin, {
      createConnection: () => socket,
      settings: { initialWindowSize: streamWindow, enablePush: false },
    });
    session.setLocalWindowSize?.(connectionWindow);
    const mine: Connection = { session };
    const forget = () => {
      if (open !== undefined && open !== mine) return;
      connection = undefined;
      open = undefined;
    };
    session.on("close", forget);
    session.on("goaway", forget);
    // Each stream tells its own error; without a listener the session's would end the process.
    session.on("error", forget);
    return mine;
  }

  async function connected(): Promise<Connection> {
    connection ??= connect().catch((error: unknown) => {
      connection = undefined;
      throw error;
    });
    open = await connection;
    return open;
  }

  return {
    get: async (path, headers, signal) => {
      const usable = await orAborted(connected(), signal);
      return "plain" in usable ? usable.plain.get(path, headers, signal) : send(usable.session, path, headers, signal);
    },
    close: () => {
      closed = true;
      if (open === undefined) void connection?.then(end, () => {});
      else end(open);
    },
  };
}

function end(connection: Connection): void {
  if ("plain" in connection) connection.plain.close();
  else connection.session.destroy();
}

async function loadHttp2() {
  return (await import("node:http2")).connect;
}

async function handshake(options: ConnectionOptions, server: URL, patience: number): Promise<TLSSocket> {
  const tls = await import("node:tls");
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      ...options,
      host: server.hostname.replace(/^\[|\]$/g, ""),
      port: Number(server.port || 443),
      ALPNProtocols: ["h2", "http/1.1"],
    });
    const clock = setTimeout(() => socket.destroy(timedOut()), patience);
    // Nearly all servers speak it, and now there is time: this one has been greeted and has yet to answer.
    socket.once("connect", () => void loadHttp2());
    socket.once("secureConnect", () => {
      clearTimeout(clock);
      resolve(socket);
    });
    // Stays on: until the session takes the socket over, nobody else would catch its errors.
    socket.on("error", (error) => {
      clearTimeout(clock);
      reject(error);
    });
  });
}

function timedOut(): Error {
  return Object.assign(new Error("the connection was not set up in time"), { code: "ETIMEDOUT" });
}

function send(
  session: ClientHttp2Session,
  path: string,
  headers: RequestHeaders,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const lines = Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === "string" ? value : [...value],
    ]);
    const stream: ClientHttp2Stream = session.request(
      { ":method": "GET", ":path": path, ...Object.fromEntries(lines) },
      { endStream: true, signal },
    );
    stream.once("response", (answer) => {
      const header = (name: string) => {
        const value = answer[name];
        return typeof value === "string" ? value : undefined;
      };
      resolve({ status: answer[":status"] ?? 0, header, body: stream, isWhole: () => isWhole(stream) });
    });
    stream.once("error", reject);
    stream.once("close", () => reject(reset()));
  });
}

/** A session that is lost ends its streams as if they were complete; that they were aborted tells. */
function isWhole(stream: ClientHttp2Stream): boolean {
  return !stream.aborted && !stream.rstCode;
}

/** A stream that ends without an answer and without an error was cancelled by the server. */
function reset(): Error {
  return Object.assign(new Error("the stream was reset"), { code: "ECONNRESET" });
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
