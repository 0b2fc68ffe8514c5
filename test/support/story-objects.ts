/** A Kubernetes object as `kubectl get -o json` prints it. */
export type ApiObject = Readonly<Record<string, unknown>>;

/** What a story never needs, wherever it stands in an object. */
const noise = new Set([
  "managedFields",
  "resourceVersion",
  "selfLink",
  "generation",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "tolerations",
  "dnsPolicy",
  "enableServiceLinks",
  "preemptionPolicy",
  "priority",
  "restartPolicy",
  "schedulerName",
  "terminationGracePeriodSeconds",
  "volumes",
  "volumeMounts",
  "lastProbeTime",
  "qosClass",
  "allocatable",
  "capacity",
  "daemonEndpoints",
  "addresses",
  "machineID",
  "systemUUID",
  "bootID",
  "podIP",
  "podIPs",
  "hostIP",
  "containerID",
  "env",
  "envFrom",
  "args",
  "command",
]);

const noisyAnnotation =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|node\.alpha\.|volumes\.kubernetes\.io\/)/;

/** The objects of a List, or of what holds lists; an object of its own stays as it is. */
export function objectsIn(value: unknown): ApiObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (!isObject(value)) return [];
  if (Array.isArray(value["items"])) return objectsIn(value["items"]);
  return typeof value["kind"] === "string" ? [value] : [];
}

/** Leaves out what no diagnosis reads, and empty maps. The wording of statuses and Events stays as it was. */
export function withoutNoise(object: ApiObject): ApiObject {
  const kept = strip(object);
  return isObject(kept) ? kept : {};
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !noise.has(key) && !noisyAnnotation.test(key))
    .map(([key, inner]) => [key, strip(inner)] as const)
    .filter(([, inner]) => inner !== null && !(isObject(inner) && Object.keys(inner).length === 0));
  return Object.fromEntries(entries);
}

/**
 * Exchanges user names, passwords and tokens of pull secrets for numbered ones, the same text always for the same.
 * What is wrong with a payload (no JSON, no colon, blanks around) stays wrong in the same way. Secrets of other types lose their data.
 */
export function redactSecrets(objects: readonly ApiObject[]): ApiObject[] {
  const names = new Map<string, string>();
  const exchange = (kind: string, text: string): string => {
    const core = text.trim();
    if (core === "") return text;
    const id = `${kind} ${core}`;
    const known =
      names.get(id) ?? `${kind}-${[...names.keys()].filter((key) => key.startsWith(`${kind} `)).length + 1}`;
    names.set(id, known);
    return text.replace(core, () => known);
  };
  return objects.map((object) => (object["kind"] === "Secret" ? redactSecret(object, exchange) : object));
}

type Exchange = (kind: string, text: string) => string;

function redactSecret(secret: ApiObject, exchange: Exchange): ApiObject {
  const data = isObject(secret["data"]) ? secret["data"] : {};
  const redacted = Object.entries(data).map(([key, payload]) => {
    const pull = key === ".dockerconfigjson" || key === ".dockercfg" || key === "config.json";
    return [key, typeof payload === "string" && pull ? redactPayload(payload, exchange) : ""];
  });
  const { stringData: _plain, ...rest } = secret;
  return { ...rest, data: Object.fromEntries(redacted) };
}

function redactPayload(payload: string, exchange: Exchange): string {
  const text = Buffer.from(payload, "base64").toString("utf8");
  try {
    const config: unknown = JSON.parse(text);
    return Buffer.from(JSON.stringify(redactConfig(config, exchange))).toString("base64");
  } catch {
    // It does not parse, so nobody knows where the passwords stand in it: only its punctuation is kept.
    return Buffer.from(text.replace(/[\p{L}\p{N}]/gu, "x")).toString("base64");
  }
}

function redactConfig(value: unknown, exchange: Exchange): unknown {
  if (Array.isArray(value)) return value.map((inner) => redactConfig(inner, exchange));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (typeof inner !== "string") return [key, redactConfig(inner, exchange)];
      if (key === "auth") return [key, redactAuth(inner, exchange)];
      if (key === "username") return [key, exchange("user", inner)];
      if (key === "email") return [key, "user@example.com"];
      return [key, exchange("secret", inner)];
    }),
  );
}

function redactAuth(auth: string, exchange: Exchange): string {
  const [user = "", ...rest] = Buffer.from(auth, "base64").toString("utf8").split(":");
  if (rest.length === 0) return exchange("secret", auth);
  const text = `${exchange("user", user)}:${exchange("secret", rest.join(":"))}`;
  return Buffer.from(text).toString("base64");
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
