package sample

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// Each returns commands of every action of the lifecycle, enough to tell apart what
// their fields can do: one that is plain, and for each field one with each of a few
// other values; without the field where it may be left out. Amounts are those given,
// in smallest units; an item may be any of the given keys, of which the last is added.
func (m *Maker) Each(asset escrow.Asset, start time.Time, amounts []int64, items []string) (list []escrow.Command) {
	e := each{m, asset, start, amounts, items}
	known := map[*escrow.Act]bool{}
	for i := range m.spec.Rules {
		r := &m.spec.Rules[i]
		if r.On == escrow.Time || known[r.On] {
			continue
		}
		known[r.On] = true
		list = append(list, e.commands(r)...)
	}
	list = append(list, escrow.Advance())
	if m.cosigned {
		list = append(list, escrow.Confirm("", ""), escrow.DeclineApproval("", ""), escrow.RevokeConfirmation(""), escrow.Confirm("nowhere", ""))
	}
	return list
}

// each makes the values of a scope.
type each struct {
	*Maker
	asset   escrow.Asset
	start   time.Time
	amounts []int64
	items   []string
}

// commands are those of a row's action.
func (e *each) commands(r *escrow.Rule) (list []escrow.Command) {
	fields := r.On.Params()
	plain := make([]escrow.Value, len(fields)) // the zero value sets nothing
	for i, f := range fields {
		if !f.Optional {
			plain[i] = e.values(f)[0]
		}
	}
	add := func(values []escrow.Value) { list = append(list, r.On.Command(values...)) }
	add(plain)
	for i, f := range fields {
		for n, v := range e.values(f) {
			if n > 0 || f.Optional {
				other := slices.Clone(plain)
				other[i] = v
				add(other)
			}
		}
	}
	if whole, more := e.whole(fields, plain); more {
		add(whole)
	}
	return list
}

// whole is the payload with every field, instants one after another.
func (e *each) whole(fields []*escrow.Field, plain []escrow.Value) (values []escrow.Value, more bool) {
	values, optional := slices.Clone(plain), 0
	for i, f := range fields {
		if !f.Optional {
			continue
		}
		if values[i], optional = e.values(f)[0], optional+1; f.Kind == escrow.InstantKind {
			values[i] = escrow.TimeValue(f, e.start.AddDate(0, 0, optional))
		}
	}
	return values, optional > 1
}

// values are a few values of a field.
func (e *each) values(f *escrow.Field) (list []escrow.Value) {
	s := &scene{Maker: e.Maker, choose: First, asset: e.asset, at: e.start, c: e.Lifecycle.Draft("none")}
	s.item = s.c.View().At(nil, -1)
	switch {
	case e.isKey(f):
		return []escrow.Value{escrow.TextOf(f, e.items[len(e.items)-1])}
	case f.Kind == escrow.TargetKind:
		for _, key := range append(slices.Clone(e.items), "nowhere") {
			list = append(list, escrow.TextOf(f, key))
		}
	case f.Kind == escrow.AmountKind && !f.Fixed:
		for _, n := range e.amounts {
			list = append(list, escrow.DecimalValue(f, decimal.New(n, -int32(e.asset.Scale))))
		}
	case f.Kind == escrow.ChoiceKind:
		for _, choice := range f.Choices {
			list = append(list, escrow.TextOf(f, choice))
		}
	case f.Kind == escrow.RatioKind:
		for _, text := range []string{"0.3", "1"} {
			ratio, _ := escrow.ParseRatio(text)
			list = append(list, escrow.RatioValue(f, ratio))
		}
	case f.Kind == escrow.RecordKind:
		return []escrow.Value{e.record(f)}
	default:
		list = append(list, s.value(f))
	}
	return list
}

// record is an object of a command's, each of its fields plain.
func (e *each) record(f *escrow.Field) escrow.Value {
	var row []escrow.Value
	for _, w := range f.Fields {
		if inner := w.Declaration(); !inner.Optional {
			row = append(row, e.values(inner)[0])
		}
	}
	return escrow.RowsOf(f, row)
}

// Plain returns a draft in order with amounts of so many smallest units and so many
// items more than there must be, known by the given keys; false when none is found.
func (m *Maker) Plain(start time.Time, units int64, keys []string) (escrow.Contract, bool) {
	for seed := range 200 {
		n := uint64(seed)
		choose := func(k int) int {
			n = n*6364136223846793005 + uint64(min(seed, 1))*1442695040888963407
			return int(n >> 33 % uint64(k))
		}
		draft, ok := m.Draft(choose, start)
		if !ok {
			continue
		}
		t := TermsOf(draft)
		t.ID, t.Policy, t.Asset = m.Lifecycle.Name(), m.Lifecycle.DefaultPolicy(), m.spec.Asset
		amount := func(f *escrow.Field) escrow.Value {
			return escrow.DecimalValue(f, decimal.New(units, -int32(t.Asset.Scale)))
		}
		for f := range t.Values {
			if f.Kind == escrow.AmountKind && !f.Fixed {
				t.Values[f] = amount(f)
			}
		}
		for _, l := range m.spec.Lists {
			m.plainItems(&t, l, keys, amount)
		}
		if c := t.Draft(); m.Founding(First, c, start) == nil {
			return c, true
		}
	}
	return escrow.Contract{}, false
}

// plainItems gives a draft as many items as there are keys, as far as it may have
// them.
func (m *Maker) plainItems(t *Terms, l *escrow.List, keys []string, amount func(*escrow.Field) escrow.Value) {
	if len(t.Items[l]) == 0 {
		return
	}
	first := t.Items[l][0]
	t.Items[l] = nil
	for i := range min(max(len(keys), l.Least), l.Most) {
		item := map[*escrow.Field]escrow.Value{}
		for f, v := range first {
			if item[f] = v; f.Kind == escrow.AmountKind && !f.Fixed {
				item[f] = amount(f)
			}
		}
		item[l.Key.Declaration()] = escrow.TextOf(l.Key, keys[min(i, len(keys)-1)])
		t.Items[l] = append(t.Items[l], item)
	}
}

// Lacking returns a draft without the first of the terms that it must have.
func (m *Maker) Lacking(draft escrow.Contract) (escrow.Contract, bool) {
	t := TermsOf(draft)
	for _, w := range m.spec.Terms {
		if f := w.Declaration(); !f.Optional && f.Kind != escrow.AccountKind {
			delete(t.Values, f)
			return t.Draft(), true
		}
	}
	return draft, false
}
