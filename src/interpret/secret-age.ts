import type { PullSecret } from "../domain/credential.ts";
import { sinceInWords } from "../domain/since-in-words.ts";
import type { Target } from "../domain/target.ts";

/**
 * Adds the fault `changed-since` where a Secret is newer than the last failed pull: what the node reported was said of the login before.
 * Times are the API server's (managedFields, creation) against the kubelet's, which may differ by seconds.
 */
export function withSecretAge(secret: PullSecret, target: Target, now: string): PullSecret {
  const changed = secret.changedAt ?? secret.createdAt;
  const failed = lastFailure(target);
  if (changed === undefined || failed === undefined || !(Date.parse(changed) > failed)) return secret;
  const verb = secret.createdAt === changed ? "was created" : "was changed";
  const text = `The Secret ${verb} ${sinceInWords(changed, now) ?? "since"}, after the last failed pull; the next try will use it as it is now.`;
  const fault = { code: "changed-since", effect: "suspicious", where: "metadata", text } as const;
  return { ...secret, faults: [...secret.faults, fault] };
}

/** When a pull failed last, in milliseconds; undefined where no failure has a time. */
function lastFailure({ failures }: Target): number | undefined {
  const times = failures.map(({ at }) => Date.parse(at ?? "")).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b));
}
