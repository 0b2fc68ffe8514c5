import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";

/** A program that must be on the machine, and the Debian package that brings it. */
interface Needed {
  readonly program: string;
  readonly package: string;
}

const needed: readonly Needed[] = [
  { program: "docker-registry", package: "docker-registry" },
  { program: "nginx", package: "nginx-light" },
  { program: "squid", package: "squid" },
  { program: "htpasswd", package: "apache2-utils" },
  { program: "skopeo", package: "skopeo" },
  { program: "kubectl", package: "kubernetes-client" },
];

const policy = "/usr/sbin/policy-rc.d";

/**
 * Makes sure that the real programs are there, installing from Debian's packages what is missing.
 * Returns a sentence that says why that cannot be done here, or undefined when all is there.
 */
export function installMissing(): string | undefined {
  const missing = needed.filter(({ program }) => !isInstalled(program));
  if (missing.length === 0) return undefined;
  const names = missing.map((each) => each.package).join(" ");
  if (!isInstalled("apt-get"))
    return `${missing.map((each) => each.program).join(", ")} missing, and this is no Debian`;
  if (process.getuid?.() !== 0)
    return `as root, run: apt-get update && apt-get install -y --no-install-recommends ${names}`;
  console.log(`Installing ${names}`);
  const denied = denyServiceStart();
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    execFileSync("apt-get", ["update", "-qq"], { env, stdio: ["ignore", "ignore", "pipe"] });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names.split(" ")], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    return `apt-get could not install ${names}: ${said.trim().split("\n").slice(-3).join(" ")}`;
  } finally {
    if (denied) rmSync(policy, { force: true });
  }
  const still = needed.filter(({ program }) => !isInstalled(program)).map((each) => each.program);
  return still.length === 0 ? undefined : `${still.join(", ")} not found after the installation`;
}

/** Debian starts a service when it installs it, unless this file says no (invoke-rc.d(8)). We start our own, on loopback. */
function denyServiceStart(): boolean {
  if (existsSync(policy)) return false;
  writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  return true;
}

function isInstalled(program: string): boolean {
  return (
    spawnSync("sh", ["-c", `command -v "${program}"`], { stdio: "ignore", env: { PATH: searchPath } }).status === 0
  );
}

/** PATH with the directories of daemons, which a user's may lack. */
export const searchPath = `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`;
