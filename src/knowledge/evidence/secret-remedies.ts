import type { CaseFile } from "../../domain/case-file.ts";
import type { NearMiss, PullSecret } from "../../domain/credential.ts";
import type { Remedy } from "../../domain/diagnosis.ts";
import { found } from "../../domain/read.ts";
import { shellWord } from "../registries/shell-word.ts";
import {
  inNamespace,
  kubectl,
  managerNote,
  nameInServiceAccount,
  recreatePod,
  restartable,
  workloadOf,
  writePullSecret,
} from "./remedies.ts";

/** Uses a Secret that holds an entry for the registry and that the pod does not name: one that is there, or a copy of one that is not. */
export function unusedSecretRemedies(file: CaseFile): readonly Remedy[] {
  const { namespace, pullSecretNames } = file.target;
  const here = file.unusedSecrets.find((secret) => secret.namespace === namespace);
  const there = here ?? file.unusedSecrets[0];
  if (there === undefined) return [];
  const copied = here === undefined ? copyOfSecret(file, there, there.name) : [];
  // The service account's Secrets are copied into pods that name none of their own.
  const named = pullSecretNames.length === 0 ? [nameInServiceAccount(file, there.name)] : nameBeside(file, there.name);
  return [...copied, ...named];
}

/**
 * Adds a pull secret to those that the pod has, where it has them from. Names of the service account are copied only into pods
 * that name none of their own (kubernetes/kubernetes plugin/pkg/admission/serviceaccount/admission.go), so they must not be
 * added to the template; in the template strategic merge goes by name, and the others stay.
 */
function nameBeside(file: CaseFile, secret: string): readonly Remedy[] {
  const { namespace, pullSecretNames } = file.target;
  const owner = workloadOf(file);
  const account = found(file.serviceAccount);
  const names = account?.pullSecretNames ?? [];
  if (account !== undefined && names.length > 0 && names.join() === pullSecretNames.join()) {
    const patch = JSON.stringify({ imagePullSecrets: [...names, secret].map((name) => ({ name })) });
    const add = {
      title: `Add secret ${secret} to the pull secrets of service account ${account.name} in namespace ${namespace}, then make the pods anew`,
      command: kubectl("patch", "serviceaccount", account.name, namespace, `--patch ${shellWord(patch)}`),
    };
    return [add, ...recreatePod(file)];
  }
  const title = `Name secret ${secret} in the imagePullSecrets of the pod template, beside what is there`;
  if (owner === undefined || !restartable.has(owner.kind)) return [{ title }];
  const patch = JSON.stringify({ spec: { template: { spec: { imagePullSecrets: [{ name: secret }] } } } });
  return [
    {
      title: `${title}; this restarts ${owner.kind} ${owner.name}`,
      command: kubectl("patch", owner.kind.toLowerCase(), owner.name, namespace, `--patch ${shellWord(patch)}`),
    },
  ];
}

/**
 * A Secret of another name or namespace under the name that the pod asks for: Secrets are not shared between namespaces.
 * Type and data go through a pipe from kubectl to kubectl, never through an argument; `create` overwrites nothing.
 * No command where the name is none that a Secret can have, for it would stand in a template.
 */
export function copyOfSecret(
  file: CaseFile,
  from: { readonly namespace: string; readonly name: string },
  name: string,
): readonly Remedy[] {
  const { namespace } = file.target;
  const under = name === from.name ? "" : ` as ${name}`;
  const title =
    from.namespace === namespace
      ? `Copy secret ${from.name}${under}, the name that the pod asks for (namespace ${namespace}; creates it, overwrites nothing)`
      : `Copy secret ${from.name} from namespace ${from.namespace} into namespace ${namespace}${under}, if its login may be used there (creates it, overwrites nothing)`;
  if (!isSecretName(name)) return [{ title }];
  const template = `{{printf ${JSON.stringify(secretHead(name, "%q"))} .type}}{{range $key, $value := .data}}{{printf "  %q: %q\\n" $key $value}}{{end}}`;
  return [{ title, command: `${printSecret(from, template)} | kubectl create ${inNamespace(namespace)} -f -` }];
}

/**
 * A Secret of the wrong type made anew with the right one, its docker config as it is. A type cannot be changed, so the Secret
 * is deleted in between; what was read stays in a variable of the shell, and nothing is deleted unless it could be read.
 */
