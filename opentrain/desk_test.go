package opentrain_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
)

// asked is a typed command.
type asked interface{ Command() escrow.Command }

// advance is time's own command, and raw any other.
type advance struct{}

func (advance) Command() escrow.Command { return escrow.Advance() }

type raw struct{ cmd escrow.Command }

func (r raw) Command() escrow.Command { return r.cmd }

var (
	byToken = escrow.Actor{ID: "tok1", Kind: escrow.KindToken, Account: "acme", User: "ann", Claimed: true, ClaimURL: "https://claim.example",
		Scopes:   []string{"proposals:write", "payments:write"},
		Features: []string{"public_api_hiring", "public_api_payments_write"}}
	byAnn     = escrow.Human("ann", "acme")
	byBob     = escrow.Human("bob", "acme")
	byZoe     = escrow.Human("zoe", "acme")
	byTrainer = escrow.Human("tina", "trainer")
	bySystem  = escrow.SystemActor()
)

func june(day, hour int) time.Time { return time.Date(2026, 6, day, hour, 0, 0, 0, time.UTC) }

func dollars(n int64) decimal.NullDecimal { return decimal.NewNullDecimal(decimal.NewFromInt(n)) }

// stone is the terms of a milestone of whole dollars.
func stone(id string, n int64) opentrain.MilestoneTerms {
	return opentrain.MilestoneTerms{ID: id, Name: "Milestone " + id, Amount: dollars(n)}
}

// hireTerms is a hire with a first milestone of 100 USD.
func hireTerms() opentrain.Terms {
	return opentrain.Terms{ID: "h1", Client: "acme", Worker: "trainer", Title: "Label pictures", JobID: "job7", ProposalID: "prop9",
		Milestones: []opentrain.MilestoneTerms{stone("m1", 100)}}
}

// under returns the hire under a changed policy.
func under(policy ...escrow.Value) opentrain.Terms {
	t := hireTerms()
	t.Policy = policy
	return t
}

// desk is a contract and the time at it. Tests ask it and look at the answers.
type desk struct {
	testing.TB
	c   escrow.Contract
	now time.Time
}

// Now is the desk's clock.
func (k *desk) Now() time.Time { return k.now }

func newDesk(t testing.TB, terms opentrain.Terms) *desk {
	return &desk{t, terms.Draft(), june(3, 0)}
}

// at sets the time.
func (k *desk) at(now time.Time) *desk {
	k.now = now
	return k
}

func (k *desk) ask(cmd asked, who escrow.Actor) (escrow.Decision, error) {
	return escrow.Decide(k.c, cmd.Command(), who, k)
}

// do asks for what must succeed, and takes the next snapshot.
func (k *desk) do(cmd asked, who escrow.Actor) escrow.Decision {
	k.Helper()
	d, err := k.ask(cmd, who)
	require.NoError(k, err)
	before := k.c
	if again, err := escrow.Decide(before, cmd.Command(), who, k); err != nil || again.Contract.Revision() != d.Contract.Revision() {
		k.Errorf("the same request again is answered otherwise: %v", err)
	}
	k.c = d.Contract
	k.stored()
	return d
}

// stored reads the contract back from what it is written as: to the same bytes.
func (k *desk) stored() {
	k.Helper()
	text, err := json.Marshal(k.c)
	require.NoError(k, err)
	again, err := escrow.ReadStored(text, opentrain.Lifecycle)
	require.NoError(k, err, string(text))
	twice, err := json.Marshal(again)
	require.NoError(k, err)
	require.Equal(k, string(text), string(twice))
}

// refused asks for what must be refused for a reason.
func (k *desk) refused(want escrow.Reason, cmd asked, who escrow.Actor) *escrow.Error {
	k.Helper()
	d, err := k.ask(cmd, who)
	require.ErrorIs(k, err, want)
	require.Zero(k, d, "nothing is decided")
	var e *escrow.Error
	require.True(k, errors.As(err, &e))
	return e
}

