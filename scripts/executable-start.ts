import { startupSnapshot } from "node:v8";
import { runProcess } from "../src/cli/run-process.ts";
import { warmUp } from "./warm-up/warm-up.ts";

/**
 * Where the single executable begins. This runs once, while the executable is built: all that a diagnosis needs is loaded and
 * has run, a snapshot of that is taken, and the process that the user starts goes on from there, in `runProcess`.
 */
startupSnapshot.setDeserializeMainFunction(runProcess);
forgetBuilder();
warmUp().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

/** What the snapshot would keep of the process that builds it, and be another each time. Node sets the user's own. */
function forgetBuilder(): void {
  Object.defineProperty(process, "pid", { ...Object.getOwnPropertyDescriptor(process, "pid"), value: 0 });
  process.argv.splice(0);
  process.execPath = "";
  // Node remembers the answer of cwd() until the next chdir().
  process.chdir(process.cwd());
}
