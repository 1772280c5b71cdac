package escrow

import (
	"fmt"
	"slices"

	"github.com/escrow-go/escrow/internal/nearest"
)

// compiler turns a spec into a lifecycle, and collects what is wrong with it.
type compiler struct {
	l      *Lifecycle
	faults []error
	where  string
	// given is the action of the rule at hand, row its list.
	given *Act
	row   int
	// adds is the list that the rule at hand adds an item to, asks the one whose
	// item asks.
	adds *List
	asks int
}

func (k *compiler) fail(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if k.where != "" {
		text = k.where + ": " + text
	}
	fault := fmt.Errorf("escrow: lifecycle %s: %s", k.l.spec.Name, text)
	for _, f := range k.faults {
		if f.Error() == fault.Error() {
			return
		}
	}
	k.faults = append(k.faults, fault)
}

// declare numbers everything that the spec declares.
func (k *compiler) declare() {
	l, s := k.l, &k.l.spec
	l.statuses = k.statuses()
	for _, status := range s.Terminal {
		if i := l.indexOf(status); i > 0 {
			l.terminal |= 1 << i
		}
	}
	k.layouts()
	k.declareReasons()
	k.declareParties()
	k.declarePots()
	l.reasons = []MovementReason{""}
}

// declareReasons adds the lifecycle's own refusals to those of the catalogue.
// Parties refuse for them, so they come first.
func (k *compiler) declareReasons() {
	l, own := k.l, k.l.spec.Reasons
	l.catalogue = make(map[Reason]CatalogueEntry, len(catalogue)+len(own))
	for _, e := range catalogue {
		l.catalogue[e.Reason] = e
	}
	for _, e := range own {
		if _, known := l.catalogue[e.Reason]; known || e.Reason == "" || codeRank(e.Code) == 0 {
			k.fail("reason %q: must be new and have one of the codes", e.Reason)
		}
		l.catalogue[e.Reason] = e
	}
}

