// V2transport speaks btcd's BIP 324 transport over TCP, one connection per order. Orders are lines of
// JSON on standard input; what happens is told in lines of JSON on standard output, both with the
// number of the connection. It ends when its input does.
package main

import (
	"fmt"
	"os"

	"satwire/interop/common/lines"
)

// An order is to be one side of one connection.
type order struct {
	ID int `json:"id"`
	// Address to dial. Without one, it listens for one connection.
	Dial string `json:"dial"`
	// The network's magic, as btcd has it: little-endian.
	Magic uint32 `json:"magic"`
	// Length of the garbage.
	Garbage int `json:"garbage"`
	// Lengths of the decoys in front of the version packet.
	Decoys []int `json:"decoys"`
	// Lengths of the decoys in front of every other packet.
	Between []int `json:"between"`
	// Whether to send back the contents of every packet.
	Echo bool `json:"echo"`
	// Seed and lengths of what is sent besides: see contents.
	Seed  uint32 `json:"seed"`
	Sizes []int  `json:"sizes"`
}

// A fact is something that happened on a connection.
type fact struct {
	ID int `json:"id"`
	// One of "listening", "ready" and "end", after which nothing follows.
	Event string `json:"event"`
	// Of "listening".
	Port int `json:"port,omitempty"`
	// Of "ready", in hex.
	SessionID string `json:"sessionId,omitempty"`
	// Of "end": what it was at, "connect", "handshake" or "packets", and why it ended.
	Stage string `json:"stage,omitempty"`
	Error string `json:"error,omitempty"`
	// Of "end": what btcd says of trying again with v1.
	Downgrade bool `json:"downgrade,omitempty"`
	// Of "end": the packets that came, and the SHA-256 of them all, each with its length (u32,
	// big-endian) in front.
	Received int    `json:"received,omitempty"`
	Digest   string `json:"digest,omitempty"`
}

func main() {
	err := lines.Each(func(o order) error {
		go carryOut(o)
		return nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
