import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { ApiServer } from "./api-server.ts";
import type { KeyPair } from "./certificates.ts";

export interface KubeconfigOptions {
  /** How to log in; the server's own token where it is left out. */
  readonly user?: Readonly<Record<string, unknown>>;
  /** Shorthand for `user` with a client certificate. */
  readonly certificate?: KeyPair;
  /** Further fields of the cluster entry, e.g. `proxy-url`; `undefined` takes a field away. */
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly namespace?: string;
  readonly context?: string;
  readonly file?: string;
}

/**
 * Writes a kubeconfig for the server into `directory` and gives its path. It is JSON, which is YAML too.
 * Context, cluster and user are named `demo` unless `context` says otherwise.
 */
export async function writeKubeconfig(
  server: Pick<ApiServer, "url" | "authority" | "token">,
  directory: string,
  options: KubeconfigOptions = {},
): Promise<string> {
  const name = options.context ?? "demo";
  const user =
    options.certificate === undefined
      ? (options.user ?? { token: server.token })
      : {
          "client-certificate-data": base64(options.certificate.cert),
          "client-key-data": base64(options.certificate.key),
        };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [
      { name, context: { cluster: name, user: name, ...(options.namespace ? { namespace: options.namespace } : {}) } },
    ],
    clusters: [
      {
        name,
        cluster: { server: server.url, "certificate-authority-data": base64(server.authority), ...options.cluster },
      },
    ],
    users: [{ name, user }],
  };
  const file = path.join(directory, options.file ?? "kubeconfig");
  await writeFile(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  return file;
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
