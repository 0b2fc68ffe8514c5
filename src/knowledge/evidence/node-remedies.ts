import type { CaseFile } from "../../domain/case-file.ts";
import type { Remedy } from "../../domain/diagnosis.ts";
import { found } from "../../domain/read.ts";
import { requestHost } from "../registries/dialect-of.ts";
import { shellWord } from "../registries/shell-word.ts";
import { registryOf } from "./symptoms.ts";

/** A command to run on the node itself, the node named where it is known. */
export function onTheNode(file: CaseFile, title: string, command: string): Remedy {
  const node = file.target.nodeName;
  const place = node === undefined ? "the node" : `node ${node}`;
  const or = /^or\b,? ?/.exec(title)?.[0] ?? "";
  return { title: `${or === "" ? "On" : "Or, on"} ${place}: ${title.slice(or.length)}`, command };
}

/** host[:port] of the image's registry, as the image has it; a name that leads nowhere where the reference does not parse. */
function registryIn(file: CaseFile): string {
  return registryOf(file) ?? "registry.invalid";
}

/** host[:port] that is asked for the image. */
function hostIn(file: CaseFile): string {
  return requestHost(registryIn(file));
}

/** The registry's host[:port] as one quoted word, for commands. */
export function hostWord(file: CaseFile, before = "", after = ""): string {
  return shellWord(`${before}${hostIn(file)}${after}`);
}

/** A look at who answers under the registry's name, without any login. */
export function askRegistry(file: CaseFile): string {
  return `curl -sv --max-time 20 ${hostWord(file, "https://", "/v2/")}`;
}

/** The certificates that the registry shows, and all that is said in the handshake. */
export function showCertificate(file: CaseFile): string {
  return `${handshake(file)} -showcerts </dev/null`;
}

/** How long the registry's own certificate is valid; `s_client` by itself says so from OpenSSL 3.0 on only. */
export function showValidity(file: CaseFile): string {
  return `${handshake(file)} </dev/null | openssl x509 -noout -subject -issuer -dates`;
}

/** The names that the registry's own certificate is for, which `s_client` by itself does not say. */
export function showNames(file: CaseFile): string {
  return `${handshake(file)} </dev/null | openssl x509 -noout -text | grep -e Subject: -e DNS: -e 'IP Address:'`;
}

function handshake(file: CaseFile): string {
  const host = hostIn(file);
  const name = host.replace(/:\d+$/, "");
  const port = /:(\d+)$/.exec(host)?.[1] ?? "443";
  return `openssl s_client -connect ${shellWord(`${name}:${port}`)} -servername ${shellWord(name)}`;
}

/** The image as the pod wrote it, as one quoted word. */
export function imageWord(file: CaseFile): string {
  return shellWord(file.target.image);
}

/** The registry's host without its port, as one quoted word. */
export function nameWord(file: CaseFile): string {
  return shellWord(hostIn(file).replace(/:\d+$/, ""));
}

/** Shows the proxy variables of whatever runtime the node has. */
export const runtimeEnvironment = "systemctl show containerd crio docker --property=Environment";

function runtimeOf(file: CaseFile): string {
  return found(file.node)?.runtime.name ?? "unknown";
}

/** Where a runtime looks for a registry's certificates, in a directory of the registry's name. */
function certificatesOf(runtime: string): string {
  if (runtime === "cri-o") return "/etc/containers/certs.d";
  return runtime === "docker" ? "/etc/docker/certs.d" : "/etc/containerd/certs.d";
}

/** Where this node's runtime is told which CA to trust for the registry. */
export function trustOnTheNode(file: CaseFile): Remedy {
  const host = registryIn(file);
  const runtime = runtimeOf(file);
  const place = certificatesOf(runtime);
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
  const host = registryIn(file);
  switch (runtimeOf(file)) {
    case "cri-o":
      return onTheNode(
        file,
        "or allow plain HTTP for this registry, then restart CRI-O (each node needs it; logins travel unencrypted; overwrites nothing)",
        newFile(
          `[[registry]]\\nlocation = "%s"\\ninsecure = true`,
          host,
          `/etc/containers/registries.conf.d/plain-http-${host}.conf`,
        ),
      );
    case "docker":
      return {
        title: `Or add ${host} to insecure-registries in /etc/docker/daemon.json on each node and restart Docker; logins then travel unencrypted`,
      };
    default:
      return onTheNode(
        file,
        "or allow plain HTTP for this registry (each node needs it, and config_path must point to /etc/containerd/certs.d; logins travel unencrypted; overwrites nothing)",
        `mkdir -p ${shellWord(`/etc/containerd/certs.d/${host}`)} && ${newFile('server = "http://%s"', host, `/etc/containerd/certs.d/${host}/hosts.toml`)}`,
      );
  }
}

/** Writes a configuration with the host in place of `%s`, unless the file is there: it would hold what somebody relies on. */
function newFile(format: string, host: string, file: string): string {
  return `(set -C; printf '${format}\\n' ${shellWord(host)} > ${shellWord(file)})`;
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

/** Client certificate and key, where this node's runtime looks for them. */
export function clientCertificateOnTheNode(file: CaseFile): Remedy {
  const host = registryIn(file);
  const place = certificatesOf(runtimeOf(file));
  return onTheNode(
    file,
    "put a client certificate and its key where the runtime looks for this registry (each node needs them)",
    `install -D -m 0600 client.cert client.key -t ${shellWord(`${place}/${host}`)}`,
  );
}
