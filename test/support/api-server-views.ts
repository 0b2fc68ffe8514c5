import { kindOf, record, resourceKinds, type StoredObject } from "./api-server-objects.ts";

/** The list of one page, made of texts that are already serialised. */
export function listBody(
  plural: string,
  items: readonly StoredObject[],
  metadata: Readonly<Record<string, unknown>>,
): Buffer {
  const resource = kindOf(plural);
  const apiVersion = apiVersionOf(resource?.group ?? "");
  const parts: Buffer[] = [
    Buffer.from(
      `{"kind":"${resource?.kind}List","apiVersion":"${apiVersion}","metadata":${JSON.stringify(metadata)},"items":[`,
    ),
  ];
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.push(comma);
    parts.push(item.json);
  }
  parts.push(Buffer.from("]}"));
  return Buffer.concat(parts);
}

const comma = Buffer.from(",");

/** `as=PartialObjectMetadataList`: metadata alone. */
export function metadataBody(items: readonly StoredObject[], metadata: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(
    JSON.stringify({
      kind: "PartialObjectMetadataList",
      apiVersion: "meta.k8s.io/v1",
      metadata,
      items: items.map((item) => partial(item)),
    }),
  );
}

/** `as=Table`, which `kubectl get` asks for. Pods get their columns, everything else its name and age. */
export function tableBody(
  plural: string,
  items: readonly StoredObject[],
  metadata: Readonly<Record<string, unknown>>,
): Buffer {
  const column = (name: string, type = "string") => ({
    name,
    type,
    format: name === "Name" ? "name" : "",
    description: "",
    priority: 0,
  });
  const podColumns = [column("Name"), column("Ready"), column("Status"), column("Restarts"), column("Age")];
  return Buffer.from(
    JSON.stringify({
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      metadata,
      columnDefinitions: plural === "pods" ? podColumns : [column("Name"), column("Age")],
      rows: items.map((item) => ({
        cells: plural === "pods" ? [item.name, ...podCells(item), "1h"] : [item.name, "1h"],
        object: partial(item),
      })),
    }),
  );
}

function podCells(item: StoredObject): readonly string[] {
  const status = record(item.object["status"]);
  const containers = status["containerStatuses"];
  const statuses: readonly unknown[] = Array.isArray(containers) ? containers : [];
  const ready = statuses.filter((one) => record(one)["ready"] === true).length;
  const waiting = statuses.map((one) => record(record(record(one)["state"])["waiting"])["reason"]).find(Boolean);
  return [`${ready}/${statuses.length}`, String(waiting ?? status["phase"] ?? "Unknown"), "0"];
}

function partial(item: StoredObject): unknown {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: item.object["metadata"] };
}

function apiVersionOf(group: string): string {
  return group === "" ? "v1" : `${group}/v1`;
}

/** What kubectl reads before its first request: versions, groups and resources. Undefined for any other path. */
export function discoveryBody(pathname: string): unknown {
  const groups = [...new Set(resourceKinds.map(({ group }) => group))].filter((group) => group !== "");
  if (pathname === "/version") return { major: "1", minor: "34", gitVersion: "v1.34.0", platform: "linux/amd64" };
  if (pathname === "/api") return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  if (pathname === "/apis") {
    return {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: groups.map((name) => {
        const version = { groupVersion: `${name}/v1`, version: "v1" };
        return { name, versions: [version], preferredVersion: version };
      }),
    };
  }
  const group = pathname === "/api/v1" ? "" : /^\/apis\/([\w.]+)\/v1$/.exec(pathname)?.[1];
  if (group === undefined || (group !== "" && !groups.includes(group))) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf(group),
    resources: resourceKinds
      .filter((resource) => resource.group === group)
      .map(({ kind, plural, namespaced, shortNames }) => ({
        name: plural,
        singularName: kind.toLowerCase(),
        namespaced,
        kind,
        verbs: ["get", "list", "watch"],
        shortNames,
      })),
  };
}
