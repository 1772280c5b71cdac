// Package play is how orders are explored: who asks for what.
package play

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/explore"
	pu "github.com/escrow-go/escrow/purchase"
)

// start is when the scope begins.
var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// Scope returns a scope of orders under a policy, the zero one for its default: goods
// and bookings at two prices that fees are rounded of, founded in both ways, and
// reviewed by both.
func Scope(policy escrow.Policy) explore.Scope {
	if policy.Lifecycle() == nil {
		policy = pu.Lifecycle.DefaultPolicy()
	}
	from, to := start.Add(24*time.Hour), start.Add(48*time.Hour)
	return explore.Scope{
		Start: start, Drafts: drafts(policy), Unreached: append(slices.Clone(escrowtest.Rare), "reason window_closed"), // a deadline is due before
		Actors: []escrow.Actor{escrow.Agent("customer"), escrow.Agent("provider"), escrow.Agent("stranger"), escrow.SystemActor(), {}},
		Commands: []escrow.Command{escrow.Advance(), pu.Inquire{}.Command(),
			pu.RequestPayment{Total: cents(7)}.Command(), pu.RequestPayment{Total: cents(30), BookingStart: from, BookingEnd: to}.Command(),
			pu.RequestPayment{}.Command(), pu.RequestPayment{Total: decimal.New(1, -3)}.Command(), pu.RequestPayment{Total: cents(7), BookingStart: to, BookingEnd: from}.Command(),
			pu.ConfirmPayment{}.Command(), pu.Accept{}.Command(), pu.Decline{}.Command(), pu.Complete{}.Command(), pu.MarkDelivered{}.Command(), pu.MarkReceived{}.Command(),
			pu.Dispute{}.Command(), pu.MarkReceivedFromDisputed{}.Command(), pu.Cancel{}.Command(),
			pu.ReviewByProvider{Rating: 5, Text: "prompt"}.Command(), pu.ReviewByProvider{Rating: 6}.Command(), pu.ReviewByCustomer{Rating: 1, Text: "late"}.Command()},
	}
}

// drafts are the order, and three with a fault, which found nothing.
func drafts(policy escrow.Policy) (list []escrow.Contract) {
	for _, vary := range []func(*pu.Terms){
		func(*pu.Terms) {},
		func(t *pu.Terms) { t.Listing = "" },
		func(t *pu.Terms) { t.Provider = t.Customer },
	} {
		t := terms()
		vary(&t)
		list = append(list, t.Draft().WithPolicy(policy))
	}
	t := terms()
	t.Policy = []escrow.Value{pu.ProviderFee.Decimal(decimal.New(2, 0))}
	return append(list, t.Draft())
}

func terms() pu.Terms {
	return pu.Terms{ID: "order", Customer: "customer", Provider: "provider", Listing: "a boat"}
}

func cents(n int64) decimal.Decimal { return decimal.New(n, -2) }
