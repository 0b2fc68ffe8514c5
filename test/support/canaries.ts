import { randomBytes } from "node:crypto";

/** Secrets that a test planted, and the search for any trace of them in what the program let out. */
export class Canaries {
  readonly #planted = new Map<string, string>();

  /**
   * A new secret that no other text holds by chance.
   * `awkward` puts characters around it that URLs, JSON, shells and base64 write differently.
   */
  plant(where: string, style: "plain" | "awkward" = "plain"): string {
    const core = randomBytes(18).toString("base64url").replace(/[-_]/g, "x");
    const secret = style === "plain" ? core : `"\\${core}/+%&= '$é`;
    this.#planted.set(where, secret);
    return secret;
  }

  /** A secret made elsewhere, e.g. a private key. */
  keep(where: string, secret: string): string {
    this.#planted.set(where, secret);
    return secret;
  }

  /** Where a planted secret shows in the text, in whatever spelling: one line each, and none if all is well. */
  leaksIn(text: string): string[] {
    const folded = text.replace(/\s+/g, "");
    return [...this.#planted].flatMap(([where, secret]) =>
      tracesOf(secret)
        .filter(({ trace }) => text.includes(trace) || folded.includes(trace))
        .slice(0, 1)
        .map(({ spelling, trace }) => `${where}, ${spelling}: ${excerpt(text, trace)}`),
    );
  }
}

interface Trace {
  readonly spelling: string;
  readonly trace: string;
}

const shortest = 8;

/** Every run of eight characters of the secret, of its base64 at each of three offsets, and of what URLs, JSON and hex make of it. */
function tracesOf(secret: string): Trace[] {
  const bytes = Buffer.from(secret);
  const inner = (offset: number, encoding: "base64" | "base64url") =>
    // The first and the last letters depend on what stands beside the secret.
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString(encoding)
      .slice(offset === 0 ? 0 : 4, -4);
  const spellings: [string, string][] = [
    ["as it is", secret],
    ["in a URL", encodeURIComponent(secret)],
    ["in JSON", JSON.stringify(secret).slice(1, -1)],
    ["in hexadecimal", bytes.toString("hex")],
    ...[0, 1, 2].flatMap((offset): [string, string][] => [
      [`in base64 at offset ${offset}`, inner(offset, "base64")],
      [`in base64url at offset ${offset}`, inner(offset, "base64url")],
    ]),
  ];
  return spellings.flatMap(([spelling, text]) => windows(text).map((trace) => ({ spelling, trace })));
}

function windows(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - shortest + 1) }, (_, at) => text.slice(at, at + shortest));
}

function excerpt(text: string, trace: string): string {
  const at = text.indexOf(trace);
  return JSON.stringify(at < 0 ? trace : text.slice(Math.max(0, at - 60), at + 40));
}
