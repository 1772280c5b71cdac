package escrowrun

import (
	"fmt"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// units reads a sum as [escrow.Asset.Text] writes it. What several movements come to may
// be more than a person may write, so [escrow.Asset.Parse] does not do.
func units(asset escrow.Asset, text string) (escrow.Amount, error) {
	if len(text) > 64 || strings.Trim(text, "0123456789.") != "" {
		return escrow.Amount{}, fmt.Errorf("%.80q is no sum of %s", text, asset.Code)
	}
	d, err := decimal.NewFromString(text)
	if d = d.Shift(int32(asset.Scale)); err != nil || !d.IsInteger() {
		return escrow.Amount{}, fmt.Errorf("%q is no sum of %s, whose smallest unit has %d decimals", text, asset.Code, asset.Scale)
	}
	return escrow.AmountOf(d.BigInt())
}
