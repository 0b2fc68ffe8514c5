import type { CaseFile } from "../domain/case-file.ts";
import type { ImageReference } from "../domain/image-reference.ts";
import { type Answer, anonymous, type Identity, type Meaning, type Probe, type Question } from "../domain/probe.ts";
import { found } from "../domain/read.ts";
import { dialectFor } from "../knowledge/evidence/dialect.ts";
import { movedCandidates } from "../knowledge/moved-images.ts";
import type { Dialect } from "../knowledge/registries/registry.ts";
import { identityKey } from "./authorize.ts";
import { nearestRepositories } from "./nearest-repositories.ts";
import { questionKey } from "./question-key.ts";

/** Different logins of one case that are tried; the kubelet tries all, and more than this was never seen. */
const mostLogins = 5;
const mostPlatforms = 3;
/** Neighbours that are asked where a repository is known to be missing, and where it may only be hidden. */
const mostNeighbours = { missing: 3, hidden: 2 };

/** The open questions of all cases, each once; none when all is asked that helps. */
export function planProbes(cases: readonly CaseFile[]): readonly Question[] {
  return [...new Map(cases.flatMap(questionsOf).map((question) => [questionKey(question), question])).values()];
}

/**
 * What one case wants to know next. First the manifest, with each login and without one: logins first, for whoever asks without
 * may use up what is left. Then what the answers leave open: whether a login without access is any good, which tags there are,
 * whether a neighbour answers, what vouches for the digest.
 */
export function questionsOf(file: CaseFile): readonly Question[] {
  if (file.reference.kind !== "valid" || isBesideTheImage(file)) return [];
  const { reference } = file.reference;
  const answered = new Set(file.probes.map(({ question }) => questionKey(question)));
  const first = manifestQuestions(file, reference);
  const open = first.filter((question) => !answered.has(questionKey(question)));
  const wanted = open.length > 0 ? open : followUps(file, reference);
  return wanted.filter((question) => !answered.has(questionKey(question)));
}

const besideTheImage: ReadonlySet<string> = new Set([
  "quota-exceeded",
  "pod-security-denied",
  "admission-unavailable",
  "service-account-missing",
]);

/** A pod that was never made, for a reason that is not its image: what a registry says of that is beside the point. */
function isBesideTheImage({ target, symptoms }: CaseFile): boolean {
  const [told] = symptoms;
  if (target.pod !== undefined || told?.failure.reason !== "FailedCreate") return false;
  const speaksOfImage = /\b(?:image|registry|signature|attestation|tag|digest)/i.test(told.failure.message);
  return besideTheImage.has(told.code) || (told.code === "admission-denied" && !speaksOfImage);
}

function manifestQuestions(file: CaseFile, reference: ImageReference): readonly Question[] {
  const node = found(file.node);
  const blobs = file.symptoms.some(speaksOfBlobs);
  const [platform] = file.platforms;
  return identitiesOf(file).map((as) => ({
    kind: "manifest",
    reference,
    as,
    ...(platform && { platform }),
    ...(node && { runtime: node.runtime }),
    ...(blobs && { blobs: true as const }),
  }));
}

/** The kubelet refuses every image of the pod where one Secret blocks its keyring: then no login is sent, and only the control is asked. */
function identitiesOf(file: CaseFile): readonly Identity[] {
  if (file.keyringBlockedBy !== undefined) return [anonymous];
  const logins = new Map<string, Identity>();
  for (const credential of file.candidates) {
    const as: Identity = { kind: "login", credential };
    const key = identityKey(as);
    if (key !== "anonymous" && credential.usedAs !== "anonymous" && !logins.has(key)) logins.set(key, as);
  }
  return [...[...logins.values()].slice(0, mostLogins), anonymous];
}

function speaksOfBlobs({ facts, code }: CaseFile["symptoms"][number]): boolean {
  const { operation, foreignHost } = facts;
  if (operation === "blob" || operation === "config" || operation === "unpack" || foreignHost === "blob-store")
    return true;
  return ["blob-not-found", "blob-store-blocked", "transfer-interrupted", "pull-timeout"].includes(code);
}

function followUps(file: CaseFile, reference: ImageReference): readonly Question[] {
  const asked = file.probes.filter(({ question }) => question.kind === "manifest" && question.via === undefined);
  if (asked.some(({ answer }) => answer.kind === "refused" && isLimit(answer.meaning))) return [];
  return [
    ...asked.flatMap((probe) => loginCheck(probe, dialectFor(file))),
    ...tagLists(file, reference, asked),
    ...neighbours(file, reference),
    ...otherPlatforms(file, asked),
    ...signatures(file, reference, asked),
  ];
}

function isLimit(meaning: Meaning): boolean {
  return meaning === "rate-limited" || meaning === "quota-exceeded" || meaning === "rate-limited-upstream";
}

