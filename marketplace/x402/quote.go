package x402

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
)

// Scheme is the one way of paying: exactly the amount asked for.
const Scheme = "exact"

// Quote says what one payer has to pay, and for what. As JSON it is one of what a 402
// of protocol 1 accepts.
type Quote struct {
	Network Network
	// PayTo is the account that collects.
	PayTo Address
	// Amount is in smallest units of USDC, a millionth.
	Amount escrow.Amount
	// Resource is the address that is paid for, Description says for people what it is.
	Resource, Description string
	// Timeout is how long the payer's signature has to be good for, in whole seconds.
	Timeout time.Duration
	// Refused is why the payment before was not taken, empty for none.
	Refused string
}

// domainJSON is the domain for which the payer signs.
type domainJSON struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// requirementJSON is a quote in protocol 1.
type requirementJSON struct {
	Scheme            string     `json:"scheme"`
	Network           string     `json:"network"`
	MaxAmountRequired string     `json:"maxAmountRequired"`
	Resource          string     `json:"resource"`
	Description       string     `json:"description"`
	MimeType          string     `json:"mimeType"`
	PayTo             string     `json:"payTo"`
	MaxTimeoutSeconds int64      `json:"maxTimeoutSeconds"`
	Asset             string     `json:"asset"`
	Extra             domainJSON `json:"extra"`
}

// acceptedJSON is a quote in protocol 2, without what is paid for.
type acceptedJSON struct {
	Scheme            string     `json:"scheme"`
	Network           string     `json:"network"`
	Amount            string     `json:"amount"`
	Asset             string     `json:"asset"`
	PayTo             string     `json:"payTo"`
	MaxTimeoutSeconds int64      `json:"maxTimeoutSeconds"`
	Extra             domainJSON `json:"extra"`
}

// resourceJSON is what is paid for, in protocol 2.
type resourceJSON struct {
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
	MimeType    string `json:"mimeType,omitempty"`
}

// requiredJSON is a 402 of either protocol.
type requiredJSON struct {
	Version  int           `json:"x402Version"`
	Error    string        `json:"error"`
	Resource *resourceJSON `json:"resource,omitempty"` // protocol 2
	Accepts  []any         `json:"accepts"`
}

const mimeType = "application/json"

func (q Quote) requirement() requirementJSON {
	return requirementJSON{Scheme: Scheme, Network: q.Network.Name, MaxAmountRequired: q.Amount.String(), Resource: q.Resource,
		Description: q.Description, MimeType: mimeType, PayTo: q.PayTo.String(), MaxTimeoutSeconds: int64(q.Timeout / time.Second),
		Asset: q.Network.Token.String(), Extra: domainJSON{q.Network.TokenName, q.Network.TokenVersion}}
}

func (q Quote) accepted() acceptedJSON {
	return acceptedJSON{Scheme: Scheme, Network: q.Network.CAIP2(), Amount: q.Amount.String(), Asset: q.Network.Token.String(),
		PayTo: q.PayTo.String(), MaxTimeoutSeconds: int64(q.Timeout / time.Second), Extra: domainJSON{q.Network.TokenName, q.Network.TokenVersion}}
}

// told is why the answer is 402.
func (q Quote) told() string {
	if q.Refused == "" {
		return "payment required"
	}
	return q.Refused
}

// Body returns the body of a 402 of protocol 1.
func (q Quote) Body() ([]byte, error) {
	return json.Marshal(requiredJSON{Version: 1, Error: q.told(), Accepts: []any{q.requirement()}})
}

// Header returns the value of the header PAYMENT-REQUIRED of a 402 of protocol 2.
func (q Quote) Header() (string, error) {
	text, err := json.Marshal(requiredJSON{Version: 2, Error: q.told(), Accepts: []any{q.accepted()},
		Resource: &resourceJSON{URL: q.Resource, Description: q.Description, MimeType: mimeType}})
	return base64.StdEncoding.EncodeToString(text), err
}

// MarshalJSON writes the quote.
func (q Quote) MarshalJSON() ([]byte, error) { return json.Marshal(q.requirement()) }

// UnmarshalJSON reads a quote as MarshalJSON writes it. What is not for USDC on a network
// of this package is an error.
func (q *Quote) UnmarshalJSON(text []byte) error {
	var w requirementJSON
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&w); err != nil {
		return fmt.Errorf("a quote: %w", err)
	}
	n, known := networkCalled(w.Network, 1)
	if w.Scheme != Scheme || !known || w.Asset != n.Token.String() {
		return fmt.Errorf("a quote for USDC by %q on a known network is expected, not for %s by %q on %q", Scheme, clip(w.Asset), clip(w.Scheme), clip(w.Network))
	}
	amount, err := readAmount(w.MaxAmountRequired)
	payTo, err2 := ParseAddress(w.PayTo)
	if err := errors.Join(err, err2); err != nil {
		return fmt.Errorf("a quote: %w", err)
	}
	*q = Quote{Network: n, PayTo: payTo, Amount: amount, Resource: w.Resource, Description: w.Description, Timeout: time.Duration(w.MaxTimeoutSeconds) * time.Second}
	return nil
}
