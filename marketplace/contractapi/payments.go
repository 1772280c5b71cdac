package contractapi

import (
	"encoding/json"
	"net/http"

	"github.com/escrow-go/escrow/escrowrun"
)

// Payments is the protocol by which callers pay what a call costs, as x402. What it reads
// goes to the runner, whose rail takes the money.
type Payments interface {
	// Proof returns the payment that a request carries, in the form of the rail, and the
	// idempotency key that the request has by it; both are empty when it carries none. An
	// error says why what it carries is no payment, and goes to Require.
	Proof(r *http.Request) (proof json.RawMessage, key string, err error)
	// Require answers 402: what the payer of a hold, which has no id yet, is asked for.
	// Refused is why the payment before was not taken, nil when there was none.
	Require(w http.ResponseWriter, r *http.Request, h escrowrun.Hold, refused error) error
	// Settled sets the headers of an answer that tell a payer what was paid.
	Settled(w http.ResponseWriter, r *http.Request, proof json.RawMessage) error
}
