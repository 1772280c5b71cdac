package payoff

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"
)

// group is endings after which everybody has the same.
type group struct {
	endings []*Ending
	bars    []bar
}

// bar is what a column has more or less.
type bar struct {
	name string
	net  *big.Int
}

// groups returns the endings by what everybody has, and the largest net.
func (t *Table) groups() (list []group, most *big.Int) {
	most = new(big.Int)
	for i := range t.Endings {
		bars := t.bars(&t.Endings[i])
		for _, b := range bars {
			if b.net.CmpAbs(most) > 0 {
				most = new(big.Int).Abs(b.net)
			}
		}
		at := slices.IndexFunc(list, func(g group) bool {
			return slices.EqualFunc(g.bars, bars, func(a, b bar) bool { return a.name == b.name && a.net.Cmp(b.net) == 0 })
		})
		if at < 0 {
			list, at = append(list, group{bars: bars}), len(list)
		}
		list[at].endings = append(list[at].endings, &t.Endings[i])
	}
	return list, most
}

// bars returns what moved; of the backup agents the one that lost most.
func (t *Table) bars(e *Ending) (list []bar) {
	for _, c := range t.columns() {
		if low, _ := e.nets(c); low.Sign() != 0 {
			name := c.name
			if len(c.parties) > 1 {
				name = "agent"
			}
			list = append(list, bar{name, low})
		}
	}
	return list
}

// half is how many characters the longest bar takes.
const half = 30

// chart draws what everybody has more or less: to the left what is lost, to
// the right what is gained.
func (t *Table) chart() string {
	groups, most := t.groups()
	var b strings.Builder
	fmt.Fprintf(&b, "More or less than before, in %s\n", t.Case.Lifecycle.Spec().Asset.Code)
	for _, g := range groups {
		b.WriteString("\n")
		for _, e := range g.endings {
			b.WriteString(e.Name + "\n")
		}
		if len(g.bars) == 0 {
			b.WriteString("  nobody has more or less\n")
		}
		for _, bar := range g.bars {
			b.WriteString(t.drawn(bar, most) + "\n")
		}
	}
	return b.String()
}

// drawn draws one bar; what is not nothing is at least one character.
func (t *Table) drawn(b bar, most *big.Int) string {
	cells := new(big.Int).Mul(new(big.Int).Abs(b.net), big.NewInt(2*half))
	cells.Add(cells, most).Quo(cells, new(big.Int).Mul(most, big.NewInt(2)))
	marks := strings.Repeat("█", max(int(cells.Int64()), 1))
	value := Text(t.Case.Lifecycle.Spec().Asset, b.net)
	if b.net.Sign() < 0 {
		return fmt.Sprintf("  %-8s  %s%s│%s %s", b.name, strings.Repeat(" ", half-utf8.RuneCountInString(marks)), marks, strings.Repeat(" ", half), value)
	}
	return fmt.Sprintf("  %-8s  %s│%s%s %s", b.name, strings.Repeat(" ", half), marks, strings.Repeat(" ", half-utf8.RuneCountInString(marks)), value)
}
