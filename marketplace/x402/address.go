package x402

import (
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/crypto/sha3"
)

// Address is an account of an Ethereum chain.
type Address [20]byte

// ParseAddress reads an address: 0x and forty hexadecimal digits. Letters are all small,
// all capitals, or both as String writes them, so that a wrong digit is found.
func ParseAddress(text string) (a Address, err error) {
	if err := readHex(a[:], text); err != nil {
		return Address{}, fmt.Errorf("an address is 0x and 40 hexadecimal digits: %w", err)
	}
	digits := text[2:]
	if digits != strings.ToLower(digits) && digits != strings.ToUpper(digits) && text != a.String() {
		return Address{}, fmt.Errorf("%s is no address: its capitals do not fit its digits, of which one must be wrong", text)
	}
	return a, nil
}

// String returns the address with the capitals that make typing errors visible
// (EIP-55).
func (a Address) String() string {
	text := []byte(hex.EncodeToString(a[:]))
	sum := keccak(text)
	for i, c := range text {
		if digit := sum[i/2] >> (4 * (1 - i%2)) & 15; c >= 'a' && digit >= 8 {
			text[i] = c - 'a' + 'A'
		}
	}
	return "0x" + string(text)
}

// MarshalText writes the address as String does.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads an address as ParseAddress does.
func (a *Address) UnmarshalText(text []byte) (err error) {
	*a, err = ParseAddress(string(text))
	return err
}

// keccak is the hash of Ethereum.
func keccak(parts ...[]byte) (sum [32]byte) {
	h := sha3.NewLegacyKeccak256()
	for _, p := range parts {
		_, _ = h.Write(p)
	}
	h.Sum(sum[:0])
	return sum
}

// readHex reads 0x and exactly as many bytes as there is room for.
func readHex(into []byte, text string) error {
	digits, prefixed := strings.CutPrefix(text, "0x")
	if !prefixed {
		return fmt.Errorf("0x is missing")
	}
	if len(digits) != 2*len(into) {
		return fmt.Errorf("%d digits where %d are expected", len(digits), 2*len(into))
	}
	_, err := hex.Decode(into, []byte(digits))
	return err
}
