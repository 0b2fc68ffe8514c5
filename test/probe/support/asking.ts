import { readFile } from "node:fs/promises";
import type { Credential } from "../../../src/domain/credential.ts";
import type { ImageReference } from "../../../src/domain/image-reference.ts";
import { anonymous, type Identity, type Probe, type Question } from "../../../src/domain/probe.ts";
import { silent } from "../../../src/domain/progress.ts";
import { Redacted } from "../../../src/domain/redacted.ts";
import { openProber, type Prober, type ProberSettings } from "../../../src/probe/prober.ts";
import type { Lookup } from "../../../src/probe/resolve-name.ts";
import { severalLoopbacks, type Town } from "../../support/registry-town.ts";

/** `registry.test:5000/shop/web:v1`, or with `@sha256:…`; the host is always written. */
export function imageAt(text: string): ImageReference {
  const at = text.indexOf("@");
  const name = at < 0 ? text : text.slice(0, at);
  const slash = name.indexOf("/");
  const colon = name.indexOf(":", slash);
  const digest = at < 0 ? {} : { digest: text.slice(at + 1) };
  const tag = colon < 0 ? (at < 0 ? { tag: "latest" } : {}) : { tag: name.slice(colon + 1) };
  const repository = colon < 0 ? name.slice(slash + 1) : name.slice(slash + 1, colon);
  return { text, registry: name.slice(0, slash), repository, ...tag, ...digest };
}

/** A login out of a pull secret. */
export function login(username: string, password: string, secret = "regcred"): Identity {
  const source = { kind: "pull-secret", namespace: "shop", secret, key: "registry.test" } as const;
  const credential: Credential = { source, username, password: new Redacted(password) };
  return { kind: "login", credential };
}

/** An identity token out of a docker config file. */
export function identityToken(token: string): Identity {
  const source = { kind: "docker-config", file: "config.json", key: "registry.test" } as const;
  const credential: Credential = {
    source,
    username: "",
    password: new Redacted(""),
    identityToken: new Redacted(token),
  };
  return { kind: "login", credential };
}

export function question(image: string, as: Identity = anonymous, more: Partial<Question> = {}): Question {
  return { kind: "manifest", reference: imageAt(image), as, ...more };
}

/** Names that resolve; all others do not exist. */
export function lookupIn(names: ReadonlyMap<string, string>): Lookup {
  return async (hostname) => {
    const address = names.get(hostname);
    if (address === undefined) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    return [{ address, family: address.includes(":") ? 6 : 4 }];
  };
}

/** Settings that reach a town, and trust its authority. */
export async function settingsFor(town: Town, more: Partial<ProberSettings> = {}): Promise<ProberSettings> {
  return {
    timeout: 5_000,
    userAgent: "kubectl-imagedoctor/test",
    ca: [await readFile(town.authorityFile, "utf8")],
    lookup: lookupIn(town.names),
    ...more,
  };
}

/** Asks questions, in their order, with one prober, and closes it. */
export async function askWith(settings: ProberSettings, ...questions: readonly Question[]): Promise<readonly Probe[]> {
  const prober = openProber(settings);
  try {
    return await askBy(prober, ...questions);
  } finally {
    await prober.close();
  }
}

export function askBy(prober: Prober, ...questions: readonly Question[]): Promise<readonly Probe[]> {
  return prober.ask(questions, silent, new AbortController().signal);
}

/** Asks a town, and closes it; for tests of one question. */
export async function ask(town: Town, asked: Question, more: Partial<ProberSettings> = {}): Promise<Probe> {
  const [probe] = await askWith(await settingsFor(town, more), asked);
  if (probe === undefined) throw new Error("no probe came back");
  return probe;
}

/** A loopback address of this test process's own, so that fixed ports never meet; some systems have one loopback. */
export function ownAddress(town = 1): string {
  return severalLoopbacks ? `127.8.${process.pid % 250}.${town}` : "127.0.0.1";
}
