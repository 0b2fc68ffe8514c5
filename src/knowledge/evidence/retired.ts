import type { ImageReference } from "../../domain/image-reference.ts";
import { canonicalName, lookupName } from "../../domain/image-reference.ts";
import { movedCandidates } from "../moved-images.ts";

/** A registry, or a part of one, that was closed or has moved. */
interface Retired {
  /** `host` or `host/path`; whole path components. */
  readonly prefix: string;
  /** Only a part of what was there is gone. */
  readonly partly?: true;
  readonly text: string;
  readonly source: string;
}

const retired: readonly Retired[] = [
  {
    prefix: "k8s.gcr.io",
    text: "k8s.gcr.io is frozen since April 2023 and redirects to registry.k8s.io; new images are only there",
    source: "https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/",
  },
  {
    prefix: "gcr.io/google-containers",
    text: "gcr.io/google-containers is no longer served; the images of Kubernetes are at registry.k8s.io",
    source: "https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/",
  },
  {
    prefix: "docker.io/bitnami",
    partly: true,
    text: "Bitnami moved its versioned images to docker.io/bitnamilegacy in 2025 and keeps only a few under docker.io/bitnami",
    source: "https://github.com/bitnami/charts/issues/35164",
  },
  {
    prefix: "docker.bintray.io",
    text: "Bintray was closed in May 2021",
    source: "https://jfrog.com/blog/into-the-sunset-bintray-jcenter-gocenter-and-chartcenter/",
  },
  {
    prefix: "docker.pkg.github.com",
    text: "GitHub's Docker registry docker.pkg.github.com became ghcr.io",
    source:
      "https://docs.github.com/packages/working-with-a-github-packages-registry/migrating-to-the-container-registry-from-the-docker-registry",
  },
  {
    prefix: "gcr.io/kubernetes-helm",
    text: "The images of Helm 2 (Tiller) are no longer served",
    source: "https://helm.sh/blog/helm-v2-deprecation-timeline/",
  },
  {
    prefix: "gcr.io/kubebuilder/kube-rbac-proxy",
    text: "gcr.io/kubebuilder is no longer served; kube-rbac-proxy is published at quay.io/brancz",
    source: "https://github.com/kubernetes-sigs/kubebuilder/discussions/3907",
  },
  {
    prefix: "quay.io/coreos/flannel",
    text: "flannel's images moved to docker.io/flannel",
    source: "https://github.com/flannel-io/flannel",
  },
];

/** The entry for this image's registry or path, where it was closed or has moved. */
export function retiredPlace(reference: ImageReference): Retired | undefined {
  const name = lookupName(reference);
  return retired.find(({ prefix }) => name === prefix || name.startsWith(`${prefix}/`));
}

/** The image under the name that it most likely has today; nobody has looked whether it is there. */
export function movedImage(reference: ImageReference): string | undefined {
  const [there] = movedCandidates(reference);
  return there === undefined ? undefined : canonicalName(there.reference);
}
