import type { AddressKind } from "./address-policy.ts";
import type { ConnectSettings, Guard } from "./connect.ts";
import { Host } from "./dispatcher.ts";
import type { Places } from "./follow.ts";
import { type Origin, originText } from "./registry-url.ts";

/** All connections of a run: one for each origin and way of getting there. */
export class Network implements Places {
  readonly #settings: ConnectSettings;
  readonly #closing = new AbortController();
  readonly #hosts = new Map<string, Host>();

  constructor(settings: Omit<ConnectSettings, "closing">) {
    this.#settings = { ...settings, closing: this.#closing.signal };
  }

  /** The registry itself: the user named it, so it may be anywhere. `tls` replaces what is trusted, for a mirror with its own. */
  home(origin: Origin, tls?: ConnectSettings["tls"]): Host {
    const key =
      tls === undefined ? "home" : `home ${tls.ca?.join() ?? ""} ${tls.certificate ?? ""} ${tls.unverified === true}`;
    return this.#host(origin, { kind: "home" }, key, tls);
  }

  /** A place that a server at an address of this kind named. */
  led(origin: Origin, from: AddressKind, trust: Pick<ConnectSettings["tls"], "ca" | "unverified"> = {}): Host {
    const { ca = [], unverified } = trust;
    if (ca.length === 0 && unverified === undefined) return this.#host(origin, { kind: "led", from }, from);
    const all = [...(this.#settings.tls.ca ?? []), ...ca];
    const tls = { ...(all.length > 0 && { ca: all }), ...(unverified && { unverified }) };
    return this.#host(origin, { kind: "led", from }, `${from} ${ca.join()} ${unverified === true}`, tls);
  }

  /** Ends all connections, and whatever is on its way to becoming one. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#hosts.values()].map((host) => host.close()));
    this.#hosts.clear();
  }

  #host(origin: Origin, guard: Guard, way: string, tls?: ConnectSettings["tls"]): Host {
    const key = `${originText(origin)} ${way}`;
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    const host = new Host(origin, guard, tls === undefined ? this.#settings : { ...this.#settings, tls });
    this.#hosts.set(key, host);
    return host;
  }
}
