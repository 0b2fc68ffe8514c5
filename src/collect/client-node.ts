import type { RequestOptions } from "node:https";

/**
 * The only importer of @kubernetes/client-node, which parses kubeconfig entries and, rarely, makes agents and logins.
 * Its index and `config.js` take 200 ms to load (839 generated models, an OpenID client, undici); `config_types.js` takes 2.
 * Its models are not used at all: objects of a cluster are parsed from `unknown`.
 */
export {
  ActionOnInvalid,
  type Cluster,
  type Context,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from "@kubernetes/client-node/dist/config_types.js";

import type { Cluster, User } from "@kubernetes/client-node/dist/config_types.js";

/**
 * Request options with the agent (HTTP, HTTPS and SOCKS proxies) and the Authorization (`auth-provider`: gcp, azure)
 * that the library makes of a cluster and a user. Loads the large part of the library. Rejects with whatever it throws.
 */
export async function requestOptions(cluster: Cluster, user: User): Promise<RequestOptions> {
  const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, user);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}
