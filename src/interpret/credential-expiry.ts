import { shapeOfUser, type TokenShape, tokenShapes } from "../knowledge/login-conventions.ts";
import { decodeBase64, textOfBytes } from "./go-base64.ts";
import { type JsonNode, scanJson } from "./scan-json.ts";

/** What a login says of itself, read without asking anybody. */
export interface OwnWords {
  /** RFC 3339, UTC. */
  readonly expiresAt?: string;
  readonly shape?: string;
  /** The entry of the table that its beginning fits. */
  readonly token?: TokenShape;
  /** Hours it lives at most, where only its kind says so. */
  readonly lifetimeHours?: number;
}

/** No token is longer; what is gets no second look. */
const longestToken = 64 * 1024;

/**
 * The end and the kind of a login, from its password's form and its user name. Nothing is verified and nothing of it is kept:
 * ECR's payload (base64 of JSON with `expiration` in seconds), a JWT's `exp`, well-known beginnings.
 */
export function ownWords(username: string, password: string): OwnWords {
  const ecr = ecrPayload(password);
  if (ecr !== undefined) {
    return { shape: "ECR password", lifetimeHours: 12, ...timeField(numberIn(ecr, "expiration")) };
  }
  const jwt = jwtClaims(password);
  if (jwt !== undefined) {
    return { shape: shapeOfUser(username) ?? "JSON web token", ...timeField(numberIn(jwt, "exp")) };
  }
  const token = tokenShapes.find(({ prefix }) => password.startsWith(prefix));
  if (token !== undefined) {
    const { name: shape, lifetimeHours } = token;
    return { token, shape, ...(lifetimeHours === undefined ? {} : { lifetimeHours }) };
  }
  const shape = shapeOfUser(username);
  return shape === undefined ? {} : { shape };
}

/** ECR's password: it starts like a JWT and has no dots. */
function ecrPayload(password: string): Fields | undefined {
  if (!password.startsWith("eyJ") || password.includes(".") || password.length > longestToken) return undefined;
  const bytes = decodeBase64(password, password.endsWith("=") ? "padded" : "raw");
  const fields = bytes === undefined ? undefined : jsonFields(textOfBytes(bytes).text);
  if (fields === undefined || !fields.has("payload")) return undefined;
  return fields.has("datakey") || fields.has("version") ? fields : undefined;
}

function jwtClaims(password: string): Fields | undefined {
  if (!password.startsWith("eyJ") || password.length > longestToken) return undefined;
  const parts = password.split(".");
  if (parts.length !== 3) return undefined;
  const [header, claims] = parts.slice(0, 2).map((part) => {
    const bytes = decodeBase64(
      part
        .replaceAll("-", "+")
        .replaceAll("_", "/")
        .replace(/={1,2}$/, ""),
      "raw",
    );
    return bytes === undefined ? undefined : jsonFields(textOfBytes(bytes).text);
  });
  return header?.has("alg") === true ? claims : undefined;
}

type Fields = ReadonlyMap<string, string>;

/** The members of a JSON object as their own text: numbers and strings are all that is asked for. */
function jsonFields(text: string): Fields | undefined {
  const scanned = scanJson(text);
  if (!scanned.ok || scanned.value.kind !== "object") return undefined;
  return new Map(scanned.value.members.map(({ key, value }) => [key, plainText(value, text)]));
}

function plainText(node: JsonNode, text: string): string {
  if (node.kind === "string") return node.text;
  return node.kind === "number" ? text.slice(node.at, node.at + 40) : "";
}

/** Seconds since 1970, whole or not, as number or text; anything that is no time of this or the next century counts as missing. */
function numberIn(fields: Fields, name: string): number | undefined {
  const seconds = Number.parseFloat(fields.get(name) ?? "");
  return seconds > 0 && seconds < 7_258_118_400 ? seconds : undefined;
}

function timeField(seconds: number | undefined): { expiresAt?: string } {
  return seconds === undefined ? {} : { expiresAt: new Date(seconds * 1000).toISOString() };
}
