package simulate_test

import (
	"context"
	"fmt"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/simulate"
)

// A market half of whose workers give up, under two policies.
const givingUp = `{
	"name": "giving up", "seed": 7, "contracts": 10000, "price": 50,
	"policies": [{"name": "30 %"}, {"name": "60 %", "policy": {"earlyWithdrawalSlashRatio": 0.6}}],
	"workers": [{"behaviour": "reliable", "share": 0.5}, {"behaviour": "withdrawing", "share": 0.5}]}`

func ExampleRun() {
	s, err := simulate.ParseScenario([]byte(givingUp))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := simulate.Run(context.Background(), s)
	if err != nil {
		fmt.Println(err)
		return
	}
	withdrawn := r.Policies[0].Ending(escrow.CancelledWithdrawn)
	fmt.Printf("%d of %d withdrawn: %.3f, between %.3f and %.3f\n",
		withdrawn.Count, r.Contracts, withdrawn.Share.Value, withdrawn.Share.Low, withdrawn.Share.High)
	// Every worker who withdraws pays 0.75 more under the second policy.
	slashed, _ := r.Differences[0].Measure("stake.slashed")
	fmt.Println(slashed.Total, slashed.Unit, "more slashed")
	// Output:
	// 4857 of 10000 withdrawn: 0.486, between 0.476 and 0.495
	// 3642.75 USDC more slashed
}

func ExampleSweep() {
	s, err := simulate.ParseScenario([]byte(`{
		"contracts": 1000, "price": 50,
		"workers": [{"behaviour": "rational", "share": 1, "cost": 0.86, "expects": 0.9}],
		"sweep": [{"field": "policy.earlyWithdrawalSlashRatio", "values": [0, 0.5]}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := simulate.Sweep(context.Background(), s)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range r.Points {
		fmt.Println(p.Values[0], p.Result.Policies[0].Ending(escrow.CancelledWithdrawn).Count, "withdrawn")
	}
	for _, t := range r.Thresholds {
		fmt.Println("up to", t.At, "they", t.Below, "- beyond they", t.Above)
	}
	// Output:
	// 0 969 withdrawn
	// 0.5 0 withdrawn
	// up to 0.199999799999999999 they withdraw - beyond they deliver
}

func ExampleScenario_Minds() {
	s, err := simulate.ParseScenario([]byte(`{"price": 50, "workers": [{"behaviour": "rational", "share": 1, "expects": 0.9}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	minds, err := s.Minds(s.Policies[0])
	fmt.Println(minds[0].DeliversUpTo, minds[0].Otherwise, err)
	// Output: 43.25 withdraw <nil>
}

func ExampleWatch() {
	s := simulate.Default(escrow.OpenContract)
	s.Contracts = 1000
	last := simulate.Progress{}
	_, err := simulate.Run(context.Background(), s, simulate.Workers(1), simulate.Watch(func(p simulate.Progress) { last = p }))
	fmt.Println(last.Done, "of", last.Total, err)
	// Output: 1000 of 1000 <nil>
}

func ExampleMeasures() {
	for _, m := range simulate.Measures()[:3] {
		fmt.Println(m.Name+":", m.Meaning)
	}
	// Output:
	// volume: price of the work that was posted
	// client.pays: all that the client deposits and is charged
	// client.gets: all that the client is paid back
}
