package escrow

import "bytes"

// The order in which members that were passed over are read: what others depend
// on comes first.
const (
	turnAsset = iota
	turnField
	turnSheet
	turnList
	turnForm
	turnApprovals
	turnCustody
	turns
)

// turn returns when a member is read.
func (x *contractReader) turn(n int) int {
	switch n {
	case memberAsset:
		return turnAsset
	case memberApprovals:
		return turnApprovals
	case memberCustody:
		return turnCustody
	}
	if n < engineMembers {
		return turnField
	}
	switch m := &x.l.wire.members[n-engineMembers]; m.kind {
	case memberList:
		return turnList
	case memberForm:
		return turnForm
	case memberField:
		if m.ref.slot.field.Kind == SheetKind {
			return turnSheet
		}
	}
	return turnField
}

// waits reports whether a member cannot be read yet.
func (x *contractReader) waits(n int) bool {
	switch t := x.turn(n); {
	case t == turnAsset:
		return !x.strict
	case t >= turnSheet:
		return true
	case n == memberPolicy:
		return !x.strict || !x.assetRead
	case x.assetRead || n < engineMembers:
		return false
	}
	m := &x.l.wire.members[n-engineMembers]
	return m.kind == memberPosted || m.ref.slot.field.Kind == AmountKind || m.ref.slot.field.Alias != ""
}

// readLater reads the members that were passed over; the approvals of a stored
// contract are read when all that they are about has been checked.
func (x *contractReader) readLater() {
	if x.fault != nil {
		return
	}
	x.number()
	x.reject(x.settle())
	for turn := range turns {
		if turn != turnApprovals || x.c.status == 0 {
			x.readTurn(turn)
		}
	}
}

// readTurn reads the members of a turn.
func (x *contractReader) readTurn(turn int) {
	end, depth := x.i, x.depth
	x.depth = depth + 1
	for i := range x.later {
		if p := &x.later[i]; p.member != unnumbered && x.turn(p.member) == turn {
			x.path = p.key
			x.again(p.start, p.end, func() { x.read(p.member, p.key) })
		}
	}
	if turn == turnForm {
		x.readForms()
	}
	if x.fault == nil {
		x.i, x.depth = end, depth
	}
}

// number finds the members that were passed over before the lifecycle was known.
func (x *contractReader) number() {
	end := x.i
	for i := range x.later {
		p := &x.later[i]
		if p.member != unnumbered || x.fault != nil {
			continue
		}
		x.i, x.path = p.start, p.key
		if n, ok := x.l.wire.names[p.key]; ok {
			p.member = n
			x.mark(n, p.key)
		} else {
			x.again(p.start, p.end, func() { x.unknown(p.key) })
		}
	}
	if x.fault == nil {
		x.i = end
	}
}

// read reads a member.
func (x *contractReader) read(n int, key string) {
	switch n {
	case memberRevision:
		x.c.revision = x.count(maxCount)
		x.ruled = x.ruled || x.c.revision != 0
	case memberCreatedAt:
		x.c.createdAt = x.instant()
		x.ruled = x.ruled || !x.c.createdAt.isZero()
	case memberDecidedAt:
		x.c.decidedAt = x.instant()
		x.ruled = x.ruled || !x.c.decidedAt.isZero()
	case memberEnteredAt:
		x.c.enteredAt = x.instant()
		x.ruled = x.ruled || !x.c.enteredAt.isZero()
	case memberAsset:
		if x.asset(); x.fault == nil {
			x.assetRead = true
		}
	case memberPolicy:
		if !x.null() {
			x.inside("policy")
			x.policyFault = x.l.readPolicy(x.reader, x.t, x.strict)
			x.outside()
		}
	case memberApprovals:
		x.approvals()
	case memberCustody:
		x.custody()
	default:
		x.own(&x.l.wire.members[n-engineMembers], key)
	}
}

// own reads a member of the lifecycle's own.
func (x *contractReader) own(m *member, key string) {
	switch m.kind {
	case memberField:
		x.field(m, key)
	case memberList:
		x.items(&x.l.lists[m.n])
	case memberForm:
		x.part(m, key)
	case memberPosted:
		x.sum(m)
	}
}

// field reads a field of the terms or the state.
func (x *contractReader) field(m *member, key string) {
	s, from := m.ref.slot, x.l.terms
	if m.ref.home == homeState {
		from = x.l.state
	}
	rec := x.c.home(m.ref)
	fault := x.value(&x.c, from, rec, s, InvalidTerms)
	x.note(softFault{-1, -1, s.field, s.field.Name, fault})
	if fault == nil && !rec.has(s) {
		return
	}
	if m.ref.home == homeState && !s.field.Amendable && !x.l.founding(s.field) {
		x.ruled = true
	}
	if key != s.field.Name {
		x.note(softFault{-1, -1, s.field, key, s.field.aliasFault(x.t.asset)})
	}
}

// softFault is a value that was read and is none of its field's. The list is -1 for a
// field that is no item's; name is what it was called.
type softFault struct {
	list, item int
	field      *Field
	name       string
	fault      *Error
}

// note keeps a value that cannot be one of its field.
func (x *contractReader) note(s softFault) {
	if s.fault != nil {
		x.soft = append(x.soft, s)
	}
}

// asset reads what the contract is paid in.
func (x *contractReader) asset() {
	if x.null() {
		return
	}
	x.inside("asset")
	defer x.outside()
	x.t.asset = x.reader.asset(func(message string) {
		if x.strict {
			x.malformed(message)
		}
	})
	x.t.policy, _ = x.l.rescaled(x.l.defaults, x.l.spec.Asset, x.t.asset)
}

// extra passes over a field inside a member that nobody knows.
func (x *contractReader) extra() {
	if x.strict {
		x.malformed("is unknown")
	}
	x.skip()
}

// sum reads what was posted into a pot.
func (x *contractReader) sum(m *member) {
	if x.null() {
		return
	}
	single := x.l.pots[m.n].n
	n, _, reason := x.plainNumber()
	if reason == "" {
		x.c.pots[single], reason = n.unitsTo(x.t.asset.Scale, maxTotal)
	}
	if reason != "" {
		x.fail(reason, catalogueText(reason))
	}
	x.c.filled |= 1 << single
	x.ruled = true
}

// part keeps a member of a form, to be read by the form's function.
func (x *contractReader) part(m *member, key string) {
	if x.null() {
		return
	}
	x.peek()
	start := x.i
	x.inside(key)
	defer x.outside()
	if x.skip(); x.fault != nil {
		return
	}
	if n := len(x.l.spec.Forms); cap(x.parts) < n {
		x.parts = make([]map[string][]byte, n)
	} else {
		x.parts = x.parts[:n]
	}
	if x.parts[m.n] == nil {
		x.parts[m.n] = map[string][]byte{}
	}
	x.parts[m.n][key] = bytes.TrimSpace([]byte(x.s[start:x.i]))
}
