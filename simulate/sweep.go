package simulate

import "context"

// Sweep lives through the contracts of a scenario at every combination of the
// values of its axes, on the same random numbers, and looks where rational
// workers change their mind. When the context ends it stops and returns what it
// has. Errors are those of [Scenario.With] and [Run].
func Sweep(ctx context.Context, s *Scenario, options ...Option) (*SweepResult, error) {
	points, err := s.points()
	if err != nil {
		return nil, err
	}
	r := newRunner(options)
	for _, p := range points {
		r.total += p.scenario.Contracts * len(s.Policies)
	}
	result := &SweepResult{Axes: s.Sweep, Frontier: s.Frontier}
	for _, p := range points {
		if result.Stopped = ctx.Err() != nil; result.Stopped {
			break
		}
		lived, err := r.run(ctx, p.scenario)
		if err != nil {
			return nil, err
		}
		result.Points = append(result.Points, SweepPoint{Values: p.values, Result: lived})
		result.Stopped = lived.Stopped
	}
	result.markBest()
	result.Thresholds, err = thresholds(s)
	return result, err
}

// swept is a scenario at one combination of values.
type swept struct {
	values   []string
	scenario *Scenario
}

// points returns the scenario at every combination, the last axis running
// fastest.
func (s *Scenario) points() ([]swept, error) {
	points := []swept{{scenario: s}}
	for _, axis := range s.Sweep {
		var next []swept
		for _, p := range points {
			for _, value := range axis.Values {
				at, err := p.scenario.With(axis.Field, value)
				if err != nil {
					return nil, err
				}
				next = append(next, swept{append(p.values[:len(p.values):len(p.values)], value), at})
			}
		}
		points = next
	}
	return points, nil
}

// markBest marks the points that no other point beats: none is at least as good
// in both measures of the frontier and better in one.
func (r *SweepResult) markBest() {
	if r.Frontier == nil {
		return
	}
	for i := range r.Points {
		best := true
		for k := range r.Points {
			best = best && !r.beats(k, i)
		}
		r.Points[i].Best = best
	}
}

// beats reports whether a point is at least as good as another in both measures,
// and better in one.
func (r *SweepResult) beats(k, i int) bool {
	xk, yk := r.worth(k)
	xi, yi := r.worth(i)
	return xk >= xi && yk >= yi && (xk > xi || yk > yi)
}

// worth returns the two measures of a point under the first policy, so that more
// is better.
func (r *SweepResult) worth(i int) (x, y float64) {
	o := &r.Points[i].Result.Policies[0]
	return signedMean(o, r.Frontier.X, r.Frontier.LessX), signedMean(o, r.Frontier.Y, r.Frontier.LessY)
}

func signedMean(o *Outcome, measure string, less bool) float64 {
	m, _ := o.Measure(measure)
	if less {
		return -m.Mean.Value
	}
	return m.Mean.Value
}
