package escrow

import "slices"

// The members that the engine itself gives to a contract's JSON, to an item's and
// to a command's.
var (
	contractMembers = []string{"id", "schema", "lifecycle", "lifecycleVersion", "status", "revision", "createdAt", "decidedAt", "enteredAt",
		"asset", "policy", "approvals", "custody"}
	itemMembers    = []string{"status"}
	policyMembers  = []string{"payoutReview"}
	commandMembers = []string{"action", "approvalId", "hash"}
)

// proveWords checks what the declarations say by themselves, and that no two have
// one name.
func (k *compiler) proveWords() {
	k.proveNames()
	k.proveStatusNames()
	k.proveRoles()
	k.provePots()
	k.proveLists()
	k.proveFields()
	k.proveExtras()
	k.proveReasons()
}

// nameSet tells names that are taken apart from new ones.
type nameSet struct {
	*compiler
	taken map[string]bool
}

// named makes a set of the names that the engine has taken.
func (k *compiler) named(own []string) nameSet {
	set := nameSet{k, map[string]bool{}}
	for _, name := range own {
		set.taken[name] = true
	}
	return set
}

// add takes a name for something of a sort, which must be a plain and a new one.
func (s nameSet) add(sort, name string) {
	switch {
	case !plainName(name):
		s.fail("%s %q: a name is a letter, then letters, digits, - and _", sort, name)
	case s.taken[name]:
		s.fail("%s %s: the name is taken, by another or by the engine", sort, name)
	}
	s.taken[name] = true
}

// plainName reports whether a name can stand anywhere, in JSON, accounts, diagrams.
func plainName(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || !(r >= '0' && r <= '9' || r == '-' || r == '_')) {
			return false
		}
	}
	return name != "" && len(name) <= maxName
}

// maxName is how long a name may be.
const maxName = 100

// proveNames checks the names of each object's members.
func (k *compiler) proveNames() {
	l := k.l
	contract := k.named(contractMembers)
	formed := k.forms(contract)
	fields := append(l.terms.fields(), l.state.fields()...)
	for _, f := range fields {
		if !slices.Contains(formed, any(f)) {
			contract.add("field", f.Name)
		}
	}
	for _, f := range fields {
		if f.Alias != "" {
			contract.add("alias", f.Alias)
		}
	}
	accounts := k.named([]string{"anyone", "system"})
	for i := range l.pots {
		accounts.add("pot", l.pots[i].decl.Name)
		if posted := l.pots[i].decl.Posted; posted != "" {
			contract.add("posted", posted)
		}
	}
	for _, p := range l.spec.Parties {
		accounts.add("party", p.Name)
	}
	policy := k.named(policyMembers)
	for _, f := range l.policy.fields() {
		policy.add("policy field", f.Name)
	}
	lists := k.named(nil)
	for i := range l.lists {
		list := &l.lists[i]
		lists.add("list", list.decl.Name)
		if !slices.Contains(formed, any(list.decl)) {
			contract.add("list", list.decl.Name)
		}
		k.itemNames(list)
	}
	k.actNames()
}

// forms takes the members of forms, and returns the fields and lists that have one.
func (k *compiler) forms(contract nameSet) (formed []any) {
	for i := range k.l.spec.Forms {
		f := &k.l.spec.Forms[i]
		switch {
		case (f.List == nil) == isNil(f.Field) || f.Write == nil || f.Read == nil || len(f.Members) == 0:
			k.fail("an empty Form: needs a List or a Field, Members, Write and Read")
			continue
		case f.List != nil && k.l.listOf(f.List) < 0:
			k.fail("form of list %s: the list is not declared", f.List.Name)
		case f.List != nil:
			formed = append(formed, f.List)
		case k.l.locate(f.Field.Declaration()) == nil:
			k.fail("form of field %s: the field is not declared%s", f.Field.Declaration().Name, suggestion(f.Field.Declaration().Name, k.fieldNames()))
		default:
			formed = append(formed, f.Field.Declaration())
		}
		for _, m := range f.Members {
			contract.add("member", m.Name)
		}
	}
	return formed
}

// fields returns the fields that are laid out.
func (l *layout) fields() []*Field {
	fields := make([]*Field, len(l.slots))
	for i := range l.slots {
		fields[i] = l.slots[i].field
	}
	return fields
}

func (k *compiler) itemNames(list *itemList) {
	k.where = "list " + list.decl.Name
	item := k.named(itemMembers)
	for _, f := range list.layout.fields() {
		item.add("field", f.Name)
	}
	if list.decl.Numbered != "" {
		item.add("field", list.decl.Numbered)
	}
	statuses := k.named(nil)
	for _, s := range list.decl.Statuses {
		statuses.add("item status", s)
	}
	k.where = ""
}

// actNames checks the actions and what their commands carry.
func (k *compiler) actNames() {
	for i := range k.l.groups {
		g := &k.l.groups[i]
		if k.where = "action " + string(g.action); len(g.rules) == 0 || g.act == actAdvance {
			continue
		}
		if !plainName(string(g.action)) {
			k.fail("a name is a letter, then letters, digits, - and _")
		}
		params := k.named(commandMembers)
		for _, f := range g.act.layout.fields() {
			params.add("field", f.Name)
		}
		if len(g.act.layout.slots) > maxFields {
			k.fail("has more than %d fields", maxFields)
		}
		for _, f := range g.act.layout.fields() {
			k.proveField(f, homeCommand)
		}
	}
	k.where = ""
}

// proveStatusNames checks how statuses are called, and what is said of statuses.
func (k *compiler) proveStatusNames() {
	l, names := k.l, labels(k.l.statuses)
	for _, s := range l.statuses[1:] {
		if !plainName(string(s)) {
			k.fail("status %q: a name is a letter, then letters, digits, - and _", s)
		}
	}
	for _, s := range l.spec.Terminal {
		if s == Draft || s == Same {
			k.fail("Terminal: %q is no status that contracts end in", s)
		}
	}
	known := func(what string, s Status) {
		if l.indexOf(s) < 0 || what == "OpenEnded" && s == Draft {
			k.fail("%s: there is no status %s%s", what, s.label(), suggestion(string(s), names))
		}
	}
	for s := range l.spec.Labels {
		known("Labels", s)
	}
	for s, p := range l.spec.OpenEnded {
		known("OpenEnded", s)
		if q := k.party(p); q != nil {
			k.payable(q)
		}
	}
}
