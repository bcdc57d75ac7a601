// Codec reads, writes and makes messages with lnd's lnwire.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"

	"satwire/interop/common/pipe"

	"github.com/lightningnetwork/lnd/lnwire"
	"pgregory.net/rapid"
)

// Kinds of questions.
const (
	// A message: read, then written again.
	rewrite = 'r'
	// A type (u16) and a seed (u64): a random message of lnd's own generator.
	random = 'g'
)

func main() {
	err := pipe.Serve(func(kind byte, body []byte) ([]byte, error) {
		switch kind {
		case rewrite:
			message, err := lnwire.ReadMessage(bytes.NewReader(body), 0)
			if err != nil {
				return nil, err
			}
			return write(message)
		case random:
			return generate(
				lnwire.MessageType(binary.BigEndian.Uint16(body)),
				binary.BigEndian.Uint64(body[2:]),
			)
		}
		return nil, fmt.Errorf("no question of kind %d", kind)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(message lnwire.Message) ([]byte, error) {
	var buffer bytes.Buffer
	_, err := lnwire.WriteMessage(&buffer, message, 0)
	return buffer.Bytes(), err
}

func generate(messageType lnwire.MessageType, seed uint64) ([]byte, error) {
	empty, err := lnwire.MakeEmptyMessage(messageType)
	if err != nil {
		return nil, err
	}
	test, ok := empty.(lnwire.TestMessage)
	if !ok {
		return nil, fmt.Errorf("%T has no generator", empty)
	}
	return write(rapid.Custom(test.RandTestMessage).Example(int(seed)))
}
