import type { CaseFile } from "../../domain/case-file.ts";
import type { NearMiss, PullSecret, SecretFault } from "../../domain/credential.ts";
import type { Evidence } from "../../domain/diagnosis.ts";
import { shortened } from "./sentences.ts";

/** The pod's Secrets that are in this state. */
export function secretsIn(file: CaseFile, state: PullSecret["state"]): readonly PullSecret[] {
  return file.pullSecrets.filter((secret) => secret.state === state);
}

/** The pod's Secrets with a fault of this kind, each with the first such fault. */
export function secretsWith(
  file: CaseFile,
  codes: readonly SecretFault["code"][],
): readonly { readonly secret: PullSecret; readonly fault: SecretFault }[] {
  return file.pullSecrets.flatMap((secret) => {
    const fault = secret.faults.find(({ code }) => codes.includes(code));
    return fault === undefined ? [] : [{ secret, fault }];
  });
}

/** `"regcred"`, `"a" and "b"`, `"a", "b" and "c"`. */
export function namesOf(secrets: readonly { readonly name: string }[]): string {
  const names = secrets.map(({ name }) => `"${shortened(name, 80)}"`);
  const last = names.pop();
  return names.length === 0 ? (last ?? "") : `${names.join(", ")} and ${last}`;
}

/** What is wrong in a Secret, as evidence; where, never what. */
export function faultEvidence(secret: PullSecret, fault: SecretFault): Evidence {
  return { source: `secret ${secret.name}`, text: faultSentence(fault) };
}

/** `The payload is empty (.dockerconfigjson)`. */
export function faultSentence({ text, where }: SecretFault): string {
  return `${text.replace(/\.$/, "")} (${shortened(where, 120)})`;
}

/** A Secret that the pod does not name and that has an entry for its registry, as evidence. */
export function unusedEvidence(file: CaseFile, { namespace, name, key }: CaseFile["unusedSecrets"][number]): Evidence {
  const where = namespace === file.target.namespace ? "It is in this namespace" : `It is in namespace ${namespace}`;
  return {
    source: `secret ${name}`,
    text: `${where} and holds the entry "${shortened(key, 120)}"; the pod does not name it, so its login was not tried for it`,
  };
}

/** The keys of a Secret, as evidence that none of them is the registry's. */
export function keysEvidence(secret: PullSecret): Evidence {
  const keys = secret.keys.slice(0, 8).map((key) => `"${shortened(key, 80)}"`);
  const more = secret.keys.length > keys.length ? ` and ${secret.keys.length - keys.length} more` : "";
  return {
    source: `secret ${secret.name}`,
    text: keys.length === 0 ? "It holds no entry at all" : `It holds entries for ${keys.join(", ")}${more}`,
  };
}

const differences: Readonly<Record<NearMiss["differs"], string>> = {
  port: "another port",
  scheme: "another scheme",
  path: "another path",
  "host-case": "the host in another case",
  "sub-domain": "another sub-domain",
  spelling: "a host that is spelt nearly the same",
  "docker-hub-name": "a name of Docker Hub that the kubelet does not match",
};

/** `The entry "https://h:5000" in secret regcred is for another port; the key must be "h".` */
export function nearMissSentence(miss: NearMiss): string {
  return `The entry "${shortened(miss.key, 120)}" in secret ${shortened(miss.secret, 80)} is for ${differences[miss.differs]}; the key must be "${shortened(miss.wanted, 120)}".`;
}
