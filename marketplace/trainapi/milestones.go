package trainapi

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/opentrain"
)

// A milestone's id here names its contract, too: the contract's id, a dot, and the
// milestone's own.
var escapes, unescapes = strings.NewReplacer("~", "~0", ".", "~1"), strings.NewReplacer("~1", ".", "~0", "~")

func milestoneID(contract, id string) string { return contract + "." + escapes.Replace(id) }

// milestoneOf returns what milestoneID has put together.
func milestoneOf(id string) (contract, own string) {
	dot := strings.LastIndexByte(id, '.')
	if dot < 0 {
		return "", ""
	}
	return id[:dot], unescapes.Replace(id[dot+1:])
}

// milestoneFields are the engine's fields as a call names them.
var milestoneFields = map[string]string{"milestone": "description", "milestone.name": "name", "milestone.description": "description",
	"milestone.amount": "amountUsd", "milestone.amountUsd": "amountUsd", "milestone.dueDate": "dueDate"}

// createMilestone adds a milestone that holds no money.
func (s *Server) createMilestone(w http.ResponseWriter, r *http.Request, c Caller) error {
	body, m, err := readMilestone(r)
	if err != nil {
		return err
	}
	id := r.PathValue("contractId")
	if _, err := s.visible(r, id, c); err != nil {
		return err
	}
	q := question{caller: c, body: body}
	q.Contract = id
	q.Command = opentrain.AddMilestone{Milestone: m.terms(s.newID())}.Command()
	a, err := s.ask(w, r, q)
	if err != nil {
		return renamed(err, milestoneFields)
	}
	var added struct {
		Milestone struct {
			ID string `json:"id"`
		} `json:"milestone"`
	}
	if err := json.Unmarshal(a.Command, &added); err != nil {
		return err
	}
	facts, err := s.facts(r.Context(), id)
	if err != nil {
		return err
	}
	for _, m := range opentrain.Milestones(a.contract) {
		if m.ID == added.Milestone.ID {
			return write(w, http.StatusCreated, map[string]any{"milestone": milestoneView(a.contract, m, facts[id])})
		}
	}
	return noMilestone(milestoneID(id, added.Milestone.ID))
}

// readMilestone reads the body of a milestone's creation.
func readMilestone(r *http.Request) (body []byte, m milestoneTerms, err error) {
	var asked struct {
		Name        *string         `json:"name"`
		Description string          `json:"description"`
		AmountUSD   json.RawMessage `json:"amountUsd"`
		Volume      json.RawMessage `json:"volume"`
		DueDate     *string         `json:"dueDate"`
	}
	if body, err = escrowhttp.ReadBody(r); err == nil {
		err = escrowhttp.Decode(body, &asked)
	}
	if err != nil {
		return nil, m, err
	}
	if asked.Name != nil {
		m.name = *asked.Name
	}
	m.description = asked.Description
	switch {
	case strings.TrimSpace(m.description) == "":
		return nil, m, badField("description", "is missing")
	case len(asked.Volume) > 0 && string(asked.Volume) != "null":
		return nil, m, badField("volume", "belongs to hourly and per-label contracts; contracts here are of a fixed price")
	}
	if m.amount, err = numberOf("amountUsd", asked.AmountUSD); err != nil {
		return nil, m, err
	}
	if !m.amount.Valid {
		return nil, m, badField("amountUsd", "is required in a contract of a fixed price")
	}
	m.due, err = dayOf("dueDate", asked.DueDate)
	return body, m, err
}

// visible returns a contract that the caller can read: one that was hired by.
func (s *Server) visible(r *http.Request, id string, c Caller) (escrow.Contract, error) {
	contract, ok, err := s.own(r.Context(), id, c.Actor.Account)
	if err == nil && (!ok || !hiredBy(contract)) {
		err = noContract(id)
	}
	return contract, err
}

// hiredBy reports whether a contract is one to those who ask here: until a person has
// confirmed the hire there is only an approval.
func hiredBy(c escrow.Contract) bool {
	return c.Status() == opentrain.Active || c.Status() == opentrain.Ended
}

// fund asks for a milestone's money.
func (s *Server) fund(w http.ResponseWriter, r *http.Request, c Caller) error {
	return s.onMilestone(w, r, c, func(id string) escrow.Command { return opentrain.FundMilestone{MilestoneID: id}.Command() }, true,
		"The funding is recorded and waits for a signed-in person: until they confirm it at approvalUrl, no money moves.")
}

// approve asks for a milestone's release to the trainer.
func (s *Server) approve(w http.ResponseWriter, r *http.Request, c Caller) error {
	return s.onMilestone(w, r, c, func(id string) escrow.Command { return opentrain.ApproveMilestone{MilestoneID: id}.Command() }, false,
		"The release is recorded and waits for a signed-in person: until they confirm it at approvalUrl, no money moves.")
}

// onMilestone asks for something that a person must confirm.
func (s *Server) onMilestone(w http.ResponseWriter, r *http.Request, c Caller, command func(id string) escrow.Command, pays bool, message string) error {
	id := r.PathValue("milestoneId")
	contract, own := milestoneOf(id)
	found, ok, err := s.own(r.Context(), contract, c.Actor.Account)
	if err != nil {
		return err
	}
	if !ok || !hiredBy(found) || !hasMilestone(found, own) {
		return noMilestone(id)
	}
	if pays {
		if err := s.payable(r, c); err != nil {
			return err
		}
	}
	q := question{caller: c}
	q.Contract, q.Command = contract, command(own)
	a, err := s.ask(w, r, q)
	if err != nil {
		return atMilestone(err, id)
	}
	return s.writeApproval(w, r, a, message)
}

// atMilestone returns a problem with the milestone's id as this API has it.
func atMilestone(err error, id string) error {
	p := *escrowhttp.ProblemOf(err)
	if _, named := p.Details["milestoneId"]; named {
		details := map[string]any{"milestoneId": id}
		if status, ok := p.Details["status"]; ok {
			details["status"] = status
		}
		p.Details = details
		return &p
	}
	return err
}

func hasMilestone(c escrow.Contract, id string) bool {
	for _, m := range opentrain.Milestones(c) {
		if m.ID == id {
			return true
		}
	}
	return false
}

// end ends a contract: at once when nothing is funded, else once a person confirms it.
func (s *Server) end(w http.ResponseWriter, r *http.Request, c Caller) error {
	id := r.PathValue("contractId")
	if _, err := s.visible(r, id, c); err != nil {
		return err
	}
	q := question{caller: c}
	q.Contract, q.Command = id, opentrain.End{}.Command()
	a, err := s.ask(w, r, q)
	if err != nil {
		return err
	}
	if a.status == http.StatusAccepted {
		return s.writeApproval(w, r, a, "Milestones of the contract are funded, so ending it waits for a signed-in person, who confirms it at approvalUrl.")
	}
	return write(w, http.StatusOK, map[string]any{"ok": true, "contractId": id, "status": "ended"})
}
