import type { SecretFault } from "../domain/credential.ts";
import type { Gap } from "../domain/gap.ts";

/** More of one file is noise. */
const most = 3;

/** What a docker config file keeps to itself: logins in a credential store, which is never run, and what does not parse. */
export function fileGaps(file: string, faults: readonly SecretFault[]): readonly Gap[] {
  const closed = faults.filter(
    ({ code, effect }) => effect === "blocks" || code === "credential-store" || code === "too-large",
  );
  return closed.slice(0, most).map(({ where, text }) => ({
    what: `logins of ${file}`,
    why: `${where}: ${text}`,
    remedy: "Name a file that holds its logins itself: docker login with a DOCKER_CONFIG of its own writes one.",
  }));
}
