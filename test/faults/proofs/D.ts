import type { RowProof } from "./proof.ts";

const hostile = "test/faults/hostile-servers.test.ts";
const reading = "test/probe/read-manifest.test.ts";

export const proofs: readonly RowProof[] = [
  {
    row: "D1",
    file: "src/probe/manifest-json.ts",
    replace: "export const deepestIndex = 3;",
    by: "export const deepestIndex = 300;",
    test: hostile,
    title: "indexes within indexes end after a few requests",
  },
  {
    row: "D1",
    file: "src/probe/look-inside.ts",
    replace: " || read.facts.digestMismatch === true",
    by: "",
    test: hostile,
    title: "an index that names itself, against its digest, is not followed round and round",
  },
  {
    row: "D1",
    file: "src/probe/manifest-json.ts",
    replace: "export const mostEntries = 200;",
    by: "export const mostEntries = 200_000;",
    test: hostile,
    title: "of 20,000 entries a few are looked at",
  },
  {
    row: "D2",
    file: "src/probe/read-manifest.ts",
    replace: 'const digest = hash(body, wantedDigest?.startsWith("sha512:") ? "sha512" : "sha256");',
    by: 'const digest = promisedDigest ?? hash(body, "sha256");',
    test: hostile,
    title: "a digest that the bytes do not have is not shown as the image's",
  },
  {
    row: "D2",
    file: "src/probe/read-manifest.ts",
    replace: "...(differs && !signed ? { digestMismatch: true } : {}),",
    by: "",
    test: reading,
    title: "the digest is computed from the bytes, and compared with what was asked for and promised",
  },
  {
    row: "D3",
    file: "src/probe/manifest-request.ts",
    replace: "return /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);",
    by: 'return text.startsWith("sha256:");',
    test: hostile,
    title: "the digest %j of an entry is asked for nowhere",
  },
  {
    row: "D4",
    file: "src/probe/read-manifest.ts",
    replace: 'if (shape === "index" && (has("layers") || has("config") || has("fsLayers"))) return true;',
    by: "",
    test: reading,
    title: "two things at once, or other than the header says, are ambiguous",
  },
  {
    row: "D4",
    file: "src/probe/read-manifest.ts",
    replace: "if (types.has(own) && types.has(header) && own !== header) return true;",
    by: "",
    test: reading,
    title: "two things at once, or other than the header says, are ambiguous",
  },
  {
    row: "D5",
    file: "src/probe/read-manifest.ts",
    replace: ' || platform?.os === "unknown"',
    by: "",
    test: reading,
    title: "platforms are offered without attestations, and the node's is chosen",
  },
  {
    // Nothing takes annotations up; here something does.
    row: "D6",
    file: "src/probe/read-manifest.ts",
    replace: "    artifactKind({ artifactType, configType, layerTypes }) ??\n",
    by: '    (JSON.stringify(field(object, "annotations")) as string | undefined) ??\n',
    test: "test/faults/whose-login.test.ts",
    title: "nothing that a manifest says of itself is printed",
  },
  {
    row: "D1",
    file: "src/probe/manifest-json.ts",
    replace: "export const deepestIndex = 3;",
    by: "export const deepestIndex = 300;",
    test: "test/probe/read-manifest.test.ts",
    title: "an index within an index is an entry like others, and the way down is bounded",
  },
];
