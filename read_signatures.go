package escrow

import (
	"slices"
	"strings"
)

// signatures checks who has agreed.
func (x *approvalReader) signatures() *Error {
	a := x.a
	if len(a.Confirmers) <= 1 {
		if a.ConfirmedFor != nil {
			return x.bad("confirmedFor", "is told only where several accounts must agree")
		}
		for range a.ConfirmedBy {
			a.ConfirmedFor = append(a.ConfirmedFor, strings.Join(a.Confirmers, ""))
		}
	}
	if len(a.ConfirmedFor) != len(a.ConfirmedBy) {
		return x.bad("confirmedFor", "needs an account for each of confirmedBy")
	}
	confirmers := make(map[string]signers, len(a.Confirmers))
	for _, id := range a.Confirmers {
		confirmers[id] = signers{}
	}
	var pairs keySet
	for i, who := range a.ConfirmedBy {
		account := a.ConfirmedFor[i]
		n, is := confirmers[account]
		if !is || !validID(who) || pairs.twice(account+" "+who) {
			return x.bad("confirmedBy", "must be different people of the accounts that must agree")
		}
		if n.all++; who != a.RequestedBy || account != a.Account {
			n.others++
		}
		confirmers[account] = n
	}
	if a.Status == ApprovalIsPending && x.complete(confirmers) {
		return x.bad("confirmedBy", "are as many as must, and the approval is pending")
	}
	return nil
}

// signers counts the people of an account who have agreed, and those of them who
// are not the author.
type signers struct{ all, others int }

// complete reports whether all who must have agreed, by every rule that waits.
func (x *approvalReader) complete(counts map[string]signers) bool {
	for _, r := range x.rules() {
		separate := false
		if r.hasDuties {
			if r.duties.home != homePolicy && r.duties.home != homeTerms {
				return false
			}
			separate = x.c.home(r.duties).cells[r.duties.index].lo != 0
		}
		for _, n := range counts {
			if n.all < x.a.Quorum || separate && n.others == 0 {
				return false
			}
		}
	}
	return len(counts) > 0
}

// signed checks the hash, or makes it where an import has none.
func (x *approvalReader) signed() *Error {
	hash := x.c.hashOf(x.a)
	if x.a.Hash != "" && x.a.Hash != hash {
		return x.bad("hash", "does not belong to what the approval says")
	}
	x.a.Hash = hash
	return nil
}

// together checks the approvals of a contract against each other: different ids,
// at most one pending for the same, and no more than anybody may have.
func (x *contractReader) together(list []*Approval) *Error {
	var ids, pending keySet
	counts := map[string]int{}
	ended := 0
	for _, a := range list {
		if ids.twice(a.ID) {
			return field(Malformed, "approvals.id", "stands twice")
		}
		if a.Status != ApprovalIsPending {
			ended++
			continue
		}
		own := approvalReader{contractReader: x, a: a}
		key := a.Type + "\x00" + a.Target
		if !a.mutual() {
			key += "\x00" + a.Account
		}
		if pending.twice(key) {
			return field(Malformed, "approvals", "two are pending for the same")
		}
		if !slices.ContainsFunc(own.rules(), func(r *rule) bool { return r.ends }) {
			counts[a.Account]++
		}
		if counts[a.Account] > maxPending {
			return field(Malformed, "approvals", "more are pending than an account may have")
		}
	}
	switch {
	case ended <= maxResolved:
	case x.strict:
		return field(Malformed, "approvals", "more have ended than are kept")
	default:
		x.c.approvals = x.c.approvals.kept()
	}
	return nil
}
