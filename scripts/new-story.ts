import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { isObject, objectsIn, redactSecrets, withoutNoise } from "../test/support/story-objects.ts";

/**
 * Makes a story of what a real cluster says:
 *
 *   kubectl get pods,events,secrets,serviceaccounts,nodes -o json | npm run new-story -- NAME
 *
 * Logins in pull secrets are exchanged for made-up ones before anything is written; `--lab` keeps them, for objects that were
 * made up anyway. Then describe the registry and the verdict in registry.json (test/support/story.ts says how), and let
 * `UPDATE_STORIES=1 npx vitest run test/stories.test.ts` write the reports.
 */
async function newStory(argv: readonly string[]): Promise<number> {
  const [name] = argv.filter((word) => !word.startsWith("--"));
  if (name === undefined || !/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    console.error(
      "usage: kubectl get pods,events,secrets,serviceaccounts,nodes -o json | npm run new-story -- NAME [--lab]",
    );
    return 2;
  }
  const directory = join(import.meta.dirname, "..", "test", "stories", name);
  if (existsSync(directory)) {
    console.error(`${directory} exists. Choose another name, or remove it first.`);
    return 2;
  }
  const input: unknown = JSON.parse(await text(process.stdin));
  const objects = objectsIn(input);
  if (objects.length === 0) {
    console.error("There is no Kubernetes object on stdin.");
    return 2;
  }
  const kept = (argv.includes("--lab") ? objects : redactSecrets(objects)).map(withoutNoise);
  mkdirSync(directory, { recursive: true });
  write(directory, "cluster.json", { apiVersion: "v1", kind: "List", items: kept });
  const [pod] = kept.filter((object) => object["kind"] === "Pod").map((object) => object["metadata"]);
  const { name: podName = "POD", namespace = "default" } = isObject(pod) ? pod : {};
  write(directory, "registry.json", { command: `${podName} -n ${namespace}`, verdict: "nothing", registries: {} });
  console.log(`Wrote ${directory}: ${kept.length} objects. Read cluster.json before you commit it.`);
  return 0;
}

function write(directory: string, name: string, value: unknown): void {
  writeFileSync(join(directory, name), `${JSON.stringify(value, null, 2)}\n`);
}

process.exitCode = await newStory(process.argv.slice(2));
