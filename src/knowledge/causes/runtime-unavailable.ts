import { conditionExamples } from "../evidence/example-parts.ts";
import { besideNodeCondition } from "../evidence/node-condition.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const runtimeUnavailable = defineCause({
  code: "runtime-unavailable",
  family: "kubelet",
  title: "The kubelet cannot talk to the container runtime",
  explanation:
    "The runtime's socket on the node does not answer, or does not offer the service the kubelet asks for. Every pod on that node is affected, and the registry plays no part.",
  retryable: true,
  looks: {
    containerd:
      "`code = Unavailable desc = connection error: … dial unix /run/containerd/containerd.sock: connect: connection refused`; `unknown service runtime.v1.ImageService`",
    "CRI-O": "the same with `/var/run/crio/crio.sock`",
    Docker: "`Cannot connect to the Docker daemon …`",
  },
  toldFrom: {
    "connect-refused": "there the address is host:port, here a socket path",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /\bdial unix(?:: | |:\/\/)\S*?(?:containerd|crio|docker|dockershim|cri-dockerd|cri|frakti)\.sock\b/,
      when: (text) => text.facts.operation !== "unpack",
      example:
        'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"',
      source: "grpc/grpc-go internal/transport/http2_client.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /\bopen \/\/\.\/pipe\/\S+: /,
      example:
        'rpc error: code = Unavailable desc = connection error: desc = "transport: error while dialing: open //./pipe/containerd-containerd: The system cannot find the file specified."',
      source: "microsoft/go-winio pipe.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /\bunknown service runtime\.v1(?:alpha2)?\./,
      example: "rpc error: code = Unimplemented desc = unknown service runtime.v1.ImageService",
      source: "grpc/grpc-go server.go",
    },
    {
      writtenBy: "docker",
      stage: "kubelet",
      pattern: /\bCannot connect to the Docker daemon\b/i,
      example: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
      source: "moby/moby client/errors.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern:
        /^(?:transport is closing|error reading from server: (?:EOF|read unix )|the connection is unavailable|server is not initialized yet|connection error: desc = )/,
      when: (text) => text.facts.url === undefined && text.facts.operation !== "unpack",
      example: "rpc error: code = Unavailable desc = error reading from server: EOF",
      source: "grpc/grpc-go internal/transport/http2_client.go",
    },
  ],
  decide: (file) => besideNodeCondition(file, "runtime-unavailable", ["Ready", "ContainerRuntimeUnhealthy"]),
  remedies: (file) => [
    onTheNode(file, "see whether the runtime runs, and read its log", "systemctl status containerd crio docker"),
  ],
  examples: conditionExamples("runtime-unavailable", "Ready"),
});
