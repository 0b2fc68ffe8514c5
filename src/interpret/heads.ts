import type { FailureFacts } from "../domain/symptom.ts";

/**
 * One operation head: what a program puts before the error it passes on. `pattern` is sticky.
 * Its group `image`, `host`, `url`, `status` or `login` becomes a fact.
 */
export interface Head {
  readonly name: string;
  readonly pattern: RegExp;
  readonly operation?: NonNullable<FailureFacts["operation"]>;
  readonly runtime?: NonNullable<FailureFacts["runtime"]>;
  readonly login?: NonNullable<FailureFacts["login"]>;
  /** What follows are foreign words (a body, a quoted answer) in which no heads are looked for. */
  readonly stops?: boolean;
}

function head(name: string, source: string, more: Omit<Head, "name" | "pattern"> = {}): Head {
  return { name, pattern: new RegExp(source, "y"), ...more };
}

/** gRPC's status; the kubelet's CRI client drops it for Unknown since 1.28. */
const grpc: readonly Head[] = [head("grpc", "rpc error: code = (?<grpc>\\w+) desc = ?")];

/** containerd/containerd: internal/cri/server, client/pull.go, core/remotes/docker, core/unpack, core/transfer/local; nerdctl, ctr. */
const containerd: readonly Head[] = [
  head("sandbox-image", 'failed to get sandbox image "(?<image>[^"]*)": ', {
    operation: "sandbox",
    runtime: "containerd",
  }),
  head("pull", 'failed to pull (?:and unpack )?image "(?<image>[^"]*)": ', { runtime: "containerd" }),
  head("pull", 'failed to pull "(?<image>[^"]*)": ', { runtime: "containerd" }),
  head("resolve", 'failed to resolve (?:reference|image|ref|source metadata for) "?(?<image>[^"\\s]+?)"?: ', {
    operation: "resolve",
    runtime: "containerd",
  }),
  head("resolve", 'failed to resolve (?:reference|image) "(?<image>[^"]*)": ', {
    operation: "resolve",
    runtime: "containerd",
  }),
  head("resolve", "failed to resolve image: ", { operation: "resolve", runtime: "containerd" }),
  head("no-endpoint", "no available registry endpoint: ", { operation: "resolve", runtime: "containerd" }),
  head("do-request", "failed to do request: ", { runtime: "containerd" }),
  head("authorize", "failed to authorize: ", { operation: "token", runtime: "containerd" }),
  head("token", "failed to fetch anonymous token: ", { operation: "token", login: "without" }),
  head("token", "failed to fetch oauth token: ", { operation: "token", login: "with" }),
  head("decode-token", "unable to decode token response: ", { operation: "token" }),
  head("copy", "failed to copy: ", { operation: "blob", runtime: "containerd" }),
  head("open-blob", "httpRead(?:er)?Seeker: failed open: ", { operation: "blob", runtime: "containerd" }),
  head("commit", 'failed commit on ref "[^"]*": ', { operation: "blob", runtime: "containerd" }),
  head("extract", 'failed to extract layer (?:\\([^)]*\\) to \\S+ as "[^"]*"|\\S+): ', {
    operation: "unpack",
    runtime: "containerd",
  }),
  head("extract", "(?:failed to unpack image|unpack image failed) on snapshotter \\S+: ", {
    operation: "unpack",
    runtime: "containerd",
  }),
  head("extract", '(?:error unpacking image|unpack|failed to unpack|apply layer error for "[^"]*"): ', {
    operation: "unpack",
    runtime: "containerd",
  }),
  head("prepare-snapshot", 'failed to prepare extraction (?:snapshot "[^"]*"|layer): ', {
    operation: "unpack",
    runtime: "containerd",
  }),
  head("prepare-snapshot", "failed to create prepare snapshot dir: (?:failed to create temp dir: )?", {
    operation: "unpack",
    runtime: "containerd",
  }),
  head("mount-callback", "mount callback failed on \\S+: ", { operation: "unpack", runtime: "containerd" }),
  head("decompress", "failed to get stream processor for (?<mediaType>\\S+?): ", {
    operation: "unpack",
    runtime: "containerd",
  }),
  head("create-container", "failed to create containerd (?:container|task): ", { runtime: "containerd" }),
  head("image-volume", "failed to mount image volume: ", {}),
];

