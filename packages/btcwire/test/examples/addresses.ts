import {
  type AddrV2,
  addressKey,
  formatHostAddress,
  fromHex,
  netgroupOf,
  parseHostAddress,
  serviceNamesOf,
  usableAddresses,
} from "@satwire/btcwire";

const onion = parseHostAddress(
  "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion:8333",
);
const received: AddrV2 = {
  type: "addrv2",
  addresses: [
    { time: 1_700_000_000, services: 0x809n, networkID: 1, addr: fromHex("05060708"), port: 8333 },
    { time: 1_700_000_000, services: 0x9n, networkID: 1, addr: fromHex("c0a80001"), port: 8333 },
    { time: 1_700_000_000, services: 0x9n, ...onion },
  ],
};

// 192.168.0.1 is nobody's on the Internet: what a peer says must not lead into one's own network.
export const found: string[] = usableAddresses(received).map(
  (address) => `${formatHostAddress(address)} ${serviceNamesOf(address.services).join()}`,
);
// ["5.6.7.8:8333 network,witness,p2pV2", "pg6mmj….onion:8333 network,witness"]

// One text per node, and one per group of nodes that may be one person's.
const mapped = parseHostAddress("[::ffff:5.6.7.8]:8333");
export const key: string = addressKey(mapped); // "5.6.7.8:8333"
export const isNear: boolean = netgroupOf(mapped) === netgroupOf(parseHostAddress("5.6.99.1:1")); // true
