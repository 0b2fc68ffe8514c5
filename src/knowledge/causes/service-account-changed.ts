import type { CaseFile } from "../../domain/case-file.ts";
import { weakest } from "../../domain/certainty.ts";
import { found } from "../../domain/read.ts";
import { asked, examplePod, granted, refused, said } from "../evidence/example-parts.ts";
import { loginNeed, needAlternatives } from "../evidence/login-need.ts";
import { namesOf } from "../evidence/pull-secrets.ts";
import { recreatePod } from "../evidence/remedies.ts";
import { defineCause } from "./cause.ts";

const pod = { ...examplePod, createdAt: "2026-11-24T11:00:00Z" };

function account(changedAt: string): CaseFile["serviceAccount"] {
  return {
    kind: "found",
    value: { namespace: "shop", name: "default", pullSecretNames: ["regcred"], changedAt },
  };
}

export const serviceAccountChanged = defineCause({
  code: "service-account-changed",
  family: "secret",
  title: "The service account got its pull secret after the pod was made",
  explanation:
    "A service account's pull secrets are copied into a pod when it is created. This pod is older than the change, so it does not have them. A new pod will.",
  retryable: false,
  looks: {},
  toldFrom: {
    "credentials-missing": "what the registry says in consequence",
  },
  wordings: [],
  decide(file) {
    const account = found(file.serviceAccount);
    const { target } = file;
    const need = loginNeed(file);
    if (account === undefined || need === undefined || target.pod === undefined) return undefined;
    if (target.pullSecretNames.length > 0 || account.pullSecretNames.length === 0) return undefined;
    // A static pod is the node's own file: admission copies nothing into its mirror.
    if (target.owner?.kind === "Node") return undefined;
    const born = target.createdAt;
    const changed = account.changedAt ?? account.createdAt;
    const known = born !== undefined && changed !== undefined;
    if (known && Date.parse(changed) <= Date.parse(born)) return undefined;
    const names = namesOf(account.pullSecretNames.map((name) => ({ name })));
    return {
      certainty: known ? need.certainty : weakest("likely", need.certainty),
      title: `Service account ${account.name} got pull secret ${names} after the pod was made`,
      evidence: [
        {
          source: `service account ${account.name}`,
          text: `It names ${names}; the pod names no pull secret`,
          ...(changed !== undefined && { at: changed }),
        },
        ...(born === undefined ? [] : [{ source: "API server", text: "The pod was created", at: born }]),
        ...need.evidence,
      ],
      alternatives: needAlternatives(need),
    };
  },
  remedies: (file) => {
    const remedies = recreatePod(file);
    return remedies.length > 0
      ? remedies
      : [{ title: "Make the pods anew, so that they get the service account's pull secrets" }];
  },
  examples: [
    {
      name: "the account was changed after the pod was made",
      file: { target: pod, serviceAccount: account("2026-11-24T11:30:00Z"), probes: [asked(refused("login-wanted"))] },
      finds: "certain",
    },
    {
      name: "the node got a 401, nothing was asked",
      file: { target: pod, serviceAccount: account("2026-11-24T11:30:00Z"), symptoms: [said("unauthorized")] },
      finds: "likely",
    },
    {
      name: "near miss: the account was changed before the pod was made",
      file: { target: pod, serviceAccount: account("2026-11-24T10:00:00Z"), probes: [asked(refused("login-wanted"))] },
      finds: undefined,
    },
    {
      name: "near miss: the pod names a secret of its own, so none is copied",
      file: {
        target: { ...pod, pullSecretNames: ["mine"] },
        serviceAccount: account("2026-11-24T11:30:00Z"),
        probes: [asked(refused("login-wanted"))],
      },
      finds: undefined,
    },
    {
      name: "near miss: the pod names an empty secret, which keeps the service account's from it",
      file: {
        target: { ...pod, pullSecretNames: [""] },
        serviceAccount: account("2026-11-24T11:30:00Z"),
        probes: [asked(refused("login-wanted"))],
      },
      finds: undefined,
    },
    {
      name: "near miss: a static pod, which gets nothing of any service account",
      file: {
        target: { ...pod, owner: { kind: "Node", name: "node1" } },
        serviceAccount: account("2026-11-24T11:30:00Z"),
        probes: [asked(refused("login-wanted"))],
      },
      finds: undefined,
    },
    {
      name: "near miss: no login is needed",
      file: { target: pod, serviceAccount: account("2026-11-24T11:30:00Z"), probes: [asked(granted())] },
      finds: undefined,
    },
  ],
});
