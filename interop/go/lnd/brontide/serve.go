// What is done with a connection: what its first message, an order, says.
package main

import (
	"bytes"
	"crypto/sha3"
	"encoding/json"
	"errors"
	"fmt"

	"satwire/interop/common/lines"

	"github.com/lightningnetwork/lnd/brontide"
)

// An order is the first message of a connection, in JSON.
type order struct {
	// Send back all that follows.
	Echo bool `json:"echo"`
	// Else: send these and expect those, both at once.
	Send   batch `json:"send"`
	Expect batch `json:"expect"`
}

// A batch is messages that both sides can make.
type batch struct {
	Label string `json:"label"`
	Sizes []int  `json:"sizes"`
}

func (b batch) message(index int) []byte {
	return sha3.SumSHAKE256(fmt.Appendf(nil, "%s:%d", b.Label, index), b.Sizes[index])
}

func serve(conn *brontide.Conn) {
	address := conn.RemoteAddr().String()
	lines.Tell(event{Event: "open", Address: address, Key: keyText(conn.RemotePub())})
	err := obey(conn)
	_ = conn.Close()
	lines.Tell(event{Event: "closed", Address: address, Error: err.Error()})
}

// obey returns why the connection has ended.
func obey(conn *brontide.Conn) error {
	text, err := conn.ReadNextMessage()
	if err != nil {
		return err
	}
	var what order
	if err := json.Unmarshal(text, &what); err != nil {
		return err
	}
	if what.Echo {
		return echo(conn)
	}
	if err := exchange(conn, what); err != nil {
		return err
	}
	lines.Tell(event{Event: "exchanged", Address: conn.RemoteAddr().String()})
	rest, err := conn.ReadNextMessage()
	if err == nil {
		return fmt.Errorf("%d bytes more than expected", len(rest))
	}
	return err
}

func echo(conn *brontide.Conn) error {
	for {
		message, err := conn.ReadNextMessage()
		if err != nil {
			return err
		}
		if err := send(conn, message); err != nil {
			return err
		}
	}
}

func exchange(conn *brontide.Conn, what order) error {
	sent := make(chan error, 1)
	go func() { sent <- sendAll(conn, what.Send) }()
	if err := receiveAll(conn, what.Expect); err != nil {
		return err // closing the connection ends the other direction
	}
	return <-sent
}

func sendAll(conn *brontide.Conn, what batch) error {
	for index := range what.Sizes {
		err := send(conn, what.message(index))
		if errors.Is(err, brontide.ErrMaxMessageLengthExceeded) {
			address := conn.RemoteAddr().String()
			lines.Tell(event{Event: "unsent", Address: address, Error: err.Error()})
		} else if err != nil {
			return err
		}
	}
	return nil
}

// receiveAll reads as lnd's peers do: the header, then the body into a buffer that is used again.
func receiveAll(conn *brontide.Conn, what batch) error {
	buffer := make([]byte, 1<<17)
	for index := range what.Sizes {
		length, err := conn.ReadNextHeader()
		if err != nil {
			return err
		}
		message, err := conn.ReadNextBody(buffer[:length])
		if err != nil {
			return err
		}
		if !bytes.Equal(message, what.message(index)) {
			return fmt.Errorf("message %d is not what was expected", index)
		}
	}
	return nil
}

func send(conn *brontide.Conn, message []byte) error {
	if err := conn.WriteMessage(message); err != nil {
		return err
	}
	_, err := conn.Flush()
	return err
}
