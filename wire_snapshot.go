package escrow

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// snapshot puts together what was read.
func (w *wireContract) snapshot(l *Lifecycle, status uint8) (Contract, *Error) {
	f := w.terms
	f.asset, f.policy = l.asset, l.policy
	var policyFault *Error
	var data any
	var fault *Error
	if w.assetText != "" {
		f.asset, fault = readAsset(w.assetText)
	}
	if w.policyText != "" && fault == nil {
		r := &reader{s: w.policyText, path: "policy"}
		f.policy, policyFault = l.readPolicy(r)
		fault = r.fault
	}
	if fault == nil {
		data, fault = l.readData(w.dataText)
	}
	if fault != nil {
		return Contract{}, fault
	}
	f.worker = w.worker
	if status == 0 {
		return w.draft(l, f, data, policyFault)
	}
	if policyFault != nil {
		return Contract{}, field(Malformed, "policy", "holds a value that no policy can have: "+policyFault.message)
	}
	return w.stored(l, f, data, status)
}

func readAsset(text string) (a Asset, fault *Error) {
	r := &reader{s: text, path: "asset"}
	var seen uint64
	scaled := false
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch r.field(assetNames, &seen) {
		case 0:
			a.Code = r.id()
		case 1:
			scaled = r.peek() != 'n' // null is not set
			a.Scale = uint8(r.count(maxScale))
		default:
			r.skip()
		}
	}
	if r.fault == nil && (seen != 3 || !scaled) {
		r.path = "asset"
		r.malformed("needs a code and a scale")
	}
	return a, r.fault
}

var assetNames = fieldNames("code", "scale")

// readData reads the own data of a lifecycle from outside.
func (l *Lifecycle) readData(text string) (any, *Error) {
	if l.data == nil {
		if text != "" {
			return nil, field(Malformed, "data", "lifecycle "+l.name+" has no data of its own")
		}
		return nil, nil
	}
	if text == "" {
		text = "{}"
	}
	into := reflect.New(l.data)
	if err := json.Unmarshal([]byte(text), into.Interface()); err != nil {
		return nil, field(Malformed, "data", strings.TrimPrefix(err.Error(), "json: "))
	}
	return into.Elem().Interface(), nil
}

// draft makes a draft of what was read. A draft holds terms only; what else it
// holds is for its founding to refuse.
func (w *wireContract) draft(l *Lifecycle, f *terms, data any, policyFault *Error) (Contract, *Error) {
	ruled := w.revision != 0 || w.delivery != "" || len(w.agents) > 0 || w.criteriaMet != nil || w.given != 0 ||
		!w.createdAt.isZero() || !w.endDate.isZero() || !w.deliveredAt.isZero() || !w.disputedAt.isZero() || !w.votingDeadline.isZero()
	for _, list := range []string{w.votes, w.approvals, w.custody} {
		ruled = ruled || strings.Trim(list, "[] \t\r\n") != ""
	}
	if w.milestones != "" {
		list, set, fault := readDrafted(w.milestones)
		if fault != nil {
			return Contract{}, fault
		}
		f.drafted = list
		ruled = ruled || set || len(list) > 0 && !l.hires()
	}
	if ruled {
		f.early = field(Malformed, "contract", "a draft holds terms only, nothing that rules set")
	}
	f.unworkable = policyFault
	c := l.draft(f, data)
	if c.terms.early != nil || c.terms.priceFault != "" {
		var text bytes.Buffer
		if json.Compact(&text, []byte(w.text)) == nil {
			f.text = text.String()
		}
	}
	return c, nil
}

// hires reports whether contracts of the lifecycle are made of milestones.
func (l *Lifecycle) hires() bool {
	return slices.ContainsFunc(l.rules, func(r rule) bool {
		return slices.ContainsFunc(r.Needs, func(n Need) bool { return n.kind == needHireTerms })
	})
}

// stored makes a snapshot of what was read, and completes what is implied.
func (w *wireContract) stored(l *Lifecycle, f *terms, data any, status uint8) (Contract, *Error) {
	f.freeze()
	if f.priceFault != "" {
		return Contract{}, field(f.priceFault, "budgetOrPrice", "does not fit the asset")
	}
	if e := f.malformed(); e != nil {
		return Contract{}, e
	}
	if f.client == "" {
		return Contract{}, field(Malformed, "client", "is missing")
	}
	if w.policyText != "" { // a default policy is known to be fine
		if e := w.representable(f); e != nil {
			return Contract{}, e
		}
	}
	c := Contract{law: l, terms: f, data: data, worker: w.worker, delivered: w.delivery, revision: w.revision,
		createdAt: w.createdAt, endDate: w.endDate, deliveredAt: w.deliveredAt, disputedAt: w.disputedAt}
	c.enter(status)
	// In an open tender the worker came with the acceptance, not with the terms.
	if f.award == AwardOpenTender {
		f.worker = ""
	}
	for _, complete := range []func(*Contract) *Error{w.seat, w.judge, w.post, w.times, w.open, w.lapses, w.crossCheck} {
		if e := complete(&c); e != nil {
			return Contract{}, e
		}
	}
	return c, nil
}

