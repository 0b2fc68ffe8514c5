import type { CaseFile } from "../domain/case-file.ts";
import { type Credential, credentialLabel, maskUser } from "../domain/credential.ts";
import type { Attempt } from "../domain/diagnosis.ts";
import type { Answer, Meaning, Probe, Rung } from "../domain/probe.ts";
import { isEmptyLogin, probeAs } from "../knowledge/evidence/answers.ts";
import { shortened, tagCount } from "../knowledge/evidence/sentences.ts";

/**
 * The answer matrix: each login that the kubelet would try, in its order, and nobody; for each what the steps answered.
 * A login is named by where it stands and by its masked user; nothing else of it is ever shown.
 */
export function attemptsOf(file: CaseFile): Attempt[] {
  if (file.probes.length === 0) return [];
  return [...file.candidates, undefined].flatMap((credential) => attemptsAs(file, credential));
}

function attemptsAs(file: CaseFile, credential: Credential | undefined): Attempt[] {
  const who = { credential: nameOf(credential), from: fromWhere(file, credential) };
  if (credential?.usedAs === "node-login") {
    return [{ ...who, step: "manifest", outcome: "not asked", detail: "CRI-O takes a login of the node in its place" }];
  }
  const manifest = probeAs(file, "manifest", credential);
  if (manifest === undefined) return [{ ...who, step: "manifest", outcome: "not asked" }];
  const login = probeAs(file, "login", credential);
  const tags = probeAs(file, "tags", credential);
  return [
    ...tokenRows(manifest).map((row) => ({ ...who, ...row })),
    { ...who, ...finalRow(manifest, "manifest") },
    ...(login === undefined ? [] : [{ ...who, ...finalRow(login, "login") }]),
    ...(tags === undefined ? [] : [{ ...who, ...finalRow(tags, "tags") }]),
  ];
}

/** An entry without a login counts as one, and the runtime asks as nobody with it: its rows are those of nobody. */
function nameOf(credential: Credential | undefined): string {
  if (credential === undefined) return "anonymous";
  const user = isEmptyLogin(credential) ? "empty, so without a login" : `user ${maskUser(credential.username)}`;
  return `${credentialLabel(credential)} (${user})`;
}

/** A token that was given says as much as the refusal that follows it. */
function tokenRows({ ladder, answer }: Probe): Pick<Attempt, "step" | "outcome" | "status" | "detail">[] {
  const token: Rung | undefined = ladder.findLast(({ step }) => step === "token");
  if (token === undefined || token.outcome !== "passed") return [];
  if ((answer.kind === "refused" || answer.kind === "unreachable") && answer.step === "token") return [];
  return [{ step: "token", outcome: "granted", ...(token.status !== undefined && { status: token.status }) }];
}

function finalRow(probe: Probe, step: string): Pick<Attempt, "step" | "outcome" | "status" | "detail"> {
  const { answer, ladder } = probe;
  switch (answer.kind) {
    case "granted":
    case "tags":
    case "signatures": {
      const status = ladder.findLast((rung) => rung.step === step || rung.step === "manifest")?.status;
      const detail = answer.kind === "tags" ? tagCount(answer) : manifestDetail(answer);
      return {
        step,
        outcome: "granted",
        ...(status !== undefined && { status }),
        ...(detail !== undefined && { detail }),
      };
    }
    case "refused": {
      const { status, code, message } = answer.words;
      const detail = [code, message].filter((part) => part !== undefined && part !== "").join(": ");
      return {
        step: answer.step,
        outcome: absent.has(answer.meaning) ? "absent" : "refused",
        status,
        ...(detail !== "" && { detail: shortened(detail, 200) }),
      };
    }
    case "unreachable": {
      const code = answer.systemCode === undefined ? "" : ` (${shortened(answer.systemCode, 40)})`;
      return {
        step: answer.step,
        outcome: "unreachable",
        detail: `${answer.fault} at ${shortened(answer.host, 120)}${code}`,
      };
    }
    case "unasked":
      return { step, outcome: "not asked", detail: shortened(answer.why, 200) };
  }
}

const absent: ReadonlySet<Meaning> = new Set(["absent", "tag-absent", "repository-absent", "tag-expired"]);

function manifestDetail(answer: Extract<Answer, { kind: "granted" | "signatures" }>): string | undefined {
  if (answer.kind !== "granted" || answer.manifest === undefined) return undefined;
  const { kind, artifact, match } = answer.manifest;
  const what = artifact === undefined ? kind : shortened(artifact, 60);
  return match === "none" ? `${what}, not for this platform` : what;
}

function fromWhere(file: CaseFile, credential: Credential | undefined): string {
  if (credential === undefined) return "nobody";
  const { source } = credential;
  if (source.kind === "docker-config") return `file ${source.file}`;
  const account = file.serviceAccount.kind === "found" ? file.serviceAccount.value.pullSecretNames : [];
  // Admission copies the account's names only into pods that name none, so all of the pod's names are then the account's.
  const copied =
    file.target.pullSecretNames.length > 0 && file.target.pullSecretNames.every((name) => account.includes(name));
  return copied && account.includes(source.secret) ? "service account" : "pod";
}
