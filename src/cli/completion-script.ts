import { KnownError } from "../domain/known-error.ts";
import { exitCodes } from "./exit-code.ts";
import type { World } from "./world.ts";

/** kubectl looks for an executable of this name beside the plugin (k8s.io/kubectl pkg/cmd/plugin_completion.go). */
const shim = `#!/usr/bin/env sh
# kubectl runs this to complete "kubectl imagedoctor". It has to be on the PATH, under this name, and executable:
#   kubectl imagedoctor completion > ~/.local/bin/kubectl_complete-imagedoctor
#   chmod +x ~/.local/bin/kubectl_complete-imagedoctor
exec kubectl-imagedoctor __complete "$@"
`;

/**
 * For kubectl-imagedoctor called by its own name. Each reads the last line of the answer: with directive 0 the shell offers
 * files, with 4 nothing else (github.com/spf13/cobra completions.go).
 */
const scripts: Readonly<Record<string, string>> = {
  // bash splits words at = and :, and replaces only what is behind the last of them. Version 3.2 of macOS has no compopt.
  bash: `# bash completion for kubectl-imagedoctor:  source <(kubectl-imagedoctor completion bash)
_kubectl_imagedoctor() {
  local -a typed=()
  local word line cut last=-1 joined=no
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $last -ge 0 && ( $joined == yes || $word == [=:] ) ]]; then
      typed[last]+=$word
    else
      last=$((last + 1))
      typed[last]=$word
    fi
    if [[ $word == [=:] ]]; then joined=yes; else joined=no; fi
  done
  cut="\${typed[last]%"\${typed[last]##*[=:]}"}"
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :0) compopt -o default 2>/dev/null ;;
      :*) ;;
      *) line="\${line%%$'\\t'*}"; COMPREPLY+=("\${line#"$cut"}") ;;
    esac
  done < <(kubectl-imagedoctor __complete "\${typed[@]}" 2>/dev/null)
}
complete -F _kubectl_imagedoctor kubectl-imagedoctor
`,
  zsh: `#compdef kubectl-imagedoctor
# zsh completion for kubectl-imagedoctor:  source <(kubectl-imagedoctor completion zsh)
_kubectl_imagedoctor() {
  local -a found
  local line word text directive=4
  while IFS= read -r line; do
    case "$line" in
      :*) directive="\${line#:}" ;;
      *)
        word="\${line%%$'\\t'*}"
        text="\${line#"$word"}"
        found+=("\${word//:/\\\\:}\${text:+:\${text#$'\\t'}}")
        ;;
    esac
  done < <(kubectl-imagedoctor __complete "\${words[@]:1:$((CURRENT-1))}" 2>/dev/null)
  if [[ $directive == 0 ]]; then
    _files
  else
    _describe -V 'kubectl-imagedoctor' found
  fi
}
compdef _kubectl_imagedoctor kubectl-imagedoctor
`,
  fish: `# fish completion for kubectl-imagedoctor:  kubectl-imagedoctor completion fish | source
function __kubectl_imagedoctor
    set -l words (commandline -opc)
    set -l lines (kubectl-imagedoctor __complete $words[2..-1] (commandline -ct | string collect -a) 2>/dev/null)
    if test "$lines[-1]" = :0
        __fish_complete_path (commandline -ct)
    else
        string match -v -- ':*' $lines
    end
end
complete -c kubectl-imagedoctor -f -k -a '(__kubectl_imagedoctor)'
`,
};

/** `completion [bash|zsh|fish]`: without a shell the shim that kubectl itself calls. */
export function runCompletion(argv: readonly string[], world: World, program: string): number {
  const [shell, ...rest] = argv;
  if (shell === undefined && world.platform.startsWith("win32")) {
    // It names them as their files there, "imagedoctor.exe" (k8s.io/kubectl pkg/cmd/plugin/plugin_completion.go, registerPluginCommands).
    throw new KnownError(
      "usage",
      "kubectl on Windows completes no plugin's words",
      `For kubectl-imagedoctor by itself, in a shell of Unix: ${program} completion bash.`,
    );
  }
  const script = shell === undefined ? shim : scripts[shell];
  if (script === undefined || rest.length > 0 || (shell !== undefined && !Object.hasOwn(scripts, shell))) {
    throw new KnownError("usage", "completion takes bash, zsh, fish, or nothing", `See ${program} completion --help.`);
  }
  world.stdout.write(script);
  return exitCodes.nothingFailing;
}
