import { writeFileSync } from "node:fs";
import type { ApiServer } from "./api-server.ts";

/** Writes a kubeconfig for an API server stand-in, readable by its owner alone. JSON is YAML. */
export function writeKubeconfig(
  file: string,
  server: Pick<ApiServer, "url" | "authority" | "token">,
  names: { readonly context: string; readonly namespace: string },
): void {
  const { context, namespace } = names;
  const configuration = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    contexts: [{ name: context, context: { cluster: context, user: context, namespace } }],
    clusters: [
      {
        name: context,
        cluster: {
          server: server.url,
          "certificate-authority-data": Buffer.from(server.authority).toString("base64"),
        },
      },
    ],
    users: [{ name: context, user: { token: server.token } }],
  };
  writeFileSync(file, JSON.stringify(configuration), { mode: 0o600 });
}
