package trainapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/marketplace/trainapi"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/escrow-go/escrow/opentrain/play"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// livesOf is how many lives the harness plays on each database.
var livesOf = flag.Int("lives", 40, "how many lives the harness plays")

// TestHarness: what tokens ask over HTTP is answered as the engine answers it, beside people
// and the system, who ask the runner as their pages do.
func TestHarness(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		b := &backend{t: t, site: s, asked: map[string]int{}}
		s.OnNewID(func() string { return b.newID })
		s.Founding = func(_ context.Context, _ trainapi.Proposal, d escrow.Contract) (escrow.Contract, error) {
			return b.founded(d)
		}
		report := escrowtest.Try(b, escrowtest.Playing(inDollars()), escrowtest.AppliesDeadlinesFirst(), escrowtest.HidesContracts(), escrowtest.FillsApprovalURL(),
			escrowtest.AtLeast(*livesOf), escrowtest.AtMost(*livesOf))
		if report.Failure != nil {
			t.Fatal(report.Failure)
		}
		t.Logf("%d lives, %d questions, over HTTP %v", report.Lives, report.Questions, b.asked)
		for _, what := range []string{"hire 202", "fund_milestone 202", "approve_milestone 202", "end 202", "end 200", "add_milestone 201", "confirm 403"} {
			assert.Positive(t, b.asked[what], what)
		}
	})
}

// inDollars is the play of contracts in the only asset that the API has.
func inDollars() *escrowtest.Play {
	p := play.Play()
	draft := p.Draft
	p.Draft = func(t *rapid.T) escrowtest.Scene {
		for {
			if s := draft(t); s.Contract.Asset().Code == "USD" && s.Contract.Asset().Scale == 2 {
				return s
			}
		}
	}
	return p
}

// backend is the API as the harness sees it.
type backend struct {
	t *testing.T
	*site
	draft escrow.Contract
	// proposable says that somebody can have proposed what the draft says.
	proposable bool
	newID      string
	// asked counts what was asked over HTTP, by what it came to.
	asked map[string]int
}

// Begin forgets all that there was, and proposes what the draft says.
func (b *backend) Begin(draft escrow.Contract) error {
	if !draft.IsDraft() {
		return errors.New("a contract that nobody has founded is not stored")
	}
	b.empty()
	b.draft = draft
	v := draft.View()
	p := trainapi.Proposal{ID: opentrain.ProposalID.In(v), Account: draft.Account(opentrain.Client), Trainer: draft.Account(opentrain.Worker), JobID: "job", Title: opentrain.Title.In(v)}
	if b.proposable = p.Trainer != "" && p.Account != "" && p.ID != ""; !b.proposable {
		return nil
	}
	if err := b.AddProposal(ctx, p); err != nil {
		return err
	}
	_, err := b.Runner.Store.DB().Exec(`UPDATE trainapi_proposals SET contract_id = $1`, draft.ID())
	return err
}

// founded returns the harness's draft in place of the one that the API makes of it.
func (b *backend) founded(d escrow.Contract) (escrow.Contract, error) {
	want, got := opentrain.Milestones(b.draft)[0], opentrain.Milestones(d)[0]
	if want.Name != got.Name || want.Description != got.Description || want.Amount != got.Amount || !want.DueDate.Equal(got.DueDate) {
		return d, fmt.Errorf("the API has made %+v of %+v", got, want)
	}
	return b.draft, nil
}

