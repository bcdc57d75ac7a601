// Random messages of btcd's types, as its wire has no generators.
package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"time"

	"github.com/btcsuite/btcd/chainhash/v2"
	"github.com/btcsuite/btcd/wire/v2"
)

// A size says how long lists and byte strings are.
type size int

const (
	some size = iota
	none
	full
)

// Sizes of the first messages; all others have that of the last.
var sizes = []size{none, full, some}

type generator struct {
	*rand.Rand
	size size
	// Of so many lists and byte strings, one is long.
	rarity uint32
}

// message makes one, and says for which protocol version it is to be written.
func (g generator) message(command string) (wire.Message, uint32, error) {
	version := wire.ProtocolVersion
	switch command {
	case wire.CmdVersion:
		if g.Uint32N(4) == 0 {
			version = wire.BIP0037Version - 1 // without relay
		}
		return g.version(), version, nil
	case wire.CmdPing:
		if g.Uint32N(4) == 0 {
			version = wire.BIP0031Version // without nonce
		}
		return wire.NewMsgPing(g.u64()), version, nil
	case wire.CmdVerAck:
		return wire.NewMsgVerAck(), version, nil
	case wire.CmdSendAddrV2:
		return wire.NewMsgSendAddrV2(), version, nil
	case wire.CmdWTxIdRelay:
		return wire.NewMsgWTxIdRelay(), version, nil
	case wire.CmdGetAddr:
		return wire.NewMsgGetAddr(), version, nil
	case wire.CmdMemPool:
		return wire.NewMsgMemPool(), version, nil
	case wire.CmdSendHeaders:
		return wire.NewMsgSendHeaders(), version, nil
	case wire.CmdFilterClear:
		return wire.NewMsgFilterClear(), version, nil
	case wire.CmdAddr:
		return &wire.MsgAddr{AddrList: many(g, 6, wire.MaxAddrPerMsg, func() *wire.NetAddress {
			address := g.netAddress()
			return &address
		})}, version, nil
	case wire.CmdAddrV2:
		return &wire.MsgAddrV2{
			AddrList: many(g, 6, wire.MaxV2AddrPerMsg, g.netAddressV2),
		}, version, nil
	case wire.CmdInv:
		return &wire.MsgInv{InvList: g.inventory()}, version, nil
	case wire.CmdGetData:
		return &wire.MsgGetData{InvList: g.inventory()}, version, nil
	case wire.CmdNotFound:
		return &wire.MsgNotFound{InvList: g.inventory()}, version, nil
	case wire.CmdGetBlocks:
		return &wire.MsgGetBlocks{
			ProtocolVersion:    g.u32(),
			BlockLocatorHashes: many(g, 6, maxLocator, g.hash),
			HashStop:           *g.hash(),
		}, version, nil
	case wire.CmdGetHeaders:
		return &wire.MsgGetHeaders{
			ProtocolVersion:    g.u32(),
			BlockLocatorHashes: many(g, 6, maxLocator, g.hash),
			HashStop:           *g.hash(),
		}, version, nil
	case wire.CmdHeaders:
		return &wire.MsgHeaders{
			Headers: many(g, 6, wire.MaxBlockHeadersPerMsg, func() *wire.BlockHeader {
				header := g.header()
				return &header
			}),
		}, version, nil
	case wire.CmdBlock:
		return &wire.MsgBlock{Header: g.header(), Transactions: many(g, 4, 300, g.smallTx)}, version, nil
	case wire.CmdTx:
		return g.tx(), version, nil
	case wire.CmdPong:
		return wire.NewMsgPong(g.u64()), version, nil
	case wire.CmdFilterAdd:
		return wire.NewMsgFilterAdd(g.bytes(40, wire.MaxFilterAddDataSize)), version, nil
	case wire.CmdFilterLoad:
		return wire.NewMsgFilterLoad(
			g.bytes(40, wire.MaxFilterLoadFilterSize),
			g.upTo(wire.MaxFilterLoadHashFuncs),
			g.u32(),
			wire.BloomUpdateType(g.upTo(math.MaxUint8)),
		), version, nil
	case wire.CmdMerkleBlock:
		return &wire.MsgMerkleBlock{
			Header:       g.header(),
			Transactions: g.u32(),
			Hashes:       many(g, 6, maxMerkleHashes, g.hash),
			Flags:        g.bytes(10, (2*maxMerkleHashes+7)/8),
		}, version, nil
	case wire.CmdReject:
		return g.reject(), version, nil
	case wire.CmdFeeFilter:
		return wire.NewMsgFeeFilter(int64(g.u64())), version, nil
	case wire.CmdGetCFilters:
		return wire.NewMsgGetCFilters(g.filterType(), g.u32(), g.hash()), version, nil
	case wire.CmdGetCFHeaders:
		return wire.NewMsgGetCFHeaders(g.filterType(), g.u32(), g.hash()), version, nil
	case wire.CmdGetCFCheckpt:
		return wire.NewMsgGetCFCheckpt(g.filterType(), g.hash()), version, nil
	case wire.CmdCFilter:
		data := g.bytes(60, wire.MaxCFilterDataSize)
		return wire.NewMsgCFilter(g.filterType(), g.hash(), data), version, nil
	case wire.CmdCFHeaders:
		return &wire.MsgCFHeaders{
			FilterType:       g.filterType(),
			StopHash:         *g.hash(),
			PrevFilterHeader: *g.hash(),
			FilterHashes:     many(g, 6, wire.MaxCFHeadersPerMsg, g.hash),
		}, version, nil
	case wire.CmdCFCheckpt:
		return &wire.MsgCFCheckpt{
			FilterType:    g.filterType(),
			StopHash:      *g.hash(),
			FilterHeaders: many(g, 6, maxCheckpoints, g.hash),
		}, version, nil
	}
	return nil, 0, fmt.Errorf("no generator for %s", command)
}

