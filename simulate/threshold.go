package simulate

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/payoff"
	"github.com/shopspring/decimal"
)

// Mind is what a rational worker makes of a policy: it delivers when the work
// costs it at most so much, and otherwise does the next best.
type Mind struct {
	// Worker is the path of its group in the scenario, as in "workers[5]".
	Worker  string       `json:"worker"`
	Price   string       `json:"price"`
	Expects escrow.Ratio `json:"expects"`
	// DeliversUpTo is in whole units; "never" if it does not even deliver what
	// costs nothing.
	DeliversUpTo string     `json:"deliversUpTo"`
	Otherwise    payoff.Act `json:"otherwise"`
	// Does is what it does at the middle of its cost.
	Does payoff.Act `json:"does"`
}

// Minds returns what the rational workers of a scenario make of one of its
// policies, for a contract whose price is the middle of the distribution. It
// follows exactly from payoff.Choices, which asks the engine.
func (s *Scenario) Minds(p Policy) ([]Mind, error) {
	m := modelOf(s, p.Policy)
	half := uint64(1) << 63
	price := m.rounded(m.Price.at(half))
	offers := &offers{model: m}
	choices, err := offers.rationally(offers.at(price))
	if err != nil {
		return nil, err
	}
	var minds []Mind
	for i, w := range s.Workers {
		if w.Behaviour != RationalWorker {
			continue
		}
		p := choices.plans[i]
		mind := Mind{Worker: fmt.Sprintf("workers[%d]", i), Price: m.text(price), Expects: w.Expects, DeliversUpTo: "never", Otherwise: p.otherwise, Does: p.otherwise}
		if p.upTo >= 0 {
			mind.DeliversUpTo = m.text(p.upTo)
		}
		if scaled(price, w.Cost.at(half)) <= p.upTo {
			mind.Does = payoff.Deliver
		}
		minds = append(minds, mind)
	}
	return minds, nil
}

// text writes a number of smallest units in whole units.
func (m *model) text(units int64) string { return m.asset.Text(escrow.Units(uint64(units))) }

// thresholds returns where the rational workers of a scenario change their mind
// along its axes, one at a time, with all else as the scenario has it.
func thresholds(s *Scenario) (found []Threshold, err error) {
	for _, axis := range s.Sweep {
		for i := range axis.Values[1:] {
			between, err := s.turns(axis.Field, axis.Values[i], axis.Values[i+1])
			if err != nil {
				return nil, err
			}
			found = append(found, between...)
		}
	}
	return found, nil
}

// turns returns where each rational worker changes its mind between two values of
// a field, under the first policy.
func (s *Scenario) turns(field, from, to string) (found []Threshold, err error) {
	first, err := s.minds(field, from)
	if err != nil {
		return nil, err
	}
	last, err := s.minds(field, to)
	if err != nil {
		return nil, err
	}
	for i := range first {
		if first[i].Does == last[i].Does {
			continue
		}
		t, err := s.turn(field, from, to, i)
		if err != nil {
			return nil, err
		}
		found = append(found, t)
	}
	return found, nil
}

// minds returns the minds under the first policy with a field set.
func (s *Scenario) minds(field, value string) ([]Mind, error) {
	at, err := s.With(field, value)
	if err != nil {
		return nil, err
	}
	return at.Minds(at.Policies[0])
}

// turn finds, by halving, the last value at which a worker does what it does at
// the first one: to the finest step that the field takes.
func (s *Scenario) turn(field, from, to string, worker int) (Threshold, error) {
	steps, err := s.stepsOf(field, from, to)
	if err != nil {
		return Threshold{}, err
	}
	low, high := steps.number(from), steps.number(to)
	before, err := s.minds(field, from)
	if err != nil {
		return Threshold{}, err
	}
	t := Threshold{Worker: before[worker].Worker, Field: field, Below: string(before[worker].Does)}
	for one := big.NewInt(1); new(big.Int).Sub(high, low).CmpAbs(one) > 0; {
		middle := new(big.Int).Add(low, high)
		middle.Rsh(middle, 1)
		minds, err := s.minds(field, steps.text(middle))
		if err != nil {
			return t, err
		}
		if string(minds[worker].Does) == t.Below {
			low = middle
		} else {
			high, t.Above = middle, string(minds[worker].Does)
		}
	}
	t.At = strings.Trim(steps.text(low), `"`)
	if t.Above == "" {
		after, err := s.minds(field, to)
		if err != nil {
			return t, err
		}
		t.Above = string(after[worker].Does)
	}
	return t, nil
}

// steps is how a field's values are counted: in decimal places, or in seconds.
type steps struct {
	places  int32
	seconds bool
}

// stepsOf finds the finest step that a field takes between two values.
func (s *Scenario) stepsOf(field, from, to string) (steps, error) {
	if _, err := escrow.ParseDuration(strings.Trim(from, `"`)); err == nil {
		return steps{seconds: true}, nil
	}
	var err error
	for places := int32(18); places >= 0; places-- {
		st := steps{places: places}
		// Beside the first value on the way to the other, so within their bounds.
		beside := st.number(from)
		beside.Add(beside, big.NewInt(int64(st.number(to).Cmp(beside))))
		if _, err = s.With(field, st.text(beside)); err == nil {
			return st, nil
		}
	}
	return steps{}, err
}

// number returns a value as a number of steps.
func (s steps) number(value string) *big.Int {
	value = strings.Trim(value, `"`)
	if s.seconds {
		d, _ := escrow.ParseDuration(value)
		return big.NewInt(int64(d.Seconds()))
	}
	d, _ := decimal.NewFromString(value)
	return d.Shift(s.places).BigInt()
}

// text writes a number of steps as JSON.
func (s steps) text(n *big.Int) string {
	if s.seconds {
		return `"` + escrow.FormatDuration(seconds(n.Int64())) + `"`
	}
	return decimalText(n, int(s.places))
}
