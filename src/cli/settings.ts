import type { ClusterSettings } from "../collect/cluster-settings.ts";
import { KnownError } from "../domain/known-error.ts";
import { parseDuration } from "./duration.ts";
import { type Options, value } from "./options.ts";
import type { World } from "./world.ts";

/** A flag's value under another name, or nothing: optional fields are left out, never undefined. */
function optional<Name extends string>(name: Name, given: string | undefined): { readonly [key in Name]?: string } {
  return given === undefined ? {} : ({ [name]: given } as { readonly [key in Name]?: string });
}

/** The way to the API server, from kubectl's flags. Throws KnownError("usage") for a duration that is none. */
export function clusterSettings(options: Options, world: World, tell: (text: string) => void): ClusterSettings {
  const requestTimeout = duration(options, "request-timeout");
  const groups = options.values.get("as-group");
  return {
    ...optional("kubeconfig", value(options, "kubeconfig")),
    ...optional("context", value(options, "context")),
    ...optional("cluster", value(options, "cluster")),
    ...optional("user", value(options, "user")),
    ...optional("server", value(options, "server")),
    ...optional("token", value(options, "token")),
    ...optional("as", value(options, "as")),
    ...optional("asUid", value(options, "as-uid")),
    ...optional("clientCertificate", value(options, "client-certificate")),
    ...optional("clientKey", value(options, "client-key")),
    ...optional("certificateAuthority", value(options, "certificate-authority")),
    ...optional("tlsServerName", value(options, "tls-server-name")),
    ...(groups === undefined ? {} : { asGroups: groups }),
    ...(options.on.has("insecure-skip-tls-verify") ? { insecureSkipTlsVerify: true } : {}),
    ...(requestTimeout === undefined ? {} : { requestTimeout }),
    environment: world.env,
    platform: world.platform.split("-")[0] ?? "linux",
    // Asked for only where a plugin runs: the process's stdin is opened by looking at it.
    interactive: () => world.stdin.isTTY === true && world.stderr.isTTY === true,
    tell,
  };
}

/** Milliseconds of a duration flag, or undefined where it is not given. `0` means the default, as for kubectl "no limit" is no promise we make. */
export function duration(options: Options, name: string): number | undefined {
  const text = value(options, name);
  if (text === undefined) return undefined;
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    throw new KnownError(
      "usage",
      `--${name} does not understand ${JSON.stringify(text)}`,
      "Write it as 10s, 500ms or 1m30s.",
    );
  }
  return milliseconds === 0 ? undefined : milliseconds;
}

/** Proxy variables as curl reads them; upper case is read too, except HTTP_PROXY, which a CGI request could set. */
export function proxyEnvironment(env: World["env"]): Readonly<Record<string, string>> {
  const names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
