package crowdfund_test

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/crowdfund"
	"github.com/escrow-go/escrow/internal/graph"
)

// moves are all commands by all actors: two backers, two amounts, and one that is
// too small.
func moves(c escrow.Contract) (list []graph.Move) {
	commands := []escrow.Command{crowdfund.Launch{}.Command(), crowdfund.Withdraw{}.Command(), crowdfund.Cancel{}.Command(), give("1").Command()}
	if crowdfund.Raised(c).Cmp(usdc(20)) < 0 {
		commands = append(commands, give("3").Command(), give("8").Command())
	}
	for _, a := range []struct {
		who string
		escrow.Actor
	}{{"ann", ann}, {"bob", bob}, {"creator", creator}, {"system", escrow.SystemActor()}} {
		for _, cmd := range commands {
			list = append(list, graph.Move{Who: a.who, Actor: a.Actor, Command: cmd})
		}
	}
	return append(list, graph.Move{Who: "stranger", Actor: stranger, Command: crowdfund.Withdraw{}.Command()})
}

// TestWalk plays every campaign to its end.
func TestWalk(t *testing.T) {
	began := time.Now()
	g := graph.Walk{Drafts: []escrow.Contract{terms().Draft()}, Begin: start, Moves: moves, Most: 3_000}.Run()
	t.Logf("%d states, %d edges, %d refusals in %v", g.States, g.Edges, g.Refusals, time.Since(began))
	for _, fault := range g.Faults {
		t.Error(fault)
	}
	for _, s := range crowdfund.Lifecycle.Statuses() {
		if g.Statuses[s] == 0 {
			t.Errorf("status %s is not reached", s)
		}
	}
	for _, r := range crowdfund.Lifecycle.Spec().Rules {
		if g.Rules[r.ID] == 0 {
			t.Errorf("rule %s never answers", r.ID)
		}
	}
	for _, who := range []string{"time", "creator"} {
		if stuck := g.Ends(true, who); len(stuck) > 0 {
			t.Errorf("%s alone does not end %v", who, stuck)
		}
	}
	if stuck := g.Ends(false, "time"); len(stuck) > 0 {
		t.Errorf("time alone does not end %v", stuck)
	}
}
