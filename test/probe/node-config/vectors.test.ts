import { describe, expect, test } from "vitest";
import { reveal } from "../../../src/domain/redacted.ts";
import { authKeys, findAuth, parseAuthFile } from "../../../src/probe/node-config/crio-auth.ts";
import { canDo, certificateFiles, directoryNames, hostsFor } from "../../../src/probe/node-config/hosts-directory.ts";
import { parseHostsToml } from "../../../src/probe/node-config/hosts-toml.ts";
import { legacyEndpoints } from "../../../src/probe/node-config/legacy-mirrors.ts";
import { isLocalhost, legacyScheme } from "../../../src/probe/node-config/localhost.ts";
import { crioSources, findRegistry, matchPrefix, rewrite } from "../../../src/probe/node-config/pull-sources.ts";
import {
  parseLocation,
  parseRegistriesConf,
  type RegistriesConf,
} from "../../../src/probe/node-config/registries-conf.ts";
import vectors from "../../vectors/hosts.json" with { type: "json" };

type Case = { readonly id: string; readonly kind: string; readonly name: string } & Record<string, unknown>;
const all: readonly Case[] = vectors.cases;

/** One test for each vector of a kind; what the fields hold is the kind's own. */
function each<T>(
  kind: string,
  run: (fields: Case & T) => void,
  applies: (fields: Case & T) => boolean = () => true,
): void {
  const found = all.filter((one): one is Case & T => one.kind === kind).filter(applies);
  describe(kind, () => {
    test("has vectors", () => expect(found.length).toBeGreaterThan(0));
    for (const one of found) test(`${one.id} ${one.name}`, () => run(one));
  });
}

interface Host {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly capabilities: readonly string[];
  readonly ca: readonly string[];
  readonly client: readonly (readonly string[])[];
  readonly skip_verify: boolean | null;
  readonly header: Readonly<Record<string, readonly string[]>>;
  readonly dial_timeout: string | null;
}

each<{
  readonly toml: string;
  readonly base_dir: string;
  readonly expect: { readonly error: string | null; readonly hosts: readonly Host[] | null };
}>("containerd_hosts_toml", ({ toml, base_dir, expect: expected }) => {
  const read = parseHostsToml(toml, base_dir);
  if ("error" in read) {
    expect(read.error).toContain(expected.error ?? "no error");
    return;
  }
  expect(expected.error).toBeNull();
  const written = read.hosts.map((host) => ({
    scheme: host.scheme,
    host: host.host,
    path: host.path,
    capabilities: host.capabilities,
    ca: host.ca,
    client: host.client,
    skip_verify: host.skipVerify ?? null,
    header: { ...host.headers },
    dial_timeout: host.dialTimeout ?? null,
  }));
  expect(written).toEqual(expected.hosts);
});

each<{ readonly host: string; readonly expect: readonly object[] }>(
  "containerd_default_hosts",
  ({ host, expect: hosts }) => {
    expect(hostsFor(host, undefined).hosts).toEqual(hosts);
  },
);

each<{
  readonly host: string;
  readonly default_scheme: "" | "http" | "https";
  readonly default_tls_config: boolean;
  readonly expect: { readonly scheme: string; readonly http_fallback: boolean; readonly skip_verify: boolean | null };
}>(
  "containerd_http_fallback",
  ({ host, expect: expected }) => {
    const [only] = hostsFor(host, undefined).hosts;
    expect({
      scheme: only?.scheme,
      http_fallback: only?.httpFallback === "containerd",
      skip_verify: only?.skipVerify ?? null,
    }).toEqual(expected);
  },
  // Other clients of containerd have defaults of their own; on the kubelet's way there are none.
  ({ default_scheme, default_tls_config }) => default_scheme === "" && !default_tls_config,
);

each<{ readonly host: string; readonly expect: boolean }>(
  "containerd_match_localhost",
  ({ host, expect: expected }) => {
    expect(isLocalhost(host)).toBe(expected);
  },
);

each<{ readonly have: readonly string[]; readonly want: readonly string[]; readonly expect: boolean }>(
  "containerd_host_capabilities",
  ({ have, want, expect: expected }) => expect(canDo(have, want)).toBe(expected),
);

each<{ readonly host: string; readonly expect: readonly string[] }>(
  "containerd_host_dir",
  ({ host, expect: names }) => {
    expect(directoryNames(host)).toEqual(names);
  },
);

