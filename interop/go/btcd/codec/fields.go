// What btcd understood of a message, under our names: bytes and texts are hex, numbers of 64 bits are
// texts.
package main

import (
	"encoding/base32"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/btcsuite/btcd/chainhash/v2"
	"github.com/btcsuite/btcd/wire/v2"
)

type object map[string]any

func fieldsOf(message wire.Message) object {
	switch m := message.(type) {
	case *wire.MsgVersion:
		return object{
			"version": m.ProtocolVersion, "services": unsigned(m.Services),
			"timestamp": signed(m.Timestamp.Unix()), "addrRecv": addressOf(&m.AddrYou),
			"addrFrom": addressOf(&m.AddrMe), "nonce": unsigned(m.Nonce),
			"userAgent": text(m.UserAgent), "startHeight": m.LastBlock, "relay": !m.DisableRelayTx,
		}
	case *wire.MsgPing:
		return object{"nonce": unsigned(m.Nonce)}
	case *wire.MsgPong:
		return object{"nonce": unsigned(m.Nonce)}
	case *wire.MsgFeeFilter:
		return object{"feerate": signed(m.MinFee)}
	case *wire.MsgReject:
		fields := object{
			"message": text(m.Cmd), "code": uint8(m.Code), "reason": text(m.Reason), "data": "",
		}
		if m.Cmd == wire.CmdTx || m.Cmd == wire.CmdBlock {
			fields["data"] = hashOf(&m.Hash)
		}
		return fields
	case *wire.MsgAddr:
		return object{"addresses": each(m.AddrList, func(address *wire.NetAddress) object {
			fields := addressOf(address)
			fields["time"] = uint32(address.Timestamp.Unix())
			return fields
		})}
	case *wire.MsgAddrV2:
		return object{"addresses": each(m.AddrList, addressV2Of)}
	case *wire.MsgInv:
		return object{"inventory": each(m.InvList, itemOf)}
	case *wire.MsgGetData:
		return object{"inventory": each(m.InvList, itemOf)}
	case *wire.MsgNotFound:
		return object{"inventory": each(m.InvList, itemOf)}
	case *wire.MsgTx:
		return object{
			"transaction": transactionOf(m), "txid": m.TxHash().String(), "wtxid": m.WitnessHash().String(),
		}
	case *wire.MsgGetBlocks:
		return object{
			"version": m.ProtocolVersion, "locator": hashesOf(m.BlockLocatorHashes),
			"hashStop": hashOf(&m.HashStop),
		}
	case *wire.MsgGetHeaders:
		return object{
			"version": m.ProtocolVersion, "locator": hashesOf(m.BlockLocatorHashes),
			"hashStop": hashOf(&m.HashStop),
		}
	case *wire.MsgHeaders:
		return object{
			"headers": each(m.Headers, headerOf),
			"hashes":  each(m.Headers, func(header *wire.BlockHeader) string { return header.BlockHash().String() }),
		}
	case *wire.MsgBlock:
		return object{
			"header": headerOf(&m.Header), "hash": m.BlockHash().String(),
			"transactions": each(m.Transactions, transactionOf),
			"txids":        each(m.Transactions, (*wire.MsgTx).TxID),
		}
	case *wire.MsgMerkleBlock:
		return object{
			"header": headerOf(&m.Header), "hash": m.Header.BlockHash().String(),
			"totalTransactions": m.Transactions, "hashes": hashesOf(m.Hashes),
			"flags": hex.EncodeToString(m.Flags),
		}
	case *wire.MsgFilterLoad:
		return object{
			"filter": hex.EncodeToString(m.Filter), "nHashFuncs": m.HashFuncs, "nTweak": m.Tweak,
			"nFlags": uint8(m.Flags),
		}
	case *wire.MsgFilterAdd:
		return object{"data": hex.EncodeToString(m.Data)}
	case *wire.MsgGetCFilters:
		return object{
			"filterType": uint8(m.FilterType), "startHeight": m.StartHeight, "stopHash": hashOf(&m.StopHash),
		}
	case *wire.MsgGetCFHeaders:
		return object{
			"filterType": uint8(m.FilterType), "startHeight": m.StartHeight, "stopHash": hashOf(&m.StopHash),
		}
	case *wire.MsgGetCFCheckpt:
		return object{"filterType": uint8(m.FilterType), "stopHash": hashOf(&m.StopHash)}
	case *wire.MsgCFilter:
		return object{
			"filterType": uint8(m.FilterType), "blockHash": hashOf(&m.BlockHash),
			"filterBytes": hex.EncodeToString(m.Data),
		}
	case *wire.MsgCFHeaders:
		return object{
			"filterType": uint8(m.FilterType), "stopHash": hashOf(&m.StopHash),
			"previousFilterHeader": hashOf(&m.PrevFilterHeader),
			"filterHashes":         hashesOf(m.FilterHashes),
		}
	case *wire.MsgCFCheckpt:
		return object{
			"filterType": uint8(m.FilterType), "stopHash": hashOf(&m.StopHash),
			"filterHeaders": hashesOf(m.FilterHeaders),
		}
	}
	return object{} // a message that is all in its command
}

