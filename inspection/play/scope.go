// Package play is how sales with inspection are explored: who asks for what.
package play

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/explore"
	in "github.com/escrow-go/escrow/inspection"
)

// start is when the scope begins.
var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// Scope returns a scope of sales under a policy, the zero one for its default: with
// broker and arbitrator and without, of two prices that cuts are rounded of, an
// amendment of the price, one of the inspection and one of the shipping date, and an
// agreed settlement.
func Scope(policy escrow.Policy) explore.Scope {
	if policy.Lifecycle() == nil {
		policy = in.Lifecycle.DefaultPolicy()
	}
	third := decimal.New(3, -1)
	s := explore.Scope{
		Start: start, Drafts: drafts(policy), Unreached: slices.Clone(escrowtest.Rare),
		Actors: []escrow.Actor{escrow.Agent("buyer"), escrow.Agent("seller"), escrow.Agent("arbitrator"), escrow.Agent("broker"), escrow.SystemActor(), {}},
		Commands: []escrow.Command{escrow.Advance(), in.Request{}.Command(), in.Offer{}.Command(), in.Agree{}.Command(), in.Cancel{}.Command(), in.Pay{}.Command(),
			in.Ship{Tracking: "1z"}.Command(), in.Receive{}.Command(), in.Accept{}.Command(), in.Reject{Complaint: "broken"}.Command(), in.ShipReturn{Tracking: "2z"}.Command(),
			in.ReceiveReturn{}.Command(), in.AcceptReturn{}.Command(), in.RejectReturn{Complaint: "worn"}.Command(), in.Dispute{Complaint: "lost"}.Command(),
			in.AwardSeller{}.Command(), in.AwardBuyer{}.Command(), in.AwardSplit{SellerShare: third}.Command(), in.Settle{SellerShare: third}.Command(),
			in.Amend{}.Command(), in.Amend{Price: cents(9)}.Command(), in.Amend{Inspection: 3 * day}.Command(), in.Amend{ShipBy: start.Add(6 * day)}.Command(),
			escrow.Confirm("", ""), escrow.DeclineApproval("", ""), escrow.RevokeConfirmation("")},
	}
	// A proposal needs one other's word: there is none to take back. Broker and system
	// are asked for nothing alone, and all of the pot is divided.
	s.Unreached = append(s.Unreached, "rule AP-4", "reason not_broker", "reason not_system", "reason not_covered")
	return s
}

// drafts are the sale with broker and arbitrator and without, and four with a
// fault, which found nothing.
func drafts(policy escrow.Policy) (list []escrow.Contract) {
	for _, vary := range []func(*in.Terms){
		func(*in.Terms) {},
		func(t *in.Terms) {
			t.Broker, t.Arbitrator, t.Commission, t.Price = "", "", decimal.Decimal{}, cents(30)
		},
		func(t *in.Terms) { t.Title = "" },
		func(t *in.Terms) { t.Broker = "" },
		func(t *in.Terms) { t.Price = decimal.New(1, -3) },
	} {
		t := terms()
		vary(&t)
		list = append(list, t.Draft().WithPolicy(policy))
	}
	t := terms()
	t.Policy = []escrow.Value{in.PlatformFee.Decimal(decimal.New(2, 0))}
	return append(list, t.Draft())
}

func terms() in.Terms {
	return in.Terms{ID: "sale", Title: "a violin", Buyer: "buyer", Seller: "seller", Broker: "broker", Arbitrator: "arbitrator",
		Price: cents(101), Commission: decimal.New(5, -2), Inspection: 2 * day, ShipBy: start.Add(5 * day)}
}

func cents(n int64) decimal.Decimal { return decimal.New(n, -2) }
