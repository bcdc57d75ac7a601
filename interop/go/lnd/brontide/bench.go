// How long brontide.Machine takes, without sockets: both sides in one thread.
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"time"

	"satwire/interop/common/lines"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/brontide"
	"github.com/lightningnetwork/lnd/keychain"
)

// A question is a line of the input: how long `Count` rounds take.
type question struct {
	// Lengths of the messages of one round; none for a handshake.
	Sizes []int `json:"sizes"`
	Count int   `json:"count"`
}

type answer struct {
	Nanoseconds int64 `json:"nanoseconds"`
}

// bench answers until the input ends.
func bench() error {
	runtime.GOMAXPROCS(1)
	dialing, err := newEnd()
	if err != nil {
		return err
	}
	answering, err := newEnd()
	if err != nil {
		return err
	}
	first, second, err := handshake(dialing, answering)
	if err != nil {
		return err
	}
	connected := link{first: first, second: second, body: make([]byte, 1<<17)}
	return lines.Each(func(asked question) error {
		messages := make([][]byte, len(asked.Sizes))
		for i, size := range asked.Sizes {
			messages[i] = bytes.Repeat([]byte{7}, size)
		}
		start := time.Now()
		for range asked.Count {
			if len(messages) == 0 {
				_, _, err = handshake(dialing, answering)
			} else {
				err = connected.carry(messages)
			}
			if err != nil {
				return err
			}
		}
		lines.Tell(answer{Nanoseconds: time.Since(start).Nanoseconds()})
		return nil
	})
}

// A link goes from the first machine to the second. Buffers are used again, as lnd's peers do.
type link struct {
	first, second *brontide.Machine
	wire          bytes.Buffer
	body          []byte
}

func (l *link) carry(messages [][]byte) error {
	for _, message := range messages {
		if err := l.first.WriteMessage(message); err != nil {
			return err
		}
		if _, err := l.first.Flush(&l.wire); err != nil {
			return err
		}
		length, err := l.second.ReadHeader(&l.wire)
		if err != nil {
			return err
		}
		read, err := l.second.ReadBody(&l.wire, l.body[:length])
		if err != nil {
			return err
		}
		if len(read) != len(message) {
			return fmt.Errorf("%d bytes became %d", len(message), len(read))
		}
	}
	return nil
}

func newEnd() (*keychain.PrivKeyECDH, error) {
	key, err := btcec.NewPrivateKey()
	return &keychain.PrivKeyECDH{PrivKey: key}, err
}

func handshake(dialing, answering *keychain.PrivKeyECDH) (first, second *brontide.Machine, err error) {
	first = brontide.NewBrontideMachine(true, dialing, answering.PubKey())
	second = brontide.NewBrontideMachine(false, answering, nil)
	one, err := first.GenActOne()
	if err != nil {
		return nil, nil, err
	}
	if err := second.RecvActOne(one); err != nil {
		return nil, nil, err
	}
	two, err := second.GenActTwo()
	if err != nil {
		return nil, nil, err
	}
	if err := first.RecvActTwo(two); err != nil {
		return nil, nil, err
	}
	three, err := first.GenActThree()
	if err != nil {
		return nil, nil, err
	}
	return first, second, second.RecvActThree(three)
}
