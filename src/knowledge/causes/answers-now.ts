import type { CaseFile } from "../../domain/case-file.ts";
import type { Evidence } from "../../domain/diagnosis.ts";
import { placeText } from "../../domain/place-text.ts";
import type { ManifestFacts } from "../../domain/probe.ts";
import { grantedAsTheNode, manifestsSeen, secretsRead } from "../evidence/answers.ts";
import { isLoginTrouble, stageOf } from "../evidence/code-classes.ts";
import { asked, granted, login, pullSecret, refused, said } from "../evidence/example-parts.ts";
import { hasLogin } from "../evidence/login-need.ts";
import { secretsWith } from "../evidence/pull-secrets.ts";
import { recreatePod } from "../evidence/remedies.ts";
import { failsAtTheLayers, refusesTheNodesOwnLogin } from "../evidence/said-by-the-node.ts";
import { askedWith, probeEvidence, shortened, toldEvidence } from "../evidence/sentences.ts";
import { saysElsewhere, toldByTheNode, toldCode } from "../evidence/symptoms.ts";
import { besideTheNode } from "../evidence/weigh.ts";
import { defineCause } from "./cause.ts";

const ci = login();

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
  decide(file) {
    const [first] = grantedAsTheNode(file);
    if (first?.probe === undefined || file.keyringBlockedBy !== undefined) return undefined;
    if (manifestsSeen(file).some(({ facts }) => isUnusable(facts))) return undefined;
    const told = toldByTheNode(file);
    const code = toldCode(file);
    const stage = code === undefined ? "silent" : stageOf(code);
    // The node had the manifest: that the registry gives it is no news.
    if (stage === "after-manifest") return undefined;
    const nodeSide = stage === "before-registry" || stage === "by-place" || saysElsewhere(told);
    // What else the node's words fit and no answer to us excludes: a block of its address, its proxy.
    const elsewhere = (told?.alternatives ?? []).filter(
      (other) => stageOf(other) === "by-place" || other.startsWith("proxy-"),
    );
    const untyped = manifestsSeen(file).some(({ facts }) => facts.untyped === true);
    const doubt =
      untyped ||
      !secretsRead(file) ||
      first.probe.question.via !== undefined ||
      told?.code === "unknown" ||
      elsewhere.length > 0 ||
      refusesTheNodesOwnLogin(file, told) ||
      failsAtTheLayers(file, told);
    const certainty = nodeSide ? "possible" : besideTheNode(file, "answers-now", doubt ? "likely" : "certain");
    const ownLogin = isLoginTrouble(code) && !hasLogin(file);
    const { via, reference } = first.probe.question;
    return {
      certainty,
      title:
        via === undefined
          ? `The registry gives the image now, asked from here ${askedWith(first.credential)}`
          : `The mirror ${shortened(placeText(via, reference), 120)}, which the node asks, gives the image now`,
      evidence: [probeEvidence(first.probe, file.now), ...toldEvidence(file), ...changes(file)],
      ...(ownLogin && {
        detail:
          "The node was refused although the image is public: it may send a login of its own (its configuration, a credential provider) that is not good, or the image was made public since.",
      }),
      ...(untyped && {
        detail:
          "The registry gives the manifest without saying that it is one (its Content-Type), and a runtime may refuse what is sent so.",
      }),
      alternatives: [
        ...(ownLogin ? ["login-blocks-public-image"] : []),
        ...(untyped ? ["manifest-invalid"] : []),
        ...elsewhere,
      ],
    };
  },
  remedies: (file) => [
    { title: "Wait: the kubelet tries again by itself, at the latest after five minutes" },
    ...recreatePod(file),
    ...(file.target.nodeName === undefined
      ? []
      : [
          {
            title: `If it goes on failing, the fault is between node ${file.target.nodeName} and the registry: try the pull there by hand`,
          },
        ]),
  ],
  examples: [
    {
      name: "the node got a 401, and from here the same login is accepted",
      file: { candidates: [ci], symptoms: [said("unauthorized")], probes: [asked(granted(), ci)] },
      finds: "certain",
    },
    { name: "the node names no cause", file: { probes: [asked(granted())] }, finds: "certain" },
    {
      name: "secrets that could not be read may hold a login that is refused",
      file: { pullSecrets: [pullSecret("forbidden")], probes: [asked(granted())] },
      finds: "likely",
    },
    {
      name: "the registry does not say that what it gives is a manifest",
      file: { probes: [asked(granted({ untyped: true }))] },
      finds: "likely",
    },
    {
      name: "the node's text is not recognised",
      file: { symptoms: [said("unknown")], probes: [asked(granted())] },
      finds: "likely",
    },
    {
      name: "the node's 403 may be one of its address",
      file: { symptoms: [said("permission-denied", {}, ["ip-not-allowed"])], probes: [asked(granted())] },
      finds: "likely",
    },
    {
      name: "the node sent a login of its own, and that one was refused",
      file: { symptoms: [said("credentials-rejected", { login: "with" })], probes: [asked(granted())] },
      finds: "likely",
    },
    {
      name: "the node got as far as the layers, which nobody asked for from here",
      file: { symptoms: [said("registry-server-error", { operation: "blob" })], probes: [asked(granted())] },
      finds: "likely",
    },
    {
      name: "the node's own network fails, which is not contradicted",
      file: { symptoms: [said("dns-nxdomain")], probes: [asked(granted())] },
      finds: "possible",
    },
    {
      name: "the node's limit by address is not contradicted",
      file: { symptoms: [said("rate-limited")], probes: [asked(granted())] },
      finds: "possible",
    },
    {
      name: "near miss: public, but the kubelet sends a login that is refused",
      file: { candidates: [ci], probes: [asked(granted()), asked(refused("login-refused"), ci)] },
      finds: undefined,
    },
    {
      name: "near miss: it answers, with nothing for this platform",
      file: { probes: [asked(granted({ match: "none" }))] },
      finds: undefined,
    },
    {
      name: "near miss: the node had the manifest, and its disk is full",
      file: { symptoms: [said("disk-full")], probes: [asked(granted())] },
      finds: undefined,
    },
  ],
});

/** The registry answers, with something that this node cannot use. */
function isUnusable({ kind, match, digestMismatch, blobsReachable, problem }: ManifestFacts): boolean {
  return (
    kind === "artifact" ||
    kind === "schema1" ||
    match === "none" ||
    digestMismatch === true ||
    problem !== undefined ||
    blobsReachable === false
  );
}

/** Secrets that were changed after the node's last failure: the next try uses the new login. */
function changes(file: CaseFile): readonly Evidence[] {
  return secretsWith(file, ["changed-since"]).map(({ secret, fault }) => ({
    source: `secret ${secret.name}`,
    text: fault.text,
    ...(secret.changedAt !== undefined && { at: secret.changedAt }),
  }));
}
