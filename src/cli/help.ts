import { exitCodeMeanings, exitCodes } from "./exit-code.ts";
import { type Flag, flags } from "./flags.ts";

/** The commands beside the diagnosis itself. */
export const commands: readonly { readonly name: string; readonly text: string }[] = [
  { name: "explain", text: "Say what a cause means, or what a pasted failure text means" },
  { name: "rbac", text: "Print the smallest role that lets somebody run this" },
  { name: "completion", text: "Print the completion script for a shell" },
  { name: "version", text: "Print the version" },
];

const examples: readonly (readonly [command: string, text: string])[] = [
  ["web-6f9", "Why does this pod's image not get pulled?"],
  ["deployment/web -n shop", "The same for all pods of a deployment"],
  ["-A", "Every pod of the cluster that cannot pull"],
  ["web-6f9 -o markdown", "A report to paste into a ticket"],
  ["-f chart.yaml", "Would these images be pulled? (exit code 1 if not)"],
  ["--image ghcr.io/acme/web:1.4 -n shop", "Would this one, with the logins of namespace shop?"],
  ["explain rate-limited", "What a cause means and what to do"],
];

/** The help of the program, as wide as the terminal allows (at most 100 columns). */
export function helpText(program: string, width: number): string {
  const columns = Math.min(100, Math.max(40, width));
  const lines = [
    "Says why a pod's image cannot be pulled, how sure that is, on what evidence, and what mends it.",
    "",
    "Usage:",
    `  ${program} [POD | TYPE/NAME | TYPE NAME]... [flags]`,
    `  ${program} COMMAND`,
    "",
    "Without a name it looks at every failing pod of the namespace. TYPE is pod, deployment, statefulset, " +
      "daemonset, replicaset, job or cronjob, or kubectl's short name of it.",
    "",
    "Examples:",
    ...examples.flatMap(([command, text]) => [`  # ${text}`, `  ${program} ${command}`]),
    "",
    "Commands:",
    ...commands.map(({ name, text }) => `  ${name.padEnd(12)}${text}`),
  ];
  for (const group of [...new Set(flags.map((flag) => flag.group))]) {
    lines.push("", `${group}:`);
    for (const flag of flags) if (flag.group === group) lines.push(...flagLines(flag, columns));
  }
  lines.push("", "Exit codes:");
  for (const name of Object.keys(exitCodes) as (keyof typeof exitCodes)[]) {
    lines.push(`  ${String(exitCodes[name]).padEnd(5)}${exitCodeMeanings[name]}`);
  }
  lines.push("", "It reads only, and sends a login only to the registry it is for. See `rbac` for what it reads.");
  return `${lines.flatMap((line) => (line.length > columns ? wrap(line, columns) : [line])).join("\n")}\n`;
}

/** `-n, --namespace NAMESPACE` and its text, indented. */
function flagLines(flag: Flag, columns: number): string[] {
  const head = flagHead(flag);
  const text = flag.choices === undefined ? flag.text : `${flag.text}: ${flag.choices.join(", ")}`;
  const indent = 30;
  if (columns < 70) return [`  ${head}`, ...wrap(text, columns - 6).map((line) => `      ${line}`)];
  const wrapped = wrap(text, columns - indent);
  const first = `  ${head}`;
  if (first.length > indent - 2) return [first, ...wrapped.map((line) => " ".repeat(indent) + line)];
  return wrapped.map((line, index) => (index === 0 ? first.padEnd(indent) : " ".repeat(indent)) + line);
}

export function flagHead(flag: Flag): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  return `${short}--${flag.name}${flag.value === undefined ? "" : ` ${flag.value}`}`;
}

/** Help is plain ASCII of our own, so words are all there is to it. */
function wrap(text: string, columns: number): string[] {
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