// empty deletes the rows of every table that has any, but for what says which there are.
func (b *backend) empty() {
	db := b.Runner.Store.DB()
	list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if strings.Contains(b.database, "postgres") {
		list = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`
	}
	rows, err := db.Query(list)
	require.NoError(b.t, err)
	var deletions []string
	for rows.Next() {
		var table string
		require.NoError(b.t, rows.Scan(&table))
		if !strings.HasSuffix(table, "_schema") && !strings.HasSuffix(table, "lifecycles") {
			deletions = append(deletions, `DELETE FROM `+table)
		}
	}
	require.NoError(b.t, rows.Close())
	_, err = db.Exec(strings.Join(deletions, "; "))
	require.NoError(b.t, err)
}

// now returns the contract as it stands, the draft until it is founded.
func (b *backend) now() (escrow.Contract, error) {
	c, err := b.Runner.Store.Find(ctx, b.draft.ID())
	if errors.Is(err, escrowsql.ErrNotFound) {
		return b.draft, nil
	}
	if err == nil {
		c, _, err = escrow.AsOf(c, b.clock.Now())
	}
	return c, err
}

// Ask asks over HTTP what a call can say, and the runner all else.
func (b *backend) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	b.clock.set(q.Now)
	c, err := b.now()
	if err != nil {
		return escrowtest.Answer{}, err
	}
	path, body, ok := b.call(c, q)
	if !ok {
		return b.direct(q, c)
	}
	got := b.ask(b.t, q.Actor, "POST", path, body)
	b.asked[fmt.Sprint(q.Command.Action(), " ", got.status)]++
	if got.status >= 400 {
		return b.refused(q, c, got)
	}
	return b.accepted(c, got)
}

// direct asks the runner, as a page would.
func (b *backend) direct(q escrowtest.Question, c escrow.Contract) (escrowtest.Answer, error) {
	r := escrowrun.Request{Contract: b.draft.ID(), Command: q.Command, Actor: q.Actor}
	if c.IsDraft() {
		r.Contract, r.Draft = "", b.draft
	}
	a, err := b.Runner.Ask(ctx, r)
	if a.Status == 0 {
		return escrowtest.Answer{}, err
	}
	var body any
	if err := json.Unmarshal(a.Body, &body); err != nil {
		return escrowtest.Answer{}, err
	}
	text, err := json.Marshal(b.filled(body))
	if err != nil {
		return escrowtest.Answer{}, err
	}
	return escrowtest.ParseAnswer(text, lifecycles.All()...)
}

// filled fills the addresses of the approvals that wait for somebody.
func (b *backend) filled(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = b.filled(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = b.filled(v[name])
		}
		if _, approval := v["requestedByKind"]; approval && v["status"] == "pending" {
			v["approvalUrl"] = b.ApprovalURL(v["id"].(string))
		}
	}
	return value
}

// command is a command of the engine, as JSON.
type command struct {
	Action, ApprovalID, MilestoneID, Hash string
	Dispositions                          json.RawMessage
	Milestone                             *struct {
		ID, Name, Description *string
		Amount                *string
		DueDate               *time.Time
	}
}

// call returns the call that says what a question does, if one can.
func (b *backend) call(c escrow.Contract, q escrowtest.Question) (path, body string, ok bool) {
	var asks command
	text, err := q.Command.MarshalJSON()
	if err != nil || json.Unmarshal(text, &asks) != nil || q.Actor.Kind != escrow.KindToken || q.Actor.ID == "" {
		return "", "", false
	}
	if strings.ContainsFunc(asks.MilestoneID, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", "", false // nothing can have such an id: at an address it is not there
	}
	hired := c.Status() == opentrain.Active || c.Status() == opentrain.Ended
	switch {
	case asks.Action == "hire":
		return b.hireCall(c, asks)
	case asks.Action == "add_milestone" && hired:
		return b.milestoneCall(c, asks)
	case asks.Action == "fund_milestone" && hired && asks.MilestoneID != "":
		return "/milestones/" + url.PathEscape(trainapi.MilestoneID(c.ID(), asks.MilestoneID)) + "/fund", "", true
	case asks.Action == "approve_milestone" && hired && asks.MilestoneID != "":
		return "/milestones/" + url.PathEscape(trainapi.MilestoneID(c.ID(), asks.MilestoneID)) + "/approve", "", true
	case asks.Action == "end" && hired && len(asks.Dispositions) == 0:
		return "/contracts/" + c.ID() + "/end", "", true
	case asks.Action == "confirm" && asks.Hash == "" && len(asks.Dispositions) == 0 && asks.Milestone == nil:
		a, kept := c.Approval(asks.ApprovalID)
		return "/approvals/" + asks.ApprovalID + "/confirm", "", kept && a.StatusAt(q.Now) == escrow.ApprovalIsPending
	}
	return "", "", false
}

// hireCall returns the call of a hire: of a draft by its terms, of what is proposed by the
// terms that are, with what the command changes.
func (b *backend) hireCall(c escrow.Contract, asks command) (path, body string, ok bool) {
	terms := map[string]any{}
	switch {
	case c.IsDraft() && asks.Milestone == nil && len(opentrain.Milestones(c)) == 1:
		m := opentrain.Milestones(c)[0]
		if m.Amount.IsZero() || strings.TrimSpace(m.Name+m.Description) == "" || m.ID != "m1" {
			return "", "", false
		}
		terms["name"], terms["description"], terms["amount"] = m.Name, m.Description, json.Number(c.Asset().Text(m.Amount))
		terms["dueDate"] = m.DueDate.Format(time.RFC3339Nano)
	case c.Status() == opentrain.Proposed:
		approvals := c.Approvals()
		var pending command
		text, err := approvals[len(approvals)-1].Command.MarshalJSON()
		if err != nil || json.Unmarshal(text, &pending) != nil || pending.Milestone == nil {
			return "", "", false
		}
		add(terms, pending)
		if asks.Milestone != nil {
			if asks.Milestone.ID != nil {
				return "", "", false
			}
			add(terms, asks)
		}
	default:
		return "", "", false
	}
	text, err := json.Marshal(map[string]any{"milestone": terms})
	return "/proposals/" + opentrain.ProposalID.In(c.View()) + "/hire", string(text), err == nil && b.proposable
}

// add adds the terms that a command names.
func add(terms map[string]any, by command) {
	if m := by.Milestone; m != nil {
		if m.Name != nil {
			terms["name"] = *m.Name
		}
		if m.Description != nil {
			terms["description"] = *m.Description
		}
		if m.Amount != nil {
			terms["amount"] = json.Number(*m.Amount)
		}
		if m.DueDate != nil {
			terms["dueDate"] = m.DueDate.Format(time.RFC3339Nano)
		}
	}
}

// milestoneCall returns the call that adds a milestone.
func (b *backend) milestoneCall(c escrow.Contract, asks command) (path, body string, ok bool) {
	m := asks.Milestone
	if m == nil || m.ID == nil || *m.ID == "" || m.Amount == nil || m.Description == nil || strings.TrimSpace(*m.Description) == "" {
		return "", "", false
	}
	b.newID = *m.ID
	terms := map[string]any{}
	add(terms, asks)
	terms["amountUsd"] = terms["amount"]
	delete(terms, "amount")
	text, err := json.Marshal(terms)
	return "/contracts/" + c.ID() + "/milestones", string(text), err == nil
}

// accepted returns what a call has answered, with the contract that is stored by then.
func (b *backend) accepted(before escrow.Contract, got answer) (a escrowtest.Answer, err error) {
	c, err := b.Runner.Store.Find(ctx, b.draft.ID())
	if err != nil {
		return a, err
	}
	text, err := c.MarshalJSON()
	if err != nil {
		return a, err
	}
	var snapshot any
	if err := json.Unmarshal(text, &snapshot); err != nil {
		return a, err
	}
	if text, err = json.Marshal(b.filled(snapshot)); err != nil {
		return a, err
	}
	if c, err = escrow.ParseContract(text, opentrain.Lifecycle); err != nil {
		return a, err
	}
	a = escrowtest.Answer{From: before.Status(), To: before.Status(), Contract: &c}
	var told struct {
		Status   string
		Approval struct{ ID, ApprovalURL string }
	}
	if err := json.Unmarshal([]byte(got.body), &told); err != nil {
		return a, err
	}
	a.Approval = told.Approval.ID
	switch {
	case got.status == 202 && told.Approval.ApprovalURL == "":
		return a, errors.New("a pending approval has no address")
	case told.Status == "ended":
		a.To = opentrain.Ended
	case before.IsDraft():
		a.To = opentrain.Proposed
	}
	return a, nil
}

// refused returns the engine's name of what a call was refused for. Where the API tells
// none, it is the engine's for the same status.
func (b *backend) refused(q escrowtest.Question, c escrow.Contract, got answer) (a escrowtest.Answer, err error) {
	p := got.problem(b.t)
	reason, _ := p.Details["reason"].(string)
	mine := q.Actor.Account == b.draft.Account(opentrain.Client)
	switch {
	case reason == "proposal_already_hired":
		reason = string(escrow.WrongStatus)
	case reason != "":
	case p.Details["requiredScopes"] != nil:
		reason = string(escrow.ScopeMissing)
	case p.Details["featureKey"] != nil:
		reason = string(escrow.FeatureDisabled)
	case got.status == 404 && !mine:
		reason = string(escrow.ContractNotFound)
	case p.Details["resource"] == "milestones":
		reason = string(opentrain.MilestoneNotFound)
	case got.status == 400:
		_, err := escrow.Decide(c, q.Command, q.Actor, escrow.At(q.Now))
		var refusal *escrow.Error
		if !errors.As(err, &refusal) || refusal.Code() != escrow.InvalidRequest {
			return a, fmt.Errorf("the call was refused: %s; the engine: %w", got.body, err)
		}
		reason = string(refusal.Reason())
	default:
		return a, fmt.Errorf("a refusal that says nothing: %d %s", got.status, got.body)
	}
	codes := map[string]escrow.Code{"BAD_REQUEST": escrow.InvalidRequest, "UNAUTHORIZED": escrow.Unauthorized, "FORBIDDEN": escrow.Forbidden,
		"NOT_FOUND": escrow.NotFound, "CONFLICT": escrow.Conflict, "INTERNAL_ERROR": escrow.InternalError}
	return escrowtest.Answer{Code: codes[p.Code], Reason: escrow.Reason(reason)}, nil
}
