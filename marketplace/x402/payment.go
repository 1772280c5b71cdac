package x402

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
)

// Authorization lets whoever shows it move USDC, once, from one account to another
// (EIP-3009).
type Authorization struct {
	From, To Address
	// Value is in smallest units of USDC, a millionth.
	Value escrow.Amount
	// ValidAfter and ValidBefore are seconds since 1970.
	ValidAfter, ValidBefore uint64
	// Nonce is the payer's choice, and good for one transfer.
	Nonce [32]byte
}

// Payment is what a payer sends in answer to a quote, whichever version of the protocol
// it came by. As JSON it is the payload of protocol 1.
type Payment struct {
	Version       int
	Network       Network
	Authorization Authorization
	Signature     Signature
	// Resource is the address that the payer pays for, and Timeout the quote's, where
	// they are told: in protocol 2.
	Resource string
	Timeout  time.Duration
}

// maxHeader is the longest header that is read, in bytes.
const maxHeader = 16 << 10

// ReadPayment reads the header of a payment: X-PAYMENT of protocol 1, or
// PAYMENT-SIGNATURE of protocol 2. The error is a [Refusal].
func ReadPayment(header string) (Payment, error) {
	if len(header) > maxHeader {
		return Payment{}, refuse(ReasonPayload, "a payment of %d bytes, more than %d", len(header), maxHeader)
	}
	text, err := base64.StdEncoding.Strict().DecodeString(header)
	if err != nil {
		return Payment{}, refuse(ReasonPayload, "a payment is JSON in base64: %v", err)
	}
	return readPayment(text)
}

// paymentJSON is a payment of either protocol as it is written.
type paymentJSON struct {
	Version  int           `json:"x402Version"`
	Scheme   string        `json:"scheme,omitempty"`   // protocol 1
	Network  string        `json:"network,omitempty"`  // protocol 1
	Resource *resourceJSON `json:"resource,omitempty"` // protocol 2
	Accepted *acceptedJSON `json:"accepted,omitempty"` // protocol 2
	Payload  payloadJSON   `json:"payload"`
}

type payloadJSON struct {
	Signature     string            `json:"signature"`
	Authorization authorizationJSON `json:"authorization"`
}

type authorizationJSON struct {
	From        string `json:"from"`
	To          string `json:"to"`
	Value       string `json:"value"`
	ValidAfter  string `json:"validAfter"`
	ValidBefore string `json:"validBefore"`
	Nonce       string `json:"nonce"`
}

// readPayment reads a payment of either protocol.
func readPayment(text []byte) (Payment, error) {
	var w paymentJSON
	if err := json.Unmarshal(text, &w); err != nil {
		return Payment{}, refuse(ReasonPayload, "a payment is JSON: %v", err)
	}
	scheme, network := w.Scheme, w.Network
	switch w.Version {
	case 1:
	case 2:
		if w.Accepted == nil {
			return Payment{}, refuse(ReasonPayload, "a payment of protocol 2 says under accepted what it answers")
		}
		scheme, network = w.Accepted.Scheme, w.Accepted.Network
	default:
		return Payment{}, refuse(ReasonVersion, "x402Version is %d, not 1 or 2", w.Version)
	}
	if scheme != Scheme {
		return Payment{}, refuse(ReasonScheme, "the scheme is %q, not %q", clip(scheme), Scheme)
	}
	n, known := networkCalled(network, w.Version)
	if !known {
		return Payment{}, refuse(ReasonNetwork, "no payments are taken on %q", clip(network))
	}
	p := Payment{Version: w.Version, Network: n}
	if err := w.Payload.read(&p); err != nil {
		return Payment{}, err
	}
	if w.Version == 2 {
		return p, w.answers(&p)
	}
	return p, nil
}

// answers checks that a payment of protocol 2 is what it says it answers.
func (w *paymentJSON) answers(p *Payment) error {
	if w.Resource != nil {
		p.Resource = w.Resource.URL
	}
	p.Timeout = time.Duration(min(max(w.Accepted.MaxTimeoutSeconds, 0), math.MaxInt32)) * time.Second
	asset, err := ParseAddress(w.Accepted.Asset)
	payTo, err2 := ParseAddress(w.Accepted.PayTo)
	if errors.Join(err, err2) != nil || asset != p.Network.Token || payTo != p.Authorization.To || w.Accepted.Amount != p.Authorization.Value.String() {
		return refuse(ReasonRequirements, "what is signed is not what accepted says")
	}
	return nil
}

