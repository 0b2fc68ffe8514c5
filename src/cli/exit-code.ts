import type { Report } from "../domain/report.ts";

/** What the program ends with. The README's table is generated from this. */
export const exitCodes = {
  nothingFailing: 0,
  failureDiagnosed: 1,
  usage: 2,
  clusterUnreadable: 3,
  bug: 4,
  interrupted: 130,
  terminated: 143,
} as const;

/** 128 and the signal's number, as a shell says of a process that a signal ended. */
export const stopCodes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;

export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  nothingFailing: "nothing fails to pull, or the reader of the output went away",
  failureDiagnosed: "a failure was diagnosed",
  usage: "bad usage: an unknown flag, a missing name, a file that cannot be used",
  clusterUnreadable: "the cluster, or a part of what was asked about, could not be read, and nothing else fails",
  bug: "a bug in this program, or the report could not be written",
  interrupted: "stopped by Ctrl-C; what was known is printed",
  terminated: "stopped by SIGTERM; what was known is printed",
};

/** The exit code of a finished report. */
export function exitCode(report: Report): number {
  if (report.interrupted === true) return exitCodes.interrupted;
  if (report.diagnoses.length > 0) return exitCodes.failureDiagnosed;
  // What was asked about and could not be read may well fail.
  return report.unread === undefined ? exitCodes.nothingFailing : exitCodes.clusterUnreadable;
}
