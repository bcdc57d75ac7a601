// Codec reads, writes and makes messages with btcd's wire.
package main

import (
	"fmt"
	"os"

	"satwire/interop/common/pipe"

	_ "github.com/btcsuite/btcd/wire/v2"
)

func main() {
	err := pipe.Serve(func(kind byte, _ []byte) ([]byte, error) {
		return nil, fmt.Errorf("no question of kind %d", kind)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
