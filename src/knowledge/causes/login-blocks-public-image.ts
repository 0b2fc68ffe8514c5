import type { CaseFile } from "../../domain/case-file.ts";
import type { Remedy } from "../../domain/diagnosis.ts";
import { anonymousProbe, grantedAsTheNode } from "../evidence/answers.ts";
import { isLoginTrouble } from "../evidence/code-classes.ts";
import { asked, granted, login, refused, said, unreachable } from "../evidence/example-parts.ts";
import type { LoginState } from "../evidence/logins.ts";
import { eachLogin, loginVerdicts, suspicions } from "../evidence/logins.ts";
import { namesOf } from "../evidence/pull-secrets.ts";
import { kubectl, writePullSecret } from "../evidence/remedies.ts";
import { probeEvidence, toldEvidence } from "../evidence/sentences.ts";
import { toldCode } from "../evidence/symptoms.ts";
import { besideTheNode } from "../evidence/weigh.ts";
import { defineCause } from "./cause.ts";

const ci = login();
const empty = { ...login("empty", ""), usedAs: "anonymous" } as const;

export const loginBlocksPublicImage = defineCause({
  code: "login-blocks-public-image",
  family: "secret",
  title: "The image is public, and a bad login keeps the node from it",
  explanation:
    "Without a login the registry gives the image; with the login of the pull secret it refuses. The kubelet tries logins it has before it tries none, and some runtimes do not fall back.",
  retryable: false,
  looks: {},
  toldFrom: {
    "credentials-rejected": "there the image is private and needs a right login",
  },
  wordings: [],
  decide(file) {
    const control = anonymousProbe(file);
    if (control?.answer.kind !== "granted" || grantedAsTheNode(file).length > 0) return undefined;
    const verdicts = loginVerdicts(file);
    if (verdicts.length === 0) return undefined;
    const refused = verdicts.filter(({ state }) => refusals.has(state));
    const told = toldCode(file);
    const allRefused = refused.length === verdicts.length;
    if (
      !allRefused &&
      !(isLoginTrouble(told) && verdicts.every(({ state }) => state === "undecided" || refusals.has(state)))
    )
      return undefined;
    const names = namesOf(
      [
        ...new Set(
          verdicts.map(({ credential: { source } }) => (source.kind === "pull-secret" ? source.secret : source.file)),
        ),
      ].map((name) => ({ name })),
    );
    return {
      certainty: allRefused ? besideTheNode(file, "login-blocks-public-image", "certain") : "likely",
      title: `The image is public, and the login in ${names} keeps the node from it`,
      evidence: [
        ...verdicts.flatMap(({ evidence, credential }) => [...evidence, ...suspicions(file, credential)]),
        probeEvidence(control, file.now),
        ...toldEvidence(file),
      ],
      detail: eachLogin(verdicts),
    };
  },
  remedies: (file) => [
    ...writePullSecret(file),
    ...(file.target.owner === undefined
      ? []
      : [{ title: "Or take the pull secret out of the pod template: this image needs none" }]),
    ...withoutTheSecret(file),
  ],
  examples: [
    {
      name: "public, and the only login is refused",
      file: { candidates: [ci], probes: [asked(granted()), asked(refused("login-refused"), ci)] },
      finds: "certain",
    },
    {
      name: "public, and the login may not be asked with from here",
      file: {
        candidates: [ci],
        symptoms: [said("unauthorized")],
        probes: [asked(granted()), asked({ kind: "unasked", why: "the realm is on another host" }, ci)],
      },
      finds: "likely",
    },
    {
      name: "near miss: a second login is accepted",
      file: {
        candidates: [ci, login("backup")],
        probes: [asked(granted()), asked(refused("login-refused"), ci), asked(granted(), login("backup"))],
      },
      finds: undefined,
    },
    {
      name: "near miss: an empty entry beside it, with which the runtime asks without a login",
      file: { candidates: [ci, empty], probes: [asked(granted()), asked(refused("login-refused"), ci)] },
      finds: undefined,
    },
    {
      name: "near miss: no login is sent",
      file: { probes: [asked(granted())], symptoms: [said("unauthorized")] },
      finds: undefined,
    },
    {
      name: "near miss: the image is not public",
      file: { candidates: [ci], probes: [asked(refused("login-wanted")), asked(refused("login-refused"), ci)] },
      finds: undefined,
    },
    {
      name: "near miss: with the login nothing was reached",
      file: { candidates: [ci], probes: [asked(granted()), asked(unreachable("connect-timeout"), ci)] },
      finds: undefined,
    },
  ],
});

/** What a registry says of a login that is in the way. A login that is let in and finds nothing is not. */
const refusals: ReadonlySet<LoginState> = new Set([
  "rejected",
  "expired",
  "no-permission",
  "hidden",
  "refused-somehow",
]);

/** The whole Secret may go where it holds nothing else. */
function withoutTheSecret(file: CaseFile): readonly Remedy[] {
  const only = file.pullSecrets.length === 1 ? file.pullSecrets[0] : undefined;
  if (only === undefined || only.keys.length > 1) return [];
  return [
    {
      title: `Or delete secret ${only.name} in namespace ${only.namespace}, if nothing else uses it: the kubelet then pulls without a login`,
      command: kubectl("delete", "secret", only.name, only.namespace),
    },
  ];
}
