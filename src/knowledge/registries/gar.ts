import { defineRegistry } from "./registry.ts";
import { shellWord } from "./shell-word.ts";

/** `europe-west3-docker.pkg.dev` → `europe-west3`; gcr.io hosts have no region in them. */
function location(host: string): string {
  const label = host.split(".", 1)[0] ?? "";
  return label.endsWith("-docker") ? shellWord(label.slice(0, -"-docker".length)) : "LOCATION";
}

export const gar = defineRegistry({
  id: "gar",
  name: "Google Artifact Registry",
  hosts: ["gcr.io", "*.gcr.io", "*-docker.pkg.dev", "docker.*.rep.pkg.dev", "docker.s3nsregistry.fr"],
  // gcr.io has answered 401 on a manifest without a challenge (https://github.com/containers/image/pull/211).
  challenge: { mayBeMissing: true },
  postStatus: 404,
  username: {
    fits: (username) =>
      ["_json_key", "_json_key_base64", "oauth2accesstoken", "_token"].includes(username) ||
      username.startsWith("_dcgcr_"),
    text: "the user name is _json_key, _json_key_base64 or oauth2accesstoken",
  },
  ownUsers: ["_json_key", "_json_key_base64", "oauth2accesstoken"],
  nodesLogIn: true,
  blobHosts: ["storage.googleapis.com"],
  meanings: [
    {
      step: ["token", "login"],
      status: 403,
      says: "or it may not exist",
      means: "absent-or-no-access",
      source: "https://github.com/argoproj/argo-cd/issues/26260",
    },
    {
      step: ["token", "login"],
      status: 401,
      says: "you may have invalid credentials",
      withLogin: true,
      means: "login-refused-or-no-permission",
      source: "https://github.com/keel-hq/keel/issues/546",
    },
    {
      step: "token",
      status: 403,
      means: "absent-or-no-access",
      source: "https://github.com/fluxcd/source-controller/issues/798",
    },
  ],
  login: {
    console: "https://console.cloud.google.com/iam-admin/serviceaccounts",
    wanted: "an access token of an account with roles/artifactregistry.reader",
    username: "oauth2accesstoken",
    passwordCommand: () => "gcloud auth print-access-token",
    lifetime: "one hour",
    lasting:
      "On GKE let the nodes' service account read the repository; elsewhere use a service account key (user name _json_key)",
  },
  advice: [
    {
      when: ["absent-or-no-access", "no-permission"],
      title: "Let the account read the repository",
      command: ({ host, repository }) =>
        `gcloud artifacts repositories add-iam-policy-binding ${shellWord(repository?.split("/")[1] ?? "REPOSITORY")} --project=${shellWord(repository?.split("/")[0] ?? "PROJECT")} --location=${location(host)} --member=serviceAccount:SERVICE_ACCOUNT --role=roles/artifactregistry.reader`,
    },
  ],
});
