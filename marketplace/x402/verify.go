package x402

import (
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
)

// margin is how long a payment has to be good for still, so that there is time to
// settle it.
const margin = 6 * time.Second

// Verify reports whether a payment pays a quote now, and is signed by the account that
// pays. The error is a [Refusal]; nil says that it may be settled, not that there is
// enough money, nor that it has not been settled before.
func (p Payment) Verify(q Quote, now time.Time) error {
	a := p.Authorization
	switch at := now.Unix(); {
	case p.Network != q.Network:
		return refuse(ReasonNetwork, "paid on %s, asked for on %s", p.Network.Name, q.Network.Name)
	case a.To != q.PayTo:
		return refuse(ReasonRecipient, "paid to %s, asked for by %s", a.To, q.PayTo)
	case a.Value != q.Amount || a.Value.IsZero():
		return refuse(ReasonValue, "%s units are paid where %s are asked for", a.Value, q.Amount)
	case at < 0 || a.ValidAfter > uint64(at):
		return refuse(ReasonValidAfter, "valid after %d, and it is %d", a.ValidAfter, at)
	case a.ValidBefore < uint64(at)+uint64(margin/time.Second):
		return refuse(ReasonValidBefore, "valid before %d, and it is %d: %d s are needed to settle it", a.ValidBefore, at, margin/time.Second)
	}
	signer, refusal := p.Signature.signer(a.digest(p.Network))
	switch {
	case refusal != nil:
		return refusal
	case signer != a.From:
		return refuse(ReasonSignature, "this is not a signature of %s", a.From)
	}
	return nil
}

// Pay makes the payment that pays a quote, signed by the payer's key, in a version of
// the protocol. The nonce is for this payment alone; it is good from a minute ago, for
// clocks differ, until the quote's timeout.
func Pay(key *secp256k1.PrivateKey, q Quote, version int, nonce [32]byte, now time.Time) Payment {
	p := Payment{Version: version, Network: q.Network, Authorization: Authorization{
		From: AddressOf(key), To: q.PayTo, Value: q.Amount, Nonce: nonce,
		ValidAfter: uint64(now.Add(-time.Minute).Unix()), ValidBefore: uint64(now.Add(q.Timeout).Unix()),
	}}
	if version == 2 {
		p.Resource, p.Timeout = q.Resource, q.Timeout
	}
	p.Signature = sign(key, p.Authorization.digest(p.Network))
	return p
}

// AddressOf returns the account of a key.
func AddressOf(key *secp256k1.PrivateKey) Address { return AddressOfPublic(key.PubKey()) }
