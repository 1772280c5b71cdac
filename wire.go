package escrow

import (
	"maps"
	"slices"
)

// The members of a contract's object that are the engine's. A lifecycle's own are
// numbered behind them.
const (
	memberID = iota
	memberLifecycle
	memberVersion
	memberSchema
	memberStatus
	memberRevision
	memberCreatedAt
	memberDecidedAt
	memberEnteredAt
	memberAsset
	memberPolicy
	memberApprovals
	memberCustody
	engineMembers
)

var engineNames = fieldNames("id", "lifecycle", "lifecycleVersion", "schema", "status", "revision", "createdAt", "decidedAt",
	"enteredAt", "asset", "policy", "approvals", "custody")

// schemaVersion is the version of the JSON form.
const schemaVersion = 1

// maxMembers is how many members a contract's object may have.
const maxMembers = 256

// wire is the JSON form of a lifecycle's contracts, made of its declarations once.
type wire struct {
	// names are the members that are read, aliases too; members are the
	// lifecycle's own in the order written, the parties' accounts first.
	names   names
	known   []string // the same, in alphabetical order
	members []member
	parties int
	// head are the members that say which lifecycle it is.
	head []byte
	// moments are the fields that rules set to now, implied those that an import may
	// leave out.
	moments []ref
	implied []impliedField
	pots    []potForm
	// fixedAmounts says that no policy field is money of the asset.
	fixedAmounts bool
	target       string
	adds         []approvalAdd
}

// member is a member of the contract's object: a field, a list, a part of a form,
// or what was posted into a pot.
type member struct {
	name string
	kind memberKind
	ref  ref
	n    int // of lists, forms or pots
}

type memberKind uint8

const (
	memberField memberKind = iota + 1
	memberList
	memberForm
	memberPosted
)

// impliedField is a field that objects may leave out in some statuses.
type impliedField struct {
	at     ref
	in     statusSet
	when   *test // nil for always
	moment *moment
}

// potForm is how a pot's balance is told from the rest of the object.
type potForm struct {
	// sum is what fills the pot, where that is one sum; plain the term that it is.
	sum   *sum
	plain *slot
	// exact says that the balance always follows from the rest.
	exact bool
	when  *test // of [Pot.HoldsWhen]
}

// approvalAdd is a term that approvals repeat.
type approvalAdd struct {
	slot  *slot
	types []string
}

// wireForm makes the JSON form of the declarations.
func (k *compiler) wireForm() {
	l := k.l
	form := &l.wire
	form.names = make(names, 2*engineMembers)
	for name, i := range engineNames {
		form.names[name] = i
	}
	k.wireParties()
	form.parties = len(form.members)
	for _, f := range append(declarations(l.spec.Terms), declarations(l.spec.State)...) {
		k.wireField(f)
	}
	for i := range l.lists {
		k.wireList(i)
	}
	for i := range l.pots {
		if p := l.pots[i].decl; p.Posted != "" {
			k.wireMember(member{name: p.Posted, kind: memberPosted, n: i}, "")
		}
	}
	w := writer{}
	w.text("lifecycle", l.spec.Name)
	w.count("lifecycleVersion", uint64(l.spec.Version))
	w.count("schema", schemaVersion)
	form.head = w.buf
	k.wirePots()
	k.wireMoments()
	k.wireApprovals()
	form.known = slices.Sorted(maps.Keys(form.names))
}

// wireMember adds a member, under its alias too.
func (k *compiler) wireMember(m member, alias string) {
	form := &k.l.wire
	for _, name := range []string{m.name, alias} {
		if name == "" {
			continue
		}
		if _, taken := form.names[name]; taken {
			k.fail("two members of a contract have the name %s", name)
		}
		form.names[name] = engineMembers + len(form.members)
	}
	if form.members = append(form.members, m); len(form.members) > maxMembers-engineMembers {
		k.fail("a contract has more than %d members", maxMembers)
	}
}

func (k *compiler) wireParties() {
	for _, p := range k.l.spec.Parties {
		if p == nil || isNil(p.Account) || k.formOf(p.Account.Declaration(), nil) >= 0 {
			continue
		}
		if f := p.Account.Declaration(); !k.wired(f) {
			k.wireMember(member{name: f.Name, kind: memberField, ref: k.l.locate(f).ref}, f.Alias)
		}
	}
}

