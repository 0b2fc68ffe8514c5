import { EventEmitter } from "node:events";
import { Duplex, Readable } from "node:stream";
import { answerOfApiServer } from "./api-answers.ts";
import { answerOfRegistry, closedPort, noDigest } from "./registry-answers.ts";

/**
 * Node's network for as long as the start-up snapshot is made, which can hold no socket: connections to an API server and to
 * registries that live in this process. What is here is what the program uses; anything else fails the build.
 */
export const standIns: Readonly<Record<string, object>> = {
  net: { createConnection: dial, isIP: (text: string) => (/^[\d.]+$/.test(text) ? 4 : 0) },
  tls: { connect: secure, createSecureContext: contextOf },
  http2: { connect: session },
  crypto: { createHash: digestOfAnything },
};

class Wire extends Duplex {
  readonly port: number;
  readonly alpnProtocol: string;
  readonly authorizationError: string | undefined;

  constructor(port: number, protocols: readonly string[] = []) {
    super();
    this.port = port;
    this.alpnProtocol = protocols[0] ?? "";
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString("latin1");
    // A body is written apart from its header.
    if (/^(GET|HEAD|POST) /.test(text)) this.push(answerOfRegistry(text, this.port));
    done();
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}
  getProtocol = () => "TLSv1.3";
  getSharedSigalgs = () => [];
  getPeerX509Certificate = () => ({ checkHost: (name: string) => name, checkIP: (name: string) => name });
  getPeerCertificate = () => ({
    subject: { CN: "registry.example" },
    issuer: { CN: "authority" },
    subjectaltname: "DNS:registry.example",
    valid_from: "Jan  1 00:00:00 2026 GMT",
    valid_to: "Jan  1 00:00:00 2099 GMT",
  });
}

function digestOfAnything() {
  const hash = { update: () => hash, digest: () => noDigest };
  return hash;
}

/** Those of given authorities go with their list; that of Node's own would stay, and be taken for a real one. */
function contextOf({ ca }: { readonly ca?: unknown }): object {
  if (ca === undefined) throw new Error("a context of Node's own authorities is made while the start-up snapshot is");
  return {};
}

function dial({ port }: { readonly port: number }): Wire {
  const wire = new Wire(port);
  if (port !== closedPort) setImmediate(() => wire.emit("connect"));
  else setImmediate(() => wire.destroy(Object.assign(new Error("closed"), { code: "ECONNREFUSED" })));
  return wire;
}

function secure(options: { readonly port?: number; readonly socket?: Wire; readonly ALPNProtocols?: string[] }): Wire {
  const wire = new Wire(options.socket?.port ?? options.port ?? 0, options.ALPNProtocols);
  setImmediate(() => wire.emit("secureConnect"));
  return wire;
}

function session(): EventEmitter {
  const request = (headers: Readonly<Record<string, string>>) => {
    const { status, body } = answerOfApiServer(headers[":path"] ?? "/");
    const stream = Object.assign(Readable.from([Buffer.from(JSON.stringify(body))]), { rstCode: 0 });
    setImmediate(() => stream.emit("response", { ":status": status, "content-type": "application/json" }));
    return stream;
  };
  return Object.assign(new EventEmitter(), { request, setLocalWindowSize: () => {}, destroy: () => {} });
}
