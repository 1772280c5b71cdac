package escrow

import (
	"reflect"
	"slices"
)

// Spec is a lifecycle as it is written down.
type Spec struct {
	// Name is what contracts call the lifecycle.
	Name string
	// About says in a sentence what it is for.
	About string
	// Asset is what contracts are paid in unless their terms say otherwise.
	Asset Asset
	// Data is a value of the type of the lifecycle's own data, nil for none. The
	// type must be comparable; its JSON form is that of encoding/json.
	Data any
	// Policy lists the policy fields in use.
	Policy []PolicyField
	// Rules is the table.
	Rules []Rule
	// Terminal lists the statuses in which a contract has ended.
	Terminal Statuses
	// OpenEnded names the party that can end a contract at any time, for a
	// lifecycle that time alone does not end; the zero value for none.
	OpenEnded Party
}

// Lifecycle is a rule book: a table that has been proved. It is immutable and
// safe for use by many goroutines.
type Lifecycle struct {
	spec     Spec
	name     string
	asset    Asset
	policy   Policy
	fields   []PolicyField
	rules    []rule
	groups   []group
	slots    [actionSlots]uint8
	own      [ownCommands]uint8
	statuses []Status
	names    [maxStatuses]Status
	terminal statusSet
	timed    [][]*rule
	moments  []Moment
	limit    [maxStatuses]momentKind
	held     []potSet
	sure     []potSet
	data     reflect.Type
	judged   bool

	policyNames names
	policyText  []byte // the default policy, written once
}

// Name returns the lifecycle's name, as in "opencontract".
func (l *Lifecycle) Name() string { return l.name }

// DefaultPolicy returns the policy a contract is founded under when its terms
// name none.
func (l *Lifecycle) DefaultPolicy() Policy { return l.policy }

// Spec returns the table the lifecycle was defined from.
func (l *Lifecycle) Spec() Spec { return l.spec.clone() }

// clone returns a table that shares nothing that can be changed.
func (s Spec) clone() Spec {
	s.Policy, s.Terminal, s.Rules = slices.Clone(s.Policy), slices.Clone(s.Terminal), slices.Clone(s.Rules)
	for i := range s.Rules {
		r := &s.Rules[i]
		r.From, r.When, r.Needs = slices.Clone(r.From), slices.Clone(r.When), slices.Clone(r.Needs)
		r.Money, r.Sets, r.CoSign.Sets = slices.Clone(r.Money), slices.Clone(r.Sets), slices.Clone(r.CoSign.Sets)
	}
	return s
}

// Statuses returns every status but the draft's, in the order of the table.
func (l *Lifecycle) Statuses() []Status { return slices.Clone(l.statuses[1:]) }

// IsTerminal reports whether contracts in the status have ended.
func (l *Lifecycle) IsTerminal(s Status) bool { return slices.Contains(l.spec.Terminal, s) }

// indexOf returns the position of a status, -1 when the lifecycle has no such.
func (l *Lifecycle) indexOf(s Status) int { return slices.Index(l.statuses, s) }

// group returns the rules of an action, nil when there are none.
func (l *Lifecycle) group(a Action) *group {
	for g := l.slot(a); g != nil; g = l.after(g) {
		if g.action == a {
			return g
		}
	}
	return nil
}

// slot returns the first group in the slot of an action, nil when it is empty.
func (l *Lifecycle) slot(a Action) *group { return l.at(l.slots[a.slot()]) }

// after returns the next group in the same slot.
func (l *Lifecycle) after(g *group) *group { return l.at(g.next) }

// at returns a group by its number, counted from 1.
func (l *Lifecycle) at(number uint8) *group {
	if number == 0 {
		return nil
	}
	return &l.groups[number-1]
}

// coSigned reports whether any rule waits for a human.
func (s *Spec) coSigned() bool {
	return slices.ContainsFunc(s.Rules, func(r Rule) bool { return r.CoSign.Type != "" })
}

// holdsData reports whether data is of the lifecycle's own type.
func (l *Lifecycle) holdsData(data any) bool { return reflect.TypeOf(data) == l.data }

// dataType returns the type of the lifecycle's own data, any type when it has
// none.
func (l *Lifecycle) dataType() reflect.Type {
	if l.data == nil {
		return reflect.TypeFor[any]()
	}
	return l.data
}

// labels returns statuses as people read them.
func labels(list []Status) []string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = s.label()
	}
	return names
}

// label returns the status as people read it.
func (s Status) label() string {
	if s == Draft {
		return "draft"
	}
	return string(s)
}
