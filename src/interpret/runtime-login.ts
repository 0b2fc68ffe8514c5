import { decodeBase64, textOfBytes } from "./go-base64.ts";
import { parseSchemeless } from "./registry-key.ts";

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
  if (serverAddress !== "") {
    const served = hostOf(serverAddress);
    if (served === undefined) return { kind: "error", why: "server-address" };
    if (served !== host) return { kind: "anonymous", username: "" };
  }
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

/** `url.Parse(address).Host` of Go: a bare host is a path and has none. Undefined where Go gives an error. */
function hostOf(address: string): string | undefined {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(address)?.[0] ?? "";
  const rest = address.slice(scheme.length);
  if (rest.startsWith("//")) return parseSchemeless(rest.slice(2))?.host;
  const wrong = /[\0-\x1f\x7f]/.test(address) || (scheme === "" && /^[^/?#]*:/.test(rest));
  return wrong ? undefined : "";
}

/**
 * What the node's runtime makes of a login from the kubelet, where it does not log in with it. The kubelet hands over user name and
 * password alone. Other runtimes than the two take half a login for one.
 */
export function usedAs(
  { username, hasPassword }: { readonly username: string; readonly hasPassword: boolean },
  runtime: string,
): "anonymous" | "node-login" | undefined {
  if (runtime !== "containerd" && runtime !== "cri-o") {
    return username === "" && !hasPassword ? "anonymous" : undefined;
  }
  // What the password is makes no difference, only whether there is one.
  const { kind } = runtimeLogin({ username, password: hasPassword ? "is there" : "" }, runtime, "");
  return kind === "anonymous" || kind === "node-login" ? kind : undefined;
}
