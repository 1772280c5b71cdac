package payoff_test

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/escrow-go/escrow/payoff"
	"github.com/shopspring/decimal"
)

// What a worker who vanishes costs everybody.
func ExampleOf() {
	table, err := payoff.Of(payoff.DefaultCase(opencontract.Lifecycle))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range table.Endings {
		if e.Name != "the worker vanishes" {
			continue
		}
		fmt.Println(e.Status, e.Rules)
		for _, f := range e.Flows {
			fmt.Println(f.Party, payoff.Text(opencontract.Lifecycle.Spec().Asset, f.Net()))
		}
	}
	// Output:
	// cancelled-absent [OC-1 OC-2 OC-9]
	// client 2
	// worker -2.5
	// backup-1 0
	// backup-2 0
	// backup-3 0
	// treasury 0.5
}

// Up to which cost of the work delivering is best for the worker.
func ExampleChoices() {
	worker, client, err := payoff.Choices(payoff.DefaultCase(opencontract.Lifecycle))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(worker.Accepted, worker.Rejected, worker.Withdrawn, worker.Absent)
	fmt.Println(client.Approved, client.Won, client.Lost)
	// Output:
	// 47500000 -2500000 -750000 -2500000
	// -50000000 2000000 -52500000
}

func ExampleWorker_Break() {
	worker, _, _ := payoff.Choices(payoff.DefaultCase(opencontract.Lifecycle))
	chance, _ := escrow.ParseRatio("0.8")
	fmt.Println(worker.Break(chance).FloatString(0), "smallest units")
	// Output: 38250000 smallest units
}

func ExampleWorker_Choose() {
	worker, _, _ := payoff.Choices(payoff.DefaultCase(opencontract.Lifecycle))
	chance, _ := escrow.ParseRatio("0.8")
	fmt.Println(worker.Choose(big.NewInt(38_250000), chance))
	fmt.Println(worker.Choose(big.NewInt(38_250001), chance))
	// Output:
	// deliver
	// withdraw
}

func ExampleDefaultCase() {
	c := payoff.DefaultCase(opentrain.Lifecycle)
	fmt.Println(c.Milestones, "milestones of", c.Price)
	// Output: 2 milestones of 500
}

func ExampleCase_Draft() {
	draft := payoff.DefaultCase(opencontract.Lifecycle).Draft("contract_1", time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	fmt.Println(draft.IsDraft(), draft.Account(opencontract.Client), opencontract.DeliveryDeadline.In(draft.View()).Format(time.DateOnly))
	// Output: true client 2026-06-04
}

func ExampleBackup() {
	fmt.Println(payoff.Backup(1))
	// Output: backup-1
}

func ExampleFlow_Net() {
	f := payoff.Flow{Pays: escrow.Units(50), Gets: escrow.Units(48)}
	fmt.Println(f.Net())
	// Output: -2
}

func ExampleEnding_Worst() {
	table, _ := payoff.Of(payoff.DefaultCase(opencontract.Lifecycle))
	lock, party, _ := table.Endings[3].Worst()
	fmt.Println(table.Endings[3].Name, "-", party, lock.Account, payoff.Spell(lock.Longest))
	// Output: the worker withdraws in time - client escrow just under 2 d
}

func ExampleEnding_Flow() {
	table, _ := payoff.Of(payoff.DefaultCase(opencontract.Lifecycle))
	fmt.Println(table.Endings[3].Flow(payoff.WorkerAccount).Net())
	// Output: -750000
}

func ExampleLock_Within() {
	fmt.Println(payoff.Lock{Longest: time.Hour}.Within(time.Hour))
	fmt.Println(payoff.Lock{Longest: payoff.WithoutLimit}.Within(1000 * time.Hour))
	// Output:
	// true
	// false
}

func ExampleTable_String() {
	table, _ := payoff.Of(payoff.DefaultCase(opentrain.Lifecycle))
	fmt.Println(strings.Join(strings.SplitN(table.String(), "\n", 8)[:7], "\n"))
	// Output:
	// opentrain: 15 endings of 2 milestones of 500 USD
	//
	// ending, with its status and rules                       client  worker  platform  locked longest
	// the hire is declined                                         0       0         0  nothing
	//   not-hired: OT-1 AP-2
	// the hire expires                                             0       0         0  nothing
	//   not-hired: OT-1 OT-7
}

func ExampleTable_Page() {
	table, _ := payoff.Of(payoff.DefaultCase(opentrain.Lifecycle))
	page, err := table.Page()
	fmt.Println(strings.HasPrefix(page, "<!doctype html>"), err)
	// Output: true <nil>
}

func ExampleTable_MarshalJSON() {
	table, _ := payoff.Of(payoff.DefaultCase(opencontract.Lifecycle))
	text, _ := table.MarshalJSON()
	fmt.Println(strings.Contains(string(text), `{"account":"escrow","amount":"50","shortest":"PT72H","longest":"PT72H"}`))
	// Output: true
}

// What a policy does that is harmful, and what would be right.
func ExampleLint() {
	c, err := payoff.With(payoff.DefaultCase(opencontract.Lifecycle), "protocolFee", "0.6")
	if err != nil {
		fmt.Println(err)
		return
	}
	findings, err := payoff.Lint(c, payoff.DefaultAssumptions())
	for _, f := range findings {
		fmt.Println(f.Severity, f.Check, f.Field, f.Value, "->", f.Change)
	}
	fmt.Println(err)
	// Output:
	// refuse fee-above-payout protocolFee 0.6 -> 0.499
	// warn dispute-pays disputeBondRatio 0.05 -> 0.0834
	// <nil>
}

func ExampleDefaultAssumptions() {
	a := payoff.DefaultAssumptions()
	a.PriceTo = decimal.NewFromInt(1000)
	fmt.Println(a.Accuracy, a.Turnout, a.TokenValue, payoff.Spell(a.MaxLocked))
	// Output: 0.9 0.9 0.1 30 d
}

func ExampleChecks() {
	for _, c := range payoff.Checks()[:3] {
		fmt.Println(c.Severity, c.Name)
	}
	// Output:
	// refuse policy-invalid
	// refuse vanishing-not-dearer
	// refuse fee-above-payout
}

func ExampleWith() {
	c := payoff.DefaultCase(opencontract.Lifecycle)
	c, err := payoff.With(c, "baVotingWindow", "P2D")
	fmt.Println(opencontract.BAVotingWindow.In(c.Policy.View()), err)
	_, err = payoff.With(c, "votingWindow", "P2D")
	fmt.Println(err)
	// Output:
	// 48h0m0s <nil>
	// payoff: there is no field "votingWindow"; did you mean "baVotingWindow"?
}

func ExampleNearestPolicy() {
	policy, refused, err := payoff.NearestPolicy(opencontract.Lifecycle, []byte(`{"protocolFee": "0.04", "baRecruitCount": 4}`))
	fmt.Println(opencontract.ProtocolFee.In(policy.View()), opencontract.BARecruitCount.In(policy.View()), err)
	for _, f := range refused {
		fmt.Println(f.Field, f.Value, "->", f.Change)
	}
	// Output:
	// 0.04 5 <nil>
	// baRecruitCount 4 -> 5
}

func ExampleText() {
	fmt.Println(payoff.Text(escrow.Asset{Code: "USDC", Scale: 6}, big.NewInt(-2_500000)))
	// Output: -2.5
}

func ExampleSpell() {
	fmt.Println(payoff.Spell(26 * time.Hour))
	fmt.Println(payoff.Spell(24*time.Hour - time.Nanosecond))
	// Output:
	// 1 d 2 h
	// just under 1 d
}
