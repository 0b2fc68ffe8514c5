import type { RegistryHost } from "../domain/probe.ts";
import { textOf } from "./node-config/text-of.ts";
import type { TlsMaterial } from "./trust.ts";

/** More files of authorities than anybody names for one mirror. */
const mostAuthorities = 100;

/**
 * What the node brings into a handshake with one of its mirrors: its authorities, its client certificate, or that it does not look.
 * Undefined where its configuration says nothing of it. A file that cannot be read here counts as absent: the node's disk is elsewhere.
 */
export type MirrorTls = (mirror: RegistryHost) => Promise<TlsMaterial | undefined>;

/** Reads the files of each mirror once, when it is first asked for. */
export function openMirrorTls(): MirrorTls {
  const known = new Map<string, Promise<TlsMaterial | undefined>>();
  return (mirror) => {
    const { ca, client, skipVerify } = mirror;
    const key = JSON.stringify([ca, client, skipVerify]);
    const material = known.get(key) ?? readMaterial(mirror);
    known.set(key, material);
    return material;
  };
}

async function readMaterial({ ca, client, skipVerify }: RegistryHost): Promise<TlsMaterial | undefined> {
  const [pair] = client ?? [];
  const [authorities, certificate, key] = await Promise.all([
    Promise.all((ca ?? []).slice(0, mostAuthorities).map(readPem)),
    pair === undefined ? undefined : readPem(pair[0]),
    // Docker's layout allows one file for both.
    pair === undefined ? undefined : readPem(pair[1] === "" ? pair[0] : pair[1]),
  ]);
  const trusted = authorities.filter((text) => text !== undefined);
  if (trusted.length === 0 && certificate === undefined && skipVerify !== true) return undefined;
  return {
    ...(trusted.length > 0 && { ca: trusted }),
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key }),
    ...(skipVerify === true && { unverified: true as const }),
  };
}

async function readPem(file: string): Promise<string | undefined> {
  const text = await textOf(file);
  return text?.includes("-----BEGIN ") ? text : undefined;
}
