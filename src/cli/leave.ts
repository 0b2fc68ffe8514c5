import { existsSync } from "node:fs";

const shell = "/bin/sh";

/**
 * Ends the process now. `process.exit` waits for what the system still does for us in another thread, which cannot be taken back:
 * a name that a silent DNS server is asked for (ten seconds), a file that is a pipe without a writer (for ever)
 * (libuv/libuv:src/threadpool.c, uv__threadpool_cleanup). So where there may be such a thing, a shell that only exits takes our place.
 */
export function leave(code: number, how: { readonly stopped: boolean }): never {
  const waiting = how.stopped || process.getActiveResourcesInfo().includes("GetAddrInfoReqWrap");
  if (waiting && process.execve !== undefined && existsSync(shell)) {
    try {
      // As process.exit does: the spinner gives the terminal its cursor back.
      process.emit("exit", code);
      process.execve(shell, ["sh", "-c", `exit ${code}`], {});
    } catch {
      // Then it takes longer.
    }
  }
  process.exit(code);
}
