package escrowtest

import (
	"fmt"
	"strings"
)

// headline says in plain words what is wrong.
func (f *Failure) headline() string {
	n := len(f.Story.Steps)
	switch {
	case f.Err != nil:
		return fmt.Sprintf("The system gives no answer to step %d", n)
	case len(f.Differences) == 0:
		return fmt.Sprintf("The system answers as the engine does, and both break %s", f.Violations[0].Guarantee)
	}
	return fmt.Sprintf("In step %d, the system %s", n, f.deviates())
}

// deviates says how the last answer differs.
func (f *Failure) deviates() string {
	want, got := &f.Want, &f.last().Answer
	action := f.last().Command.Action()
	switch {
	case want.Accepted() && !got.Accepted():
		return fmt.Sprintf("refuses %s (%s), which the engine accepts", action, got.Reason)
	case !want.Accepted() && got.Accepted():
		return fmt.Sprintf("accepts %s, which the engine refuses (%s)", action, want.Reason)
	case !want.Accepted():
		return fmt.Sprintf("refuses %s as the engine does, but in other words", action)
	case want.To != got.To:
		return fmt.Sprintf("goes to %s, the engine to %s", label(got.To), label(want.To))
	case f.differsIn("decision.movements"):
		return f.moves()
	case f.differsIn("decision.rule") || f.differsIn("decision.executes"):
		return "decides by another rule than the engine"
	case f.differsIn("decision.at"):
		return "dates its decision otherwise than the engine"
	}
	return "records something else than the engine"
}

// longHeadline is what does not fit a headline.
const longHeadline = 110

// moves says how the movements of the last answer differ.
func (f *Failure) moves() string {
	want, got := f.Want.Movements, f.last().Answer.Movements
	if len(want) != len(got) {
		return fmt.Sprintf("makes %d movements of money, the engine %d", len(got), len(want))
	}
	asset := f.Story.Begin.Asset()
	for i, m := range got {
		w := want[i]
		text := fmt.Sprintf("moves %s %s from %s to %s, the engine %s", asset.Text(m.Amount), asset.Code, m.From, m.To, asset.Text(w.Amount))
		if m.Amount != w.Amount && m.From == w.From && m.To == w.To && len(text) < longHeadline {
			return text
		}
	}
	return "moves other money than the engine"
}

// differsIn reports whether there is a difference at or below a path.
func (f *Failure) differsIn(path string) bool {
	for _, d := range f.Differences {
		if strings.HasPrefix(d.Path, path) {
			return true
		}
	}
	return false
}

// guaranteeNames say what the guarantees are about.
var guaranteeNames = map[string]string{
	"G1": "conservation of money", "G2": "no negative pot", "G3": "terminal means empty", "G4": "a horizon in time",
	"G5": "purity", "G6": "time is idempotent", "G7": "authority", "G8": "refusals are inert", "G9": "unilateral recovery",
	"G10": "replay", "G11": "approvals bind", "G12": "ownership",
}
