package escrow

// step compiles a step, which does exactly one thing.
func (k *compiler) step(d *Step) step {
	s := step{decl: d, list: -1, each: d.Each}
	forms := 0
	is := func(yes bool, op stepOp) {
		if yes {
			forms++
			s.op = op
		}
	}
	is(d.Deposit != nil, stepDeposit)
	is(d.TopUp != nil, stepTopUp)
	is(d.Charge != nil, stepCharge)
	is(d.Pay, stepPay)
	is(!isNil(d.Difference), stepDifference)
	if forms != 1 {
		k.fail("an empty Step: needs exactly one of Deposit, TopUp, Charge, Pay, Difference")
		return s
	}
	if s.op != stepCharge {
		s.pot = uint8(k.pot(d.Pot))
		k.stepPot(&s, d)
	}
	for _, p := range d.To {
		if q := k.party(p); q != nil {
			k.payable(q)
			s.payees = append(s.payees, q)
		}
	}
	if s.op != stepPay {
		if s.payer = k.party(d.From); s.payer != nil {
			k.payable(s.payer)
			k.itemParty(s.payer)
			s.from = k.incoming(s.payer)
			if s.payer.sort == partyReceives {
				k.fail("%s only receives, and pays here", s.payer.decl.Name)
			}
		}
	}
	switch s.op {
	case stepDeposit:
		s.sum = k.sum(d.Deposit)
	case stepTopUp:
		s.sum = k.sum(d.TopUp)
	case stepCharge:
		s.sum = k.sum(d.Charge)
	case stepDifference:
		s.sum = k.sum(&Sum{Field: d.Difference})
		if !d.Difference.Declaration().Amendable {
			k.fail("field %s is not amendable, so it has no difference", d.Difference.Declaration().Name)
		}
	case stepPay:
		k.payout(&s, d)
	}
	k.stepReasons(&s, d)
	k.shorten(&s)
	return s
}

// shorten takes the short way of a payout, where it has one.
func (k *compiler) shorten(s *step) {
	if s.op != stepPay || s.each || s.list >= 0 || s.part != nil || len(k.faults) > 0 || s.to.kind != partyAccount {
		return
	}
	p := &k.l.pots[s.pot]
	s.posted = p.posted
	switch {
	case s.shares == nil && len(s.cuts) == 0:
		s.op = stepAll
	case s.shares == nil && len(s.cuts) == 1 && s.cuts[0].amount == nil && s.cuts[0].to.account().kind == partyAccount && s.cuts[0].ratio.home != homeItem:
		s.op, s.second, s.ratio = stepCut, s.cuts[0].to.account(), s.cuts[0].ratio
	case s.shares != nil && len(s.cuts) == 0 && s.shares.ratio.slot != nil && s.payees[1].account().kind == partyAccount && s.shares.ratio.home != homeItem:
		s.op, s.second, s.ratio = stepRatio, s.payees[1].account(), s.shares.ratio
	}
}

// incoming returns the account of a party that pays in: who it is after the rule.
func (k *compiler) incoming(p *party) accountID {
	a := p.account()
	if a.kind == partyAccount && p.sort == partyOfState {
		a.kind = incomingAccount
	}
	return a
}

// payable checks that a party has an account that money can move to or from.
func (k *compiler) payable(p *party) {
	switch p.sort {
	case partyAnyone, partyPlatform, partyBut, partyEither:
		k.fail("%s has no account", p.decl.Name)
	case partyChosen:
		for _, o := range p.options {
			k.payable(o)
		}
	}
}

// itemParty checks that there is an item whose account an items' party is: the
// row's, the one that it adds, or who asks.
func (k *compiler) itemParty(p *party) {
	if p.sort == partyChosen {
		for _, o := range p.options {
			k.itemParty(o)
		}
	}
	if p.sort == partyOfItem && p.list >= 0 && k.row != p.list && k.asks != p.list && !k.addsTo(p.list) {
		k.fail("%s is a party of each of %s, and the row is about none: it needs Each of that list, or the step", p.decl.Name, p.decl.Item.Name)
	}
}

