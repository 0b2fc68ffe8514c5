import type { RowProof } from "./proof.ts";

const verdicts = "test/faults/verdicts.test.ts";

export const proofs: readonly RowProof[] = [
  {
    row: "V1",
    file: "src/knowledge/evidence/logins.ts",
    replace: "a.words.status === b.words.status &&",
    by: "a.words.status !== b.words.status &&",
    test: verdicts,
    title: "a token server that refuses everybody is not called a wrong password with certainty",
  },
  {
    row: "V1",
    file: "src/knowledge/evidence/logins.ts",
    replace: 'if (refusal === undefined) return "likely";',
    by: 'return "likely";',
    test: verdicts,
    title: "where the token server lets nobody in but refuses this login alone, the login is wrong",
  },
  {
    row: "V2",
    file: "src/knowledge/evidence/network.ts",
    replace: 'return { certainty: weakest("likely", told.certainty), evidence, alternatives };',
    by: 'return { certainty: "certain", evidence, alternatives };',
    also: [
      {
        file: "src/knowledge/evidence/network.ts",
        replace: 'certainty: cause.ofTheServer === true && !loopback(file) ? "likely" : "possible",',
        by: 'certainty: "certain",',
      },
    ],
    test: verdicts,
    title: "what the network says is said to be seen from here, and is not certain about the node",
  },
  {
    row: "V3",
    file: "src/probe/read-manifest.ts",
    replace:
      'if (object === undefined) return { kind: "not-a-registry", why: startsAsPage(body) ? "html" : "not-json" };',
    by: 'if (object === undefined) return manifest({ ...basics(answer), kind: "unknown" }, []);',
    test: verdicts,
    title: "a sign-in page with status 200 is no registry, and no verdict on the login",
  },
  {
    row: "V3",
    file: "src/probe/ask-manifest.ts",
    replace: 'if (reading.kind === "not-a-registry") {',
    by: 'if (reading.kind === "not-a-registry") return { kind: "granted", meaning: "granted", ...rest };\n  if (reading.kind === "not-a-registry") {',
    test: "test/probe/limits.test.ts",
    title: "a page that says 200 is not a registry",
  },
  {
    row: "V4",
    file: "src/knowledge/causes/mirror-failed.ts",
    replace: "if (told === undefined || !saysMirror(told)) return",
    by: "if (told === undefined || saysMirror(told)) return",
    test: verdicts,
    title: "where the node asked another host than the image names, that host is told",
  },
  {
    row: "V5",
    file: "src/probe/session.ts",
    replace: '"user-agent": this.settings.userAgent,',
    by: "",
    test: verdicts,
    title: "every request names %s, and nothing else",
  },
  {
    row: "V6",
    file: "src/probe/ask-manifest.ts",
    replace: 'words = again.kind === "answered" ? again.fetched : undefined;',
    by: 'words = again.kind === "failed" ? fetched : undefined;',
    test: verdicts,
    title: "403 to HEAD without words is asked once more for its words, and they decide",
  },
  {
    row: "V6",
    file: "src/probe/ask-manifest.ts",
    replace: 'if (granted.kind !== "granted" || session.question.runtime?.name === "cri-o") return granted;',
    by: "if (granted !== undefined) return granted;",
    test: "test/probe/limits.test.ts",
    title: "what HEAD refuses and GET grants stays refused, as it is for the node",
  },
  {
    row: "V7",
    file: "src/knowledge/causes/access-denied-or-missing.ts",
    replace: "The repository does not exist, or it is private and no login was sent: the registry does not tell",
    by: "The repository does not exist",
    test: verdicts,
    title: "where private and missing look alike (%s), neither is claimed for certain",
  },
  {
    row: "V7",
    file: "src/knowledge/evidence/logins.ts",
    replace:
      'case "absent-or-no-access":\n      if (checked === "good") return { state: "hidden", certainty: "certain" };',
    by: 'case "absent-or-no-access":\n      if (checked === "good") return { state: "no-permission", certainty: "certain" };',
    test: verdicts,
    title: "where private and missing look alike (%s), neither is claimed for certain",
  },
  {
    row: "V7",
    file: "src/knowledge/evidence/logins.ts",
    replace:
      'case "absent-or-no-access":\n      if (checked === "good") return { state: "hidden", certainty: "certain" };',
    by: 'case "absent-or-no-access":\n      if (checked === "good") return { state: "no-permission", certainty: "certain" };',
    test: "test/conclude/verdict-rules.test.ts",
    title: "the login check passes: private or missing, and nobody says which",
  },
  {
    row: "V5",
    file: "src/cli/prober-settings.ts",
    replace: "if (/^[ -~]+$/.test(given) && given.trim() === given && given.length <= 256) return given;",
    by: "if (given.length < 1_000) return given;",
    test: verdicts,
    title: "a name is no header's end: %j is refused before anything is sent",
  },
  {
    row: "V1",
    file: "src/knowledge/evidence/logins.ts",
    replace: 'return refused.step === "token" && alike ? "likely" : "certain";',
    by: 'return "certain";',
    test: "test/probe/login-check.test.ts",
    title: "where nobody gets another answer, a bad login is not surely wrong: the server may be in trouble",
  },
];
