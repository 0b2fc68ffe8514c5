import type { CaseFile } from "../../domain/case-file.ts";
import { maskUser, type PullSecret } from "../../domain/credential.ts";
import type { Remedy } from "../../domain/diagnosis.ts";
import { canonicalName } from "../../domain/image-reference.ts";
import type { Meaning } from "../../domain/probe.ts";
import { adviceFor, loginCommand, newLoginRemedies } from "../registries/login-commands.ts";
import type { SecretRequest } from "../registries/registry.ts";
import { shellWord } from "../registries/shell-word.ts";
import { isUnseen } from "./answers.ts";
import { dialectFor } from "./dialect.ts";
import { shortened } from "./sentences.ts";

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

/** User names that may be shown, since they are no secret by themselves, may go into a command again. */
function reusableUser(file: CaseFile): string | undefined {
  const user = file.candidates.find(({ source }) => source.kind === "pull-secret")?.username;
  return user !== undefined && /^[\w.@$+|-]{1,40}$/.test(user) && maskUser(user) === user ? user : undefined;
}

function requestFor(file: CaseFile, secret: string): SecretRequest | undefined {
  if (file.reference.kind !== "valid") return undefined;
  const { registry, repository } = file.reference.reference;
  const username = reusableUser(file);
  const there = file.pullSecrets.find(({ name, state }) => name === secret && state !== "missing");
  return {
    host: registry,
    namespace: file.target.namespace,
    secret,
    repository,
    ...(username !== undefined && { username }),
    ...(there?.type === "kubernetes.io/dockercfg" && { legacy: true }),
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
    there !== undefined && isUnseen(there)
      ? "; this drops what else it holds, which was not seen"
      : others < 1
        ? ""
        : others === 1
          ? "; this drops its other entry"
          : `; this drops its ${others} other entries`;
  const titled = (title: string) =>
    `${there === undefined ? title.replace(/^Replace\b/, "Create") : title} (namespace ${namespace}${drops}${managerNote(there)})`;
  return newLoginRemedies(dialectFor(file), request).map((remedy, index) =>
    index === 0 ? { ...remedy, title: titled(remedy.title) } : remedy,
  );
}

/** A warning that what is changed by hand may not last, as part of a sentence in brackets. */
export function managerNote(secret: PullSecret | undefined): string {
  return secret?.managedBy === undefined
    ? ""
    : `; ${secret.managedBy} manages it and may put back its own: change it there`;
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
  const give = kubectl("patch", "serviceaccount", serviceAccountName, namespace, `--patch ${shellWord(patch)}`);
  if (file.serviceAccount.kind === "absent")
    return {
      title: `Create service account ${serviceAccountName} in namespace ${namespace}, which is not there, with the pull secret ${secret}; or correct its name`,
      command: `kubectl create serviceaccount ${inNamespace(namespace)} -- ${shellWord(serviceAccountName)} && ${give}`,
    };
  const anew = isPlanned(file) ? "" : ", then make the pods anew";
  return {
    title: `Give service account ${serviceAccountName} in namespace ${namespace} the pull secret ${secret} (in place of any it has)${anew}`,
    command: give,
  };
}

/** A login for the pull secret that the pod names or, where it names none, for a new one that new pods get. */
export function giveLogin(file: CaseFile): readonly Remedy[] {
  const secret = secretToMend(file);
  const named = file.target.pullSecretNames.includes(secret);
  return [...writePullSecret(file, secret), ...(named ? [] : [nameInServiceAccount(file, secret)])];
}

/** Whether nobody runs the image yet: it is in a manifest that may not be applied, or was named by itself. */
function isPlanned({ target }: CaseFile): boolean {
  return target.containerKind === "planned";
}

/** The workload that makes the pods, where it is in the cluster and a command can change it; one in a manifest alone is not. */
export function workloadOf(file: CaseFile): CaseFile["target"]["owner"] {
  return isPlanned(file) ? undefined : file.target.owner;
}

/** Kinds whose pod template can be patched, and that then make their pods anew. */
export const restartable: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** Has the pods made anew: what admission copied into a pod, and the kubelet's back-off, end with the pod. */
export function recreatePod(file: CaseFile): readonly Remedy[] {
  const { namespace, pod } = file.target;
  const owner = workloadOf(file);
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
  const maker = owner === undefined ? {} : { maker: `${owner.kind} ${owner.name}` };
  return [{ title, command: kubectl("delete", "pod", pod, namespace), deletes: { namespace, pod, ...maker } }];
}

/** What is particular to the registry at hand, for these meanings of its answers. */
export function registryAdvice(file: CaseFile, meanings: readonly Meaning[]): readonly Remedy[] {
  const request = requestFor(file, secretToMend(file));
  if (request === undefined) return [];
  const dialect = dialectFor(file);
  return meanings.flatMap((meaning) => adviceFor(dialect, meaning, request));
}

/** Writes another image into the workload, where its kind can be told; otherwise a bare title, with the line of the manifest if there is one. */
export function setImage(file: CaseFile, title: string, image: string | undefined): Remedy {
  const { namespace, pod, container, file: manifest, line } = file.target;
  const owner = workloadOf(file);
  if (isPlanned(file) && manifest !== undefined)
    return { title: `${title} (${shortened(manifest)}${line === undefined ? "" : `, line ${line}`})` };
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

/** The other way to mend a name that is not at the registry. */
export function pushImage(file: CaseFile): Remedy {
  return isPlanned(file)
    ? { title: "Or push the image under this name" }
    : { title: "Or push the image under the name that the pod asks for; the kubelet's next try then finds it" };
}

/** The image with its registry written out, as Docker and containerd read it; undefined where it does not parse. */
export function fullName(file: CaseFile): string | undefined {
  return file.reference.kind === "valid" ? canonicalName(file.reference.reference) : undefined;
}

/** `Create pull secret …` → `Or create pull secret …`. */
export function asAlternative(remedy: Remedy): Remedy {
  const { title } = remedy;
  return { ...remedy, title: `Or ${title.charAt(0).toLowerCase()}${title.slice(1)}` };
}

/** Lets the kubelet pull the image if the node does not have it. */
export function setPullPolicy(file: CaseFile): Remedy {
  const { namespace, container } = file.target;
  const owner = workloadOf(file);
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
