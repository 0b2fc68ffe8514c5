import type { Remedy } from "../../domain/diagnosis.ts";
import type { Meaning } from "../../domain/probe.ts";
import type { Advice, Dialect, SecretRequest } from "./registry.ts";
import { shellWord } from "./shell-word.ts";
import { specification } from "./specification.ts";

/** How a login for this registry is got; the specification's guide where the dialect has none. */
function guideOf(dialect: Dialect) {
  return dialect.login ?? specification.login ?? { wanted: "a login that may pull", username: "USER" };
}

/** The user name to write: the one in use if it may be used again, else the dialect's own. */
function usernameFor(dialect: Dialect, request: SecretRequest): string {
  const guide = guideOf(dialect);
  const { username } = request;
  if (username === undefined || username === "" || !(dialect.username?.fits(username) ?? true)) return guide.username;
  return isPlaceholder(guide.username) ? username : guide.username;
}

/** `USER`, `TENANCY_NAMESPACE/USER`: it stands for a name that only whoever runs the command knows. */
function isPlaceholder(username: string): boolean {
  return /[A-Z]{3}/.test(username) && username !== "AWS";
}

/** The word for the user name, and what asks for it first: a command that is pasted as it is must not write a placeholder. */
function userWord(dialect: Dialect, request: SecretRequest): { readonly ask: string; readonly word: string } {
  const username = usernameFor(dialect, request);
  if (username !== guideOf(dialect).username || !isPlaceholder(username)) return { ask: "", word: shellWord(username) };
  const form = username === "USER" ? "" : ` (${username})`;
  return { ask: `printf %s ${shellWord(`User${form}: `)} >&2; IFS= read -r LOGIN; `, word: '"$LOGIN"' };
}

/**
 * Makes the pull secret anew, or replaces it, in one line. The password is asked for, or printed by the registry's own tool, and
 * goes through the shell's builtin `printf` and a pipe: it stands in no command, no history, and no process's arguments,
 * as `kubectl create secret docker-registry --docker-password` would have it.
 */
function secretCommand(dialect: Dialect, request: SecretRequest): string {
  const guide = guideOf(dialect);
  const printed = guide.passwordCommand?.(request.host);
  const ask =
    printed === undefined ? "printf 'Password: ' >&2; stty -echo; IFS= read -r PASSWORD; stty echo; echo >&2; " : "";
  const password = printed === undefined ? '"$PASSWORD"' : `"$(${printed})"`;
  const user = userWord(dialect, request);
  const auth = `"$(printf '%s:%s' ${user.word} ${password} | base64 | tr -d '\\n')"`;
  const form = request.legacy === true ? '{"%s":{"auth":"%s"}}' : '{"auths":{"%s":{"auth":"%s"}}}';
  const kind = request.legacy === true ? "dockercfg" : "dockerconfigjson";
  return (
    `(${user.ask}${ask}printf '${form}' ${shellWord(guide.server ?? request.host)} ${auth}) | ` +
    `kubectl create secret generic ${shellWord(request.secret)} -n ${shellWord(request.namespace)} ` +
    `--type=kubernetes.io/${kind} --from-file=.${kind}=/dev/stdin --dry-run=client -o yaml | kubectl apply -f -`
  );
}

/** Tries the login by hand; docker asks for the password, or the registry's own tool prints it. */
export function loginCommand(dialect: Dialect, request: SecretRequest): string {
  const guide = guideOf(dialect);
  const host = guide.server === undefined ? ` ${shellWord(request.host)}` : "";
  const username = usernameFor(dialect, request);
  const user = shellWord(username);
  const printed = guide.passwordCommand?.(request.host);
  if (printed !== undefined) return `${printed} | docker login --username ${user} --password-stdin${host}`;
  // docker asks for what is left out.
  return /^[A-Z_]+$/.test(username) && isPlaceholder(username)
    ? `docker login${host}`
    : `docker login --username ${user}${host}`;
}

/** What this registry's own file advises for a meaning, as remedies. */
export function adviceFor(dialect: Dialect, meaning: Meaning, request: SecretRequest): readonly Remedy[] {
  return (dialect.advice ?? [])
    .filter((advice) => advice.when.includes(meaning))
    .map((advice: Advice) => {
      const command = advice.command?.(request);
      return command === undefined ? { title: advice.title } : { title: advice.title, command };
    });
}

/**
 * The remedies for a login that must be made anew: where it is made, the command that puts it into the pull secret,
 * how long it lives, and what keeps it from failing again.
 */
export function newLoginRemedies(dialect: Dialect, request: SecretRequest): readonly Remedy[] {
  const guide = guideOf(dialect);
  const where = guide.console === undefined ? "" : `, made at ${guide.console}`;
  const lives = guide.lifetime === undefined ? "" : `; it lives ${guide.lifetime}`;
  const remedies: Remedy[] = [
    {
      title: `Replace pull secret ${request.secret} with ${guide.wanted}${where}${lives}`,
      command: secretCommand(dialect, request),
    },
  ];
  if (guide.lasting !== undefined) remedies.push({ title: guide.lasting });
  return remedies;
}
