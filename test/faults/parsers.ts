import { Redacted } from "../../src/domain/redacted.ts";
import { decodePullSecret } from "../../src/interpret/decode-pull-secret.ts";
import { parseReference } from "../../src/interpret/parse-reference.ts";
import { recogniseFailure } from "../../src/interpret/recognise-failure.ts";
import { causeByCode } from "../../src/knowledge/causes/index.ts";
import { parseChallenges } from "../../src/probe/parse-challenge.ts";
import { deepestIndex, readManifest, withConfig, withPlatform } from "../../src/probe/read-manifest.ts";

/** A parser of hostile text: what its input is made of, and what must hold of every result. */
export interface FuzzedParser {
  /** Fragments that lead deep into it. */
  readonly pieces: readonly string[];
  /** Parses, and throws where the parser throws or a result leaves its type. */
  readonly check: (text: string) => void;
}

const failurePieces = [
  ...[": ", "\n", '"', '\\"', "\\", "(", "[", "]", ", ", "; ", "%!s(<nil>)", "\u0000", "\u202e", "\ud800"],
  ...[
    "rpc error: code = Unknown desc = ",
    'Get "https://a.test/v2/": ',
    "failed to copy: ",
    "Error: ",
    "(Mirrors also failed: [",
  ],
  ...[
    "]): ",
    "pull image err: ",
    "; artifact err: ",
    'err="',
    "lookup a on 10.0.0.1:53: ",
    "401 Unauthorized",
    "x509: ",
  ],
  ...[
    "https://u:p@a.test/?x=y",
    "__proto__",
    "constructor",
    '{"message":"',
    "ErrImagePull: ",
    "Back-off pulling image ",
  ],
  ...[
    "Failed to pull image ",
    "2 errors occurred while pulling:\n * ",
    "sha256:",
    "not found",
    "dial tcp 10.0.0.1:443: ",
  ],
];
const challengePieces = [
  ...[
    "Bearer ",
    "Basic ",
    "BASIC",
    "Negotiate ",
    "Digest ",
    'realm="',
    "realm=",
    '"',
    "\\",
    '\\"',
    ",",
    ", ",
    "=",
    " ",
    "\t",
  ],
  ...["service=", "scope=", "error=", "__proto__=", "constructor=x", "https://a.test/token", "\u0000", "é", ";", "{"],
];
const secretPieces = [
  ...[
    '{"auths":{',
    '"ghcr.io":',
    '"https://index.docker.io/v1/":',
    '{"auth":"YTpi"}',
    '{"username":"a"',
    "}",
    "]",
    "[",
    ",",
    '"',
    ":",
  ],
  ...[
    "null",
    "1e999",
    "-0",
    "\\u00",
    "\\ud800",
    "\ufeff",
    "\n",
    "tru",
    "true",
    '"password":',
    '"Auth":',
    '"__proto__":',
    "{}",
    "\u0000",
  ],
  ...['"identitytoken":', "YTpi", "eyJhbGciOiJub25lIn0.eyJleHAiOjF9.", "*.azurecr.io", "auths:\n  "],
];
const referencePieces = [
  ...[
    "docker.io",
    "/",
    ":",
    "@",
    "sha256:",
    "a".repeat(64),
    "localhost",
    "[::1]",
    ":5000",
    "..",
    ".",
    "-",
    "_",
    "__",
    "A",
    "library",
  ],
  ...["https://", "?", "#", "\\", " ", "\n", "%2f", "xn--", "о", "\ud800", "user:pw@", "latest", "x".repeat(130)],
];
const manifestPieces = [
  ...[
    '{"schemaVersion":2,',
    '"mediaType":',
    '"application/vnd.oci.image.index.v1+json"',
    '"application/vnd.oci.image.manifest.v1+json"',
  ],
  ...[
    '"manifests":[',
    '"layers":[',
    '"config":{',
    '"platform":{',
    '"os":"linux"',
    '"architecture":"arm"',
    '"variant":"v7"',
    '"digest":',
  ],
  ...[
    `"sha256:${"a".repeat(64)}"`,
    '"size":',
    "1e400",
    "-1",
    "null",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    '"__proto__":',
    '"fsLayers":[',
  ],
  ...['"annotations":{', '"artifactType":"x"', "\\ud800", "<html>", '"urls":["http://a"]', '"subject":{'],
];

/** The five parsers that read what clusters and registries send. */
export const fuzzedParsers: Readonly<Record<string, FuzzedParser>> = {
  "failure text": {
    pieces: failurePieces,
    check: (text) => {
      const symptom = recogniseFailure({ source: "event", reason: text.slice(0, 20), message: text });
      hold(causeByCode.has(symptom.code), `code ${symptom.code}`);
      hold(
        symptom.alternatives.every((code) => causeByCode.has(code)),
        "an alternative is no code",
      );
      hold(symptom.quote.length <= 500, "quote is too long");
      for (const value of Object.values(symptom.facts))
        hold(JSON.stringify(value).length <= 20_000, "a fact is too long");
    },
  },
  challenge: {
    pieces: challengePieces,
    check: (text) => {
      for (const { scheme, parameters } of parseChallenges(text.split("\n"))) {
        hold(["bearer", "basic", "digest"].includes(scheme), `scheme ${scheme}`);
        for (const [key, value] of parameters)
          hold(key !== "" && typeof value === "string" && value.length <= text.length, `parameter ${key}`);
      }
    },
  },
  "pull secret": {
    pieces: secretPieces,
    check: (text) => {
      const payload = new Redacted(Buffer.from(text).toString("base64"));
      const kinds = ["kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg", "Opaque"];
      const type = kinds[text.length % kinds.length] ?? "Opaque";
      const data = new Map([".dockerconfigjson", ".dockercfg"].map((key) => [key, payload]));
      const read = { kind: "found", value: { namespace: "n", name: "s", type, data } } as const;
      const secret = decodePullSecret("n", "s", read, "2026-01-01T00:00:00Z");
      hold(["decoded", "malformed", "ignored"].includes(secret.state), `state ${secret.state}`);
      hold(secret.keys.length <= 50 && secret.keys.every((key) => key.length <= 200), "keys are not bounded");
      hold(
        secret.credentials.every(({ password }) => password instanceof Redacted),
        "a password is open",
      );
    },
  },
  reference: {
    pieces: referencePieces,
    check: (text) => {
      const parsed = parseReference(text);
      if (parsed.kind === "invalid") return;
      const { registry, repository, tag, digest } = parsed.reference;
      hold(/^[\w.[\]:-]+$/.test(registry), `host ${registry}`);
      hold(/^[a-z0-9._/-]+$/.test(repository) && !repository.split("/").includes(".."), `repository ${repository}`);
      hold(tag === undefined || /^\w[\w.-]{0,127}$/.test(tag), `tag ${tag}`);
      hold(digest === undefined || /^[a-z0-9+._-]+:[0-9a-fA-F]{32,}$/.test(digest), `digest ${digest}`);
    },
  },
  manifest: {
    pieces: manifestPieces,
    check: (text) => {
      const body = Buffer.from(text);
      const reading = readManifest({ body });
      if (reading.kind !== "manifest") return;
      hold(JSON.stringify(reading).length <= 400_000 + 4 * text.length, "a reading is too long");
      const { facts } = withPlatform(
        reading,
        { os: "linux", architecture: "arm", variant: "v7" },
        "containerd-transfer",
      );
      hold(withConfig(facts, body).kind === facts.kind, "a configuration changes the kind");
      hold(deepestIndex > 0, "indexes are followed without end");
    },
  },
};

function hold(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
