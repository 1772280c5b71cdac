package escrow

import (
	"slices"
	"strconv"
	"strings"
)

// bind completes an approval that was read, and refuses one that does not hang
// together with its command and its contract.
func (x *approvalReader) bind() *Error {
	for _, check := range []func() *Error{x.identity, x.aim, x.asked, x.course, x.signatures, x.signed} {
		if e := check(); e != nil {
			return e
		}
	}
	return nil
}

// bad refuses a member of the approval.
func (x *approvalReader) bad(name, message string) *Error {
	return field(Malformed, "approvals."+name, message)
}

// identity checks the ids: the approval's is one that a revision of the contract
// gave.
func (x *approvalReader) identity() *Error {
	a := x.a
	switch {
	case !x.c.ownApproval(a.ID):
		return x.bad("id", "must be the contract's id, -ap- and a revision that the contract has had")
	case a.ContractID != x.t.id:
		return x.bad("contractId", "is not the contract's")
	case a.Supersedes != "" && !x.c.ownApproval(a.Supersedes), a.SupersededBy != "" && !x.c.ownApproval(a.SupersededBy):
		return x.bad("supersedes", "must be an approval of the contract")
	case a.SupersededBy != "" && a.Status != ApprovalIsSuperseded:
		return x.bad("supersededBy", "is set only when the approval was superseded")
	case !isReadable(a.ApprovalURL, false):
		return x.bad("approvalUrl", "has a control character or a bidirectional override")
	case x.strict && x.told&(1<<approvalCommand|1<<approvalMovements|1<<16|1<<13|1<<17) != 1<<approvalCommand|1<<approvalMovements|1<<16|1<<13|1<<17:
		return x.bad("command", "a stored approval has confirmers, command, movements, hash and quorum")
	}
	return nil
}

// ownApproval reports whether an id is one that the contract may have given to an
// approval.
func (c *Contract) ownApproval(id string) bool {
	digits, ok := strings.CutPrefix(id, c.terms.id+"-ap-")
	n, err := strconv.ParseUint(digits, 10, 64)
	return ok && err == nil && n > 0 && n <= c.revision && digits[0] != '0' && digits[0] != '+'
}

// aim checks the command: a rule waits for its agreement, its values are in their
// bounds, and the approval's target is its own.
func (x *approvalReader) aim() *Error {
	a := x.a
	if a.Command.act == nil {
		return x.bad("command", "is missing")
	}
	if len(x.rules()) == 0 {
		return x.bad("type", "no rule waits for "+truncate(a.Type)+" of such a command")
	}
	if f := a.Command.aliased; f != nil {
		if e := f.aliasFault(x.t.asset); e != nil {
			return asStored(e)
		}
	}
	a.Command.aliased = nil
	layout := a.Command.act.layout
	if a.Command.payload != nil {
		if e := x.c.givenFault(layout, a.Command.payload, "approvals.command.", false); e != nil {
			return asStored(e)
		}
	}
	g := x.l.groupOf(a.Command.act)
	if g == nil || g.target == nil {
		if x.target != "" {
			return x.bad(x.l.wire.target, "belongs to no such command")
		}
		return nil
	}
	target := ""
	if a.Command.payload != nil {
		target = a.Command.payload.texts[g.target.index]
	}
	if x.target != target && (x.strict || x.target != "") {
		return x.bad(x.l.wire.target, "is not the command's")
	}
	if a.Target = target; target != "" && !x.hasItem(g.list, target) {
		return x.bad(x.l.wire.target, "is no item of "+x.l.lists[g.list].decl.Name)
	}
	return nil
}

// hasItem reports whether a list has an item of a key.
func (x *contractReader) hasItem(list int, key string) bool {
	items := x.c.items(list)
	if len(items) <= 8 {
		return findItem(items, key) >= 0
	}
	if x.keys == nil {
		x.keys = make([]map[string]bool, len(x.l.lists))
	}
	if x.keys[list] == nil {
		x.keys[list] = make(map[string]bool, len(items))
		for _, item := range items {
			x.keys[list][item.texts[itemKey]] = true
		}
	}
	return x.keys[list][key]
}

// rules returns the rules that wait for the approval.
func (x *approvalReader) rules() []*rule {
	g := x.l.groupOf(x.a.Command.act)
	if x.found != nil || g == nil {
		return x.found
	}
	for _, r := range g.rules {
		if r.cosigned && r.CoSign.Type == x.a.Type {
			x.found = append(x.found, r)
		}
	}
	return x.found
}

