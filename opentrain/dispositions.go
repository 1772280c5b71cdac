package opentrain

import (
	"encoding/json"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// dispositionsInOrder refuses dispositions that are not a human's own, or that name
// anything but a funded milestone once. Those of the proposal itself are the engine's.
func dispositionsInOrder(v View) *escrow.Error {
	own := v.Own()
	if !own.Has(Dispositions) {
		return nil
	}
	if !v.Confirms() && !direct(v) {
		return misplaced("belong to a human who ends the contract directly, or to a confirmation")
	}
	named := make(map[string]bool, own.Rows(Dispositions))
	for i := range own.Rows(Dispositions) {
		id := disposed.In(Dispositions.At(own, i))
		if named[id] {
			return misplaced("milestone " + id + " is named twice")
		}
		named[id] = true
	}
	for i := range v.Len(MilestoneList) {
		if m := v.At(MilestoneList, i); m.ItemStatus() == ActiveFunded {
			delete(named, m.Key())
		}
	}
	for i := range own.Rows(Dispositions) {
		if id := disposed.In(Dispositions.At(own, i)); named[id] {
			return misplaced("milestone " + id + " holds no money")
		}
	}
	return nil
}

func misplaced(message string) *escrow.Error {
	return invalid(DispositionInvalid, "dispositions", message)
}

// direct reports whether a human asks whose word alone is enough.
func direct(v View) bool {
	_, kind := v.Actor()
	return kind == escrow.KindHuman && Quorum.In(v) <= 1 && !SeparateDuties.In(v)
}

// dispositionsNamed reports whether people have named what the policy leaves to them:
// whoever ends the contract directly, whoever confirms, or somebody before them.
func dispositionsNamed(v View) bool {
	if EndDisposition.In(v) != "require" || !direct(v) && !v.Confirms() || v.TermsNamed() {
		return true
	}
	return v.Own().Rows(Dispositions) == funded(v)
}

func funded(v View) (n int) {
	for i := range v.Len(MilestoneList) {
		if v.At(MilestoneList, i).ItemStatus() == ActiveFunded {
			n++
		}
	}
	return n
}

// allDispositions completes a proposal to end with what becomes of every funded
// milestone.
func allDispositions(v View) []Value {
	of := dispositions(v)
	var rows [][]Value
	for i := range v.Len(MilestoneList) {
		if m := v.At(MilestoneList, i); m.ItemStatus() == ActiveFunded {
			rows = append(rows, []Value{disposed.To(m.Key()), disposition.To(of(m.Key()))})
		}
	}
	return []Value{Dispositions.To(rows...)}
}

// dispositions returns what tells the disposition of a funded milestone: what the
// command says, else what the policy proposes. It is fastest when it is asked in the
// order of the command.
func dispositions(v View) func(id string) string {
	proposed := string(Refund)
	if EndDisposition.In(v) == string(Release) {
		proposed = string(Release)
	}
	given := v.Given()
	rows, next := given.Rows(Dispositions), 0
	var rest map[string]string
	return func(id string) string {
		if rows == 0 {
			return proposed
		}
		if rest == nil && next < rows {
			if row := Dispositions.At(given, next); disposed.In(row) == id {
				next++
				return disposition.In(row)
			}
		}
		if rest == nil {
			rest = make(map[string]string, rows-next)
			for ; next < rows; next++ {
				row := Dispositions.At(given, next)
				rest[disposed.In(row)] = disposition.In(row)
			}
		}
		if said := rest[id]; said != "" {
			return said
		}
		return proposed
	}
}

// closing tells what every milestone becomes when the contract ends.
func closing(v View) func(View) string {
	of := dispositions(v)
	return func(m View) string {
		switch {
		case m.ItemStatus() == NotFunded:
			return Cancelled
		case m.ItemStatus() != ActiveFunded:
			return ""
		case of(m.Key()) == string(Release):
			return Paid
		}
		return Refunded
	}
}

// hired is what the application is told once a hire was confirmed.
func hired(v View) []byte {
	result, _ := json.Marshal(struct {
		Hired      bool   `json:"hired"`
		Contract   string `json:"contractId"`
		Job        string `json:"jobId,omitempty"`
		Freelancer string `json:"freelancerUserId"`
	}{true, v.ID(), JobID.In(v), v.Account(Worker)})
	return result
}

// ended is what the application is told once an end was confirmed.
func ended(View) []byte { return []byte(`{"contractEnded":true}`) }
