/** Replaced by the bundler; run from source it says so. */
declare const IMAGEDOCTOR_VERSION: string | undefined;
declare const IMAGEDOCTOR_COMMIT: string | undefined;

export const version: string = typeof IMAGEDOCTOR_VERSION === "string" ? IMAGEDOCTOR_VERSION : "0.0.0-source";
const commit: string = typeof IMAGEDOCTOR_COMMIT === "string" ? IMAGEDOCTOR_COMMIT : "unknown";

/** `version`: one line, or with `-o json` and `-o yaml` the parts. Undefined for another format. */
export function versionText(format: string | undefined, platform: string): string | undefined {
  const parts = { version, commit, node: process.versions.node, platform };
  if (format === undefined || format === "text") return `kubectl-imagedoctor ${version}\n`;
  if (format === "json") return `${JSON.stringify(parts, null, 2)}\n`;
  if (format === "yaml")
    return Object.entries(parts)
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
      .join("");
  return undefined;
}
