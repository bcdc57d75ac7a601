// Brontide speaks lnd's brontide over TCP, and measures it.
//
//	brontide listen                        listens on a free port of 127.0.0.1
//	brontide dial <public key> <address>   dials once
//	brontide bench                         answers the questions of bench.go
//
// Its output is lines of JSON. It ends when its standard input does.
package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"satwire/interop/common/lines"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/brontide"
	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwire"
)

// An event is a line of the output.
type event struct {
	// "ready", "open", "exchanged", "unsent", or "closed", which is the last of a connection.
	Event string `json:"event"`
	// Of the other side; where connections are taken, for "ready".
	Address string `json:"address,omitempty"`
	// Of the other side; our own for "ready".
	Key   string `json:"key,omitempty"`
	Error string `json:"error,omitempty"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "brontide:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 1 && args[0] == "bench" {
		return bench()
	}
	private, err := btcec.NewPrivateKey()
	if err != nil {
		return err
	}
	local := &keychain.PrivKeyECDH{PrivKey: private}
	switch {
	case len(args) == 1 && args[0] == "listen":
		err = listen(local)
	case len(args) == 3 && args[0] == "dial":
		err = dial(local, args[1], args[2])
	default:
		err = errors.New("usage: brontide listen | dial <public key> <address> | bench")
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func listen(local keychain.SingleKeyECDH) error {
	listener, err := brontide.NewListener(local, "127.0.0.1:0", brontide.DisabledBanClosure)
	if err != nil {
		return err
	}
	lines.Tell(event{Event: "ready", Address: listener.Addr().String(), Key: keyText(local.PubKey())})
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				lines.Tell(event{Event: "closed", Error: err.Error()})
				continue
			}
			go serve(conn.(*brontide.Conn))
		}
	}()
	return nil
}

func dial(local keychain.SingleKeyECDH, key, address string) error {
	bytes, err := hex.DecodeString(key)
	if err != nil {
		return err
	}
	remote, err := btcec.ParsePubKey(bytes)
	if err != nil {
		return err
	}
	tcp, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return err
	}
	lines.Tell(event{Event: "ready", Key: keyText(local.PubKey())})
	go func() {
		target := &lnwire.NetAddress{IdentityKey: remote, Address: tcp}
		conn, err := brontide.Dial(local, target, 10*time.Second, net.DialTimeout)
		if err != nil {
			lines.Tell(event{Event: "closed", Error: err.Error()})
			return
		}
		serve(conn)
	}()
	return nil
}

func keyText(key *btcec.PublicKey) string {
	return hex.EncodeToString(key.SerializeCompressed())
}
