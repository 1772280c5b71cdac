package explore

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
)

// Report is what exploring found.
type Report struct {
	Lifecycle string `json:"lifecycle"`
	// States were found, Ended of them are terminal. Edges are the answers to all
	// questions in all states; Transitions of them are decisions, the others refusals.
	States      int   `json:"states"`
	Ended       int   `json:"ended"`
	Edges       int64 `json:"edges"`
	Transitions int64 `json:"transitions"`
	// Depth is how many steps, decisions and passages of time, the farthest state
	// lies from a draft.
	Depth int `json:"depth"`
	// Longest is the most decisions a life can have, 0 when lives can go on for ever.
	Longest int `json:"longest"`
	// LongestLife is, of the shortest lives to each end, the one of the most steps.
	LongestLife *escrowtest.Story `json:"-"`
	// Truncated says that exploring was stopped before its end.
	Truncated bool `json:"truncated"`

	Reached   escrowtest.Reach `json:"reached"`
	Unreached []string         `json:"unreached"`
	Statuses  []StatusCount    `json:"statuses"`
	Arrows    []Arrow          `json:"arrows"`
	// Endings say, for each party, in how many states it has money in the contract
	// and in how many of those it can end it alone.
	Endings []Ending `json:"endings"`
	// Stuck counts the states from which nobody reaches an end.
	Stuck      int     `json:"stuck"`
	Violations []Found `json:"violations"`

	lifecycle *escrow.Lifecycle
}

// StatusCount is how many states there are of a status.
type StatusCount struct {
	Status escrow.Status `json:"status"`
	States int           `json:"states"`
}

// Arrow is how many decisions of a rule lead from one status to another.
type Arrow struct {
	From  escrow.Status `json:"from"`
	To    escrow.Status `json:"to"`
	Rule  string        `json:"rule"`
	Times int64         `json:"times"`
}

// Ending is what a party can do about its money by itself: its own moves, time,
// and the system that settles.
type Ending struct {
	Party string `json:"party"`
	// Holding counts the states in which money of the party is in custody, Forced
	// those of them in which it can bring the contract to an end alone.
	Holding int `json:"holding"`
	Forced  int `json:"forced"`
	// All counts the states, whoever's money they hold, from which it can.
	All int `json:"all"`
}

// Found is a violation with the shortest way to it.
type Found struct {
	escrowtest.Violation
	// Story leads from a draft to the state, and asks what breaks the guarantee.
	Story *escrowtest.Story `json:"-"`

	state int32
	last  *escrowtest.Question
}

// Passed reports whether everything was explored, nothing breaks a guarantee, and
// all there is was reached.
func (r *Report) Passed() bool {
	return !r.Truncated && len(r.Violations) == 0 && len(r.Unreached) == 0
}

// report puts together what was found.
func (x *explorer) report(depth int, truncated bool) *Report {
	l := x.scope.Lifecycle()
	r := &Report{Lifecycle: l.Name(), States: len(x.states), Edges: x.tally.edges, Transitions: x.tally.transitions(),
		Depth: depth, Truncated: truncated, Reached: x.tally.reach(), Violations: x.tally.found, lifecycle: l}
	for i := range x.states {
		if x.states[i].ended {
			r.Ended++
		}
	}
	for _, name := range escrowtest.Wanted(l) {
		if r.Reached[name] == 0 && !slices.Contains(x.scope.Unreached, name) && !slices.Contains(neverAsked, name) {
			r.Unreached = append(r.Unreached, name)
		}
	}
	for _, s := range append([]escrow.Status{escrow.Draft}, l.Statuses()...) {
		r.Statuses = append(r.Statuses, StatusCount{s, x.tally.statuses[s]})
	}
	r.Arrows = x.tally.arrows()
	if !truncated {
		x.endings(r)
		x.longest(r)
	}
	for i := range r.Violations {
		r.Violations[i].Story = x.story(r.Violations[i].state, r.Violations[i].last)
	}
	return r
}

// neverAsked are reasons that no question about a contract of a known lifecycle
// gets, and those of an engine or a lifecycle that catches itself being wrong.
var neverAsked = []string{"reason unknown_lifecycle", "reason unknown_action", "reason unbalanced", "reason rule_failed"}

// arrows returns the decisions by rule and statuses.
func (t *tally) arrows() (list []Arrow) {
	sums := map[Arrow]int64{}
	for d, n := range t.decided {
		rule := d.rule
		if d.executes != "" {
			rule = d.executes
		}
		sums[Arrow{From: d.from, To: d.to, Rule: rule}] += n
	}
	for a, n := range sums {
		a.Times = n
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b Arrow) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return list
}

// story tells the shortest way to a state, with a last question where there is
// one.
func (x *explorer) story(id int32, last *escrowtest.Question) *escrowtest.Story {
	var questions []escrowtest.Question
	if last != nil {
		questions = append(questions, *last)
	}
	for ; x.states[id].from >= 0; id = x.states[id].from {
		if q := x.states[id].by; q != nil {
			questions = append(questions, *q)
		}
	}
	slices.Reverse(questions)
	return escrowtest.Tell(x.scope.Drafts[id], x.scope.Start, questions)
}

// String tells the report for people.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d states (%d ended), %d edges of which %d are decisions, depth %d", r.Lifecycle, r.States, r.Ended, r.Edges, r.Transitions, r.Depth)
	if r.Truncated {
		b.WriteString("; TRUNCATED, not all there is")
	}
	b.WriteString("\n\n  states  status\n")
	for _, s := range r.Statuses {
		fmt.Fprintf(&b, "%8d  %s\n", s.States, label(s.Status))
	}
	fmt.Fprintf(&b, "\n%s\n", r.lives())
	if len(r.Endings) > 0 {
		b.WriteString("\nends it alone (own moves, time, and the system that settles):\n\n    where its money is held    in all live states  party\n")
	}
	for _, e := range r.Endings {
		fmt.Fprintf(&b, "%12d of %-11d %21d  %s\n", e.Forced, e.Holding, e.All, e.Party)
	}
	fmt.Fprintf(&b, "\nreached:\n\n%s\n", r.Reached)
	if len(r.Unreached) > 0 {
		fmt.Fprintf(&b, "\nnever reached: %s\n", strings.Join(r.Unreached, ", "))
	}
	for _, v := range r.Violations {
		fmt.Fprintf(&b, "\nVIOLATED %s\n%s", v.Violation, v.Story)
	}
	if len(r.Violations) == 0 {
		b.WriteString("\nno guarantee is violated\n")
	}
	return b.String()
}

// lives tells how lives end.
func (r *Report) lives() string {
	switch {
	case r.Truncated:
		return "whether every life can end is not known"
	case r.Stuck > 0:
		return fmt.Sprintf("%d states reach no end", r.Stuck)
	case r.Longest == 0:
		return "every state reaches an end; lives can go on for as long as the parties want"
	}
	return fmt.Sprintf("every state reaches an end; the longest life has %d decisions", r.Longest)
}

func label(s escrow.Status) string {
	if s == escrow.Draft {
		return "draft"
	}
	return string(s)
}
