import { type AddressKind, addressKindOfName } from "./address-policy.ts";
import type { Origin } from "./registry-url.ts";

/**
 * From which kind of address somebody is led on: where the leading server is, but never from further inside than what led to it.
 * Through a proxy the address is not known; a name is then taken for public.
 */
export function leadingKind(
  host: { readonly kind: AddressKind | undefined },
  origin: Origin,
  before: AddressKind | undefined,
): AddressKind {
  const own = host.kind ?? addressKindOfName(origin.hostname) ?? "public";
  if (before === undefined) return own;
  const order: readonly AddressKind[] = ["public", "forbidden", "private", "loopback"];
  return order.indexOf(own) < order.indexOf(before) ? own : before;
}
