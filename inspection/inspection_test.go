package inspection_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/inspection"
)

const day = 24 * time.Hour

var (
	start      = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	buyer      = escrow.Agent("b")
	seller     = escrow.Agent("s")
	broker     = escrow.Agent("k")
	arbitrator = escrow.Agent("a")
	stranger   = escrow.Agent("x")
	platform   = escrow.SystemActor()
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func terms() inspection.Terms {
	return inspection.Terms{
		ID: "sale-1", Title: "a violin", Buyer: "b", Seller: "s", Broker: "k", Arbitrator: "a",
		Price: dec("100"), Commission: dec("0.05"), Inspection: 2 * day, ShipBy: start.Add(5 * day),
	}
}

// play is a life, at a time.
type play struct {
	*testing.T
	c     escrow.Contract
	now   time.Time
	moved []string
	rule  string
}

func newPlay(t *testing.T, of inspection.Terms) *play { return &play{T: t, c: of.Draft(), now: start} }

// do decides, and fails the test when it is refused.
func (p *play) do(actor escrow.Actor, cmd decide) *play {
	p.Helper()
	d, err := cmd.On(p.c, actor, escrow.At(p.now))
	return p.took(d, err)
}

func (p *play) ask(actor escrow.Actor, cmd escrow.Command) *play {
	p.Helper()
	d, err := escrow.Decide(p.c, cmd, actor, escrow.At(p.now))
	return p.took(d, err)
}

func (p *play) took(d escrow.Decision, err error) *play {
	p.Helper()
	if err != nil {
		p.Fatalf("in %s: %v", p.c.Status(), err)
	}
	p.c, p.rule, p.moved = d.Contract, d.Rule, nil
	if d.Executes != "" {
		p.rule = d.Executes
	}
	for _, m := range d.Movements() {
		p.moved = append(p.moved, m.String())
	}
	return p
}

// confirm confirms the pending approval.
func (p *play) confirm(actor escrow.Actor) *play {
	p.Helper()
	a := p.pending()
	return p.ask(actor, escrow.Confirm(a.ID, a.Hash))
}

func (p *play) pending() escrow.Approval {
	p.Helper()
	for _, a := range p.c.Approvals() {
		if a.Status == escrow.ApprovalIsPending {
			return a
		}
	}
	p.Fatal("no approval is pending")
	return escrow.Approval{}
}

func (p *play) at(t time.Time) *play { p.now = t; return p }

func (p *play) advance() *play { p.Helper(); return p.ask(stranger, escrow.Advance()) }

// is checks the rule that decided, the status, and what moved.
func (p *play) is(rule string, status escrow.Status, moved ...string) *play {
	p.Helper()
	if p.rule != rule || p.c.Status() != status {
		p.Fatalf("rule %s to %s, want %s to %s", p.rule, p.c.Status(), rule, status)
	}
	if len(p.moved) != len(moved) {
		p.Fatalf("moved %q, want %q", p.moved, moved)
	}
	for i := range moved {
		if p.moved[i] != moved[i] {
			p.Errorf("moved %q, want %q", p.moved[i], moved[i])
		}
	}
	return p
}

// refused checks why a command is refused, and that it is.
func (p *play) refused(reason escrow.Reason, actor escrow.Actor, cmd decide) *play {
	p.Helper()
	return p.refusedAsk(reason, actor, cmd.(interface{ Command() escrow.Command }).Command())
}

func (p *play) refusedAsk(reason escrow.Reason, actor escrow.Actor, cmd escrow.Command) *play {
	p.Helper()
	_, err := escrow.Decide(p.c, cmd, actor, escrow.At(p.now))
	if !errors.Is(err, reason) {
		p.Fatalf("%s in %s: %v, want %s", cmd.Action(), p.c.Status(), err, reason)
	}
	return p
}

// to plays a sale to a status, by the shortest way.
func to(t *testing.T, status escrow.Status) *play {
	t.Helper()
	p := newPlay(t, terms()).do(seller, inspection.Offer{})
	steps := []struct {
		to    escrow.Status
		actor escrow.Actor
		cmd   decide
	}{
		{inspection.Agreed, buyer, inspection.Agree{}},
		{inspection.Paid, buyer, inspection.Pay{}},
		{inspection.Shipped, seller, inspection.Ship{Tracking: "T1"}},
		{inspection.Inspecting, buyer, inspection.Receive{}},
		{inspection.Rejected, buyer, inspection.Reject{Complaint: "cracked"}},
		{inspection.Returning, buyer, inspection.ShipReturn{Tracking: "T2"}},
		{inspection.Checking, seller, inspection.ReceiveReturn{}},
		{inspection.Disputed, seller, inspection.RejectReturn{Complaint: "another violin"}},
	}
	for _, s := range steps {
		if p.c.Status() != status {
			p.do(s.actor, s.cmd)
		}
	}
	if p.c.Status() != status {
		t.Fatalf("came to %s, not to %s", p.c.Status(), status)
	}
	return p
}

const (
	deposit   = "100 USD buyer:b -> escrow (escrow_deposit)"
	refund    = "100 USD escrow -> buyer:b (escrow_refund)"
	sellerNet = "91.75 USD escrow -> seller:s (payout)"
	brokers   = "5 USD escrow -> broker:k (broker_commission)"
	fee       = "3.25 USD escrow -> platform (platform_fee)"
)

func TestFounding(t *testing.T) {
	newPlay(t, terms()).do(buyer, inspection.Request{}).is("IN-1", inspection.Requested).
		refused(inspection.NotSeller, buyer, inspection.Agree{}).do(seller, inspection.Agree{}).is("IN-3", inspection.Agreed)
	newPlay(t, terms()).do(seller, inspection.Offer{}).is("IN-2", inspection.Offered).
		refused(inspection.NotBuyer, seller, inspection.Agree{}).do(buyer, inspection.Agree{}).is("IN-4", inspection.Agreed)
	newPlay(t, terms()).refused(inspection.NotBuyer, seller, inspection.Request{}).refused(inspection.NotSeller, buyer, inspection.Offer{})
	for _, s := range []escrow.Status{inspection.Offered, inspection.Agreed} {
		to(t, s).do(seller, inspection.Cancel{}).is("IN-5", inspection.Canceled)
		to(t, s).refused(inspection.NotTrader, broker, inspection.Cancel{})
	}
	to(t, inspection.Paid).refused(escrow.WrongStatus, buyer, inspection.Cancel{})
	due := start.Add(5 * day)
	to(t, inspection.Offered).at(due).refused(escrow.WindowClosed, buyer, inspection.Agree{})
	to(t, inspection.Agreed).at(due.Add(-1)).do(buyer, inspection.Pay{}).is("IN-6", inspection.Paid, deposit)
	to(t, inspection.Agreed).at(due).refused(escrow.WindowClosed, buyer, inspection.Pay{})
}

func TestTermsAreChecked(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*inspection.Terms)
		reason escrow.Reason
	}{
		"no title":             {func(s *inspection.Terms) { s.Title = " " }, escrow.InvalidTerms},
		"no price":             {func(s *inspection.Terms) { s.Price = decimal.Zero }, escrow.InvalidTerms},
		"price too fine":       {func(s *inspection.Terms) { s.Price = dec("1.001") }, escrow.AmountScale},
		"no buyer":             {func(s *inspection.Terms) { s.Buyer = "" }, escrow.InvalidTerms},
		"buyer is seller":      {func(s *inspection.Terms) { s.Buyer = "s" }, escrow.InvalidTerms},
		"arbitrator is buyer":  {func(s *inspection.Terms) { s.Arbitrator = "b" }, escrow.InvalidTerms},
		"commission alone":     {func(s *inspection.Terms) { s.Broker = "" }, escrow.InvalidTerms},
		"commission above all": {func(s *inspection.Terms) { s.Commission = dec("1.1") }, escrow.AmountBounds},
		"cuts above 1":         {func(s *inspection.Terms) { s.Commission = dec("0.9676") }, escrow.InvalidTerms},
		"inspection too short": {func(s *inspection.Terms) { s.Inspection = day - time.Second }, escrow.InvalidTerms},
		"inspection too long":  {func(s *inspection.Terms) { s.Inspection = 30*day + time.Second }, escrow.InvalidTerms},
		"fraction of a second": {func(s *inspection.Terms) { s.Inspection = 2*day + 1 }, escrow.InvalidTerms},
		"no shipping date":     {func(s *inspection.Terms) { s.ShipBy = time.Time{} }, escrow.InvalidTerms},
		"shipping date is now": {func(s *inspection.Terms) { s.ShipBy = start }, escrow.InvalidTerms},
		"policy": {func(s *inspection.Terms) {
			s.Policy = []escrow.Value{inspection.ReturnWindow.To(0)}
		}, escrow.InvalidPolicy},
	} {
		of := terms()
		row.change(&of)
		p := newPlay(t, of)
		if _, err := (inspection.Offer{}).On(p.c, seller, escrow.At(start)); !errors.Is(err, row.reason) {
			t.Errorf("%s: %v, want %s", name, err, row.reason)
		}
	}
	of := terms()
	of.Commission = dec("0.9675")
	newPlay(t, of).do(seller, inspection.Offer{})
	of.Broker, of.Arbitrator, of.Commission = "", "", decimal.Zero
	newPlay(t, of).do(seller, inspection.Offer{})
	of.Broker = "k" // a broker without a commission
	newPlay(t, of).do(seller, inspection.Offer{})
}

