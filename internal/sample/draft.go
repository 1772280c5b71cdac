package sample

import (
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// mostTries is how often terms are changed until they can be founded.
const mostTries = 60

// Draft returns terms in order, for a life that begins at an instant: every party
// of its own account, every term within its bounds, the policy too. What does not
// fit together is drawn again, field by field, until the founding takes it; false
// when it never does.
func (m *Maker) Draft(choose Choose, now time.Time) (c escrow.Contract, ok bool) {
	s := &scene{Maker: m, choose: choose, at: now}
	t := s.terms(true)
	for try := range mostTries {
		c = t.Draft()
		refusal := m.Founding(choose, c, now)
		if refusal == nil {
			return c, true
		}
		name := faultyField(refusal)
		switch {
		case try%20 == 19:
			s.at = now
			t = s.terms(false)
		case refusal.Reason() == escrow.InvalidPolicy:
			t.Policy = s.policy(t.Asset, name)
		default:
			s.again(&t, strings.TrimSuffix(name, "."), now)
		}
	}
	return c, false
}

// Founding returns why no founding action takes a draft, nil when one does.
func (m *Maker) Founding(choose Choose, c escrow.Contract, now time.Time) (refusal *escrow.Error) {
	for i := range m.spec.Rules {
		r := &m.spec.Rules[i]
		if len(r.From) == 0 || r.From[0] != escrow.Draft {
			continue
		}
		for _, move := range m.Try(choose, c, now, r) {
			e := Ask(c, move.Command, move.Actor, now)
			if e == nil {
				return nil
			}
			refusal = e
		}
	}
	return refusal
}

// terms returns terms of which each is within its own bounds.
func (s *scene) terms(ownPolicy bool) Terms {
	l := s.Lifecycle
	t := Terms{Lifecycle: l, ID: "contract-" + []string{"1", "2", "3"}[s.choose(3)], Asset: s.spec.Asset, Policy: l.DefaultPolicy(),
		Values: map[*escrow.Field]escrow.Value{}, Items: map[*escrow.List][]map[*escrow.Field]escrow.Value{}}
	if ownPolicy {
		t.Asset.Scale = []uint8{t.Asset.Scale, 6, 2, 0, 18}[s.choose(5)]
	}
	s.asset = t.Asset
	for _, f := range t.Fields() {
		s.draw(&t, f)
	}
	for _, list := range s.spec.Lists {
		for range list.Least + s.choose(max(min(list.Most-list.Least+1, 4), 1)) {
			if list.Most > 0 {
				t.Items[list] = append(t.Items[list], s.itemOf(list))
			}
		}
	}
	if ownPolicy && s.choose(4) > 0 {
		t.Policy = s.policy(t.Asset, "")
	}
	return t
}

// draw gives a field of a draft a value, an optional one not always.
func (s *scene) draw(t *Terms, f *escrow.Field) {
	for _, p := range s.spec.Parties {
		if p.Account == nil || p.Account.Declaration() != f {
			continue
		}
		if delete(t.Values, f); !f.Optional || s.choose(3) > 0 {
			t.Values[f] = escrow.TextOf(f, AccountName(p.Name))
		}
		return
	}
	if delete(t.Values, f); !f.Optional || s.choose(2) == 0 {
		t.Values[f] = s.value(f)
	}
}

// itemOf returns an item that a draft names.
func (s *scene) itemOf(list *escrow.List) map[*escrow.Field]escrow.Value {
	values := map[*escrow.Field]escrow.Value{}
	for _, f := range itemFields(list) {
		if !f.Optional || !s.recorded(f) && s.choose(2) == 0 {
			values[f] = s.value(f)
		}
	}
	return values
}

// recorded reports whether rules set a field: then a draft leaves it to them.
func (m *Maker) recorded(f *escrow.Field) bool {
	for i := range m.spec.Rules {
		for _, e := range m.spec.Rules[i].Sets {
			if e.Set != nil && e.Set.Declaration() == f {
				return true
			}
		}
	}
	return false
}

// again draws the field of a name once more; all of them when there is none such.
func (s *scene) again(t *Terms, name string, now time.Time) {
	known := false
	for _, f := range t.Fields() {
		if f.Name == name {
			s.draw(t, f)
			known = true
		}
	}
	if !known {
		s.at = now
		*t = s.terms(true)
	}
}

// policy returns a policy of the asset with its own values for some fields, and
// seldom the default for the one that was at fault before.
func (s *scene) policy(asset escrow.Asset, faulty string) escrow.Policy {
	p := s.Lifecycle.DefaultPolicy()
	s.asset = s.spec.Asset
	s.asset.Scale = min(s.asset.Scale, asset.Scale)
	defer func() { s.asset = asset }()
	for _, w := range s.spec.Policy {
		f := w.Declaration()
		if f.Name != faulty && s.choose(3) == 0 || f.Name == faulty && s.choose(4) == 0 {
			continue
		}
		if own, err := p.With(s.value(f)); err == nil {
			p = own
		}
	}
	if s.choose(3) == 2 {
		if least, err := s.spec.Asset.Amount(Amount(s.choose, s.asset)); err == nil {
			if own, err := p.WithReview(least, 1+s.choose(3)); err == nil {
				p = own
			}
		}
	}
	return p
}
