import type { Answer, CertificateFacts, ManifestFacts, Platform, Rung } from "../domain/probe.ts";

/** Blots out what was sent in this run. */
type Clean = (text: string) => string;

interface Told {
  readonly answer: Answer;
  readonly ladder: readonly Rung[];
}

/**
 * What came of a question, without secrets where a server repeats them outside of its words: in a challenge, a redirect, the name of a
 * host, a tag, a certificate.
 */
export function withoutRepeats({ answer, ladder }: Told, clean: Clean): Told {
  const text = JSON.stringify([answer, ladder]);
  if (clean(text) === text) return { answer, ladder: [...ladder] };
  return { answer: cleanAnswer(answer, clean), ladder: ladder.map((rung) => cleanRung(rung, clean)) };
}

function cleanRung({ host, request, detail, ...rung }: Rung, clean: Clean): Rung {
  return {
    ...rung,
    ...(host !== undefined && { host: clean(host) }),
    ...(request !== undefined && { request: clean(request) }),
    ...(detail !== undefined && { detail: clean(detail) }),
  };
}

function cleanAnswer(answer: Answer, clean: Clean): Answer {
  switch (answer.kind) {
    case "granted":
      return answer.manifest === undefined ? answer : { ...answer, manifest: cleanManifest(answer.manifest, clean) };
    case "refused": {
      const { message, ...words } = answer.words;
      return message === undefined ? answer : { ...answer, words: { ...words, message: clean(message) } };
    }
    case "unreachable": {
      const { certificate, ...rest } = answer;
      const shown = certificate && { certificate: cleanCertificate(certificate, clean) };
      return { ...rest, host: clean(answer.host), ...shown };
    }
    case "tags":
      return { ...answer, tags: answer.tags.map(clean) };
    case "signatures":
      return { ...answer, found: answer.found.map(clean) };
    case "unasked":
      return { ...answer, why: clean(answer.why) };
  }
}

function cleanManifest(manifest: ManifestFacts, clean: Clean): ManifestFacts {
  const { artifact, chosen, layerMediaTypes, blobHost } = manifest;
  return {
    ...manifest,
    mediaType: clean(manifest.mediaType),
    platforms: manifest.platforms.map((platform) => cleanPlatform(platform, clean)),
    ...(artifact !== undefined && { artifact: clean(artifact) }),
    ...(chosen && { chosen: cleanPlatform(chosen, clean) }),
    ...(layerMediaTypes && { layerMediaTypes: layerMediaTypes.map(clean) }),
    ...(blobHost !== undefined && { blobHost: clean(blobHost) }),
  };
}

function cleanPlatform({ os, architecture, variant, osVersion, osFeatures }: Platform, clean: Clean): Platform {
  return {
    os: clean(os),
    architecture: clean(architecture),
    ...(variant !== undefined && { variant: clean(variant) }),
    ...(osVersion !== undefined && { osVersion: clean(osVersion) }),
    ...(osFeatures && { osFeatures: osFeatures.map(clean) }),
  };
}

function cleanCertificate({ subject, issuer, names, ...times }: CertificateFacts, clean: Clean): CertificateFacts {
  return { ...times, subject: clean(subject), issuer: clean(issuer), names: names.map(clean) };
}