func (k *compiler) wireField(f *Field) {
	if n := k.formOf(f, nil); n >= 0 {
		k.wireParts(n)
	} else if !k.wired(f) {
		k.wireMember(member{name: f.Name, kind: memberField, ref: k.l.locate(f).ref}, f.Alias)
	}
}

// wired reports whether a field is a member already: the account of a party.
func (k *compiler) wired(f *Field) bool {
	return slices.ContainsFunc(k.l.wire.members, func(m member) bool { return m.kind == memberField && m.ref.slot.field == f })
}

func (k *compiler) wireList(i int) {
	l := &k.l.lists[i]
	if n := k.formOf(nil, l.decl); n >= 0 {
		if len(l.decl.Statuses) > 0 && k.l.spec.Forms[n].Status == nil {
			k.fail("list %s: the form of a list with statuses needs a Status", l.decl.Name)
		}
		k.wireParts(n)
		return
	}
	k.wireMember(member{name: l.decl.Name, kind: memberList, n: i}, "")
	for name, n := range map[string]int{"status": itemStatusMember, l.decl.Numbered: itemNumberMember} {
		if name == "" || n == itemStatusMember && len(l.decl.Statuses) == 0 {
			continue
		}
		if _, taken := l.layout.names[name]; taken {
			k.fail("list %s: two members of an item have the name %s", l.decl.Name, name)
		}
		l.layout.names[name] = n
	}
}

// The members of an item that are no fields, among its layout's names.
const (
	itemStatusMember = -2
	itemNumberMember = -3
)

func (k *compiler) wireParts(n int) {
	f := &k.l.spec.Forms[n]
	for _, m := range f.Members {
		k.wireMember(member{name: m.Name, kind: memberForm, n: n}, "")
	}
}

// formOf returns the form of a field or list, -1 when it has the usual one.
func (k *compiler) formOf(f *Field, list *List) int {
	return slices.IndexFunc(k.l.spec.Forms, func(form Form) bool {
		return list != nil && form.List == list || f != nil && form.List == nil && !isNil(form.Field) && form.Field.Declaration() == f
	})
}

// wireMoments finds the instants that rules set to now, and what is implied.
func (k *compiler) wireMoments() {
	l, form := k.l, &k.l.wire
	add := func(at ref) {
		if !slices.Contains(form.moments, at) {
			form.moments = append(form.moments, at)
		}
	}
	for i := range l.rules {
		for _, e := range append(slices.Clone(l.rules[i].effects), l.rules[i].early...) {
			if e.op == effectNow && e.plus.slot == nil {
				add(e.ref)
			}
		}
	}
	for _, list := range l.entered {
		for _, e := range list {
			add(ref{homeState, e.slot.index, -1, e.slot})
		}
	}
	k.row = -2
	for i := range l.refs {
		f := l.refs[i].field
		if f.Implied.Moment == nil || l.refs[i].home == homePolicy {
			continue
		}
		own := impliedField{at: l.refs[i].ref, moment: k.moment(f.Implied.Moment)}
		if f.Implied.When != nil {
			t := k.test(f.Implied.When)
			own.when = &t
		}
		for _, s := range f.Implied.In {
			if n := l.indexOf(s); n > 0 {
				own.in |= 1 << n
			} else {
				k.fail("field %s: there is no status %s%s", f.Name, s, suggestion(string(s), labels(l.statuses)))
			}
		}
		if f.Kind != InstantKind {
			k.fail("field %s: only an instant is implied by a moment", f.Name)
		}
		form.implied = append(form.implied, own)
	}
	k.row = -1
}

// wireApprovals notes what the approvals' form adds.
func (k *compiler) wireApprovals() {
	form := &k.l.wire
	if form.target = k.l.spec.Approvals.Target; form.target == "" {
		form.target = "target"
	}
	for _, m := range k.l.spec.Approvals.Adds {
		at := k.place(m.Field, TextKind, AccountKind)
		if at.home != homeTerms {
			k.fail("approvals repeat only terms that never change")
			continue
		}
		if _, taken := approvalNames[at.slot.field.Name]; taken || at.slot.field.Name == form.target {
			k.fail("two members of an approval have the name %s", at.slot.field.Name)
		}
		form.adds = append(form.adds, approvalAdd{at.slot, m.Types})
	}
}

// has reports whether approvals of a type have the member.
func (a *approvalAdd) has(kind string) bool {
	return len(a.types) == 0 || slices.Contains(a.types, kind)
}
