import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BlobStore, startBlobStore } from "./blob-store.ts";
import { createAuthority, issue, issueSelfSigned, type KeyPair, sharedAuthority } from "./certificates.ts";
import { type RegistryOptions, startRegistry } from "./registry.ts";
import type { RegistryAuth } from "./registry-auth.ts";
import { RequestLedger } from "./registry-ledger.ts";
import type { Listener } from "./registry-listener.ts";
import type { Names } from "./registry-names.ts";
import { startBlackhole, startSilentServer } from "./registry-silence.ts";
import { startTokenServer, type TokenServerOptions } from "./token-server.ts";

export type CertificateSpec =
  | "trusted"
  | "untrusted"
  | "self-signed"
  | "expired"
  | "not-yet-valid"
  | "without-intermediate"
  | { readonly names: readonly string[] };

type Plain<T> = Omit<T, "certificate" | "address" | "port" | "ledger" | "clientAuthority" | "auth" | "blobStore">;

/** A registry as a JSON file describes it. Its key in `TownSpec` is the `host:port` that images name. */
export interface RegistrySpec extends Plain<RegistryOptions> {
  /** What is at the port: a registry, nothing at all, a port that never answers, or a server that says nothing. */
  readonly listens?: "registry" | "refuses" | "blackhole" | "silent";
  readonly certificate?: CertificateSpec;
  /** A client certificate is wanted; this is how its absence is met. */
  readonly client?: "handshake-fails" | "status-400";
  readonly auth?:
    | Extract<RegistryAuth, { kind: "basic" }>
    | ({ readonly kind: "token"; readonly host: string; readonly port: number; readonly realm?: string } & {
        readonly withoutAccess?: 401 | 403;
      } & Plain<TokenServerOptions>);
  /** Blobs are behind a redirect to this host and port. */
  readonly blobs?: { readonly host: string; readonly port: number };
}

export type TownSpec = Readonly<Record<string, RegistrySpec>>;

/** Registries with their token servers and blob stores, all on one loopback address at the ports that images name. */
export interface Town extends AsyncDisposable {
  readonly names: Names;
  readonly ledger: RequestLedger;
  /** PEM file of the authority that signed the trusted certificates, for `--registry-ca`. */
  readonly authorityFile: string;
  close(): Promise<void>;
}

/** Whether all of 127.0.0.0/8 is this machine. */
export const severalLoopbacks = process.platform === "linux" || process.platform === "win32";

/**
 * A loopback address of this process's own: Linux and Windows answer on all of 127.0.0.0/8, so the fixed ports of a town do not
 * meet those of another process. Elsewhere there is one loopback. All are as long as 127.0.0.1, so tables stay as wide.
 */
export function loopbackAddress(): string {
  if (!severalLoopbacks) return "127.0.0.1";
  const place = process.pid % 810;
  return `127.${1 + Math.floor(place / 90)}.${Math.floor(place / 9) % 10}.${1 + (place % 9)}`;
}

/** Starts all that a spec describes; rejects, with everything stopped, if one port is taken. */
export async function startTown(spec: TownSpec, address = loopbackAddress()): Promise<Town> {
  const ledger = new RequestLedger();
  const names = new Map<string, string>();
  const running: Listener[] = [];
  const directory = await mkdtemp(join(tmpdir(), "imagedoctor-town-"));
  const close = async () => {
    await Promise.all(running.map((listener) => listener.close()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    for (const [at, registry] of Object.entries(spec)) {
      const [host = "", port = "443"] = at.split(":");
      names.set(host, address);
      for (const extra of [registry.blobs, registry.auth]) {
        if (extra !== undefined && "host" in extra) names.set(extra.host, address);
      }
      running.push(...(await startOne(registry, { host, port: Number(port), address, ledger })));
    }
    const authorityFile = join(directory, "ca.pem");
    await writeFile(authorityFile, (await sharedAuthority()).cert);
    return { names, ledger, authorityFile, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly ledger: RequestLedger;
}

async function startOne(spec: RegistrySpec, place: Place): Promise<Listener[]> {
  if (spec.listens === "refuses") return [];
  if (spec.listens === "blackhole") return [await startBlackhole(place.address, place.port)];
  if (spec.listens === "silent") return [await startSilentServer(place.address, place.port)];
  const { auth, blobs, certificate, client, listens: _always, ...rest } = spec;
  const companions: Listener[] = [];
  let registryAuth: RegistryAuth | undefined = auth?.kind === "basic" ? auth : undefined;
  if (auth?.kind === "token") {
    const { kind, host, port, realm, withoutAccess, ...options } = auth;
    const server = await startTokenServer({
      ...options,
      certificate: await certificateFor("trusted", host),
      ...place,
      port,
    });
    companions.push(server);
    registryAuth = {
      kind,
      server,
      host,
      ...(realm === undefined ? {} : { realm }),
      ...(withoutAccess === undefined ? {} : { withoutAccess }),
    };
  }
  let store: BlobStore | undefined;
  if (blobs !== undefined) {
    store = await startBlobStore({
      certificate: await certificateFor("trusted", blobs.host),
      ...place,
      port: blobs.port,
    });
    companions.push(store);
  }
  const registry = await startRegistry({
    ...rest,
    certificate: await certificateFor(certificate ?? "trusted", place.host),
    address: place.address,
    port: place.port,
    ledger: place.ledger,
    ...(registryAuth === undefined ? {} : { auth: registryAuth }),
    ...(store === undefined || blobs === undefined ? {} : { blobStore: { store, host: blobs.host } }),
    ...(client === undefined
      ? {}
      : { clientAuthority: (await sharedAuthority()).cert, withoutClientCertificate: client }),
  });
  return [registry, ...companions];
}

// Fixed instants, so that reports which name them can be compared with files.
const past = { notBefore: new Date("2023-11-24T02:04:54Z"), notAfter: new Date("2024-11-23T02:04:54Z") };
const future = { notBefore: new Date("2094-11-23T02:04:54Z"), notAfter: new Date("2095-11-23T02:04:54Z") };

async function certificateFor(spec: CertificateSpec, host: string): Promise<KeyPair> {
  const authority = await sharedAuthority();
  const names = [host];
  if (typeof spec !== "string") return issue({ authority, names: spec.names });
  switch (spec) {
    case "trusted":
      return issue({ authority, names, notAfter: future.notAfter });
    case "untrusted":
      return issue({ authority: await createAuthority("Some other CA"), names });
    case "self-signed":
      return issueSelfSigned({ names });
    case "expired":
      return issue({ authority, names, ...past });
    case "not-yet-valid":
      return issue({ authority, names, ...future });
    case "without-intermediate":
      return issue({ authority: await createAuthority("Intermediate", authority), names, withoutChain: true });
  }
}
