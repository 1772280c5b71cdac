package escrow_test

import (
	"slices"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// strangers are actors that there cannot be.
var strangers = []escrow.Actor{{ID: "two words"}, {ID: theClient, Kind: "ghost"}}

// foreign are commands that a play's lifecycle has not.
var foreign = map[*escrowtest.Play][]escrow.Command{
	taskPlay:  {nil, &escrow.Advance{}, escrow.Hire{}, escrow.End{}, escrow.Confirm{}},
	trainPlay: {nil, &escrow.Advance{}, escrow.Create{}, escrow.Vote{}, escrow.Settle{}},
}

// askStrange asks what nobody can write down, which is refused.
func askStrange(t *rapid.T, play *escrowtest.Play, s scene) *question {
	q := asked(s, drawStrange(t, play, s))
	if q.accepted() {
		t.Fatalf("a strange question is accepted: %s", q)
	}
	return q
}

// drawStrange draws a payload that no wire form carries, a command that the
// lifecycle has not, or an actor that there cannot be.
func drawStrange(t *rapid.T, play *escrowtest.Play, s scene) move {
	command := drawn(t, play.Commands(t, s))
	if drawn(t, []bool{false, true}) {
		return by(drawn(t, strangers), command)
	}
	actor := drawn(t, play.Cast)
	command = play.Spoil(t, s, command)
	if _, err := play.Lifecycle.ParseCommand(escrow.FormatCommand(command)); err != nil {
		return by(actor, command)
	}
	return by(actor, drawn(t, foreign[play]))
}

// Terms that cannot be written down found no contract, and are refused for what
// is wrong with them. Without that the same draft founds one.
func TestG8FoundingJudgesTerms(t *testing.T) {
	for _, play := range plays {
		t.Run(play.Lifecycle.Name(), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := escrowtest.Drafts(play).Draw(t, "draft")
				found := drawn(t, play.Moves(t, s))
				if q := asked(s, found); !q.accepted() {
					return // it has a fault already, which is drawn to be written down
				}
				f := drawn(t, slices.Concat(faults, faultsOf[play]))
				terms := s.Contract.Terms()
				f.spoil(&terms)
				s.Contract = play.Lifecycle.Draft(terms)
				if q := asked(s, found); q.reason() != f.reason {
					t.Fatalf("want %q: %s", f.reason, q)
				}
			})
		})
	}
}

// fault is one thing that is wrong with the terms of a draft, and what the draft's
// founding is refused for.
type fault struct {
	reason escrow.Reason
	spoil  func(*escrow.Terms)
}

var faults = []fault{
	{escrow.Malformed, func(f *escrow.Terms) { f.ID = "a/b" }},
	{escrow.Malformed, func(f *escrow.Terms) { f.Worker = "two words" }},
	{escrow.Malformed, func(f *escrow.Terms) { f.Asset.Scale = 19 }},
}

var faultsOf = map[*escrowtest.Play][]fault{
	taskPlay: {
		{escrow.Malformed, func(f *escrow.Terms) { f.Price = decimal.New(-1, 0) }},
		{escrow.AmountBounds, func(f *escrow.Terms) { f.Price = decimal.New(1, 40) }},
	},
	trainPlay: {
		{escrow.AmountBounds, func(f *escrow.Terms) { f.Milestones[0].Amount.Decimal = decimal.New(1, 40) }},
		{escrow.InvalidPolicy, func(f *escrow.Terms) { f.Policy.InitiationFee = decimal.New(-1, 0) }},
	},
}