func TestShipping(t *testing.T) {
	due := start.Add(5 * day)
	to(t, inspection.Paid).at(due.Add(-1)).do(seller, inspection.Ship{Tracking: "T1"}).is("IN-7", inspection.Shipped)
	to(t, inspection.Paid).refused(inspection.NotSeller, buyer, inspection.Ship{})
	late := to(t, inspection.Paid).at(due).refused(escrow.DeadlineDue, seller, inspection.Ship{})
	late.at(due.Add(day)).advance().is("IN-8", inspection.Refunded, refund)
	if !late.c.EnteredAt().Equal(due) {
		t.Errorf("refunded at %v, not at the deadline", late.c.EnteredAt())
	}
	to(t, inspection.Shipped).do(buyer, inspection.Receive{}).is("IN-9", inspection.Inspecting)
	to(t, inspection.Shipped).do(platform, inspection.Receive{}).is("IN-9", inspection.Inspecting)
	to(t, inspection.Shipped).refused(inspection.NotBuyer, seller, inspection.Receive{})
}

func TestInspection(t *testing.T) {
	ends := start.Add(2 * day)
	paid := []string{sellerNet, brokers, fee}
	to(t, inspection.Inspecting).at(ends.Add(-1)).do(buyer, inspection.Accept{}).is("IN-10", inspection.Accepted, paid...)
	to(t, inspection.Inspecting).at(ends.Add(-1)).do(buyer, inspection.Reject{}).is("IN-11", inspection.Rejected)
	p := to(t, inspection.Inspecting).refused(inspection.NotBuyer, seller, inspection.Accept{}).at(ends)
	p.refused(escrow.DeadlineDue, buyer, inspection.Reject{}).advance().is("IN-12", inspection.Accepted, paid...)
	if until, ok := inspection.InspectedUntil(to(t, inspection.Inspecting).c); !ok || !until.Equal(ends) {
		t.Errorf("inspected until %v", until)
	}
	if _, ok := inspection.InspectedUntil(p.c); ok {
		t.Error("nobody inspects what was accepted")
	}
}

