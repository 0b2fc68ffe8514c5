/** What the kubelet hands to the runtime of a login: user name and password alone (the rest of CRI's AuthConfig is for crictl). */
export interface HandedLogin {
  readonly username: string;
  /** What the password is makes no difference, only whether there is one. */
  readonly hasPassword: boolean;
}

/**
 * What the node's runtime makes of a login from the kubelet where it does not log in with it: it asks without one, or looks for one
 * in the node's own files. Undefined where it logs in.
 * containerd's ParseAuth (internal/cri/server/images/image_pull.go) wants both halves; CRI-O's image_pull.go:59-78 wants a user name;
 * other runtimes take half a login for one.
 */
export function usedAs(
  { username, hasPassword }: HandedLogin,
  runtime: string,
): "anonymous" | "node-login" | undefined {
  switch (runtime) {
    case "containerd":
      return username === "" || !hasPassword ? "anonymous" : undefined;
    case "cri-o":
      return username === "" ? "node-login" : undefined;
    default:
      return username === "" && !hasPassword ? "anonymous" : undefined;
  }
}
