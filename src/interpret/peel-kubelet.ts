import type { Template } from "../domain/failure-text.ts";
import { execIn } from "./needed-words.ts";
import { unescapeOnce } from "./peel-log.ts";

/** The kubelet's (or a controller's) part of a message, taken off. */
export interface PeeledKubelet {
  readonly template: Template;
  readonly image?: string;
  /** Error names and prefixes in the order they stood: `ErrImagePull`, `RegistryUnavailable`, … */
  readonly errorNames: readonly string[];
  /** Names in `Unable to retrieve some image pull secrets (…)`. */
  readonly secrets?: readonly string[];
  /** What stood under the templates; empty where nothing did. */
  readonly rest: string;
}

interface Layer {
  readonly pattern: RegExp;
  readonly template?: Template;
  /** What the groups are, in order. `quoted` is a rest that is still quoted one level deeper. */
  readonly groups: readonly ("image" | "name" | "secrets" | "rest" | "quoted" | "skip")[];
}

const errorName =
  "(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrInvalidImageName|ImageInspectError|ErrImageNeverPull|RegistryUnavailable|SignatureValidationFailed|ImageVolumeMountFailed|CreateContainerError|RunContainerError|ContainerCreating|FailedToRetrieveImagePullSecret|FailedCreatePodSandBox|InspectFailed)";

/**
 * Tried in turn at the beginning of the text, again and again, until none fits.
 * Source: kubernetes/kubernetes pkg/kubelet/images/image_manager.go, images/types.go, kubelet_pods.go, kuberuntime/kuberuntime_manager.go.
 */
const layers: readonly Layer[] = [
  // kuberuntime_manager.go prints the whole container, with whatever its environment holds.
  {
    pattern:
      /^(?:init )?container &Container\{(?:(?!\} start failed in pod )[\s\S])*(?:\} start failed in pod [^\s:]{1,512}: ([\s\S]*))?$/,
    groups: ["rest"],
  },
  {
    pattern: /^(?:init |ephemeral )?container \S{1,253} start failed in pod [^\s:]{1,512}: ([\s\S]*)$/,
    groups: ["rest"],
  },
  { pattern: /^Failed to pull image ["'][^"'\s]*(?:["']:?\s*)?$/, template: "pull", groups: [] },
  { pattern: /^spec\.(?:containers|initContainers|ephemeralContainers)\{[^}]*\}:?\s+([\s\S]*)$/, groups: ["rest"] },
  { pattern: /^Back-off pulling image "([^"]*)"?$/, template: "back-off", groups: ["image"] },
  { pattern: /^Back-off pulling image "([^"]*)": ([\s\S]*)$/, template: "back-off", groups: ["image", "rest"] },
  { pattern: /^Failed to pull image ["']([^"']*)["']:\s*([\s\S]*)$/, template: "pull", groups: ["image", "rest"] },
  { pattern: /^Failed (?:to )?create pod sandbox: ([\s\S]*)$/, template: "sandbox", groups: ["rest"] },
  {
    pattern: /^(?:Failed to )?(?:C|c)reate(?:PodSandbox| pod sandbox) for pod "[^"]*" failed: ([\s\S]*)$/,
    template: "sandbox",
    groups: ["rest"],
  },
  { pattern: /^RunPodSandbox for &[\s\S]{0,400}? failed, error: ?([\s\S]*)$/, template: "sandbox", groups: ["rest"] },
  { pattern: /^Failed to inspect image "([^"]*)": ([\s\S]*)$/, template: "inspect", groups: ["image", "rest"] },
  {
    pattern: /^ImageStatus "([\s\S]*?)"? from image service failed: ([\s\S]*)$/,
    template: "inspect",
    groups: ["image", "rest"],
  },
  {
    pattern: /^Failed to apply default image tag "([^"]*)": ([\s\S]*)$/,
    template: "invalid-name",
    groups: ["image", "rest"],
  },
  {
    pattern: /^(Container image "[^"]*" is not present with pull policy of Never[\s\S]*)$/,
    template: "never",
    groups: ["rest"],
  },
  {
    pattern: /^Unable to retrieve some image pull secrets \(([^)]*)\)?([\s\S]*)$/,
    template: "secrets",
    groups: ["secrets", "rest"],
  },
  {
    pattern: /^Failed to record image pull intent for container image "([^"]*)": ([\s\S]*)$/,
    template: "intent",
    groups: ["image", "rest"],
  },
  {
    pattern: /^image pull failed for (\S+) because the registry is unavailable: ([\s\S]*)$/,
    groups: ["image", "rest"],
  },
  {
    pattern: /^image pull failed for (\S+) because the signature validation failed: ([\s\S]*)$/,
    groups: ["image", "rest"],
  },
  {
    pattern:
      /^image pull failed for (\S+), this may be because there are no credentials on this request\.?\s*(?:details: ?)?\(?([\s\S]*?)\)?$/,
    groups: ["image", "rest"],
  },
  {
    pattern: /^Pull(?: i|I)mage "([^"]*)"(?: from image service)? failed: ([\s\S]*)$/,
    template: "pull",
    groups: ["image", "rest"],
  },
  { pattern: /^Error syncing pod(?: [^,]{0,200})?, skipping: ([\s\S]*)$/, template: "sync", groups: ["rest"] },
  {
    pattern: /^\[?failed to "(?:StartContainer|InitContainer)" for "[^"]*" with (\w+): "([\s\S]*?)"?\]?$/,
    groups: ["name", "quoted"],
  },
  {
    pattern: /^container "[^"]*" in pod "[^"]*" is waiting to start: ([\s\S]*)$/,
    template: "waiting",
    groups: ["rest"],
  },
  { pattern: /^(?:container start failed|Error|ERROR): ([\s\S]*)$/, groups: ["rest"] },
  { pattern: /^Error creating: ([\s\S]*)$/, template: "create", groups: ["rest"] },
  { pattern: new RegExp(`^${errorName}:? ?$`), groups: ["name"] },
  { pattern: new RegExp(`^${errorName}: ([\\s\\S]*)$`), groups: ["name", "rest"] },
];

