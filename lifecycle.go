package escrow

import "slices"

// Lifecycle is a rule book: a declaration and a table that have been proved. It
// is immutable and safe for use by many goroutines.
type Lifecycle struct {
	spec     Spec
	statuses []Status
	terminal statusSet
	terms    *layout
	state    *layout
	policy   *layout
	refs     []fieldRef
	parties  []party
	certain  [4]uint64 // parties that every contract has an account for, a bit each
	pots     []pot
	singles  uint8 // how many of the pots are single
	posted   potSet
	lists    []itemList
	reasons  []MovementReason
	rules    []rule
	groups   []group
	slots    [actionSlots]uint8
	// timed are the rows of time by status, limit what no deadline of the status
	// comes before: the place of an instant of the terms, -1 for none.
	timed [][]*rule
	limit []int16
	// waiting are the rules whose approval a status waits for, by status.
	waiting [][]*rule
	moments []*moment
	// functions says that rules run functions of the lifecycle.
	functions bool
	// may and sure are the single pots that may and surely hold money, by status.
	may, sure []potSet
	// mayItems are the lists whose items' pots may hold money, a bit each.
	mayItems []uint32
	// required are the state's fields that a status surely has, but for those that
	// are optional, no account of a party, and that time does not need there; maybe are those that it may
	// have, a bit each.
	required [][]*slot
	maybe    []uint64

	wire        wire
	checks      rule // of [Spec.Check]
	catalogue   map[Reason]CatalogueEntry
	policyText  []byte  // the default policy, written once
	policyWhole string  // the same
	defaults    *record // the default policy
	entered     [][]entry
}

// statusSet is a set of status positions, one bit each.
type statusSet uint64

func (s statusSet) has(status uint8) bool { return s>>status&1 != 0 }

// fieldRef is where a declared field is kept.
type fieldRef struct {
	field *Field
	ref
}

// ref is a place in one of a contract's records.
type ref struct {
	home  home
	index uint8 // the slot's
	list  int   // of homeItem
	slot  *slot
}

// pot is a declared pot, numbered.
type pot struct {
	decl   *Pot
	n      uint8 // single pots come first
	list   int   // -1 for a single one
	posted bool
	owner  *party
	holds  statusSet // of item statuses, all when the declaration names none
}

// itemList is a declared list, numbered.
type itemList struct {
	decl   *List
	index  int
	layout *layout
	pot    int // the items' pot, -1 for none
	// miscounted refuses a draft that names more or fewer.
	miscounted *Error
}

// key returns the field that identifies an item.
func (l *itemList) key() *Field { return l.decl.Key.Declaration() }

// max returns how many items there may be.
func (l *itemList) max() int {
	if l.decl.Max > 0 {
		return l.decl.Max
	}
	return maxItems
}

// statusText returns the status of an item.
func (l *itemList) statusText(item *record) string {
	if n := item.cells[itemStatus].lo; n > 0 && n <= uint64(len(l.decl.Statuses)) {
		return l.decl.Statuses[n-1]
	}
	return ""
}

// number returns an item status as it is kept, 0 for none.
func (l *itemList) number(status string) uint64 {
	return uint64(slices.Index(l.decl.Statuses, status) + 1)
}

// entry is a state field that the engine writes when a status is entered.
type entry struct {
	slot  *slot
	first bool
}

// Name returns the lifecycle's name, as in "sale".
func (l *Lifecycle) Name() string { return l.spec.Name }

// Version returns the version of the rules, counted from 1.
func (l *Lifecycle) Version() int { return l.spec.Version }

// Spec returns what the lifecycle was defined from.
func (l *Lifecycle) Spec() Spec { return l.spec.clone() }

// Statuses returns every status but the draft's, in the order of the table.
func (l *Lifecycle) Statuses() []Status { return slices.Clone(l.statuses[1:]) }

// IsTerminal reports whether contracts in the status have ended.
func (l *Lifecycle) IsTerminal(s Status) bool { return slices.Contains(l.spec.Terminal, s) }

// Label returns what people call a status: "draft" for that of a draft.
func (l *Lifecycle) Label(s Status) string {
	if label := l.spec.Labels[s]; label != "" {
		return label
	}
	if s == Draft {
		return "draft"
	}
	return string(s)
}

// Acts returns the lifecycle's actions in the order of the table, then the
// engine's own.
func (l *Lifecycle) Acts() []*Act {
	acts := make([]*Act, len(l.groups))
	for i := range l.groups {
		acts[i] = l.groups[i].act
	}
	return acts
}