each<{
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  readonly host: string;
  readonly expect: readonly string[];
}>("containerd_cri_mirrors", ({ mirrors, host, expect: endpoints }) => {
  expect(legacyEndpoints(new Map(Object.entries(mirrors)), host)).toEqual(endpoints);
});

each<{ readonly host: string; readonly expect: string }>(
  "containerd_cri_default_scheme",
  ({ host, expect: scheme }) => {
    expect(legacyScheme(host)).toBe(scheme);
  },
);

each<{ readonly files: readonly string[]; readonly expect: { readonly ca: unknown; readonly client: unknown } }>(
  "containerd_cert_files",
  ({ files, expect: expected }) => {
    const { ca, client } = certificateFiles(files, "");
    expect({ ca, client }).toEqual(expected);
  },
);

each<{
  readonly auths: unknown;
  readonly legacy_file: boolean;
  readonly key: string;
  readonly expect: Readonly<Record<string, string>>;
}>("crio_auth_lookup", ({ auths, legacy_file, key, expect: expected }) => {
  const file = parseAuthFile(JSON.stringify(legacy_file ? auths : { auths }), legacy_file);
  if ("error" in file) throw new Error(file.error);
  const found = findAuth(file, key);
  if (found !== undefined && "error" in found) {
    expect(expected).toHaveProperty("error");
    return;
  }
  const password = found === undefined ? "" : reveal(found.password);
  const token = found?.identityToken;
  const said =
    found === undefined
      ? {}
      : {
          ...(found.username === "" && password === "" ? {} : { username: found.username, password }),
          ...(token === undefined ? {} : { identitytoken: reveal(token) }),
          matched_key: found.matchedKey,
        };
  expect(said).toEqual(expected);
});

each<{ readonly key: string; readonly expect: { readonly config_json: unknown; readonly legacy: unknown } }>(
  "crio_auth_key_order",
  ({ key, expect: expected }) => {
    expect({ config_json: authKeys(key, false), legacy: authKeys(key, true) }).toEqual(expected);
  },
);

each<{ readonly ref: string; readonly prefix: string; readonly expect: { readonly match_length: number } }>(
  "crio_ref_match",
  ({ ref, prefix, expect: { match_length } }) => expect(matchPrefix(ref, prefix)).toBe(match_length),
);

each<{ readonly ref: string; readonly prefix: string; readonly location: string; readonly expect: string }>(
  "crio_rewrite",
  ({ ref, prefix, location, expect: expected }) => expect(rewrite(ref, prefix, location)).toBe(expected),
);

function conf(text: string): RegistriesConf {
  const read = parseRegistriesConf(text);
  if ("error" in read) throw new Error(read.error);
  return read;
}

each<{ readonly registries_conf: string; readonly ref: string; readonly expect: { readonly location: string | null } }>(
  "crio_find_registry",
  ({ registries_conf, ref, expect: { location } }) => {
    expect(findRegistry(conf(registries_conf), ref)?.endpoint.location ?? null).toBe(location);
  },
);

each<{ readonly registries_conf: string; readonly ref: string; readonly expect: unknown }>(
  "crio_pull_sources",
  ({ registries_conf, ref, expect: sources }) => expect(crioSources(conf(registries_conf), ref)).toEqual({ sources }),
);

each<{ readonly location: string; readonly expect: { readonly error: boolean; readonly location?: string } }>(
  "crio_parse_location",
  ({ location, expect: expected }) => {
    const read = parseLocation(location);
    expect(read === undefined ? { error: true } : { error: false, location: read }).toEqual(expected);
  },
);

test("no kind of vector is left out", () => {
  const covered = new Set([
    ...["hosts_toml", "default_hosts", "http_fallback", "match_localhost", "host_capabilities", "host_dir"].map(
      (kind) => `containerd_${kind}`,
    ),
    ...["cri_mirrors", "cri_default_scheme", "cert_files"].map((kind) => `containerd_${kind}`),
    ...["auth_lookup", "auth_key_order", "ref_match", "rewrite", "find_registry", "pull_sources", "parse_location"].map(
      (kind) => `crio_${kind}`,
    ),
  ]);
  expect(all.filter(({ kind }) => !covered.has(kind)).map(({ kind }) => kind)).toEqual([]);
});
