import type { Socket } from "node:net";
import { getCACertificates } from "node:tls";
import type { Rung } from "../domain/probe.ts";
import { type AddressKind, addressKind, mayLeadTo } from "./address-policy.ts";
import { type Dialled, dial } from "./dial.ts";
import { handshake, type Secured, wasNotTls } from "./handshake.ts";
import { ipFamily } from "./ip-family.ts";
import { chooseProxy, type HttpProxy, type ProxyEnvironment } from "./proxy-choice.ts";
import { hostText, type Origin } from "./registry-url.ts";
import { type Lookup, resolveName } from "./resolve-name.ts";
import { answersHttp } from "./sniff-http.ts";
import { failed, passed, type StepFailure, type Stepped } from "./step-failure.ts";
import type { TlsMaterial } from "./trust.ts";
import { openTunnel } from "./tunnel.ts";

export interface ConnectSettings {
  readonly lookup: Lookup;
  /** `host` or `host:port` → address. */
  readonly overrides: ReadonlyMap<string, string>;
  readonly proxyEnvironment: ProxyEnvironment;
  readonly tls: TlsMaterial;
  /** Aborted when the run is closed: nothing is waited for any more. */
  readonly closing: AbortSignal;
}

/**
 * Who names the place: `home` is the registry that the image names, which may be anywhere;
 * `led` is a place that a server sent us to, judged by where that server is.
 */
export type Guard = { readonly kind: "home" } | { readonly kind: "led"; readonly from: AddressKind };

export interface Connection {
  readonly socket: Socket;
  /** Undefined through a proxy, which resolves the name itself. */
  readonly address?: string;
  /** Plain HTTP through a proxy: requests name the whole URL. */
  readonly forwardProxy?: HttpProxy;
  /** The server has asked for a client certificate. */
  readonly wantsCertificate?: boolean;
}

/**
 * Opens a connection to an origin: resolve, (proxy,) connect, TLS, each a rung with its time. The address that is judged is the one
 * that is connected to. Certificates are trusted if the user's authorities, the runtime's or the system's vouch for them,
 * asked in this order, the next only if the one before does not know the issuer.
 */
export async function openConnection(
  origin: Origin,
  guard: Guard,
  settings: ConnectSettings,
  deadline: number,
  report: (rung: Rung) => void,
): Promise<Stepped<Connection>> {
  const timed = ladderOf(hostText(origin), report);
  const choice = chooseProxy(origin, settings.proxyEnvironment);
  if (choice.kind === "unusable")
    return timed.fail({
      step: "proxy",
      fault: "proxy-unreachable",
      host: choice.variable,
      detail: "not an HTTP proxy",
    });
  const proxy = choice.kind === "proxy" ? choice.proxy : undefined;
  const way: Way = { origin, guard, settings, deadline, ...(proxy && { proxy }) };
  const reached = await reach(way, timed);
  if (!reached.ok) return reached;
  const { socket, address } = reached.value;
  if (origin.scheme === "http")
    return passed({ socket, ...(address !== undefined && { address }), ...(proxy && { forwardProxy: proxy }) });
  const secured = await secure(way, reached.value, timed);
  if (!secured.ok) return secured;
  const { socket: safe, wantsCertificate } = secured.value;
  return passed({ socket: safe, wantsCertificate, ...(address !== undefined && { address }) });
}

interface Way {
  readonly origin: Origin;
  readonly guard: Guard;
  readonly settings: ConnectSettings;
  readonly proxy?: HttpProxy;
  readonly deadline: number;
}

interface Reached {
  readonly socket: Socket;
  readonly address?: string;
}

type Ladder = ReturnType<typeof ladderOf>;

/** A TCP connection that leads to the origin, directly or through the proxy. */
async function reach(way: Way, timed: Ladder): Promise<Stepped<Reached>> {
  const { origin, proxy } = way;
  if (proxy !== undefined) return reachByProxy(way, proxy, timed);
  const host = hostText(origin);
  const dialled = await lookUpAndDial(way, { ...origin, host }, timed);
  return dialled.ok ? passed(dialled.value) : timed.fail(dialled.failure);
}

async function lookUpAndDial(
  { guard, settings, deadline }: Way,
  target: { readonly hostname: string; readonly port: number; readonly host: string },
  timed: Ladder,
): Promise<Stepped<Dialled>> {
  const resolved = await resolveName(target, settings.overrides, settings.lookup, deadline, settings.closing);
  if (!resolved.ok) return resolved;
  const allowed = resolved.value.filter(({ address }) => mayGo(guard, address));
  const [refused] = resolved.value;
  if (allowed.length === 0 && refused !== undefined) return failed(refusal(target.host, refused.address));
  if (ipFamily(target.hostname) === 0) timed.pass("resolve", resolved.value.map(({ address }) => address).join(", "));
  const dialled = await dial(allowed, target.port, target.host, deadline, settings.closing);
  if (dialled.ok) {
    const { address, missed } = dialled.value;
    timed.pass("connect", missed === "" ? address : `${address}; ${missed}`);
  }
  return dialled;
}

