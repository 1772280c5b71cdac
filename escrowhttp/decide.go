package escrowhttp

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/go-json-experiment/json/jsontext"
)

// handle is the function of a route that knows who asks.
type handle = func(http.ResponseWriter, *http.Request, escrow.Actor) error

// found founds a contract.
func (s *Server) found(f *family) handle {
	return func(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
		var body struct {
			Draft   map[string]jsontext.Value `json:"draft"`
			Command jsontext.Value            `json:"command"`
		}
		q, err := s.request(r, actor)
		if err != nil {
			return err
		}
		text, err := ReadBody(r)
		if err == nil {
			err = Decode(text, &body)
		}
		if err != nil {
			return err
		}
		q.Fingerprint = Fingerprint(r, actor, text)
		if q.Command, err = s.parse(f.newest(), body.Command); err != nil {
			return f.refused(within("command", body.Command, err))
		}
		if q.Draft, err = s.draft(r, f, body.Draft, &q); err != nil {
			return f.refused(err)
		}
		return s.ask(w, r, f, q, http.StatusCreated)
	}
}

// within says which member is missing, where it is no fault of what is in it.
func within(member string, value []byte, err error) error {
	if len(value) == 0 {
		return invalid(member, "is missing")
	}
	return err
}

// draft reads a draft of the newest version, and has it looked at.
func (s *Server) draft(r *http.Request, f *family, members map[string]jsontext.Value, q *escrowrun.Request) (c escrow.Contract, err error) {
	if members == nil {
		return c, invalid("draft", "is missing")
	}
	if _, named := members["id"]; named && !s.NamedIDs {
		return c, invalid("draft.id", "is made up by the server: leave it out")
	} else if !named {
		members["id"] = jsontext.Value(`"` + newID(q) + `"`)
	}
	if _, named := members["lifecycle"]; !named {
		members["lifecycle"] = jsontext.Value(quoted(f.name))
	}
	text, err := json.Marshal(members)
	if err != nil {
		return c, err
	}
	if c, err = escrow.ParseContract(text, f.newest()); err != nil {
		return c, err
	}
	if !c.IsDraft() { // never let a contract in that somebody says is under way
		return c, invalid("draft", "holds terms only, nothing that rules set")
	}
	if s.Founding != nil {
		return s.Founding(r.Context(), q.Actor, c)
	}
	return c, ordinary(c)
}

// ordinary refuses a draft with another asset or policy than the lifecycle's own.
func ordinary(c escrow.Contract) error {
	l := c.Lifecycle()
	if c.Asset() != l.Spec().Asset {
		return invalid("draft.asset", "must be "+l.Spec().Asset.Code+", or be left out")
	}
	own, err := json.Marshal(c.Policy())
	if err != nil {
		return err
	}
	usual, err := json.Marshal(l.DefaultPolicy())
	if err == nil && !bytes.Equal(own, usual) {
		err = invalid("draft.policy", "is set by the platform: leave it out")
	}
	return err
}

// newID makes up a contract's id: of account and key where there is one, so that a
// founding that goes on after a challenge goes on with the same contract, and one that is
// sent again after its key was forgotten founds no second.
func newID(q *escrowrun.Request) string {
	if q.Key == "" {
		return "c-" + strings.ToLower(rand.Text())
	}
	sum := sha256.Sum256([]byte(accountOf(q.Actor) + "\n" + q.Key + "\n" + q.Fingerprint))
	return "c-" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))[:26]
}

// command asks a command of a contract.
func (s *Server) command(f *family) handle {
	return func(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
		q, err := s.request(r, actor)
		if err != nil {
			return err
		}
		text, err := ReadBody(r)
		if err == nil {
			var any jsontext.Value
			err = Decode(text, &any)
		}
		if err != nil {
			return err
		}
		q.Contract, q.Fingerprint = r.PathValue("contract"), Fingerprint(r, actor, text)
		l, err := s.version(r, f, q.Contract, actor)
		if err != nil {
			return f.refused(err)
		}
		if q.Command, err = s.parse(l, text); err != nil {
			return f.refused(err)
		}
		return s.ask(w, r, f, q, http.StatusOK)
	}
}

// parse reads a command; one that is none is counted as refused.
func (s *Server) parse(l *escrow.Lifecycle, text []byte) (escrow.Command, error) {
	command, err := l.ParseCommand(text)
	var refusal *escrow.Error
	if errors.As(err, &refusal) {
		s.Metrics.Decided(l, refusal.Action(), err)
	}
	return command, err
}

// version returns the version by which a contract's commands are read; the newest where
// there is no such contract for the actor, which the runner then says: it answers what it
// has answered before, also to who was a party then.
func (s *Server) version(r *http.Request, f *family, id string, actor escrow.Actor) (*escrow.Lifecycle, error) {
	c, err := s.store().Find(r.Context(), id)
	switch {
	case errors.Is(err, escrowsql.ErrNotFound):
		return f.newest(), nil
	case err != nil:
		return nil, err
	case c.Lifecycle().Name() != f.name:
		return nil, errNoContract
	case !escrow.Visible(c, actor):
		return f.newest(), nil
	}
	return c.Lifecycle(), nil
}

// request returns what is the same in all requests to the runner.
func (s *Server) request(r *http.Request, actor escrow.Actor) (q escrowrun.Request, err error) {
	q.Actor = actor
	if q.Key, err = KeyOf(r); err != nil {
		return q, err
	}
	proof := r.Header.Get(ProofHeader)
	if proof == "" {
		return q, nil
	}
	q.Proof, err = base64.StdEncoding.DecodeString(proof)
	if err != nil || !json.Valid(q.Proof) {
		return q, invalid(ProofHeader, "must be JSON in base64")
	}
	return q, nil
}

// ask has the runner decide, and writes the answer. Success is the status of a decision
// that waits for nothing.
func (s *Server) ask(w http.ResponseWriter, r *http.Request, f *family, q escrowrun.Request, success int) error {
	a, err := s.Runner.Ask(r.Context(), q)
	s.Metrics.Decided(f.newest(), q.Command.Action(), err)
	if a.Replayed {
		w.Header().Set(ReplayHeader, "true")
	}
	if err != nil {
		return f.refused(s.payers(err, q.Actor))
	}
	if success == http.StatusCreated {
		w.Header().Set("Location", "/lifecycles/"+f.name+"/contracts/"+url.PathEscape(q.Draft.ID()))
	}
	if a.Status == http.StatusAccepted {
		success = a.Status
	}
	WriteJSON(w, success, a.Body)
	return nil
}

// payers keeps a payer's challenge and refusal from others: somebody may ask for what
// somebody else pays.
func (s *Server) payers(err error, actor escrow.Actor) error {
	var payment *escrowrun.PaymentError
	if !errors.As(err, &payment) || payment.Payer == accountOf(actor) {
		return err
	}
	p := ProblemOf(err)
	p.Details = nil
	return p
}

func quoted(text string) []byte {
	q, _ := json.Marshal(text) // text always can be written
	return q
}
