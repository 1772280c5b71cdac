package escrow

import (
	"bytes"
	"encoding/json"
	"strings"
)

var approvalNames = fieldNames("id", "type", "status", "contractId", "approvalUrl", "expiresAt", "resolvedAt", "result", "createdAt",
	"requestedBy", "requestedByKind", "termsBy", "account", "confirmers", "command", "movements", "hash", "quorum", "confirmedBy",
	"confirmedFor", "supersedes", "supersededBy")

// The members of an approval that are read when its command is.
const (
	approvalCommand   = 14
	approvalMovements = 15
)

// approvalReader reads one approval.
type approvalReader struct {
	*contractReader
	a *Approval
	// explained are the members that were given, by number, and seen those that stood
	// there, null or not.
	told   uint64
	seen   uint64
	target string
	found  []*rule // that wait for it
}

// approvals reads the approvals of a contract. A draft has none.
func (x *contractReader) approvals() {
	if x.null() {
		return
	}
	x.inside("approvals")
	defer x.outside()
	var list []*Approval
	for ok := x.enter('[', ']'); ok; ok = x.more(']') {
		if x.c.status == 0 {
			x.ruled = true
			x.skip()
			continue
		}
		own := approvalReader{contractReader: x, a: &Approval{ContractID: x.t.id, Quorum: 1}}
		own.read()
		if x.fault == nil {
			x.reject(own.bind())
		}
		list = append(list, own.a)
	}
	if len(list) > 0 && x.fault == nil {
		x.c.approvals = &approvals{list: list}
		x.reject(x.together(list))
	}
}

// read reads the members of an approval.
func (x *approvalReader) read() {
	var target bool
	var added uint64
	var strangers keySet
	for ok := x.enter('{', '}'); ok; ok = x.more('}') {
		key := x.key()
		n, known := approvalNames[key]
		switch {
		case x.fault != nil:
		case known:
			x.approvalMember(n)
		case key == x.l.wire.target:
			if target {
				x.malformed("stands twice")
			}
			target = true
			x.target = x.text()
		case x.added(key, &added):
		default:
			x.strangeMember(key, &strangers)
		}
	}
}

func (x *approvalReader) strangeMember(key string, strangers *keySet) {
	for name := range approvalNames {
		x.differsInCase(key, name)
	}
	x.differsInCase(key, x.l.wire.target)
	if strangers.twice(key) {
		x.malformed("stands twice")
	}
	x.extra()
}

func (x *approvalReader) approvalMember(n int) {
	if x.seen>>n&1 != 0 {
		x.malformed("stands twice")
	}
	if x.seen |= 1 << n; x.peek() != 'n' {
		x.told |= 1 << n
	}
	switch n {
	case approvalCommand:
		x.command()
	case approvalMovements:
		x.moves()
	default:
		x.reader.approvalField(x.a, n)
	}
}

func (r *reader) approvalField(a *Approval, n int) {
	switch n {
	case 0:
		a.ID = r.text()
	case 1:
		a.Type = r.text()
	case 2:
		a.Status = ApprovalStatus(r.text())
	case 3:
		a.ContractID = r.text()
	case 4:
		a.ApprovalURL = r.text()
	case 5:
		a.ExpiresAt = r.instant().time()
	case 6:
		a.ResolvedAt = r.instant().time()
	case 7:
		a.Result = r.json()
	case 8:
		a.CreatedAt = r.instant().time()
	case 9:
		a.RequestedBy = r.id()
	case 10:
		a.RequestedByKind = Kind(r.text())
	case 11:
		a.TermsBy = r.id()
	case 12:
		a.Account = r.id()
	case 13:
		a.Confirmers = r.texts()
	case 16:
		a.Hash = r.text()
	case 17:
		a.Quorum = int(r.count(maxCount))
	case 18:
		a.ConfirmedBy = r.texts()
	case 19:
		a.ConfirmedFor = r.texts()
	case 20:
		a.Supersedes = r.text()
	case 21:
		a.SupersededBy = r.text()
	}
}

