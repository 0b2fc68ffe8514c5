import type { SecretFault } from "../domain/credential.ts";
import { durationInWords, sinceInWords } from "../domain/since-in-words.ts";
import { eatenUserName, unfitHere } from "../knowledge/login-conventions.ts";
import { isOver } from "../knowledge/login-end.ts";
import { zeroGuid } from "../knowledge/registries/acr.ts";
import { dialectOf, dialectsOfUser } from "../knowledge/registries/dialect-of.ts";
import { specification } from "../knowledge/registries/specification.ts";
import { ownWords } from "./credential-expiry.ts";
import { decodeBase64, textOfBytes } from "./go-base64.ts";
import { scanJson } from "./scan-json.ts";

/** A login in the clear, and where it stands. It lives as long as the call. */
export interface PlainLogin {
  readonly username: string;
  readonly password: string;
  /** Positions: `auths["h"].username`, or `auths["h"].auth` for both. */
  readonly userAt: string;
  readonly passwordAt: string;
  /** host[:port] that the key names. */
  readonly host: string;
  /** When the Secret last changed, at the latest; RFC 3339. */
  readonly changedAt?: string;
}

type Fault = Omit<SecretFault, "effect">;

/**
 * What looks wrong with a login that the kubelet will use as it is. All of it is suspicion, none is refusal, and no sentence
 * has anything of user name or password in it.
 */
export function lintLogin(login: PlainLogin, now: string): SecretFault[] {
  if (login.username === "" && login.password === "") {
    const text = "The entry has no login, yet it counts as one: the kubelet asks the runtime with an empty login.";
    return [{ code: "no-login-in-entry", effect: "suspicious", where: login.userAt, text }];
  }
  const faults = [...emptiness(login), ...wrapping(login), ...convention(login), ...shape(login, now)];
  return faults.map((fault) => ({ ...fault, effect: "suspicious" }));
}

function* emptiness({ username, password, userAt, passwordAt }: PlainLogin): Generator<Fault> {
  if (username === "") {
    const text = "The user name is empty: containerd pulls without a login then, and CRI-O looks for one on the node.";
    yield { code: "empty-username", where: userAt, text };
  }
  if (password === "") {
    yield { code: "empty-password", where: passwordAt, text: "The password is empty." };
  }
}

