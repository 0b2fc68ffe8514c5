import { explainFlags } from "./explain-flags.ts";
import { type Flag, flagsNamed } from "./flags.ts";
import { exampleLines, flagLines, pageColumns, wrap } from "./help.ts";

/** What one command's help says. */
interface CommandHelp {
  readonly text: string;
  /** Behind the program's name. */
  readonly usage: readonly string[];
  readonly examples: readonly (readonly [command: string, text: string])[];
  readonly flags: readonly Flag[];
}

const output: readonly Flag[] = [
  {
    name: "output",
    short: "o",
    kind: "value",
    value: "FORMAT",
    choices: ["json", "yaml"],
    text: "Format (default: a line of text)",
    group: "Report",
  },
];

const helps: Readonly<Record<string, CommandHelp>> = {
  explain: {
    text: "Says what a cause means, how it looks and what mends it, or what a pasted failure text means. Needs no cluster.",
    usage: ["explain [CODE]", "explain --message TEXT [--reason REASON]", "explain --stdin [-o json]"],
    examples: [
      ["explain", "All causes"],
      ["explain platform-mismatch", "One of them"],
      [`explain --message 'Back-off pulling image "web:1"'`, "What does this text mean?"],
      ["explain --stdin -o json < messages.jsonl", "Many texts, one JSON document a line"],
    ],
    flags: explainFlags,
  },
  rbac: {
    text: "Prints the smallest role that lets somebody run this, and what each of its rules buys. Asks no cluster.",
    usage: ["rbac [-n NAMESPACE]"],
    examples: [
      ["rbac -n shop", "Read it first"],
      ["rbac -n shop | kubectl apply -f -", "Make the roles; who gets them is said at their end"],
    ],
    flags: flagsNamed("namespace").map((flag) => ({ ...flag, text: "Namespace of the Role (default: default)" })),
  },
  completion: {
    text:
      "Prints what completes this program's words: for kubectl, without a shell's name, a file for the PATH; " +
      "with one, a script for those who call kubectl-imagedoctor by itself. Asks no cluster.",
    usage: ["completion [bash | zsh | fish]"],
    examples: [
      [
        "completion > kubectl_complete-imagedoctor && chmod +x kubectl_complete-imagedoctor",
        "For kubectl, which must find this file on the PATH",
      ],
      ["completion bash >> ~/.bashrc", "For kubectl-imagedoctor in bash"],
      ["completion zsh >> ~/.zshrc", "In zsh"],
      ["completion fish > ~/.config/fish/completions/kubectl-imagedoctor.fish", "In fish"],
    ],
    flags: [],
  },
  version: {
    text: "Prints the version; as JSON or YAML also the commit, the Node.js in it and the platform.",
    usage: ["version [-o FORMAT]"],
    examples: [
      ["version", "A line"],
      ["version -o json", "For a bug report"],
    ],
    flags: output,
  },
};

/** The flags of one of the commands beside the diagnosis; undefined where there is no such command. */
export function commandFlags(name: string): readonly Flag[] | undefined {
  return Object.hasOwn(helps, name) ? helps[name]?.flags : undefined;
}

/** The help of one of the commands beside the diagnosis; undefined where there is no such command. */
export function commandHelp(name: string, program: string, width: number): string | undefined {
  const help = Object.hasOwn(helps, name) ? helps[name] : undefined;
  if (help === undefined) return undefined;
  const columns = pageColumns(width);
  const lines = [
    ...wrap(help.text, columns),
    "",
    "Usage:",
    ...help.usage.map((usage) => `  ${program} ${usage}`),
    "",
    "Examples:",
    ...exampleLines(program, help.examples, columns),
    ...(help.flags.length === 0 ? [] : ["", "Flags:"]),
    ...help.flags.flatMap((flag) => flagLines(flag, columns)),
  ];
  return `${lines.join("\n")}\n`;
}
