package escrowtest

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/diagram"
)

// ledger is what every account holds after every step, added up from the
// movements: the pots, and of those outside custody what they gained or paid.
type ledger struct {
	diagram.Steps
	held map[escrow.Account][]*big.Int
	// want is what they should hold in the end.
	want map[escrow.Account]*big.Int
}

func newLedger(f *Failure) *ledger {
	b := &ledger{held: map[escrow.Account][]*big.Int{}}
	asset := f.Story.Begin.Asset()
	b.Steps = diagram.Steps{Title: "Balances after each step, in " + asset.Code, Unit: asset.Code, Scale: asset.Scale, Wrong: f.differs()}
	now := map[escrow.Account]*big.Int{}
	for _, h := range f.Story.Begin.Custody() {
		now[h.Account] = h.Amount.BigInt()
	}
	b.record(now, 0)
	for i := range f.Story.Steps {
		if i+1 == len(f.Story.Steps) {
			b.want = cloned(now)
			book(b.want, &f.Want)
		}
		book(now, &f.Story.Steps[i].Answer)
		b.record(now, i+1)
	}
	b.series(len(f.Story.Steps) + 1)
	return b
}

func cloned(now map[escrow.Account]*big.Int) map[escrow.Account]*big.Int {
	same := map[escrow.Account]*big.Int{}
	for a, v := range now {
		same[a] = new(big.Int).Set(v)
	}
	return same
}

// book moves the money of an answer.
func book(now map[escrow.Account]*big.Int, a *Answer) {
	if !a.Accepted() {
		return
	}
	add := func(account escrow.Account, by *big.Int) {
		if now[account] == nil {
			now[account] = new(big.Int)
		}
		now[account].Add(now[account], by)
	}
	for _, m := range a.Movements {
		add(m.From, new(big.Int).Neg(m.Amount.BigInt()))
		add(m.To, m.Amount.BigInt())
	}
}

// record keeps what there is after a step. An account that turns up later had
// nothing before.
func (b *ledger) record(now map[escrow.Account]*big.Int, step int) {
	for a, v := range now {
		for len(b.held[a]) < step {
			b.held[a] = append(b.held[a], new(big.Int))
		}
		b.held[a] = append(b.held[a], new(big.Int).Set(v))
	}
}

// series turns the books of so many moments into rows, those in custody first.
func (b *ledger) series(moments int) {
	for a := range b.want {
		if b.held[a] == nil {
			b.held[a] = zeroes(moments)
		}
	}
	for _, a := range slices.SortedFunc(maps.Keys(b.held), byCustody) {
		s := diagram.Series{Name: accountLabel(a), Values: b.held[a]}
		want := cmp.Or(b.want[a], new(big.Int))
		if want.Cmp(s.Values[len(s.Values)-1]) != 0 {
			s.Want = want
		}
		b.Series = append(b.Series, s)
	}
}

func zeroes(n int) []*big.Int {
	list := make([]*big.Int, n)
	for i := range list {
		list[i] = new(big.Int)
	}
	return list
}

func byCustody(a, b escrow.Account) int {
	rank := map[bool]int{false: 1}
	return cmp.Or(cmp.Compare(rank[a.Custody], rank[b.Custody]), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// mostName is how much of an account's name is written at its row.
const mostName = 30

func accountLabel(a escrow.Account) string {
	text := a.String()
	if runes := []rune(text); len(runes) > mostName {
		text = string(runes[:mostName]) + "…"
	}
	if !a.Custody {
		text += ", net"
	}
	return text
}

// Header numbers the columns of the table of balances.
func (b *ledger) Header() (numbers []int) {
	for i := range b.Series[0].Values {
		numbers = append(numbers, i)
	}
	return numbers
}