export function retypeSecret(secret: PullSecret): readonly Remedy[] {
  const { name, namespace, loginAt } = secret;
  if (loginAt === undefined || !isSecretName(name)) return [];
  const [type, key] =
    loginAt === ".dockercfg"
      ? ["kubernetes.io/dockercfg", ".dockercfg"]
      : ["kubernetes.io/dockerconfigjson", ".dockerconfigjson"];
  const line = JSON.stringify(`${secretHead(name, type)}  ${key}: %q\n`);
  const template = `{{printf ${line} (index .data ${JSON.stringify(loginAt)})}}`;
  return [
    {
      title: `Make secret ${name} anew with type ${type} and the login it has: this deletes it and creates it again (namespace ${namespace}${managerNote(secret)})`,
      command: `(secret=$(${printSecret({ namespace, name }, template)}) && ${kubectl("delete", "secret", name, namespace)} && printf '%s\\n' "$secret" | kubectl create ${inNamespace(namespace)} -f -)`,
    },
  ];
}

function printSecret({ namespace, name }: { readonly namespace: string; readonly name: string }, template: string) {
  return kubectl("get", "secret", name, namespace, `-o ${shellWord(`go-template=${template}`)}`);
}

/** The YAML of a Secret up to its data, which the API server wants as base64, as it gives it. */
function secretHead(name: string, type: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: "${name}"}\ntype: ${type}\ndata:\n`;
}

/** A DNS subdomain, as Kubernetes names Secrets; nothing of it means anything to a shell, to YAML or to a template. */
function isSecretName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name);
}

/**
 * The entry that was meant for the registry, under the key that matches it; its login stays what it is. Only keys and what
 * stands before them change, through a pipe; where the key is not written as shown, nothing does.
 */
export function renameEntry(file: CaseFile, miss: NearMiss): readonly Remedy[] {
  const secret = file.pullSecrets.find(({ namespace, name }) => namespace === miss.namespace && name === miss.secret);
  const { namespace, key, wanted } = miss;
  // Another sub-domain is another registry as often as not, and a login for it is no good here.
  if (secret === undefined || miss.differs === "sub-domain" || !isSecretName(secret.name)) return [];
  if (![key, wanted].every((one) => /^[A-Za-z0-9.:/_?[\]*@ -]{1,200}$/.test(one))) return [];
  const print = printConfig(secret, "base64decode");
  const pattern = key.replace(/[.*[\]\\^$]/g, "\\$&");
  const rename = `sed ${shellWord(`s|"${pattern}"\\([[:space:]]*:\\)|"${wanted}"\\1|`)}`;
  return [
    {
      title: `If the entry "${key}" was meant for this registry, give it the key "${wanted}"; its login and all other entries stay (secret ${secret.name}, namespace ${namespace}${managerNote(secret)})`,
      command: `${print} | ${rename} | ${writeConfig(secret)}`,
    },
  ];
}

/** The payload in the form that the kubelet reads, with the login that is in it. */
export function repairPayload(secret: PullSecret): readonly Remedy[] {
  const repair = secret.faults.find((fault) => fault.repair !== undefined)?.repair;
  if (repair === undefined || !isSecretName(secret.name)) return [];
  const where = `(secret ${secret.name}, namespace ${secret.namespace}${managerNote(secret)})`;
  if (repair === "decode-again") {
    const title = `Decode the payload once more, and write back what comes out ${where}`;
    return [{ title, command: `${printConfig(secret, "base64decode | base64decode")} | ${writeConfig(secret)}` }];
  }
  const title = `Put the entries under "auths", as they are ${where}`;
  // The shell's own printf: what it is given is no process's argument.
  const wrapped = `printf '{"auths":%s}' "$(${printConfig(secret, "base64decode")})"`;
  return [{ title, command: `${wrapped} | ${writeConfig(secret)}` }];
}

function formOf({ type }: PullSecret): "dockercfg" | "dockerconfigjson" {
  return type === "kubernetes.io/dockercfg" ? "dockercfg" : "dockerconfigjson";
}

function printConfig(secret: PullSecret, decode: string): string {
  return printSecret(secret, `{{index .data ".${formOf(secret)}" | ${decode}}}`);
}

/** Writes what comes through the pipe into the Secret, whose type stays. */
function writeConfig(secret: PullSecret): string {
  const form = formOf(secret);
  return `kubectl create secret generic ${shellWord(secret.name)} ${inNamespace(secret.namespace)} --type=kubernetes.io/${form} --from-file=.${form}=/dev/stdin --dry-run=client -o yaml | kubectl apply -f -`;
}

/**
 * A new Secret beside those whose entries are for other registries, so that these stay; named where the pod's others come from.
 * None where a pod that nobody makes anew would have to change.
 */
export function secondSecret(file: CaseFile): readonly Remedy[] {
  const { owner, pullSecretNames } = file.target;
  if (file.reference.kind !== "valid" || owner === undefined) return [];
  const name = `pull-${file.reference.reference.registry.toLowerCase().replace(/[^a-z0-9.-]+/g, "-")}`;
  if (!isSecretName(name) || pullSecretNames.includes(name)) return [];
  return [...writePullSecret(file, name), ...nameBeside(file, name)];
}
