// Which messages lnd has, and random ones of its own generators.
package main

import (
	"fmt"

	"satwire/interop/common/pipe"

	"github.com/lightningnetwork/lnd/lnwire"
	"pgregory.net/rapid"
)

// A kind is one type of message of lnd.
type kind struct {
	ID uint16 `json:"id"`
	// The name of the Go type, e.g. "Ping".
	Name string `json:"name"`
	// Whether lnd has a generator of random ones.
	Random bool `json:"random"`
}

// allTypes asks lnd for each of the 65536 numbers. Those whose messages are any bytes are one entry: the
// first of them.
func allTypes() []kind {
	var kinds []kind
	hasCustom := false
	for id := 0; id <= 0xffff; id++ {
		message, err := lnwire.MakeEmptyMessage(lnwire.MessageType(id))
		if err != nil {
			continue
		}
		if _, isCustom := message.(*lnwire.Custom); isCustom {
			if hasCustom {
				continue
			}
			hasCustom = true
		}
		_, isRandom := message.(lnwire.TestMessage)
		name := fmt.Sprintf("%T", message)[len("*lnwire."):]
		kinds = append(kinds, kind{ID: uint16(id), Name: name, Random: isRandom})
	}
	return kinds
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

func generateMany(messageType lnwire.MessageType, seed uint64, count uint32) ([]byte, error) {
	var all []byte
	for i := range uint64(count) {
		frame, err := generate(messageType, seed+i)
		if err != nil {
			return nil, err
		}
		all = pipe.AppendItem(all, frame)
	}
	return all, nil
}