// representable refuses a stored policy that cannot be held in the asset.
func (w *wireContract) representable(f *terms) *Error {
	if _, err := f.asset.Amount(f.policy.InitiationFee); err != nil {
		return field(Malformed, "policy.initiationFee", "does not fit the asset")
	}
	if _, err := f.asset.Amount(f.policy.PayoutReview.MinPayout); err != nil {
		return field(Malformed, "policy.payoutReview", "does not fit the asset")
	}
	for _, tokens := range []PolicyField{TokenMintRewardFull, TokenMintRewardReduced, BAEligibilityStake} {
		if !tokens.within(&f.policy, f.asset) {
			return field(Malformed, "policy."+tokens.Name, "is out of bounds")
		}
	}
	return nil
}

// post takes the amounts that were posted, and the price as the escrow's.
func (w *wireContract) post(c *Contract) *Error {
	sure := c.law.sure[c.status]
	for k := potEscrow; k < singlePots; k++ {
		if w.given.has(k) {
			a, reason := w.posted[k].units(c.terms.asset.Scale)
			if reason != "" {
				return field(reason, postedNames[k], "does not fit the asset")
			}
			c.posted[k] = a
			c.filled |= k.set()
		}
	}
	if sure.has(potEscrow) && !c.filled.has(potEscrow) && c.terms.price.IsZero() {
		return field(Malformed, "escrowedFunds", "is missing in status "+w.status)
	}
	if sure.has(potEscrow) && !c.filled.has(potEscrow) {
		c.posted[potEscrow] = c.terms.price
		c.filled |= potEscrow.set()
	}
	if sure.has(potStake) && !c.filled.has(potStake) {
		return field(Malformed, "workerStake", "is missing in status "+w.status)
	}
	return nil
}

var postedNames = [singlePots]string{"escrowedFunds", "workerStake", "disputeBond"}

// times completes the times that only this library sets.
func (w *wireContract) times(c *Contract) *Error {
	switch c.Status() {
	case UnderReview, Disputed, Resolved, SettledFullyMet, SettledPartiallyMet, SettledNoneMet:
	default:
		return nil
	}
	if !c.law.judged {
		return nil
	}
	if c.deliveredAt.isZero() {
		c.deliveredAt = c.terms.fixed[momentDelivery]
	}
	if c.disputedAt.isZero() && (c.Status() == Disputed || c.jury != nil && c.terms.mode == PrivacyPreserving) {
		c.disputedAt = c.terms.fixed[momentReview]
	}
	if c.jury != nil && c.jury.deadline.isZero() {
		c.jury.deadline = c.juryCalled().plus(c.terms.policy.BAVotingWindow)
	}
	return nil
}

// open reads milestones and approvals.
func (w *wireContract) open(c *Contract) *Error {
	if w.milestones == "" && w.approvals == "" {
		return nil
	}
	b := &book{}
	c.book = b
	var fault *Error
	if b.milestones, fault = c.readMilestones(w.milestones); fault == nil {
		b.approvals, fault = c.readApprovals(w.approvals)
	}
	if len(b.milestones) == 0 && len(b.approvals) == 0 {
		c.book = nil
	}
	if fault == nil && len(b.milestones) > 0 && !c.law.hires() {
		fault = field(Malformed, "milestones", "lifecycle "+c.law.name+" has none")
	}
	return fault
}

// lapses checks that every deadline that is still to come is there: without it
// the contract would wait for ever.
func (w *wireContract) lapses(c *Contract) *Error {
	if !c.law.judged || c.IsTerminal() || c.Status() == Resolved {
		return nil
	}
	for _, m := range []Moment{MatchDeadline, WithdrawalDeadline, DeliveryDeadline, ReviewDeadline} {
		if m.at(c).isZero() && !(m.kind == momentReview && c.terms.mode == Standard) {
			return field(Malformed, m.name, "is missing in status "+w.status)
		}
	}
	return nil
}

// crossCheck compares what was read with what it implies: the custody, and for a
// status that waits the approval it waits for.
func (w *wireContract) crossCheck(c *Contract) *Error {
	waits := slices.ContainsFunc(c.law.rules, func(r rule) bool { return r.CoSign.While == c.Status() })
	switch {
	case waits && (c.awaited() < 0 || len(c.milestones()) == 0 && c.law.hires()):
		return field(Malformed, "approvals", "status "+w.status+" needs its pending approval and milestone")
	case c.IsTerminal() && c.hasPending():
		return field(Malformed, "approvals", "an ended contract has no pending approval")
	case c.outrun():
		return field(Malformed, "revision", "is behind the ids of the approvals")
	case w.custody == "":
		return nil
	}
	said, fault := c.readCustody(w.custody)
	if fault != nil {
		return fault
	}
	held := c.Custody()
	if len(said) != len(held) {
		return field(Malformed, "custody", "is not what the contract implies")
	}
	for _, h := range held {
		if amount, ok := said[h.Account.String()]; !ok || amount != h.Amount {
			return field(Malformed, "custody", "is not what the contract implies: "+h.Account.String()+" holds "+c.terms.asset.Text(h.Amount))
		}
	}
	return nil
}

// outrun reports whether an approval has an id that a later revision would give:
// the next one could not have an id of its own.
func (c *Contract) outrun() bool {
	return slices.ContainsFunc(c.approvals(), func(a Approval) bool {
		digits, own := strings.CutPrefix(a.ID, c.terms.id+"-ap-")
		n, err := strconv.ParseUint(digits, 10, 64)
		return own && err == nil && n > c.revision
	})
}
