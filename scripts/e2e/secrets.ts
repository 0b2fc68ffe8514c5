import type { ApiObject } from "../../test/support/story-objects.ts";
import { sketchPullSecret, sketchSecret } from "../../test/support/story-pods.ts";
import { type Servers, users } from "./servers.ts";

/** A password that no registry knows, and that must appear nowhere. */
export const wrongPassword = "mistyped-7f3a";

/** The pull secrets that the cases name, good and bad. */
export function secrets({ at }: Servers): ApiObject[] {
  const good = { username: "ci-bot", password: users["ci-bot"] };
  const bad = { username: "ci-bot", password: wrongPassword };
  const config = JSON.stringify({ auths: { [at.basic]: good } });
  return [
    sketchPullSecret("basic-good", { [at.basic]: good }),
    sketchPullSecret("basic-bad", { [at.basic]: bad }),
    sketchPullSecret("other-port", { "basic.e2e.test:5000": good }),
    sketchPullSecret("token-good", { [at.token]: good }),
    sketchPullSecret("token-bad", { [at.token]: bad }),
    sketchPullSecret("token-guest", { [at.token]: { username: "guest", password: users.guest } }),
    sketchSecret("opaque", "Opaque", "config.json", config),
    sketchSecret("malformed", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", `${config.slice(0, -1)},`),
  ];
}
