package escrowtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// Reach counts what the answers of a run came by: actions, rules ("OT-6", and
// "OT-6 executed" when a confirmation carried it out), statuses and the reasons
// of refusals, each by its name after its kind, as in "rule OC-7" or "reason
// deadline_due".
type Reach map[string]int

// Note counts an answer.
func (r Reach) Note(q Question, a *Answer) {
	r["action "+string(q.Command.Action())]++
	if !a.Accepted() {
		r["reason "+string(a.Reason)]++
		return
	}
	r["rule "+a.Rule]++
	r["status "+label(a.To)]++
	if a.Executes != "" {
		r["rule "+a.Executes+" executed"]++
	}
}

// Wanted returns all that the answers of a lifecycle can come by, in the order of
// its table: every action, rule, status and reason.
func Wanted(l *escrow.Lifecycle) (names []string) {
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	coSigned := false
	for _, r := range reading.Spec(l).Rules {
		add("action " + string(r.On.Action()))
		add("rule " + r.ID)
		if r.CoSign.Type != "" {
			coSigned = true
			add("rule " + r.ID + " executed")
		}
	}
	if coSigned {
		for _, name := range []string{"action confirm", "action decline_approval", "action revoke_confirmation", "rule AP-1", "rule AP-2", "rule AP-3", "rule AP-4"} {
			add(name)
		}
	}
	for _, s := range l.Statuses() {
		add("status " + string(s))
	}
	for _, e := range l.Reasons() {
		add("reason " + string(e.Reason))
	}
	return names
}

// Missing returns what of a play's lifecycle was never reached and should have
// been.
func (r Reach) Missing(p *Play) (names []string) {
	for _, name := range Wanted(p.Lifecycle) {
		if r[name] == 0 && !slices.Contains(p.Unreached, name) {
			names = append(names, name)
		}
	}
	return names
}

// String lists the counts in the order of their names.
func (r Reach) String() string {
	lines := make([]string, 0, len(r))
	for _, name := range slices.Sorted(maps.Keys(r)) {
		lines = append(lines, fmt.Sprintf("%9d  %s", r[name], name))
	}
	return strings.Join(lines, "\n")
}
