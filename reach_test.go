package escrow_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// reach counts what was reached, by name.
type reach map[string]int

// note counts the rule and the executed rule of a decision, or the reason of a
// refusal.
func (r reach) note(q *question) {
	if !q.accepted() {
		r[string(q.reason())]++
		return
	}
	r[q.decision.Rule]++
	if q.decision.Executes != "" {
		r[q.decision.Executes+" executed"]++
	}
}

// String lists the counts in the order of their names.
func (r reach) String() string {
	lines := make([]string, 0, len(r))
	for _, name := range slices.Sorted(maps.Keys(r)) {
		lines = append(lines, fmt.Sprintf("%8d %s", r[name], name))
	}
	return strings.Join(lines, "\n")
}

// wanted returns every rule and every reason there is. Only unbalanced cannot be
// wanted: it is the engine catching itself out of balance, which it never is.
func wanted() (names []string) {
	for _, law := range bothLaws {
		for _, rule := range law.Spec().Rules {
			names = append(names, rule.ID)
			if rule.CoSign.Type != "" {
				names = append(names, rule.ID+" executed")
			}
		}
		for _, s := range law.Statuses() {
			names = append(names, "status "+string(s))
		}
	}
	for _, e := range escrow.Catalogue() {
		if e.Reason != escrow.Unbalanced {
			names = append(names, string(e.Reason))
		}
	}
	return append(names, "AP-1", "AP-2", "AP-3")
}

// The walk that the properties are checked on reaches every rule and every
// refusal, but for those that a walk can hardly come by.
func TestReach(t *testing.T) {
	got := reach{}
	for range checksTimes() {
		for _, law := range bothLaws {
			checkLives(t, law, got.life)
		}
	}
	for _, extra := range hardlyReached {
		q := asked(extra.scene(t), extra.move)
		if q.reason() != extra.reason {
			t.Errorf("wanted %s: %s", extra.reason, &q)
		}
		got.note(&q)
	}
	t.Logf("reached:\n%s", got)
	for _, name := range wanted() {
		if got[name] == 0 {
			t.Errorf("%s is never reached", name)
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

// life counts what a life reaches.
func (r reach) life(_ *rapid.T, l *life) {
	for i := range l.questions {
		r.note(&l.questions[i])
	}
	for _, s := range l.scenes()[1:] {
		r["status "+string(s.contract.Status())]++
	}
}

// hardlyReached are refusals that no walk of a few steps comes by.
var hardlyReached = []struct {
	reason escrow.Reason
	scene  func(testing.TB) scene
	move   move
}{
	{escrow.UnknownLifecycle, func(testing.TB) scene { return scene{now: walkEras[0]} }, move{escrow.Advance{}, escrow.SystemActor()}},
	{escrow.TooMany, manyMilestones, move{escrow.AddMilestone{Milestone: plainMilestone("m1001")}, trainHumans[0]}},
	{escrow.TooMany, manyApprovals, move{escrow.FundMilestone{MilestoneID: "m2"}, trainOwners[0]}},
}

func plainMilestone(id string) escrow.MilestoneTerms {
	return escrow.MilestoneTerms{ID: id, Name: "part", Amount: decimal.NewNullDecimal(decimal.New(1, 0))}
}

// hiredScene returns a contract whose first milestone a human has funded.
func hiredScene(t testing.TB) scene {
	return scene{contract: trainDraft(nil), now: walkEras[0]}.then(t, move{escrow.Hire{}, trainHumans[0]})
}

// then makes moves that must be accepted.
func (s scene) then(t testing.TB, moves ...move) scene {
	for _, m := range moves {
		q := asked(s, m)
		if !q.accepted() {
			t.Fatal(&q)
		}
		s = q.after()
	}
	return s
}

// manyMilestones returns a contract with 1,000 milestones.
func manyMilestones(t testing.TB) scene {
	s := hiredScene(t)
	for i := 2; i <= 1000; i++ {
		s = s.then(t, move{escrow.AddMilestone{Milestone: plainMilestone(fmt.Sprintf("m%d", i))}, trainHumans[0]})
	}
	return s
}

// manyApprovals returns a contract with 1,000 approvals, the last one declined.
func manyApprovals(t testing.TB) scene {
	s := hiredScene(t).then(t, move{escrow.AddMilestone{Milestone: plainMilestone("m2")}, trainHumans[0]})
	for len(s.contract.Approvals()) < 1000 {
		s = s.askAndDecline(t, escrow.ApproveMilestone{MilestoneID: "m1"})
	}
	return s
}

// askAndDecline has a token ask for an approval, and a human decline it.
func (s scene) askAndDecline(t testing.TB, command escrow.Command) scene {
	s = s.then(t, move{command, trainOwners[0]})
	approvals := s.contract.Approvals()
	return s.then(t, move{escrow.DeclineApproval{ApprovalID: approvals[len(approvals)-1].ID}, trainHumans[0]})
}