// locate returns where the lifecycle keeps a field, nil when it declares no such.
// The field remembers where it was found last, as a hint that is always checked.
func (l *Lifecycle) locate(f *Field) *fieldRef {
	if h := f.hint.Load(); int(h) < len(l.refs) && l.refs[h].field == f {
		return &l.refs[h]
	}
	for i := range l.refs {
		if l.refs[i].field == f {
			f.hint.Store(uint32(i))
			return &l.refs[i]
		}
	}
	return nil
}

// indexOf returns the position of a status, -1 when the lifecycle has no such.
func (l *Lifecycle) indexOf(s Status) int { return slices.Index(l.statuses, s) }

// listOf returns the number of a list, -1 when the lifecycle declares no such.
func (l *Lifecycle) listOf(list *List) int {
	if l != nil {
		for i := range l.lists {
			if l.lists[i].decl == list {
				return i
			}
		}
	}
	return -1
}

// partyOf returns a declared party, nil when the lifecycle has no such.
func (l *Lifecycle) partyOf(p *Party) *party {
	if l != nil {
		for i := range l.parties {
			if l.parties[i].decl == p {
				return &l.parties[i]
			}
		}
	}
	return nil
}

// potOf returns the number of a pot, -1 when the lifecycle declares no such.
func (l *Lifecycle) potOf(p *Pot) int {
	return slices.IndexFunc(l.pots, func(q pot) bool { return q.decl == p })
}

// label returns the status as people read it.
func (s Status) label() string {
	if s == Draft {
		return "draft"
	}
	return string(s)
}

// labels returns statuses as people read them.
func labels(list []Status) []string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = s.label()
	}
	return names
}

// clone returns a spec whose lists can be changed without changing this one. The
// words in them are never changed by anybody.
func (s Spec) clone() Spec {
	s.Parties, s.Terms, s.Check, s.State = slices.Clone(s.Parties), slices.Clone(s.Terms), slices.Clone(s.Check), slices.Clone(s.State)
	s.Lists, s.Pots, s.Policy, s.Rules = slices.Clone(s.Lists), slices.Clone(s.Pots), slices.Clone(s.Policy), slices.Clone(s.Rules)
	s.Terminal, s.Reasons, s.Forms, s.Extras = slices.Clone(s.Terminal), slices.Clone(s.Reasons), slices.Clone(s.Forms), slices.Clone(s.Extras)
	for i := range s.Rules {
		r := &s.Rules[i]
		r.From, r.When, r.Needs, r.Being = slices.Clone(r.From), slices.Clone(r.When), slices.Clone(r.Needs), slices.Clone(r.Being)
		r.Money, r.Sets, r.CoSign.Sets = slices.Clone(r.Money), slices.Clone(r.Sets), slices.Clone(r.CoSign.Sets)
	}
	return s
}

// Arrow is a way from one status to another, with the rule that takes it.
type Arrow struct {
	From, To Status
	Rule     string
	Action   Action
	// ByTime arrows are taken by time alone; Asked ones when agreement is asked
	// for, Declined ones when it is declined.
	ByTime, Asked, Declined bool
}

// Arrows returns every way between statuses, in the order of the table.
func (l *Lifecycle) Arrows() []Arrow {
	var all []Arrow
	for i := range l.spec.Rules {
		r := &l.spec.Rules[i]
		for _, from := range r.From {
			to, c := r.To, &r.CoSign
			if to == Same {
				to = from
			}
			if c.While != "" && from != c.While {
				all = append(all, Arrow{From: from, To: c.While, Rule: r.ID, Action: r.On.action, Asked: true})
			}
			all = append(all, Arrow{From: from, To: to, Rule: r.ID, Action: r.On.action, ByTime: r.On == Time})
			if c.Declined != "" && from == c.While {
				all = append(all, Arrow{From: from, To: c.Declined, Rule: ruleDecline, Action: actionDecline, Declined: true})
			}
		}
	}
	return all
}

// Reachable returns the statuses that arrows lead to from a status, itself
// included, in the order of the table.
func (l *Lifecycle) Reachable(from Status) []Status {
	found := map[Status]bool{from: true}
	arrows := l.Arrows()
	for range l.statuses {
		for _, a := range arrows {
			found[a.To] = found[a.To] || found[a.From]
		}
	}
	var list []Status
	for _, s := range l.statuses {
		if found[s] {
			list = append(list, s)
		}
	}
	return list
}

// MayHold returns the pots that may hold money in a status, a list's pots
// included.
func (l *Lifecycle) MayHold(s Status) (pots []*Pot) {
	n := l.indexOf(s)
	for i := range l.pots {
		p := &l.pots[i]
		if n > 0 && (p.list < 0 && l.may[n].has(p.n) || p.list >= 0 && l.mayItems[n]>>p.list&1 != 0) {
			pots = append(pots, p.decl)
		}
	}
	return pots
}
