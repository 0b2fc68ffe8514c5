import type { ImageReference } from "../domain/image-reference.ts";
import { lookupName } from "../domain/image-reference.ts";

/** Where images went. Whole path components; what follows `from` is appended to `to`. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly source: string;
}

const freeze = "https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/";

const moves: readonly Move[] = [
  { from: "k8s.gcr.io", to: "registry.k8s.io", source: freeze },
  { from: "us.gcr.io/k8s-artifacts-prod", to: "registry.k8s.io", source: freeze },
  { from: "eu.gcr.io/k8s-artifacts-prod", to: "registry.k8s.io", source: freeze },
  { from: "asia.gcr.io/k8s-artifacts-prod", to: "registry.k8s.io", source: freeze },
  { from: "gcr.io/google-containers", to: "registry.k8s.io", source: freeze },
  { from: "gcr.io/google_containers", to: "registry.k8s.io", source: freeze },
  {
    from: "gcr.io/kubernetes-e2e-test-images",
    to: "registry.k8s.io/e2e-test-images",
    source: "kubernetes/kubernetes:test/utils/image/manifest.go",
  },
  {
    from: "gcr.io/kubebuilder/kube-rbac-proxy",
    to: "quay.io/brancz/kube-rbac-proxy",
    source: "https://github.com/kubernetes-sigs/kubebuilder/discussions/3907",
  },
  { from: "gcr.io/cadvisor/cadvisor", to: "ghcr.io/google/cadvisor", source: "google/cadvisor:README.md" },
  { from: "gcr.io/heptio-images/velero", to: "docker.io/velero/velero", source: "vmware-tanzu/velero:README.md" },
  {
    from: "docker.io/bitnami",
    to: "docker.io/bitnamilegacy",
    source: "https://github.com/bitnami/charts/issues/35164",
  },
  {
    from: "docker.io/bitnami",
    to: "docker.io/bitnamisecure",
    source: "https://github.com/bitnami/charts/issues/35164",
  },
  { from: "quay.io/coreos/flannel", to: "docker.io/flannel/flannel", source: "flannel-io/flannel:README.md" },
  {
    from: "quay.io/coreos/kube-state-metrics",
    to: "registry.k8s.io/kube-state-metrics/kube-state-metrics",
    source: "kubernetes/kube-state-metrics:README.md",
  },
  {
    from: "quay.io/coreos/prometheus-operator",
    to: "quay.io/prometheus-operator/prometheus-operator",
    source: "prometheus-operator/prometheus-operator:README.md",
  },
  {
    from: "quay.io/kubernetes-ingress-controller/nginx-ingress-controller",
    to: "registry.k8s.io/ingress-nginx/controller",
    source: "kubernetes/ingress-nginx:Changelog.md",
  },
  {
    from: "docker.pkg.github.com",
    to: "ghcr.io",
    source:
      "https://docs.github.com/packages/working-with-a-github-packages-registry/migrating-to-the-container-registry-from-the-docker-registry",
  },
];

/** A place that an image may have moved to; nothing is said of it before a probe has found it there. */
export interface MovedCandidate {
  readonly reference: ImageReference;
  /** Repository and path, or URL. */
  readonly source: string;
}

/** The places that an image may have moved to, the likeliest first; empty for most. */
export function movedCandidates(reference: ImageReference): readonly MovedCandidate[] {
  const name = lookupName(reference);
  return moves
    .filter(({ from }) => name === from || name.startsWith(`${from}/`))
    .map(({ from, to, source }) => {
      const moved = `${to}${name.slice(from.length)}`;
      const slash = moved.indexOf("/");
      return {
        reference: { ...reference, registry: moved.slice(0, slash), repository: moved.slice(slash + 1) },
        source,
      };
    });
}
