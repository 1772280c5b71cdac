package fixedprice_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/fixedprice"
	"github.com/escrow-go/escrow/internal/walk"
)

// The walk: an offer of one milestone, another that the client adds, all that
// anybody can ask for, around every moment.
func TestWalk(t *testing.T) {
	found, err := walk.Walk{
		Drafts:   []escrow.Contract{oneMilestone("400").Draft()},
		Actors:   []escrow.Actor{client, freelancer, arbitrator, stranger, escrow.SystemActor()},
		Commands: asked,
		Key:      key,
		Start:    start,
	}.Run()
	require.NoError(t, err)
	t.Logf("%d states, %d questions", len(found.States), found.Asked)
	assert.Empty(t, found.Unreached(fixedprice.Lifecycle))
	for _, rule := range []string{"AP-1", "AP-2", "AP-3"} {
		assert.NotZero(t, found.Rules[rule], rule)
	}
	for _, c := range found.States {
		if c.IsDraft() {
			continue
		}
		for _, party := range []escrow.Actor{client, freelancer} {
			end := walk.Alone(c, party, endings)
			require.True(t, end.IsTerminal(), "%s alone cannot end %s", party.ID, key(c))
		}
	}
}

// asked are the commands of a state: of the second milestone those that cost
// money and time, so that two clocks meet.
func asked(c escrow.Contract) []escrow.Command {
	list := []escrow.Command{
		fixedprice.Offer{}.Command(), fixedprice.Accept{}.Command(), fixedprice.Decline{}.Command(), fixedprice.Withdraw{}.Command(),
		fixedprice.AddMilestone{ID: "m2", Name: "second", Amount: dec("150.01")}.Command(),
		fixedprice.Bonus{Amount: dec("10")}.Command(), fixedprice.End{}.Command(),
		fixedprice.ReleasePart{Milestone: "m1", Amount: dec("250")}.Command(),
		fixedprice.Divide{Milestone: "m1", FreelancerShare: ratio("0.5")}.Command(),
		fixedprice.Arbitrate{Milestone: "m1", FreelancerShare: ratio("0.3")}.Command(),
		fixedprice.Arbitrate{Milestone: "m2", FreelancerShare: ratio("1")}.Command(),
	}
	for _, m := range fixedprice.Milestones(c) {
		list = append(list,
			fixedprice.Fund{Milestone: m.ID}.Command(), fixedprice.Submit{Milestone: m.ID, Work: "done"}.Command(),
			fixedprice.RequestChanges{Milestone: m.ID}.Command(), fixedprice.Release{Milestone: m.ID}.Command(),
			fixedprice.RequestRefund{Milestone: m.ID}.Command(), fixedprice.GrantRefund{Milestone: m.ID}.Command(),
			fixedprice.Dispute{Milestone: m.ID}.Command())
	}
	for _, a := range c.Approvals() {
		if a.Status == escrow.ApprovalIsPending {
			list = append(list, escrow.Confirm(a.ID, a.Hash), escrow.DeclineApproval(a.ID, ""))
		}
	}
	return list
}

// key tells states apart: by what each milestone is and holds, in which order
// silence decides about them, and what is proposed.
func key(c escrow.Contract) string {
	var text strings.Builder
	var due []time.Time
	for _, m := range fixedprice.Milestones(c) {
		fmt.Fprint(&text, m.Status, m.Held, " ")
		if !m.Due.IsZero() {
			due = append(due, m.Due)
		}
	}
	for _, a := range c.Approvals() {
		if a.Status == escrow.ApprovalIsPending {
			fmt.Fprint(&text, a.Account, a.Movements[0].Amount, " ")
			due = append(due, a.ExpiresAt)
		}
	}
	sorted := slices.Clone(due)
	slices.SortFunc(sorted, time.Time.Compare)
	for _, at := range due {
		fmt.Fprint(&text, slices.IndexFunc(sorted, at.Equal))
		if at.Sub(c.DecidedAt()) <= 1 {
			text.WriteString("!")
		}
	}
	return text.String()
}

// endings are what somebody does who wants the contract to end.
func endings(c escrow.Contract) []escrow.Command {
	list := []escrow.Command{fixedprice.End{}.Command(), fixedprice.Withdraw{}.Command(), fixedprice.Decline{}.Command()}
	for _, m := range fixedprice.Milestones(c) {
		list = append(list, fixedprice.RequestRefund{Milestone: m.ID}.Command(), fixedprice.GrantRefund{Milestone: m.ID}.Command())
	}
	return list
}