// Limits that are btcd's own and not exported, or that Bitcoin Core sets lower than btcd does.
const (
	maxLocator      = 101
	maxMerkleHashes = 16_666
	maxCheckpoints  = 100_000
)

func many[T any](g generator, usual, most int, make func() T) []T {
	items := []T{}
	for range g.length(usual, most) {
		items = append(items, make())
	}
	return items
}

func (g generator) length(usual, most int) int {
	switch g.size {
	case none:
		return 0
	case full:
		return most
	}
	if g.Uint32N(g.rarity) == 0 {
		// Around the place where the length takes more than a byte.
		return min(most, 0xfb+g.IntN(4))
	}
	return g.IntN(min(usual, most) + 1)
}

func (g generator) bytes(usual, most int) []byte {
	return many(g, usual, most, func() byte { return byte(g.upTo(math.MaxUint8)) })
}

// upTo makes a number of which the borders are as likely as all others.
func (g generator) upTo(most uint32) uint32 {
	switch g.Uint32N(6) {
	case 0:
		return 0
	case 1:
		return most
	case 2:
		return min(most, g.Uint32N(3))
	}
	return uint32(g.Uint64N(uint64(most) + 1))
}

func (g generator) u32() uint32 {
	if g.Uint32N(4) == 0 {
		return 0x7fff_ffff + g.Uint32N(2)
	}
	return g.upTo(math.MaxUint32)
}

func (g generator) u64() uint64 {
	borders := []uint64{
		0, 0xfc, 0xfd, 0xffff, 0x1_0000, 0xffff_ffff, 0x1_0000_0000, 1<<53 - 1, 1 << 53, 1<<63 - 1, 1 << 63,
		math.MaxUint64,
	}
	if g.Uint32N(2) == 0 {
		return borders[g.IntN(len(borders))]
	}
	return g.Uint64()
}

func (g generator) hash() *chainhash.Hash {
	var hash chainhash.Hash
	switch g.Uint32N(8) {
	case 0: // zeros
	case 1:
		for i := range hash {
			hash[i] = 0xff
		}
	default:
		for i := 0; i < len(hash); i += 8 {
			binary.LittleEndian.PutUint64(hash[i:], g.Uint64())
		}
	}
	return &hash
}

func (g generator) filterType() wire.FilterType {
	return wire.FilterType(g.upTo(math.MaxUint8))
}

func (g generator) header() wire.BlockHeader {
	return wire.BlockHeader{
		Version:    int32(g.u32()),
		PrevBlock:  *g.hash(),
		MerkleRoot: *g.hash(),
		Timestamp:  time.Unix(int64(g.u32()), 0),
		Bits:       g.u32(),
		Nonce:      g.u32(),
	}
}