const mostLayers = 12;

/** Templates that say what was done; a later general one does not replace them. */
const general: ReadonlySet<Template> = new Set(["none", "sync", "back-off", "pull"]);

/** The kubelet's layers, outermost first, taken off a message that {@link peelLog} has unquoted. Never throws. */
export function peelKubelet(text: string): PeeledKubelet {
  let template: Template = "none";
  let image: string | undefined;
  let secrets: readonly string[] | undefined;
  const errorNames: string[] = [];
  let rest = text;
  for (let count = 0; count < mostLayers; count++) {
    const found = firstLayer(rest);
    if (found === undefined) {
      break;
    }
    const { layer, match } = found;
    if (layer.template !== undefined && general.has(template)) {
      template = layer.template;
    }
    rest = "";
    layer.groups.forEach((group, index) => {
      const value = match[index + 1] ?? "";
      if (group === "image" && image === undefined && value !== "") {
        image = value;
      } else if (group === "name") {
        errorNames.push(value);
      } else if (group === "secrets") {
        secrets = value
          .split(",")
          .map((name) => name.trim())
          .filter((name) => name !== "");
      } else if (group === "rest") {
        rest = value;
      } else if (group === "quoted") {
        rest = value.includes('\\"') ? unescapeOnce(value) : value;
      }
    });
    if (template === "never" || template === "secrets") {
      break;
    }
  }
  return {
    template,
    errorNames,
    rest,
    ...(image === undefined ? {} : { image }),
    ...(secrets === undefined ? {} : { secrets }),
  };
}

function firstLayer(text: string): { layer: Layer; match: RegExpExecArray } | undefined {
  const lower = text.toLowerCase();
  for (const layer of layers) {
    const match = execIn(layer.pattern, text, lower);
    if (match !== null) {
      return { layer, match };
    }
  }
  return undefined;
}
