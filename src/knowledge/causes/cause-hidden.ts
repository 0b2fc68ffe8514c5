import { asked, refused, said } from "../evidence/example-parts.ts";
import { eventsOf, recreatePod } from "../evidence/remedies.ts";
import { toldEvidence } from "../evidence/sentences.ts";
import { toldByTheNode } from "../evidence/symptoms.ts";
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
      pattern:
        /^(?:trying and failing to pull image|image can't be pulled|image pull backoff)?$|\bBack-off pulling image "[^"]{1,300}"$/,
      when: (text) =>
        text.words !== "" || text.template === "back-off" || text.template === "waiting" || text.errorNames.length > 0,
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
  decide(file) {
    if (file.symptoms.length === 0 || toldByTheNode(file) !== undefined) return undefined;
    // The registry said something that no cause knows: that is more than nothing.
    if (file.probes.some(({ answer }) => answer.kind === "refused")) return undefined;
    return { certainty: "possible", evidence: toldEvidence(file) };
  },
  remedies: (file) => [
    {
      title: "Read the pod's events while the next try runs; the cause is in the one called Failed",
      command: eventsOf(file),
    },
    ...recreatePod(file),
  ],
  examples: [
    { name: "a bare back-off", file: { symptoms: [said("cause-hidden")] }, finds: "possible" },
    {
      name: "near miss: the registry gave an answer",
      file: { symptoms: [said("cause-hidden")], probes: [asked(refused("unclear", 418))] },
      finds: undefined,
    },
    {
      name: "near miss: an older event names the cause",
      file: { symptoms: [said("cause-hidden"), said("disk-full")] },
      finds: undefined,
    },
  ],
});
