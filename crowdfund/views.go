package crowdfund

import "github.com/escrow-go/escrow"

// Backing is one backer's pledge.
type Backing struct {
	Backer string
	// Status is [Pledged] or [Withdrawn].
	Status string
	// Held is what the pledge holds now: nothing once it was withdrawn, paid out or
	// refunded.
	Held escrow.Amount
}

// Backings returns the pledges of a campaign, in the order of their first.
func Backings(c escrow.Contract) []Backing {
	v := c.View()
	list := make([]Backing, v.Len(Pledges))
	for i := range list {
		p := v.At(Pledges, i)
		list[i] = Backing{p.Key(), p.ItemStatus(), p.Held(PledgePot)}
	}
	return list
}

// Raised returns what all pledges hold together now.
func Raised(c escrow.Contract) escrow.Amount {
	v := c.View()
	return v.Total(PledgePot)
}

// Reached reports whether the pledges that are held reach the goal now.
func Reached(c escrow.Contract) bool {
	v := c.View()
	return Goal.In(v).Cmp(v.Total(PledgePot)) <= 0
}
