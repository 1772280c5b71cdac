package escrow

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// commandType is the dynamic type of a command.
type commandType = reflect.Type

// A table has at most this many statuses, the draft's included, and rules.
const (
	maxStatuses = 64
	maxRules    = 200
)

// The actions that the engine itself gives meaning to.
const (
	actionAdvance Action = "advance"
	actionConfirm Action = "confirm"
	actionDecline Action = "decline_approval"
)

// The rules that every lifecycle with co-signed actions has besides its own.
var approvalRules = []Rule{
	{ID: "AP-1", On: Confirm{}, By: SignedIn, To: Same},
	{ID: "AP-2", On: DeclineApproval{}, By: SignedIn, To: Same},
}

// approvalExpiry is the rule under which advance records expired approvals.
const approvalExpiry = "AP-3"

// Define proves a table and returns its lifecycle. The proof follows every pot
// through the statuses; the error names each rule and pot at fault: money left
// in a terminal status, a status that holds money and that neither time nor the
// system leaves, a status that nothing reaches, a pot paid before it is filled
// or filled twice, a pot that the table does not empty, and what is malformed.
// It sees pots, not guards: whether every case is covered is for tests.
func Define(spec Spec) (*Lifecycle, error) {
	spec = spec.clone()
	l := &Lifecycle{spec: spec, name: spec.Name, asset: spec.Asset, fields: spec.Policy}
	l.policyNames = names{}
	for i, f := range spec.Policy {
		l.policyNames[f.Name] = i
	}
	if spec.Data != nil {
		l.data = reflect.TypeOf(spec.Data)
	}
	l.collectStatuses()
	faults := l.readDefaults()
	if len(faults) == 0 {
		faults = l.compile()
	}
	if len(faults) == 0 {
		faults = l.prove()
	}
	for i, f := range faults {
		faults[i] = fmt.Errorf("escrow: lifecycle %s: %w", spec.Name, f)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return l, nil
}

// mustDefine is for the package's own tables, which its tests prove.
func mustDefine(spec Spec) *Lifecycle {
	l, err := Define(spec)
	if err != nil {
		panic(err)
	}
	return l
}

// collectStatuses numbers the statuses in the order in which the table names
// them; the draft comes first.
func (l *Lifecycle) collectStatuses() {
	l.statuses = []Status{Draft}
	add := func(s Status) {
		if s != Same && !slices.Contains(l.statuses, s) {
			l.statuses = append(l.statuses, s)
		}
	}
	for _, r := range l.spec.Rules {
		for _, s := range r.From {
			add(s)
		}
		add(r.CoSign.While)
		add(r.To)
		add(r.CoSign.Declined)
	}
	for _, s := range l.spec.Terminal {
		add(s)
		l.terminal |= 1 << l.indexOf(s)
	}
}

// addGroup adds an action.
func (l *Lifecycle) addGroup(on Command) *group {
	a := on.Action()
	slot := a.slot()
	l.groups = append(l.groups, group{action: a, command: reflect.TypeOf(on), next: l.slots[slot]})
	l.slots[slot] = uint8(len(l.groups))
	l.own[ownNumber(on)] = uint8(len(l.groups))
	return &l.groups[len(l.groups)-1]
}

// compile turns the table into rules by action, and says what is malformed.
func (l *Lifecycle) compile() (faults []error) {
	table := l.spec.Rules
	if l.spec.coSigned() {
		table = append(slices.Clone(table), approvalRules...)
	}
	if fault := l.malformed(); fault != nil {
		return []error{fault}
	}
	copy(l.names[:], l.statuses)
	l.rules = make([]rule, len(table))
	l.timed = make([][]*rule, len(l.statuses))
	l.moments = l.spec.moments()
	advances := false
	for i, row := range table {
		if fault := l.faultOf(&row); fault != nil {
			faults = append(faults, fmt.Errorf("rule %s: %w", row.ID, fault))
			continue
		}
		r := &l.rules[i]
		*r = rule{Rule: row, action: row.On.Action(), to: sameStatus, granted: row.Grant != Grant{}}
		if row.To != Same {
			r.to = uint8(l.indexOf(row.To))
		}
		for _, s := range row.From {
			r.from |= 1 << l.indexOf(s)
			if r.action == actionAdvance {
				l.timed[l.indexOf(s)] = append(l.timed[l.indexOf(s)], r)
			}
		}
		for n := range r.Needs {
			r.Needs[n].at = r.Needs[n].stage()
			r.stages |= r.Needs[n].at
		}
		advances = advances || r.action == actionAdvance
		l.judged = l.judged || slices.ContainsFunc(row.Needs, func(n Need) bool { return n.kind == needTerms })
		l.join(r)
	}
	if !advances {
		l.addGroup(Advance{})
	}
	if len(faults) > 0 {
		return faults
	}
	for s, rows := range l.timed {
		l.limit[s] = limitOf(rows)
	}
	for i := range l.rules {
		l.prepare(&l.rules[i])
	}
	for _, f := range []string{ApprovalTTL.Name, Quorum.Name} {
		if _, has := l.policyNames[f]; !has && l.spec.coSigned() {
			faults = append(faults, fmt.Errorf("has co-signed rules, which need the policy field %s", f))
		}
	}
	return faults
}

// limitOf returns the moment of the terms before which no deadline of a status is
// due, none when there is no single one.
func limitOf(rows []*rule) momentKind {
	limit := momentNone
	for _, r := range rows {
		kind := r.Window.moment.kind
		if kind > momentReview || limit != momentNone && limit != kind {
			return momentNone
		}
		limit = kind
	}
	return limit
}

// join adds a rule to those of its action.
func (l *Lifecycle) join(r *rule) {
	g := l.group(r.action)
	if g == nil {
		g = l.addGroup(r.On)
	}
	g.rules = append(g.rules, r)
	for _, s := range r.From {
		if !slices.Contains(g.starts, s) {
			g.starts = append(g.starts, s)
		}
	}
}

// malformed returns what is wrong with the lifecycle apart from its rules.
func (l *Lifecycle) malformed() error {
	switch {
	case !validID(l.name):
		return errors.New("needs a name")
	case len(l.spec.Rules) == 0:
		return errors.New("has no rules")
	case len(l.statuses) > maxStatuses || len(l.spec.Rules) > maxRules:
		return fmt.Errorf("has more than %d statuses or %d rules", maxStatuses, maxRules)
	case l.asset.Scale > maxScale || !validID(l.asset.Code):
		return errors.New("needs an asset with a code and a scale of 0 to 18")
	case l.data != nil && !l.data.Comparable():
		return fmt.Errorf("its data %s is not comparable, so snapshots would not be", l.data)
	}
	return nil
}

// faultOf returns what is malformed in a rule.
func (l *Lifecycle) faultOf(r *Rule) error {
	switch {
	case r.On == nil:
		return errors.New("has no command")
	case reflect.TypeOf(r.On).Kind() == reflect.Pointer:
		return errors.New("its command must be a value")
	case r.On.Action() == "":
		return errors.New("its command names no action")
	case r.By.kind == partyNone || r.By.kind == partyTreasury || r.By.kind == partyPlatform:
		return errors.New("nobody can ask for it")
	case slices.Contains(r.From, Same):
		return errors.New("starts from Same, which is no status")
	case slices.Contains(r.From, Draft) && !r.By.founder():
		return errors.New("only the client founds a contract")
	case r.To == Draft:
		return errors.New("nothing leads back to a draft")
	case (r.On.Action() == actionAdvance) != (r.Window.kind == windowDue):
		return errors.New("advance, and advance alone, has a Due window")
	case r.On.Action() == actionAdvance && (r.By.kind != partyAnyone || len(r.Needs) > 0 || r.CoSign.Type != ""):
		return errors.New("advance is for anyone, needs nothing and waits for nobody")
	}
	if g := l.group(r.On.Action()); g != nil && g.command != reflect.TypeOf(r.On) {
		return fmt.Errorf("action %s has two command types", r.On.Action())
	}
	for _, s := range r.Money {
		if fault := s.fault(); fault != nil {
			return fault
		}
	}
	return l.misfit(r)
}

// fault returns what is malformed in a step.
func (s *Step) fault() error {
	for _, p := range []*Party{&s.first, &s.second, &s.feeTo} {
		if p.kind != partyNone && !p.payable() {
			return fmt.Errorf("%s: %s has no account", s, p.name)
		}
	}
	switch {
	case s.kind == stepDeposit && s.pot.each:
		return fmt.Errorf("%s: a deposit goes into one pot", s)
	case s.fee != nil && s.kind <= stepCharge:
		return fmt.Errorf("%s: only a payout has a cut", s)
	}
	for _, f := range []*PolicyField{s.sum.ratio, s.fee} {
		if f != nil && f.ratio == nil {
			return fmt.Errorf("%s: %s is no ratio", s, f.Name)
		}
	}
	if s.kind == stepSplit && s.share.kind == shareRatio && (s.share.ratio == nil || s.share.ratio.ratio == nil) {
		return fmt.Errorf("%s: %s is no ratio", s, s.share.name)
	}
	return nil
}

// prepare makes the refusals of a rule, so that refusing allocates nothing.
func (l *Lifecycle) prepare(r *rule) {
	reasons := []Reason{r.By.reason, DeadlineDue, WindowClosed, NothingDue, WrongStatus, ContractEnded, Unbalanced}
	if r.By.kind == partyNewWorker {
		reasons = append(reasons, WorkerIsClient)
	}
	for _, p := range r.By.either {
		reasons = append(reasons, p.reason)
	}
	for _, reason := range reasons {
		if reason == "" {
			continue
		}
		e := refuse(reason, "")
		if e.code == "" {
			e = newError(shape{code: Forbidden, reason: reason, message: "only the " + r.By.name + " may do this", remedy: "ask as the " + r.By.name})
		}
		if reason == WrongStatus {
			e = e.with("statuses", labels(l.group(r.action).starts))
		}
		r.refusals = append(r.refusals, e.of(r.action, r.ID))
		if reason == WrongStatus {
			r.wrong = r.refusals[len(r.refusals)-1]
		}
	}
}
