import { ipFamily } from "./ip-family.ts";

/**
 * What kind of place an address is. `forbidden` is where no server may send anybody: link-local and cloud metadata services,
 * unspecified, multicast and reserved addresses.
 */
export type AddressKind = "public" | "private" | "loopback" | "forbidden";

/** Metadata and agent services that sit outside 169.254.0.0/16: AWS (IPv6), Alibaba, Oracle, Azure's wire server. */
const metadata = new Set(["fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"]);

/** The kind of an IP address as the resolver writes it. Anything that is no address is `forbidden`. */
export function addressKind(address: string): AddressKind {
  const bare = (address.split("%", 1)[0] ?? "").toLowerCase();
  if (metadata.has(bare)) return "forbidden";
  if (ipFamily(bare) === 4) return kindOfIpv4(bare.split(".").map(Number));
  if (ipFamily(bare) === 6) return kindOfIpv6(ipv6Words(bare));
  return "forbidden";
}

// https://www.iana.org/assignments/iana-ipv4-special-registry
function kindOfIpv4(octets: readonly number[]): AddressKind {
  const [a = 0, b = 0, c = 0, d = 0] = octets;
  if (metadata.has(octets.join("."))) return "forbidden";
  if (a === 127) return "loopback";
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return "private";
  // CGNAT, and benchmarking networks that companies use as their own.
  if ((a === 100 && b >= 64 && b < 128) || (a === 198 && (b === 18 || b === 19))) return "private";
  if (a === 0 || a >= 224 || (a === 169 && b === 254) || (a === 192 && b === 0 && c === 0 && d < 8)) return "forbidden";
  return "public";
}

// https://www.iana.org/assignments/iana-ipv6-special-registry
function kindOfIpv6(words: readonly number[]): AddressKind {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0, w5 = 0, w6 = 0, w7 = 0] = words;
  const embedded = [w6 >> 8, w6 & 255, w7 >> 8, w7 & 255];
  const zeros = (w0 | w1 | w2 | w3) === 0;
  if (zeros && (w4 | w5 | w6) === 0) return w7 === 1 ? "loopback" : "forbidden";
  // IPv4-mapped, IPv4-compatible, NAT64 and 6to4 carry an IPv4 address, and that is where they lead.
  if (zeros && w4 === 0 && (w5 === 0xffff || w5 === 0)) return kindOfIpv4(embedded);
  if (zeros && w4 === 0xffff && w5 === 0) return kindOfIpv4(embedded);
  if (w0 === 0x64 && w1 === 0xff9b) return kindOfIpv4(embedded);
  if (w0 === 0x2002) return kindOfIpv4([w1 >> 8, w1 & 255, w2 >> 8, w2 & 255]);
  if ((w0 & 0xfe00) === 0xfc00) return "private";
  if ((w0 & 0xffc0) === 0xfec0) return "private";
  if ((w0 & 0xffc0) === 0xfe80 || (w0 & 0xff00) === 0xff00) return "forbidden";
  return "public";
}

/** The eight 16-bit words of a valid IPv6 address. */
function ipv6Words(address: string): readonly number[] {
  const dotted = /(^|:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const plain = dotted
    ? `${address.slice(0, dotted.index)}${dotted[1]}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`
    : address;
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(Math.max(0, gap)).fill("0"), ...right].map((word) => Number.parseInt(word, 16));
}

function pair(high: string | undefined, low: string | undefined): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}

/**
 * Whether a server at an address of one kind may send us to another: never to metadata and link-local addresses,
 * from the public network only to public ones, from a private network also to private ones, from this machine to all of these.
 * The registry that the image itself names is not judged by this: the user named it.
 */
export function mayLeadTo(from: AddressKind, to: AddressKind): boolean {
  if (to === "forbidden") return false;
  if (to === "public") return true;
  if (to === "private") return from === "private" || from === "loopback";
  return from === "loopback";
}

/** Whether a host name is this machine by its name alone. */
export function isLoopbackName(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || addressKindOfName(hostname) === "loopback";
}

/** The kind of a host that is written as an address; undefined for names. */
export function addressKindOfName(hostname: string): AddressKind | undefined {
  return ipFamily(hostname) === 0 ? undefined : addressKind(hostname);
}
