// BOLT 7 "address descriptor": one byte of type, the data of that type. The first type that is not
// known ends the list for us: it and all that follows stay as one opaque piece. So does a hostname
// that no resolver takes: a stranger's announcement must not make a whole message unreadable.
import {
  type Codec,
  decode,
  DecodeError,
  EncodeError,
  repeated,
  type Writer,
} from "@satwire/codec";
import { prefixed16 } from "./fields.ts";

/** IPv4: 4 bytes of address. */
export interface Ipv4Address {
  readonly type: "ipv4";
  readonly address: Uint8Array;
  readonly port: number;
}

/** IPv6: 16 bytes of address. */
export interface Ipv6Address {
  readonly type: "ipv6";
  readonly address: Uint8Array;
  readonly port: number;
}

/** Tor v2 (deprecated, of no use any more): 10 bytes of address. */
export interface TorV2Address {
  readonly type: "torv2";
  readonly address: Uint8Array;
  readonly port: number;
}

/** Tor v3: 35 bytes of address (public key, checksum, version). */
export interface TorV3Address {
  readonly type: "torv3";
  readonly address: Uint8Array;
  readonly port: number;
}

/** DNS name in ASCII. */
export interface DnsAddress {
  readonly type: "dns";
  readonly hostname: string;
  readonly port: number;
}

/** A descriptor that is not understood, with everything that follows it in the list. */
export interface OpaqueAddress {
  readonly type: "opaque";
  /** The first byte is the descriptor's type. */
  readonly data: Uint8Array;
}

/** Where a node can be reached, as announced: nothing here has been looked up or tried. */
export type Address =
  | Ipv4Address
  | Ipv6Address
  | TorV2Address
  | TorV3Address
  | DnsAddress
  | OpaqueAddress;

type FixedType = "ipv4" | "ipv6" | "torv2" | "torv3";

const fixed: Record<FixedType, readonly [descriptor: number, length: number]> = {
  ipv4: [1, 4],
  ipv6: [2, 16],
  torv2: [3, 10],
  torv3: [4, 35],
};
const dnsDescriptor = 5;

/** One address descriptor. */
export const address: Codec<Address> = {
  read(reader) {
    const start = reader.offset;
    const descriptor = reader.u8();
    for (const type of Object.keys(fixed) as FixedType[]) {
      const [known, length] = fixed[type];
      if (known === descriptor) return { type, address: reader.take(length), port: reader.u16() };
    }
    if (descriptor === dnsDescriptor) {
      const hostname = String.fromCharCode(...reader.take(reader.u8()));
      const port = reader.u16();
      if (isHostname(hostname)) return { type: "dns", hostname, port };
    }
    reader.rest();
    return { type: "opaque", data: reader.bytes.subarray(start, reader.offset) };
  },
  write(writer, value) {
    if (value.type === "opaque") {
      writeOpaque(writer, value.data);
    } else if (value.type === "dns") {
      writer.u8(dnsDescriptor);
      writeHostname(writer, value.hostname);
      writer.u16(value.port);
    } else {
      const [descriptor, length] = fixed[value.type];
      if (value.address.length !== length) {
        const text = `${value.type} has ${length} bytes, got ${value.address.length}`;
        throw new EncodeError("wrong_length", text);
      }
      writer.u8(descriptor);
      writer.put(value.address);
      writer.u16(value.port);
    }
  },
};

const list: Codec<readonly Address[]> = /* @__PURE__ */ repeated(address);

const addresses: Codec<readonly Address[]> = {
  read: (reader) => list.read(reader),
  write(writer, value) {
    if (value.slice(0, -1).some(({ type }) => type === "opaque")) {
      throw new EncodeError("invalid_value", "nothing may follow an opaque address");
    }
    list.write(writer, value);
  },
};

/** `addresses` of a `node_announcement`, behind their `u16` length in bytes. */
export const addressList: Codec<readonly Address[]> = /* @__PURE__ */ prefixed16(addresses);

/** Text such as `1.2.3.4:9735`, `[2001:db8::1]:9735`, `abc….onion:9735`; undefined if opaque. */
export function formatAddress(value: Address): string | undefined {
  switch (value.type) {
    case "ipv4":
      return `${value.address.join(".")}:${value.port}`;
    case "ipv6":
      return `[${formatIpv6(value.address)}]:${value.port}`;
    case "torv2":
    case "torv3":
      return `${base32(value.address)}.onion:${value.port}`;
    case "dns":
      return `${value.hostname}:${value.port}`;
    case "opaque":
      return undefined;
  }
}

function writeOpaque(writer: Writer, data: Uint8Array): void {
  if (!isOpaque(data)) {
    const text = `opaque data cannot start with ${data[0] ?? "nothing"}: that is another address`;
    throw new EncodeError("invalid_value", text);
  }
  writer.put(data);
}

// What is read back as another address, or not at all, must not be written as an opaque one.
function isOpaque(data: Uint8Array): boolean {
  try {
    return decode(address, data).type === "opaque";
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

function writeHostname(writer: Writer, hostname: string): void {
  if (!isHostname(hostname)) {
    throw new EncodeError("invalid_value", `${JSON.stringify(hostname)} is no ASCII hostname`);
  }
  writer.u8(hostname.length);
  for (let i = 0; i < hostname.length; i++) writer.u8(hostname.charCodeAt(i));
}

function isHostname(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,255}$/.test(text);
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`. */
function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number)).toString(16),
  );
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return groups.join(":");
  const head = groups.slice(0, best.start).join(":");
  return `${head}::${groups.slice(best.start + best.length).join(":")}`;
}

/** RFC 4648 base32 in lower case, without padding. */
function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let buffer = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) {
      text += "abcdefghijklmnopqrstuvwxyz234567".charAt((buffer >> (bits - 5)) & 31);
    }
  }
  return text;
}
