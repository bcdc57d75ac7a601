// Codec reads, writes and makes messages with lnd's lnwire.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"satwire/interop/common/pipe"

	"github.com/lightningnetwork/lnd/lnwire"
)

// Kinds of questions.
const (
	// A message: read, then written again.
	rewrite = 'r'
	// A type (u16), a seed (u64) and a count (u32): so many random messages of lnd's own generator, from
	// this seed on, each behind its length (u32).
	random = 'g'
	// Nothing: which messages there are, as JSON.
	types = 't'
	// A message: its fields as lnd has read them, as JSON. Only of those in fields.go.
	fields = 'f'
)

func main() {
	if err := pipe.Serve(answer); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(kind byte, body []byte) ([]byte, error) {
	switch kind {
	case rewrite:
		message, err := read(body)
		if err != nil {
			return nil, err
		}
		return write(message)
	case random:
		if len(body) < 14 {
			return nil, errors.New("the question is too short")
		}
		return generateMany(
			lnwire.MessageType(binary.BigEndian.Uint16(body)),
			binary.BigEndian.Uint64(body[2:]),
			binary.BigEndian.Uint32(body[10:]),
		)
	case types:
		return json.Marshal(allTypes())
	case fields:
		message, err := read(body)
		if err != nil {
			return nil, err
		}
		named, err := fieldsOf(message)
		if err != nil {
			return nil, err
		}
		return json.Marshal(named)
	}
	return nil, fmt.Errorf("no question of kind %d", kind)
}

// read is lnwire.ReadMessage; a panic is an error too, which begins with "panic".
func read(frame []byte) (message lnwire.Message, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("panic: %v", problem)
		}
	}()
	return lnwire.ReadMessage(bytes.NewReader(frame), 0)
}

// write is lnwire.WriteMessage; its errors begin with "writing".
func write(message lnwire.Message) ([]byte, error) {
	var buffer bytes.Buffer
	if _, err := lnwire.WriteMessage(&buffer, message, 0); err != nil {
		return nil, fmt.Errorf("writing: %w", err)
	}
	return buffer.Bytes(), nil
}
