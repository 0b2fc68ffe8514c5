import type { CaseFile } from "../../domain/case-file.ts";
import type { PullSecret } from "../../domain/credential.ts";
import type { Remedy } from "../../domain/diagnosis.ts";
import { canonicalName } from "../../domain/image-reference.ts";
import type { Meaning } from "../../domain/probe.ts";
import { adviceFor, loginCommand, newLoginRemedies } from "../registries/login-commands.ts";
import type { SecretRequest } from "../registries/registry.ts";
import { shellWord } from "../registries/shell-word.ts";
import { dialectFor } from "./dialect.ts";

/** `--namespace=shop`, quoted; the `=` keeps a name from being read as an option. */
export function inNamespace(namespace: string): string {
  return shellWord(`--namespace=${namespace}`);
}

/** `kubectl get secret/regcred --namespace=shop`-like: an object by kind and name, quoted as one word. */
export function kubectl(verb: string, kind: string, name: string, namespace: string, rest = ""): string {
  return `kubectl ${verb} ${shellWord(`${kind}/${name}`)} ${inNamespace(namespace)}${rest === "" ? "" : ` ${rest}`}`;
}

/** The Secret that a new login should go into: the one that was sent, the first that is named, or a new one. */
export function secretToMend(file: CaseFile): string {
  const sent = file.candidates.find(({ source }) => source.kind === "pull-secret")?.source;
  if (sent?.kind === "pull-secret") return sent.secret;
  return file.target.pullSecretNames.find((name) => name !== "") ?? "regcred";
}

/** User names of the kind that is no secret by itself may go into a command again. */
function reusableUser(file: CaseFile): string | undefined {
  const user = file.candidates.find(({ source }) => source.kind === "pull-secret")?.username;
  return user !== undefined &&
    /^[\w.@$+|-]{1,40}$/.test(user) &&
    !/^(eyJ|gh[pousr]_|glpat-|dckr_|github_pat_)/.test(user)
    ? user
    : undefined;
}

function requestFor(file: CaseFile, secret: string): SecretRequest | undefined {
  if (file.reference.kind !== "valid") return undefined;
  const { registry, repository } = file.reference.reference;
  const username = reusableUser(file);
  return {
    host: registry,
    namespace: file.target.namespace,
    secret,
    repository,
    ...(username !== undefined && { username }),
  };
}

/**
 * How the pull Secret gets a login that works for this registry. The password comes from a prompt or from the vendor's own
 * command, never out of the command's text. The title says what else the command would drop.
 */
export function writePullSecret(file: CaseFile, secret = secretToMend(file)): readonly Remedy[] {
  const request = requestFor(file, secret);
  if (request === undefined)
    return [{ title: `Renew the login in pull secret ${secret} in namespace ${file.target.namespace}` }];
  const { namespace } = file.target;
  const there = file.pullSecrets.find(({ name, state }) => name === secret && state !== "missing");
  const others = there === undefined ? 0 : keysOfOthers(file, there).length;
  const drops =
    others < 1 ? "" : others === 1 ? "; this drops its other entry" : `; this drops its ${others} other entries`;
  const titled = (title: string) =>
    `${there === undefined ? title.replace(/^Replace\b/, "Create") : title} (namespace ${namespace}${drops})`;
  return newLoginRemedies(dialectFor(file), request).map((remedy, index) =>
    index === 0 ? { ...remedy, title: titled(remedy.title) } : remedy,
  );
}

/** Keys of a Secret that are for something else than this image: neither what matches it, nor what was meant to. */
function keysOfOthers(file: CaseFile, secret: PullSecret): readonly string[] {
  const mine = new Set([
    ...file.candidates.flatMap(({ source }) =>
      source.kind === "pull-secret" && source.secret === secret.name ? source.key : [],
    ),
    ...file.nearMisses.flatMap((miss) => (miss.secret === secret.name ? miss.key : [])),
  ]);
  return secret.keys.filter((key) => !mine.has(key));
}

/** Tries the login by hand, from here. */
export function tryLogin(file: CaseFile): readonly Remedy[] {
  const request = requestFor(file, secretToMend(file));
  if (request === undefined) return [];
  return [
    {
      title: "Try the login by hand; this asks for the password and changes nothing in the cluster",
      command: loginCommand(dialectFor(file), request),
    },
  ];
}

/** Names the Secret in the service account, so that new pods get it, and makes the pods anew. */
export function nameInServiceAccount(file: CaseFile, secret: string): Remedy {
  const { namespace, serviceAccountName = "default" } = file.target;
  const patch = JSON.stringify({ imagePullSecrets: [{ name: secret }] });
  return {
    title: `Give service account ${serviceAccountName} in namespace ${namespace} the pull secret ${secret} (in place of any it has), then make the pods anew`,
    command: kubectl("patch", "serviceaccount", serviceAccountName, namespace, `--patch ${shellWord(patch)}`),
  };
}

