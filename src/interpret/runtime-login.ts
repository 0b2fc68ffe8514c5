import { decodeBase64, textOfBytes } from "./go-base64.ts";

/** The AuthConfig of a CRI PullImage request. The kubelet fills in username and password only; crictl may fill in the rest. */
export interface CriAuth {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly identityToken?: string;
  readonly registryToken?: string;
  readonly serverAddress?: string;
}

/**
 * What a runtime does with it: logs in, asks without a login (an empty secret is none), looks for a login in the node's own files, or
 * refuses. With an identity token the user name is empty.
 */
export type RuntimeLogin =
  | { readonly kind: "login"; readonly username: string; readonly secret: string }
  | { readonly kind: "anonymous"; readonly username: string }
  | { readonly kind: "node-login" }
  | { readonly kind: "error"; readonly why: "auth-not-base64" | "auth-without-colon" | "server-address" };

/**
 * containerd's ParseAuth (internal/cri/server/images/image_pull.go) and CRI-O's image_pull.go:59-78, as they choose between the fields.
 * `host` is the host that is about to be asked.
 */
export function runtimeLogin(auth: CriAuth, runtime: "containerd" | "cri-o", host: string): RuntimeLogin {
  return runtime === "containerd" ? inContainerd(auth, host) : inCrio(auth);
}

function inContainerd(auth: CriAuth, host: string): RuntimeLogin {
  const { username = "", password = "", identityToken = "", serverAddress = "" } = auth;
  if (serverAddress !== "" && hostOf(serverAddress) !== host) return { kind: "anonymous", username: "" };
  if (username !== "") return loginWith(username, password);
  if (identityToken !== "") return loginWith("", identityToken);
  if (auth.auth === undefined || auth.auth === "") return { kind: "anonymous", username: "" };
  const decoded = decodeAuthField(auth.auth);
  return typeof decoded === "string" ? { kind: "error", why: decoded } : loginWith(decoded.username, decoded.password);
}

function inCrio(auth: CriAuth): RuntimeLogin {
  let { username = "", password = "" } = auth;
  if (auth.auth !== undefined && auth.auth !== "") {
    const decoded = decodeAuthField(auth.auth);
    if (decoded === "auth-not-base64") return { kind: "error", why: decoded };
    ({ username, password } = decoded === "auth-without-colon" ? { username: "", password: "" } : decoded);
  }
  return username === "" ? { kind: "node-login" } : { kind: "login", username, secret: password };
}

function loginWith(username: string, secret: string): RuntimeLogin {
  return secret === "" ? { kind: "anonymous", username } : { kind: "login", username, secret };
}

/** Both runtimes want padded base64, unlike the kubelet, and cut NULs from both ends of the password. */
function decodeAuthField(
  field: string,
): { username: string; password: string } | "auth-not-base64" | "auth-without-colon" {
  const bytes = decodeBase64(field, "padded");
  if (bytes === undefined) return "auth-not-base64";
  const { text } = textOfBytes(bytes);
  const colon = text.indexOf(":");
  if (colon === -1) return "auth-without-colon";
  let [start, end] = [colon + 1, text.length];
  while (start < end && text[start] === "\0") start += 1;
  while (end > start && text[end - 1] === "\0") end -= 1;
  return { username: text.slice(0, colon), password: text.slice(start, end) };
}

/** The host of a URL as Go's url.Parse sees it; a bare host has none. */
function hostOf(address: string): string {
  const found = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(address);
  return found?.[1] ?? "";
}

/** What the node's runtime makes of a login from the kubelet, where it does not log in with it. */
export function usedAs(
  login: { readonly username: string; readonly hasPassword: boolean },
  runtime: string,
): "anonymous" | "node-login" | undefined {
  if (runtime === "cri-o") return login.username === "" ? "node-login" : undefined;
  const empty = login.username === "" && !login.hasPassword;
  const half = login.username === "" || !login.hasPassword;
  return empty || (half && runtime === "containerd") ? "anonymous" : undefined;
}
