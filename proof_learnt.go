package escrow

import (
	"slices"
	"strings"
)

// note keeps what was learnt, for the audit of decisions and the reader.
func (p *prover) note() {
	l := p.l
	l.may, l.sure, l.required = make([]potSet, len(p.at)), make([]potSet, len(p.at)), make([][]*slot, len(p.at))
	l.mayItems, l.maybe = make([]uint32, len(p.at)), make([]uint64, len(p.at))
	for s := range p.at {
		l.maybe[s] = p.at[s].maybe
		for i := range l.state.slots {
			if at := &l.state.slots[i]; s != 0 && (!at.field.Optional || l.founding(at.field)) && !at.field.entered() && p.at[s].fields>>at.bit&1 != 0 {
				l.required[s] = append(l.required[s], at)
			}
		}
		l.may[s], l.sure[s] = p.at[s].may, p.at[s].sure
		for i := range p.at[s].items {
			if p.at[s].items[i].hold != 0 {
				l.mayItems[s] |= 1 << i
			}
		}
		for _, r := range l.timed[s] {
			if r.each < 0 && r.due != nil {
				l.required[s] = p.needed(l.required[s], r.due, p.at[s].fields)
			}
		}
	}
}

// needed adds the fields of the state that a moment needs, of those that are
// surely set.
func (p *prover) needed(list []*slot, m *moment, sure uint64) []*slot {
	for _, sub := range m.subs {
		list = p.needed(list, sub, sure)
	}
	for _, at := range []ref{m.ref, m.plus} {
		if at.home == homeState && at.slot != nil && sure>>at.slot.bit&1 != 0 && !slices.Contains(list, at.slot) {
			list = append(list, at.slot)
		}
	}
	return list
}

// potNames returns the names of single pots.
func (l *Lifecycle) potNames(set potSet) string {
	var names []string
	for i := range l.pots {
		if p := &l.pots[i]; p.list < 0 && set.has(p.n) {
			names = append(names, p.decl.Name)
		}
	}
	return strings.Join(names, ", ")
}

// itemPot names the pot that the items of a list have.
func (l *Lifecycle) itemPot(list int) string {
	return "each " + l.pots[l.lists[list].pot].decl.Name
}
