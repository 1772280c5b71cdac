package contractapi

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/escrow-go/escrow/marketplace/x402"
)

// signer returns the address whose key has signed a message as wallets sign what people
// are shown (EIP-191, personal_sign); false when the signature is none.
func signer(message, signature string) (string, bool) {
	digits, prefixed := strings.CutPrefix(signature, "0x")
	sig, err := hex.DecodeString(digits)
	if err != nil || !prefixed || len(sig) != 65 {
		return "", false
	}
	v := sig[64]
	if v < 27 { // some wallets count from 0
		v += 27
	}
	if v != 27 && v != 28 {
		return "", false
	}
	hash := keccak([]byte("\x19Ethereum Signed Message:\n" + strconv.Itoa(len(message)) + message))
	key, _, err := ecdsa.RecoverCompact(append([]byte{v}, sig[:64]...), hash)
	if err != nil {
		return "", false
	}
	return x402.AddressOfPublic(key).String(), true
}
