package escrow

import "slices"

// Reasons returns the refusal reasons that the lifecycle can give, in the order of
// the checks: those of its own rules, and those of the engine that any can.
func (l *Lifecycle) Reasons() []CatalogueEntry {
	can := map[Reason]bool{}
	for _, r := range []Reason{NoActor, Malformed, UnknownAction, UnknownLifecycle, AmountBounds, AmountScale, InvalidPolicy, InvalidTerms, WrongStatus, NothingDue, Unbalanced, RuleFailed} {
		can[r] = true
	}
	var own []CatalogueEntry
	add := func(e *Error) {
		if e == nil {
			return
		}
		if _, known := codeOf[e.reason]; !known && !can[e.reason] {
			own = append(own, CatalogueEntry{e.reason, e.code, e.message, e.remedy})
		}
		can[e.reason] = true
	}
	for i := range l.rules {
		l.reasonsOf(&l.rules[i], can, add)
	}
	for _, e := range l.spec.Reasons {
		can[e.Reason] = true
		if _, known := codeOf[e.Reason]; !known && !slices.ContainsFunc(own, func(o CatalogueEntry) bool { return o.Reason == e.Reason }) {
			own = append(own, e)
		}
	}
	var list []CatalogueEntry
	for _, e := range append(slices.Clone(catalogue), own...) {
		if can[e.Reason] {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b CatalogueEntry) int { return codeRank(a.Code) - codeRank(b.Code) })
	return list
}

// reasonsOf notes the reasons that a rule can refuse for.
func (l *Lifecycle) reasonsOf(r *rule, can map[Reason]bool, add func(*Error)) {
	for i := range r.needs {
		if r.needs[i].test != nil {
			add(r.needs[i].refusal)
		}
	}
	for _, p := range append([]*party{r.by}, r.by.options...) {
		add(p.refusal)
		add(p.instead)
	}
	for i := range r.group.act.layout.slots {
		can[r.group.act.layout.slots[i].field.reason(Malformed)] = true
	}
	can[DeadlineDue] = can[DeadlineDue] || r.due != nil
	can[WindowClosed] = can[WindowClosed] || r.opens != nil || r.closes != nil
	if r.each >= 0 {
		if r.group.target != nil {
			can[l.lists[r.each].missing()] = true
		}
		if r.being != 0 {
			can[r.unlike.reason] = true
		}
	}
	if r.granted {
		can[ScopeMissing], can[FeatureDisabled], can[AccountClaimRequired] = true, true, true
	}
	for i := range r.money {
		can[NotCovered] = can[NotCovered] || r.money[i].part != nil && r.due == nil || r.money[i].op == stepDifference
		can[SplitInvalid] = can[SplitInvalid] || r.money[i].shares != nil && len(r.money[i].shares.decl.Percentages) > 0
	}
	for i := range r.effects {
		added := r.effects[i].op == effectAdd || r.effects[i].op == effectAddAll
		can[ItemExists], can[TooMany] = can[ItemExists] || added, can[TooMany] || added
	}
	if r.cosigned {
		l.cosignReasons(r, can)
	}
}

func (l *Lifecycle) cosignReasons(r *rule, can map[Reason]bool) {
	for _, reason := range []Reason{ApprovalNotFound, ApprovalConfirmed, ApprovalDeclined, ApprovalExpired, ApprovalSuperseded, ApprovalStale, ApprovalResolved, NotConfirmedByYou, TooMany} {
		can[reason] = true
	}
	can[NotHuman] = can[NotHuman] || len(r.confirmers) == 0
	can[NotConfirmer] = can[NotConfirmer] || len(r.confirmers) > 0
	can[SeparateDuties] = can[SeparateDuties] || r.hasDuties
	can[UserMissing] = can[UserMissing] || r.hasDuties
}
