import { type Flag, flagsNamed } from "./flags.ts";

/** The flags of `explain`. */
export const explainFlags: readonly Flag[] = [
  {
    name: "message",
    kind: "value",
    value: "TEXT",
    text: "Say what this failure text means",
    group: "What to look at",
  },
  {
    name: "reason",
    kind: "value",
    value: "REASON",
    text: "With --message: the reason beside it, e.g. ErrImagePull",
    group: "What to look at",
  },
  {
    name: "stdin",
    kind: "boolean",
    text: "Say what each line of stdin means; with -o json a line is a JSON string or an object {message, reason}",
    group: "What to look at",
  },
  { ...formatFlag(), choices: ["text", "json", "yaml"] },
];

function formatFlag(): Flag {
  const [output] = flagsNamed("output");
  if (output === undefined) throw new Error("no --output");
  return output;
}
