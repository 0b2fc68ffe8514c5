/** One rule of the smallest role, with what it buys. `forbidden` gaps name the same verbs and resources. */
const rules: readonly {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly buys: string;
  readonly cluster?: true;
}[] = [
  {
    group: "",
    resources: ["pods"],
    verbs: ["get", "list", "watch"],
    buys: "needed: the pods, what their containers wait for; list and watch for more than one pod",
  },
  { group: "", resources: ["events"], verbs: ["list"], buys: "what the runtime said, word for word" },
  {
    group: "",
    resources: ["secrets"],
    verbs: ["get"],
    buys: "the logins of the pull secrets; without it no login can be tried. Name them with resourceNames to allow no more",
  },
  {
    group: "",
    resources: ["serviceaccounts"],
    verbs: ["get"],
    buys: "whether the service account got its pull secret after the pod was made",
  },
  {
    group: "apps",
    resources: ["deployments", "statefulsets", "daemonsets", "replicasets"],
    verbs: ["get", "list"],
    buys: "to name a workload in the pod's place",
  },
  { group: "batch", resources: ["jobs", "cronjobs"], verbs: ["get", "list"], buys: "the same for jobs" },
  {
    group: "",
    resources: ["nodes"],
    verbs: ["get", "list"],
    buys: "the node's platform and runtime, and where the image is already",
    cluster: true,
  },
];

/** YAML of a Role for one namespace and a ClusterRole for nodes, each rule with what it buys. */
export function rbacManifest(namespace: string): string {
  const write = (cluster: boolean): string =>
    rules
      .filter((rule) => (rule.cluster === true) === cluster)
      .map(
        (rule) =>
          `  # ${rule.buys}\n` +
          `  - apiGroups: [${JSON.stringify(rule.group)}]\n` +
          `    resources: [${rule.resources.map((each) => JSON.stringify(each)).join(", ")}]\n` +
          `    verbs: [${rule.verbs.map((each) => JSON.stringify(each)).join(", ")}]\n`,
      )
      .join("");
  return (
    "# The smallest role for kubectl imagedoctor. Leave a rule out and the report says what it could not see.\n" +
    "# For all namespaces (-A), make the first one a ClusterRole too.\n" +
    "# Not in it: the verb list on secrets, with which a pull secret that would do is looked for, here and in other\n" +
    "# namespaces. It gives away every Secret's content, so it is used by whoever has it and needed by nobody.\n" +
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n" +
    `  name: imagedoctor\n  namespace: ${JSON.stringify(namespace)}\nrules:\n${write(false)}` +
    "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n" +
    `  name: imagedoctor-nodes\nrules:\n${write(true)}` +
    "# Who gets them is said by two more commands; --group and --serviceaccount are there too:\n" +
    `#   kubectl create rolebinding imagedoctor -n ${namespace} --role=imagedoctor --user=USER\n` +
    "#   kubectl create clusterrolebinding imagedoctor-nodes --clusterrole=imagedoctor-nodes --user=USER\n"
  );
}
