import { isUnsettled } from "./failing-containers.ts";
import type { PodFacts } from "./pod-facts.ts";

/** Healthy pods of a workload or a selector that are kept: they show where an image runs, and are listed as well. */
const mostHealthy = 1000;

/** For one list: keeps every pod that may be in trouble, and of the others a bounded number, so that memory follows what is broken. */
export function unsettledAndFew(): (pod: PodFacts) => boolean {
  let others = 0;
  return (pod) => isUnsettled(pod) || ++others <= mostHealthy;
}
