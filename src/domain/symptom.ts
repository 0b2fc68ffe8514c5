import type { Certainty } from "./certainty.ts";
import type { PullFailure } from "./target.ts";

/** What the text proves beside the cause. Every field is absent unless the text shows it. Values are bounded, and hostile. */
export interface FailureFacts {
  readonly operation?: "resolve" | "token" | "manifest" | "config" | "blob" | "unpack" | "inspect" | "sandbox" | "ping";
  /** The image the text is about, as written there. */
  readonly image?: string;
  /** The URL that failed, without query and userinfo. */
  readonly url?: string;
  /** host[:port] of that URL, or of the address the text names. */
  readonly host?: string;
  /** The host that is not the image's own: a mirror (`?ns=`), a proxy, a token server, a CDN. */
  readonly foreignHost?: "mirror" | "token-server" | "blob-store" | "other";
  readonly address?: string;
  readonly login?: "with" | "without";
  readonly status?: number;
  /** The registry's own error code, e.g. `DENIED`, `toomanyrequests`. */
  readonly registryCode?: string;
  readonly grpcCode?: string;
  /** DNS server that was asked, host:port. */
  readonly resolver?: string;
  /** Name that was looked up. */
  readonly lookedUp?: string;
  readonly proxy?: string;
  readonly certificateNames?: readonly string[];
  readonly certificateExpired?: string;
  readonly nodeTime?: string;
  readonly digest?: string;
  readonly platform?: string;
  readonly mediaType?: string;
  readonly secrets?: readonly string[];
  readonly webhook?: string;
  /** Why a line that was to be explained could not be read as a text. */
  readonly unreadable?: string;
  readonly runtime?: "containerd" | "cri-o" | "docker" | "kubelet";
}

/** What a failure message says, once its wording is recognised. */
export interface Symptom {
  /** A code of the catalogue; an umbrella code where the text does not decide; `unknown` where nothing fits. */
  readonly code: string;
  /** Codes that the text cannot exclude. */
  readonly alternatives: readonly string[];
  /** Never above `likely`, save where the kubelet itself is the source. */
  readonly certainty: Certainty;
  readonly facts: FailureFacts;
  /** The innermost error, bounded. */
  readonly quote: string;
  /** The failure it was read from. */
  readonly failure: PullFailure;
}
