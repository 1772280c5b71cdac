package bench

import (
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// decimalContract is a matched contract as one would write it down first: whole
// units as decimals, instants as times.
type decimalContract struct {
	client, worker                      string
	price, stake                        decimal.Decimal
	slashRatio                          decimal.Decimal
	match, withdrawal, delivery, review time.Time
	status                              status
}

// decimalMovement is one transfer.
type decimalMovement struct {
	from, to escrow.AccountKind
	amount   decimal.Decimal
}

// decimalDecision is the next snapshot and the movements that lead to it.
type decimalDecision struct {
	contract  decimalContract
	moved     int
	movements [mostMovements]decimalMovement
}

// withdraw is [floorDecision.withdraw] with decimals.
func (d *decimalDecision) withdraw(c *decimalContract, actor string, now time.Time) escrow.Reason {
	switch {
	case actor != c.worker:
		return escrow.NotWorker
	case c.status != matched:
		return escrow.WrongStatus
	case !now.Before(c.delivery):
		return escrow.DeadlineDue
	case !now.Before(c.withdrawal):
		return escrow.WindowClosed
	}
	d.contract = *c
	d.contract.status = cancelledWithdrawn
	d.moved = 0
	slash := c.stake.Mul(c.slashRatio).Round(usdcScale)
	d.move(escrow.AccountEscrow, escrow.AccountClient, c.price)
	d.move(escrow.AccountStake, escrow.AccountClient, slash)
	d.move(escrow.AccountStake, escrow.AccountWorker, c.stake.Sub(slash))
	return ""
}

func (d *decimalDecision) move(from, to escrow.AccountKind, amount decimal.Decimal) {
	if amount.IsPositive() {
		d.movements[d.moved] = decimalMovement{from, to, amount}
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
