import type { CaseFile } from "../../domain/case-file.ts";
import { dialectById, dialectOf } from "../registries/dialect-of.ts";
import type { Dialect } from "../registries/registry.ts";
import { specification } from "../registries/specification.ts";
import { registryOf } from "./symptoms.ts";

/**
 * The dialect of the case's registry: by its host or, for software that anybody can run, by what its answers gave away to the probes.
 * The specification's own where neither tells.
 */
export function dialectFor(file: CaseFile): Dialect {
  const registry = registryOf(file);
  if (registry === undefined) return specification;
  const byName = dialectOf(registry);
  if (byName !== specification) return byName;
  // Later answers know more than the first.
  const told = file.probes.findLast(
    ({ question, dialect }) =>
      dialect !== undefined && question.via === undefined && question.reference.registry === registry,
  );
  return dialectById(told?.dialect) ?? specification;
}
