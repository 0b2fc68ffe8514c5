/** Rows that cannot apply, each with why. */
export const notApplicable: ReadonlyMap<string, string> = new Map([
  ["M3", "There is no CSV output."],
  ["M5", "There is no log: -v shows the ladder inside the one report, in its format."],
  ["P11", "The Warning header of an answer is not read, so nothing of it can be shown."],
  ["X4", "kubectl is never run: the API server is asked directly."],
  ["C8", "There is no option to hide names; names of objects are printed as kubectl prints them, data never."],
]);
