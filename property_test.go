package escrow_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"pgregory.net/rapid"
)

// G1 to G12: no answer of a life breaks a guarantee, as far as answers alone
// show it. The other tests are about what they do not show, or not as often.
func TestG1ToG12(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, v := range escrowtest.Audit(l.Story) {
			t.Fatalf("%s", v)
		}
	})
}

// G3, G7, G12: whoever asks for whatever, wherever a contract stands, nothing
// breaks a guarantee; and no token gets what it has no grant for.
func TestG7EveryoneAsksForEverything(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		s := drawn(t, l.scenes())
		commands := l.play.Commands(t, s)
		for _, m := range l.play.Moves(t, s) {
			commands = append(commands, m.Command)
		}
		for _, command := range commands {
			for _, actor := range l.play.Cast {
				q := asked(s, by(actor, command))
				if found := q.step().Audit(); len(found) > 0 || !granted(q) {
					t.Fatalf("%v: %s", found, q)
				}
			}
		}
	})
}

// grants are what tokens need for the rules of a hire.
var grants = func() map[string]escrow.Grant {
	needed := map[string]escrow.Grant{}
	for _, r := range escrow.OpenTrain.Spec().Rules {
		if r.Grant.Scope != "" {
			needed[r.ID] = r.Grant
		}
	}
	return needed
}()

// granted reports whether a decision that a token has asked for is one that it
// has the rule's grant for, and is about what was asked.
func granted(q *question) bool {
	d, a := &q.decision, q.Actor
	if !q.accepted() {
		return true
	}
	if need, ok := grants[d.Rule]; ok && a.Kind == escrow.KindToken &&
		!(a.Claimed && slices.Contains(a.Scopes, need.Scope) && slices.Contains(a.Features, need.Feature)) {
		return false
	}
	return d.Actor == a.ID && d.Action == q.Command.Action()
}

// G7: nobody gains by asking twice: what was accepted is refused the second time,
// or answers that the same approval is still waiting, and changes nothing. Only
// advance has more to do when a further deadline is due.
func TestG7AskingTwice(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			if _, advance := q.Command.(escrow.Advance); advance {
				continue
			}
			twice := asked(q.after(), q.move)
			if twice.accepted() && (twice.decision.Contract != q.decision.Contract || twice.decision.NumMovements() > 0) {
				t.Fatalf("a second time gains: %s", twice)
			}
		}
	})
}

// G8: a refusal leaves the decision empty and the contract as it was, is the same
// the next time, and is in the catalogue under its class.
func TestG8RefusalsAreInert(t *testing.T) {
	classes := map[escrow.Reason]escrow.Code{}
	for _, e := range escrow.Catalogue() {
		classes[e.Reason] = e.Code
	}
	everyLife(t, func(t *rapid.T, l *life) {
		for _, q := range l.questions {
			if q.accepted() {
				continue
			}
			again, e := asked(q.scene, q.move), q.refusal
			if !reflect.ValueOf(q.decision).IsZero() || again.answer() != q.answer() {
				t.Fatalf("%s, then %s", q, again)
			}
			if classes[e.Reason()] != e.Code() || e.Message() == "" || e.Remedy() == "" {
				t.Fatalf("%s is %s", q, e.Code())
			}
		}
	})
}
