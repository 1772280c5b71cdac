package x402

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/escrow-go/escrow/escrowrun"
)

// The headers of the protocols: of a payment, of a 402, and of what was paid.
const (
	HeaderPaymentV1  = "X-PAYMENT"
	HeaderPaymentV2  = "PAYMENT-SIGNATURE"
	HeaderRequiredV2 = "PAYMENT-REQUIRED"
	HeaderSettledV1  = "X-PAYMENT-RESPONSE"
	HeaderSettledV2  = "PAYMENT-RESPONSE"
)

// Proof returns the payment that a request carries, as the proof of a
// [escrowrun.Request], and the key that the request has by it: clients send none, and
// the same payment is the same request. Both are empty when the request carries no
// payment. The error is a [Refusal], to be told with a 402.
func Proof(r *http.Request) (proof json.RawMessage, key string, err error) {
	p, carried, err := paymentOf(r)
	if err != nil || !carried {
		return nil, "", err
	}
	proof, err = json.Marshal(p)
	a := p.Authorization
	return proof, "x402 " + a.From.String() + " " + hex.EncodeToString(a.Nonce[:]), err
}

// paymentOf reads the payment of a request, false when it carries none.
func paymentOf(r *http.Request) (p Payment, carried bool, err error) {
	v1, v2 := r.Header.Values(HeaderPaymentV1), r.Header.Values(HeaderPaymentV2)
	switch headers := append(v1[:len(v1):len(v1)], v2...); len(headers) {
	case 0:
		return Payment{}, false, nil
	case 1:
		p, err = ReadPayment(headers[0])
	default:
		return Payment{}, true, refuse(ReasonPayload, "a request carries one payment, not %d", len(headers))
	}
	switch {
	case err != nil:
		return Payment{}, true, err
	case p.Version == 1 && len(v1) == 0 || p.Version == 2 && len(v2) == 0:
		return Payment{}, true, refuse(ReasonVersion, "a payment of protocol %d in the header of the other", p.Version)
	case p.Resource != "" && !sameTarget(p.Resource, r):
		return Payment{}, true, refuse(ReasonRequirements, "the payment is for %s", clip(p.Resource))
	}
	return p, true, nil
}

// sameTarget reports whether an address has the path and query of a request, whatever
// host it names: that may be another's before a proxy.
func sameTarget(resource string, r *http.Request) bool {
	u, err := url.Parse(resource)
	return err == nil && u.RequestURI() == target(r)
}

// target is the path and query of a request as they were asked for.
func target(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// Require answers 402: what has to be paid, in the body for protocol 1 and in a header
// for protocol 2. A quote that names no resource is for the address of the request.
func Require(w http.ResponseWriter, r *http.Request, q Quote) error {
	if q.Resource == "" {
		q.Resource = "http://" + r.Host + target(r)
		if r.TLS != nil {
			q.Resource = "https://" + r.Host + target(r)
		}
	}
	body, err := q.Body()
	if err != nil {
		return err
	}
	header, err := q.Header()
	if err != nil {
		return err
	}
	w.Header().Set(HeaderRequiredV2, header)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", mimeType)
	w.WriteHeader(http.StatusPaymentRequired)
	_, err = w.Write(append(body, '\n'))
	return err
}

// settledJSON says what was paid.
type settledJSON struct {
	Success     bool   `json:"success"`
	Transaction string `json:"transaction"`
	Network     string `json:"network"`
	Payer       string `json:"payer"`
	Amount      string `json:"amount,omitempty"` // protocol 2
}

// Settled writes the headers by which a client of either protocol learns that a hold was
// paid. They go before the status.
func Settled(w http.ResponseWriter, n Network, t escrowrun.Transfer) error {
	said := settledJSON{Success: t.State == escrowrun.Captured || t.State == escrowrun.Held, Transaction: t.ID, Network: n.Name, Payer: t.Account}
	v1, err := json.Marshal(said)
	if err != nil {
		return err
	}
	said.Network = n.CAIP2()
	if units, refusal := unitsOf(t.Asset, t.Amount); refusal == nil {
		said.Amount = units.String()
	}
	v2, err := json.Marshal(said)
	if err != nil {
		return err
	}
	w.Header().Set(HeaderSettledV1, base64.StdEncoding.EncodeToString(v1))
	w.Header().Set(HeaderSettledV2, base64.StdEncoding.EncodeToString(v2))
	return nil
}
