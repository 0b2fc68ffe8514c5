/**
 * What is said of an error that nobody expected: its kind and place, never its message, which may hold anything.
 * Text for stderr, with its last line feed.
 */
export function bugReport(error: unknown): string {
  const isError = error instanceof Error;
  const place = isError ? (error.stack ?? "").split("\n").filter(isFrame).slice(0, 3).join("\n") : "";
  return (
    `error: a bug in kubectl-imagedoctor (${isError ? error.name : typeof error})\n${place}\n` +
    "Please report it with these lines at https://github.com/kubectl-imagedoctor/kubectl-imagedoctor/issues\n"
  );
}

/** A message may have several lines; V8 begins those of the stack with `    at `. */
function isFrame(line: string): boolean {
  return /^ {4}at [\w.<>[\] ]*\(?(?:file:|node:|\/|[A-Z]:\\)[^\s"']*$/.test(line);
}
