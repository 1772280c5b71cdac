package report

import (
	"math"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/simulate"
)

// estimated returns an estimate with as much on each side.
func about(value, off float64) simulate.Estimate {
	return simulate.Estimate{Value: value, Low: value - off, High: value + off}
}

// madeUp is a result under so many policies, as a run might come to.
func madeUp(policies int, shift float64) *simulate.Result {
	r := &simulate.Result{Scenario: "market <b>", About: "What a higher slash does.", Lifecycle: "opencontract", Asset: escrow.Asset{Code: "USDC", Scale: 6}, Seed: 7, Contracts: 20_000}
	for k := range policies {
		r.Policies = append(r.Policies, madeOutcome([]string{"default", "slash 50 %", "no <fee>"}[k%3], shift+float64(k)))
	}
	for _, o := range r.Policies[1:] {
		d := simulate.Difference{Policy: o.Policy, Against: "default", Changed: 321}
		for i, m := range o.Measures {
			m.Mean = about(m.Mean.Value-r.Policies[0].Measures[i].Mean.Value, m.Mean.Half()/2)
			d.Measures = append(d.Measures, m)
		}
		r.Differences = append(r.Differences, d)
	}
	return r
}

func madeOutcome(name string, shift float64) simulate.Outcome {
	o := simulate.Outcome{Policy: name, Settle: simulate.Times{Mean: about(90+4*shift, 1.3), P50: about(71+3*shift, 0.9), P90: about(160+9*shift, 3.1), P99: about(411, 12), Max: 700.25}}
	for i, s := range []escrow.Status{"settled-approved", "settled-verified", "cancelled-withdrawn", "expired", "open"} {
		share := []float64{0.62 - shift/50, 0.211, 0.104 + shift/50, 0.06499, 0.00001}[i]
		o.Endings = append(o.Endings, simulate.EndingShare{Status: s, Count: int(20_000 * share), Share: about(share, 1.96*math.Sqrt(share*(1-share)/20_000))})
	}
	for i, m := range simulate.Measures() {
		o.Measures = append(o.Measures, madeMeasure(m, float64(i), shift))
	}
	for i := range 60 {
		hours := 2 * math.Exp(float64(i)/10)
		o.Settle.Curve = append(o.Settle.Curve, simulate.CurvePoint{Hours: hours, Share: 1 - math.Exp(-hours/(70+3*shift))})
	}
	for i := range 30 {
		day := 24 * time.Hour * time.Duration(i)
		locked := (5000 + 800*shift) * (1 - math.Exp(-float64(i)/4))
		o.Capital = append(o.Capital, simulate.CapitalPoint{From: day, To: day + 24*time.Hour, Locked: about(locked, 120+locked/50)})
	}
	return o
}

func madeMeasure(m simulate.Measure, i, shift float64) simulate.MeasureValue {
	v := simulate.MeasureValue{Name: m.Name, Unit: "USDC", Total: "1234567.5", Of: 20_000, Mean: about(40*math.Sin(i)+2*shift*math.Cos(i), 0.3+i/10)}
	switch {
	case m.Unit == "count":
		v.Unit, v.Mean, v.Of = "share", about(0.12+shift/100, 0.004), 20_000/(1+int(i)%2)
	case m.Unit == "time":
		v.Unit = "hours"
	case m.Unit == "capital":
		v.Unit = "USDC days"
	case m.Name == "platform.gets":
		v.Mean = simulate.Estimate{}
	}
	return v
}

// madeSweep is a sweep over so many axes.
func madeSweep(axes, policies int) *simulate.SweepResult {
	r := &simulate.SweepResult{Frontier: &simulate.Frontier{X: "client.net", Y: "worker.net"},
		Thresholds: []simulate.Threshold{{Worker: "workers[1]", Field: "policy.earlyWithdrawalSlashRatio", Below: "withdraw", Above: "deliver", At: `"0.37"`},
			{Worker: "workers[2]", Field: "policy.earlyWithdrawalSlashRatio", Below: "vanish", Above: "withdraw", At: "0.41"}}}
	r.Axes = []simulate.Axis{{Field: "policy.earlyWithdrawalSlashRatio", Values: []string{`"0"`, `"0.1"`, `"0.3"`, `"0.5"`, `"0.7"`}},
		{Field: "terms.review", Values: []string{`"24h"`, `"48h"`, `"72h"`, `"96h"`}}, {Field: "terms.criteria", Values: []string{"1", "2"}}}[:axes]
	points := [][]string{nil}
	for _, a := range r.Axes {
		var next [][]string
		for _, p := range points {
			for _, v := range a.Values {
				next = append(next, append(append([]string{}, p...), v))
			}
		}
		points = next
	}
	for i, values := range points {
		r.Points = append(r.Points, simulate.SweepPoint{Values: values, Result: madeUp(policies, 3*math.Sin(float64(i))), Best: i%4 == 1})
		r.Points[i].Result.Scenario = "sweep & co"
	}
	return r
}
