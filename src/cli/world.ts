/** A stream as the program sees it. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** A stream that is slower than we are says when it wants more. */
  once?(event: "drain", listener: () => void): unknown;
}

/** Everything outside the program that it touches. `run-process.ts` makes it from `process`; tests make their own. */
export interface World {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Yields stdin as text chunks; asked for only with `-f -`, `--from -`, `explain --stdin`. */
  readonly stdin: AsyncIterable<string | Uint8Array> & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970, as Date.now. */
  readonly now: () => number;
  /** argv[0] as the caller wrote it: how the program was called. */
  readonly calledAs: string;
  readonly cwd: string;
  readonly platform: string;
  /** Aborted by the first Ctrl-C or SIGTERM: finish with what is known. */
  readonly interrupt: AbortSignal;
  /** The process ends with the run, and its connections with the process. */
  readonly endsAfter?: true;
}

/** A file system's and a terminal's word for it: `kubectl imagedoctor`, where kubectl (or node) started it. */
export function programName(calledAs: string): string {
  const parts = calledAs.split(/[\\/]/);
  const base = (parts.at(-1) ?? "").replace(/\.exe$/i, "");
  // kubectl runs a plugin by its full path (k8s.io/kubectl pkg/cmd/plugin.go, DefaultPluginHandler.Execute).
  return base === "kubectl-imagedoctor" && parts.length === 1 ? "kubectl-imagedoctor" : "kubectl imagedoctor";
}
