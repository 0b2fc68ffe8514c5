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
  wordings: [],
  remedies: () => [
    { title: "Restart the runtime on the node and read its log", command: "systemctl status containerd crio docker" },
  ],
  examples: [],
});
