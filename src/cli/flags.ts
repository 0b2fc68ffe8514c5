/** What a flag takes: nothing, one value, or one value each time it is given. */
export type FlagKind = "boolean" | "value" | "repeatable";

export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly kind: FlagKind;
  /** How the value is named in help: `NAMESPACE`, `FILE`, `10s`. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** One or two sentences without a full stop at the end. */
  readonly text: string;
  readonly group: "What to look at" | "Report" | "Registry" | "Node's configuration" | "Cluster";
}

/** Names of the output formats; `render/index.ts` must offer exactly these (test/cli/flags.test.ts). */
export const formats = ["text", "wide", "json", "yaml", "markdown", "junit", "sarif"] as const;

/**
 * Every flag, once. The parser, the help, the README's table, completion and the nearest-flag hint follow from this list.
 * Names and letters are kubectl's wherever kubectl has the flag.
 */
export const flags: readonly Flag[] = [
  {
    name: "namespace",
    short: "n",
    kind: "value",
    value: "NAMESPACE",
    text: "Namespace to look in (default: the context's)",
    group: "What to look at",
  },
  {
    name: "all-namespaces",
    short: "A",
    kind: "boolean",
    text: "Every failing pod of every namespace",
    group: "What to look at",
  },
  {
    name: "selector",
    short: "l",
    kind: "value",
    value: "SELECTOR",
    text: "Only pods whose labels match, as for kubectl get",
    group: "What to look at",
  },
  {
    name: "container",
    short: "c",
    kind: "value",
    value: "CONTAINER",
    text: "Only this container of the pods",
    group: "What to look at",
  },
  {
    name: "filename",
    short: "f",
    kind: "repeatable",
    value: "FILE",
    text: "Check the images of manifests before they are applied: a file, a directory, or - for stdin",
    group: "What to look at",
  },
  {
    name: "image",
    kind: "repeatable",
    value: "REFERENCE",
    text: "Check this image as a pod of the namespace would pull it",
    group: "What to look at",
  },
  {
    name: "service-account",
    kind: "value",
    value: "NAME",
    text: "Service account whose pull secrets --image and -f get (default: default)",
    group: "What to look at",
  },
  {
    name: "docker-config",
    kind: "value",
    value: "FILE",
    text: "With --image or -f: also try the logins of this docker config file; never read unless named",
    group: "What to look at",
  },
  {
    name: "from",
    kind: "repeatable",
    value: "FILE",
    text: "Read saved output of kubectl get pods,events,secrets,serviceaccounts,nodes -o json (or yaml) in the cluster's place; - for stdin",
    group: "What to look at",
  },
  {
    name: "watch",
    short: "w",
    kind: "boolean",
    text: "Keep the report current until the pods start",
    group: "What to look at",
  },
  {
    name: "output",
    short: "o",
    kind: "value",
    value: "FORMAT",
    choices: formats,
    text: "Format of the report (default text)",
    group: "Report",
  },
  {
    name: "output-file",
    kind: "value",
    value: "FILE",
    text: "Write the report to this new file instead of stdout",
    group: "Report",
  },
  { name: "force", kind: "boolean", text: "Let --output-file overwrite a file", group: "Report" },
  {
    name: "verbose",
    short: "v",
    kind: "boolean",
    text: "Show each step to the registry with its time; secrets are never shown",
    group: "Report",
  },
  {
    name: "color",
    kind: "value",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    text: "When to colour (default auto: on a terminal, unless NO_COLOR is set)",
    group: "Report",
  },
  {
    name: "no-probe",
    kind: "boolean",
    text: "Ask no registry: the diagnosis rests on the cluster alone",
    group: "Registry",
  },
  {
    name: "timeout",
    kind: "value",
    value: "DURATION",
    text: "Longest wait for one registry, e.g. 10s (default 10s)",
    group: "Registry",
  },
  {
    name: "total-timeout",
    kind: "value",
    value: "DURATION",
    text: "Longest wait for all registries together, e.g. 1m (default 5m)",
    group: "Registry",
  },
  {
    name: "registry-ca",
    kind: "value",
    value: "FILE",
    text: "Trust these certificate authorities for registries too (PEM)",
    group: "Registry",
  },
  {
    name: "registry-cert",
    kind: "value",
    value: "FILE",
    text: "Client certificate for the registry (PEM), with --registry-key",
    group: "Registry",
  },
  {
    name: "registry-key",
    kind: "value",
    value: "FILE",
    text: "Key of the client certificate (PEM)",
    group: "Registry",
  },
  {
    name: "plain-http",
    kind: "repeatable",
    value: "HOST",
    text: "Speak plain HTTP to this registry host[:port]; logins are then sent unencrypted",
    group: "Registry",
  },
  {
    name: "resolve",
    kind: "repeatable",
    value: "HOST:ADDRESS",
    text: "Use this address for a host, as curl's --resolve (HOST:PORT:ADDRESS also works)",
    group: "Registry",
  },
  {
    name: "trust-realm",
    kind: "repeatable",
    value: "HOST",
    text: "Send logins also to a token server on this host, when the registry names it",
    group: "Registry",
  },
  {
    name: "user-agent",
    kind: "value",
    value: "TEXT",
    text: "Ask under another name, e.g. containerd/1.7.27: some registries answer by it",
    group: "Registry",
  },
  {
    name: "hosts-dir",
    kind: "value",
    value: "DIR",
    text: "containerd's certs.d directory of the node: probe mirror by mirror as the node would",
    group: "Node's configuration",
  },
  {
    name: "registries-conf",
    kind: "value",
    value: "FILE",
    text: "CRI-O's registries.conf of the node: probe mirror by mirror as the node would",
    group: "Node's configuration",
  },
  { name: "kubeconfig", kind: "value", value: "FILE", text: "Path to the kubeconfig file", group: "Cluster" },
  { name: "context", kind: "value", value: "NAME", text: "Context of the kubeconfig", group: "Cluster" },
  { name: "cluster", kind: "value", value: "NAME", text: "Cluster of the kubeconfig", group: "Cluster" },
  { name: "user", kind: "value", value: "NAME", text: "User of the kubeconfig", group: "Cluster" },
  { name: "server", short: "s", kind: "value", value: "URL", text: "Address of the API server", group: "Cluster" },
  {
    name: "token",
    kind: "value",
    value: "TOKEN",
    text: "Bearer token for the API server (others on this machine can read it; prefer the kubeconfig)",
    group: "Cluster",
  },
  { name: "as", kind: "value", value: "USER", text: "User to impersonate", group: "Cluster" },
  { name: "as-group", kind: "repeatable", value: "GROUP", text: "Group to impersonate", group: "Cluster" },
  { name: "as-uid", kind: "value", value: "UID", text: "UID to impersonate", group: "Cluster" },
  {
    name: "client-certificate",
    kind: "value",
    value: "FILE",
    text: "Client certificate for the API server (PEM), with --client-key",
    group: "Cluster",
  },
  { name: "client-key", kind: "value", value: "FILE", text: "Key of the client certificate (PEM)", group: "Cluster" },
  {
    name: "certificate-authority",
    kind: "value",
    value: "FILE",
    text: "Certificate authority of the API server (PEM)",
    group: "Cluster",
  },
  {
    name: "tls-server-name",
    kind: "value",
    value: "NAME",
    text: "Name to expect in the API server's certificate",
    group: "Cluster",
  },
  {
    name: "insecure-skip-tls-verify",
    kind: "boolean",
    text: "Do not check the API server's certificate; registries are still checked",
    group: "Cluster",
  },
  {
    name: "request-timeout",
    kind: "value",
    value: "DURATION",
    text: "Longest wait for one answer of the API server, e.g. 30s (default 15s)",
    group: "Cluster",
  },
];

/** The flags of one command, where it does not take them all. */
export function flagsNamed(...names: readonly string[]): readonly Flag[] {
  return flags.filter((flag) => names.includes(flag.name));
}
