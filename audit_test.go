package escrow

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// forgery is a contract that holds 100 in its pot, with two items of one list and one
// of another, and the ends of forged movements of it.
type forgery struct {
	payer, payee, absent, pot, each, second, stake, ghost accountID
	before                                                Contract
	parts, people                                         int
}

// forged makes a contract whose parts hold some amounts; the second party of the
// terms is nobody.
func forged(t *testing.T, parts ...Amount) *forgery {
	t.Helper()
	b := newLab()
	b.spec.Rules = append(b.spec.Rules, Rule{ID: "end", On: Do("end"), By: Anyone, From: In("held"), To: "ended"})
	b.two.Account.Declaration().Optional = true
	l := unproved(t, b.spec)
	c := l.Draft("f", TextOf(b.payer.Account, "p"), TextOf(b.one.Account, "1"), TextOf(b.three.Account, "3"), AmountValue(b.price, Units(1)))
	f := &forgery{parts: l.listOf(b.parts), people: l.listOf(b.people),
		payer: l.partyOf(b.payer).account(), payee: l.partyOf(b.one).account(), absent: l.partyOf(b.two).account(),
		pot: accountID{kind: potAccount, n: uint8(l.potOf(b.pot))}, each: accountID{kind: potAccount, n: uint8(l.potOf(b.each))},
		stake: accountID{kind: potAccount, n: uint8(l.potOf(b.stake))}}
	f.second, f.ghost = f.each, f.each
	f.second.item, f.ghost.item = 1, 9
	c.status, c.pots[0] = uint8(l.indexOf("held")), Units(100)
	f.before = c.with(f.parts, parts...)
	return f
}

// with returns the contract with items of a list that hold amounts.
func (c Contract) with(list int, amounts ...Amount) Contract {
	c.state = c.state.clone()
	c.state.lists[list].items = nil
	for _, a := range amounts {
		item := c.lifecycle.lists[list].layout.newRecord()
		item.cells[itemStatus].lo, item.cells[itemBalance] = 1, cell(a)
		c.state.lists[list].items = append(c.state.lists[list].items, item)
	}
	return c
}

// holding returns the contract with another balance of its pot.
func (c Contract) holding(units uint64) Contract {
	c.pots[0] = Units(units)
	return c
}

func flow(units uint64, from, to accountID) movement {
	return movement{worth: worth{amount: Units(units)}, from: from, to: to}
}

// audits reports what the audit says of a decision that ends with a snapshot.
func (f *forgery) audits(next Contract, moves ...movement) bool {
	d := Decision{Contract: next, moved: len(moves)}
	copy(d.inline[:], moves)
	return d.audit(&f.before)
}

// TestAuditSeesForgedDecisions: what no table does, the audit would see. Each
// decision is in order but for what its name says.
func TestAuditSeesForgedDecisions(t *testing.T) {
	ten, three := Units(10), Units(3)
	f := forged(t, ten, three)
	c, parts := f.before, f.parts
	ended := c.holding(0).with(parts)
	ended.status = uint8(c.lifecycle.indexOf("ended"))
	shut := c.with(parts, ten, three)
	shut.items(parts)[1].cells[itemStatus].lo = 2
	for _, forgery := range []struct {
		name  string
		fine  bool
		next  Contract
		moves []movement
	}{
		{"nothing happens", true, c, nil},
		{"a deposit", true, c.holding(103), []movement{flow(3, f.payer, f.pot)}},
		{"a payout", true, c.holding(97), []movement{flow(3, f.pot, f.payee)}},
		{"nothing is moved", false, c, []movement{flow(0, f.payer, f.pot)}},
		{"from pot to pot", false, c.holding(97).with(parts, Units(13), three), []movement{flow(3, f.pot, f.each)}},
		{"from a party who is nobody", false, c.holding(103), []movement{flow(3, f.absent, f.pot)}},
		{"to a party who is nobody", false, c.holding(97), []movement{flow(3, f.pot, f.absent)}},
		{"the pot is overdrawn", false, c.holding(0), []movement{flow(101, f.pot, f.payee)}},
		{"the pot keeps what it paid", false, c, []movement{flow(5, f.pot, f.payee)}},
		{"the pot loses what nobody got", false, c.holding(95), nil},
		{"the pot gains what nobody paid", false, c.holding(105), nil},
		{"an item is paid in", true, c.with(parts, Units(14), three), []movement{flow(4, f.payer, f.each)}},
		{"an item pays out", true, c.with(parts, Units(6), three), []movement{flow(4, f.each, f.payee)}},
		{"several parts of one item", true, c.with(parts, Amount{}, three), []movement{flow(4, f.each, f.payee), flow(6, f.each, f.payer)}},
		{"another item pays", false, c.with(parts, ten, Amount{}), []movement{flow(3, f.each, f.payee)}},
		{"another pays, after a deposit", false, c.holding(103).with(parts, Units(7), three), []movement{flow(3, f.payer, f.pot), flow(3, f.second, f.payee)}},
		{"two items change money", false, c.with(parts, three, ten), nil},
		{"an item's money appears", false, c.with(parts, ten, Units(4)), nil},
		{"an item's money vanishes", false, c.with(parts, ten, Amount{}), nil},
		{"an item vanishes", false, c.with(parts, ten), nil},
		{"an item appears with money", false, c.with(parts, ten, three, Units(1)), nil},
		{"an item is added and funded", true, c.with(parts, ten, three, Units(1)), []movement{flow(1, f.payer, accountID{potAccount, f.each.n, 2})}},
		{"an item that is none", false, c, []movement{flow(3, f.payer, f.ghost), flow(3, f.ghost, f.payer)}},
		{"an item of an empty list", false, c, []movement{flow(3, f.payer, f.stake)}},
		{"money in a status that holds none", false, shut, nil},
		{"money in an ended contract", false, ended.holding(5), nil},
	} {
		assert.Equal(t, forgery.fine, f.audits(forgery.next, forgery.moves...), forgery.name)
	}
}

