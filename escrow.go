package escrow

import (
	"encoding/hex"
	"strconv"
)

// Movement is one transfer of a positive amount from one account to another.
type Movement struct {
	From, To Account
	Amount   Amount
	Asset    Asset
	Reason   MovementReason
	Basis    Basis

	contract string
	revision uint64
	position int
	origin   string
}

// Basis is what an amount was made from: the ratio of a policy field, of the base
// amount, times a count. What was not part of it is zero.
type Basis struct {
	Of     Amount
	Ratio  Ratio
	Policy string
	Times  uint64
}

// ID returns the movement's id: contract, revision of the next snapshot,
// position, and the first twelve digits of a digest over actor, command and rule.
// Rivals for a revision have different ids, a retry the same one, so it serves as
// the payment's idempotency key. A movement that only proposes has none.
func (m Movement) ID() string {
	if m.origin == "" {
		return ""
	}
	return m.contract + "/" + strconv.FormatUint(m.revision, 10) + "/" + strconv.Itoa(m.position) + "/" + m.origin
}

// origin returns the digits that tell decisions for one revision apart.
func (d *Decision) origin() string {
	actor := &d.Actor
	w := newDigest()
	w.open('{')
	w.key("actor")
	w.open('{')
	w.text("account", actor.account())
	w.text("id", actor.ID)
	w.text("kind", string(actor.kind()))
	w.textOrNull("user", actor.user())
	w.close('}')
	w.key("command")
	w.command(d.Command)
	w.text("rule", d.Rule)
	w.close('}')
	sum := w.sum()
	return hex.EncodeToString(sum[:6])
}

// Kind says what the movement is: a deposit comes into custody, a payout leaves
// it, a charge passes it by.
func (m Movement) Kind() MovementKind {
	switch {
	case m.To.Custody:
		return Deposited
	case m.From.Custody:
		return PaidOut
	}
	return Charged
}

// MovementKind is a deposit, a payout or a charge.
type MovementKind string

// The kinds of movement.
const (
	Deposited MovementKind = "deposit"
	PaidOut   MovementKind = "payout"
	Charged   MovementKind = "charge"
)

// String returns the movement as in "50 USDC escrow -> buyer:acct_1 (escrow_refund)".
func (m Movement) String() string {
	return m.Asset.Text(m.Amount) + " " + m.Asset.Code + " " + m.From.String() + " -> " + m.To.String() + " (" + string(m.Reason) + ")"
}

// movement is a movement as a decision holds it.
type movement struct {
	worth
	from, to accountID
	reason   uint16
}

func (m *movement) policyName() string {
	if m.policy == nil {
		return ""
	}
	return m.policy.Name
}

// movement returns the i-th movement.
func (d *Decision) movement(i int) *movement {
	if i < inlineMovements {
		return &d.inline[i]
	}
	return &d.spilled[i-inlineMovements]
}

// move adds a movement to the decision, written in place; one of nothing is left
// out.
func (d *Decision) move(from, to accountID, reason uint16, w *worth) {
	if w.amount.IsZero() {
		return
	}
	if d.moved >= inlineMovements {
		if d.spilled == nil {
			d.spilled = make([]movement, 0, 2*inlineMovements)
		}
		d.spilled = append(d.spilled, movement{})
	}
	d.moved++
	m := d.movement(d.moved - 1)
	// Field by field: what was written in halves is slow to read whole.
	m.amount, m.of, m.ratio, m.policy, m.times = w.amount, w.of, w.ratio, w.policy, w.times
	m.from, m.to, m.reason = from, to, reason
}

// pay carries out one step of a rule's money. What most tables consist of, a
// single pot that goes to known parties whole or by a ratio, has a short way.
func (d *Decision) pay(q *ask, r *rule, s *step) *Error {
	switch s.op {
	case stepAll, stepRatio, stepCut:
		d.payWhole(q, s)
		return nil
	case stepDeposit, stepTopUp:
		return d.deposit(q, s)
	case stepCharge:
		own := d.after(q, -1)
		var w worth
		own.worth(s.sum, &d.Contract, &w)
		d.move(d.payer(own, s), d.payee(own, s.payees[0], s.to), s.reason, &w)
		return nil
	case stepDifference:
		return d.difference(q, s)
	}
	if !s.each {
		return d.payPot(q, r, s, q.item)
	}
	for i := range d.Contract.items(int(s.list)) {
		own := *q
		own.list, own.item = int(s.list), i
		if e := d.payPot(&own, r, s, i); e != nil {
			return e
		}
	}
	return nil
}

