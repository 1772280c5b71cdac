package opentrain

import (
	"time"

	"github.com/escrow-go/escrow"
)

// MilestoneView is one part of the work with its own money, as a contract shows it.
type MilestoneView struct {
	ID, Name, Description string
	// Number counts from 1 in the order of adding.
	Number int
	// Amount is what it costs, and Held what its pot holds now, in smallest units.
	Amount, Held escrow.Amount
	// DueDate is zero when there is none.
	DueDate time.Time
	// Status is one of NotFunded, ActiveFunded, Paid, Refunded and Cancelled.
	Status string
}

// Milestones returns a contract's milestones in the order of their numbers.
func Milestones(c escrow.Contract) []MilestoneView {
	v := c.View()
	list := make([]MilestoneView, v.Len(MilestoneList))
	for i := range list {
		m := v.At(MilestoneList, i)
		list[i] = MilestoneView{ID: m.Key(), Name: Name.In(m), Description: Description.In(m), Number: i + 1,
			Amount: Price.In(m), Held: m.Held(MilestonePot), DueDate: DueDate.In(m), Status: m.ItemStatus()}
	}
	return list
}

// Ending returns when the contract ended, the zero time while it has not.
func Ending(c escrow.Contract) time.Time { return EndDate.In(c.View()) }
