package escrowtest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// headline says in plain words what is wrong.
func (f *Failure) headline() string {
	n := len(f.Story.Steps)
	switch {
	case len(f.Findings) > 1 && whole[f.Findings[0].Check]:
		return fmt.Sprintf("In step %d, %s: %s", n, f.Findings[0].Message, f.Findings[1].Message)
	case len(f.Findings) > 0:
		return fmt.Sprintf("In step %d, %s", n, f.Findings[0].Message)
	case f.Err != nil:
		return fmt.Sprintf("The system gives no answer to step %d", n)
	case len(f.Differences) == 0:
		return fmt.Sprintf("The system answers as the engine does, and both break %s", f.Violations[0].Guarantee)
	}
	return fmt.Sprintf("In step %d, the system %s", n, f.deviates())
}

// whole are the checks whose findings another one makes plain.
var whole = map[string]bool{"Racer": true, "Crasher": true, "Keyed": true}

// deviates says how the last answer differs.
func (f *Failure) deviates() string {
	want, got := &f.Want, &f.last().Answer
	action := f.last().Command.Action()
	switch {
	case want.Accepted() && !got.Accepted():
		return fmt.Sprintf("refuses %s (%s), which the engine accepts", action, got.Reason)
	case !want.Accepted() && got.Accepted():
		return fmt.Sprintf("accepts %s, which the engine refuses (%s)", action, want.Reason)
	case !want.Accepted() && (want.Code != got.Code || want.Reason != got.Reason):
		return fmt.Sprintf("refuses %s with %s %s, the engine with %s %s", action, got.Code, got.Reason, want.Code, want.Reason)
	case !want.Accepted():
		return fmt.Sprintf("refuses %s as the engine does, but with another %s", action, f.ranked()[0])
	case want.To != got.To:
		return fmt.Sprintf("goes to %s, the engine to %s", label(got.To), label(want.To))
	case f.differsIn("decision.movements"):
		return f.moves()
	case f.differsIn("decision.rule") || f.differsIn("decision.executes"):
		return fmt.Sprintf("decides %s by %s, the engine by %s", action, ruled(got), ruled(want))
	case f.differsIn("decision.at") && action == actionAdvance:
		return fmt.Sprintf("dates what a deadline decides %s, when it was asked, the engine %s, when it was due", stamp(got.At), stamp(want.At))
	case f.differsIn("decision.at"):
		return fmt.Sprintf("dates its decision %s, the engine %s", stamp(got.At), stamp(want.At))
	}
	return f.records()
}

// ruled names the rules of an answer.
func ruled(a *Answer) string {
	if a.Executes != "" {
		return a.Rule + " executing " + a.Executes
	}
	return a.Rule
}

// records says how what is kept differs: by the field that matters most.
func (f *Failure) records() string {
	d := f.ranked()[0]
	text := fmt.Sprintf("records %s as %s, the engine as %s", strings.TrimPrefix(d.Path, "decision."), d.Got, d.Want)
	if len(text) > longHeadline {
		return fmt.Sprintf("records another %s than the engine", strings.TrimPrefix(d.Path, "decision."))
	}
	return text
}

// matters are the paths of differences, those that matter most first.
var matters = []string{"error", "refusal.code", "refusal.reason", "decision.rule", "decision.executes", "decision.from", "decision.to", "decision.movements",
	"decision.at", "decision.contract.status", "decision.contract.custody", "decision.contract.revision", "decision.approval", "decision.review", "decision.contract"}

// ranked returns the differences in the order in which they matter.
func (f *Failure) ranked() []Difference {
	rank := func(d Difference) int {
		i := slices.IndexFunc(matters, func(path string) bool { return strings.HasPrefix(d.Path, path) })
		if i < 0 {
			return len(matters)
		}
		return i
	}
	return slices.SortedStableFunc(slices.Values(f.Differences), func(a, b Difference) int { return cmp.Compare(rank(a), rank(b)) })
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