func (g generator) inventory() []*wire.InvVect {
	types := []wire.InvType{
		wire.InvTypeError, wire.InvTypeTx, wire.InvTypeBlock, wire.InvTypeFilteredBlock,
		wire.InvTypeWitnessBlock, wire.InvTypeWitnessTx, wire.InvTypeFilteredWitnessBlock,
	}
	return many(g, 6, wire.MaxInvPerMsg, func() *wire.InvVect {
		if g.Uint32N(4) == 0 {
			return wire.NewInvVect(wire.InvType(g.u32()), g.hash())
		}
		return wire.NewInvVect(types[g.IntN(len(types))], g.hash())
	})
}

func (g generator) address(length int) []byte {
	address := make([]byte, length)
	for i := range address {
		address[i] = byte(g.upTo(math.MaxUint8))
	}
	return address
}

func (g generator) netAddress() wire.NetAddress {
	ips := []net.IP{nil, g.address(net.IPv4len), g.address(net.IPv6len)}
	return *wire.NewNetAddressTimestamp(
		time.Unix(int64(g.u32()), 0),
		wire.ServiceFlag(g.u64()),
		ips[g.IntN(len(ips))],
		uint16(g.upTo(math.MaxUint16)),
	)
}

// netAddressV2 makes what btcd has types for: IPv4, IPv6, Tor v2 and v3.
func (g generator) netAddressV2() *wire.NetAddressV2 {
	addresses := [][]byte{
		g.address(net.IPv4len), g.address(net.IPv6len), g.address(10), g.address(wire.TorV3Size),
		// Taken for IPv4 and Tor v2.
		append(net.IPv4zero.To16()[:12:12], g.address(4)...),
		append([]byte{0xfd, 0x87, 0xd8, 0x7e, 0xeb, 0x43}, g.address(10)...),
	}
	return wire.NetAddressV2FromBytes(
		time.Unix(int64(g.u32()), 0),
		wire.ServiceFlag(g.u64()),
		addresses[g.IntN(len(addresses))],
		uint16(g.upTo(math.MaxUint16)),
	)
}

func (g generator) version() *wire.MsgVersion {
	return &wire.MsgVersion{
		ProtocolVersion: int32(g.u32()),
		Services:        wire.ServiceFlag(g.u64()),
		Timestamp:       time.Unix(int64(g.u64()), 0),
		AddrYou:         g.netAddress(),
		AddrMe:          g.netAddress(),
		Nonce:           g.u64(),
		UserAgent:       string(g.bytes(30, wire.MaxUserAgentLen)),
		LastBlock:       int32(g.u32()),
		DisableRelayTx:  g.Uint32N(2) == 0,
	}
}

func (g generator) reject() *wire.MsgReject {
	subjects := []string{wire.CmdTx, wire.CmdBlock, wire.CmdVersion, string(g.bytes(12, 300))}
	code := wire.RejectCode(g.upTo(math.MaxUint8))
	reject := wire.NewMsgReject(subjects[g.IntN(len(subjects))], code, string(g.bytes(40, 70_000)))
	reject.Hash = *g.hash()
	return reject
}

// tx makes one with or without witnesses. Without inputs it would be read as something else.
func (g generator) tx() *wire.MsgTx {
	tx := wire.NewMsgTx(int32(g.u32()))
	tx.LockTime = g.u32()
	hasWitness := g.Uint32N(2) == 0
	for range max(1, g.length(3, 300)) {
		input := wire.NewTxIn(wire.NewOutPoint(g.hash(), g.u32()), g.bytes(40, 300), nil)
		input.Sequence = g.u32()
		if hasWitness {
			input.Witness = many(g, 3, 4, func() []byte { return g.bytes(40, 300) })
		}
		tx.AddTxIn(input)
	}
	tx.TxOut = many(g, 3, 300, func() *wire.TxOut {
		return wire.NewTxOut(int64(g.u64()), g.bytes(40, 300))
	})
	return tx
}

// smallTx is one of a block: were it as often a long one as others, blocks would be of megabytes.
func (g generator) smallTx() *wire.MsgTx {
	g.size, g.rarity = some, 500
	return g.tx()
}
