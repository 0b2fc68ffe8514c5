import type { Gap } from "../domain/gap.ts";
import type { Target } from "../domain/target.ts";
import type { EventFacts } from "./parse-event.ts";
import type { PodFacts } from "./pod-facts.ts";

/** What a search for the query's pods gave. */
export interface FoundPods {
  readonly pods: readonly PodFacts[];
  /** Targets that have no pod: workloads whose pods were refused, planned images. */
  readonly podless: readonly Target[];
  /** Set where the search has read the Events of these pods already. */
  readonly events?: readonly EventFacts[];
  readonly gaps: readonly (Gap | undefined)[];
  /** Pods that went by, failing or not. */
  readonly examined: number;
  /** Pods (or lists of them) that were asked for and could not be read to the end. */
  readonly unread?: number;
}
