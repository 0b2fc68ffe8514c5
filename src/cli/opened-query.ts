import type { Cluster } from "../collect/cluster.ts";
import type { Query } from "../domain/query.ts";

/** What was asked about, and where to read it. `subject` is how a report's head names it. */
export interface OpenQuery {
  readonly query: Query;
  readonly cluster: Cluster;
  readonly subject: string;
}
