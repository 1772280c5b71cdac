package inspection_test

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/inspection"
	"github.com/escrow-go/escrow/internal/graph"
)

// actors are all who may try anything.
var actors = []struct {
	who string
	escrow.Actor
}{
	{"buyer", buyer}, {"seller", seller}, {"broker", broker}, {"arbitrator", arbitrator}, {"stranger", stranger}, {"system", platform},
}

// moves are all commands by all actors: two other prices, one extension of either
// date, one split.
func moves(c escrow.Contract) (list []graph.Move) {
	commands := []escrow.Command{
		inspection.Request{}.Command(), inspection.Offer{}.Command(), inspection.Agree{}.Command(), inspection.Cancel{}.Command(),
		inspection.Pay{}.Command(), inspection.Ship{Tracking: "T1"}.Command(), inspection.Receive{}.Command(), inspection.Accept{}.Command(),
		inspection.Reject{Complaint: "broken"}.Command(), inspection.ShipReturn{Tracking: "T2"}.Command(), inspection.ReceiveReturn{}.Command(),
		inspection.AcceptReturn{}.Command(), inspection.RejectReturn{Complaint: "used"}.Command(), inspection.Dispute{Complaint: "lost"}.Command(),
		inspection.AwardSeller{}.Command(), inspection.AwardBuyer{}.Command(), inspection.AwardSplit{SellerShare: dec("0.5")}.Command(),
		inspection.Settle{SellerShare: dec("0.3")}.Command(),
	}
	commands = append(commands, amendments(c)...)
	for _, a := range c.Approvals() {
		if a.Status == escrow.ApprovalIsPending {
			commands = append(commands, escrow.Confirm(a.ID, a.Hash), escrow.DeclineApproval(a.ID, ""))
		}
	}
	for _, a := range actors {
		for _, cmd := range commands {
			list = append(list, graph.Move{Who: a.who, Actor: a.Actor, Command: cmd})
		}
	}
	return list
}

func amendments(c escrow.Contract) []escrow.Command {
	now := inspection.Agreement(c)
	if !now.Price.Equal(dec("100")) || now.Inspection != 2*day || !now.ShipBy.Equal(start.Add(5*day)) {
		return nil // one amendment a life
	}
	return []escrow.Command{
		inspection.Amend{Price: dec("120")}.Command(), inspection.Amend{Price: dec("80"), Inspection: 3 * day}.Command(),
		inspection.Amend{ShipBy: start.Add(7 * day)}.Command(),
	}
}

// TestWalk plays every sale to its end.
func TestWalk(t *testing.T) {
	began := time.Now()
	g := graph.Walk{Drafts: []escrow.Contract{terms().Draft()}, Begin: start, Moves: moves, Most: 3_000}.Run()
	t.Logf("%d states, %d edges, %d refusals in %v", g.States, g.Edges, g.Refusals, time.Since(began))
	for _, fault := range g.Faults {
		t.Error(fault)
	}
	for _, s := range inspection.Lifecycle.Statuses() {
		if g.Statuses[s] == 0 {
			t.Errorf("status %s is not reached", s)
		}
	}
	for _, r := range inspection.Lifecycle.Spec().Rules {
		if g.Rules[r.ID] == 0 {
			t.Errorf("rule %s never answers", r.ID)
		}
	}
	if stuck := g.Ends(true, "time", "system"); len(stuck) > 0 {
		t.Errorf("time and the platform alone do not end %v", stuck)
	}
	for _, who := range []string{"buyer", "seller"} {
		if stuck := g.Ends(false, who); len(stuck) > 0 {
			t.Errorf("the %s alone does not end %v, which hold nothing", who, stuck)
		}
	}
}
