package contractapi

import (
	"encoding/hex"
	"strings"

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
	digits, prefixed := strings.CutPrefix(text, "0x")
	small := strings.ToLower(digits)
	raw, err := hex.DecodeString(small)
	if err != nil || !prefixed || len(raw) != 20 {
		return "", false
	}
	own := checksummed(small)
	return own, digits == small || digits == strings.ToUpper(digits) || text == own
}

// checksummed writes forty small hexadecimal digits with their capitals.
func checksummed(small string) string {
	text, sum := []byte(small), keccak([]byte(small))
	for i, c := range text {
		if digit := sum[i/2] >> (4 * (1 - i%2)) & 15; c >= 'a' && digit >= 8 {
			text[i] = c - 'a' + 'A'
		}
	}
	return "0x" + string(text)
}
