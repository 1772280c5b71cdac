package crowdfund_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/crowdfund"
)

var (
	start    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ends     = start.AddDate(0, 1, 0)
	creator  = escrow.Agent("c")
	ann      = escrow.Agent("ann")
	bob      = escrow.Agent("bob")
	stranger = escrow.Agent("x")
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func give(s string) crowdfund.Pledge { return crowdfund.Pledge{Amount: dec(s)} }

func terms() crowdfund.Terms {
	return crowdfund.Terms{ID: "camp-1", Title: "a film", Creator: "c", Goal: dec("10"), Deadline: ends,
		Policy: []escrow.Value{crowdfund.LeastPledge.Decimal(dec("2"))}}
}

// decide is a command that decides by itself.
type decide interface {
	Command() escrow.Command
	On(escrow.Contract, escrow.Actor, escrow.Clock) (escrow.Decision, error)
}

// play is a life, at a time.
type play struct {
	*testing.T
	c     escrow.Contract
	now   time.Time
	rule  string
	moved []string
}

func opened(t *testing.T) *play {
	t.Helper()
	return (&play{T: t, c: terms().Draft(), now: start}).do(creator, crowdfund.Launch{})
}

func (p *play) at(t time.Time) *play { p.now = t; return p }

func (p *play) do(actor escrow.Actor, cmd decide) *play {
	p.Helper()
	d, err := cmd.On(p.c, actor, escrow.At(p.now))
	return p.took(d, err)
}

func (p *play) advance() *play {
	p.Helper()
	d, err := escrow.Decide(p.c, escrow.Advance(), stranger, escrow.At(p.now))
	return p.took(d, err)
}

func (p *play) took(d escrow.Decision, err error) *play {
	p.Helper()
	if err != nil {
		p.Fatalf("in %s: %v", p.c.Status(), err)
	}
	p.c, p.rule, p.moved = d.Contract, d.Rule, nil
	for _, m := range d.Movements() {
		p.moved = append(p.moved, m.String())
	}
	return p
}

// is checks the rule that decided, the status, and what moved.
func (p *play) is(rule string, status escrow.Status, moved ...string) *play {
	p.Helper()
	if p.rule != rule || p.c.Status() != status || len(p.moved) != len(moved) {
		p.Fatalf("rule %s to %s moved %q, want %s to %s, %q", p.rule, p.c.Status(), p.moved, rule, status, moved)
	}
	for i := range moved {
		if p.moved[i] != moved[i] {
			p.Errorf("moved %q, want %q", p.moved[i], moved[i])
		}
	}
	return p
}

func (p *play) refused(reason escrow.Reason, actor escrow.Actor, cmd decide) *play {
	p.Helper()
	if _, err := cmd.On(p.c, actor, escrow.At(p.now)); !errors.Is(err, reason) {
		p.Fatalf("%s in %s: %v, want %s", cmd.Command().Action(), p.c.Status(), err, reason)
	}
	return p
}

// backed checks what each pledge holds.
func (p *play) backed(want ...crowdfund.Backing) *play {
	p.Helper()
	got := crowdfund.Backings(p.c)
	if len(got) != len(want) {
		p.Fatalf("backings %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			p.Errorf("backing %v, want %v", got[i], want[i])
		}
	}
	return p
}

func usdc(n uint64) escrow.Amount { return escrow.Units(n * 1_000_000) }

func TestLaunch(t *testing.T) {
	opened(t).is("CF-1", crowdfund.Open)
	for name, row := range map[string]struct {
		change func(*crowdfund.Terms)
		reason escrow.Reason
	}{
		"no title":         {func(s *crowdfund.Terms) { s.Title = "" }, escrow.InvalidTerms},
		"no creator":       {func(s *crowdfund.Terms) { s.Creator = "" }, escrow.InvalidTerms},
		"no goal":          {func(s *crowdfund.Terms) { s.Goal = decimal.Zero }, escrow.InvalidTerms},
		"goal too fine":    {func(s *crowdfund.Terms) { s.Goal = dec("0.0000001") }, escrow.AmountScale},
		"deadline is now":  {func(s *crowdfund.Terms) { s.Deadline = start }, escrow.InvalidTerms},
		"no deadline":      {func(s *crowdfund.Terms) { s.Deadline = time.Time{} }, escrow.InvalidTerms},
		"least is no USDC": {func(s *crowdfund.Terms) { s.Policy = []escrow.Value{crowdfund.LeastPledge.Decimal(dec("0.0000001"))} }, escrow.InvalidPolicy},
	} {
		of := terms()
		row.change(&of)
		if _, err := (crowdfund.Launch{}).On(of.Draft(), creator, escrow.At(start)); !errors.Is(err, row.reason) {
			t.Errorf("%s: %v, want %s", name, err, row.reason)
		}
	}
	p := &play{T: t, c: terms().Draft(), now: start}
	p.refused(crowdfund.NotCreator, ann, crowdfund.Launch{}).refused(escrow.WrongStatus, ann, give("3"))
}

func TestPledges(t *testing.T) {
	p := opened(t).do(ann, give("3")).is("CF-2", crowdfund.Open, "3 USDC backer:ann -> pledge:ann (pledge_deposit)")
	p.do(bob, give("2")).is("CF-2", crowdfund.Open, "2 USDC backer:bob -> pledge:bob (pledge_deposit)")
	p.do(ann, give("4.5")).is("CF-3", crowdfund.Open, "4.5 USDC backer:ann -> pledge:ann (pledge_deposit)")
	p.backed(crowdfund.Backing{"ann", crowdfund.Pledged, escrow.Units(7_500_000)}, crowdfund.Backing{"bob", crowdfund.Pledged, usdc(2)})
	p.do(ann, crowdfund.Withdraw{}).is("CF-5", crowdfund.Open, "7.5 USDC pledge:ann -> backer:ann (pledge_refund)").
		backed(crowdfund.Backing{"ann", crowdfund.Withdrawn, usdc(0)}, crowdfund.Backing{"bob", crowdfund.Pledged, usdc(2)}).
		refused(crowdfund.PledgeWithdrawn, ann, crowdfund.Withdraw{})
	p.do(ann, give("9")).is("CF-4", crowdfund.Open, "9 USDC backer:ann -> pledge:ann (pledge_deposit)").
		backed(crowdfund.Backing{"ann", crowdfund.Pledged, usdc(9)}, crowdfund.Backing{"bob", crowdfund.Pledged, usdc(2)})
	if crowdfund.Raised(p.c) != usdc(11) || !crowdfund.Reached(p.c) {
		t.Errorf("raised %v", crowdfund.Raised(p.c))
	}
	p.refused(crowdfund.PledgeTooSmall, ann, give("1.999999")).refused(crowdfund.PledgeTooSmall, stranger, give("1")).
		refused(escrow.Malformed, ann, give("0")).refused(escrow.Malformed, ann, give("-3")).
		refused(escrow.AmountScale, ann, give("3.0000001")).
		refused(crowdfund.CreatorIsBacker, creator, give("3")).refused(crowdfund.NotBacker, escrow.SystemActor(), give("3")).
		refused(crowdfund.NotBacker, stranger, crowdfund.Withdraw{}).refused(crowdfund.NotCreator, ann, crowdfund.Cancel{})
}

func TestTheDeadlineDecides(t *testing.T) {
	last := opened(t).at(ends.Add(-1))
	last.do(ann, give("7")).do(ann, give("3")).do(bob, give("2")).do(bob, crowdfund.Withdraw{})
	last.at(ends).refused(escrow.DeadlineDue, ann, give("3")).refused(escrow.DeadlineDue, stranger, give("3")).
		refused(escrow.DeadlineDue, ann, crowdfund.Withdraw{}).refused(escrow.DeadlineDue, creator, crowdfund.Cancel{})
	last.at(ends.AddDate(1, 0, 0)).advance().is("CF-7", crowdfund.Funded,
		"9.5 USDC pledge:ann -> creator:c (payout)", "0.5 USDC pledge:ann -> platform (platform_fee)")
	if !last.c.EnteredAt().Equal(ends) || crowdfund.Reached(last.c) {
		t.Errorf("funded at %v", last.c.EnteredAt())
	}
}

func TestFunded(t *testing.T) {
	// The fee is of each pledge: 0.05 of 3.000011 is 0.15000055, half up.
	p := opened(t).do(ann, give("3.000011")).do(bob, give("6.99999"))
	p.at(ends).advance().is("CF-7", crowdfund.Funded,
		"2.85001 USDC pledge:ann -> creator:c (payout)", "0.150001 USDC pledge:ann -> platform (platform_fee)",
		"6.64999 USDC pledge:bob -> creator:c (payout)", "0.35 USDC pledge:bob -> platform (platform_fee)")
}

func TestRefunded(t *testing.T) {
	p := opened(t).do(ann, give("3")).do(bob, give("6.999999"))
	p.at(ends).advance().is("CF-8", crowdfund.Refunded,
		"3 USDC pledge:ann -> backer:ann (pledge_refund)", "6.999999 USDC pledge:bob -> backer:bob (pledge_refund)")
	opened(t).at(ends).advance().is("CF-8", crowdfund.Refunded)
	if at, ok := escrow.MaxTime(opened(t).c); !ok || !at.Equal(ends) {
		t.Errorf("time ends it at %v", at)
	}
}

func TestCancel(t *testing.T) {
	opened(t).do(ann, give("3")).do(bob, give("8")).at(ends.Add(-1)).do(creator, crowdfund.Cancel{}).is("CF-6", crowdfund.Canceled,
		"3 USDC pledge:ann -> backer:ann (pledge_refund)", "8 USDC pledge:bob -> backer:bob (pledge_refund)").
		refused(escrow.WrongStatus, ann, give("3"))
	opened(t).do(creator, crowdfund.Cancel{}).is("CF-6", crowdfund.Canceled)
}

// TestAnotherAsset: the least pledge keeps its worth whatever the asset's scale.
func TestAnotherAsset(t *testing.T) {
	of := terms()
	of.Asset, of.Policy = escrow.Asset{Code: "USD", Scale: 2}, nil
	p := (&play{T: t, c: of.Draft(), now: start}).do(creator, crowdfund.Launch{})
	p.refused(crowdfund.PledgeTooSmall, ann, give("0.99")).do(ann, give("1")).
		is("CF-2", crowdfund.Open, "1 USD backer:ann -> pledge:ann (pledge_deposit)")
	of.Asset = escrow.Asset{Code: "ONE", Scale: 0}
	(&play{T: t, c: of.Draft(), now: start}).do(creator, crowdfund.Launch{})
}

// TestAThousandBackers: no more find a place, and all are paid in one decision.
func TestAThousandBackers(t *testing.T) {
	p := opened(t)
	for i := range 1000 {
		p.do(escrow.Agent("b"+strconv.Itoa(i)), give("2"))
	}
	p.refused(escrow.TooMany, ann, give("2")).do(escrow.Agent("b7"), give("2"))
	if p.at(ends).advance(); p.rule != "CF-7" || len(p.moved) != 2000 || p.moved[14] != "3.8 USDC pledge:b7 -> creator:c (payout)" {
		t.Errorf("%s moved %d, as in %s", p.rule, len(p.moved), p.moved[14])
	}
	if held := p.c.Custody(); len(held) != 0 {
		t.Errorf("holds %v", held)
	}
}

// TestTooMuch: all pledges together stay below what can be added up.
func TestTooMuch(t *testing.T) {
	most := give("1" + "000000000000000000000000000000") // 10^36 smallest units
	p := opened(t)
	for i := range 170 { // 2^127 is between 170 and 171 of them
		p.do(escrow.Agent("b"+strconv.Itoa(i%3)), most)
	}
	p.refused(escrow.AmountBounds, ann, most).refused(escrow.AmountBounds, escrow.Agent("b0"), most)
	p.at(ends).advance()
	if len(p.c.Custody()) != 0 {
		t.Error("holds money")
	}
}