func TestReturn(t *testing.T) {
	due, ends := start.Add(10*day), start.Add(2*day)
	to(t, inspection.Rejected).at(due.Add(-1)).do(buyer, inspection.ShipReturn{Tracking: "T2"}).is("IN-13", inspection.Returning)
	to(t, inspection.Rejected).at(due).refused(escrow.DeadlineDue, buyer, inspection.ShipReturn{}).
		advance().is("IN-14", inspection.Accepted, sellerNet, brokers, fee)
	to(t, inspection.Returning).refused(inspection.NotSeller, buyer, inspection.ReceiveReturn{}).
		do(platform, inspection.ReceiveReturn{}).is("IN-15", inspection.Checking)
	to(t, inspection.Returning).do(seller, inspection.ReceiveReturn{}).is("IN-15", inspection.Checking)
	to(t, inspection.Checking).at(ends.Add(-1)).do(seller, inspection.AcceptReturn{}).is("IN-16", inspection.Refunded, refund)
	to(t, inspection.Checking).at(ends.Add(-1)).do(seller, inspection.RejectReturn{Complaint: "used"}).is("IN-17", inspection.Disputed)
	to(t, inspection.Checking).at(ends).refused(escrow.DeadlineDue, seller, inspection.RejectReturn{}).
		advance().is("IN-18", inspection.Refunded, refund)
	if until, ok := inspection.InspectedUntil(to(t, inspection.Checking).c); !ok || !until.Equal(ends) {
		t.Errorf("the return is inspected until %v", until)
	}
}

