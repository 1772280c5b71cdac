// Package lifecycles lists the lifecycles that ship with the engine, for commands
// and tools. Nothing registers itself: what is not passed to a reader is not known
// to it.
package lifecycles

import (
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/crowdfund"
	"github.com/escrow-go/escrow/erc8183"
	"github.com/escrow-go/escrow/fixedprice"
	"github.com/escrow-go/escrow/inspection"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/escrow-go/escrow/purchase"
)

// All returns every lifecycle that ships. Objects that name no lifecycle are read
// as OpenContract's, then as OpenTrain's.
func All() []*escrow.Lifecycle {
	return []*escrow.Lifecycle{
		opencontract.Lifecycle, opentrain.Lifecycle, erc8183.Lifecycle, fixedprice.Lifecycle, purchase.Lifecycle,
		inspection.Lifecycle, crowdfund.Lifecycle,
	}
}
