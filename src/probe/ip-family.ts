import { isIP } from "node:net";

/**
 * 4 or 6 for an IP address without brackets, 0 for anything else. As Node's `isIP`, which for every name compiles a large
 * expression that then says no (8 ms, lib/internal/net.js); names are told by their letters first.
 */
export function ipFamily(host: string): 0 | 4 | 6 {
  if (!host.includes(":") && !/^[\d.]+$/.test(host)) return 0;
  const family = isIP(host);
  return family === 4 || family === 6 ? family : 0;
}
