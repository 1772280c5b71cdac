package inspection

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// Sale is what the two have agreed on as it stands now, amendments included.
type Sale struct {
	Title      string
	Price      decimal.Decimal
	Inspection time.Duration
	ShipBy     time.Time
}

// Agreement returns the terms of a contract as they stand.
func Agreement(c escrow.Contract) Sale {
	v := c.View()
	return Sale{Title.In(v), c.Asset().Decimal(Price.In(v)), Inspection.In(v), ShipBy.In(v)}
}

// InspectedUntil returns when silence accepts what the buyer inspects, or what the
// seller inspects of a return; false while nobody inspects.
func InspectedUntil(c escrow.Contract) (time.Time, bool) {
	v := c.View()
	switch c.Status() {
	case Inspecting:
		return ReceivedAt.In(v).Add(Inspection.In(v)), true
	case Checking:
		return ReturnedAt.In(v).Add(Inspection.In(v)), true
	}
	return time.Time{}, false
}
