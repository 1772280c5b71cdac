package opentrain_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	before "github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	escrow "github.com/escrow-go/escrow/next"
	"github.com/escrow-go/escrow/opentrain"
)

// A typical life: hired by token, confirmed; a milestone added, funded, confirmed,
// approved, confirmed; ended, confirmed.

// cpu runs a benchmark and tells the processor's time too, which other work on the
// machine does not lengthen.
func cpu(b *testing.B, once func()) {
	b.ReportAllocs()
	var from, to syscall.Rusage
	n := 0
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &from)
	for b.Loop() {
		once()
		n++
	}
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &to)
	b.ReportMetric(float64(to.Utime.Nano()-from.Utime.Nano())/float64(n), "user-ns/op")
}

type clock time.Time

func (c clock) Now() time.Time { return time.Time(c) }

var (
	oldToken = before.Actor{ID: "tok1", Kind: before.KindToken, Account: "acme", User: "ann", Claimed: true, Scopes: byToken.Scopes, Features: byToken.Features}
	oldAnn   = before.Human("ann", "acme")
)

func oldStone(id string, n int64) before.MilestoneTerms {
	return before.MilestoneTerms{ID: id, Name: "Milestone " + id, Amount: decimal.NewNullDecimal(decimal.NewFromInt(n))}
}

func oldDraft() before.Contract {
	return before.OpenTrain.Draft(before.Terms{ID: "h1", Client: "acme", Worker: "trainer", Title: "Label pictures", JobID: "job7", ProposalID: "prop9",
		Milestones: []before.MilestoneTerms{oldStone("m1", 100)}})
}

func oldLife(b testing.TB, c before.Contract, now before.Clock) {
	do := func(cmd before.Command, who before.Actor) {
		d, err := before.Decide(c, cmd, who, now)
		if err != nil {
			b.Fatal(err)
		}
		c = d.Contract
	}
	confirm := func(id string) { do(before.Confirm{ApprovalID: id}, oldAnn) }
	do(before.Hire{}, oldToken)
	confirm("h1-ap-1")
	do(before.AddMilestone{Milestone: oldStone("m2", 33)}, oldToken)
	do(before.FundMilestone{MilestoneID: "m2"}, oldToken)
	confirm("h1-ap-4")
	do(before.ApproveMilestone{MilestoneID: "m1"}, oldToken)
	confirm("h1-ap-6")
	do(before.End{}, oldToken)
	confirm("h1-ap-8")
	if c.Status() != before.Ended {
		b.Fatal(c.Status())
	}
}

func newLife(b testing.TB, c escrow.Contract, now escrow.Clock) {
	do := func(cmd escrow.Command, who escrow.Actor) {
		d, err := escrow.Decide(c, cmd, who, now)
		if err != nil {
			b.Fatal(err)
		}
		c = d.Contract
	}
	confirm := func(id string) { do(opentrain.Confirm{ApprovalID: id}.Command(), byAnn) }
	do(opentrain.Hire{}.Command(), byToken)
	confirm("h1-ap-1")
	do(opentrain.AddMilestone{Milestone: stone("m2", 33)}.Command(), byToken)
	do(opentrain.FundMilestone{MilestoneID: "m2"}.Command(), byToken)
	confirm("h1-ap-4")
	do(opentrain.ApproveMilestone{MilestoneID: "m1"}.Command(), byToken)
	confirm("h1-ap-6")
	do(opentrain.End{}.Command(), byToken)
	confirm("h1-ap-8")
	if c.Status() != opentrain.Ended {
		b.Fatal(c.Status())
	}
}

func BenchmarkLife(b *testing.B) {
	now := clock(june(3, 0))
	b.Run("before", func(b *testing.B) {
		c := oldDraft()
		cpu(b, func() { oldLife(b, c, now) })
	})
	b.Run("now", func(b *testing.B) {
		c := hireTerms().Draft()
		cpu(b, func() { newLife(b, c, now) })
	})
}

func BenchmarkDraft(b *testing.B) {
	b.Run("before", func(b *testing.B) { cpu(b, func() { oldDraft() }) })
	b.Run("now", func(b *testing.B) { cpu(b, func() { hireTerms().Draft() }) })
}

// BenchmarkMany is a contract of many milestones: what a request, a repeated request,
// a confirmation and the end take, by how many there are.
func BenchmarkMany(b *testing.B) {
	for _, n := range []int{1, 10, 100, 999} {
		k := funded(b, n)
		k.do(opentrain.End{}, byToken)
		id := k.approval()
		for name, ask := range map[string]struct {
			cmd asked
			who escrow.Actor
		}{
			"repeat": {opentrain.End{}, byToken}, "confirm": {opentrain.Confirm{ApprovalID: id}, byAnn}, "end": {opentrain.End{}, byAnn},
			"approve": {opentrain.ApproveMilestone{MilestoneID: "m1"}, byToken}, "add": {opentrain.AddMilestone{Milestone: stone("new", 1)}, byToken},
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				cmd := ask.cmd.Command()
				cpu(b, func() {
					if _, err := escrow.Decide(k.c, cmd, ask.who, k); err != nil {
						b.Fatal(err)
					}
				})
			})
		}
	}
}

// funded is an active contract of n milestones, all funded.
func funded(t testing.TB, n int) *desk {
	k := at(t, "active")
	for i := range n - 1 {
		id := fmt.Sprintf("x%03d", i)
		k.c = add(k, stone(id, 1))
		d, err := opentrain.FundMilestone{MilestoneID: id}.On(k.c, byAnn, k)
		require.NoError(t, err)
		k.c = d.Contract
	}
	return k
}