// payWhole empties a single pot to known parties: to one, to two by a ratio, or to
// one less a ratio of it.
func (d *Decision) payWhole(q *ask, s *step) {
	next := &d.Contract
	held, from := next.pots[s.pot], accountID{kind: potAccount, n: s.pot}
	if s.posted {
		if !next.held.has(s.pot) {
			return
		}
		next.held &^= 1 << s.pot
	} else {
		next.pots[s.pot] = Amount{}
	}
	if held.IsZero() {
		return
	}
	w := worth{amount: held, of: held}
	if s.op == stepAll {
		d.move(from, s.to, s.reason, &w)
		return
	}
	w.policy = s.ratio.slot.field
	rate := Ratio{q.c.home(s.ratio).cells[s.ratio.index].lo}
	part, rest := held.split(rate)
	if s.op == stepRatio {
		w.amount, w.ratio = part, rate
		d.move(from, s.to, s.reason, &w)
		w.amount, w.ratio = rest, rate.rest()
		d.move(from, s.second, s.reasons[1], &w)
		return
	}
	w.amount, w.ratio = rest, rate.rest()
	d.move(from, s.to, s.reason, &w)
	w.amount, w.ratio = part, rate
	d.move(from, s.second, s.cuts[0].reason, &w)
}

// after returns the question about the snapshot under construction: of the item
// that the rule added, where it is of the list in question or the rule was about
// none.
func (d *Decision) after(q *ask, list int) *ask {
	if d.added < 0 || int(d.addedTo) != list && q.list >= 0 && q.item >= 0 {
		return q
	}
	own := *q
	own.list, own.item = int(d.addedTo), d.added
	return &own
}

// payer returns who pays a step in.
func (d *Decision) payer(q *ask, s *step) accountID {
	if s.from.kind != dynamicAccount {
		return s.from
	}
	return d.resolve(q, s.payer)
}

// payee returns who is paid by a step.
func (d *Decision) payee(q *ask, p *party, known accountID) accountID {
	if known.kind != dynamicAccount {
		return known
	}
	return d.resolve(q, p)
}

// resolve returns the account of a party that a choice or an item makes.
func (d *Decision) resolve(q *ask, p *party) accountID {
	switch p.sort {
	case partyOfItem:
		item := q.item
		if d.added >= 0 && int(d.addedTo) == p.list && q.list != p.list {
			item = d.added
		}
		return accountID{partyAccount, p.n, uint16(item)}
	case partyChosen:
		o := q.c.chosen(p)
		if o == nil {
			o = d.Contract.chosen(p)
		}
		if o == nil {
			return accountID{}
		}
		return d.resolve(q, o)
	}
	return p.account()
}

// deposit collects a sum into a pot.
func (d *Decision) deposit(q *ask, s *step) *Error {
	own := d.after(q, int(s.list))
	var w worth
	own.worth(s.sum, &d.Contract, &w)
	to := accountID{kind: potAccount, n: s.pot}
	if e := d.credit(own, &to, w.amount, s.op == stepTopUp); e != nil {
		return e
	}
	d.move(d.payer(own, s), to, s.reason, &w)
	return nil
}

// credit adds to what a pot holds, and says which item's pot it is. Only a top-up
// finds money there.
func (d *Decision) credit(q *ask, to *accountID, amount Amount, topUp bool) *Error {
	next := &d.Contract
	l := next.lifecycle
	p := &l.pots[to.n]
	if p.list >= 0 {
		if q.item < 0 || q.list != p.list {
			return l.refuse(Unbalanced)
		}
		to.item = uint16(q.item)
	}
	held := d.holds(*to)
	if !topUp && !held.IsZero() {
		return l.refuse(Unbalanced)
	}
	sum, ok := held.plus(amount)
	switch {
	case !ok:
		return l.refuse(AmountBounds)
	case p.list >= 0:
		d.editItem(p.list, q.item).cells[itemBalance] = cell(sum)
	default:
		next.pots[p.n], next.filled = sum, next.filled|1<<p.n
		if p.posted {
			next.held |= 1 << p.n
		}
	}
	if d.overflows(sum) {
		return l.refuse(AmountBounds)
	}
	return nil
}

