package escrow

import "strings"

// holdings is what an object says is held, by account.
type holdings struct {
	told   bool
	single [singlePots]Amount
	items  []map[string]Amount // by list
}

var custodyNames = fieldNames("account", "amount")

// custody reads what an object says is held.
func (x *contractReader) custody() {
	if x.null() {
		return
	}
	x.held.told = true
	x.inside("custody")
	defer x.outside()
	var seen keySet
	for ok := x.enter('[', ']'); ok; ok = x.more(']') {
		account, amount := x.holding()
		if x.ruled = true; x.fault != nil || x.c.status == 0 {
			continue
		}
		if seen.twice(account) {
			x.malformed("names an account twice")
		}
		if amount.IsZero() && x.strict {
			x.malformed("names an account that holds nothing")
		}
		x.hold(account, amount)
	}
}

func (x *contractReader) holding() (account string, amount Amount) {
	var seen keysSeen
	for ok := x.enter('{', '}'); ok; ok = x.more('}') {
		switch x.reader.field(custodyNames, &seen) {
		case 0:
			account = x.text()
		case 1:
			n, _, reason := x.plainNumber()
			if reason == "" {
				amount, reason = n.unitsTo(x.t.asset.Scale, maxTotal)
			}
			if reason != "" {
				x.fail(reason, catalogueText(reason))
			}
		default:
			x.extra()
		}
	}
	return account, amount
}

// hold notes what an account holds.
func (x *contractReader) hold(account string, amount Amount) {
	name, key, item := strings.Cut(account, ":")
	for i := range x.l.pots {
		p := &x.l.pots[i]
		switch {
		case p.decl.Name != name || item != (p.list >= 0):
			continue
		case p.list < 0:
			x.held.single[p.n] = amount
			return
		}
		if x.held.items == nil {
			x.held.items = make([]map[string]Amount, len(x.l.lists))
		}
		if x.held.items[p.list] == nil {
			x.held.items[p.list] = map[string]Amount{}
		}
		x.held.items[p.list][key] = amount
		return
	}
	x.path = "account"
	x.malformed(truncate(account) + " is no account of the contract in custody")
}

// money finds out what every pot holds, from what was posted, what the rest
// implies, and what the object says.
func (x *contractReader) money() *Error {
	total := Amount{}
	for i := range x.l.pots {
		p := &x.l.pots[i]
		var e *Error
		if p.list < 0 {
			e = x.singlePot(p, &x.l.wire.pots[i])
		} else {
			e = x.itemPots(p, &x.l.wire.pots[i])
		}
		if e != nil {
			return e
		}
	}
	x.c.eachPot(func(_ accountID, held Amount) bool {
		total = total.plusAtMost(held)
		return true
	})
	if total.tooMuch() {
		return field(AmountBounds, "custody", "together comes to more than 2^127 smallest units")
	}
	return nil
}

// singlePot finds out what a single pot holds.
func (x *contractReader) singlePot(p *pot, form *potForm) *Error {
	c := &x.c
	may, sure := x.l.may[c.status].has(p.n) && !c.IsTerminal(), x.l.sure[c.status].has(p.n)
	if p.posted {
		if e := x.post(p, form, sure); e != nil {
			return e
		}
		implied := c.filled.has(p.n) && may
		return x.postedPot(p, form, implied, sure)
	}
	held, known := x.implies(p, form, sure)
	told := x.held.single[p.n]
	switch {
	case x.held.told && known && form.exact && told != held:
		return x.differs(p, "", held)
	case x.held.told:
		held = told
	case !known && may:
		return field(Malformed, "custody", "is needed to know what "+p.decl.Name+" holds")
	}
	if !held.IsZero() && !may {
		return field(Malformed, "custody", p.decl.Name+" holds nothing in status "+x.head.status)
	}
	c.pots[p.n] = held
	if !held.IsZero() {
		c.filled |= 1 << p.n
	}
	return nil
}

// implies returns what a single pot holds that the rest of the object tells.
func (x *contractReader) implies(p *pot, form *potForm, sure bool) (Amount, bool) {
	if form.sum == nil || !sure {
		return Amount{}, form.sum != nil && !x.l.may[x.c.status].has(p.n)
	}
	q := x.c.timeless()
	return q.value(form.sum, &x.c).amount, true
}

// post completes the sum that was posted into a pot: in an import it may be left out
// where it is one of the terms.
func (x *contractReader) post(p *pot, form *potForm, sure bool) *Error {
	c := &x.c
	switch {
	case !sure || c.filled.has(p.n):
		return nil
	case x.strict || form.plain == nil || !x.t.fixed.has(form.plain):
		return field(Malformed, p.decl.Posted, "is missing in status "+x.head.status)
	}
	c.pots[p.n] = Amount(x.t.fixed.cells[form.plain.index])
	c.filled |= 1 << p.n
	return nil
}

// postedPot finds out whether a pot holds what was posted.
func (x *contractReader) postedPot(p *pot, form *potForm, implied, sure bool) *Error {
	c := &x.c
	posted, told := c.pots[p.n], x.held.single[p.n]
	held := implied
	switch {
	case !x.held.told || posted.IsZero() && told.IsZero():
	case told.IsZero() && implied && (sure || form.exact), !told.IsZero() && (told != posted || !implied):
		if !implied {
			posted = Amount{}
		}
		return x.differs(p, "", posted)
	default:
		held = !told.IsZero()
	}
	if held {
		c.held |= 1 << p.n
	}
	return nil
}

// differs says that a custody is not what the rest of the object implies.
func (x *contractReader) differs(p *pot, key string, held Amount) *Error {
	account := Account{Kind: p.decl.Name, ID: truncate(key)}
	return field(Malformed, "custody", "is not what the contract implies: "+account.String()+" holds "+x.t.asset.Text(held))
}

// itemPots finds out what the pots of a list's items hold.
func (x *contractReader) itemPots(p *pot, form *potForm) *Error {
	c := &x.c
	var told map[string]Amount
	if x.held.items != nil {
		told = x.held.items[p.list]
	}
	found := 0
	for i, item := range c.items(p.list) {
		key := item.texts[itemKey]
		said, named := told[key]
		if named {
			found++
		}
		may := p.holds.has(uint8(item.cells[itemStatus].lo)) && !c.IsTerminal()
		held, known, e := x.impliesItem(p, form, i, may)
		switch {
		case e != nil:
			return e
		case x.held.told && known && form.exact && said != held:
			return x.differs(p, key, held)
		case x.held.told:
			held = said
		case !known && may:
			return field(Malformed, "custody", "is needed to know what "+p.decl.Name+":"+truncate(key)+" holds")
		}
		if !held.IsZero() && !may {
			return field(Malformed, "custody", p.decl.Name+":"+truncate(key)+" holds nothing in its status")
		}
		item.cells[itemBalance] = cell(held)
	}
	if found != len(told) {
		return field(Malformed, "custody", "names an item of "+p.decl.Each.Name+" that is not there")
	}
	return nil
}

// impliesItem returns what an item's pot holds that the rest of the object tells.
func (x *contractReader) impliesItem(p *pot, form *potForm, i int, may bool) (held Amount, known bool, e *Error) {
	if form.sum == nil {
		return Amount{}, false, nil
	}
	if !may {
		return Amount{}, true, nil
	}
	defer recoverInto(&e, noRule)
	q := x.c.timeless()
	q.list, q.item = p.list, i
	if form.when != nil && !q.holds(form.when) {
		return Amount{}, true, nil
	}
	return q.value(form.sum, &x.c).amount, true, nil
}
