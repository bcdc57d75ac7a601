// Brontide speaks lnd's brontide over TCP.
package main

import (
	_ "github.com/lightningnetwork/lnd/brontide"
	_ "github.com/lightningnetwork/lnd/keychain"
)

func main() {}
