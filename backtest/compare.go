package backtest

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
)

func newReport(policies []Policy) *Report {
	r := &Report{LeftOut: []Omission{}}
	for _, p := range policies {
		l := p.Policy.Lifecycle()
		r.Policies = append(r.Policies, Comparison{
			Policy: p.Name, Lifecycle: l.Name(), parties: partiesOf(l),
			Money: []Money{}, Endings: []Ending{}, Changes: []Change{}, Partings: []History{},
		})
	}
	return r
}

// enter enters a history's replay under the policy, of which the report lists at
// most so many.
func (c *Comparison) enter(h *history, p *replay, most int) {
	switch {
	case p == nil:
		c.OtherLifecycle++
		return
	case p.unfounded != nil:
		if c.Unfounded++; c.Why == "" {
			c.Why = p.unfounded.Error()
		}
		return
	}
	c.Histories++
	if p.outlived {
		c.Outlived++
	}
	c.pay(h, p)
	was, is := ending(&h.base.contract), ending(&p.contract)
	c.change(was, is)
	if was == is && p.parted == nil {
		return
	}
	if c.Parted++; len(c.Partings) < most {
		c.Partings = append(c.Partings, History{Contract: p.contract.ID(), Line: h.begin, Recorded: was, Replayed: is,
			Outlived: p.outlived, Parting: p.parted, Asset: p.contract.Asset().Code, Differences: c.differences(h.base.purse, p.purse)})
	}
}

// pay adds the money of a history.
func (c *Comparison) pay(h *history, p *replay) {
	m := c.in(p.contract.Asset())
	for i := range m.Parties {
		to := &m.Parties[i]
		to.Recorded.add(h.base.purse[i])
		to.Replayed.add(p.purse[i])
		to.Difference = to.Replayed.Net.Sub(to.Recorded.Net)
	}
	m.Held.Recorded = m.Held.Recorded.Add(held(&h.base.contract))
	m.Held.Replayed = m.Held.Replayed.Add(held(&p.contract))
}

// in returns the money in an asset.
func (c *Comparison) in(asset escrow.Asset) *Money {
	i := slices.IndexFunc(c.Money, func(m Money) bool { return m.Asset == asset.Code && m.Scale == asset.Scale })
	if i >= 0 {
		return &c.Money[i]
	}
	m := Money{Asset: asset.Code, Scale: asset.Scale}
	for _, name := range c.parties {
		m.Parties = append(m.Parties, PartyMoney{Party: name})
	}
	c.Money = append(c.Money, m)
	return &c.Money[len(c.Money)-1]
}

// change counts how a history ended.
func (c *Comparison) change(was, is string) {
	c.ending(was).Recorded++
	c.ending(is).Replayed++
	i := slices.IndexFunc(c.Changes, func(x Change) bool { return x.Recorded == was && x.Replayed == is })
	if i < 0 {
		i = len(c.Changes)
		c.Changes = append(c.Changes, Change{Recorded: was, Replayed: is})
	}
	c.Changes[i].Histories++
}

func (c *Comparison) ending(name string) *Ending {
	i := slices.IndexFunc(c.Endings, func(e Ending) bool { return e.Ending == name })
	if i < 0 {
		i = len(c.Endings)
		c.Endings = append(c.Endings, Ending{Ending: name})
	}
	return &c.Endings[i]
}

// sort brings what was counted into an order that does not depend on the record's.
func (c *Comparison) sort() {
	slices.SortFunc(c.Money, func(a, b Money) int { return cmp.Or(cmp.Compare(a.Asset, b.Asset), cmp.Compare(a.Scale, b.Scale)) })
	slices.SortFunc(c.Endings, func(a, b Ending) int { return byEnding(a.Ending, b.Ending) })
	slices.SortFunc(c.Changes, func(a, b Change) int {
		return cmp.Or(byEnding(a.Recorded, b.Recorded), byEnding(a.Replayed, b.Replayed))
	})
	slices.SortFunc(c.Partings, func(a, b History) int { return cmp.Compare(a.Line, b.Line) })
}

const (
	openEnding   = "open: "
	neverFounded = "never founded"
)

// ending names how a contract has ended, or stands.
func ending(c *escrow.Contract) string {
	switch {
	case c.IsDraft():
		return neverFounded
	case c.IsTerminal():
		return string(c.Status())
	}
	return openEnding + string(c.Status())
}

// byEnding sorts by name, what has ended first.
func byEnding(a, b string) int {
	return cmp.Or(cmp.Compare(unended(a), unended(b)), cmp.Compare(a, b))
}

func unended(name string) int {
	switch {
	case name == neverFounded:
		return 2
	case strings.HasPrefix(name, openEnding):
		return 1
	}
	return 0
}

// differences lists who would have had more or less.
func (c *Comparison) differences(was, is purse) []Difference {
	list := []Difference{}
	for i, name := range c.parties {
		if d := is[i].Net.Sub(was[i].Net); !d.IsZero() {
			list = append(list, Difference{name, d})
		}
	}
	return list
}

// labelOf returns what people call a contract's status.
func labelOf(c *escrow.Contract) string { return c.Lifecycle().Label(c.Status()) }

// part tells in what a request is answered otherwise.
func part(line int, q *escrow.Request, was answer, wasErr error, is answer, isErr error, lapse string) *Parting {
	p := &Parting{Line: line, Action: q.Command.Action(), Actor: q.Actor.ID, Was: was.String(), Is: is.String(), Lapse: lapse}
	var refusal *escrow.Error
	if errors.As(cmp.Or(isErr, wasErr), &refusal) {
		p.Reason, p.Message = refusal.Reason(), refusal.Message()
	}
	return p
}
