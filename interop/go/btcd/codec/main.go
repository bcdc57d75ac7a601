// Codec reads, writes and makes messages with btcd's wire.
package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"

	"satwire/interop/common/pipe"

	"github.com/btcsuite/btcd/wire/v2"
)

// Kinds of questions. A framing is one byte: see framings.
const (
	// Commands, between commas: which of them and of its own btcd has, as JSON.
	vocabulary = 'v'
	// A framing and a message in it: read, then written again.
	rewrite = 'r'
	// A framed message of v1: its fields and hashes as JSON.
	fields = 'f'
	// A framing, a seed (u64), a count (u32) and a command: as many random messages, each behind its
	// length (u32). The first has nothing in its lists, the second as much as may be.
	random = 'g'
)

var errTooShort = errors.New("the question is too short")

func main() {
	err := pipe.Serve(func(kind byte, body []byte) (bytes []byte, err error) {
		defer func() {
			if panicked := recover(); panicked != nil {
				err = fmt.Errorf("panic: %v", panicked)
			}
		}()
		return answer(kind, body)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(kind byte, body []byte) ([]byte, error) {
	switch kind {
	case vocabulary:
		return json.Marshal(vocabularyOf(strings.Split(string(body), ",")))
	case fields:
		message, err := framings[1].read(body)
		if err != nil {
			return nil, err
		}
		return json.Marshal(fieldsOf(message))
	}
	if len(body) == 0 {
		return nil, errTooShort
	}
	framing, known := framings[body[0]]
	if !known {
		return nil, fmt.Errorf("no framing %d", body[0])
	}
	body = body[1:]
	switch kind {
	case rewrite:
		message, err := framing.read(body)
		if err != nil {
			return nil, err
		}
		return framing.write(message, wire.ProtocolVersion)
	case random:
		if len(body) < 12 {
			return nil, errTooShort
		}
		return generate(
			framing,
			binary.BigEndian.Uint64(body),
			int(binary.BigEndian.Uint32(body[8:])),
			string(body[12:]),
		)
	}
	return nil, fmt.Errorf("no question of kind %d", kind)
}

func generate(framing framing, seed uint64, count int, command string) ([]byte, error) {
	var all []byte
	g := generator{Rand: rand.New(rand.NewPCG(seed, 0)), rarity: 20}
	for i := range count {
		g.size = sizes[min(i, len(sizes)-1)]
		message, version, err := g.message(command)
		if err != nil {
			return nil, err
		}
		bytes, err := framing.write(message, version)
		if err != nil {
			return nil, err
		}
		all = pipe.AppendItem(all, bytes)
	}
	return all, nil
}
