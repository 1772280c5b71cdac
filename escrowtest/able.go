package escrowtest

import (
	"fmt"
	"slices"
	"strings"
)

// abilities are the optional interfaces of a system, nil where it lacks one, and how
// often each was used.
type abilities struct {
	reader    Reader
	approvals ApprovalReader
	historian Historian
	lister    Lister
	ledger    Ledger
	payer     Payer
	keyed     Keyed
	racer     Racer
	crasher   Crasher
	used      Checks
}

func abilitiesOf(system System) *abilities {
	a := &abilities{used: Checks{}}
	a.reader, _ = system.(Reader)
	a.approvals, _ = system.(ApprovalReader)
	a.historian, _ = system.(Historian)
	a.lister, _ = system.(Lister)
	a.ledger, _ = system.(Ledger)
	a.payer, _ = system.(Payer)
	a.keyed, _ = system.(Keyed)
	a.racer, _ = system.(Racer)
	a.crasher, _ = system.(Crasher)
	for i, has := range []bool{a.reader != nil, a.approvals != nil, a.historian != nil, a.lister != nil, a.ledger != nil,
		a.payer != nil, a.keyed != nil, a.racer != nil, a.crasher != nil} {
		if has {
			a.used[checkNames[i]] = 0
		}
	}
	return a
}

// checkNames are the optional interfaces, in the order in which they are told.
var checkNames = []string{"Reader", "ApprovalReader", "Historian", "Lister", "Ledger", "Payer", "Keyed", "Racer", "Crasher"}

// Checks counts how often each optional interface of a system was used, by its
// name. Those that the system does not implement are missing.
type Checks map[string]int

// Missing returns the optional interfaces that the system does not implement: of
// what they are for, a run has shown nothing.
func (c Checks) Missing() []string {
	return slices.DeleteFunc(slices.Clone(checkNames), func(name string) bool {
		_, has := c[name]
		return has
	})
}

// String tells the counts on one line, and what is missing.
func (c Checks) String() string {
	var has []string
	for _, name := range checkNames {
		if n, ok := c[name]; ok {
			has = append(has, fmt.Sprintf("%s %d", name, n))
		}
	}
	text := "checked besides the answers: " + strings.Join(has, ", ")
	if len(has) == 0 {
		text = "checked: the answers alone"
	}
	if missing := c.Missing(); len(missing) > 0 {
		text += "; not checked: " + strings.Join(missing, ", ")
	}
	return text
}

// Finding is what an optional interface of a system shows to be wrong.
type Finding struct {
	// Check names the interface, as in "Reader".
	Check   string `json:"check"`
	Message string `json:"message"`
}

// String returns the finding on one line.
func (f Finding) String() string { return f.Check + ": " + f.Message }

// findings are what several checks find.
type findings []Finding

func (f *findings) add(check, format string, args ...any) {
	*f = append(*f, Finding{check, fmt.Sprintf(format, args...)})
}
