package bench

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// samplePrice is the documented price: 50 USDC.
var samplePrice = decimal.NewFromInt(50)

// inUnits returns USDC in its smallest units.
func inUnits(d decimal.Decimal) int64 { return d.Shift(usdcScale).IntPart() }

// asker returns the actor that an account, or the system, asks as.
func asker(account string) escrow.Actor {
	if account == system {
		return escrow.SystemActor()
	}
	return agent(account)
}

// transfer is a movement of any contender.
type transfer struct {
	from, to account
	units    int64
	reason   escrow.MovementReason
}

func (d *floorDecision) transfers() (list []transfer) {
	for _, m := range d.movements[:d.moved] {
		list = append(list, transfer(m))
	}
	return list
}

func (d *decimalDecision) transfers() (list []transfer) {
	for _, m := range d.movements[:d.moved] {
		list = append(list, transfer{m.from, m.to, inUnits(m.amount), m.reason})
	}
	return list
}

// accounts are the accounts of the hand-written switches by the engine's name.
var accounts = map[string]account{
	opencontract.Client.Name: clientAccount, opencontract.Worker.Name: workerAccount, opencontract.Treasury.Name: treasuryAccount,
	opencontract.Escrow.Name: escrowPot, opencontract.Stake.Name: stakePot,
}

func engineTransfers(d *escrow.Decision) (list []transfer) {
	for _, m := range d.Movements() {
		units, _ := m.Amount.Uint64()
		list = append(list, transfer{accounts[m.From.Kind], accounts[m.To.Kind], int64(units), m.Reason})
	}
	return list
}

// reasonOf returns why the engine refused, empty when it did not.
func reasonOf(t testing.TB, err error) escrow.Reason {
	t.Helper()
	if err == nil {
		return ""
	}
	var refusal *escrow.Error
	require.ErrorAs(t, err, &refusal)
	return refusal.Reason()
}

// instants are both sides of every deadline of the sample.
func instants() (list []time.Time) {
	for _, deadline := range []time.Time{matchDeadline, withdrawalDeadline, deliveryDeadline, reviewDeadline} {
		list = append(list, deadline.Add(-1), deadline, deadline.Add(1))
	}
	return append(list, early, inTime, tooLate)
}
