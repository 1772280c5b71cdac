package escrowtest

import (
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
	"github.com/escrow-go/escrow/internal/sample"
	"pgregory.net/rapid"
)

// PlayOf returns the play that follows from a lifecycle alone. Terms, policies and
// payloads are drawn within the bounds of their fields until the engine takes them;
// targets are items that there are; the cast is the parties with the kinds of actors
// that they have, and those who only look like them; the moves are the rows that
// start from the contract's status. A package that knows more of its lifecycle
// changes what it knows better:
//
//	play := escrowtest.PlayOf(Lifecycle)
//	play.Moves = moves
func PlayOf(l *escrow.Lifecycle) *Play {
	m := sample.Of(l)
	p := &Play{Lifecycle: l, Cast: m.Cast(), Finish: map[string]Strategy{}}
	p.Draft = func(t *rapid.T) Scene { return drawDraft(t, m) }
	p.Moves = func(t *rapid.T, s Scene) []Move { return moved(m.Moves(choice(t), s.Contract, s.Now)) }
	p.Commands = func(t *rapid.T, s Scene) []escrow.Command { return m.Commands(choice(t), s.Contract, s.Now) }
	p.Spoil = func(t *rapid.T, _ Scene, c escrow.Command) escrow.Command { return m.Spoil(choice(t), c) }
	for _, party := range reading.Spec(l).Parties {
		if !party.Receives && (party.Account != nil || party.Item != nil) {
			p.Finish[party.Name] = finisher(m, party)
		}
	}
	p.Unreached = append([]string{}, Rare...)
	return p
}

// Rare are what random lives of no length come by, or only by chance: refusals that
// no question in wire form about a contract of a known lifecycle gets, the engine's
// of itself, which there is none of, and those that take a hundred approvals or a
// thousand items.
var Rare = []string{"reason unknown_lifecycle", "reason unknown_action", "reason unbalanced", "reason rule_failed",
	"reason malformed", "reason amount_bounds", "reason too_many", "reason approval_resolved"}

// choice makes choices by drawing.
func choice(t *rapid.T) sample.Choose { return func(n int) int { return nth(t, n) } }

func moved(list []sample.Move) []Move {
	moves := make([]Move, len(list))
	for i, m := range list {
		moves[i] = Move(m)
	}
	return moves
}

// drawDraft draws the terms of a contract, one in sixteen with a fault. A draft
// comes as every system gets it: written down and read back.
func drawDraft(t *rapid.T, m *sample.Maker) Scene {
	now := drawn(t, Eras)
	draft, ok := m.Draft(choice(t), now)
	if again, read := reread(draft); read {
		draft = again
	} else if ok {
		t.Fatalf("terms in order cannot be read back")
	}
	return Scene{Faulted(t, draft), now}
}

// Faulted returns a draft as it is, or once in sixteen with one thing in it that is
// other than it was: usually a fault, that its founding is refused for.
func Faulted(t *rapid.T, draft escrow.Contract) escrow.Contract {
	if nth(t, 16) != 15 {
		return draft
	}
	return sample.Of(draft.Lifecycle()).SpoilDraft(choice(t), draft)
}

// reread returns a contract as it reads when it was written down.
func reread(c escrow.Contract) (escrow.Contract, bool) {
	text, err := c.MarshalJSON()
	if err != nil {
		return c, false
	}
	again, err := escrow.ParseContract(text, c.Lifecycle())
	return again, err == nil
}

// finisher is how a party ends a contract with nobody's help: it waits where time
// and the system end it, and where they do not, takes the shortest way of its own
// moves that the engine accepts.
func finisher(m *sample.Maker, party *escrow.Party) Strategy {
	return func(s Scene) (Move, time.Time) {
		by := m.Actors(s.Contract.View(), party)
		if len(by) == 0 {
			by = []escrow.Actor{escrow.SystemActor()}
		}
		if _, ends := escrow.MaxTime(s.Contract); !ends {
			if move, ok := shortest(m, s, by); ok {
				return move, s.Now
			}
		}
		return s.Wait(by[0])
	}
}

// mostTried is how many decisions are tried on the way to an end.
const mostTried = 2000

// way is a contract that moves have led to, and the first of them.
type way struct {
	contract escrow.Contract
	first    Move
	steps    int
}

// shortest looks for a way to an end by the moves of some actors alone, and returns
// its first. It goes on where the least is held and the most has been agreed to that
// ends it, and there from the fewest steps.
func shortest(m *sample.Maker, s Scene, by []escrow.Actor) (Move, bool) {
	ways, seen := []way{{contract: s.Contract}}, map[string]bool{s.Contract.Digest(): true}
	ending := ends(s.Contract.Lifecycle())
	for tried := 0; len(ways) > 0 && tried < mostTried; {
		at := nearest(ways, ending)
		from := ways[at]
		ways = slices.Delete(ways, at, at+1)
		for _, move := range ownMoves(m, from.contract, s.Now, by) {
			tried++
			d, err := escrow.Decide(from.contract, move.Command, move.Actor, escrow.At(s.Now))
			if err != nil || d.Contract == from.contract {
				continue
			}
			next := way{d.Contract, from.first, from.steps + 1}
			if from.steps == 0 {
				next.first = move
			}
			if d.Contract.IsTerminal() || timed(&d.Contract) {
				return next.first, true
			}
			if digest := d.Contract.Digest(); !seen[digest] {
				seen[digest] = true
				ways = append(ways, next)
			}
		}
	}
	return Move{}, false
}

// nearest returns the position of the way that is nearest to an end: the fewest pots
// hold money, the most people have agreed to end it, in the fewest steps.
func nearest(ways []way, ending map[string]bool) (best int) {
	least := 1 << 30
	for i := range ways {
		far := 100*len(ways[i].contract.Custody()) + ways[i].steps
		for _, a := range ways[i].contract.Approvals() {
			if a.Status == escrow.ApprovalIsPending && ending[a.Type] {
				far -= 5 + 10*len(a.ConfirmedBy)
			}
		}
		if far < least {
			best, least = i, far
		}
	}
	return best
}

// ends returns the types of approvals that wait for rows which end a contract.
func ends(l *escrow.Lifecycle) map[string]bool {
	types := map[string]bool{}
	for _, r := range reading.Spec(l).Rules {
		if r.CoSign.Type != "" && l.IsTerminal(r.To) {
			types[r.CoSign.Type] = true
		}
	}
	return types
}

// timed reports whether time and the system end a contract.
func timed(c *escrow.Contract) bool {
	_, ends := escrow.MaxTime(*c)
	return ends
}

// ownMoves are what a party tries to end a contract: every row of its status, for
// every item it may be about, by its plainest actor, and the confirmation of what is
// pending by all of them.
func ownMoves(m *sample.Maker, c escrow.Contract, now time.Time, by []escrow.Actor) (list []Move) {
	spec := reading.Spec(c.Lifecycle())
	for i := range spec.Rules {
		r := &spec.Rules[i]
		if r.On == escrow.Time || !slices.Contains(r.From, c.Status()) {
			continue
		}
		n := 1
		if r.Each != nil {
			n = min(max(c.View().Len(r.Each), 1), 128)
		}
		for item := range n {
			list = append(list, Move{m.Payload(func(k int) int { return item % k }, c, now, r), by[len(by)-1]})
		}
	}
	for _, a := range c.Approvals() {
		if a.StatusAt(now) == escrow.ApprovalIsPending {
			for _, actor := range by {
				list = append(list, Move{escrow.Confirm(a.ID, a.Hash), actor})
			}
		}
	}
	return list
}