// asked checks who asked and who must agree; an import may leave to the rule what
// follows from it.
func (x *approvalReader) asked() *Error {
	a, r := x.a, x.rules()[0]
	if a.Account == "" && !x.strict {
		if a.Account = x.c.partyID(r.by, -1); a.Account == "" {
			a.Account = a.RequestedBy
		}
	}
	if a.RequestedByKind == "" && !x.strict {
		a.RequestedByKind = KindAgent
	}
	if a.Confirmers == nil && !x.strict {
		a.Confirmers = x.confirmersOf(r)
	}
	switch {
	case a.RequestedBy == "" || a.Account == "":
		return x.bad("requestedBy", "is missing, or the account is")
	case a.RequestedByKind.bit() == 0 || a.RequestedByKind == "":
		return x.bad("requestedByKind", "must be agent, token, human or system")
	case a.Quorum < 1 || !x.quorumFits():
		return x.bad("quorum", "is not the policy's")
	}
	return x.confirmersFault()
}

// confirmersOf returns who must agree to what a rule does.
func (x *approvalReader) confirmersOf(r *rule) []string {
	if len(r.confirmers) == 0 {
		return []string{x.a.Account}
	}
	list := []string{}
	item := -1
	if r.group.target != nil && x.a.Target != "" {
		item = findItem(x.c.items(r.group.list), x.a.Target)
	}
	for _, p := range r.confirmers {
		if id := x.c.partyID(p, item); id != "" && id != x.a.Account && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

func (x *approvalReader) confirmersFault() *Error {
	a := x.a
	own := len(a.Confirmers) == 1 && a.Confirmers[0] == a.Account
	fits := false
	for _, r := range x.rules() {
		fits = fits || (len(r.confirmers) == 0) == own
	}
	if !fits {
		return x.bad("confirmers", "are not those of the rule that waits")
	}
	var seen keySet
	for _, id := range a.Confirmers {
		if !validID(id) || seen.twice(id) || !own && id == a.Account {
			return x.bad("confirmers", "must be different accounts, none the one that asked")
		}
	}
	return nil
}

// quorumFits reports whether the quorum is what a rule that waits asks for.
func (x *approvalReader) quorumFits() bool {
	for _, r := range x.rules() {
		want := uint64(1)
		if r.hasQuorum {
			if r.quorum.home != homePolicy && r.quorum.home != homeTerms {
				return true
			}
			want = max(x.c.home(r.quorum).cells[r.quorum.index].lo, 1)
		}
		if uint64(x.a.Quorum) == want {
			return true
		}
	}
	return false
}

// course checks where the approval stands, and when.
func (x *approvalReader) course() *Error {
	a := x.a
	pending := a.Status == ApprovalIsPending
	switch {
	case !pending && resolved[a.Status] == "":
		return x.bad("status", "must be pending, confirmed, declined, expired or superseded")
	case pending != a.ResolvedAt.IsZero():
		return x.bad("resolvedAt", "is set exactly when the approval has ended")
	case a.ExpiresAt.IsZero() || a.CreatedAt.IsZero():
		return x.bad("expiresAt", "needs createdAt and expiresAt")
	case a.ExpiresAt.Before(a.CreatedAt):
		return x.bad("expiresAt", "is before createdAt")
	case a.Status == ApprovalIsExpired && !a.ResolvedAt.Equal(a.ExpiresAt):
		return x.bad("resolvedAt", "of an expired approval is when it expired")
	case a.Status == ApprovalIsConfirmed:
		return x.elsewhere()
	}
	return nil
}

// elsewhere refuses a confirmed approval whose rule leads to where no rule leaves,
// while the contract, or the item, is not there.
func (x *approvalReader) elsewhere() *Error {
	a := x.a
	for _, r := range x.rules() {
		stays := r.to == sameStatus || !x.l.terminal.has(r.to) || r.to == x.c.status
		if stays && (r.becomes == 0 || !x.final(r) || x.itemIs(r.each, a.Target, r.becomes)) {
			return nil
		}
	}
	return x.bad("status", "what was confirmed has not been done")
}

// final reports whether no rule leaves the item status that a rule leads to.
func (x *approvalReader) final(r *rule) bool {
	for i := range x.l.rules {
		o := &x.l.rules[i]
		if o.each == r.each && o.becomes != 0 && o.becomes != r.becomes && (o.being == 0 || o.being.has(uint8(r.becomes))) {
			return false
		}
		if slices.ContainsFunc(o.effects, func(e effect) bool { return e.op == effectEvery && e.list == r.each }) {
			return false
		}
	}
	return true
}

// itemIs reports whether the item of a key has a status, or there is no such item.
func (x *approvalReader) itemIs(list int, key string, status uint64) bool {
	i := findItem(x.c.items(list), key)
	return i < 0 || x.c.items(list)[i].cells[itemStatus].lo == status
}