func TestDispute(t *testing.T) {
	to(t, inspection.Shipped).do(buyer, inspection.Dispute{Complaint: "never arrived"}).is("IN-19", inspection.Disputed)
	to(t, inspection.Returning).do(seller, inspection.Dispute{}).is("IN-19", inspection.Disputed)
	to(t, inspection.Returning).refused(inspection.NotTrader, arbitrator, inspection.Dispute{})
	for _, judge := range []escrow.Actor{arbitrator, platform} {
		to(t, inspection.Disputed).do(judge, inspection.AwardSeller{}).is("IN-20", inspection.Accepted, sellerNet, brokers, fee)
		to(t, inspection.Disputed).do(judge, inspection.AwardBuyer{}).is("IN-21", inspection.Refunded, refund)
		// 33.33 to the seller: less 1.6665 and 1.083225, whose largest fractions
		// get the units that are left over.
		to(t, inspection.Disputed).do(judge, inspection.AwardSplit{SellerShare: dec("0.3333")}).is("IN-22", inspection.Divided,
			"30.58 USD escrow -> seller:s (payout)", "1.67 USD escrow -> broker:k (broker_commission)",
			"1.08 USD escrow -> platform (platform_fee)", "66.67 USD escrow -> buyer:b (escrow_refund)")
	}
	to(t, inspection.Disputed).refused(inspection.NotArbitrator, buyer, inspection.AwardBuyer{}).
		refused(escrow.AmountBounds, arbitrator, inspection.AwardSplit{SellerShare: dec("1.5")})
	to(t, inspection.Disputed).do(arbitrator, inspection.AwardSplit{}).is("IN-22", inspection.Divided, refund)
	p := to(t, inspection.Disputed)
	if at, ok := escrow.MaxTime(p.c); !ok || !at.IsZero() {
		t.Errorf("the platform alone ends a dispute at once, not at %v, %v", at, ok)
	}
}

func TestSettlementNeedsTheOther(t *testing.T) {
	half := inspection.Settle{SellerShare: dec("0.5")}
	p := to(t, inspection.Disputed).do(buyer, half).is("IN-23", inspection.Disputed)
	a := p.pending()
	p.refusedAsk(escrow.NotConfirmer, buyer, escrow.Confirm(a.ID, a.Hash)).
		refusedAsk(escrow.ApprovalNotFound, arbitrator, escrow.Confirm(a.ID, a.Hash))
	if len(a.Movements) != 4 || a.Account != "b" || len(a.Confirmers) != 1 || a.Confirmers[0] != "s" {
		t.Errorf("the approval is %+v", a)
	}
	p.at(start.Add(3*day)).refusedAsk(escrow.ApprovalExpired, seller, escrow.Confirm(a.ID, a.Hash))
	p.at(start.Add(3*day-1)).confirm(seller).is("IN-23", inspection.Divided,
		"45.87 USD escrow -> seller:s (payout)", "2.5 USD escrow -> broker:k (broker_commission)",
		"1.63 USD escrow -> platform (platform_fee)", "50 USD escrow -> buyer:b (escrow_refund)")
	to(t, inspection.Disputed).do(buyer, half).do(arbitrator, inspection.AwardBuyer{}).is("IN-21", inspection.Refunded, refund)
	declined := to(t, inspection.Disputed).do(buyer, half)
	declined.ask(seller, escrow.DeclineApproval(declined.pending().ID, "")).is("AP-2", inspection.Disputed)
}

func TestAmendmentBeforePayment(t *testing.T) {
	whole := inspection.Amend{Price: dec("120.5"), Inspection: 3 * day, ShipBy: start.Add(9 * day)}
	for _, s := range []escrow.Status{inspection.Offered, inspection.Agreed} {
		p := to(t, s).do(seller, whole).is("IN-24", s).confirm(buyer).is("IN-24", s)
		got := inspection.Agreement(p.c)
		if !got.Price.Equal(dec("120.5")) || got.Inspection != 3*day || !got.ShipBy.Equal(start.Add(9*day)) || got.Title != "a violin" {
			t.Errorf("amended to %+v", got)
		}
	}
	// Past the shipping date the sale is not dead: both may agree on a later one.
	to(t, inspection.Agreed).at(start.Add(6*day)).do(seller, inspection.Amend{ShipBy: start.Add(9 * day)}).confirm(buyer).
		is("IN-24", inspection.Agreed).do(buyer, inspection.Pay{}).is("IN-6", inspection.Paid, deposit)
	p := to(t, inspection.Agreed)
	p.refused(inspection.NotTrader, broker, whole).refused(inspection.NothingAmended, buyer, inspection.Amend{}).
		refused(inspection.DateNotAhead, buyer, inspection.Amend{ShipBy: start}).
		refused(escrow.Malformed, buyer, inspection.Amend{Inspection: 31 * day}).
		refused(escrow.Malformed, buyer, inspection.Amend{Price: dec("-1")}).
		refused(escrow.AmountScale, buyer, inspection.Amend{Price: dec("1.005")})
}

