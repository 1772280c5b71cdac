package trainapi

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
)

// The documented types of events that decisions lead to.
const (
	contractCreated  = "contract.created"
	proposalChanged  = "proposal.status_changed"
	milestoneChanged = "milestone.status_changed"
	approvalResolved = "approval.confirmed" // confirmed, declined, expired or superseded: see its status
)

// eventScopes are the documented types of events, each with the scope that sees it.
var eventScopes = map[string]string{
	"proposal.received": "proposals:read", proposalChanged: "proposals:read", "message.received": "messages:read",
	contractCreated: "payments:read", milestoneChanged: "payments:read", "payment.pending": "payments:read",
	approvalResolved: "payments:read", "contract.budget_state_changed": "payments:read",
}

// fact is something that has become of a contract, of a milestone or approval of it, or of
// the proposal that it came from. None becomes so twice.
type fact struct {
	kind, resource, status string
	// movement is the one that funded or emptied a milestone.
	movement string
}

// factsOf returns all that is so after a decision. What became so by it is what was not
// stored before: nothing has to know which rule does what.
func factsOf(d *escrow.Decision) (list []fact) {
	c := d.Contract
	if hiredBy(c) {
		list = append(list, fact{kind: contractCreated, resource: c.ID()})
		if p := opentrain.ProposalID.In(c.View()); p != "" {
			list = append(list, fact{kind: proposalChanged, resource: p, status: "HIRED"})
		}
		moved := map[string]string{}
		for _, m := range d.Movements() {
			for _, end := range []escrow.Account{m.From, m.To} {
				if end.Custody {
					moved[end.ID] = m.ID()
				}
			}
		}
		for _, m := range opentrain.Milestones(c) {
			list = append(list, fact{milestoneChanged, m.ID, m.Status, moved[m.ID]})
		}
	}
	for _, a := range c.Approvals() {
		if a.Status != escrow.ApprovalIsPending {
			list = append(list, fact{kind: approvalResolved, resource: a.ID, status: string(a.Status)})
		}
	}
	return list
}

// event is a stored fact.
type event struct {
	fact
	contract, account, job, proposal string
	revision                         uint64
	position                         int
	at                               time.Time
}

// Also stores what has become so by a decision, and puts the deliveries of it into the
// outbox: it is the runner's Also, in the decision's transaction.
func (s *Server) Also(ctx context.Context, tx *sql.Tx, d *escrow.Decision) error {
	c := d.Contract
	if c.Lifecycle() != opentrain.Lifecycle {
		return nil
	}
	known, err := query(ctx, tx, func(scan func(...any) error) (f fact, err error) { return f, scan(&f.kind, &f.resource, &f.status) },
		`SELECT type, resource, status FROM trainapi_events WHERE contract_id = $1`, c.ID())
	if err != nil {
		return err
	}
	before := map[fact]bool{}
	for _, f := range known {
		before[f] = true
	}
	var fresh []event
	for _, f := range factsOf(d) {
		if before[fact{kind: f.kind, resource: f.resource, status: f.status}] {
			continue
		}
		fresh = append(fresh, event{f, c.ID(), c.Account(opentrain.Client), opentrain.JobID.In(c.View()), opentrain.ProposalID.In(c.View()),
			c.Revision(), len(fresh), d.At()})
	}
	for _, e := range fresh {
		if _, err := tx.ExecContext(ctx, `INSERT INTO trainapi_events
			(contract_id, revision, position, type, resource, status, movement, account, job_id, proposal_id, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			e.contract, int64(e.revision), e.position, e.kind, e.resource, e.status, e.movement, e.account, e.job, e.proposal, stamp(e.at)); err != nil {
			return err
		}
	}
	return s.enqueue(ctx, tx, fresh)
}

const eventColumns = `SELECT contract_id, revision, position, type, resource, status, movement, account, job_id, proposal_id, at FROM trainapi_events `

func readEvent(scan func(...any) error) (e event, err error) {
	var at string
	if err := scan(&e.contract, &e.revision, &e.position, &e.kind, &e.resource, &e.status, &e.movement, &e.account, &e.job, &e.proposal, &at); err != nil {
		return e, err
	}
	e.at, err = instant(at)
	return e, err
}

// eventJSON is an event as the feed and webhooks tell it: ids, and nothing else.
type eventJSON struct {
	ID         string            `json:"id"`
	Type       string            `json:"type"`
	APIVersion string            `json:"apiVersion"`
	CreatedAt  when              `json:"createdAt"`
	ResourceID string            `json:"resourceId"`
	JobID      orNull            `json:"jobId"`
	Data       map[string]orNull `json:"data"`
}

// view returns the event under its id.
func (e *event) view(id int64) eventJSON {
	own := eventJSON{ID: itoa(id), Type: e.kind, APIVersion: "v1", CreatedAt: when(e.at), ResourceID: e.resource, JobID: orNull(e.job)}
	switch e.kind {
	case contractCreated:
		own.Data = map[string]orNull{"contractId": orNull(e.contract), "jobId": orNull(e.job), "proposalId": orNull(e.proposal)}
	case proposalChanged:
		own.Data = map[string]orNull{"proposalId": orNull(e.resource), "status": orNull(e.status)}
	case milestoneChanged:
		own.ResourceID = milestoneID(e.contract, e.resource)
		own.Data = map[string]orNull{"milestoneId": orNull(own.ResourceID), "contractId": orNull(e.contract), "status": orNull(e.status)}
	case approvalResolved:
		own.Data = map[string]orNull{"approvalId": orNull(e.resource), "status": orNull(e.status)}
	}
	return own
}

func (e *event) body(id int64) (string, error) {
	text, err := json.Marshal(e.view(id))
	return string(text), err
}

// facts are what a contract's snapshot does not tell of its past.
type facts struct {
	// hired is when a person confirmed the hire, added when each milestone came.
	hired time.Time
	added map[string]time.Time
	// invoices are the movements that funded milestones.
	invoices map[string]string
}

// facts returns the past of contracts, by their ids.
func (s *Server) facts(ctx context.Context, ids ...string) (map[string]facts, error) {
	all := map[string]facts{}
	if len(ids) == 0 {
		return all, nil
	}
	args := []any{contractCreated, milestoneChanged}
	for _, id := range ids {
		args = append(args, id)
		all[id] = facts{added: map[string]time.Time{}, invoices: map[string]string{}}
	}
	list, err := query(ctx, s.db(), readEvent, eventColumns+`WHERE type IN ($1, $2) AND contract_id IN (`+marks(3, len(ids))+`) ORDER BY contract_id, revision, position`, args...)
	for _, e := range list {
		f := all[e.contract]
		if e.kind == contractCreated {
			f.hired = e.at
		} else if _, known := f.added[e.resource]; !known {
			f.added[e.resource] = e.at
		}
		if e.status == opentrain.ActiveFunded {
			f.invoices[e.resource] = e.movement
		}
		all[e.contract] = f
	}
	return all, err
}
