import { headFinder } from "./peel-heads.ts";

/**
 * How the tries that one text reports belong together.
 * - `several`: one try after another, each with another login or of another kind; any of them may tell the cause.
 * - `mirrors`: the first text is the registry's own, the others are the mirrors' that were asked before.
 */
export interface Tries {
  readonly relation: "one" | "several" | "mirrors";
  readonly texts: readonly string[];
}

const mostTries = 8;

/** Splits a text under the kubelet's template into the tries it reports. */
export function splitTries(text: string): Tries {
  return (
    splitMirrors(text) ??
    splitAggregate(text) ??
    splitArtifact(text) ??
    splitList(text) ?? { relation: "one", texts: [text] }
  );
}

/** `(Mirrors also failed: [m: error] [n: error]): x: error`; containers/image docker/docker_image_src.go. */
function splitMirrors(text: string): Tries | undefined {
  const opening = "(Mirrors also failed: ";
  const start = text.indexOf(opening);
  if (start < 0) {
    return undefined;
  }
  const end = text.indexOf("]): ", start);
  const inside = text.slice(start + opening.length, end < 0 ? text.length : end);
  const mirrors = inside.split("] [").map((mirror) => mirror.replace(/^\[/, ""));
  const upstream = end < 0 ? "" : text.slice(end + "]): ".length);
  return { relation: "mirrors", texts: [upstream, ...mirrors.slice(0, mostTries - 1)] };
}

function splitArtifact(text: string): Tries | undefined {
  const inside = ofTheImage(text);
  return inside === text ? undefined : (splitMirrors(inside) ?? { relation: "one", texts: [inside] });
}

/** `pull image err: A; artifact err: B` → A: B mostly says that it is no artifact; cri-o internal/storage/image.go. */
function ofTheImage(text: string): string {
  const opening = "pull image err: ";
  const start = text.indexOf(opening);
  if (start < 0) {
    return text;
  }
  const end = text.indexOf("; artifact err: ", start);
  return text.slice(start + opening.length, end < 0 ? text.length : end);
}

/** `[a, b]`, the kubelet's aggregate of one error for each login; apimachinery pkg/util/errors/errors.go. */
function splitAggregate(text: string): Tries | undefined {
  const grpc = /^(?:rpc error: code = \w+ desc = ?)?\[/.exec(text);
  if (grpc === null) {
    return undefined;
  }
  const inside = text.slice(grpc[0].length).replace(/\]\s*$/, "");
  const texts: string[] = [];
  const headAt = headFinder(inside);
  let start = 0;
  for (let at = inside.indexOf(", "); at >= 0 && texts.length < mostTries - 1; at = inside.indexOf(", ", at + 2)) {
    if (headAt(at + 2) !== undefined) {
      texts.push(inside.slice(start, at));
      start = at + 2;
    }
  }
  texts.push(inside.slice(start));
  return { relation: texts.length > 1 ? "several" : "one", texts: texts.map(ofTheImage) };
}

/** `2 errors occurred while pulling:\n * a\n * b`, as Podman prints the candidates of a short name. */
function splitList(text: string): Tries | undefined {
  const opening = /\b\d{1,9} errors occurred(?: while pulling)?:\s{0,80}\n/.exec(text);
  if (opening === null) {
    return undefined;
  }
  const items = text.slice(opening.index + opening[0].length).split(/\n\s{0,8}\* /);
  const texts = items.map((item) => item.replace(/^\s{0,8}\* /, "").trim()).filter((item) => item !== "");
  return texts.length === 0
    ? undefined
    : { relation: texts.length > 1 ? "several" : "one", texts: texts.slice(0, mostTries) };
}
