package escrowhttp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/go-json-experiment/json/jsontext"
)

// errNoApproval is the refusal of an approval that does not exist, or not for this actor.
var errNoApproval = escrow.NewRefusal(escrow.NotFound, escrow.ApprovalNotFound, "there is no approval of this id", nil)

// approval shows an approval.
func (s *Server) approval(f *family) handle {
	return func(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
		stored, c, err := s.findApproval(r.Context(), f, r.PathValue("approval"))
		if err == nil {
			if c, err = s.shown(f, c, actor); errors.Is(err, escrow.ContractNotFound) {
				err = errNoApproval
			}
		}
		if err != nil {
			return f.refused(err)
		}
		record := stored.Record
		if now, kept := c.Approval(stored.ID); kept {
			if record, err = now.MarshalJSON(); err != nil {
				return err
			}
		}
		return write(w, map[string]any{"approval": record})
	}
}

// findApproval returns an approval of a family's contract, and the contract.
func (s *Server) findApproval(ctx context.Context, f *family, id string) (a escrowsql.Approval, c escrow.Contract, err error) {
	if a, err = s.store().Approval(ctx, id); err == nil {
		c, err = s.store().Find(ctx, a.ContractID)
	}
	if errors.Is(err, escrowsql.ErrNotFound) || err == nil && c.Lifecycle().Name() != f.name {
		err = errNoApproval
	}
	return a, c, err
}

// answer answers an approval: the command of an action whose approval the address names.
func (s *Server) answer(f *family, action escrow.Action) handle {
	return func(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
		id := r.PathValue("approval")
		q, err := s.request(r, actor)
		if err != nil {
			return err
		}
		text, err := ReadBody(r)
		var members map[string]jsontext.Value
		if err == nil {
			err = Decode(text, &members)
		}
		if err != nil {
			return err
		}
		if members == nil {
			members = map[string]jsontext.Value{}
		}
		for name, value := range map[string]string{"action": string(action), "approvalId": id} {
			if _, twice := members[name]; twice {
				return invalid(name, "is no field here: the address names it")
			}
			members[name] = quoted(value)
		}
		_, c, err := s.findApproval(r.Context(), f, id)
		if err != nil {
			return f.refused(err)
		}
		full, err := json.Marshal(members)
		if err != nil {
			return err
		}
		if q.Command, err = s.parse(c.Lifecycle(), full); err != nil && !escrow.Visible(c, actor) {
			err = errNoApproval
		}
		if err != nil {
			return f.refused(err)
		}
		q.Contract, q.Fingerprint = c.ID(), Fingerprint(r, actor, text)
		err = s.ask(w, r, f, q, http.StatusOK)
		if p := ProblemOf(err); p != nil && p.Reason == string(escrow.ContractNotFound) {
			err = f.refused(errNoApproval) // as of an approval that there is not
		}
		return err
	}
}
