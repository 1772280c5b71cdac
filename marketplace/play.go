package marketplace

import (
	"context"
	"strings"

	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/marketplace/x402"
)

// collector is the address that a sandbox collects payments at: nobody has its key.
var collector = x402.Address{0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a}

// play gives the marketplace what a sandbox has: a clock that can be moved, and made-up
// money on a rail that never shares the store's transactions.
func (m *Market) play(ctx context.Context, store *escrowsql.Store) (err error) {
	if m.Clock, err = openClock(ctx, store, m.options.Wall); err != nil {
		return err
	}
	address := m.options.Database
	if !strings.HasPrefix(address, "postgres") {
		address += "-money"
	}
	db, err := m.connect(address)
	if err != nil {
		return err
	}
	plain, err := sandbox.Open(ctx, db, m.options.Wall)
	if err != nil {
		return err
	}
	signed, err := x402.Open(ctx, db, plain, x402.Config{Network: x402.BaseSepolia, PayTo: collector, Clock: m.options.Wall})
	if err != nil {
		return err
	}
	m.till = &till{Rail: signed, plain: plain}
	m.Runner.Rail, m.Runner.Clock = m.till, m.Clock
	return nil
}

// till is a sandbox's rail: who comes with a signed payment pays by it, anybody else's
// money is made up.
type till struct {
	*x402.Rail
	plain escrowrun.Rail
}

// Hold implements escrowrun.Rail.
func (t *till) Hold(ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	if len(h.Proof) == 0 {
		return t.plain.Hold(ctx, h)
	}
	return t.Rail.Hold(ctx, h)
}
