import type { ImageReference } from "../domain/image-reference.ts";
import { lookupName } from "../domain/image-reference.ts";

/** A registry, or a part of one, that images have left. Whole path components. */
interface Place {
  readonly from: string;
  /** Where they went, the likeliest first; what follows `from` is appended. */
  readonly to: readonly string[];
  /** A sentence, where the place was closed: what is not found there will not come back. */
  readonly closed?: string;
  /** Only a part of what was there is gone. */
  readonly partly?: true;
  /** Repository and path, or URL. */
  readonly source: string;
}

const freeze = "https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/";
const oldKubernetes = "is no longer served; the images of Kubernetes are at registry.k8s.io";

/** The first that fits an image says what became of its place. */
const places: readonly Place[] = [
  {
    from: "k8s.gcr.io",
    to: ["registry.k8s.io"],
    closed: "k8s.gcr.io is frozen since April 2023 and redirects to registry.k8s.io; new images are only there",
    source: freeze,
  },
  ...["us", "eu", "asia"].map((part) => ({
    from: `${part}.gcr.io/k8s-artifacts-prod`,
    to: ["registry.k8s.io"],
    closed: `${part}.gcr.io/k8s-artifacts-prod ${oldKubernetes}`,
    source: freeze,
  })),
  ...["gcr.io/google-containers", "gcr.io/google_containers"].map((from) => ({
    from,
    to: ["registry.k8s.io"],
    closed: `${from} ${oldKubernetes}`,
    source: freeze,
  })),
  {
    from: "gcr.io/kubernetes-e2e-test-images",
    to: ["registry.k8s.io/e2e-test-images"],
    source: "kubernetes/kubernetes:test/utils/image/manifest.go",
  },
  {
    from: "gcr.io/kubernetes-helm",
    to: [],
    closed: "The images of Helm 2 (Tiller) are no longer served",
    source: "https://helm.sh/blog/helm-v2-deprecation-timeline/",
  },
  {
    from: "gcr.io/kubebuilder/kube-rbac-proxy",
    to: ["quay.io/brancz/kube-rbac-proxy"],
    closed: "gcr.io/kubebuilder is no longer served; kube-rbac-proxy is published at quay.io/brancz",
    source: "https://github.com/kubernetes-sigs/kubebuilder/discussions/3907",
  },
  { from: "gcr.io/cadvisor/cadvisor", to: ["ghcr.io/google/cadvisor"], source: "google/cadvisor:README.md" },
  { from: "gcr.io/heptio-images/velero", to: ["docker.io/velero/velero"], source: "vmware-tanzu/velero:README.md" },
  {
    from: "docker.io/bitnami",
    to: ["docker.io/bitnamilegacy", "docker.io/bitnamisecure"],
    closed:
      "Bitnami moved its versioned images to docker.io/bitnamilegacy in 2025 and keeps only a few under docker.io/bitnami",
    partly: true,
    source: "https://github.com/bitnami/charts/issues/35164",
  },
  {
    from: "docker.bintray.io",
    to: [],
    closed: "Bintray was closed in May 2021",
    source: "https://jfrog.com/blog/into-the-sunset-bintray-jcenter-gocenter-and-chartcenter/",
  },
  {
    from: "docker.pkg.github.com",
    to: ["ghcr.io"],
    closed: "GitHub's Docker registry docker.pkg.github.com became ghcr.io",
    source:
      "https://docs.github.com/packages/working-with-a-github-packages-registry/migrating-to-the-container-registry-from-the-docker-registry",
  },
  {
    from: "quay.io/coreos/flannel",
    to: ["docker.io/flannel/flannel"],
    closed: "flannel's images moved to docker.io/flannel",
    source: "flannel-io/flannel:README.md",
  },
  {
    from: "quay.io/coreos/kube-state-metrics",
    to: ["registry.k8s.io/kube-state-metrics/kube-state-metrics"],
    source: "kubernetes/kube-state-metrics:README.md",
  },
  {
    from: "quay.io/coreos/prometheus-operator",
    to: ["quay.io/prometheus-operator/prometheus-operator"],
    source: "prometheus-operator/prometheus-operator:README.md",
  },
  {
    from: "quay.io/kubernetes-ingress-controller/nginx-ingress-controller",
    to: ["registry.k8s.io/ingress-nginx/controller"],
    source: "kubernetes/ingress-nginx:Changelog.md",
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
  const { from, to, source } = placeOf(name) ?? { from: "", to: [], source: "" };
  return to.map((there) => {
    const moved = `${there}${name.slice(from.length)}`;
    const slash = moved.indexOf("/");
    return {
      reference: { ...reference, registry: moved.slice(0, slash), repository: moved.slice(slash + 1) },
      source,
    };
  });
}

/** What became of the registry, or the part of it, that an image names. */
export interface ClosedPlace {
  /** A sentence without its full stop. */
  readonly text: string;
  /** Only a part of what was there is gone. */
  readonly partly: boolean;
  readonly source: string;
}

/** The end of this image's place, where it was closed or what was there has moved; undefined for most. */
export function closedPlace(reference: ImageReference): ClosedPlace | undefined {
  const place = placeOf(lookupName(reference));
  if (place?.closed === undefined) return undefined;
  return { text: place.closed, partly: place.partly === true, source: place.source };
}

function placeOf(name: string): Place | undefined {
  return places.find(({ from }) => name === from || name.startsWith(`${from}/`));
}