// pending returns the id of the latest approval.
func (k *desk) approval() string {
	list := k.c.Approvals()
	require.NotEmpty(k, list)
	return list[len(list)-1].ID
}

func (k *desk) approvals() (list []escrow.ApprovalStatus) {
	for _, a := range k.c.Approvals() {
		list = append(list, a.Status)
	}
	return list
}

// stones are the milestones' statuses.
func (k *desk) stones() (list []string) {
	for _, m := range opentrain.Milestones(k.c) {
		list = append(list, m.Status)
	}
	return list
}

func confirm(k *desk) opentrain.Confirm { return opentrain.Confirm{ApprovalID: k.approval()} }

// moves are a decision's movements, as "100 client:acme -> milestone:m1 (milestone_deposit)".
func moves(d escrow.Decision) []string {
	list := []string{}
	for _, m := range d.Movements() {
		list = append(list, plain(m))
	}
	return list
}

func plain(m escrow.Movement) string {
	return strings.Replace(m.String(), " "+m.Asset.Code, "", 1)
}

// shown are the movements that an approval shows.
func shown(a escrow.Approval) []string {
	list := []string{}
	for _, m := range a.Movements {
		list = append(list, plain(m))
	}
	return list
}

// held is what is in custody, as "milestone:m1 100, milestone:m2 33".
func held(c escrow.Contract) string {
	var list []string
	for _, h := range c.Custody() {
		list = append(list, h.Account.String()+" "+h.Asset.Text(h.Amount))
	}
	return strings.Join(list, ", ")
}

// choose is dispositions for milestones, as "m1 release".
func choose(pairs ...string) []opentrain.Disposition {
	list := []opentrain.Disposition{}
	for _, pair := range pairs {
		id, choice, _ := strings.Cut(pair, " ")
		list = append(list, opentrain.Disposition{MilestoneID: id, Disposition: opentrain.DispositionChoice(choice)})
	}
	return list
}

// places are those of the lifecycle. Milestone m1 has 100, m2 33.
var places = map[string]func(k *desk){
	"draft":                  func(*desk) {},
	"proposed":               func(k *desk) { k.do(opentrain.Hire{}, byToken) },
	"active":                 func(k *desk) { k.do(opentrain.Hire{}, byAnn) },
	"active, m2 not funded":  toTwoStones,
	"active, both funded":    func(k *desk) { toTwoStones(k); k.do(opentrain.FundMilestone{MilestoneID: "m2"}, byAnn) },
	"active, nothing funded": func(k *desk) { toTwoStones(k); k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byAnn) },
	"ended":                  func(k *desk) { k.do(opentrain.Hire{}, byAnn); k.do(opentrain.End{}, byAnn) },
	"not-hired": func(k *desk) {
		k.do(opentrain.Hire{}, byToken)
		k.do(opentrain.DeclineApproval{ApprovalID: k.approval()}, byAnn)
	},
}

func toTwoStones(k *desk) {
	k.do(opentrain.Hire{}, byAnn)
	k.do(opentrain.AddMilestone{Milestone: stone("m2", 33)}, byToken)
}

// at is a contract at a place.
func at(t testing.TB, place string) *desk {
	t.Helper()
	k := newDesk(t, hireTerms())
	go_, ok := places[place]
	require.True(t, ok, place)
	go_(k)
	return k
}

// hiredUnder is active under a changed policy, by as many people as that asks for.
func hiredUnder(t testing.TB, policy ...escrow.Value) *desk {
	t.Helper()
	k := newDesk(t, under(policy...))
	k.do(opentrain.Hire{}, byToken)
	for _, human := range []escrow.Actor{byBob, byAnn} {
		if k.c.Status() == opentrain.Proposed {
			k.do(confirm(k), human)
		}
	}
	require.Equal(t, opentrain.Active, k.c.Status())
	return k
}
