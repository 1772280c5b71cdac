package bench

import (
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
)

// decimalContract is a matched contract as one would write it down first: whole
// units as decimals, instants as times.
type decimalContract struct {
	client, worker                      string
	price, stake                        decimal.Decimal
	slashRatio                          decimal.Decimal
	match, withdrawal, delivery, review time.Time
	revision                            uint64
	status                              status
}

// decimalMovement is one transfer.
type decimalMovement struct {
	from, to account
	amount   decimal.Decimal
	reason   escrow.MovementReason
}

// decimalDecision is the next snapshot and the movements that lead to it.
type decimalDecision struct {
	contract  decimalContract
	moved     int
	movements [mostMovements]decimalMovement
}

// withdraw is [floorDecision.withdraw] with decimals.
func (d *decimalDecision) withdraw(c *decimalContract, actor string, clock escrow.Clock) escrow.Reason {
	now := clock.Now()
	switch {
	case actor != c.worker:
		return opencontract.NotWorker
	case c.status != matched:
		return escrow.WrongStatus
	case !now.Before(c.delivery):
		return escrow.DeadlineDue
	case !now.Before(c.withdrawal):
		return escrow.WindowClosed
	}
	d.contract = *c
	d.contract.status = cancelledWithdrawn
	d.contract.revision++
	d.moved = 0
	slash := c.stake.Mul(c.slashRatio).Round(usdcScale)
	d.move(escrowPot, clientAccount, c.price, escrowRefund)
	d.move(stakePot, clientAccount, slash, stakeSlash)
	d.move(stakePot, workerAccount, c.stake.Sub(slash), stakeReturn)
	return ""
}

func (d *decimalDecision) move(from, to account, amount decimal.Decimal, reason escrow.MovementReason) {
	if amount.IsPositive() {
		d.movements[d.moved] = decimalMovement{from, to, amount, reason}
		d.moved++
	}
}

// usdcScale is the number of decimal places of USDC.
const usdcScale = 6

// decimalMatched returns the sample, matched, for a price in USDC.
func decimalMatched(price decimal.Decimal) decimalContract {
	return decimalContract{
		client: client, worker: worker, status: matched,
		price:      price,
		stake:      price.Mul(decimal.RequireFromString("0.05")).Round(usdcScale),
		slashRatio: decimal.RequireFromString("0.3"),
		match:      matchDeadline, withdrawal: withdrawalDeadline, delivery: deliveryDeadline, review: reviewDeadline,
	}
}
