// One connection: the handshake, then packets both ways until the peer sends no more.

package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net"
	"reflect"
	"sync"

	"satwire/interop/common/lines"

	"github.com/btcsuite/btcd/v2transport"
)

// carryOut does what is ordered, and tells of it.
func carryOut(o order) {
	end := fact{ID: o.ID, Event: "end", Stage: "connect"}
	conn, err := connect(o)
	if err == nil {
		err = talk(o, conn, &end)
		_ = conn.Close()
	}
	if err != nil {
		end.Error = err.Error()
	}
	lines.Tell(end)
}

func connect(o order) (net.Conn, error) {
	if o.Dial != "" {
		return net.Dial("tcp", o.Dial)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	lines.Tell(fact{ID: o.ID, Event: "listening", Port: listener.Addr().(*net.TCPAddr).Port})
	return listener.Accept()
}

func talk(o order, conn net.Conn, end *fact) error {
	peer := v2transport.NewPeer()
	peer.UseReadWriter(conn)
	end.Stage = "handshake"
	err := handshake(o, peer)
	end.Downgrade = peer.ShouldDowngradeToV1()
	if err != nil {
		return err
	}
	end.Stage = "packets"
	lines.Tell(fact{ID: o.ID, Event: "ready", SessionID: sessionID(peer)})

	out := &sender{peer: peer, between: o.Between}
	sending := make(chan error, 1)
	go func() {
		sending <- out.sendMade(o.Seed, o.Sizes)
	}()
	err = receive(o, peer, out, end)
	// The peer may have ended its side only.
	if failure := <-sending; failure != nil {
		return failure
	}
	return err
}

func handshake(o order, peer *v2transport.Peer) error {
	network := v2transport.BitcoinNet(o.Magic)
	var err error
	if o.Dial == "" {
		err = peer.RespondV2Handshake(o.Garbage, network)
	} else {
		err = peer.InitiateV2Handshake(o.Garbage)
	}
	if err != nil {
		return err
	}
	return peer.CompleteHandshake(o.Dial != "", o.Decoys, network)
}

func receive(o order, peer *v2transport.Peer, out *sender, end *fact) error {
	digest := sha256.New()
	defer func() {
		end.Digest = hex.EncodeToString(digest.Sum(nil))
	}()
	for {
		contents, err := peer.V2ReceivePacket(nil)
		if err != nil {
			return err
		}
		end.Received++
		_ = binary.Write(digest, binary.BigEndian, uint32(len(contents)))
		_, _ = digest.Write(contents)
		if !o.Echo {
			continue
		}
		if err := out.send(contents); err != nil {
			return err
		}
	}
}

// sessionID reads what btcd keeps, but has no method for.
func sessionID(peer *v2transport.Peer) string {
	return hex.EncodeToString(reflect.ValueOf(peer).Elem().FieldByName("sessionID").Bytes())
}

// A sender keeps packets of two goroutines apart.
type sender struct {
	peer    *v2transport.Peer
	between []int
	mutex   sync.Mutex
}

func (s *sender) send(contents []byte) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, length := range s.between {
		if _, _, err := s.peer.V2EncPacket(make([]byte, length), nil, true); err != nil {
			return err
		}
	}
	_, _, err := s.peer.V2EncPacket(contents, nil, false)
	return err
}

func (s *sender) sendMade(seed uint32, sizes []int) error {
	made := contents{state: seed}
	for _, size := range sizes {
		if err := s.send(made.next(size)); err != nil {
			return err
		}
	}
	return nil
}

// Contents are made by xorshift of 32 bits (13, 17, 5), four bytes of each step, little-endian.
type contents struct {
	state uint32
}

func (c *contents) next(length int) []byte {
	bytes := make([]byte, length+3)
	for at := 0; at < length; at += 4 {
		c.state ^= c.state << 13
		c.state ^= c.state >> 17
		c.state ^= c.state << 5
		binary.LittleEndian.PutUint32(bytes[at:], c.state)
	}
	return bytes[:length]
}
