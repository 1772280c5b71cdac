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

// at is a clock that stands still.
type at time.Time

func (a at) Now() time.Time { return time.Time(a) }

// said is a line of a record, and when it was asked.
type said struct {
	at   time.Time
	text []byte
}

// teller has the engine live a contract, and records what was asked.
type teller struct {
	contract escrow.Contract
	now      time.Time
	said     []said
}

// ask asks after some hours, and goes on to what follows.
func (l *teller) ask(hours float64, actor escrow.Actor, command escrow.Command) *teller {
	l.now = l.now.Add(time.Duration(hours * float64(time.Hour)))
	line, err := escrow.Request{Contract: l.contract, Command: command, Actor: actor, Now: l.now}.MarshalJSON()
	if err != nil {
		panic(err)
	}
	l.said = append(l.said, said{l.now, line})
	if d, err := escrow.Decide(l.contract, command, actor, at(l.now)); err == nil {
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
func task(id string, price int64, start time.Time, change ...func(*escrow.Terms)) *teller {
	t := escrow.Terms{
		ID: id, Client: "0xClient", Worker: "0xWorker", Price: decimal.NewFromInt(price),
		TaskDescription: "Summarize ten papers", AcceptanceCriteria: []string{"all ten", "150 words each"},
		ContractType: escrow.Fixed, AwardMethod: escrow.AwardDirect, VerificationMode: escrow.PrivacyPreserving,
		MatchDeadline: start.Add(24 * time.Hour), WithdrawalDeadline: start.Add(48 * time.Hour),
		DeliveryDeadline: start.Add(96 * time.Hour), ReviewDeadline: start.Add(144 * time.Hour),
	}
	for _, f := range change {
		f(&t)
	}
	l := &teller{contract: escrow.OpenContract.Draft(t), now: start}
	return l.ask(0, client, escrow.Create{})
}

// delivered has the work delivered 50 hours after the beginning.
func delivered(id string, price int64, start time.Time, change ...func(*escrow.Terms)) *teller {
	return task(id, price, start, change...).ask(2, worker, escrow.Accept{}).ask(48, worker, escrow.Deliver{Delivery: "ipfs://" + id})
}

// disputed has the delivery disputed and a jury drawn, 52 hours after the beginning.
func disputed(id string, price int64, start time.Time) *teller {
	return delivered(id, price, start).ask(2, client, escrow.Dispute{}).ask(0, platform, escrow.Draw{BackupAgents: jury})
}

// vote is one verdict on both criteria.
func vote(v escrow.Verdict) escrow.Command {
	return escrow.Vote{Votes: []escrow.Ballot{{CriterionIndex: 0, Vote: v}, {CriterionIndex: 1, Vote: v}}}
}

// job begins with a hire that the token has asked for.
func job(id string, amount int64, start time.Time) *teller {
	l := &teller{now: start, contract: escrow.OpenTrain.Draft(escrow.Terms{ID: id, Client: "acme", Worker: "trainer", Title: "Label images",
		JobID: "job_" + id, ProposalID: "prop_" + id,
		Milestones: []escrow.MilestoneTerms{{ID: "m1", Name: "first thousand", Amount: decimal.NewNullDecimal(decimal.NewFromInt(amount))}}})}
	return l.ask(0, token, escrow.Hire{})
}

// record mixes what was asked of several contracts, in the order of the time.
func record(lives ...*teller) string {
	var all []said
	for _, l := range lives {
		all = append(all, l.said...)
	}
	slices.SortStableFunc(all, func(a, b said) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	var b strings.Builder
	for _, s := range all {
		b.Write(append(bytes.Clone(s.text), '\n'))
	}
	return b.String()
}

// under returns a policy of OpenContract that differs in something.
func under(name string, change func(*escrow.Policy)) backtest.Policy {
	return policy(escrow.OpenContract, name, change)
}

func policy(law *escrow.Lifecycle, name string, change func(*escrow.Policy)) backtest.Policy {
	p := law.DefaultPolicy()
	change(&p)
	return backtest.Policy{Name: name, Lifecycle: law, Policy: p}
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
