package simulate_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/escrow-go/escrow/opencontract"
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
	withdrawn := r.Policies[0].Ending(opencontract.CancelledWithdrawn)
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
		fmt.Println(p.Values[0], p.Result.Policies[0].Ending(opencontract.CancelledWithdrawn).Count, "withdrawn")
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
	s := simulate.Default(opencontract.Lifecycle)
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

func ExampleUniform() {
	s := simulate.Default(opencontract.Lifecycle)
	s.Price = simulate.Uniform(20_000_000, 80_000_000)                        // smallest units: 20 to 80 USDC
	s.Value = simulate.Fixed(13 * simulate.One / 10)                          // 1.3 times the price
	s.Matching.After = simulate.Exponential(1e8, 0, 20*1e8)                   // a tenth of the window in the mean
	s.Workers[0].Cost = simulate.Lognormal(6e8, 0.2, 1e8, 12e8)               // about 0.6 of the price
	s.Arrivals = simulate.Choice([]int64{0, 5e8}, []uint64{1 << 62, 1 << 62}) // two batches
	for _, d := range []simulate.Distribution{s.Price, s.Value, s.Matching.After, s.Workers[0].Cost, s.Arrivals} {
		shape := d.Shape()
		fmt.Println(shape.Kind, shape.From, shape.To, shape.Middle, shape.Spread, shape.Values)
	}
	// Output:
	// uniform 20000000 80000000 0 0 []
	// fixed 1300000000 1300000000 0 0 []
	// exponential 0 2000000000 100000000 0 []
	// lognormal 100000000 1200000000 600000000 0.2 []
	// choice 0 0 0 0 [0 500000000]
}

func ExampleResult_String() {
	s := simulate.Default(opencontract.Lifecycle)
	s.Contracts = 100
	r, err := simulate.Run(context.Background(), s, simulate.Workers(2))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Join(strings.Split(r.String(), "\n")[:9], "\n"))
	// Output:
	// opencontract: 100 contracts of opencontract, seed 1
	// ± is the wider half of the 95 % interval.
	//
	// How contracts end: share of 100
	//                                policy
	//   cancelled-unmatched     3.0 ± 5.5 %
	//   cancelled-by-client     0.0 ± 3.7 %
	//   cancelled-withdrawn     6.0 ± 6.5 %
	//   cancelled-absent        5.0 ± 6.2 %
}

func ExampleOutcome_Measure() {
	s := simulate.Default(opencontract.Lifecycle)
	s.Contracts = 1000
	r, err := simulate.Run(context.Background(), s)
	if err != nil {
		fmt.Println(err)
		return
	}
	o := &r.Policies[0]
	net, known := o.Measure("client.net")
	fmt.Println(known, net.Text(), net.Mean.Clear()) // clear of 0
	fmt.Println(o.Ending(opencontract.SettledFullyMet).Share.Text("share"), "of", len(r.Endings()), "endings")
	// Output:
	// true -58.8 ± 4.2 true
	// 83.5 ± 2.4 % of 7 endings
}

func ExampleResult_CSV() {
	s := simulate.Default(opencontract.Lifecycle)
	s.Contracts = 1000
	r, err := simulate.Run(context.Background(), s)
	if err != nil {
		fmt.Println(err)
		return
	}
	var b strings.Builder
	err = r.CSV(&b)
	fmt.Println(strings.Join(strings.Split(b.String(), "\n")[:3], "\n"), err)
	// Output:
	// policy,kind,name,unit,value,low,high,total,of
	// policy,ending,cancelled-unmatched,share,0.031,0.0219240034,0.043665496,31,1000
	// policy,ending,cancelled-by-client,share,0,0,0.00382675849,0,1000 <nil>
}

func ExampleDifference_Measure() {
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
	d := r.Differences[0]
	income, _ := d.Measure("worker.income")
	fmt.Println(d.Policy, "against", d.Against, income.Text(), "in", d.Changed, "contracts another ending")
	// Output:
	// 60 % against 30 % -0.3643 ± 0.0073 in 0 contracts another ending
}
