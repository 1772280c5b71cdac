package escrow

// rule is a row of the table, compiled: statuses are positions, and the
// refusals it can give are made.
type rule struct {
	Rule
	action   Action
	from     statusSet
	to       uint8
	stages   stage
	granted  bool
	refusals []*Error
	wrong    *Error // of refusals, the most frequent
}

// statusSet is a set of status positions, one bit each.
type statusSet uint64

// draftOnly is where a rule starts that only founds.
const draftOnly statusSet = 1

// sameStatus is the compiled form of [Same].
const sameStatus = 255

// starts reports whether the rule starts from a status.
func (r *rule) starts(status uint8) bool { return r.from&(1<<status) != 0 }

// refusal returns the rule's refusal for a reason.
func (r *rule) refusal(reason Reason) *Error {
	for _, e := range r.refusals {
		if e.reason == reason {
			return e
		}
	}
	return refuse(reason, "").of(r.action, r.ID)
}

// own returns a refusal as the rule's.
func (r *rule) own(e *Error) *Error { return e.of(r.action, r.ID) }

// group is the rules of one action.
type group struct {
	action Action
	// command is the dynamic type of the action's command.
	command commandType
	rules   []*rule
	// starts is where the action starts, in the order of the table.
	starts []Status
	// next is the next group of the same slot, none when 0.
	next uint8
}

// slot is where an action is looked for: a hash over its length and ends.
func (a Action) slot() uint {
	if a == "" {
		return 0
	}
	return (uint(len(a)) + 3*uint(a[0]) + 5*uint(a[len(a)-1])) % actionSlots
}

const actionSlots = 64

// pick returns the rule that answers for the contract, and whether it fits: the
// first whose status and cases do; without one, the first whose cases do.
func (g *group) pick(c *Contract) (r *rule, fits bool) {
	for _, r := range g.rules {
		if r.starts(c.status) && allHold(r.When, c) {
			return r, true
		}
	}
	for _, r := range g.rules {
		if allHold(r.When, c) {
			return r, false
		}
	}
	return g.rules[0], false
}

// finding is a refusal on its way out, with the instant it carries, if any.
type finding struct {
	refusal *Error
	moment  *Moment
	at      instant
}

// refused is a finding without an instant; nothing is found when e is nil.
func refused(e *Error) finding { return finding{refusal: e} }

// error returns the finding as a refusal of its own.
func (f finding) error() *Error {
	if f.at.isZero() {
		return f.refusal
	}
	return &Error{f.refusal.shape, f.moment, f.at}
}

// findings collects every failed check when it is not nil; otherwise the first
// one ends the check.
type findings []finding

// stop notes a failed check and reports whether the check ends here.
func (all *findings) stop(f finding) bool {
	if all == nil {
		return true
	}
	*all = append(*all, f)
	return false
}

// check is the one check of a rule: draft, request, grants, party, existence,
// status, due deadline, window, state. Decide stops at the first failure,
// Explain collects all.
func (q *ask) check(cmd Command, r *rule, fits bool, all *findings) finding {
	c := q.c
	if c.status == 0 && !r.starts(0) {
		f := finding{refusal: r.wrong}
		all.stop(f)
		return f
	}
	if c.status == 0 && c.terms.early != nil {
		if f := (finding{refusal: r.own(c.terms.early)}); all.stop(f) {
			return f
		}
	}
	// What a founding demands is asked of a draft only.
	if c.status == 0 || r.from != draftOnly {
		if f := q.needs(cmd, r, stageRequest, all); f.refusal != nil {
			return f
		}
	}
	if f := q.mayAsk(r, fits, all); f.refusal != nil {
		return f
	}
	if f := q.needs(cmd, r, stageExistence, all); f.refusal != nil {
		return f
	}
	if !fits {
		if f := q.wrongStatus(cmd, r); all.stop(f) {
			return f
		}
	} else if f := q.timely(r, all); f.refusal != nil {
		return f
	}
	if f := q.needs(cmd, r, stageState, all); f.refusal != nil {
		return f
	}
	return q.needs(cmd, r, stageLast, all)
}

// stage is when a need is checked; a set of stages has one bit each.
type stage uint8

const (
	stageRequest stage = 1 << iota
	stageExistence
	stageState
	stageLast   // the one request check that depends on the state
	stageStatus // answered together with the status
)

// stage returns when the need is checked.
func (n *Need) stage() stage {
	switch {
	case n.kind == needDispositionsNamed:
		return stageLast
	case n.kind == needNotEnded:
		return stageStatus
	case n.code == InvalidRequest:
		return stageRequest
	case n.code == NotFound || n.code == Forbidden:
		return stageExistence
	}
	return stageState
}

// needs checks the needs of one stage.
func (q *ask) needs(cmd Command, r *rule, at stage, all *findings) finding {
	if r.stages&at == 0 {
		return finding{}
	}
	return q.needsAt(cmd, r, at, all)
}

func (q *ask) needsAt(cmd Command, r *rule, at stage, all *findings) finding {
	for i := range r.Needs {
		n := &r.Needs[i]
		if n.at != at || all != nil && n.ofPayload {
			continue
		}
		if e := n.unmet(q, cmd); e != nil {
			if f := (finding{refusal: r.own(e)}); all.stop(f) {
				return f
			}
		}
	}
	return finding{}
}

// mayAsk checks who asks: a token's grants, then the party.
func (q *ask) mayAsk(r *rule, fits bool, all *findings) finding {
	if r.granted && q.actor.Kind == KindToken {
		if e := r.Grant.missing(q.actor); e != nil {
			if f := (finding{refusal: r.own(e)}); all.stop(f) {
				return f
			}
		}
	}
	reason := r.By.refuses(q)
	if reason == "" || !fits && q.another(r) {
		return finding{}
	}
	f := finding{refusal: r.refusals[0]}
	if reason != r.By.reason {
		f.refusal = r.refusal(reason)
	}
	if all.stop(f) {
		return f
	}
	return finding{}
}

// another reports whether the actor could ask by another rule of the action than
// one that does not fit: the status, then, is what is wrong.
func (q *ask) another(r *rule) bool {
	fits := allHold(r.When, q.c)
	for _, other := range q.c.law.group(r.action).rules {
		if other != r && (!fits || allHold(other.When, q.c)) && other.By.refuses(q) == "" {
			return true
		}
	}
	return false
}

// wrongStatus says that the rule does not start here.
func (q *ask) wrongStatus(cmd Command, r *rule) finding {
	if r.stages&stageStatus == 0 {
		return finding{refusal: r.wrong}
	}
	for i := range r.Needs {
		if n := &r.Needs[i]; n.kind == needNotEnded && n.unmet(q, cmd) != nil {
			return finding{refusal: r.refusal(ContractEnded)}
		}
	}
	return finding{refusal: r.wrong}
}

// timely checks the deadlines of the status, then the rule's own window.
func (q *ask) timely(r *rule, all *findings) finding {
	var due *rule
	var end instant
	if limit := q.c.law.limit[q.c.status%maxStatuses]; limit == momentNone || !q.now.before(q.c.terms.fixed[limit]) {
		due, end = q.c.due()
	}
	if due != nil && !q.now.before(end) {
		if f := (finding{r.refusal(DeadlineDue), &due.Window.moment, end}); all.stop(f) {
			return f
		}
	}
	if r.Window.kind == windowBefore {
		at := r.Window.moment.at(q.c)
		if !at.isZero() && !q.now.before(at) && !(due != nil && at == end) {
			if f := (finding{r.refusal(WindowClosed), &r.Window.moment, at}); all.stop(f) {
				return f
			}
		}
	}
	return finding{}
}
