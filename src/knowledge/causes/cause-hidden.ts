import { defineCause } from "./cause.ts";

export const causeHidden = defineCause({
  code: "cause-hidden",
  family: "meta",
  title: "The text says that the pull failed, and not why",
  explanation:
    "This is the kubelet's summary without the cause. The cause was in an event that is gone after an hour, or in the status of a newer kubelet; the next try will report it again.",
  retryable: true,
  looks: {
    kubelet: '`Back-off pulling image "X"`; `Error: ErrImagePull`; `Error: ImagePullBackOff`',
  },
  toldFrom: {
    unknown: "there a cause is given, and not recognised",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "summary",
      pattern: /^(?:trying and failing to pull image|image can't be pulled|image pull backoff)?$/,
      when: (text) => text.template === "back-off" || text.template === "waiting" || text.errorNames.length > 0,
      example: 'Back-off pulling image "reg.test/web:1"',
      source: "kubernetes/kubernetes pkg/kubelet/images/image_manager.go",
    },
    {
      writtenBy: "kubelet",
      stage: "summary",
      pattern: /^/,
      when: (text) => text.template === "intent",
      example: 'Failed to record image pull intent for container image "reg.test/web:1": permission denied',
      source: "kubernetes/kubernetes pkg/kubelet/images/image_manager.go",
    },
  ],
  remedies: () => [
    { title: "Have the pull tried again and read the new event: delete the pod if a controller remakes it" },
  ],
  examples: [],
});
