import { defineCause } from "./cause.ts";

export const proxyAuthRequired = defineCause({
  code: "proxy-auth-required",
  family: "proxy",
  title: "The proxy wants a login",
  explanation:
    "The HTTP proxy between node and registry answered 407. The login belongs in the proxy URL of the runtime's service; pull secrets are for registries and do not help.",
  retryable: false,
  looks: {
    all: "`Proxy Authentication Required` after the URL",
  },
  toldFrom: {
    unauthorized: "401 comes from the registry, 407 from the proxy",
  },
  wordings: [],
  remedies: () => [
    { title: "Put the proxy's login into the runtime's proxy setting, or exempt the registry with NO_PROXY" },
  ],
  examples: [],
});
