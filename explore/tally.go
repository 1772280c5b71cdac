package explore

import (
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
)

// tally counts the edges by what was answered.
type tally struct {
	edges    int64
	refusals map[refusal]int64
	decided  map[decision]int64
	statuses map[escrow.Status]int
	found    []Found
}

type refusal struct {
	action escrow.Action
	reason escrow.Reason
}

type decision struct {
	action         escrow.Action
	rule, executes string
	from, to       escrow.Status
}

func newTally() *tally {
	return &tally{refusals: map[refusal]int64{}, decided: map[decision]int64{}, statuses: map[escrow.Status]int{}}
}

func (t *tally) refusal(action escrow.Action, reason escrow.Reason) {
	t.edges++
	t.refusals[refusal{action, reason}]++
}

func (t *tally) decision(action escrow.Action, d *escrow.Decision) {
	t.edges++
	t.decided[decision{action, d.Rule, d.Executes, d.From, d.To}]++
}

// mostFound is how many violations are kept: what is wrong with a rule is wrong in
// thousands of states.
const mostFound = 100

// violate keeps a violation, the first of each message.
func (t *tally) violate(f Found) {
	for _, known := range t.found {
		if known.Guarantee == f.Guarantee && known.Message == f.Message {
			return
		}
	}
	if len(t.found) < mostFound {
		t.found = append(t.found, f)
	}
}

// add adds another tally.
func (t *tally) add(other *tally) {
	t.edges += other.edges
	for k, n := range other.refusals {
		t.refusals[k] += n
	}
	for k, n := range other.decided {
		t.decided[k] += n
	}
	for _, f := range other.found {
		t.violate(f)
	}
}

// transitions returns how many edges lead somewhere.
func (t *tally) transitions() (n int64) {
	for _, times := range t.decided {
		n += times
	}
	return n
}

// reach returns what the answers came by, by name.
func (t *tally) reach() escrowtest.Reach {
	r := escrowtest.Reach{}
	for k, n := range t.refusals {
		r["action "+string(k.action)] += int(n)
		r["reason "+string(k.reason)] += int(n)
	}
	for k, n := range t.decided {
		r["action "+string(k.action)] += int(n)
		r["rule "+k.rule] += int(n)
		if k.executes != "" {
			r["rule "+k.executes+" executed"] += int(n)
		}
	}
	for s, n := range t.statuses {
		if s != escrow.Draft {
			r["status "+string(s)] += n
		}
	}
	return r
}
