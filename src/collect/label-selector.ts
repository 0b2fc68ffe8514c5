import { KnownError } from "../domain/known-error.ts";
import { plain } from "./plain-name.ts";

/**
 * Whether labels match a selector as kubectl's `-l` writes it: `app=web`, `app!=web`, `tier in (a,b)`, `tier notin (a,b)`,
 * `app`, `!app`, all of them. Throws KnownError("usage") for what is no selector.
 */
export function matchesLabels(selector: string, labels: Readonly<Record<string, string>>): boolean {
  return splitRequirements(selector).every((requirement) => matchesOne(requirement.trim(), labels));
}

/** At the commas that are not inside parentheses. */
function splitRequirements(selector: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < selector.length; index++) {
    const sign = selector[index];
    if (sign === "(") depth++;
    else if (sign === ")") depth--;
    else if (sign === "," && depth === 0) {
      parts.push(selector.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, selector.slice(start)].filter((part) => part.trim() !== "");
}

function matchesOne(requirement: string, labels: Readonly<Record<string, string>>): boolean {
  const set = /^([\w./-]{1,400}) +(in|notin) *\(([^()]*)\)$/.exec(requirement);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    const label = labels[key];
    return (label !== undefined && values.includes(label)) === (operator === "in");
  }
  const equality = /^([\w./-]{1,400}) *(==|!=|=) *([\w.-]{0,63})$/.exec(requirement);
  if (equality !== null) return (labels[equality[1] ?? ""] === equality[3]) === (equality[2] !== "!=");
  const presence = /^(!?) *([\w./-]{1,400})$/.exec(requirement);
  if (presence === null) {
    throw new KnownError(
      "usage",
      `the selector does not understand ${plain(requirement)}`,
      "Write it as for kubectl get -l.",
    );
  }
  return (labels[presence[2] ?? ""] !== undefined) === (presence[1] === "");
}
