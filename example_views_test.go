package escrow_test

import (
	"fmt"
	"math/big"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// What a snapshot tells.
func ExampleContract() {
	c := deliveredExample()
	fmt.Println(c.ID(), c.Lifecycle().Name(), c.Status(), "revision", c.Revision())
	fmt.Println(c.Client(), c.Worker(), c.Asset().Text(c.Price()), c.Asset().Code)
	fmt.Println(c.CreatedAt().Format(time.DateOnly), c.Delivery(), c.BackupAgents(), c.CriteriaMet())
	fmt.Println(c.IsDraft(), c.IsTerminal(), c.EndDate().IsZero(), c.Data())
	// Output:
	// c1 opencontract under-review revision 3
	// 0xClient 0xWorker 50 USDC
	// 2026-06-03 ipfs://summaries [] []
	// false false true <nil>
}

// What a decision tells besides its movements.
func ExampleDecision() {
	c := matchedExample()
	d, err := c.Withdraw(byWorker, noon(4))
	fmt.Println(d.Rule, d.Action, d.From, "->", d.To, "by", d.Actor, "at", d.At().Format(time.RFC3339), err)
	for i := range d.NumMovements() {
		m := d.Movement(i)
		fmt.Println(m.ID(), m.IsDeposit(), m.IsPayout(), m.Decimal(), m.Basis.Policy, m.Basis.Ratio)
	}
	_, waits := d.Approval()
	fmt.Println(waits)
	// Output:
	// OC-7 withdraw matched -> cancelled-withdrawn by 0xWorker at 2026-06-04T12:00:00Z <nil>
	// c1/3/0 false true 50  0
	// c1/3/1 false true 0.75 earlyWithdrawalSlashRatio 0.3
	// c1/3/2 false true 1.75 earlyWithdrawalSlashRatio 0.7
	// false
}

// A refusal is matched by code or reason and says what would remedy it.
func ExampleError_Details() {
	c := matchedExample()
	_, err := c.Withdraw(byWorker, noon(5))
	e := err.(*escrow.Error)
	at, ok := e.Deadline()
	fmt.Println(e.Code().HTTP(), e.Code(), e.Reason(), e.Rule(), e.Action())
	fmt.Println(e.Message(), "/", e.Remedy())
	fmt.Println(e.Details()["deadline"], at.Format(time.DateOnly), ok)
	// Output:
	// 409 conflict window_closed OC-7 withdraw
	// the time for this has passed / nothing reopens the window
	// withdrawalDeadline 2026-06-05 true
}

// Amounts are whole smallest units; the asset gives them their point.
func ExampleAsset_Text() {
	usdc := escrow.Asset{Code: "USDC", Scale: 6}
	fee := escrow.Units(2_500_000)
	fmt.Println(usdc.Text(fee), usdc.Decimal(fee), fee.BigInt(), fee.Cmp(escrow.Units(1)), fee.IsZero())
	// Output: 2.5 2.5 2500000 1 false
}

// From a ledger that counts in smallest units.
func ExampleAmountOf() {
	a, err := escrow.AmountOf(big.NewInt(750_000))
	fmt.Println(escrow.Asset{Code: "USDC", Scale: 6}.Text(a), err)
	// Output: 0.75 <nil>
}

func ExampleNewRatio() {
	r, err := escrow.NewRatio(decimal.RequireFromString("0.30"))
	fmt.Println(r, r.Decimal(), err)
	_, err = escrow.NewRatio(decimal.NewFromInt(2))
	fmt.Println(err)
	// Output:
	// 0.3 0.3 <nil>
	// escrow: amount_bounds: a ratio lies between 0 and 1 and has at most 18 decimal places
}

func ExampleFormatCommand() {
	fmt.Println(string(escrow.FormatCommand(escrow.Deliver{Delivery: "ipfs://summaries"})))
	// Output: {"action":"deliver","delivery":"ipfs://summaries"}
}

func ExampleRequest() {
	q := escrow.Request{Contract: matchedExample(), Command: escrow.Withdraw{}, Actor: byWorker, Now: june(4, 12)}
	d, err := q.Decide()
	fmt.Println(d.Rule, err)
	// Output: OC-7 <nil>
}

// Where an action that the status forbids would start.
func ExampleOption() {
	x, _ := escrow.Explain(matchedExample(), byClient, noon(4))
	for _, o := range x.Options {
		if o.Action == "approve" {
			fmt.Println(o.Allowed, o.Obstacles[0].Reason(), o.Statuses())
		}
	}
	// Output: false wrong_status [under-review]
}

// The words of a table print as the rule book shows them.
func ExampleStep_Less() {
	fmt.Println(escrow.All(escrow.Escrow, escrow.Worker).Less(escrow.ProtocolFee, escrow.Treasury))
	fmt.Println(escrow.Deposit(escrow.PerCriterion(escrow.Of(escrow.BackupAgentBondRatio, escrow.Price)), escrow.BackupAgent, escrow.BackupBond))
	fmt.Println(escrow.Split(escrow.Each(escrow.BackupBond), escrow.BondsKept, escrow.BackupAgent, escrow.SlashReceiver))
	fmt.Println(escrow.Split(escrow.Stake, escrow.By(escrow.EarlyWithdrawalSlashRatio), escrow.Client, escrow.Worker))
	fmt.Println(escrow.Charge(escrow.InitiationFeeSum, escrow.Client, escrow.Platform))
	fmt.Println(escrow.Before(escrow.MatchDeadline), "/", escrow.Due(escrow.DeliveryDeadline), "/", escrow.Either(escrow.Client, escrow.Worker))
	// Output:
	// escrow -> worker, less protocolFee -> treasury
	// backupAgentBondRatio x price x criteria: backup agent -> backup bond
	// each backup bond -> backup agent : backupSlashTo = bonds kept : rest
	// stake -> client : worker = earlyWithdrawalSlashRatio : rest
	// initiationFee: client -> platform
	// before matchDeadline / deliveryDeadline due / client or worker
}

// What a contract was agreed on.
func ExampleContract_Terms() {
	c := matchedExample()
	t := c.Terms()
	fmt.Println(t.Price, t.AcceptanceCriteria, t.MatchDeadline.Format(time.DateOnly), t.Policy.ProtocolFee)
	// Output: 50 [length method coverage] 2026-06-04 0.05
}

// Every instant at which something may change, past ones included.
func ExampleContract_Moments() {
	c := matchedExample()
	for name, at := range c.Moments() {
		fmt.Println(at.Format(time.DateOnly), name)
	}
	// Output:
	// 2026-06-04 matchDeadline
	// 2026-06-05 withdrawalDeadline
	// 2026-06-06 deliveryDeadline
	// 2026-06-08 reviewDeadline
}
