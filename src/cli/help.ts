import { exitCodeMeanings, exitCodes } from "./exit-code.ts";
import { type Flag, flags } from "./flags.ts";

/** The commands beside the diagnosis itself. */
export const commands: readonly { readonly name: string; readonly text: string }[] = [
  { name: "explain", text: "Say what a cause means, or what a pasted failure text means" },
  { name: "rbac", text: "Print the smallest role that lets somebody run this" },
  { name: "completion", text: "Print what completes names, flags and codes: for kubectl, or for a shell" },
  { name: "version", text: "Print the version" },
];

const examples: readonly (readonly [command: string, text: string])[] = [
  ["web-6f9", "Why does this pod's image not get pulled?"],
  ["deployment/web -n shop", "The same for all pods of a deployment"],
  ["-A", "Every pod of the cluster that cannot pull"],
  ["web-6f9 -o markdown", "A report to paste into a ticket"],
  ["-f deploy/", "Would the images of these manifests be pulled? (exit code 1 if not)"],
  ["--image ghcr.io/acme/web:1.4 -n shop", "Would this one, with the logins of namespace shop?"],
  ["explain rate-limited", "What a cause means and what to do"],
];

/** The help of the program, as wide as the terminal allows (at most 100 columns). */
export function helpText(program: string, width: number): string {
  const columns = pageColumns(width);
  const lines = [
    ...wrap("Says why a pod's image cannot be pulled, how sure that is, on what evidence, and what mends it.", columns),
    "",
    "Usage:",
    `  ${program} [POD | TYPE/NAME | TYPE NAME]... [flags]`,
    `  ${program} COMMAND`,
    "",
    ...wrap(
      "Without a name it looks at every failing pod of the namespace. TYPE is pod, deployment, statefulset, " +
        "daemonset, replicaset, job or cronjob, or kubectl's short name of it.",
      columns,
    ),
    "",
    "Examples:",
    ...exampleLines(program, examples, columns),
    "",
    "Commands (each has its own --help):",
    ...commands.flatMap(({ name, text }) => hanging(`  ${name.padEnd(12)}`, text, columns)),
  ];
  for (const group of [...new Set(flags.map((flag) => flag.group))]) {
    lines.push("", `${group}:`);
    for (const flag of flags) if (flag.group === group) lines.push(...flagLines(flag, columns));
  }
  lines.push("", "Exit codes:");
  for (const name of Object.keys(exitCodes) as (keyof typeof exitCodes)[]) {
    lines.push(...hanging(`  ${String(exitCodes[name]).padEnd(5)}`, exitCodeMeanings[name], columns));
  }
  lines.push(
    "",
    ...wrap("It reads only, and sends a login only to the registry it is for. See `rbac` for what it reads.", columns),
  );
  return `${lines.join("\n")}\n`;
}

/** Columns that help is laid out for, on a terminal of that width. */
export function pageColumns(width: number): number {
  return Math.min(100, Math.max(40, width));
}

/** Examples, each with its comment above it. A command stays whole, to be copied. */
export function exampleLines(
  program: string,
  list: readonly (readonly [command: string, text: string])[],
  columns: number,
): string[] {
  return list.flatMap(([command, text]) => [
    ...wrap(text, columns - 4).map((line) => `  # ${line}`),
    `  ${program} ${command}`,
  ]);
}

/** `-n, --namespace NAMESPACE` and its text, indented. */
export function flagLines(flag: Flag, columns: number): string[] {
  const head = `  ${flagHead(flag)}`;
  const text = flag.choices === undefined ? flag.text : `${flag.text}, one of ${flag.choices.join(", ")}`;
  const indent = 30;
  if (columns < 70) return [head, ...wrap(text, columns - 6).map((line) => `      ${line}`)];
  if (head.length > indent - 2) return [head, ...hanging(" ".repeat(indent), text, columns)];
  return hanging(head.padEnd(indent), text, columns);
}

export function flagHead(flag: Flag): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  return `${short}--${flag.name}${flag.value === undefined ? "" : ` ${flag.value}`}`;
}

/** A text beside its label, every further line below the first. */
function hanging(label: string, text: string, columns: number): string[] {
  return wrap(text, columns - label.length).map(
    (line, index) => (index === 0 ? label : " ".repeat(label.length)) + line,
  );
}

/** Help is plain ASCII of our own, so words are all there is to it. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
