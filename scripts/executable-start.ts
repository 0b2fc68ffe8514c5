import { startupSnapshot } from "node:v8";
import { runProcess } from "../src/cli/run-process.ts";
import { warmUp } from "./executable-warm-up.ts";

/**
 * Where the single executable begins. This runs once, while the executable is built: all that a diagnosis needs is loaded and
 * has run, a snapshot of that is taken, and the process that the user starts goes on from there, in `runProcess`.
 */
startupSnapshot.setDeserializeMainFunction(runProcess);
warmUp().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
