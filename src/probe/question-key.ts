import { lookupName, manifestSelector } from "../domain/image-reference.ts";
import type { Platform, Question, RegistryHost } from "../domain/probe.ts";
import { identityKey } from "./authorize.ts";

/**
 * When two questions are the same: same kind, same image as the registry sees it, same login (wherever it was found), same platform
 * and runtime, same way there. Text to compare; nothing can be read out of it.
 */
export function questionKey(question: Question): string {
  const { kind, reference, as, platform, runtime, via } = question;
  const byImage = kind === "manifest" || kind === "repository" || kind === "signatures";
  return JSON.stringify([
    kind,
    lookupName(reference),
    byImage ? manifestSelector(reference) : "",
    identityKey(as),
    kind === "manifest" ? platformText(platform) : "",
    kind === "manifest" && runtime !== undefined ? [runtime.name, runtime.version] : "",
    via === undefined ? "" : viaText(via),
  ]);
}

function platformText(platform: Platform | undefined): string {
  if (platform === undefined) return "";
  const { os, architecture, variant = "", osVersion = "" } = platform;
  return [os, architecture, variant, osVersion].join("/");
}

function viaText({ scheme, host, path, skipVerify, ca, client, httpFallback }: RegistryHost): unknown {
  return [scheme, host, path, skipVerify === true, ca ?? [], client ?? [], httpFallback ?? ""];
}
