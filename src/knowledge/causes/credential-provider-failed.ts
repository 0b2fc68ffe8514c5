import { textExamples } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const credentialProviderFailed = defineCause({
  code: "credential-provider-failed",
  family: "kubelet",
  title: "The kubelet's credential provider plugin failed",
  explanation:
    "The node gets its registry login from a plugin (for ECR, ACR or Artifact Registry), and the plugin is missing, crashed or timed out. The kubelet log says so; the pod's events show only the consequence, a pull without a login.",
  retryable: true,
  looks: {
    kubelet:
      "log only: `Failed getting credential from external registry credential provider: error execing credential provider plugin P for image X: …`",
  },
  toldFrom: {
    "credentials-missing": "the event text of the consequence; only the kubelet log names the plugin",
    unauthorized: "the same, where the registry says no more than 401",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern:
        /\bcredential provider\b.{0,80}(?:fail|error)|\berror execing credential provider plugin\b|\bFailed getting credential from external registry credential provider\b/i,
      reads: "whole",
      example:
        "Failed getting credential from external registry credential provider: error execing credential provider plugin ecr-credential-provider for image reg.test/web: exit status 1",
      source: "kubernetes/kubernetes pkg/credentialprovider/plugin/plugin.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern:
        /\berror getting credentials (?:from|for) ACR\b|\bfailed to get ECR authorization token\b|\bcredential (?:helper|plugin) \S+ (?:failed|not found)\b|\berror getting credentials - err: |\bNoCredentialProviders\b|\bfailed to refresh cached credentials\b/i,
      example: "error getting credentials from ACR for shop.azurecr.io: timed out",
      source: "kubernetes/kubernetes pkg/credentialprovider/azure/azure_credentials.go@v1.26",
    },
  ],
  remedies: (file) => [
    onTheNode(
      file,
      "read what the kubelet says of its credential provider, then check the node's role or identity",
      "journalctl -u kubelet --since -1h | grep -i 'credential provider'",
    ),
  ],
  examples: textExamples("credential-provider-failed"),
});