const restartable: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** Has the pods made anew: what admission copied into a pod, and the kubelet's back-off, end with the pod. */
export function recreatePod(file: CaseFile): readonly Remedy[] {
  const { namespace, pod, owner } = file.target;
  if (owner !== undefined && restartable.has(owner.kind))
    return [
      {
        title: `Restart ${owner.kind} ${owner.name}: its pods are made anew`,
        command: `kubectl rollout restart ${shellWord(`${owner.kind.toLowerCase()}/${owner.name}`)} ${inNamespace(namespace)}`,
      },
    ];
  if (pod === undefined) return [];
  const title =
    owner === undefined
      ? `Delete pod ${pod} and create it again; nobody else will`
      : `Delete pod ${pod}; ${owner.kind} ${owner.name} makes a new one`;
  return [{ title, command: kubectl("delete", "pod", pod, namespace) }];
}

/** What is particular to the registry at hand, for these meanings of its answers. */
export function registryAdvice(file: CaseFile, meanings: readonly Meaning[]): readonly Remedy[] {
  const request = requestFor(file, secretToMend(file));
  if (request === undefined) return [];
  const dialect = dialectFor(file);
  return meanings.flatMap((meaning) => adviceFor(dialect, meaning, request));
}

/** Writes another image into the workload, where its kind can be told; a bare title otherwise. */
export function setImage(file: CaseFile, title: string, image: string | undefined): Remedy {
  const { namespace, pod, owner, container } = file.target;
  const made =
    owner !== undefined && restartable.has(owner.kind) ? `${owner.kind.toLowerCase()}/${owner.name}` : undefined;
  const bare = owner === undefined && pod !== undefined ? `pod/${pod}` : undefined;
  const object = made ?? bare;
  if (image === undefined || object === undefined || container === undefined) return { title };
  return {
    title,
    command: `kubectl set image ${shellWord(object)} ${shellWord(`${container}=${image}`)} ${inNamespace(namespace)}`,
  };
}

/** The image with its registry written out, as Docker and containerd read it; undefined where it does not parse. */
export function fullName(file: CaseFile): string | undefined {
  return file.reference.kind === "valid" ? canonicalName(file.reference.reference) : undefined;
}

/** Uses a Secret that holds an entry for the registry and that the pod does not name: one that is there, or a copy of one that is not. */
export function unusedSecretRemedies(file: CaseFile): readonly Remedy[] {
  const { namespace, pullSecretNames } = file.target;
  const here = file.unusedSecrets.find((secret) => secret.namespace === namespace);
  const there = here ?? file.unusedSecrets[0];
  if (there === undefined) return [];
  const copied = here === undefined ? copyOfSecret(file, there, there.name) : [];
  // The service account's Secrets are copied into pods that name none of their own.
  const named =
    pullSecretNames.length === 0 ? nameInServiceAccount(file, there.name) : nameInTemplate(file, there.name);
  return [...copied, named];
}

/** Adds a pull secret to those that the pod template names; strategic merge goes by name, so the others stay. */
function nameInTemplate(file: CaseFile, secret: string): Remedy {
  const { namespace, owner } = file.target;
  const title = `Name secret ${secret}, which has an entry for this registry, in the imagePullSecrets of the pod template`;
  if (owner === undefined || !restartable.has(owner.kind)) return { title };
  const patch = JSON.stringify({ spec: { template: { spec: { imagePullSecrets: [{ name: secret }] } } } });
  return {
    title: `${title}; this restarts ${owner.kind} ${owner.name}`,
    command: kubectl("patch", owner.kind.toLowerCase(), owner.name, namespace, `--patch ${shellWord(patch)}`),
  };
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
      title: `Make secret ${name} anew with type ${type} and the login it has: this deletes it and creates it again (namespace ${namespace})`,
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

/** Lets the kubelet pull the image if the node does not have it. */
export function setPullPolicy(file: CaseFile): Remedy {
  const { namespace, owner, container } = file.target;
  const title = "Use imagePullPolicy IfNotPresent, so that the kubelet may pull the image";
  if (owner === undefined || container === undefined || !restartable.has(owner.kind)) return { title };
  const patch = {
    spec: { template: { spec: { containers: [{ name: container, imagePullPolicy: "IfNotPresent" }] } } },
  };
  return {
    title: `${title}; this restarts ${owner.kind} ${owner.name}`,
    command: kubectl(
      "patch",
      owner.kind.toLowerCase(),
      owner.name,
      namespace,
      `--patch ${shellWord(JSON.stringify(patch))}`,
    ),
  };
}

/** `docker://registry/repository:tag`, as skopeo wants it. */
export function dockerWord(file: CaseFile): string {
  return shellWord(`docker://${fullName(file) ?? file.target.image}`);
}

/** The events of the case's pod, the newest last. */
export function eventsOf({ target: { namespace, pod } }: CaseFile): string {
  const only = pod === undefined ? "" : ` ${shellWord(`--field-selector=involvedObject.name=${pod}`)}`;
  return `kubectl get events ${inNamespace(namespace)}${only} --sort-by=.lastTimestamp`;
}
