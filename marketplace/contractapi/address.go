package contractapi

import (
	"github.com/escrow-go/escrow/marketplace/x402"
	"golang.org/x/crypto/sha3"
)

// keccak is the hash of Ethereum.
func keccak(text []byte) []byte {
	h := sha3.NewLegacyKeccak256()
	_, _ = h.Write(text)
	return h.Sum(nil)
}

// addressOf reads an address as accounts are called here: with the capitals that make
// typing errors visible (EIP-55). One written in small letters alone, or in capitals
// alone, has none to be checked; false when any other is not as it should be.
func addressOf(text string) (string, bool) {
	a, err := x402.ParseAddress(text)
	return a.String(), err == nil
}