// statuses collects the statuses in the order in which the table names them; the
// draft comes first.
func (k *compiler) statuses() []Status {
	list := []Status{Draft}
	add := func(s Status) {
		if s != Same && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	for _, r := range k.l.spec.Rules {
		for _, s := range r.From {
			add(s)
		}
		add(r.CoSign.While)
		add(r.To)
		add(r.CoSign.Declined)
	}
	for _, s := range k.l.spec.Terminal {
		add(s)
	}
	return list
}

// layouts lays out terms, state, policy and items. The account of a party is a
// field like any other; so is what a pot keeps of what was posted.
func (k *compiler) layouts() {
	l, s := k.l, &k.l.spec
	var terms, state []*Field
	var set []*Field // accounts of parties that a rule may set
	for _, p := range s.Parties {
		if p != nil && p.Set && !isNil(p.Account) {
			set = append(set, p.Account.Declaration())
		}
	}
	home := func(f *Field) {
		if f.Amendable || slices.Contains(set, f) {
			state = append(state, f)
		} else {
			terms = append(terms, f)
		}
	}
	for _, p := range s.Parties {
		if p == nil || isNil(p.Account) {
			continue
		}
		if f := p.Account.Declaration(); !slices.Contains(declarations(s.Terms), f) && !slices.Contains(declarations(s.State), f) {
			home(f)
		}
	}
	for _, f := range declarations(s.Terms) {
		home(f)
	}
	state = append(state, declarations(s.State)...)
	l.terms, l.state, l.policy = newLayout(terms, false), newLayout(state, false), newLayout(declarations(s.Policy), false)
	k.refer(l.terms, homeTerms, -1)
	k.refer(l.policy, homePolicy, -1)
	l.lists = make([]itemList, len(s.Lists))
	for i, list := range s.Lists {
		if list == nil || list.Key == nil {
			k.fail("list %d: needs a key", i+1)
			continue
		}
		own := &layout{names: names{}, cells: itemCells}
		own.add(list.Key.Declaration())
		for _, f := range declarations(list.Fields) {
			own.add(f)
		}
		l.lists[i] = itemList{decl: list, index: i, layout: own, pot: -1}
		k.refer(own, homeItem, i)
	}
	l.state.lists += len(s.Lists)
	// The items come first among the state's lists, so that a list's number is its
	// place.
	for i := range l.state.slots {
		if s := &l.state.slots[i]; s.field.Kind == TextsKind {
			s.index += uint8(len(l.lists))
		}
	}
	k.refer(l.state, homeState, -1)
}

// refer notes where a layout's fields are kept.
func (k *compiler) refer(from *layout, at home, list int) {
	if len(from.slots) > maxFields {
		k.fail("has more than %d fields of one kind", maxFields)
	}
	for i := range from.slots {
		f := from.slots[i].field
		if k.l.locate(f) != nil {
			k.fail("field %s: stands twice", f.Name)
		}
		k.l.refs = append(k.l.refs, fieldRef{f, ref{at, from.slots[i].index, list, &from.slots[i]}})
	}
}

func (k *compiler) declareParties() {
	l := k.l
	all := slices.Clone(l.spec.Parties)
	// Roles that only ask are declared where they are used.
	var add func(p *Party)
	add = func(p *Party) {
		if p == nil || slices.Contains(all, p) {
			return
		}
		for _, other := range [][]*Party{p.Either, p.But, p.Options, {p.Incoming}} {
			for _, o := range other {
				add(o)
			}
		}
		all = append(all, p)
	}
	for i := range l.spec.Rules {
		r := &l.spec.Rules[i]
		add(r.By)
		for _, p := range r.CoSign.From {
			add(p)
		}
		for j := range r.Money {
			add(r.Money[j].From)
			for _, p := range r.Money[j].To {
				add(p)
			}
			for _, c := range r.Money[j].Cuts {
				add(c.To)
			}
		}
	}
	for _, p := range l.spec.Pots {
		if p != nil {
			add(p.Owner)
		}
	}
	if len(all) > 256 {
		k.fail("has more than 256 parties")
		all = all[:256]
	}
	l.parties = make([]party, len(all))
	for i, p := range all {
		k.where = "party " + p.Name
		l.parties[i] = party{decl: p, n: uint8(i), list: -1}
	}
	for i := range l.parties {
		k.where = "party " + l.parties[i].decl.Name
		k.compileParty(&l.parties[i], i < len(l.spec.Parties))
	}
	k.where = ""
}

func (k *compiler) compileParty(p *party, declared bool) {
	d := p.decl
	forms := 0
	is := func(yes bool, sort partySort) {
		if yes {
			forms++
			p.sort = sort
		}
	}
	is(d.Account != nil, partyOfTerms)
	is(d.Receives, partyReceives)
	is(d.Item != nil, partyOfItem)
	is(d.Chosen != nil, partyChosen)
	is(d.Incoming != nil, partyIncoming)
	is(d.Anyone, partyAnyone)
	is(d.Platform, partyPlatform)
	is(len(d.But) > 0, partyBut)
	is(len(d.Either) > 0, partyEither)
	if forms != 1 || d.Name == "" {
		k.fail("an empty Party: needs a name and exactly one of Account, Receives, Item, Chosen, Incoming, Anyone, Platform, But, Either")
		return
	}
	if !declared && (p.sort <= partyReceives || p.sort == partyOfItem) {
		k.fail("is used, and not listed among the parties%s", suggestion(d.Name, partyNames(k.l.spec.Parties)))
	}
	switch p.sort {
	case partyOfTerms:
		p.ref = k.place(d.Account, AccountKind)
		if p.ref.home == homeState {
			p.sort = partyOfState
		}
	case partyChosen:
		p.ref = k.place(d.Chosen, ChoiceKind)
		if f := d.Chosen.Declaration(); len(f.Choices) != len(d.Options) {
			k.fail("%s has %d choices, and the party %d options", f.Name, len(f.Choices), len(d.Options))
		}
		p.options = k.partiesOf(d.Options)
	case partyOfItem:
		if p.list = k.l.listOf(d.Item); p.list < 0 {
			k.fail("its list %s is not declared", d.Item.Name)
		} else if d.Item.Key.Declaration().Kind != AccountKind {
			k.fail("the items of %s are no accounts", d.Item.Name)
		}
	case partyIncoming:
		p.options = k.partiesOf([]*Party{d.Incoming})
	case partyBut:
		p.options = k.partiesOf(d.But)
	case partyEither:
		p.options = k.partiesOf(d.Either)
	}
	if p.sort == partyReceives || p.sort == partyOfTerms && !p.ref.slot.field.Optional {
		k.l.certain[p.n/64] |= 1 << (p.n % 64)
	}
	for _, kind := range d.Kinds {
		p.kinds |= kind.bit()
	}
	if len(d.Kinds) == 0 {
		p.kinds = KindAgent.bit() | KindToken.bit() | KindHuman.bit()
	}
	p.note.party = p
	refusal := d.Refusal
	if refusal == "" && p.sort == partyEither && len(d.Either) > 0 && d.Either[0] != nil {
		refusal = d.Either[0].Refusal
	}
	if refusal != "" {
		p.refusal = k.l.strangerRefusal(refusal, d.Name)
	}
	if p.instead = p.refusal; d.Instead != "" {
		p.instead = k.l.strangerRefusal(d.Instead, d.Name)
	}
}

func partyNames(list []*Party) (names []string) {
	for _, p := range list {
		if p != nil {
			names = append(names, p.Name)
		}
	}
	return names
}

// strange is the refusal of an actor who is not a party.
func (l *Lifecycle) strangerRefusal(reason Reason, party string) *Error {
	if _, known := l.catalogue[reason]; known {
		return l.refuse(reason)
	}
	return newError(shape{code: Forbidden, reason: reason, message: "only the " + party + " may do this", remedy: "ask as the " + party})
}

func (k *compiler) partiesOf(list []*Party) (parties []*party) {
	for _, p := range list {
		if q := k.party(p); q != nil {
			parties = append(parties, q)
		}
	}
	return parties
}

// party returns a party that the lifecycle has.
func (k *compiler) party(p *Party) *party {
	if p == nil {
		k.fail("an empty Party")
		return nil
	}
	if q := k.l.partyOf(p); q != nil {
		return q
	}
	k.fail("party %s is not declared%s", p.Name, suggestion(p.Name, partyNames(k.l.spec.Parties)))
	return nil
}

func (k *compiler) declarePots() {
	l := k.l
	l.pots = make([]pot, len(l.spec.Pots))
	singlesFirst := slices.Clone(l.spec.Pots)
	slices.SortStableFunc(singlesFirst, func(a, b *Pot) int { return rankOf(a) - rankOf(b) })
	for i, p := range singlesFirst {
		if p == nil || p.Name == "" {
			k.fail("an empty Pot")
			continue
		}
		k.where = "pot " + p.Name
		own := &l.pots[i]
		*own = pot{decl: p, n: uint8(i), list: -1, posted: p.Posted != "", holds: ^statusSet(0), owner: k.party(p.Owner)}
		if p.Each == nil {
			l.singles++
			if own.posted {
				l.posted |= 1 << i
			}
			continue
		}
		if own.list = l.listOf(p.Each); own.list < 0 {
			k.fail("its list %s is not declared", p.Each.Name)
			continue
		}
		list := &l.lists[own.list]
		if list.pot >= 0 {
			k.fail("the items of %s have a pot already", p.Each.Name)
		}
		list.pot = i
		if len(p.Holds) > 0 {
			own.holds = k.itemStatuses(list, p.Holds)
		}
	}
	k.where = ""
	if l.singles > singlePots {
		k.fail("has more than %d single pots", singlePots)
	}
}

// rankOf puts single pots before those of items.
func rankOf(p *Pot) int {
	if p != nil && p.Each != nil {
		return 1
	}
	return 0
}

// itemStatuses returns item statuses as a set of their numbers.
func (k *compiler) itemStatuses(list *itemList, names []string) (set statusSet) {
	for _, name := range names {
		n := list.number(name)
		if n == 0 {
			k.fail("the items of %s have no status %q%s", list.decl.Name, name, suggestion(name, list.decl.Statuses))
		}
		set |= 1 << n
	}
	return set
}

// reason numbers a movement reason.
func (k *compiler) reason(r MovementReason) uint16 {
	i := slices.Index(k.l.reasons, r)
	if i < 0 {
		i = len(k.l.reasons)
		k.l.reasons = append(k.l.reasons, r)
	}
	return uint16(i)
}

// place returns where a field is kept, of one of the kinds.
func (k *compiler) place(w Word, kinds ...FieldKind) ref {
	if isNil(w) {
		k.fail("an empty Field")
		return ref{slot: &slot{field: &Field{}}}
	}
	f := w.Declaration()
	at := k.l.locate(f)
	if at == nil {
		k.fail("field %s is not declared%s", f.Name, suggestion(f.Name, k.fieldNames()))
		return ref{slot: &slot{field: f}}
	}
	if len(kinds) > 0 && !slices.Contains(kinds, f.Kind) {
		k.fail("field %s is of another kind than is needed here", f.Name)
	}
	if at.home == homeItem && k.row != at.list && k.row != -2 && !k.addsTo(at.list) {
		k.fail("field %s belongs to an item of %s, and the row is about none (Each)", f.Name, k.l.lists[at.list].decl.Name)
	}
	return at.ref
}

// isNil reports whether a word stands for nothing.
func isNil(w Word) (empty bool) {
	if w == nil {
		return true
	}
	defer func() { empty = recover() != nil || empty }()
	return w.Declaration() == nil
}

func (k *compiler) fieldNames() (list []string) {
	for i := range k.l.refs {
		list = append(list, k.l.refs[i].field.Name)
	}
	return list
}

// suggestion says which of the known names may have been meant, with a leading
// blank; nothing when none is near.
func suggestion(name string, known []string) string {
	best, least := "", 3
	for _, other := range known {
		if d := nearest.Distance(name, other); d < least && d < max(len(name), 2)/2+1 {
			best, least = other, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}