/** What was wrapped around the value on its way here: white space, quotes, a byte order mark, a variable. */
function* wrapping({ username, password, userAt, passwordAt }: PlainLogin): Generator<Fault> {
  for (const [name, value, where] of [
    ["user name", username, userAt],
    ["password", password, passwordAt],
  ] as const) {
    if (value === "") continue;
    if (value.startsWith("\ufeff")) {
      yield { code: "byte-order-mark", where, text: `The ${name} starts with a byte order mark.` };
    }
    if (value.includes("\ufffd")) {
      yield { code: "not-utf8", where, text: `The ${name} has bytes that are not UTF-8.` };
    }
    const around = spaceAround(value);
    if (around !== undefined) yield { code: "surrounding-space", where, text: `The ${name} ${around}.` };
    else if (/[\0-\x1f\x7f]/.test(value)) {
      yield { code: "surrounding-space", where, text: `The ${name} has a line break or control character in it.` };
    }
    if (/^(["'`]).*\1$/s.test(value) && value.length > 1) {
      yield { code: "literal-quotes", where, text: `The ${name} stands in quotes, and the quotes are part of it.` };
    }
    if (isVariable(value)) {
      yield { code: "unexpanded-variable", where, text: `The ${name} looks like a variable that nothing filled in.` };
    } else if (isMask(value)) {
      const text = `The ${name} looks like the mask that a log shows in its place.`;
      yield { code: "unexpanded-variable", where, text };
    }
  }
}

function spaceAround(value: string): string | undefined {
  const before = /^\s/.test(value);
  const after = /\s$/.test(value);
  if (/[\r\n]$/.test(value)) return "ends with a line break";
  if (before && after) return "has white space around it";
  if (before) return "starts with white space";
  return after ? "ends with white space" : undefined;
}

/** `$NAME`, `${name}`, `$(name)`, `%NAME%`, `{{ … }}`, `<name>`: the value as a whole, since passwords may hold any of it inside. */
function isVariable(value: string): boolean {
  const text = value.trim();
  if (text.length > 300) return false;
  return (
    /^\$(?:[A-Z_][A-Z0-9_]+|\{[^{}]+\}|\([^()]+\))$/.test(text) ||
    /^%[A-Z_][A-Z0-9_]*%$/.test(text) ||
    /^\{\{.+\}\}$/.test(text) ||
    /^<[a-z][a-z0-9 _-]+>$/i.test(text)
  );
}

/** What CI systems and Terraform print for a secret: `***`, `[MASKED]`, `(sensitive value)`. */
function isMask(value: string): boolean {
  const text = value.trim();
  return /^\*{3,}$/.test(text) || /^[[(<]?(?:masked|redacted|hidden|sensitive value)[\])>]?$/i.test(text);
}

function* convention({ username, userAt, host }: PlainLogin): Generator<Fault> {
  if (username === "") return;
  const dialect = dialectOf(host);
  const { name, username: wanted } = dialect;
  if (wanted !== undefined && !wanted.fits(username)) {
    yield {
      code: "username-convention",
      where: userAt,
      text: `The user name is not what ${name} wants: ${wanted.text}.`,
    };
    return;
  }
  const homes = dialectsOfUser(username);
  const [home] = homes;
  if (home !== undefined && dialect !== specification && !homes.includes(dialect)) {
    const text = `The user name is one for ${home.name}, and the entry is for ${name}.`;
    yield { code: "username-convention", where: userAt, text };
  }
  if (/^[0-]{20,50}$/.test(username) && username !== zeroGuid) {
    const text = "The user name looks like the zero GUID of Azure's refresh tokens, and is not quite it.";
    yield { code: "username-convention", where: userAt, text };
  }
  const eaten = eatenUserName(username);
  if (eaten !== undefined) {
    const text = `The user name looks like what a shell leaves of ${eaten}; in a shell it must stand in single quotes.`;
    yield { code: "username-convention", where: userAt, text };
  }
}

function* shape(login: PlainLogin, now: string): Generator<Fault> {
  const { username, password, passwordAt: where, host } = login;
  if (password === "") return;
  if (username === "_json_key" || username === "_json_key_base64") {
    const key = serviceAccountKey(password, username === "_json_key_base64");
    if (key !== "whole") yield { code: "json-key-damaged", where, text: keyWords[key] };
  }
  if (username === zeroGuid && !password.startsWith("eyJ")) {
    const text = "The zero GUID goes with a refresh token (az acr login --expose-token), and the password is none.";
    yield { code: "password-shape", where, text };
  }
  const own = ownWords(username, password);
  const { password: wanted, username: user } = dialectOf(host);
  if (wanted !== undefined && own.shape !== wanted.shape && user?.fits(username) !== false) {
    const text =
      own.token?.unfit !== undefined
        ? `The password has the form of ${own.token.name}: ${own.token.unfit}.`
        : `The password does not look like ${wanted.text}.`;
    yield { code: "password-shape", where, text };
  } else if (own.token !== undefined) {
    const unfit = unfitHere(own.token, host);
    if (unfit !== undefined) {
      yield { code: "password-shape", where, text: `The password has the form of ${own.token.name}: ${unfit}.` };
    }
  }
  const expired = expiry(own.expiresAt, own.lifetimeHours, own.shape ?? "login", login.changedAt, now);
  if (expired !== undefined) yield { code: "expired", where, text: expired };
}

function expiry(
  expiresAt: string | undefined,
  lifetimeHours: number | undefined,
  shape: string,
  changedAt: string | undefined,
  now: string,
): string | undefined {
  if (expiresAt !== undefined) {
    return isOver(Date.parse(expiresAt), now)
      ? `The login says of itself that it ended ${sinceInWords(expiresAt, now)} (${shape}).`
      : undefined;
  }
  if (lifetimeHours === undefined || changedAt === undefined) return undefined;
  const lifetime = lifetimeHours * 3_600_000;
  return isOver(Date.parse(changedAt) + lifetime, now)
    ? `It has the form of ${shape}, which lives ${durationInWords(lifetime)} at most, and the secret last changed ${sinceInWords(changedAt, now)}.`
    : undefined;
}

const keyWords: Readonly<Record<Exclude<ReturnType<typeof serviceAccountKey>, "whole">, string>> = {
  "not-base64": "The service account key is not base64, which _json_key_base64 calls for.",
  "not-json": "The service account key is not JSON any more; line breaks or quotes were damaged on the way.",
  "not-a-key": "The password is not a service account key: it lacks type and private_key.",
};

/** A Google key file as password: whole, or how it was damaged. */
function serviceAccountKey(password: string, encoded: boolean): "whole" | "not-base64" | "not-json" | "not-a-key" {
  let text = password;
  if (encoded) {
    const bytes = decodeBase64(password.trim(), password.trim().endsWith("=") ? "padded" : "raw");
    if (bytes === undefined) return "not-base64";
    text = textOfBytes(bytes).text;
  }
  const scanned = scanJson(text);
  if (!scanned.ok) return "not-json";
  const names = scanned.value.kind === "object" ? scanned.value.members.map(({ key }) => key) : [];
  return names.includes("private_key") && names.includes("type") ? "whole" : "not-a-key";
}
