import { later, listAt, member, numberAt, textAt, timeAt } from "./json-values.ts";

/** An Event, whichever of its two API groups it came from. Texts are bounded and hostile. */
export interface EventFacts {
  readonly namespace: string;
  readonly reason: string;
  readonly message: string;
  /** Who it is about. `fieldPath` is e.g. `spec.containers{app}`. */
  readonly about: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly fieldPath: string;
  };
  readonly at?: string;
  readonly firstAt?: string;
  readonly count?: number;
  readonly reporter?: string;
}

/**
 * An Event of `v1` (message, involvedObject, source, count) or `events.k8s.io/v1` (note, regarding, reportingController,
 * deprecated…), in the count form or the series form. Never throws. Undefined for what says nothing about anything.
 */
export function parseEvent(value: unknown): EventFacts | undefined {
  const about = member(value, "involvedObject") ?? member(value, "regarding");
  const kind = textAt(about, ["kind"], 253);
  const name = textAt(about, ["name"], 253);
  if (kind === undefined || name === undefined) return undefined;
  const namespace = textAt(about, ["namespace"], 253) ?? textAt(value, ["metadata", "namespace"], 253) ?? "default";
  const firstAt =
    timeAt(value, ["firstTimestamp"]) ??
    timeAt(value, ["deprecatedFirstTimestamp"]) ??
    timeAt(value, ["eventTime"]) ??
    timeAt(value, ["metadata", "creationTimestamp"]);
  const at = later(
    later(timeAt(value, ["lastTimestamp"]), timeAt(value, ["deprecatedLastTimestamp"])),
    later(timeAt(value, ["series", "lastObservedTime"]), later(timeAt(value, ["eventTime"]), firstAt)),
  );
  const count =
    numberAt(value, ["series", "count"]) ?? numberAt(value, ["count"]) ?? numberAt(value, ["deprecatedCount"]);
  const reporter = reporterOf(value);
  return {
    namespace,
    reason: textAt(value, ["reason"], 256) ?? "",
    message: textAt(value, ["message"]) ?? textAt(value, ["note"]) ?? "",
    about: {
      kind,
      namespace,
      name,
      uid: textAt(about, ["uid"], 128) ?? "",
      fieldPath: textAt(about, ["fieldPath"], 512) ?? "",
    },
    ...(at === undefined ? {} : { at }),
    ...(firstAt === undefined ? {} : { firstAt }),
    ...(count === undefined || count < 1 ? {} : { count }),
    ...(reporter === undefined ? {} : { reporter }),
  };
}

/** `kubelet on node1`; `replicaset-controller`. */
function reporterOf(value: unknown): string | undefined {
  const component =
    textAt(value, ["source", "component"], 253) ??
    textAt(value, ["deprecatedSource", "component"], 253) ??
    textAt(value, ["reportingComponent"], 253) ??
    textAt(value, ["reportingController"], 253);
  const host = textAt(value, ["source", "host"], 253) ?? textAt(value, ["deprecatedSource", "host"], 253);
  if (component === undefined) return undefined;
  return host === undefined ? component : `${component} on ${host}`;
}

/** Newest time in `metadata.managedFields`: when anybody last wrote to the object. */
export function changedAt(value: unknown): string | undefined {
  return listAt(value, ["metadata", "managedFields"], 200).reduce<string | undefined>(
    (newest, entry) => later(newest, timeAt(entry, ["time"])),
    undefined,
  );
}