// itemParties returns parties that are looked for where there is an item for them.
func (k *compiler) itemParties(list []*Party) []*party {
	parties := k.partiesOf(list)
	for _, p := range parties {
		k.itemParty(p)
	}
	return parties
}

func (k *compiler) stepPot(s *step, d *Step) {
	p := &k.l.pots[s.pot]
	s.list = int8(p.list)
	switch {
	case d.Each && p.list < 0:
		k.fail("%s is a single pot: Each is for the pots of a list", p.decl.Name)
	case d.Each && s.op != stepPay:
		k.fail("a deposit goes into one pot")
	case !d.Each && p.list >= 0 && k.row != p.list && !(k.addsTo(p.list) && (s.op == stepDeposit || s.op == stepTopUp)):
		k.fail("%s is a pot of each of %s: the row needs Each of that list, or the step", p.decl.Name, k.l.lists[p.list].decl.Name)
	}
	if p.posted && (s.op == stepTopUp || s.op == stepDifference || d.Part != nil) {
		k.fail("%s keeps what was posted, so it is filled and paid whole; declare it without Posted", p.decl.Name)
	}
}

// addsTo reports whether the rule at hand adds an item to a list.
func (k *compiler) addsTo(list int) bool {
	return k.adds != nil && k.l.listOf(k.adds) == list
}

func (k *compiler) payout(s *step, d *Step) {
	if len(s.payees) == 0 {
		k.fail("a payout of %s needs a receiver", d.Pot)
		s.payees = []*party{{decl: &Party{}}}
		return
	}
	s.to = s.payees[0].account()
	row := k.row
	if d.Each {
		k.row = int(s.list)
	}
	if d.Part != nil {
		s.part = k.sum(d.Part)
	}
	if d.Shares != nil {
		k.division(s, d.Shares)
	} else if len(d.To) != 1 {
		k.fail("a payout to several needs Shares")
	}
	for _, q := range s.payees {
		k.itemParty(q)
	}
	for i := range d.Cuts {
		c := &d.Cuts[i]
		own := cut{to: k.party(c.To)}
		if own.to == nil {
			continue
		}
		k.payable(own.to)
		k.itemParty(own.to)
		switch {
		case !isNil(c.Ratio) && c.Amount == nil:
			own.ratio = k.place(c.Ratio, RatioKind)
			own.field = own.ratio.slot.field
		case isNil(c.Ratio) && c.Amount != nil:
			own.amount = k.sum(c.Amount)
		default:
			k.fail("an empty Cut: needs a Ratio or an Amount")
		}
		s.cuts = append(s.cuts, own)
	}
	k.row = row
}

// division compiles how a pot is divided.
func (k *compiler) division(s *step, d *Shares) {
	s.shares = &shares{decl: d}
	forms := 0
	for _, has := range []bool{!isNil(d.Ratio), len(d.Percentages) > 0, d.Equal, d.Weights != nil, d.First != nil, d.Becoming != ""} {
		if has {
			forms++
		}
	}
	if forms != 1 {
		k.fail("an empty Shares: needs exactly one form")
	}
	two := true
	switch {
	case !isNil(d.Ratio) && d.Given:
		k.param(d.Ratio, RatioKind)
		s.shares.field = d.Ratio.Declaration()
	case !isNil(d.Ratio):
		s.shares.ratio = k.place(d.Ratio, RatioKind)
		s.shares.field = s.shares.ratio.slot.field
	case len(d.Percentages) > 0:
		two = false
		for _, w := range d.Percentages {
			k.param(w, RatioKind)
		}
		if len(d.Percentages) != len(s.payees) {
			k.fail("%d percentages for %d receivers", len(d.Percentages), len(s.payees))
		}
	case d.Equal:
		two = false
	case d.Becoming != "":
		if s.list < 0 {
			k.fail("shares by %s are of an item's pot", d.Becoming)
			return
		}
		list := &k.l.lists[s.list]
		k.itemStatuses(list, []string{d.Becoming})
		s.shares.becoming = list.number(d.Becoming)
	case d.Name == "":
		k.fail("shares that are a function need a Name")
	}
	if two && len(s.payees) != 2 || len(s.payees) < 2 {
		k.fail("shares %s are of two receivers", d.name())
	}
}

