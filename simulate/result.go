package simulate

import (
	"time"

	"github.com/escrow-go/escrow"
)

// Result is what became of the contracts of a scenario.
type Result struct {
	Scenario  string       `json:"scenario"`
	About     string       `json:"about,omitempty"`
	Lifecycle string       `json:"lifecycle"`
	Asset     escrow.Asset `json:"asset"`
	Seed      uint64       `json:"seed"`
	// Contracts is how many were lived under each policy: fewer than the scenario
	// asks for when the run was stopped.
	Contracts int  `json:"contracts"`
	Stopped   bool `json:"stopped"`
	// Policies are the outcomes under each policy, in the order of the scenario.
	Policies []Outcome `json:"policies"`
	// Differences are those of the further policies from the first, contract by
	// contract on the same random numbers.
	Differences []Difference `json:"differences,omitempty"`
}

// Outcome is what became of the contracts under one policy.
type Outcome struct {
	Policy   string         `json:"policy"`
	Endings  []EndingShare  `json:"endings"`
	Measures []MeasureValue `json:"measures"`
	// Settle is how long contracts took from their founding to their end.
	Settle Times `json:"settle"`
	// Minds are what rational workers make of the policy, none if there are none.
	Minds []Mind `json:"minds,omitempty"`
	// Capital is what was held in custody on average in each part of the horizon.
	Capital []CapitalPoint `json:"capital"`
}

// EndingShare is how many contracts ended in a status. "open" are those that
// nobody ended.
type EndingShare struct {
	Status escrow.Status `json:"status"`
	Count  int           `json:"count"`
	Share  Estimate      `json:"share"`
}

// Estimate is a mean with its 95 % interval.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// MeasureValue is one measure: its exact total over all contracts, and its mean
// of a contract. A measure that is a part of something else, such as the share of
// disputes that were right, has the number of cases it is a part of.
type MeasureValue struct {
	Name string `json:"name"`
	// Unit is the asset's code, "days", or "share".
	Unit  string   `json:"unit"`
	Total string   `json:"total"`
	Of    int      `json:"of"`
	Mean  Estimate `json:"mean"`
}

// Times are quantiles of a length of time, in hours.
type Times struct {
	Mean Estimate `json:"mean"`
	P50  Estimate `json:"p50"`
	P90  Estimate `json:"p90"`
	P99  Estimate `json:"p99"`
	Max  float64  `json:"max"`
	// Curve is how many took at most so long, for a chart.
	Curve []CurvePoint `json:"curve"`
}

// CurvePoint is a point of a distribution function.
type CurvePoint struct {
	Hours float64 `json:"hours"`
	Share float64 `json:"share"`
}

// CapitalPoint is what was locked on average between two instants, in whole
// units of the asset.
type CapitalPoint struct {
	From   time.Duration `json:"from"`
	To     time.Duration `json:"to"`
	Locked Estimate      `json:"locked"`
}

// Difference is how a policy differs from the first one.
type Difference struct {
	Policy  string `json:"policy"`
	Against string `json:"against"`
	// Changed is how many contracts ended in another status.
	Changed  int            `json:"changed"`
	Measures []MeasureValue `json:"measures"`
}

// SweepResult is what became of a scenario whose fields were varied.
type SweepResult struct {
	Axes []Axis `json:"axes"`
	// Points are all combinations, the last axis running fastest.
	Points []SweepPoint `json:"points"`
	// Frontier is the measures of the exchange that was looked for, nil for none.
	Frontier *Frontier `json:"frontier,omitempty"`
	// Thresholds are where rational workers change their mind along each axis,
	// with all else as the scenario has it.
	Thresholds []Threshold `json:"thresholds,omitempty"`
	Stopped    bool        `json:"stopped"`
}

// SweepPoint is the result at one combination of values.
type SweepPoint struct {
	Values []string `json:"values"`
	Result *Result  `json:"result"`
	// Best says that no other point is better in one measure of the frontier
	// without being worse in the other.
	Best bool `json:"best,omitempty"`
}

// Threshold is where a rational worker changes its mind as one field grows, for a
// contract whose price and cost are the middle of their distributions.
type Threshold struct {
	// Worker is the path of its group in the scenario, as in "workers[5]".
	Worker string `json:"worker"`
	Field  string `json:"field"`
	// Below is what it does up to and including At, Above what it does beyond, at
	// the finest step that the field takes.
	Below string `json:"below"`
	Above string `json:"above"`
	At    string `json:"at"`
}
