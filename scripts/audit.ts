import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";

/** Advisories that do not concern this program, each with why: `GHSA-…` → one sentence. */
export const argued: ReadonlyMap<string, string> = new Map();

/** The advisories in what `npm audit --json` prints, by their address; undefined where it was no answer of an audit. */
export function advisoriesIn(output: string): ReadonlyMap<string, string> | undefined {
  const report = parsed(output);
  if (!isRecord(report) || !isRecord(report["vulnerabilities"])) return undefined;
  const found = new Map<string, string>();
  for (const [name, entry] of Object.entries(report["vulnerabilities"])) {
    const causes = isRecord(entry) && Array.isArray(entry["via"]) ? entry["via"] : [];
    for (const cause of causes) {
      // A text names another package of the list, through which this one is concerned.
      if (!isRecord(cause)) continue;
      const id = /GHSA(?:-[0-9a-z]{4}){3}/.exec(String(cause["url"]))?.[0] ?? `${name}: ${String(cause["title"])}`;
      found.set(id, `${name}: ${String(cause["title"])}`);
    }
  }
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Asks the registry about known faults of all packages, those that only build and test included, for what is bundled is among them.
 * Exit code 1 where one is found that is not argued, 2 where the registry gives no answer (mirrors often have no audit: 404, 405).
 */
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { stdout } = spawnSync("npm", ["audit", "--json"], { encoding: "utf8", shell: process.platform === "win32" });
  const advisories = advisoriesIn(stdout);
  if (advisories === undefined) {
    console.error(`The registry does not answer an audit: ${stdout.slice(0, 300).trim()}`);
    process.exitCode = 2;
  } else {
    const open = [...advisories].filter(([id]) => !argued.has(id));
    const idle = [...argued.keys()].filter((id) => !advisories.has(id));
    for (const [id, title] of open) console.log(`${id}  ${title}`);
    for (const id of idle) console.log(`${id}  is argued, and is no finding any more`);
    console.log(`${advisories.size} advisories, ${open.length} not argued`);
    process.exitCode = open.length + idle.length > 0 ? 1 : 0;
  }
}
