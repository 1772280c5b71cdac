package contractapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/opencontract"
)

// call is a request to the runner, and how its answer is told.
type call struct {
	escrowrun.Request
	status int
	tell   func(c escrow.Contract) any
}

// request returns what is the same in all requests: who asks, under which key, for what.
func (s *Server) request(r *http.Request, actor escrow.Actor, body []byte) (q escrowrun.Request, refused, err error) {
	q = escrowrun.Request{Contract: r.PathValue("id"), Actor: actor, Fingerprint: escrowhttp.Fingerprint(r, actor, body)}
	if q.Key, err = escrowhttp.KeyOf(r); err != nil || s.Payments == nil {
		return q, nil, err
	}
	var paid string
	if q.Proof, paid, refused = s.Payments.Proof(r); q.Key == "" {
		q.Key = paid // the same payment is the same request
	}
	return q, refused, nil
}

// ask has a request decided, or answers what it costs. Refused is why the payment that it
// carried is none.
func (s *Server) ask(w http.ResponseWriter, r *http.Request, q call, refused error) error {
	if q.Draft.ID() == "" && !printable(q.Contract) {
		return errNoContract
	}
	if s.Payments != nil && len(q.Proof) == 0 {
		holds, err := s.Runner.Quote(r.Context(), q.Request)
		switch {
		case err != nil && !mayBeKept(q, err):
			return s.told(r.Context(), q, err)
		case err == nil && len(holds) > 0:
			return s.Payments.Require(w, r, holds[0], refused)
		}
	}
	a, err := s.Runner.Ask(r.Context(), q.Request)
	s.Metrics.Decided(opencontract.Lifecycle, q.Command.Action(), err)
	if a.Replayed {
		w.Header().Set(escrowhttp.ReplayHeader, "true")
	}
	if err != nil {
		return s.unpaid(w, r, q, err)
	}
	c, err := s.decided(a)
	if err != nil {
		return err
	}
	if s.Payments != nil && len(q.Proof) > 0 {
		if err := s.Payments.Settled(w, r, q.Proof); err != nil && s.Log != nil { // it is decided all the same
			s.Log.WarnContext(r.Context(), "the payer is not told what was paid", "contract", c.ID(), "problem", err)
		}
	}
	if q.status == http.StatusCreated {
		w.Header().Set("Location", "/v1/contracts/"+c.ID())
	}
	return s.answer(w, r, q.status, q.tell(c))
}

// mayBeKept reports whether what is refused now may have been answered before, under its key.
func mayBeKept(q call, err error) bool {
	var refusal *escrow.Error
	return q.Key != "" && errors.As(err, &refusal)
}

// unpaid answers what the runner refuses: in the payment's protocol where that is why.
func (s *Server) unpaid(w http.ResponseWriter, r *http.Request, q call, err error) error {
	var payment *escrowrun.PaymentError
	if s.Payments == nil || !errors.As(err, &payment) {
		return s.told(r.Context(), q, err)
	}
	t := payment.Transfer
	return s.Payments.Require(w, r, escrowrun.Hold{Contract: t.Contract, Payer: payment.Payer, Asset: t.Asset, Amount: t.Amount}, payment)
}

// told returns what a caller is told of an error. Whoever is too late for an open tender,
// which everybody could see, is told so, though its contract is hidden from them now.
func (s *Server) told(ctx context.Context, q call, err error) error {
	accepts := q.Command.Action() == opencontract.Accept{}.Command().Action()
	if !accepts || !errors.Is(err, escrow.ContractNotFound) {
		return err
	}
	c, missing := s.find(ctx, q.Contract)
	if missing != nil || opencontract.AwardMethod.In(c.View()) != opencontract.AwardOpenTender {
		return err
	}
	return &escrowhttp.Problem{Status: http.StatusConflict, Code: string(escrow.Conflict), Reason: string(escrow.WrongStatus), Message: "the open tender is not open any more"}
}

// decided returns the contract that an answer tells, also of one given before.
func (s *Server) decided(a escrowrun.Answer) (escrow.Contract, error) {
	if !a.Replayed {
		return a.Decision.Contract, nil
	}
	var kept struct {
		Decision struct {
			Contract json.RawMessage `json:"contract"`
		} `json:"decision"`
	}
	if err := json.Unmarshal(a.Body, &kept); err != nil {
		return escrow.Contract{}, err
	}
	return escrow.ReadStored(kept.Decision.Contract, s.store().Lifecycles()...)
}

// read reads the body of a call into a value, and returns it as it came.
func read(r *http.Request, into any) ([]byte, error) {
	body, err := escrowhttp.ReadBody(r)
	if err == nil {
		err = escrowhttp.Decode(body, into)
	}
	return body, err
}

// nothing reads the body of a call that has none; an empty object is none, too.
func nothing(r *http.Request) ([]byte, error) {
	if r.ContentLength == 0 {
		_, err := io.Copy(io.Discard, r.Body)
		return nil, err
	}
	_, err := read(r, &struct{}{})
	return nil, err
}
