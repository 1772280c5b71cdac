package trainapi

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/opentrain"
)

// question is what a call asks of the runner.
type question struct {
	escrowrun.Request
	caller Caller
	body   []byte
	// step tells the requests of one call apart.
	step string
}

// told is what a decision tells, whether it was made now or before.
type told struct {
	status   int
	From     escrow.Status   `json:"from"`
	Command  json.RawMessage `json:"command"`
	Contract json.RawMessage `json:"contract"`
	Approval json.RawMessage `json:"approval"`

	contract escrow.Contract
}

// ask has the runner decide. What it answers is read from the stored bytes, so that an
// answer under a key is the same whenever it is given.
func (s *Server) ask(w http.ResponseWriter, r *http.Request, q question) (t told, err error) {
	if q.Key, err = escrowhttp.KeyOf(r); err != nil {
		return t, err
	}
	if q.Key != "" {
		q.Key += q.step
	}
	q.Actor, q.Fingerprint = q.caller.Actor, escrowhttp.Fingerprint(r, q.caller.Actor, q.body)
	a, err := s.Runner.Ask(r.Context(), q.Request)
	s.Metrics.Decided(opentrain.Lifecycle, q.Command.Action(), err)
	if a.Replayed {
		w.Header().Set(escrowhttp.ReplayHeader, "true")
	}
	if err != nil {
		return t, err
	}
	var body struct {
		Decision *told `json:"decision"`
	}
	if err = json.Unmarshal(a.Body, &body); err != nil || body.Decision == nil {
		return t, fmt.Errorf("what the runner has answered: %w", err)
	}
	t = *body.Decision
	t.status = a.Status
	t.contract, err = escrow.ParseContract(t.Contract, opentrain.Lifecycle)
	return t, err
}

// payable refuses an account that has no way to pay.
func (s *Server) payable(r *http.Request, c Caller) error {
	if s.PaymentMethod == nil {
		return nil
	}
	has, billing, err := s.PaymentMethod(r.Context(), c.Actor.Account)
	if err != nil || has {
		return err
	}
	return refuse(http.StatusConflict, PaymentMethodRequired, "the account has no way to pay: add one first", map[string]any{"billingUrl": billing})
}

// writeApproval answers with the approval that a decision waits for.
func (s *Server) writeApproval(w http.ResponseWriter, r *http.Request, t told, message string) error {
	a, err := s.approvalView(r.Context(), t.Approval)
	if err != nil {
		return err
	}
	return write(w, http.StatusAccepted, map[string]any{"approval": a, "message": message})
}

// write answers with a value as JSON.
func write(w http.ResponseWriter, status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	escrowhttp.WriteJSON(w, status, body)
	return nil
}
