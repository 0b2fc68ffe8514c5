import { open, readFile, rm, writeFile } from "node:fs/promises";

/**
 * Puts new tokens where the old ones stand in a kubeconfig, and changes no other byte of it. Each old one must be there exactly
 * once. In place, as kubectl writes it, so that owner, mode and links stay, and under kubectl's own lock file
 * (k8s.io/client-go tools/clientcmd/loader.go, lockFile). False where that cannot be done.
 */
export async function saveTokens(file: string, replaced: ReadonlyMap<string, string>): Promise<boolean> {
  const lock = `${file}.lock`;
  const held = await open(lock, "wx").catch(() => undefined);
  if (held === undefined) return false;
  try {
    await held.close();
    let text = await readFile(file, "utf8");
    for (const [old, token] of replaced) {
      const parts = text.split(old);
      // Tokens need no quotes in YAML or JSON; what would is left alone.
      if (parts.length !== 2 || !/^[\w.~+/=-]+$/.test(token)) return false;
      text = parts.join(token);
    }
    await writeFile(file, text);
    return true;
  } catch {
    return false;
  } finally {
    await rm(lock, { force: true });
  }
}
