package backtest_test

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/backtest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// monday is when the contracts of the tests begin.
var monday = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// The actors of the tests.
var (
	client, worker, platform = escrow.Agent("0xClient"), escrow.Agent("0xWorker"), escrow.SystemActor()
	ann, bob                 = escrow.Human("ann", "acme"), escrow.Human("bob", "acme")
	token                    = escrow.Actor{ID: "token", Kind: escrow.KindToken, Account: "acme", User: "ann", Claimed: true,
		Scopes: []string{"proposals:write", "payments:write"}, Features: []string{"public_api_hiring", "public_api_payments_write"}}
	jury = []string{"0xJ1", "0xJ2", "0xJ3"}
)

// line is a line of a record, and when it was asked.
type line struct {
	at   time.Time
	text []byte
}

// teller has the engine live a contract, and records what was asked.
type teller struct {
	contract escrow.Contract
	now      time.Time
	lines    []line
}

// ask asks after some hours, and goes on to what follows.
func (l *teller) ask(hours float64, actor escrow.Actor, command escrow.Command) *teller {
	l.now = l.now.Add(time.Duration(hours * float64(time.Hour)))
	text, err := escrow.Request{Contract: l.contract, Command: command, Actor: actor, Now: l.now}.MarshalJSON()
	if err != nil {
		panic(err)
	}
	l.lines = append(l.lines, line{l.now, text})
	if d, err := escrow.Decide(l.contract, command, actor, escrow.At(l.now)); err == nil {
		l.contract = d.Contract
	}
	return l
}

// last returns the id of the last approval.
func (l *teller) last() string {
	list := l.contract.Approvals()
	return list[len(list)-1].ID
}

// task begins a direct award: a day to match, a day more to withdraw, two more to
// deliver, two more to review.
func task(id string, price int64, start time.Time, change ...func(*opencontract.Terms)) *teller {
	t := opencontract.Terms{
		ID: id, Client: "0xClient", Worker: "0xWorker", Price: decimal.NewFromInt(price),
		TaskDescription: "Summarize ten papers", AcceptanceCriteria: []string{"all ten", "150 words each"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: start.Add(24 * time.Hour), WithdrawalDeadline: start.Add(48 * time.Hour),
		DeliveryDeadline: start.Add(96 * time.Hour), ReviewDeadline: start.Add(144 * time.Hour),
	}
	for _, f := range change {
		f(&t)
	}
	l := &teller{contract: t.Draft(), now: start}
	return l.ask(0, client, opencontract.Create{}.Command())
}

// delivered has the work delivered 50 hours after the beginning.
func delivered(id string, price int64, start time.Time, change ...func(*opencontract.Terms)) *teller {
	return task(id, price, start, change...).ask(2, worker, opencontract.Accept{}.Command()).ask(48, worker, opencontract.Deliver{Delivery: "ipfs://" + id}.Command())
}

// disputed has the delivery disputed and a jury drawn, 52 hours after the beginning.
func disputed(id string, price int64, start time.Time) *teller {
	return delivered(id, price, start).ask(2, client, opencontract.Dispute{}.Command()).ask(0, platform, opencontract.Draw{BackupAgents: jury}.Command())
}

// vote is one verdict on both criteria.
func vote(v string) escrow.Command {
	return opencontract.Vote{Ballots: []opencontract.Ballot{{CriterionIndex: 0, Vote: v}, {CriterionIndex: 1, Vote: v}}}.Command()
}

// job begins with a hire that the token has asked for.
func job(id string, amount int64, start time.Time, policy ...escrow.Value) *teller {
	t := opentrain.Terms{ID: id, Client: "acme", Worker: "trainer", Title: "Label images", JobID: "job_" + id, ProposalID: "prop_" + id,
		Milestones: []opentrain.MilestoneTerms{{ID: "m1", Name: "first thousand", Amount: decimal.NewNullDecimal(decimal.NewFromInt(amount))}},
		Policy:     policy}
	return (&teller{contract: t.Draft(), now: start}).ask(0, token, opentrain.Hire{}.Command())
}

// record mixes what was asked of several contracts, in the order of the time.
func record(lives ...*teller) string {
	var all []line
	for _, l := range lives {
		all = append(all, l.lines...)
	}
	if len(lives) > 1 {
		slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	}
	var b strings.Builder
	for _, s := range all {
		b.Write(append(bytes.Clone(s.text), '\n'))
	}
	return b.String()
}

// under returns a policy of OpenContract that differs in something.
func under(name string, values ...escrow.Value) backtest.Policy {
	return policy(opencontract.Lifecycle, name, values...)
}

func policy(l *escrow.Lifecycle, name string, values ...escrow.Value) backtest.Policy {
	p, err := l.DefaultPolicy().With(values...)
	if err != nil {
		panic(err)
	}
	return backtest.Policy{Name: name, Policy: p}
}

// ratio returns a ratio that the test knows to be one.
func ratio(text string) escrow.Ratio {
	r, err := escrow.ParseRatio(text)
	if err != nil {
		panic(err)
	}
	return r
}

// back replays a record, which must be in order, under one policy.
func back(t *testing.T, history string, p backtest.Policy) backtest.Comparison {
	t.Helper()
	r, err := backtest.Run(context.Background(), strings.NewReader(history), []backtest.Policy{p})
	require.NoError(t, err)
	require.Empty(t, r.LeftOut)
	return r.Policies[0]
}

// money writes a comparison's money in the first asset: what each party got net, in
// the record and under the policy.
func money(c backtest.Comparison) map[string]string {
	list := map[string]string{}
	for _, p := range c.Money[0].Parties {
		if !p.Recorded.Net.IsZero() || !p.Replayed.Net.IsZero() {
			list[p.Party] = p.Recorded.Net.String() + " " + p.Replayed.Net.String()
		}
	}
	return list
}
