import type { Socket } from "node:net";
import { lateAfter, remaining } from "./step-failure.ts";

const longestWait = 2_000;

/** A TLS record of no length, then an empty line: enough for an HTTP server to say that it understands nothing. */
const nonsense = Buffer.from("\x16\x03\x01\x00\x00\r\n\r\n", "latin1");

/**
 * Whether HTTP is spoken on a connection where TLS was expected: what is sent is no request, so no handler sees it,
 * and every HTTP server answers it with `HTTP/1.1 400`. Closes the connection.
 */
export function answersHttp(socket: Socket, deadline: number, closing: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let seen = "";
    const finish = (): void => {
      stop();
      socket.destroy();
      resolve(seen.startsWith("HTTP/"));
    };
    const stop = lateAfter(remaining(deadline, longestWait), closing, finish);
    socket.on("data", (chunk: Buffer) => {
      seen += chunk.toString("latin1", 0, 5);
      if (seen.length >= 5) finish();
    });
    socket.once("end", finish).once("error", finish);
    socket.write(nonsense);
  });
}