// json reads any value as compact JSON, nil for null.
func (r *reader) json() json.RawMessage {
	text := r.raw()
	if text == "" || r.fault != nil {
		return nil
	}
	var b bytes.Buffer
	if json.Compact(&b, []byte(text)) != nil {
		r.malformed("is no JSON")
	}
	return b.Bytes()
}

// command reads what waits.
func (x *approvalReader) command() {
	if x.null() {
		return
	}
	x.inside("command")
	defer x.outside()
	cmd, fault := x.l.readCommand(x.reader)
	if fault != nil {
		x.fault = nil
		x.reject(asStored(fault))
		return
	}
	x.a.Command = cmd
}

// added reads a term that approvals repeat, which is the contract's own.
func (x *approvalReader) added(key string, seen *uint64) bool {
	for i := range x.l.wire.adds {
		s := x.l.wire.adds[i].slot
		if s.field.Name != key {
			continue
		}
		if *seen>>i&1 != 0 {
			x.malformed("stands twice")
		}
		*seen |= 1 << i
		if text := x.text(); text != "" && text != x.t.fixed.texts[s.index] && x.fault == nil {
			x.malformed("is not the contract's")
		}
		return true
	}
	return false
}

var moveNames = fieldNames("from", "to", "amount", "reason")

// moves reads what an approval would move.
func (x *approvalReader) moves() {
	x.a.Movements = []Movement{}
	if x.null() {
		return
	}
	x.inside("movements")
	defer x.outside()
	for ok := x.enter('[', ']'); ok; ok = x.more(']') {
		m := Movement{Asset: x.t.asset}
		var seen keysSeen
		for ok := x.enter('{', '}'); ok; ok = x.more('}') {
			x.move(&m, &seen)
		}
		if x.fault == nil && (seen.known != 15 || m.Amount.IsZero() || m.From.Custody && m.To.Custody) {
			x.malformed("must move something between accounts of the contract")
		}
		x.a.Movements = append(x.a.Movements, m)
	}
}

func (x *approvalReader) move(m *Movement, seen *keysSeen) {
	switch x.reader.field(moveNames, seen) {
	case 0:
		m.From = x.account()
	case 1:
		m.To = x.account()
	case 2:
		n, _, reason := x.plainNumber()
		if reason == "" {
			m.Amount, reason = n.unitsTo(m.Asset.Scale, maxTotal)
		}
		if reason != "" {
			x.fail(reason, catalogueText(reason))
		}
	case 3:
		m.Reason = MovementReason(x.text())
		if x.fault == nil && (m.Reason == "" || !x.l.moves(m.Reason)) {
			x.malformed("is no reason of the lifecycle's movements")
		}
	default:
		x.extra()
	}
}

// moves reports whether the lifecycle moves money for a reason.
func (l *Lifecycle) moves(reason MovementReason) bool {
	for _, r := range l.reasons {
		if r == reason {
			return true
		}
	}
	return false
}

// account reads an account in its text form. It need not be there now: a party may
// have been replaced, and an item not have been added.
func (x *approvalReader) account() Account {
	text := x.text()
	name, id, named := strings.Cut(text, ":")
	a := Account{Kind: name, ID: id}
	for i := range x.l.pots {
		if p := &x.l.pots[i]; p.decl.Name == name && named == (p.list >= 0) && (!named || id != "" && isReadable(id, true)) {
			a.Custody = true
			return a
		}
	}
	for i := range x.l.parties {
		p := &x.l.parties[i]
		if p.decl.Name != name || p.sort > partyOfItem {
			continue
		}
		if receives := p.sort == partyReceives; receives && !named || !receives && validID(id) {
			return a
		}
	}
	x.malformed(truncate(text) + " is no account of the contract")
	return a
}
