import type { CaseFile } from "../../domain/case-file.ts";
import type { Remedy } from "../../domain/diagnosis.ts";
import { canonicalName } from "../../domain/image-reference.ts";
import type { Meaning } from "../../domain/probe.ts";
import { found } from "../../domain/read.ts";
import { dialectOf, requestHost } from "../registries/dialect-of.ts";
import { adviceFor, loginCommand, newLoginRemedies } from "../registries/login-commands.ts";
import type { SecretRequest } from "../registries/registry.ts";
import { shellWord } from "../registries/shell-word.ts";

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
  if (request === undefined) return [];
  const { namespace } = file.target;
  const others = (file.pullSecrets.find(({ name }) => name === secret)?.keys.length ?? 0) - 1;
  const drops = others > 0 ? `; this drops its ${others} other ${others === 1 ? "entry" : "entries"}` : "";
  return newLoginRemedies(dialectOf(request.host), request).map((remedy, index) =>
    index === 0 ? { ...remedy, title: `${remedy.title} (namespace ${namespace}${drops})` } : remedy,
  );
}

/** Tries the login by hand, from here. */
export function tryLogin(file: CaseFile): readonly Remedy[] {
  const request = requestFor(file, secretToMend(file));
  if (request === undefined) return [];
  return [
    {
      title: "Try the login by hand; this asks for the password and changes nothing in the cluster",
      command: loginCommand(dialectOf(request.host), request),
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
  const dialect = dialectOf(request.host);
  return meanings.flatMap((meaning) => adviceFor(dialect, meaning, request));
}

/** A command to run on the node itself, the node named where it is known. */
export function onTheNode(file: CaseFile, title: string, command: string): Remedy {
  const node = file.target.nodeName;
  return { title: `On ${node === undefined ? "the node" : `node ${node}`}: ${title}`, command };
}

/** The registry's host[:port] as one quoted word, for commands. */
export function hostWord(file: CaseFile, before = "", after = ""): string {
  const host = file.reference.kind === "valid" ? file.reference.reference.registry : "registry.invalid";
  return shellWord(`${before}${requestHost(host)}${after}`);
}

/** A look at who answers under the registry's name, without any login. */
export function askRegistry(file: CaseFile): string {
  return `curl -sv --max-time 20 ${hostWord(file, "https://", "/v2/")}`;
}

/** The certificate that the registry shows. */
export function showCertificate(file: CaseFile): string {
  const host = file.reference.kind === "valid" ? requestHost(file.reference.reference.registry) : "registry.invalid";
  const name = host.replace(/:\d+$/, "");
  const port = /:(\d+)$/.exec(host)?.[1] ?? "443";
  return `openssl s_client -connect ${shellWord(`${name}:${port}`)} -servername ${shellWord(name)} -showcerts </dev/null`;
}

/** The image as the pod wrote it, as one quoted word. */
export function imageWord(file: CaseFile): string {
  return shellWord(file.target.image);
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

/** The registry's host without its port, as one quoted word. */
export function nameWord(file: CaseFile): string {
  const host = file.reference.kind === "valid" ? requestHost(file.reference.reference.registry) : "registry.invalid";
  return shellWord(host.replace(/:\d+$/, ""));
}

/** Shows the proxy variables of whatever runtime the node has. */
export const runtimeEnvironment = "systemctl show containerd crio docker --property=Environment";

function runtimeOf(file: CaseFile): string {
  return found(file.node)?.runtime.name ?? "unknown";
}

/** Where this node's runtime is told which CA to trust for the registry. */
export function trustOnTheNode(file: CaseFile): Remedy {
  const host = file.reference.kind === "valid" ? file.reference.reference.registry : "registry.invalid";
  const runtime = runtimeOf(file);
  const place =
    runtime === "cri-o"
      ? "/etc/containers/certs.d"
      : runtime === "docker"
        ? "/etc/docker/certs.d"
        : "/etc/containerd/certs.d";
  const more =
    runtime === "containerd" || runtime === "unknown"
      ? `; name it as ca in ${place}/${host}/hosts.toml (config_path must point to ${place})`
      : "";
  return onTheNode(
    file,
    `put the CA's certificate, as ca.crt, where the runtime looks for this registry (each node needs it)${more}`,
    `install -D -m 0644 ca.crt ${shellWord(`${place}/${host}/ca.crt`)}`,
  );
}

/** Where this node's runtime is told to speak plain HTTP to the registry. */
export function plainHttpOnTheNode(file: CaseFile): Remedy {
  const host = file.reference.kind === "valid" ? file.reference.reference.registry : "registry.invalid";
  switch (runtimeOf(file)) {
    case "cri-o":
      return onTheNode(
        file,
        "or allow plain HTTP for this registry, then restart CRI-O (each node needs it; logins travel unencrypted)",
        `printf '[[registry]]\\nlocation = "%s"\\ninsecure = true\\n' ${shellWord(host)} > /etc/containers/registries.conf.d/plain-http.conf`,
      );
    case "docker":
      return {
        title: `Or add ${host} to insecure-registries in /etc/docker/daemon.json on each node and restart Docker; logins then travel unencrypted`,
      };
    default:
      return onTheNode(
        file,
        "or allow plain HTTP for this registry (each node needs it, and config_path must point to /etc/containerd/certs.d; logins travel unencrypted)",
        `mkdir -p ${shellWord(`/etc/containerd/certs.d/${host}`)} && printf 'server = "http://%s"\\n' ${shellWord(host)} > ${shellWord(`/etc/containerd/certs.d/${host}/hosts.toml`)}`,
      );
  }
}

/** Keeps new pods off the node. */
export function cordon(file: CaseFile): Remedy {
  const node = file.target.nodeName;
  if (node === undefined) return { title: "Take the node out of service until its disk is sound" };
  return {
    title: `Keep new pods off node ${node} until its disk is sound`,
    command: `kubectl cordon -- ${shellWord(node)}`,
  };
}

/** The image with its registry written out, as Docker and containerd read it; undefined where it does not parse. */
export function fullName(file: CaseFile): string | undefined {
  return file.reference.kind === "valid" ? canonicalName(file.reference.reference) : undefined;
}

/** Secrets that hold an entry for the registry and that the pod does not name. */
export function unusedSecretRemedies(file: CaseFile): readonly Remedy[] {
  const { namespace } = file.target;
  const here = file.unusedSecrets.find((secret) => secret.namespace === namespace);
  return here === undefined ? copyOfSecret(file) : [nameInServiceAccount(file, here.name)];
}

/** The Secret of another namespace that has what is missing here; Secrets are not shared, so it must be copied. */
export function copyOfSecret(file: CaseFile): readonly Remedy[] {
  const { namespace } = file.target;
  const there = file.unusedSecrets.find((secret) => secret.namespace !== namespace);
  if (there === undefined) return [];
  const strip =
    "del(.metadata.namespace,.metadata.uid,.metadata.resourceVersion,.metadata.creationTimestamp,.metadata.managedFields,.metadata.ownerReferences)";
  return [
    {
      title: `Copy secret ${there.name} from namespace ${there.namespace}, which has an entry for this registry, into namespace ${namespace}`,
      command: `${kubectl("get", "secret", there.name, there.namespace, "-o json")} | jq ${shellWord(strip)} | kubectl apply ${inNamespace(namespace)} -f -`,
    },
  ];
}
