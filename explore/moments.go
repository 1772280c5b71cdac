package explore

import (
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// moments are those that rules of a lifecycle still look at.
type moments struct {
	spec *escrow.Spec
	// ofContract are those of the contract, by status.
	ofContract map[escrow.Status][]*escrow.Moment
	// ofItems are those of items, by list and item status.
	ofItems map[*escrow.List]map[string][]*escrow.Moment
	// lists are the lists whose items have a field.
	lists map[*escrow.Field]*escrow.List
}

func newMoments(l *escrow.Lifecycle) *moments {
	m := &moments{spec: reading.Spec(l), ofContract: map[escrow.Status][]*escrow.Moment{}, ofItems: map[*escrow.List]map[string][]*escrow.Moment{}, lists: map[*escrow.Field]*escrow.List{}}
	for _, list := range m.spec.Lists {
		for _, w := range list.Fields {
			m.lists[w.Declaration()] = list
		}
	}
	for _, s := range append([]escrow.Status{escrow.Draft}, l.Statuses()...) {
		ahead := l.Reachable(s)
		if s == escrow.Draft {
			ahead = append(ahead, escrow.Draft)
		}
		for i := range m.spec.Rules {
			m.ofContract[s] = m.add(m.ofContract[s], s, ahead, &m.spec.Rules[i])
		}
	}
	for _, list := range m.spec.Lists {
		m.ofItems[list] = m.items(list)
	}
	return m
}

// add adds the contract's moments that a row looks at, if the row may still come.
// What counts from when a status was entered matters in that status only.
func (m *moments) add(list []*escrow.Moment, s escrow.Status, ahead []escrow.Status, r *escrow.Rule) []*escrow.Moment {
	here, later := slices.Contains(r.From, s), slices.ContainsFunc(r.From, func(from escrow.Status) bool { return slices.Contains(ahead, from) })
	for _, moment := range momentsOf(r) {
		if m.listOf(moment) == nil && later && (here || !sinceEntered(moment)) && !moment.Awaited && !slices.Contains(list, moment) && !known(list, moment) {
			list = append(list, moment)
		}
	}
	return list
}

// known reports whether a list has a moment of the same name: two moments of one name
// are the same.
func known(list []*escrow.Moment, m *escrow.Moment) bool {
	return slices.ContainsFunc(list, func(o *escrow.Moment) bool { return o.String() == m.String() })
}

// momentsOf returns the moments that a row compares the time with.
func momentsOf(r *escrow.Rule) (list []*escrow.Moment) {
	for _, m := range []*escrow.Moment{r.Window.Opens, r.Window.Closes} {
		if m != nil {
			list = append(list, m)
		}
	}
	for _, c := range r.When {
		list = append(list, ahead(c)...)
	}
	for _, n := range r.Needs {
		list = append(list, ahead(n.Case)...)
	}
	return list
}

// ahead returns the moments that a case looks at.
func ahead(c *escrow.Case) (list []*escrow.Moment) {
	if c == nil {
		return nil
	}
	if c.Ahead != nil {
		list = append(list, c.Ahead)
	}
	for _, part := range append(append(slices.Clone(c.All), c.Any...), c.Not) {
		list = append(list, ahead(part)...)
	}
	return list
}

func sinceEntered(m *escrow.Moment) bool {
	return m.SinceEntered || slices.ContainsFunc(append(slices.Clone(m.Earlier), m.Later...), sinceEntered)
}

// fieldsOf returns the fields that a moment is made of.
func fieldsOf(m *escrow.Moment) (fields []*escrow.Field) {
	if m.Field != nil {
		fields = append(fields, m.Field.Declaration())
	}
	for _, part := range append(slices.Clone(m.Earlier), m.Later...) {
		fields = append(fields, fieldsOf(part)...)
	}
	return fields
}

// listOf returns the list whose items have a moment, nil for one of the contract.
func (m *moments) listOf(moment *escrow.Moment) *escrow.List {
	for _, f := range fieldsOf(moment) {
		if l := m.lists[f]; l != nil {
			return l
		}
	}
	return nil
}

// items returns the moments of a list's items that still matter, by item status: a
// row looks at it there, or in a status that the item may come to without the row
// that leads there setting the moment anew.
func (m *moments) items(list *escrow.List) map[string][]*escrow.Moment {
	live := map[string][]*escrow.Moment{}
	note := func(status string, moment *escrow.Moment) bool {
		if known(live[status], moment) {
			return false
		}
		live[status] = append(live[status], moment)
		return true
	}
	statuses := append(slices.Clone(list.Statuses), "")
	for changed := true; changed; {
		changed = false
		for i := range m.spec.Rules {
			r := &m.spec.Rules[i]
			if r.Each != list {
				continue
			}
			for _, status := range statuses {
				if len(r.Being) > 0 && !slices.Contains(r.Being, status) {
					continue
				}
				for _, moment := range momentsOf(r) {
					if m.listOf(moment) == list {
						changed = note(status, moment) || changed
					}
				}
				for _, moment := range live[r.Becomes] {
					if r.Becomes != "" && !writes(r, moment) {
						changed = note(status, moment) || changed
					}
				}
			}
		}
	}
	return live
}

// writes reports whether a row sets what a moment is made of.
func writes(r *escrow.Rule, m *escrow.Moment) bool {
	for _, f := range fieldsOf(m) {
		if !slices.ContainsFunc(r.Sets, func(e escrow.Effect) bool { return e.Set != nil && e.Set.Declaration() == f }) {
			return false
		}
	}
	return true
}

// of appends the instants that still matter to a snapshot, the zero time for one
// that it does not have: those of the contract, of its items, and the expiry of
// what is pending.
func (m *moments) of(dst []time.Time, c *escrow.Contract, pending []escrow.Approval) []time.Time {
	v := c.View()
	for _, moment := range m.ofContract[c.Status()] {
		dst = append(dst, reading.Moment(c, v, moment))
	}
	for _, list := range m.spec.Lists {
		if len(m.ofItems[list]) == 0 || len(m.spec.Terminal) > 0 && slices.Contains(m.spec.Terminal, c.Status()) {
			continue
		}
		for i := range v.Len(list) {
			item := v.At(list, i)
			for _, moment := range m.ofItems[list][item.ItemStatus()] {
				dst = append(dst, reading.Moment(c, item, moment))
			}
		}
	}
	for i := range pending {
		dst = append(dst, pending[i].ExpiresAt)
	}
	return dst
}

// next returns the next instant after now that matters, false when there is none.
func (m *moments) next(c *escrow.Contract, now time.Time) (next time.Time, ok bool) {
	pending, _ := approvals(c)
	for _, at := range m.of(nil, c, pending) {
		if at.IsZero() {
			continue
		}
		for _, instant := range [...]time.Time{at.Add(-1), at, at.Add(1)} {
			if instant.After(now) && (!ok || instant.Before(next)) {
				next, ok = instant, true
			}
		}
	}
	return next, ok
}