async function reachByProxy(way: Way, proxy: HttpProxy, timed: Ladder): Promise<Stepped<Reached>> {
  const { origin, guard, deadline } = way;
  if (ipFamily(origin.hostname) !== 0 && !mayGo(guard, origin.hostname))
    return timed.fail(refusal(hostText(origin), origin.hostname));
  const toProxy = () => lookUpAndDial({ ...way, guard: { kind: "home" } }, proxy, silentLadder);
  const dialled = await toProxy();
  if (!dialled.ok) return timed.fail({ ...dialled.failure, step: "proxy", fault: "proxy-unreachable" });
  let { socket } = dialled.value;
  if (proxy.scheme === "https") {
    const there = { ...dialled.value, hostname: proxy.hostname, host: proxy.host };
    const outer = await trustingHandshake(way, there, {}, toProxy);
    if (!outer.ok) return timed.fail({ ...outer.failure, step: "proxy", fault: "proxy-unreachable" });
    socket = outer.value.socket;
  }
  if (origin.scheme === "https") {
    const tunnel = await openTunnel(socket, origin, proxy, deadline, way.settings.closing);
    if (!tunnel.ok) return timed.fail(tunnel.failure);
  }
  timed.pass("proxy", `${proxy.host}; the proxy resolves ${origin.hostname}, its address was not checked`);
  return passed({ socket });
}

async function secure(way: Way, reached: Reached, timed: Ladder): Promise<Stepped<Secured>> {
  const { hostname } = way.origin;
  const host = hostText(way.origin);
  const { ca: _own, unverified, ...pair } = way.settings.tls;
  // A client certificate is for the registry alone.
  const client = { ...(way.guard.kind === "home" && pair), ...(unverified && { unverified }) };
  const secured = await trustingHandshake(way, { ...reached, hostname, host }, client, () => reach(way, silentLadder));
  if (secured.ok) {
    const { protocol, certificate } = secured.value;
    const checked = way.settings.tls.unverified ? ", not checked, as the node's configuration says" : "";
    timed.pass("tls", `${protocol}, issued by ${certificate.issuer}, valid to ${certificate.validTo}${checked}`);
    return secured;
  }
  const { failure } = secured;
  if (!wasNotTls(failure.systemCode)) return timed.fail(failure);
  const again = await reach(way, silentLadder);
  const http = again.ok && (await answersHttp(again.value.socket, way.deadline, way.settings.closing));
  return timed.fail(http ? { ...failure, fault: "http-response-to-https" } : failure);
}

/**
 * Tries the authorities one after the other; each try costs a connection, made anew by `redial`, and only an unknown issuer leads
 * to the next. `client` is what is shown and skipped beside the authorities.
 */
async function trustingHandshake(
  way: Way,
  first: Reached & { readonly hostname: string; readonly host: string },
  client: Omit<TlsMaterial, "ca">,
  redial: () => Promise<Stepped<Reached>>,
): Promise<Stepped<Secured>> {
  const { tls } = way.settings;
  const stores: (() => readonly string[] | undefined)[] = [() => undefined, systemStore];
  if (tls.ca !== undefined) stores.unshift(() => tls.ca);
  let { socket } = first;
  let result: Stepped<Secured> | undefined;
  for (const [at, store] of stores.entries()) {
    const ca = store();
    if (at > 0) {
      if (ca?.length === 0) break;
      const again = await redial();
      if (!again.ok) break;
      socket = again.value.socket;
    }
    result = await handshake(
      socket,
      first,
      ca === undefined ? client : { ...client, ca },
      way.deadline,
      way.settings.closing,
    );
    if (result.ok || result.failure.fault !== "tls-unknown-ca") return result;
  }
  return result ?? failed({ step: "tls", fault: "tls-unknown-ca", host: first.host });
}

let systemCertificates: readonly string[] | undefined;

/** What the operating system trusts; read once, when something needs it: it is slow on some systems. */
function systemStore(): readonly string[] {
  systemCertificates ??= getCACertificates("system");
  return systemCertificates;
}

function mayGo(guard: Guard, address: string): boolean {
  return guard.kind === "home" || mayLeadTo(guard.from, addressKind(address));
}

function refusal(host: string, address: string): StepFailure {
  return { step: "connect", fault: "address-refused", host, address, detail: "a server may not send us there" };
}

const silentLadder: Ladder = { pass: () => {}, fail: failed };

/** Rungs with the milliseconds since the one before. */
function ladderOf(host: string, report: (rung: Rung) => void) {
  let since = performance.now();
  const lap = (): number => {
    const now = performance.now();
    const milliseconds = Math.round(now - since);
    since = now;
    return milliseconds;
  };
  return {
    pass: (step: Rung["step"], detail: string): void =>
      report({ step, outcome: "passed", host, detail: detail.slice(0, 500), milliseconds: lap() }),
    fail: (failure: StepFailure): Stepped<never> => {
      const detail = [failure.fault, failure.systemCode, failure.address, failure.detail].filter(Boolean).join(", ");
      const rung = { step: failure.step, host: failure.host, detail: detail.slice(0, 500), milliseconds: lap() };
      report({ ...rung, outcome: "failed" });
      return failed(failure);
    },
  };
}
