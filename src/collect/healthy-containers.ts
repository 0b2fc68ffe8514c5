import type { HealthyContainer } from "../domain/container-ref.ts";
import type { Target } from "../domain/target.ts";
import { ownerOf } from "./failing-containers.ts";
import type { PodFacts } from "./pod-facts.ts";

const most = 1000;

/** The containers of these pods whose image is there: they run, or have run, and no target is about them. Bounded. */
export function healthyContainers(pods: readonly PodFacts[], targets: readonly Target[]): readonly HealthyContainer[] {
  const failing = new Set(targets.map(({ namespace, pod, container }) => `${namespace}/${pod}/${container}`));
  const healthy: HealthyContainer[] = [];
  for (const pod of pods) {
    for (const { name, image, status } of pod.containers) {
      const started = status?.state === "running" || (status?.state === "terminated" && status.imageId !== undefined);
      if (!started || failing.has(`${pod.namespace}/${pod.name}/${name}`)) continue;
      if (healthy.length >= most) return healthy;
      const owner = ownerOf(pod);
      healthy.push({
        image,
        container: {
          namespace: pod.namespace,
          pod: pod.name,
          container: name,
          ...(pod.nodeName === undefined ? {} : { node: pod.nodeName }),
          ...(owner === undefined ? {} : { owner: `${owner.kind}/${owner.name}` }),
        },
      });
    }
  }
  return healthy;
}