// overflows reports whether a pot that has come to hold an amount, or all pots
// together, hold more than any may. Far from it the upper halves tell.
func (d *Decision) overflows(held Amount) bool {
	next := &d.Contract
	if held.Cmp(maxTotal) > 0 {
		return true
	}
	var upper, pots uint64
	for i := range next.lifecycle.singles {
		upper, pots = upper+next.pots[i].hi, pots+1
	}
	for i := range next.state.lists {
		for _, item := range next.state.lists[i].items {
			upper, pots = upper+item.cells[itemBalance].hi, pots+1
		}
	}
	if upper+pots < maxTotal.hi {
		return false
	}
	var total Amount
	next.eachPot(func(_ accountID, amount Amount) bool {
		total = total.plusAtMost(amount)
		return true
	})
	return total.tooMuch()
}

// debit takes from what a pot holds; emptied marks the pot as paid out.
func (d *Decision) debit(from accountID, amount Amount, emptied bool) bool {
	next := &d.Contract
	p := &next.lifecycle.pots[from.n]
	if p.list >= 0 {
		balance := &d.editItem(p.list, int(from.item)).cells[itemBalance]
		rest, ok := Amount(*balance).minus(amount)
		*balance = cell(rest)
		return ok
	}
	if p.posted {
		next.held &^= 1 << p.n
		return emptied
	}
	rest, ok := next.pots[p.n].minus(amount)
	next.pots[p.n] = rest
	return ok
}

// payPot pays one pot out: all of it, a part, or all of it in shares.
func (d *Decision) payPot(q *ask, r *rule, s *step, item int) *Error {
	p := &q.c.lifecycle.pots[s.pot]
	from := accountID{kind: potAccount, n: s.pot}
	if p.list >= 0 {
		from.item = uint16(item)
	}
	// What the pot holds now: an earlier step may have paid a part of it.
	held := d.holds(from)
	w := worth{amount: held, of: held}
	if s.part != nil {
		part := q.value(s.part, q.c)
		switch {
		case part.amount.Cmp(held) <= 0:
		case r.due != nil:
			part.amount = held
		default:
			return d.Contract.lifecycle.refuse(NotCovered).with("pot", d.Contract.account(from).String())
		}
		w = part
	}
	if w.amount.IsZero() && !p.posted {
		return nil
	}
	if !d.debit(from, w.amount, s.part == nil) {
		return d.Contract.lifecycle.refuse(Unbalanced)
	}
	if s.shares == nil && len(s.cuts) == 0 {
		d.move(from, d.payee(q, s.payees[0], s.to), s.reason, &w)
		return nil
	}
	return d.divide(q, r, s, from, w)
}

// holds returns what an account in custody holds in the snapshot under
// construction.
func (d *Decision) holds(a accountID) Amount {
	p := &d.Contract.lifecycle.pots[a.n]
	if p.list < 0 {
		return d.Contract.balance(p)
	}
	return Amount(d.Contract.items(p.list)[a.item].cells[itemBalance])
}

// difference deposits with, or returns to, a pot's owner what an amended amount
// has grown or shrunk by.
func (d *Decision) difference(q *ask, s *step) *Error {
	was, is := q.value(s.sum, q.c).amount, q.value(s.sum, &d.Contract).amount
	pot := accountID{kind: potAccount, n: s.pot}
	if s.list >= 0 {
		pot.item = uint16(q.item)
	}
	more, ok := is.minus(was)
	if ok {
		w := worth{amount: more, of: is}
		if more.IsZero() {
			return nil
		}
		if e := d.credit(q, &pot, more, true); e != nil {
			return e
		}
		d.move(d.payer(q, s), pot, s.reason, &w)
		return nil
	}
	less, _ := was.minus(is)
	if less.Cmp(d.holds(pot)) > 0 {
		return d.Contract.lifecycle.refuse(NotCovered).with("pot", d.Contract.account(pot).String())
	}
	w := worth{amount: less, of: was}
	if !d.debit(pot, less, false) {
		return d.Contract.lifecycle.refuse(Unbalanced)
	}
	d.move(pot, d.payer(q, s), s.refund, &w)
	return nil
}