/** containers/container-libs image/docker, image/copy, storage; cri-o/cri-o server and internal/storage; podman, skopeo, buildah. */
const containersImage: readonly Head[] = [
  head("artifact", "unable to pull image or OCI artifact: (?:pull image err: )?", { runtime: "cri-o" }),
  head("source", "(?:Error i|I|i)nitializing (?:image from )?source (?<source>\\S+?): ", {
    operation: "manifest",
    runtime: "cri-o",
  }),
  head("copy-from", "(?:unable|failed) to copy from source \\S+: ", { runtime: "cri-o" }),
  head("ping", "(?:error )?pinging (?:container|docker) registry (?<host>\\S+?): ", {
    operation: "ping",
    runtime: "cri-o",
  }),
  head("ping", "pinging docker registry returned: ", { operation: "ping", runtime: "cri-o" }),
  head("manifest", "(?:Error )?(?:R|r)eading manifest \\S+ in \\S+: ", { operation: "manifest", runtime: "cri-o" }),
  head("manifest", "determining manifest MIME type for \\S+: ", { operation: "manifest", runtime: "cri-o" }),
  head("choose", "choosing (?:an )?image (?:instance|from manifest list \\S+): ", {
    operation: "manifest",
    runtime: "cri-o",
  }),
  head("copy-list", "copying (?:system )?image (?:from manifest list|[\\d/]+ from manifest list): ", {
    runtime: "cri-o",
  }),
  head("config", "(?:Error )?(?:parsing|reading) (?:image configuration|config blob \\S+): ", {
    operation: "config",
    runtime: "cri-o",
  }),
  head("token", "(?:R|r)equesting bearer token: ", { operation: "token", runtime: "cri-o" }),
  head("token", "unable to retrieve auth token: ", { operation: "token", runtime: "cri-o" }),
  head("blob", "(?:Error )?(?:W|w)riting blob: ", { operation: "blob", runtime: "cri-o" }),
  head("blob", '(?:error |Error )?storing blob to file(?: "[^"]*")?: ', { operation: "blob", runtime: "cri-o" }),
  head("blob", "(?:Error )?(?:reading|fetching) blob(?: sha256:[0-9a-f]+)?: ", { operation: "blob", runtime: "cri-o" }),
  head("blob", "Error fetching blob: ", { operation: "blob", runtime: "cri-o" }),
  head("reuse-blob", "trying to reuse blob \\S+ at destination: ", { operation: "blob", runtime: "cri-o" }),
  head("reading", "happened during read: ", { operation: "blob", runtime: "cri-o", stops: true }),
  head("commit", "(?:Error )?committing the finished image: ", { operation: "unpack", runtime: "cri-o" }),
  head("add-layer", '(?:error )?adding layer with blob ?"[^"]*"(?:/"[^"]*"){0,2}: ', {
    operation: "unpack",
    runtime: "cri-o",
  }),
  head("add-layer", '(?:error )?creating layer with ID "[^"]*": ', { operation: "unpack", runtime: "cri-o" }),
  head("untar", "(?:Error )?processing tar file\\(exit status \\d+\\): ", { operation: "unpack" }),
  head("untar", "Error processing tar file\\([^)]*\\): ", { operation: "unpack" }),
  head("untar", "unpacking failed \\([^)]*\\)[^:]{0,80}: ", { operation: "unpack", runtime: "cri-o" }),
  head("untar", "unpacking failed \\(error: ", { operation: "unpack", runtime: "cri-o" }),
  head("signature", 'checking signature of "(?<image>[^"]*)": ', { runtime: "cri-o" }),
];

