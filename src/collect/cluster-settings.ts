/** How to reach the API server: kubectl's flags, under their names. Everything is optional but the environment. */
export interface ClusterSettings {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly server?: string;
  readonly token?: string;
  readonly as?: string;
  readonly asUid?: string;
  readonly asGroups?: readonly string[];
  /** PEM files of a client certificate and its key, in the place of the kubeconfig user's. */
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly certificateAuthority?: string;
  readonly tlsServerName?: string;
  readonly insecureSkipTlsVerify?: boolean;
  /** Longest wait for one answer, retries and all, in milliseconds; 15 s where it is left out. */
  readonly requestTimeout?: number;
  /** Longest wait for a login plugin, in milliseconds; where it is left out 60 s, and 5 minutes where the user may have to do something. */
  readonly pluginTimeout?: number;
  /** KUBECONFIG, HOME (USERPROFILE, HOMEDRIVE), PATH, HTTPS_PROXY, …, and what a login plugin inherits. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As `process.platform`; decides how paths are split and found. */
  readonly platform?: string;
  /** Where a pod finds its service account's token, authority and namespace; the kubelet's place where it is left out. */
  readonly serviceAccountDirectory?: string;
  /** Whether a login plugin may ask the user something: stdin is a terminal, and nothing that is piped in is taken from us. */
  readonly interactive?: () => boolean;
  /** Told what a login plugin says on stderr, e.g. the address and code of a device login; already made plain. */
  readonly tell?: (text: string) => void;
}

export const defaultRequestTimeout = 15_000;
export const defaultPluginTimeout = { alone: 60_000, withUser: 300_000 } as const;
