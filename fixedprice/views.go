package fixedprice

import (
	"time"

	"github.com/escrow-go/escrow"
)

// Milestone is how one milestone stands.
type Milestone struct {
	ID, Name string
	// Status is one of the statuses of a milestone, as in [Funded].
	Status string
	// Price is what it costs, Held what it holds now.
	Price, Held escrow.Amount
	// Work is what was last submitted, SubmittedAt when; zero before.
	Work        string
	SubmittedAt time.Time
	// Due is when silence decides about it, zero while it does not.
	Due time.Time
}

// Milestones returns how the milestones stand, in the order in which they were
// agreed.
func Milestones(c escrow.Contract) []Milestone {
	v := c.View()
	list := make([]Milestone, v.Len(milestones))
	for i := range list {
		list[i] = milestoneOf(v.At(milestones, i))
	}
	return list
}

// MilestoneOf returns how the milestone of an id stands; false when the contract
// has no such.
func MilestoneOf(c escrow.Contract, id string) (Milestone, bool) {
	v := c.View()
	i := v.Find(milestones, id)
	if i < 0 {
		return Milestone{}, false
	}
	return milestoneOf(v.At(milestones, i)), true
}

func milestoneOf(v escrow.View) Milestone {
	return Milestone{
		ID: v.Key(), Name: Name.In(v), Status: v.ItemStatus(), Price: Price.In(v), Held: v.Held(MilestonePot),
		Work: Work.In(v), SubmittedAt: SubmittedAt.In(v), Due: due(v),
	}
}

// due returns when silence decides about the view's milestone.
func due(v escrow.View) time.Time {
	switch v.ItemStatus() {
	case Submitted:
		return SubmittedAt.In(v).Add(ReviewWindow.In(v))
	case RefundAsked:
		return RefundAskedAt.In(v).Add(RefundWindow.In(v))
	case Disputed:
		return DisputedAt.In(v).Add(RulingWindow.In(v))
	}
	return time.Time{}
}
