import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../build.ts";
import { assembleExecutable, makeExecutable } from "../package-executable.ts";
import { hostPlatform } from "../package-platforms.ts";

/** Makes what is compared, in two directories of a given one: ours, and Node.js with a program that does nothing, built as ours is. */
const [directory = ""] = process.argv.slice(2);
makeExecutable(await bundle(), hostPlatform(), join(directory, "doctor"));
const main = join(directory, "empty.cjs");
writeFileSync(main, 'require("node:v8").startupSnapshot.setDeserializeMainFunction(() => {});');
assembleExecutable({ executable: main, snapshot: main }, hostPlatform(), join(directory, "empty"), "snapshot");
