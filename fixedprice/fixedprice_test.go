package fixedprice_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/fixedprice"
)

const (
	day   = 24 * time.Hour
	tick  = time.Nanosecond
	theID = "job-1"
)

var (
	start      = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	client     = escrow.Agent("acct_client")
	freelancer = escrow.Agent("acct_freelancer")
	arbitrator = escrow.Agent("acct_arbitrator")
	stranger   = escrow.Agent("acct_stranger")
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func ratio(text string) escrow.Ratio {
	r, err := escrow.ParseRatio(text)
	if err != nil {
		panic(err)
	}
	return r
}

// oneMilestone are terms of one milestone, m1.
func oneMilestone(amount string) fixedprice.Terms {
	return fixedprice.Terms{
		ID: theID, Title: "A logo", Client: client.ID, Freelancer: freelancer.ID, Arbitrator: arbitrator.ID,
		Milestones: []fixedprice.MilestoneTerms{{ID: "m1", Name: "Sketches", Amount: dec(amount)}},
	}
}

// asks is a command that decides by itself.
type asks interface {
	On(escrow.Contract, escrow.Actor, escrow.Clock) (escrow.Decision, error)
}

// move is one step of a life: who asks for what, how long after the start.
type move struct {
	actor escrow.Actor
	cmd   asks
	after time.Duration
}

// live plays moves on a contract, each of which is accepted.
func live(t *testing.T, c escrow.Contract, moves ...move) escrow.Contract {
	t.Helper()
	for _, m := range moves {
		d, err := m.cmd.On(c, m.actor, escrow.At(start.Add(m.after)))
		require.NoError(t, err)
		c = d.Contract
	}
	return c
}

// active is a contract that both sides entered.
func active(t *testing.T, terms fixedprice.Terms) escrow.Contract {
	t.Helper()
	return live(t, terms.Draft(), move{client, fixedprice.Offer{}, 0}, move{freelancer, fixedprice.Accept{}, 0})
}

// in is an active contract whose only milestone, of 400, stands in a status.
func in(t *testing.T, status string) escrow.Contract {
	t.Helper()
	ways := map[string][]move{
		fixedprice.NotFunded:   {},
		fixedprice.Funded:      {fundIt},
		fixedprice.Submitted:   {fundIt, submitIt},
		fixedprice.RefundAsked: {fundIt, askIt},
		fixedprice.Disputed:    {fundIt, askIt, disputeIt},
		fixedprice.Released:    {fundIt, {client, fixedprice.Release{Milestone: "m1"}, 0}},
		fixedprice.Refunded:    {fundIt, {freelancer, fixedprice.GrantRefund{Milestone: "m1"}, 0}},
		fixedprice.Divided:     {fundIt, askIt, disputeIt, {arbitrator, fixedprice.Arbitrate{Milestone: "m1"}, 0}},
	}
	c := live(t, active(t, oneMilestone("400")), ways[status]...)
	require.Equal(t, status, only(c).Status)
	return c
}

var (
	fundIt    = move{client, fixedprice.Fund{Milestone: "m1"}, 0}
	submitIt  = move{freelancer, fixedprice.Submit{Milestone: "m1", Work: "https://example.org/v1"}, 0}
	askIt     = move{client, fixedprice.RequestRefund{Milestone: "m1"}, 0}
	disputeIt = move{freelancer, fixedprice.Dispute{Milestone: "m1"}, 0}
)

// only is the only milestone.
func only(c escrow.Contract) fixedprice.Milestone { return fixedprice.Milestones(c)[0] }

// moved is what a decision moves, as text.
func moved(d escrow.Decision) (list []string) {
	for _, m := range d.Movements() {
		list = append(list, m.String())
	}
	return list
}

// refusedAs checks why a command is refused.
func refusedAs(t *testing.T, err error, code escrow.Code, reason escrow.Reason, rule string) {
	t.Helper()
	require.ErrorIs(t, err, reason)
	require.ErrorIs(t, err, code)
	assert.Equal(t, rule, err.(*escrow.Error).Rule())
	assert.NotEmpty(t, err.(*escrow.Error).Remedy())
}
