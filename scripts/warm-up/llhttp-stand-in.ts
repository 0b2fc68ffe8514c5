/** What llhttp calls back, of what is used here: `at` is an address in the memory. */
interface Callbacks {
  wasm_on_message_begin(parser: number): number;
  wasm_on_status(parser: number, at: number, length: number): number;
  wasm_on_header_field(parser: number, at: number, length: number): number;
  wasm_on_header_value(parser: number, at: number, length: number): number;
  /** Answers 1 where no body follows. */
  wasm_on_headers_complete(parser: number, status: number, upgrade: number, keepAlive: number): number;
  wasm_on_body(parser: number, at: number, length: number): number;
  wasm_on_message_complete(parser: number): number;
}

const start = 1_024;

/**
 * In the place of `WebAssembly`, which Node has not while it makes a snapshot: undici's HTTP parser, for responses that
 * come whole and in one piece.
 */
export const webAssembly = {
  Module: class Module {},
  Instance: class Instance {
    readonly exports: object;

    constructor(_module: unknown, { env }: { readonly env: Callbacks }) {
      const memory = { buffer: new ArrayBuffer(65_536) };
      const parse = (parser: number, at: number, length: number): number => {
        read(Buffer.from(memory.buffer, at, length).toString("latin1"), parser, at, env);
        return 0;
      };
      this.exports = {
        memory,
        malloc: () => start,
        free: () => {},
        llhttp_alloc: () => 1,
        llhttp_free: () => {},
        llhttp_finish: () => 0,
        llhttp_execute: parse,
      };
    }
  },
};

function read(response: string, parser: number, at: number, env: Callbacks): void {
  const end = response.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = response.slice(0, end).split("\r\n");
  env.wasm_on_message_begin(parser);
  env.wasm_on_status(parser, at + 13, statusLine.length - 13);
  let from = at + statusLine.length + 2;
  for (const line of lines) {
    const colon = line.indexOf(":");
    env.wasm_on_header_field(parser, from, colon);
    env.wasm_on_header_value(parser, from + colon + 2, line.length - colon - 2);
    from += line.length + 2;
  }
  const bodiless = env.wasm_on_headers_complete(parser, Number(statusLine.slice(9, 12)), 0, 1) === 1;
  const body = response.length - end - 4;
  if (!bodiless && body > 0) env.wasm_on_body(parser, at + end + 4, body);
  env.wasm_on_message_complete(parser);
}
