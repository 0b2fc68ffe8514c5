import { defineCause } from "./cause.ts";

export const answersNow = defineCause({
  code: "answers-now",
  family: "meta",
  title: "The registry gives the image now",
  explanation:
    "Asked just now with the same logins, the registry gives this image for this platform. What the node reported has passed, or lies between the node and the registry; the kubelet waits up to five minutes between tries.",
  retryable: true,
  looks: {},
  toldFrom: {
    "connect-timeout":
      "the probe runs from another place than the node, so a network cause on the node is not excluded",
  },
  wordings: [],
  remedies: () => [{ title: "Wait for the next try, or delete the pod to have it tried at once" }],
  examples: [],
});
