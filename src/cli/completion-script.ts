import { KnownError } from "../domain/known-error.ts";
import { exitCodes } from "./exit-code.ts";
import type { World } from "./world.ts";

/** kubectl looks for an executable of this name beside the plugin (k8s.io/kubectl pkg/cmd/plugin_completion.go). */
const shim = `#!/usr/bin/env sh
# kubectl calls this to complete "kubectl imagedoctor". Put it on your PATH as kubectl_complete-imagedoctor
# and make it executable:  chmod +x kubectl_complete-imagedoctor
exec kubectl-imagedoctor __complete "$@"
`;

const scripts: Readonly<Record<string, string>> = {
  bash: `# bash completion for kubectl-imagedoctor:  source <(kubectl-imagedoctor completion bash)
_kubectl_imagedoctor() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" line
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in :*) continue ;; esac
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(kubectl-imagedoctor __complete "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$cur" 2>/dev/null)
}
complete -o default -F _kubectl_imagedoctor kubectl-imagedoctor
`,
  zsh: `#compdef kubectl-imagedoctor
# zsh completion for kubectl-imagedoctor:  source <(kubectl-imagedoctor completion zsh)
_kubectl_imagedoctor() {
  local -a found
  local line
  while IFS= read -r line; do
    case "$line" in :*) continue ;; esac
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(kubectl-imagedoctor __complete "\${words[@]:1:$((CURRENT-2))}" "\${words[CURRENT]}" 2>/dev/null)
  _describe 'kubectl-imagedoctor' found
}
compdef _kubectl_imagedoctor kubectl-imagedoctor
`,
  fish: `# fish completion for kubectl-imagedoctor:  kubectl-imagedoctor completion fish | source
function __kubectl_imagedoctor
    set -l words (commandline -opc)
    kubectl-imagedoctor __complete $words[2..-1] (commandline -ct) 2>/dev/null | string match -v ':*'
end
complete -c kubectl-imagedoctor -f -a '(__kubectl_imagedoctor)'
`,
};

/** `completion [bash|zsh|fish]`: without a shell the shim that kubectl itself calls. */
export function runCompletion(argv: readonly string[], world: World, program: string): number {
  const [shell, ...rest] = argv;
  const script = shell === undefined ? shim : scripts[shell];
  if (script === undefined || rest.length > 0 || (shell !== undefined && !Object.hasOwn(scripts, shell))) {
    throw new KnownError("usage", "completion takes bash, zsh, fish, or nothing", `See ${program} --help.`);
  }
  world.stdout.write(script);
  return exitCodes.nothingFailing;
}
