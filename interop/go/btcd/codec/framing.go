// Both ways in which messages are sent: frames of v1, and contents of BIP 324 packets.
package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/wire/v2"
)

type framing struct {
	read  func(framed []byte) (wire.Message, error)
	write func(message wire.Message, version uint32) ([]byte, error)
}

// By the number of the transport.
var framings = map[byte]framing{
	1: {
		read: func(framed []byte) (wire.Message, error) {
			reader := bytes.NewReader(framed)
			_, message, _, err := wire.ReadMessageWithEncodingN(
				reader, wire.ProtocolVersion, wire.MainNet, wire.WitnessEncoding,
			)
			if err == nil && reader.Len() > 0 {
				return nil, fmt.Errorf("%d bytes behind the frame", reader.Len())
			}
			return message, err
		},
		write: func(message wire.Message, version uint32) ([]byte, error) {
			var buffer bytes.Buffer
			_, err := wire.WriteMessageWithEncodingN(
				&buffer, message, version, wire.MainNet, wire.WitnessEncoding,
			)
			return buffer.Bytes(), err
		},
	},
	2: {
		read: func(contents []byte) (wire.Message, error) {
			message, _, err := wire.ReadV2MessageN(
				contents, wire.ProtocolVersion, wire.WitnessEncoding,
			)
			return message, err
		},
		write: func(message wire.Message, version uint32) ([]byte, error) {
			var buffer bytes.Buffer
			_, err := wire.WriteV2MessageN(&buffer, message, version, wire.WitnessEncoding)
			return buffer.Bytes(), err
		},
	},
}

// What btcd has, found by trying.
type words struct {
	// Commands that it can read.
	Reads []string `json:"reads"`
	// Commands of messages that it can write.
	Writes []string `json:"writes"`
	// Short ids of BIP 324 that it reads, and the commands that they stand for.
	ShortIDsRead map[uint8]string `json:"shortIdsRead"`
	// Commands for which it writes a short id.
	ShortIDsWritten map[string]uint8 `json:"shortIdsWritten"`
}

// commands are all of btcd's own: every constant Cmd… of wire.
var commands = []string{
	wire.CmdVersion, wire.CmdVerAck, wire.CmdGetAddr, wire.CmdAddr, wire.CmdAddrV2, wire.CmdGetBlocks,
	wire.CmdInv, wire.CmdGetData, wire.CmdNotFound, wire.CmdBlock, wire.CmdTx, wire.CmdGetHeaders,
	wire.CmdHeaders, wire.CmdPing, wire.CmdPong, wire.CmdMemPool, wire.CmdFilterAdd,
	wire.CmdFilterClear, wire.CmdFilterLoad, wire.CmdMerkleBlock, wire.CmdReject, wire.CmdSendHeaders,
	wire.CmdFeeFilter, wire.CmdGetCFilters, wire.CmdGetCFHeaders, wire.CmdGetCFCheckpt,
	wire.CmdCFilter, wire.CmdCFHeaders, wire.CmdCFCheckpt, wire.CmdSendAddrV2, wire.CmdWTxIdRelay,
}

func vocabularyOf(others []string) words {
	found := words{
		ShortIDsRead:    map[uint8]string{},
		ShortIDsWritten: map[string]uint8{},
	}
	var payloads [][]byte
	for _, command := range union(commands, others) {
		named := append([]byte{0}, make([]byte, wire.CommandSize)...)
		copy(named[1:], command)
		if _, err := framings[2].read(named); !errors.Is(err, wire.ErrUnknownMessage) {
			found.Reads = append(found.Reads, command)
		}
		contents, err := generate(framings[2], 0, 1, command)
		if err != nil {
			continue
		}
		found.Writes = append(found.Writes, command)
		contents = contents[4:]
		if contents[0] == 0 {
			payloads = append(payloads, contents[1+wire.CommandSize:])
			continue
		}
		found.ShortIDsWritten[command] = contents[0]
		payloads = append(payloads, contents[1:])
	}
	for id := 1; id < 256; id++ {
		for _, payload := range payloads {
			message, err := framings[2].read(append([]byte{byte(id)}, payload...))
			if errors.Is(err, wire.ErrUnknownMessage) {
				break
			}
			found.ShortIDsRead[uint8(id)] = "?"
			if err == nil {
				found.ShortIDsRead[uint8(id)] = message.Command()
				break
			}
		}
	}
	return found
}

func union(lists ...[]string) []string {
	var all []string
	seen := map[string]bool{}
	for _, list := range lists {
		for _, item := range list {
			if !seen[item] {
				all = append(all, item)
			}
			seen[item] = true
		}
	}
	return all
}
