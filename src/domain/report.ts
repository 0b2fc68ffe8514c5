import type { HealthyContainer } from "./container-ref.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Gap } from "./gap.ts";
import type { Subject } from "./query.ts";

/** What was asked about, for the head of a report. */
export interface ReportTarget {
  readonly context?: string;
  readonly namespace?: string;
  /** How it was asked: by name, by selector, for whatever fails, or for images that nobody runs yet. */
  readonly kind: Subject["kind"];
  /** `pod/web-6f9`, `deployment/web`, `-l app=web`, `-f chart.yaml`, `--image nginx`. */
  readonly subject: string;
  /** How many pods (or planned images) were looked at. */
  readonly examined: number;
}

/** All that a run found out. Renderers read this and nothing else. */
export interface Report {
  readonly schemaVersion: "1";
  readonly target: ReportTarget;
  /** Most certain first. */
  readonly diagnoses: readonly Diagnosis[];
  readonly gaps: readonly Gap[];
  /** What was looked at and is not failing, one entry a container, where somebody counts it: test reports list it. */
  readonly healthy?: readonly HealthyContainer[];
  /** Pods among those looked at that do not fail and have not started either. */
  readonly unsettled?: number;
  /** Pods, lists and workloads that were asked for and could not be read; `gaps` say why. */
  readonly unread?: number;
  /** When it was made; RFC 3339, UTC. */
  readonly at: string;
  readonly version: string;
  /** The command that made it, as one would type it; no secret in it. */
  readonly command: string;
  /** False for `--no-probe`. */
  readonly probed: boolean;
  /** True where Ctrl-C or the time limit cut the run short. */
  readonly interrupted?: boolean;
}