func each[T, R any](items []T, of func(T) R) []R {
	all := make([]R, len(items))
	for i, item := range items {
		all[i] = of(item)
	}
	return all
}

func unsigned[T ~uint64](value T) string { return strconv.FormatUint(uint64(value), 10) }

func signed(value int64) string { return strconv.FormatInt(value, 10) }

func text(value string) string { return hex.EncodeToString([]byte(value)) }

// hashOf has the order of the wire, chainhash's String the other one.
func hashOf(hash *chainhash.Hash) string { return hex.EncodeToString(hash[:]) }

// Not by each: the compiler of Go 1.26 fails on hashOf there.
func hashesOf(hashes []*chainhash.Hash) []string {
	all := make([]string, len(hashes))
	for i, hash := range hashes {
		all[i] = hashOf(hash)
	}
	return all
}

func addressOf(address *wire.NetAddress) object {
	return object{
		"services": unsigned(address.Services), "ip": hex.EncodeToString(address.IP.To16()),
		"port": address.Port,
	}
}

func addressV2Of(address *wire.NetAddressV2) object {
	fields := object{
		"time": uint32(address.Timestamp.Unix()), "services": unsigned(address.Services),
		"networkID": address.Addr.Network()[0], "port": address.Port,
	}
	host := address.Addr.String()
	if len(host) != wire.TorV2EncodedSize {
		fields["text"] = host
	}
	name, isOnion := strings.CutSuffix(host, ".onion")
	if isOnion {
		// The key of Tor v3 comes first, a checksum and a version follow.
		key, err := base32.StdEncoding.DecodeString(strings.ToUpper(name))
		if err != nil {
			panic(err)
		}
		fields["addr"] = hex.EncodeToString(key[:min(len(key), wire.TorV3Size)])
	} else {
		fields["addr"] = hex.EncodeToString(address.ToLegacy().IP)
	}
	return fields
}

func itemOf(item *wire.InvVect) object {
	return object{"type": uint32(item.Type), "hash": hashOf(&item.Hash)}
}

func headerOf(header *wire.BlockHeader) object {
	return object{
		"version": header.Version, "prevBlock": hashOf(&header.PrevBlock),
		"merkleRoot": hashOf(&header.MerkleRoot), "time": uint32(header.Timestamp.Unix()),
		"bits": header.Bits, "nonce": header.Nonce,
	}
}

func transactionOf(tx *wire.MsgTx) object {
	return object{
		"version": uint32(tx.Version),
		"inputs": each(tx.TxIn, func(input *wire.TxIn) object {
			return object{
				"txid": hashOf(&input.PreviousOutPoint.Hash), "vout": input.PreviousOutPoint.Index,
				"scriptSig": hex.EncodeToString(input.SignatureScript), "sequence": input.Sequence,
				"witness": each(input.Witness, hex.EncodeToString),
			}
		}),
		"outputs": each(tx.TxOut, func(output *wire.TxOut) object {
			return object{
				"value": signed(output.Value), "scriptPubKey": hex.EncodeToString(output.PkScript),
			}
		}),
		"lockTime": tx.LockTime,
	}
}