/** moby/moby daemon, distribution and registry; Mirantis/cri-dockerd; docker/docker-ce CLI. */
const docker: readonly Head[] = [
  head("daemon", "Error response from daemon: ", { runtime: "docker" }),
  head("daemon", "error from registry: ", { runtime: "docker" }),
  head("daemon", "API error \\(\\d+\\): ", { runtime: "docker" }),
  head("daemon", "(?:Error while pulling image|Error from V2 registry|docker|Handler for \\w+ \\S+ returned error): ", {
    runtime: "docker",
  }),
  head("daemon", "(?:Not continuing with|Attempting next endpoint for) pull after error: ", { runtime: "docker" }),
  head("daemon", "Error pulling image \\(\\S+\\) from \\S+, ", { runtime: "docker" }),
  head("daemon", "\\(HTTP code \\d+\\) [a-z ]{1,20} - ", { runtime: "docker" }),
  head("sandbox-image", 'failed pulling image "(?<image>[^"]*)": ', { operation: "sandbox", runtime: "docker" }),
  head("sandbox-image", 'unable to pull sandbox image "(?<image>[^"]*)": ', {
    operation: "sandbox",
    runtime: "docker",
  }),
  head("ping", "(?:unable to ping registry endpoint \\S+|v[12] ping attempt failed with error:|HTTPS? attempt:)\\s", {
    operation: "ping",
    runtime: "docker",
  }),
  head("config", "error pulling image configuration: ", { operation: "config", runtime: "docker" }),
  head("download", "(?:download failed after attempts=\\d+|error pulling image|failed to download layer): ", {
    operation: "blob",
    runtime: "docker",
  }),
  head("register", "failed to register layer: ", { operation: "unpack", runtime: "docker" }),
  head(
    "apply-layer",
    "(?:ApplyLayer|re-exec error:)[ ]?exit status \\d+[:\\s]\\s?(?:stdout:\\s?\\s?stderr:|output:)\\s?",
    { operation: "unpack", runtime: "docker" },
  ),
];

/** Go's net/http and the status sentences of containerd, distribution and containers/image. */
const transport: readonly Head[] = [
  head("request", '(?:Get|Head|Post|Put) ["“](?<url>https?://[^"”\\s]+)["”]: '),
  head("request", "(?:Get|Head|Post|Put) (?<url>https?://\\S+): "),
  head(
    "status",
    "unexpected status (?:from \\w+ request to|code) (?<url>https?://\\S+?)(?::|\\n) ?(?=\\d{3}(?:\\s|$))",
    {
      stops: true,
    },
  ),
  head("status", "unexpected status code \\[(?<what>\\w+)\\b[^\\]]*\\]: ", {
    operation: "resolve",
    runtime: "containerd",
    stops: true,
  }),
  head("status", "pulling from host (?<host>\\S+) failed with status code \\[(?<what>\\w+)\\b[^\\]]*\\]: ", {
    operation: "resolve",
    runtime: "containerd",
    stops: true,
  }),
  head("status", "unexpected (?:HEAD status code \\d{3}|status(?: code| from \\w+ request)?): (?=\\d{3}\\b)", {
    stops: true,
  }),
  head("status", "unexpected http code: (?=\\d{3}\\b[^\\n]{0,80}?, URL: (?<url>https?://\\S+))", { stops: true }),
  head("status", "(?:received )?unexpected HTTP status:? (?=\\d{3}\\b)", { stops: true }),
  head(
    "status",
    "(?:received unexpected HTTP status|invalid status code(?: from registry)?|unexpected status resolving reader|unexpected http code|Server error|(?:Server error|Error): Status|StatusCode|status code|HTTP status):? (?=\\d{3}\\b)",
    { stops: true },
  ),
  head("status-body", "error parsing HTTP (?<status>\\d{3}) response body:(?: |$)", { stops: true }),
];

const all: readonly Head[] = [...grpc, ...containerd, ...containersImage, ...docker, ...transport];

/** Heads by the characters they can begin with, so that few are tried at each place. */
export const headsByFirst: ReadonlyMap<string, readonly Head[]> = groupByFirst(all);

function groupByFirst(heads: readonly Head[]): Map<string, Head[]> {
  const groups = new Map<string, Head[]>();
  for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ(") {
    const fitting = heads.filter((candidate) => canBeginWith(candidate.pattern.source, character));
    if (fitting.length > 0) {
      groups.set(character, fitting);
    }
  }
  return groups;
}

/** Whether a pattern's text leaves it open that a match begins with the character. Errs on the side of yes. */
function canBeginWith(source: string, character: string): boolean {
  if (source.startsWith("\\")) {
    return source[1] === character;
  }
  return source.startsWith("(?:") ? true : source.startsWith(character);
}