// read reads what is signed, and the signature.
func (w *payloadJSON) read(p *Payment) error {
	var err [6]error
	a := &p.Authorization
	a.From, err[0] = ParseAddress(w.Authorization.From)
	a.To, err[1] = ParseAddress(w.Authorization.To)
	a.Value, err[2] = readAmount(w.Authorization.Value)
	a.ValidAfter, err[3] = readSeconds(w.Authorization.ValidAfter)
	a.ValidBefore, err[4] = readSeconds(w.Authorization.ValidBefore)
	err[5] = readHex(a.Nonce[:], w.Authorization.Nonce)
	for i, field := range [6]string{"from", "to", "value", "validAfter", "validBefore", "nonce"} {
		if err[i] != nil {
			return refuse(ReasonPayload, "authorization.%s: %v", field, err[i])
		}
	}
	return readSignature(&p.Signature, w.Signature)
}

// readSignature reads a signature of a key; v may be written as 0 and 1, too.
func readSignature(s *Signature, text string) error {
	long, err := hex.DecodeString(text[min(2, len(text)):])
	switch {
	case err == nil && len(long) >= 32 && bytes.Equal(long[len(long)-32:], undeployed):
		return refuse(ReasonContractWallet, "signatures of wallets that are contracts and not deployed yet (EIP-6492) are not taken")
	case err == nil && len(long) > len(s):
		return refuse(ReasonContractWallet, "signatures of wallets that are contracts (EIP-1271) are not taken: a key's has %d bytes, not %d", len(s), len(long))
	}
	if err := readHex(s[:], text); err != nil {
		return refuse(ReasonSignature, "a signature is 0x and %d hexadecimal digits: %v", 2*len(s), err)
	}
	if s[64] < 2 {
		s[64] += 27
	}
	return nil
}

// undeployed ends the signature of a wallet that is not deployed yet (EIP-6492).
var undeployed = bytes.Repeat([]byte{0x64, 0x92}, 16)

// readAmount reads an amount of smallest units: digits alone, written in one way only.
func readAmount(text string) (escrow.Amount, error) {
	if err := digits(text); err != nil {
		return escrow.Amount{}, err
	}
	units, _ := new(big.Int).SetString(text, 10)
	return escrow.AmountOf(units)
}

// readSeconds reads an instant.
func readSeconds(text string) (uint64, error) {
	if err := digits(text); err != nil {
		return 0, err
	}
	return strconv.ParseUint(text, 10, 63)
}

// digits reports whether a text is a number as it is written here: digits alone, no
// more than a uint256 can have, and no zero before others.
func digits(text string) error {
	if text == "" || len(text) > 78 || len(text) > 1 && text[0] == '0' {
		return errors.New("a whole number in decimal digits is expected")
	}
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return errors.New("a whole number in decimal digits is expected")
		}
	}
	return nil
}

// clip shortens what somebody sent, to be repeated in an answer.
func clip(text string) string { return text[:min(len(text), 40)] }

// MarshalJSON writes the payment as the payload of its protocol. The text of a payment
// is always the same.
func (p Payment) MarshalJSON() ([]byte, error) {
	a := p.Authorization
	w := paymentJSON{Version: p.Version, Scheme: Scheme, Network: p.Network.Name, Payload: payloadJSON{
		Signature: "0x" + hex.EncodeToString(p.Signature[:]),
		Authorization: authorizationJSON{From: a.From.String(), To: a.To.String(), Value: a.Value.String(), ValidAfter: strconv.FormatUint(a.ValidAfter, 10),
			ValidBefore: strconv.FormatUint(a.ValidBefore, 10), Nonce: "0x" + hex.EncodeToString(a.Nonce[:])},
	}}
	if p.Version == 2 {
		w.Scheme, w.Network = "", ""
		q := Quote{Network: p.Network, PayTo: a.To, Amount: a.Value, Timeout: p.Timeout}
		accepted := q.accepted()
		w.Accepted = &accepted
		if p.Resource != "" {
			w.Resource = &resourceJSON{URL: p.Resource}
		}
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads a payment of either protocol. The error is a [Refusal].
func (p *Payment) UnmarshalJSON(text []byte) (err error) {
	*p, err = readPayment(text)
	return err
}

// Header returns the header in which the payment is sent: its name and its value.
func (p Payment) Header() (name, value string, err error) {
	name = HeaderPaymentV1
	if p.Version == 2 {
		name = HeaderPaymentV2
	}
	text, err := json.Marshal(p)
	return name, base64.StdEncoding.EncodeToString(text), err
}
