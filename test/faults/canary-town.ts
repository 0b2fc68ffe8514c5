import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import type { Canaries } from "../support/canaries.ts";
import { issue, sharedAuthority } from "../support/certificates.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { answer, type Handler } from "../support/registry-faults.ts";
import { type Listener, listen } from "../support/registry-listener.ts";
import { resolveOnly } from "../support/registry-names.ts";
import { severalLoopbacks } from "../support/registry-town.ts";
import type { ApiObject } from "../support/story-objects.ts";

/** A cluster and hostile registries, reached as the real program reaches them. */
export interface CanaryTown extends AsyncDisposable {
  readonly api: ApiServer;
  readonly directory: string;
  readonly kubeconfig: string;
  /** Options that every run needs. */
  readonly flags: readonly string[];
  readonly address: string;
  /** Every name that was looked up. */
  readonly lookedUp: ReadonlySet<string>;
}

/** By `host:port`: how the server at it answers. */
export type Servers = Readonly<Record<string, Handler>>;

/** Starts all of it on a loopback address of its own; names resolve to it until it is closed. */
export async function openCanaryTown(objects: readonly ApiObject[], servers: Servers, last = 7): Promise<CanaryTown> {
  const address = severalLoopbacks ? `127.9.${process.pid % 250}.${last}` : "127.0.0.1";
  const directory = await mkdtemp(path.join(tmpdir(), "canaries-"));
  const authority = await sharedAuthority();
  const listeners: Listener[] = [];
  const names = new WatchedNames();
  for (const [place, handler] of Object.entries(servers)) {
    const [host = "", port = "443"] = place.split(":");
    names.set(host, address);
    const certificate = await issue({ authority, names: [host] });
    listeners.push(await listen(handler, { certificate, address, port: Number(port) }));
  }
  const api = await startApiServer({ objects });
  const kubeconfig = await writeKubeconfig(api, directory, { namespace: "demo" });
  const ca = path.join(directory, "ca.pem");
  await writeFile(ca, authority.cert);
  const resolving = resolveOnly(names);
  return {
    api,
    directory,
    kubeconfig,
    flags: ["--kubeconfig", kubeconfig, "--registry-ca", ca, "--timeout", "5s"],
    address,
    lookedUp: names.lookedUp,
    [Symbol.asyncDispose]: async () => {
      resolving.restore();
      await Promise.all(listeners.map((listener) => listener.close()));
      await api.close();
      await rm(directory, { recursive: true });
    },
  };
}

class WatchedNames extends Map<string, string> {
  readonly lookedUp = new Set<string>();

  override get(name: string): string | undefined {
    this.lookedUp.add(name);
    return super.get(name);
  }
}

/** Everything a server may have learned from a request, as a server's careless error page would repeat it. */
function heardIn(request: IncomingMessage, body = ""): string {
  const header = request.headers.authorization ?? "";
  const basic = /^basic (.+)$/i.exec(header)?.[1];
  const form = new URLSearchParams(body);
  return [
    header,
    basic === undefined ? "" : Buffer.from(basic, "base64").toString("utf8"),
    form.get("password") ?? "",
    form.get("refresh_token") ?? "",
    body,
  ]
    .filter((text) => text !== "")
    .join(" | ");
}

/** A registry whose every refusal repeats what was sent to it, now and before, in headers, codes and messages. */
export function echoing(challenge: string, pad = 0): Handler {
  const heard: string[] = [];
  return async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const now = heardIn(request, body);
    if (now !== "") heard.push(now);
    const all = heard.join(" || ");
    const words = `${"x".repeat(pad)}invalid login: ${all}`;
    return answer(
      response,
      401,
      { errors: [{ code: "UNAUTHORIZED", message: words, detail: { you: "sent", it: all } }] },
      {
        "www-authenticate": `${challenge},error="invalid_token",error_description="${asHeader(words)}"`,
        "x-request": asHeader(all),
        warning: `299 - "${asHeader(words)}"`,
      },
    );
  };
}

/** What may stand in a header: printable ASCII without quotes. */
function asHeader(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, "?").slice(0, 6_000);
}

/** Plants nothing; the first run of a test that finds nothing anywhere would otherwise pass with an empty search. */
export function provesItself(canaries: Canaries, secret: string): boolean {
  const spellings = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret),
    ...["", "u", "us"].map((user) => Buffer.from(`${user}:${secret}`).toString("base64")),
  ];
  return spellings.every((text) => canaries.leaksIn(`before ${text} after`).length > 0);
}
