// V2transport speaks btcd's BIP 324 transport over TCP.
package main

import _ "github.com/btcsuite/btcd/v2transport"

func main() {}
