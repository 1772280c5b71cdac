package trainapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
)

// firstMilestone is the id of the milestone that a hire begins with.
const firstMilestone = "m1"

// milestoneTerms are what a call says of a milestone.
type milestoneTerms struct {
	name, description string
	amount            decimal.NullDecimal
	due               time.Time
}

func (m milestoneTerms) draft(p Proposal) escrow.Contract {
	return opentrain.Terms{ID: p.contract, Client: p.Account, Worker: p.Trainer, Title: p.Title, JobID: p.JobID, ProposalID: p.ID,
		Milestones: []opentrain.MilestoneTerms{m.terms(firstMilestone)}}.Draft()
}

func (m milestoneTerms) terms(id string) opentrain.MilestoneTerms {
	return opentrain.MilestoneTerms{ID: id, Name: m.name, Description: m.description, Amount: m.amount, DueDate: m.due}
}

// again is the hire with these terms of what is proposed already.
func (m milestoneTerms) again() escrow.Command {
	return opentrain.Hire{Changes: &opentrain.Changes{Name: m.name, Description: m.description, Amount: m.amount, DueDate: m.due}}.Command()
}

// hireFields are the engine's fields as a hire names them.
var hireFields = map[string]string{
	"milestones[0].name": "milestone.name", "milestones[0].description": "milestone.description",
	"milestones[0].amount": "milestone.amount", "milestones[0].dueDate": "milestone.dueDate", "milestones": "milestone",
}

// hire asks for the trainer of a proposal.
func (s *Server) hire(w http.ResponseWriter, r *http.Request, c Caller) error {
	body, terms, err := readHire(r)
	if err != nil {
		return err
	}
	q := question{caller: c, body: body}
	// A proposal is read again where its contract was not hired by, or somebody else reserved.
	for range 3 {
		p, err := s.proposal(r.Context(), r.PathValue("proposalId"), c.Actor.Account)
		if err != nil {
			return err
		}
		old, founded, err := s.hired(r, p)
		switch {
		case err != nil:
			return err
		case p.contract == "" || founded && old.Status() == opentrain.NotHired:
			if err := s.reserve(r.Context(), p); err != nil {
				return err
			}
			continue
		case founded:
			q.Contract, q.Command = p.contract, terms.again()
		default:
			if q.Draft, err = s.draftOf(r.Context(), p, terms); err != nil {
				return err
			}
			q.Command = opentrain.Hire{}.Command()
		}
		if err := s.payable(r, c); err != nil {
			return err
		}
		return s.answerHire(w, r, q, terms, p)
	}
	return escrowrun.ErrBusy
}

// hired returns the contract of a proposal's last hire, false when there is none yet.
func (s *Server) hired(r *http.Request, p Proposal) (c escrow.Contract, founded bool, err error) {
	if p.contract == "" {
		return c, false, nil
	}
	return s.own(r.Context(), p.contract, p.Account)
}

// answerHire asks, and answers with the approval.
func (s *Server) answerHire(w http.ResponseWriter, r *http.Request, q question, terms milestoneTerms, p Proposal) error {
	a, err := s.ask(w, r, q)
	if err == nil && a.From != "" && !strings.Contains(string(a.Command), `"milestone"`) {
		// Somebody else has founded it meanwhile, perhaps by other terms: these are asked for
		// under a key of their own, so that the same request again is answered by the same.
		q.Contract, q.Draft, q.Command, q.step = p.contract, escrow.Contract{}, terms.again(), "/terms"
		a, err = s.ask(w, r, q)
	}
	if p := escrowhttp.ProblemOf(err); p != nil && p.Reason == string(escrow.WrongStatus) {
		err = refuse(http.StatusConflict, AlreadyHired, "the proposal is hired from already", map[string]any{"proposalId": r.PathValue("proposalId")})
	}
	if err != nil {
		return renamed(err, hireFields)
	}
	return s.writeApproval(w, r, a, "The hire is recorded and waits for a signed-in person: until they confirm it at approvalUrl, nobody is hired and no money moves.")
}

// readHire reads the body of a hire.
func readHire(r *http.Request) (body []byte, m milestoneTerms, err error) {
	var asked struct {
		Milestone *struct {
			Name        string          `json:"name"`
			Description string          `json:"description"`
			Amount      json.RawMessage `json:"amount"`
			DueDate     *string         `json:"dueDate"`
		} `json:"milestone"`
	}
	if body, err = escrowhttp.ReadBody(r); err == nil {
		err = escrowhttp.Decode(body, &asked)
	}
	if err != nil {
		return nil, m, err
	}
	if asked.Milestone == nil {
		return nil, m, badField("milestone", "is missing")
	}
	m.name, m.description = asked.Milestone.Name, asked.Milestone.Description
	if strings.TrimSpace(m.name) == "" && strings.TrimSpace(m.description) == "" {
		return nil, m, badField("milestone.name", "a milestone needs a name or a description")
	}
	if m.amount, err = numberOf("milestone.amount", asked.Milestone.Amount); err == nil {
		m.due, err = dayOf("milestone.dueDate", asked.Milestone.DueDate)
	}
	return body, m, err
}

// numberOf reads a number of JSON, exactly; none when it is missing or null.
func numberOf(field string, text json.RawMessage) (d decimal.NullDecimal, err error) {
	if len(text) == 0 || string(text) == "null" {
		return d, nil
	}
	if len(text) > 60 {
		return d, badField(field, "has too many digits")
	}
	if text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return d, badField(field, "must be a number")
	}
	d.Decimal, err = decimal.NewFromString(string(text))
	if d.Valid = err == nil; !d.Valid {
		err = badField(field, "must be a number")
	}
	return d, err
}

// dayOf reads a day or an instant of ISO 8601; the zero time when it is missing or null.
func dayOf(field string, text *string) (t time.Time, err error) {
	if text == nil {
		return t, nil
	}
	if t, err = time.Parse(time.DateOnly, *text); err == nil {
		return t, nil
	}
	if t, err = time.Parse(time.RFC3339Nano, *text); err == nil {
		return t, nil
	}
	return t, badField(field, "must be a day or an instant of ISO 8601, as 2026-07-01")
}
