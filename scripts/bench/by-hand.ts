import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startApiServer } from "../../test/support/api-server.ts";
import { sharedAuthority, sharedCertificate } from "../../test/support/certificates.ts";
import { writeKubeconfig } from "../../test/support/kubeconfig.ts";
import { startRegistry } from "../../test/support/registry.ts";
import { compare, measure, type Ratio } from "../measure-process.ts";

/**
 * One pod with a pull secret whose password the registry refuses, diagnosed by this program and by hand: what
 * `kubectl describe pod` says, what `kubectl get secret -o json` holds, and what `skopeo inspect` with that login hears.
 * Rejects where one of them does not end as it must, so that nothing fails fast and looks fast.
 */
export async function compareByHand(
  programs: { readonly doctor: string; readonly kubectl: string; readonly skopeo: string },
  directory: string,
  runs: number,
  env: Readonly<Record<string, string>>,
  /** Milliseconds that the API server takes for each answer, as over a network. */
  latency = 0,
): Promise<Ratio> {
  const certificate = await sharedCertificate(["localhost"]);
  await using registry = await startRegistry({
    certificate,
    images: [{ repository: "team/app", tags: ["v1"] }],
    auth: { kind: "basic", users: { alice: "right" } },
  });
  const host = `localhost:${registry.port}`;
  const image = `${host}/team/app:v1`;
  await using server = await startApiServer({ objects: objects(image, host), latency });
  const kubeconfig = await writeKubeconfig(server, directory);
  const trusted = join(directory, "certs");
  mkdirSync(trusted, { recursive: true });
  const authority = join(trusted, "ca.crt");
  writeFileSync(authority, (await sharedAuthority()).cert);
  const flags = `--kubeconfig ${kubeconfig} -n shop`;
  const { doctor, kubectl, skopeo } = programs;
  const script = join(directory, "by-hand.sh");
  const inspect = `${skopeo} --tmpdir ${directory} inspect --cert-dir ${trusted} --creds alice:wrong docker://${image}`;
  // What must fail is the last word: the registry refuses this login.
  writeFileSync(
    script,
    `${kubectl} describe pod web ${flags} && ${kubectl} get secret regcred -o json ${flags} && ! ${inspect}\n`,
  );
  const ours = [doctor, "web", "--kubeconfig", kubeconfig, "-n", "shop", "--registry-ca", authority] as const;
  const hand = ["/bin/sh", script] as const;
  const [told, read] = [await measure(ours, env), await measure(hand, env)];
  if (told.code !== 1 || read.code !== 0) throw new Error(`the diagnoses ended with ${told.code} and ${read.code}`);
  // Awaited here: the servers are closed when this function is left.
  return await compare(ours, hand, runs, env);
}

function objects(image: string, host: string) {
  const auths = { [host]: { username: "alice", password: "wrong" } };
  const message = `Failed to pull image "${image}": rpc error: code = Unknown desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": unexpected status from HEAD request to https://${host}/v2/team/app/manifests/v1: 401 Unauthorized`;
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web", namespace: "shop", uid: "u-1", creationTimestamp: "2026-11-24T02:22:21Z" },
      spec: {
        nodeName: "node1",
        serviceAccountName: "default",
        imagePullSecrets: [{ name: "regcred" }],
        containers: [{ name: "app", image, imagePullPolicy: "IfNotPresent" }],
      },
      status: {
        phase: "Pending",
        containerStatuses: [
          {
            name: "app",
            image,
            imageID: "",
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: "ErrImagePull", message: message.slice(message.indexOf("rpc error")) } },
          },
        ],
      },
    },
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "web.1", namespace: "shop", uid: "e-1" },
      involvedObject: { kind: "Pod", name: "web", namespace: "shop", uid: "u-1", fieldPath: "spec.containers{app}" },
      reason: "Failed",
      message,
      source: { component: "kubelet", host: "node1" },
      firstTimestamp: "2026-11-24T02:22:27Z",
      lastTimestamp: "2026-11-24T02:32:27Z",
      count: 4,
      type: "Warning",
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      type: "kubernetes.io/dockerconfigjson",
      metadata: { name: "regcred", namespace: "shop", creationTimestamp: "2026-11-01T00:00:00Z" },
      data: { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") },
    },
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: "shop", creationTimestamp: "2026-11-01T00:00:00Z" },
    },
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "node1", labels: {} },
      status: {
        nodeInfo: {
          operatingSystem: "linux",
          architecture: "amd64",
          containerRuntimeVersion: "containerd://1.7.27",
          kubeletVersion: "v1.34.1",
        },
        conditions: [{ type: "Ready", status: "True" }],
      },
    },
  ];
}
