import { readFile } from "node:fs/promises";
import path from "node:path";
import { KnownError } from "../domain/known-error.ts";
import type { ProberSettings } from "../probe/prober.ts";
import { fileFault } from "./file-fault.ts";
import { type Options, value } from "./options.ts";
import { duration, proxyEnvironment } from "./settings.ts";
import { version } from "./version.ts";
import type { World } from "./world.ts";

const defaultTimeout = 10_000;
/** 2,000 images at 50 registries of which some hang took 72 s; four times as much loses no answer, and ends. */
const defaultTotal = 300_000;

/** How registries are asked, from the flags. Files are read now. Throws KnownError("usage") for what cannot be read. */
export async function proberSettings(options: Options, world: World): Promise<ProberSettings> {
  const text = (flag: string) => readPem(flag, value(options, flag), world);
  const [ca, extra, cert, key] = await Promise.all([
    text("registry-ca"),
    extraAuthorities(world),
    text("registry-cert"),
    text("registry-key"),
  ]);
  const authorities = [ca, extra].filter((each) => each !== undefined);
  const nodeConfig = await readNode(options, world);
  return {
    timeout: duration(options, "timeout") ?? defaultTimeout,
    total: duration(options, "total-timeout") ?? defaultTotal,
    userAgent: userAgent(options),
    ...(authorities.length > 0 ? { ca: authorities } : {}),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    plainHttp: hosts(options, "plain-http"),
    trustedRealms: hosts(options, "trust-realm"),
    resolve: readResolve(options.values.get("resolve") ?? []),
    proxyEnvironment: proxyEnvironment(world.env),
    ...(nodeConfig === undefined ? {} : { nodeConfig }),
  };
}

/** `host` or `host:port`, as URLs have them; what is none would be passed over in silence, as if it had been meant for another host. */
function hosts(options: Options, flag: string): readonly string[] {
  return (options.values.get(flag) ?? []).map((given) => {
    if (/^(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/.test(given)) return given.toLowerCase();
    throw new KnownError(
      "usage",
      `--${flag} does not understand ${JSON.stringify(given)}`,
      "Write it as host.example.com or host.example.com:5000, without a scheme or a path.",
    );
  });
}

/** What registries are told of who asks: this program, or the node's runtime where a registry treats it otherwise. */
function userAgent(options: Options): string {
  const given = value(options, "user-agent");
  if (given === undefined) return `kubectl-imagedoctor/${version}`;
  if (/^[ -~]+$/.test(given) && given.trim() === given && given.length <= 256) return given;
  throw new KnownError(
    "usage",
    "--user-agent takes letters, digits and signs of ASCII, 256 at most",
    "Write it as the runtime does, e.g. containerd/1.7.27 or cri-o/1.32.1.",
  );
}

async function readPem(flag: string, file: string | undefined, world: World): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(path.resolve(world.cwd, file), "utf8").catch((error: unknown) => {
    const why = fileFault(error);
    throw new KnownError("usage", `--${flag} ${file} cannot be read (${why})`, "Check the name and its permissions.", {
      cause: error,
    });
  });
  if (!text.includes("-----BEGIN ")) {
    throw new KnownError(
      "usage",
      `--${flag} ${file} is not a PEM file`,
      "Convert it with openssl, e.g. openssl x509 -inform der.",
    );
  }
  return text;
}

/** NODE_EXTRA_CA_CERTS, which a single executable does not read by itself; unreadable, it is passed over, as Node does. */
async function extraAuthorities(world: World): Promise<string | undefined> {
  const file = world.env["NODE_EXTRA_CA_CERTS"];
  return file ? readFile(path.resolve(world.cwd, file), "utf8").catch(() => undefined) : undefined;
}

/** `HOST:ADDRESS` and curl's `HOST:PORT:ADDRESS`; an IPv6 address may stand in brackets. Keys are `host` or `host:port`. */
function readResolve(entries: readonly string[]): ReadonlyMap<string, string> {
  const overrides = new Map<string, string>();
  for (const entry of entries) {
    const [, host, port, address] =
      /^([\w.-]+):(?:(\d{1,5}):)?(\d{1,3}(?:\.\d{1,3}){3}|\[?(?=[0-9a-fA-F.]*:)[0-9a-fA-F:.]+\]?)$/.exec(entry) ?? [];
    if (host === undefined || address === undefined) {
      throw new KnownError(
        "usage",
        `--resolve does not understand ${JSON.stringify(entry)}`,
        "Write it as registry.example.com:10.1.2.3 or registry.example.com:443:10.1.2.3.",
      );
    }
    overrides.set((port === undefined ? host : `${host}:${port}`).toLowerCase(), address.replace(/^\[|\]$/g, ""));
  }
  return overrides;
}

async function readNode(options: Options, world: World): Promise<ProberSettings["nodeConfig"]> {
  const hostsDirectory = value(options, "hosts-dir");
  const registriesConf = value(options, "registries-conf");
  if (hostsDirectory === undefined && registriesConf === undefined) return undefined;
  if (hostsDirectory !== undefined && registriesConf !== undefined) {
    throw new KnownError(
      "usage",
      "--hosts-dir and --registries-conf exclude each other",
      "A node runs one of the two.",
    );
  }
  const { readHostsDirectory, readRegistriesConf } = await import("../probe/node-config/read-node-config.ts");
  return hostsDirectory !== undefined
    ? readHostsDirectory(path.resolve(world.cwd, hostsDirectory))
    : readRegistriesConf(path.resolve(world.cwd, registriesConf ?? ""), nodeLogins(options, world));
}

/** With `--registries-conf`, the file of `--docker-config` is the node's own, and its logins are for the mirrors, too. */
function nodeLogins(options: Options, world: World): string | undefined {
  const file = value(options, "docker-config");
  return file === undefined ? undefined : path.resolve(world.cwd, file);
}