func TestAmendmentOfPricePaid(t *testing.T) {
	for _, row := range []struct{ asks, confirms escrow.Actor }{{buyer, seller}, {seller, buyer}} {
		// Whoever asks, the buyer pays the difference, or gets it back.
		more := to(t, inspection.Paid).do(row.asks, inspection.Amend{Price: dec("120")}).is("IN-25", inspection.Paid)
		if m := more.pending().Movements; len(m) != 1 || m[0].String() != "20 USD buyer:b -> escrow (escrow_deposit)" {
			t.Errorf("proposes %v", m)
		}
		more.confirm(row.confirms).is("IN-25", inspection.Paid, "20 USD buyer:b -> escrow (escrow_deposit)")
		more.at(start.Add(5*day)).advance().is("IN-8", inspection.Refunded, "120 USD escrow -> buyer:b (escrow_refund)")
		to(t, inspection.Inspecting).do(row.asks, inspection.Amend{Price: dec("60")}).confirm(row.confirms).
			is("IN-26", inspection.Inspecting, "40 USD escrow -> buyer:b (escrow_refund)").
			do(buyer, inspection.Accept{}).is("IN-10", inspection.Accepted,
			"55.05 USD escrow -> seller:s (payout)", "3 USD escrow -> broker:k (broker_commission)", "1.95 USD escrow -> platform (platform_fee)")
	}
	to(t, inspection.Paid).do(buyer, inspection.Amend{Price: dec("100")}).confirm(seller).is("IN-25", inspection.Paid)
}

func TestAmendmentOfDates(t *testing.T) {
	p := to(t, inspection.Paid).do(seller, inspection.Amend{ShipBy: start.Add(8 * day)})
	p.at(start.Add(3*day-1)).confirm(buyer).is("IN-25", inspection.Paid)
	p.at(start.Add(8*day-1)).do(seller, inspection.Ship{}).is("IN-7", inspection.Shipped)
	p = to(t, inspection.Inspecting).at(start.Add(2*day-1)).do(buyer, inspection.Amend{Inspection: 4 * day}).confirm(seller)
	p.at(start.Add(4*day-1)).do(buyer, inspection.Reject{}).is("IN-11", inspection.Rejected)
	p = to(t, inspection.Inspecting).at(start.Add(day)).refused(inspection.DateNotAhead, seller, inspection.Amend{Inspection: day})
	p.refused(inspection.ShippedAlready, seller, inspection.Amend{ShipBy: start.Add(9 * day)}).
		do(seller, inspection.Amend{Inspection: day + time.Second}).at(start.Add(day+time.Second)).
		refusedAsk(escrow.ApprovalStale, buyer, escrow.Confirm(p.pending().ID, ""))
	to(t, inspection.Shipped).do(seller, inspection.Amend{Inspection: 5 * day}).confirm(buyer).is("IN-26", inspection.Shipped)
	// The deadline decides, not the proposal: an amendment lives no longer than
	// what it would change.
	p = to(t, inspection.Paid).at(start.Add(4*day)).do(seller, inspection.Amend{ShipBy: start.Add(8 * day)})
	if at := p.pending().ExpiresAt; !at.Equal(start.Add(5 * day)) {
		t.Errorf("the amendment expires at %v", at)
	}
	p.at(start.Add(5*day)).refusedAsk(escrow.DeadlineDue, buyer, escrow.Confirm(p.pending().ID, ""))
}

func TestCounterProposal(t *testing.T) {
	p := to(t, inspection.Paid).do(buyer, inspection.Amend{Price: dec("80")})
	first := p.pending()
	p.do(seller, inspection.Amend{Price: dec("90")})
	p.refusedAsk(escrow.ApprovalSuperseded, seller, escrow.Confirm(first.ID, "")).confirm(buyer).
		is("IN-25", inspection.Paid, "10 USD escrow -> buyer:b (escrow_refund)")
	same := to(t, inspection.Paid).do(buyer, inspection.Amend{Price: dec("80")})
	id, revision := same.pending().ID, same.c.Revision()
	if same.do(buyer, inspection.Amend{Price: dec("80")}); same.pending().ID != id || same.c.Revision() != revision {
		t.Error("the same request is another approval")
	}
}

// TestWhatTheTableNeeds: without its checks of the terms the table is refused.
func TestWhatTheTableNeeds(t *testing.T) {
	for name, row := range map[string]struct {
		without *escrow.Requirement
		says    string
	}{
		"a commission without a broker": {inspection.BrokerNamed, "broker is paid and may not be set yet"},
		"cuts of more than all":         {inspection.CutsFit, "commission"},
	} {
		spec := inspection.Lifecycle.Spec()
		spec.Check = slices.DeleteFunc(slices.Clone(spec.Check), func(r *escrow.Requirement) bool { return r == row.without })
		if _, err := escrow.Define(spec); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
