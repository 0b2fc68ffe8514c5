/**
 * A string that must not be seen: a password, a token, a whole Secret payload.
 * It prints as `[redacted]` however it is printed: string conversion, JSON, `console.log`, an error's cause, a template.
 * The plain text sits in a private field, so no spread, no enumeration and no debugger dump of own properties shows it.
 *
 * `reveal` is the only way out. `test/shape.test.ts` lists the files that may import it.
 */
export class Redacted {
  readonly #plain: string;

  constructor(plain: string) {
    this.#plain = plain;
  }

  /** Whether there is anything inside at all; an empty password behaves differently on a node, so this much may be known. */
  get isEmpty(): boolean {
    return this.#plain.length === 0;
  }

  /** Whether both hold the same text, without showing either. */
  equals(other: Redacted): boolean {
    return this.#plain === other.#plain;
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }

  [Symbol.toPrimitive](): string {
    return "[redacted]";
  }

  /** Node's `util.inspect` asks for this symbol; naming it by `Symbol.for` keeps the domain free of `node:` imports. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[redacted]";
  }

  static reveal(redacted: Redacted): string {
    return redacted.#plain;
  }
}

/** The plain text of a redacted string. Import it only where it is sent to the registry or where a Secret is decoded. */
export function reveal(redacted: Redacted): string {
  return Redacted.reveal(redacted);
}