// TestAuditSeesOverflow: sums that would wrap around never balance.
func TestAuditSeesOverflow(t *testing.T) {
	all := Amount{math.MaxUint64, math.MaxUint64}
	big := movement{worth: worth{amount: Amount{maxTotal.hi, math.MaxUint64}}}
	f := forged(t, Amount{}, Amount{})
	big.from, big.to = f.payer, f.each
	wrapped := Amount{}
	for range 4 {
		wrapped, _ = wrapped.plus(big.amount)
	}
	most := movement{worth: worth{amount: maxTotal}, from: f.payer, to: f.each}
	assert.True(t, f.audits(f.before.with(f.parts, maxTotal, Amount{}), most), "the most that may move")
	assert.False(t, f.audits(f.before.with(f.parts, all, Amount{}), movement{worth: worth{amount: all}, from: f.payer, to: f.each}), "more than may move")
	assert.False(t, f.audits(f.before.with(f.parts, wrapped, Amount{}), big, big, big, big), "what moves in wraps around")
	full := f.before
	full.pots[0] = all
	f.before = full
	assert.False(t, f.audits(full.holding(1), flow(2, f.payer, f.pot)), "a pot wraps around")
}

// TestAuditSeesPendingApprovals: an ended contract leaves none.
func TestAuditSeesPendingApprovals(t *testing.T) {
	f := forged(t)
	ended := f.before.holding(0)
	ended.status = uint8(ended.lifecycle.indexOf("ended"))
	pay := flow(100, f.pot, f.payee)
	assert.True(t, f.audits(ended, pay))
	ended.approvals = &approvals{list: []*Approval{{ID: "f-ap-1", Status: ApprovalIsPending}}}
	assert.False(t, f.audits(ended, pay))
}

// TestProposes: an approval's money is a decision's only with the same accounts,
// amounts and reasons in the same order.
func TestProposes(t *testing.T) {
	f := forged(t)
	d := Decision{Contract: f.before.holding(99), moved: 1}
	d.inline[0] = flow(1, f.pot, f.payer)
	shown := d.proposal()
	other := func(change func(*Movement)) []Movement {
		m := shown[0]
		change(&m)
		return []Movement{m}
	}
	assert.True(t, d.proposes(shown))
	assert.False(t, d.proposes(nil))
	assert.False(t, d.proposes(other(func(m *Movement) { m.From.Kind = "stake" })), "from")
	assert.False(t, d.proposes(other(func(m *Movement) { m.To.ID = "q" })), "to")
	assert.False(t, d.proposes(other(func(m *Movement) { m.Amount = Units(2) })), "amount")
	assert.False(t, d.proposes(other(func(m *Movement) { m.Reason = "other" })), "reason")
	assert.Empty(t, shown[0].ID(), "nothing has moved")
}
