/** Objects as an API server stores them, with as much as a test says and sensible rest. */
export type Sample = Readonly<Record<string, unknown>>;

let counter = 0;

export const waitingFor = (reason: string, message?: string): Sample => ({
  waiting: { reason, ...(message === undefined ? {} : { message }) },
});
export const running: Sample = { running: { startedAt: "2026-11-24T02:00:00Z" } };
export const crashing: Sample = waitingFor("CrashLoopBackOff", "back-off 5m0s restarting failed container");
export const completed: Sample = { terminated: { exitCode: 0, reason: "Completed" } };

export interface PodSample {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly image?: string;
  readonly state?: Sample;
  readonly phase?: string;
  readonly node?: string | undefined;
  readonly secrets?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly spec?: Sample;
  readonly status?: Sample;
  readonly metadata?: Sample;
}

/** One container `app`, waiting in ImagePullBackOff on node1, unless said otherwise. */
export function podObject(sample: PodSample = {}): Sample {
  const image = sample.image ?? "registry.example.com/shop/web:v1";
  const state = sample.state ?? waitingFor("ImagePullBackOff", `Back-off pulling image "${image}"`);
  const isRunning = "running" in state;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: sample.name ?? "web-1",
      namespace: sample.namespace ?? "shop",
      uid: sample.uid ?? uid(),
      creationTimestamp: "2026-11-24T02:00:00Z",
      labels: sample.labels ?? { app: "web" },
      ...(sample.owner === undefined ? {} : { ownerReferences: [{ ...sample.owner, controller: true }] }),
      ...sample.metadata,
    },
    spec: {
      containers: [{ name: "app", image, imagePullPolicy: "IfNotPresent" }],
      serviceAccountName: "default",
      ...("node" in sample && sample.node === undefined ? {} : { nodeName: sample.node ?? "node1" }),
      ...(sample.secrets === undefined ? {} : { imagePullSecrets: sample.secrets.map((name) => ({ name })) }),
      ...sample.spec,
    },
    status: {
      phase: sample.phase ?? (isRunning ? "Running" : "Pending"),
      containerStatuses: [
        {
          name: "app",
          image,
          imageID: isRunning ? "registry.example.com/shop/web@sha256:aa" : "",
          state,
          ready: isRunning,
          restartCount: 0,
        },
      ],
      ...sample.status,
    },
  };
}

export interface EventSample {
  readonly reason: string;
  readonly message: string;
  readonly at?: string;
  readonly first?: string;
  readonly count?: number;
  readonly fieldPath?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly uid: string;
}

/** An Event in the legacy count form, by the kubelet of node1, about container `app` unless said otherwise. */
export function eventObject(sample: EventSample): Sample {
  const namespace = sample.namespace ?? "shop";
  const kind = sample.kind ?? "Pod";
  const at = sample.at ?? "2026-11-24T02:10:00Z";
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `event.${++counter}`, namespace, creationTimestamp: at },
    involvedObject: {
      kind,
      namespace,
      name: sample.name ?? "web-1",
      uid: sample.uid,
      ...(kind === "Pod" ? { fieldPath: sample.fieldPath ?? "spec.containers{app}" } : {}),
    },
    reason: sample.reason,
    message: sample.message,
    type: "Warning",
    source: kind === "Pod" ? { component: "kubelet", host: "node1" } : { component: "replicaset-controller" },
    firstTimestamp: sample.first ?? at,
    lastTimestamp: at,
    count: sample.count ?? 1,
    eventTime: null,
  };
}

export function secretObject(name: string, namespace = "shop", auths: Sample = {}): Sample {
  const payload = Buffer.from(JSON.stringify({ auths })).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/dockerconfigjson",
    metadata: { name, namespace, creationTimestamp: "2026-11-01T00:00:00Z" },
    data: { ".dockerconfigjson": payload },
  };
}

export function serviceAccountObject(name = "default", namespace = "shop", secrets: readonly string[] = []): Sample {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, namespace, creationTimestamp: "2026-11-01T00:00:00Z" },
    imagePullSecrets: secrets.map((secret) => ({ name: secret })),
  };
}

export function nodeObject(name = "node1", architecture = "amd64"): Sample {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/os": "linux", "kubernetes.io/arch": architecture } },
    status: {
      nodeInfo: {
        operatingSystem: "linux",
        architecture,
        containerRuntimeVersion: "containerd://1.7.27",
        kubeletVersion: "v1.34.1",
      },
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
}

export interface WorkloadSample {
  readonly kind: "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob";
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly replicas?: number;
  readonly present?: number;
  readonly image?: string;
}

export function workloadObject(sample: WorkloadSample): Sample {
  const labels = sample.labels ?? { app: sample.name };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: "app", image: sample.image ?? "registry.example.com/shop/web:v1" }] },
  };
  const replicas = sample.replicas ?? 1;
  const present = sample.present ?? replicas;
  const status = {
    DaemonSet: { desiredNumberScheduled: replicas, currentNumberScheduled: present },
    Job: { active: present },
    CronJob: {},
    Deployment: { replicas: present },
    ReplicaSet: { replicas: present },
    StatefulSet: { replicas: present },
  }[sample.kind];
  return {
    apiVersion: sample.kind === "Job" || sample.kind === "CronJob" ? "batch/v1" : "apps/v1",
    kind: sample.kind,
    metadata: {
      name: sample.name,
      namespace: sample.namespace ?? "shop",
      uid: sample.uid,
      labels,
      creationTimestamp: "2026-11-24T01:00:00Z",
      ...(sample.owner === undefined ? {} : { ownerReferences: [{ ...sample.owner, controller: true }] }),
    },
    spec:
      sample.kind === "CronJob"
        ? { schedule: "* * * * *", jobTemplate: { spec: { template } } }
        : { replicas, selector: { matchLabels: labels }, template },
    status,
  };
}

function uid(): string {
  return `00000000-0000-4000-8000-${String(++counter).padStart(12, "0")}`;
}
