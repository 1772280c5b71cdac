package x402

// Digest is what the payer signs.
func (a Authorization) Digest(n Network) [32]byte { return a.digest(n) }

// Keccak is the hash of Ethereum.
func Keccak(text string) [32]byte { return keccak([]byte(text)) }
