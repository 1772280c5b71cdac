package x402

import (
	"encoding/binary"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
)

// The hashes of the types that are signed (EIP-712, EIP-3009).
var (
	domainType   = keccak([]byte("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"))
	transferType = keccak([]byte("TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"))
)

// digest is what the payer signs: the authorization, for one network's USDC alone.
func (a Authorization) digest(n Network) [32]byte {
	name, version := keccak([]byte(n.TokenName)), keccak([]byte(n.TokenVersion))
	domain := keccak(domainType[:], name[:], version[:], word64(n.ChainID), wordOf(n.Token[:]))
	transfer := keccak(transferType[:], wordOf(a.From[:]), wordOf(a.To[:]), wordOf(a.Value.BigInt().Bytes()),
		word64(a.ValidAfter), word64(a.ValidBefore), a.Nonce[:])
	return keccak([]byte{0x19, 0x01}, domain[:], transfer[:])
}

// wordOf is up to 32 bytes as a word, zeros first.
func wordOf(bytes []byte) []byte {
	word := make([]byte, 32)
	copy(word[32-len(bytes):], bytes)
	return word
}

func word64(n uint64) []byte {
	return wordOf(binary.BigEndian.AppendUint64(nil, n))
}

// Signature is r, s and v of an account that is a key: v is 27 or 28.
type Signature [65]byte

// signer returns who has signed a digest. A signature has one form only: s in the lower
// half, v 27 or 28.
func (s Signature) signer(digest [32]byte) (Address, *Refusal) {
	v := s[64]
	if v != 27 && v != 28 {
		return Address{}, refuse(ReasonSignature, "v is %d, not 27 or 28", v)
	}
	var low secp256k1.ModNScalar
	if low.SetByteSlice(s[32:64]) || low.IsOverHalfOrder() {
		return Address{}, refuse(ReasonSignature, "s is in the upper half, where another form of the same signature lies")
	}
	key, _, err := ecdsa.RecoverCompact(append([]byte{v}, s[:64]...), digest[:])
	if err != nil {
		return Address{}, refuse(ReasonSignature, "nobody can have signed this: %v", err)
	}
	return AddressOfPublic(key), nil
}

// AddressOfPublic returns the account of a public key.
func AddressOfPublic(key *secp256k1.PublicKey) (a Address) {
	sum := keccak(key.SerializeUncompressed()[1:])
	copy(a[:], sum[12:])
	return a
}

// sign signs a digest.
func sign(key *secp256k1.PrivateKey, digest [32]byte) (s Signature) {
	compact := ecdsa.SignCompact(key, digest[:], false)
	copy(s[:], compact[1:])
	s[64] = compact[0]
	return s
}