const withoutAccess: readonly Meaning[] = [
  "absent-or-no-access",
  "no-permission",
  "login-refused",
  "login-refused-or-no-permission",
  "login-wanted",
  "token-refused",
];

/**
 * Is the login itself any good? Asked where a token was given and the registry still says no, and where the token server refused in a way
 * that this registry has for good logins, too: then the check was made on the way, and its answer is known.
 */
function loginCheck({ question, answer, ladder }: Probe, dialect: Dialect): readonly Question[] {
  if (question.as.kind !== "login" || answer.kind !== "refused") return [];
  const { reference, as, runtime } = question;
  const check: Question = { kind: "login", reference, as, ...(runtime && { runtime }) };
  if (answer.step === "token") {
    const either = answer.meaning === "login-refused-or-no-permission";
    return either && dialect.refusesLoginWithoutRight === true ? [check] : [];
  }
  if (answer.step !== "manifest") return [];
  const gotToken = ladder.some(({ step, outcome }) => step === "token" && outcome === "passed");
  const masked = dialect.masksRefusedLogin === true && answer.words.status === 404;
  return gotToken && (masked || withoutAccess.includes(answer.meaning)) ? [check] : [];
}

const absent: readonly Meaning[] = ["absent", "tag-absent", "repository-absent", "tag-expired"];

/** Something is missing: the list of tags, as whoever came as far as to be told so. */
function tagLists(file: CaseFile, reference: ImageReference, asked: readonly Probe[]): readonly Question[] {
  const { politeness, refusesMissingTag = false } = dialectFor(file);
  if (politeness?.tags === "never") return [];
  if (asked.some(({ answer }) => answer.kind === "granted")) return [];
  const told = asked.find(({ answer }) => answer.kind === "refused" && mayBeAbsent(answer, refusesMissingTag));
  if (told === undefined || file.probes.some(({ question }) => question.kind === "tags")) return [];
  const { as, runtime } = told.question;
  return [{ kind: "tags", reference, as, ...(runtime && { runtime }) }];
}

function mayBeAbsent(
  { meaning, step, words }: Extract<Answer, { kind: "refused" }>,
  refusesMissingTag: boolean,
): boolean {
  return absent.includes(meaning) || (refusesMissingTag && step === "manifest" && words.status === 403);
}

function neighbours(file: CaseFile, reference: ImageReference): readonly Question[] {
  const asked = file.probes.filter(({ question }) => question.kind === "manifest" && question.via === undefined);
  if (asked.some(({ answer }) => answer.kind === "granted" || answer.kind === "unasked")) return [];
  const missing = file.probes.find(
    ({ question, answer }) =>
      question.kind === "tags" &&
      answer.kind === "refused" &&
      (answer.words.status === 404 || absent.includes(answer.meaning)),
  );
  // A login that is wrong explains why nothing is shown; then no other place is looked for.
  const refused = asked.some(({ answer }) => answer.kind === "refused" && answer.meaning === "login-refused");
  const hidden = asked.find(
    ({ answer }) =>
      answer.kind === "refused" &&
      (answer.meaning === "repository-absent" || (answer.meaning === "absent-or-no-access" && !refused)),
  );
  const gone = asked.find(({ answer }) => answer.kind === "refused" || answer.kind === "unreachable");
  const known =
    missing !== undefined || hidden?.answer.kind !== "refused" || hidden.answer.meaning === "repository-absent";
  const most = known ? mostNeighbours.missing : mostNeighbours.hidden;
  return [...movedCandidates(reference).map((each) => each.reference), ...nearestRepositories(reference)]
    .slice(0, most)
    .flatMap((there) => {
      const sameRegistry = there.registry === reference.registry;
      const from = sameRegistry ? (missing ?? hidden) : gone;
      // A login is for the registry it was made for: another one is asked without.
      return from === undefined
        ? []
        : [{ kind: "repository" as const, reference: there, as: sameRegistry ? from.question.as : anonymous }];
    });
}

/** A pod without a node may land on several platforms; whoever was given the manifest asks for the others. */
function otherPlatforms(file: CaseFile, asked: readonly Probe[]): readonly Question[] {
  const granted = asked.find(({ answer }) => answer.kind === "granted");
  if (granted === undefined) return [];
  return file.platforms.slice(1, mostPlatforms).map((platform) => ({ ...granted.question, platform }));
}

function signatures(file: CaseFile, reference: ImageReference, asked: readonly Probe[]): readonly Question[] {
  if (!file.symptoms.some(({ code }) => code === "signature-rejected")) return [];
  for (const { question, answer } of asked) {
    const digest = answer.kind === "granted" ? answer.manifest?.digest : undefined;
    if (digest !== undefined) return [{ kind: "signatures", reference: { ...reference, digest }, as: question.as }];
  }
  return [];
}
