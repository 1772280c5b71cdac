// Package play is how campaigns are explored: who asks for what.
package play

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	cf "github.com/escrow-go/escrow/crowdfund"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/explore"
)

// start is when the scope begins.
var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// Scope returns a scope of campaigns under a policy, the zero one for its default:
// two backers who pledge either of two amounts at a time, which the platform's fee
// is rounded of, top up and withdraw. Nobody pledges to a campaign that holds more
// than its goal.
func Scope(policy escrow.Policy) explore.Scope {
	if policy.Lifecycle() == nil {
		policy = cf.Lifecycle.DefaultPolicy()
	}
	return explore.Scope{
		Start: start, Drafts: drafts(policy),
		// A deadline is due before a window closes, and who has pledged tops up.
		Unreached: append(slices.Clone(escrowtest.Rare), "reason window_closed", "reason item_exists"),
		Actors:    []escrow.Actor{escrow.Agent("creator"), escrow.Agent("ann"), escrow.Agent("ben"), escrow.SystemActor(), {}},
		Commands: []escrow.Command{escrow.Advance(), cf.Launch{}.Command(), cf.Withdraw{}.Command(), cf.Cancel{}.Command(),
			cf.Pledge{Amount: decimal.New(4_000_001, -6)}.Command(), cf.Pledge{Amount: decimal.New(7, 0)}.Command(), cf.Pledge{Amount: decimal.New(5, -1)}.Command()},
		Unasked: func(c escrow.Contract, cmd escrow.Command) bool {
			return cmd.Action() == pledge && cf.Goal.In(c.View()).Cmp(c.View().Total(cf.PledgePot)) < 0
		},
	}
}

// pledge is the action of [cf.Pledge].
var pledge = cf.Pledge{}.Command().Action()

// drafts are the campaign, and three with a fault, which found nothing.
func drafts(policy escrow.Policy) (list []escrow.Contract) {
	for _, vary := range []func(*cf.Terms){
		func(*cf.Terms) {},
		func(t *cf.Terms) { t.Title = "" },
		func(t *cf.Terms) { t.Goal = decimal.New(1, -7) },
	} {
		t := terms()
		vary(&t)
		list = append(list, t.Draft().WithPolicy(policy))
	}
	t := terms()
	t.Policy = []escrow.Value{cf.PlatformFee.Decimal(decimal.New(2, 0))}
	return append(list, t.Draft())
}

func terms() cf.Terms {
	return cf.Terms{ID: "campaign", Title: "a film", Creator: "creator", Goal: decimal.New(11, 0), Deadline: start.Add(240 * time.Hour)}
}
