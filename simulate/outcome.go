package simulate

import (
	"slices"

	"github.com/escrow-go/escrow"
)

// Endings returns the statuses in which contracts ended under any policy, in the
// order of the first policy that has them.
func (r *Result) Endings() (list []escrow.Status) {
	for i := range r.Policies {
		for _, e := range r.Policies[i].Endings {
			if !slices.Contains(list, e.Status) {
				list = append(list, e.Status)
			}
		}
	}
	return list
}

// Ending returns how many contracts ended in a status, nobody if none did.
func (o *Outcome) Ending(status escrow.Status) EndingShare {
	for _, e := range o.Endings {
		if e.Status == status {
			return e
		}
	}
	return EndingShare{Status: status}
}

// Measure returns the measure of a name, false if there is none.
func (o *Outcome) Measure(name string) (MeasureValue, bool) { return find(o.Measures, name) }

// Measure returns the difference in the measure of a name, false if there is none.
func (d *Difference) Measure(name string) (MeasureValue, bool) { return find(d.Measures, name) }

func find(list []MeasureValue, name string) (MeasureValue, bool) {
	for _, m := range list {
		if m.Name == name {
			return m, true
		}
	}
	return MeasureValue{}, false
}