// stepReasons gives every movement of a step its reason: the step's own, else the
// pot's for that receiver.
func (k *compiler) stepReasons(s *step, d *Step) {
	var p *Pot
	if s.op != stepCharge && int(s.pot) < len(k.l.pots) {
		p = k.l.pots[s.pot].decl
	}
	need := func(r MovementReason, what string) uint16 {
		if r == "" {
			k.fail("%s has no reason: give the pot one, or the step with As", what)
		}
		return k.reason(r)
	}
	own := d.Reason
	switch s.op {
	case stepCharge:
		s.reason = need(own, "a charge")
		if len(s.payees) != 1 {
			k.fail("a charge has one receiver")
			s.payees = append(s.payees, &party{decl: &Party{}})
		}
		s.to = s.payees[0].account()
	case stepDeposit, stepTopUp:
		s.reason = need(firstReason(own, p.In), "a deposit into "+p.Name)
	case stepDifference:
		s.reason = need(firstReason(own, p.In), "a deposit into "+p.Name)
		s.refund = need(firstReason(own, p.outTo(d.From)), "a payout of "+p.Name)
	case stepPay:
		for _, q := range s.payees {
			s.reasons = append(s.reasons, need(firstReason(own, p.outTo(q.decl)), "a payout of "+p.Name+" to "+q.decl.Name))
		}
		s.reason = s.reasons[0]
		for i := range s.cuts {
			s.cuts[i].reason = need(firstReason(d.Cuts[i].Reason, p.outTo(d.Cuts[i].To)), "a cut of "+p.Name+" to "+d.Cuts[i].To.Name)
		}
	}
}

// outTo returns the pot's reason for a receiver.
func (p *Pot) outTo(to *Party) MovementReason {
	for _, r := range p.Out {
		if r.To == to {
			return r.Reason
		}
	}
	return p.Rest
}

func firstReason(list ...MovementReason) MovementReason {
	for _, r := range list {
		if r != "" {
			return r
		}
	}
	return ""
}

// name returns the shares as people read them.
func (d *Shares) name() string {
	switch {
	case d.Name != "":
		return d.Name
	case !isNil(d.Ratio):
		return d.Ratio.Declaration().Name
	case d.Equal:
		return "equal parts"
	case d.Becoming != "":
		return "all if " + d.Becoming
	}
	text := ""
	for i, f := range declarations(d.Percentages) {
		if i > 0 {
			text += " : "
		}
		text += f.Name
	}
	return text
}

// String returns the step as the rule book prints it.
func (d Step) String() string {
	to := ""
	for i, p := range d.To {
		if i > 0 {
			to += " : "
		}
		if p != nil {
			to += p.Name
		}
	}
	pot, from := "", ""
	if d.Pot != nil {
		pot = d.Pot.Name
	}
	if d.Each {
		pot = "each " + pot
	}
	if d.From != nil {
		from = d.From.Name
	}
	text := ""
	switch {
	case d.Deposit != nil:
		return d.Deposit.name() + ": " + from + " -> " + pot
	case d.TopUp != nil:
		return d.TopUp.name() + ": " + from + " -> " + pot + ", on top"
	case d.Charge != nil:
		return d.Charge.name() + ": " + from + " -> " + to
	case !isNil(d.Difference):
		return "difference of " + d.Difference.Declaration().Name + ": " + from + " <-> " + pot
	case d.Part != nil:
		text = d.Part.name() + " of " + pot + " -> " + to
	default:
		text = pot + " -> " + to
	}
	if d.Shares != nil {
		text += " = " + d.Shares.name()
		if len(d.To) == 2 && len(d.Shares.Percentages) == 0 && !d.Shares.Equal {
			text += " : rest"
		}
	}
	for _, c := range d.Cuts {
		if c.To == nil {
			continue
		}
		if c.Amount != nil {
			text += ", less " + c.Amount.name() + " -> " + c.To.Name
		} else if !isNil(c.Ratio) {
			text += ", less " + c.Ratio.Declaration().Name + " -> " + c.To.Name
		}
	}
	return text
}
