package escrow

import "slices"

// proveRoles checks the parties: two of one name are the same, and only who rules
// set can be incoming.
func (k *compiler) proveRoles() {
	l := k.l
	if len(l.parties) > maxParties {
		k.fail("has more than %d parties", maxParties)
	}
	for i := range l.parties {
		p := &l.parties[i]
		k.where = "party " + p.decl.Name
		if p.sort == partyIncoming && (len(p.options) != 1 || p.options[0].sort != partyOfState) {
			k.fail("is incoming, and no party that rules set: name one whose account is a field of the state")
		}
		if p.sort == partyOfState && p.ref.slot.field.Kind != AccountKind {
			continue
		}
		for j := range i {
			if o := &l.parties[j]; o.decl.Name == p.decl.Name && !o.same(p) && p.sort != partyIncoming && o.sort != partyIncoming {
				k.fail("two parties have the name and differ")
			}
		}
	}
	k.where = ""
}

// maxParties is how many parties, roles that only ask included, there may be.
const maxParties = 250

// same reports whether two parties of one name are the same role.
func (p *party) same(o *party) bool {
	return p.sort == o.sort && p.kinds == o.kinds && p.decl.Refusal == o.decl.Refusal && p.list == o.list && p.ref == o.ref && p.sort > partyReceives &&
		slices.EqualFunc(p.options, o.options, func(a, b *party) bool { return a == b || sameAccount(a, b) })
}

// proveReasons checks that each of the lifecycle's refusals has one class.
func (k *compiler) proveReasons() {
	classes := map[Reason]Code{}
	use := func(reason Reason, code Code) {
		if known, ok := k.l.catalogue[reason]; ok {
			code = known.Code
		} else if known, ok := codeOf[reason]; ok {
			code = known.Code
		}
		if was, ok := classes[reason]; ok && was != code {
			k.fail("reason %s: is of code %s and of code %s; a reason has one", reason, was, code)
		}
		classes[reason] = code
	}
	for i := range k.l.parties {
		for _, reason := range []Reason{k.l.parties[i].decl.Refusal, k.l.parties[i].decl.Instead} {
			if reason != "" {
				use(reason, Forbidden)
			}
		}
	}
	needs := k.l.checks.needs
	for i := range k.l.rules {
		needs = append(needs[:len(needs):len(needs)], k.l.rules[i].needs...)
	}
	for _, n := range needs {
		if n.decl.Code != "" && codeRank(n.decl.Code) == 0 {
			k.fail("requirement %q: %s is none of the codes%s", n.decl.name(), n.decl.Code, suggestion(string(n.decl.Code), codeNames))
		}
		if n.decl.StatusToo && n.decl.Case == nil {
			k.fail("requirement %q: StatusToo needs a Case", n.decl.name())
		}
		if n.decl.Reason != "" && n.decl.Code != "" {
			use(n.decl.Reason, n.decl.Code)
		}
	}
}

var codeNames = []string{string(Unauthorized), string(InvalidRequest), string(Forbidden), string(NotFound), string(Conflict), string(InternalError)}

// proveExtras checks what a lifecycle adds to its decisions.
func (k *compiler) proveExtras() {
	extras := k.named(nil)
	for _, e := range k.l.spec.Extras {
		extras.add("extra", e.Name)
		if e.Of == nil {
			k.fail("extra %s: needs Of, the function that it is worked out by", e.Name)
		}
	}
}
