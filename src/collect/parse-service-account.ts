import type { ServiceAccountFacts } from "../domain/cluster-facts.ts";
import { textAt, timeAt } from "./json-values.ts";
import { changedAt } from "./parse-event.ts";
import { pullSecretNamesOf } from "./parse-pod.ts";

/** A ServiceAccount. Never throws. Undefined for what has no name. */
export function parseServiceAccount(value: unknown): ServiceAccountFacts | undefined {
  const name = textAt(value, ["metadata", "name"], 253);
  if (name === undefined) return undefined;
  const createdAt = timeAt(value, ["metadata", "creationTimestamp"]);
  const changed = changedAt(value);
  return {
    namespace: textAt(value, ["metadata", "namespace"], 253) ?? "default",
    name,
    pullSecretNames: pullSecretNamesOf(value).filter((each) => each !== ""),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(changed === undefined ? {} : { changedAt: changed }),
  };
}
