import { isAbsolute, posix } from "node:path";
import { goUrl } from "./go-url.ts";
import { hostsInOrder } from "./host-order.ts";
import { entry, isTable, parseToml, type Table, texts } from "./toml-table.ts";

/** A host of a hosts.toml as it is written; `host` is empty where the upstream's default takes its place. */
export interface WrittenHost {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly capabilities: readonly string[];
  readonly ca: readonly string[];
  readonly client: readonly (readonly [certificate: string, key: string])[];
  readonly skipVerify?: boolean;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly dialTimeout?: string;
}

export const allCapabilities: readonly string[] = ["pull", "resolve", "push", "referrers"];

/** Hosts of one file that are looked at. */
const mostHosts = 100;

class Unreadable extends Error {}

/**
 * Reads a hosts.toml: the `[host."…"]` tables in the order of the file, then the root table as the last.
 * `directory` is where the file is; relative names of certificates are found there. Where the file has an error, containerd
 * ignores all of it, so the error is all there is (containerd/containerd:core/remotes/docker/config/hosts.go parseHostsFile).
 */
export function parseHostsToml(
  text: string,
  directory: string,
): { readonly hosts: readonly WrittenHost[] } | { readonly error: string } {
  const read = parseToml(text);
  if ("error" in read) return read;
  try {
    const { table } = read;
    const written = entry(table, "host");
    if (written !== undefined && !isTable(written)) throw new Unreadable('toml: invalid type for "host"');
    const hosts: WrittenHost[] = [];
    for (const [url, config] of Object.entries(written ?? {}))
      if (!isTable(config)) throw new Unreadable(`toml: invalid type for host "${url.slice(0, 200)}"`);
    for (const url of hostsInOrder(text).slice(0, mostHosts)) {
      const config = entry(written ?? {}, url);
      if (isTable(config)) hosts.push(readHost(url, config, directory));
    }
    return { hosts: [...hosts, readHost(textAt(table, "server"), table, directory)] };
  } catch (error) {
    if (error instanceof Unreadable) return { error: error.message };
    throw error;
  }
}

function readHost(url: string, config: Table, directory: string): WrittenHost {
  const overridesPath = boolean(config, "override_path") ?? false;
  const skipVerify = boolean(config, "skip_verify");
  const dialTimeout = textAt(config, "dial_timeout");
  if (dialTimeout !== "" && !isDuration(dialTimeout)) throw new Unreadable(durationFault(dialTimeout.slice(0, 100)));
  return {
    ...readUrl(url, overridesPath),
    capabilities: readCapabilities(entry(config, "capabilities")),
    ca: readFiles(entry(config, "ca"), directory),
    client: readPairs(entry(config, "client"), directory),
    headers: readHeaders(entry(config, "header")),
    ...(skipVerify === undefined ? {} : { skipVerify }),
    ...(dialTimeout === "" ? {} : { dialTimeout }),
  };
}

/** Scheme, host and path; a text that does not begin with `http` is taken for a host. */
function readUrl(written: string, overridesPath: boolean): Pick<WrittenHost, "scheme" | "host" | "path"> {
  if (written === "") return { scheme: "", host: "", path: "" };
  const url = written.startsWith("http") ? written : `https://${written}`;
  const read = goUrl(url);
  if (read === undefined) throw new Unreadable(`unable to parse server ${url.slice(0, 200)}`);
  return { ...read, path: apiPath(read.path, overridesPath) };
}

/** Go's time.ParseDuration: a sign, then numbers with their units, or a bare 0. */
function isDuration(text: string): boolean {
  return /^[+-]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/.test(text);
}

function durationFault(text: string): string {
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text)) return `time: missing unit in duration "${text}"`;
  const unit = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]+)/.exec(text)?.[1];
  const known = unit === undefined || ["ns", "us", "\u00b5s", "\u03bcs", "ms", "s", "m", "h"].includes(unit);
  return known ? `time: invalid duration "${text}"` : `time: unknown unit "${unit}" in duration "${text}"`;
}

function apiPath(written: string, overridesPath: boolean): string {
  if (written === "") return overridesPath ? "" : "/v2";
  const normal = posix.normalize(written);
  const clean = normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
  return clean.endsWith("/v2") || overridesPath ? clean : `${clean}/v2`;
}

function readCapabilities(value: unknown): readonly string[] {
  if (value === undefined) return allCapabilities;
  const names = texts(value);
  if (names === undefined) throw new Unreadable('toml: invalid type for "capabilities"');
  const unknown = names.find((name) => !allCapabilities.includes(name.toLowerCase()));
  if (unknown !== undefined) throw new Unreadable(`unknown capability ${unknown.slice(0, 100)}`);
  return names.length === 0
    ? allCapabilities
    : allCapabilities.filter((each) => names.some((name) => name.toLowerCase() === each));
}

function readFiles(value: unknown, directory: string): readonly string[] {
  if (value === undefined) return [];
  const names = typeof value === "string" ? [value] : listOf(value);
  if (names === undefined) throw new Unreadable('invalid type for "ca"');
  return names.map((name) => absolute(name, directory));
}

function readPairs(value: unknown, directory: string): WrittenHost["client"] {
  if (value === undefined) return [];
  if (typeof value === "string") return [[absolute(value, directory), ""]];
  if (!Array.isArray(value)) throw new Unreadable('invalid type for "client"');
  return value.map((each: unknown) => {
    if (typeof each === "string") return [absolute(each, directory), ""] as const;
    const names = listOf(each);
    if (names === undefined) throw new Unreadable('invalid type for "client"');
    const [certificate, key] = names;
    if (names.length !== 2 || certificate === undefined || key === undefined)
      throw new Unreadable('invalid pair for "client"');
    return [absolute(certificate, directory), absolute(key, directory)] as const;
  });
}

function readHeaders(value: unknown): WrittenHost["headers"] {
  if (value === undefined) return {};
  if (!isTable(value)) throw new Unreadable('toml: invalid type for "header"');
  const headers: Record<string, readonly string[]> = Object.create(null);
  for (const [name, written] of Object.entries(value)) {
    const values = typeof written === "string" ? [written] : listOf(written);
    if (values === undefined) throw new Unreadable(`invalid type for header "${name.slice(0, 100)}"`);
    headers[name] = values;
  }
  return headers;
}

/** The texts of a list, undefined for what is no list; one with anything else in it spoils the file. */
function listOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const other: unknown = value.find((each) => typeof each !== "string");
  if (other !== undefined) throw new Unreadable(`unable to cast ${String(other).slice(0, 100)} to string`);
  return texts(value);
}

/** An empty name in a directory is the directory itself, as Go's filepath.Join has it. A drive is a beginning on Windows alone. */
function absolute(name: string, directory: string): string {
  if (isAbsolute(name) || (name === "" && directory === "")) return name;
  const joined = posix.join(directory, name);
  return joined.length > 1 && joined.endsWith("/") ? joined.slice(0, -1) : joined;
}

function boolean(table: Table, key: string): boolean | undefined {
  const value = entry(table, key);
  if (value !== undefined && typeof value !== "boolean") throw new Unreadable(`toml: invalid type for "${key}"`);
  return value;
}

function textAt(table: Table, key: string): string {
  const value = entry(table, key) ?? "";
  if (typeof value !== "string") throw new Unreadable(`toml: invalid type for "${key}"`);
  return value;
}
