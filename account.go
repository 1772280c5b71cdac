package escrow

// Account is one end of a movement: a party, or a pot in custody.
type Account struct {
	// Kind is the name of the party or of the pot.
	Kind string
	// ID is whose it is, or the item's key; empty where there is only one.
	ID string
	// Custody says that the account holds money for the contract.
	Custody bool
}

// String returns the account's text form, as in "buyer:acct_1" or "escrow".
func (a Account) String() string {
	if a.ID == "" {
		return a.Kind
	}
	return a.Kind + ":" + a.ID
}

// accountKind is what an accountID numbers.
type accountKind uint8

const (
	noAccount accountKind = iota
	partyAccount
	incomingAccount // a party as the rule leaves it
	potAccount
	dynamicAccount // not yet known: chosen by a field
)

// accountID is an account as the engine carries it: the number of a party or pot,
// and the position of the item.
type accountID struct {
	kind accountKind
	n    uint8
	item uint16
}

func (a accountID) custody() bool { return a.kind == potAccount }

// account gives an account its text id, of this snapshot.
func (c *Contract) account(a accountID) Account {
	l := c.lifecycle
	if a.kind == potAccount {
		p := &l.pots[a.n]
		out := Account{Kind: p.decl.Name, Custody: true}
		if p.list >= 0 {
			out.ID = c.items(p.list)[a.item].texts[itemKey]
		}
		return out
	}
	p := &l.parties[a.n]
	return Account{Kind: p.decl.Name, ID: c.partyID(p, int(a.item))}
}

// partyID returns the account of a party that has one of its own, of an item's
// party the item's key.
func (c *Contract) partyID(p *party, item int) string {
	switch p.sort {
	case partyOfTerms:
		return c.terms.fixed.texts[p.ref.index]
	case partyOfState:
		return c.state.texts[p.ref.index]
	case partyOfItem:
		if items := c.items(p.list); item >= 0 && item < len(items) {
			return items[item].texts[itemKey]
		}
	case partyChosen:
		if o := c.chosen(p); o != nil {
			return c.partyID(o, item)
		}
	case partyIncoming:
		return c.partyID(p.options[0], item)
	}
	return ""
}

// chosen returns the party that a choice names, nil while nothing is chosen.
func (c *Contract) chosen(p *party) *party {
	r := c.home(p.ref)
	if n := r.cells[p.ref.index].lo; n > 0 && n <= uint64(len(p.options)) {
		return p.options[n-1]
	}
	return nil
}

// home returns the record of the contract that a field's place is in.
func (c *Contract) home(at ref) *record {
	switch at.home {
	case homeTerms:
		return c.terms.fixed
	case homePolicy:
		return c.terms.policy
	}
	return c.state
}
