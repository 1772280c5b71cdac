package explore

import (
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/internal/reading"
	"github.com/escrow-go/escrow/internal/sample"
)

// defaultStart is when the scopes begin that follow from a declaration.
var defaultStart = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// The amounts of such scopes, in smallest units: odd, so that ratios are rounded.
// What commands carry is less than what drafts do.
var (
	draftAmounts   = []int64{7, 30}
	commandAmounts = []int64{5, 3}
)

// ScopeOf returns the scope that follows from a lifecycle alone: drafts of two
// amounts under the default policy, with one item and a second that can be added, or
// with two; the plainest actor of each party, and where people co-sign a token and
// two humans; those who only look like somebody; every action with a few payloads.
// It is an error when no draft in order is found, or none is needed: then the scope
// is to be written by hand ([ParseScope]).
func ScopeOf(l *escrow.Lifecycle) (Scope, error) {
	m, spec := sample.Of(l), reading.Spec(l)
	s := Scope{Start: defaultStart, Unreached: slices.Clone(escrowtest.Rare)}
	keys := []string{"m1", "m2"}
	for i, units := range draftAmounts {
		draft, ok := m.Plain(defaultStart, units, keys[:min(i+1, itemsOf(spec))])
		if !ok {
			return Scope{}, fmt.Errorf("explore: no draft of %s in order was found", l.Name())
		}
		s.Drafts = append(s.Drafts, draft)
	}
	if faulty, ok := m.Lacking(s.Drafts[0]); ok {
		s.Drafts = append(s.Drafts, faulty)
	}
	s.Actors = actorsOf(m, spec, s.Drafts[0].View())
	s.Commands = m.Each(spec.Asset, defaultStart, commandAmounts, keys)
	return s, s.fault()
}

// itemsOf returns with how many items drafts of a lifecycle may begin, at least 1.
func itemsOf(spec *escrow.Spec) (n int) {
	n = 1
	for _, l := range spec.Lists {
		n = max(n, min(l.Most, 2))
	}
	return n
}

// actorsOf returns who asks.
func actorsOf(m *sample.Maker, spec *escrow.Spec, v escrow.View) (list []escrow.Actor) {
	seated := false
	for _, p := range spec.Parties {
		seated = seated || p.Item != nil
		if p.Account == nil {
			continue
		}
		who := m.Actors(v, p)
		people := slices.IndexFunc(who, func(a escrow.Actor) bool { return a.Kind == escrow.KindHuman })
		list = append(list, who[:min(len(who), 1)]...)
		if people >= 0 && who[0].Kind != escrow.KindAgent {
			list = append(list, who[people:people+2]...)
		}
	}
	strangers := 1
	if seated {
		strangers = 3
	}
	for _, id := range sample.Strangers[:strangers] {
		list = append(list, escrow.Agent(id))
	}
	return append(list, escrow.SystemActor(), escrow.Actor{})
}
