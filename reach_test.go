package escrow_test

import (
	"fmt"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// The lives that the properties are checked on reach every action, rule, status
// and refusal, but for those that a life can hardly come by. Only unbalanced
// cannot be reached: it is the engine catching itself out of balance.
func TestReach(t *testing.T) {
	for _, play := range plays {
		got := escrowtest.Reach{}
		for range checksTimes() {
			checkLives(t, play, func(_ *rapid.T, l *life) { note(got, l) })
		}
		for _, extra := range hardlyReached {
			q := asked(extra.scene(t), extra.move)
			if q.reason() != extra.reason {
				t.Errorf("wanted %s: %s", extra.reason, q)
			}
			if law := q.Contract.Lifecycle(); law == nil || law == play.Lifecycle {
				got["reason "+string(extra.reason)]++
			}
		}
		t.Logf("reached:\n%s", got)
		for _, name := range escrowtest.Wanted(play.Lifecycle) {
			if got[name] == 0 && name != "reason "+string(escrow.Unbalanced) {
				t.Errorf("%s of %s is never reached", name, play.Lifecycle.Name())
			}
		}
	}
}

// Each refusal that there is can be one of these two lifecycles'.
func TestReachIsOfEveryReason(t *testing.T) {
	known := map[escrow.Reason]bool{}
	for _, play := range plays {
		for _, e := range play.Lifecycle.Reasons() {
			known[e.Reason] = true
		}
	}
	for _, e := range escrow.Catalogue() {
		if !known[e.Reason] {
			t.Errorf("no lifecycle refuses with %s", e.Reason)
		}
	}
}

// checksTimes is how often rapid has to check for 10,000 lives, also with -short:
// what is seldom reached is not reached in a thousand.
func checksTimes() int {
	if testing.Short() {
		return 10
	}
	return 1
}

// note counts what a life reaches: by its steps, and by the refusals of what has
// no wire form.
func note(r escrowtest.Reach, l *life) {
	for i := range l.Steps {
		r.Note(l.Steps[i].Question, &l.Steps[i].Answer)
	}
	for _, q := range l.questions {
		if !q.accepted() {
			r["reason "+string(q.reason())]++
		}
	}
}

// hardlyReached are refusals that no life of a few steps comes by.
var hardlyReached = []struct {
	reason escrow.Reason
	scene  func(testing.TB) scene
	move   move
}{
	{escrow.UnknownLifecycle, func(testing.TB) scene { return scene{Now: today} }, by(escrow.SystemActor(), escrow.Advance{})},
	{escrow.AmountBounds, dearTask, by(escrow.Agent(theClient), escrow.Create{})},
	{escrow.TooMany, manyMilestones, by(humans[0], escrow.AddMilestone{Milestone: plainMilestone("m1001")})},
	{escrow.TooMany, manyApprovals, by(token, escrow.FundMilestone{MilestoneID: "m2"})},
}

// dearTask returns a draft whose price is out of bounds.
func dearTask(testing.TB) scene {
	return scene{Contract: escrow.OpenContract.Draft(escrow.Terms{ID: "task-1", Client: theClient, Price: decimal.New(1, 40)}), Now: today}
}

func plainMilestone(id string) escrow.MilestoneTerms {
	return escrow.MilestoneTerms{ID: id, Name: "part", Amount: decimal.NewNullDecimal(decimal.New(1, 0))}
}

// plainHire returns the draft of a plain hire under a policy.
func plainHire(p *escrow.Policy) escrow.Contract {
	m := escrow.MilestoneTerms{ID: "m1", Name: "first part", Amount: decimal.NewNullDecimal(decimal.New(10, 0))}
	return escrow.OpenTrain.Draft(escrow.Terms{ID: "job-1", Client: theClient, Worker: theWorker, Policy: p, Milestones: []escrow.MilestoneTerms{m}})
}

// hired returns a contract whose first milestone a human has funded.
func hired(t testing.TB) scene {
	return then(t, scene{Contract: plainHire(nil), Now: today}, by(humans[0], escrow.Hire{}))
}

// then makes moves that must be accepted.
func then(t testing.TB, s scene, moves ...move) scene {
	for _, m := range moves {
		q := asked(s, m)
		if !q.accepted() {
			t.Fatal(q)
		}
		s = q.after()
	}
	return s
}

// manyMilestones returns a contract with 1,000 milestones.
func manyMilestones(t testing.TB) scene {
	s := hired(t)
	for i := 2; i <= 1000; i++ {
		s = then(t, s, by(humans[0], escrow.AddMilestone{Milestone: plainMilestone(fmt.Sprintf("m%d", i))}))
	}
	return s
}

// manyApprovals returns a contract with 1,000 approvals, the last one declined.
func manyApprovals(t testing.TB) scene {
	s := then(t, hired(t), by(humans[0], escrow.AddMilestone{Milestone: plainMilestone("m2")}))
	for len(s.Contract.Approvals()) < 1000 {
		s = askAndDecline(t, s, escrow.ApproveMilestone{MilestoneID: "m1"})
	}
	return s
}

// askAndDecline has a token ask for an approval, and a human decline it.
func askAndDecline(t testing.TB, s scene, command escrow.Command) scene {
	s = then(t, s, by(token, command))
	approvals := s.Contract.Approvals()
	return then(t, s, by(humans[0], escrow.DeclineApproval{ApprovalID: approvals[len(approvals)-1].ID}))
}
