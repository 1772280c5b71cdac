package escrowtest

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// Violation is a guarantee that answers break.
type Violation struct {
	// Guarantee is its id, "G1" to "G12".
	Guarantee string `json:"guarantee"`
	// Step counts from 1; it is 0 for what a single step was asked about.
	Step    int    `json:"step,omitempty"`
	Message string `json:"message"`
}

// String returns the violation on one line.
func (v Violation) String() string {
	if v.Step == 0 {
		return v.Guarantee + ": " + v.Message
	}
	return fmt.Sprintf("%s in step %d: %s", v.Guarantee, v.Step, v.Message)
}

// Audit checks a story against the guarantees G1 to G12, whoever gave the
// answers: what every step shows by itself ([Step.Audit]), and what only several
// show, such as that over the life all that was paid in was paid out or is held,
// that nothing is accepted twice, and that a refusal is repeated. It needs no
// engine next to the system, so it serves recorded histories too.
func Audit(st *Story) (found []Violation) {
	m := newMemory(&st.Begin)
	for i := range st.Steps {
		step := &st.Steps[i]
		var list violations
		m.deposits, list = step.AuditAfter(m.deposits)
		if after := step.After(); step.Answer.Accepted() && after.Lifecycle() != nil {
			list = append(list, AuditContract(after)...)
		}
		if i > 0 {
			list = append(list, m.follows(&st.Steps[i-1], step)...)
		}
		list = append(list, m.remember(step)...)
		for _, v := range list {
			v.Step = i + 1
			found = append(found, v)
		}
	}
	return append(found, st.unfinished()...)
}

// unfinished reports a strategy that did not end the contract.
func (st *Story) unfinished() []Violation {
	if st.Finisher == "" || len(st.Steps) == 0 {
		return nil
	}
	last := &st.Steps[len(st.Steps)-1]
	status := last.Before.Status()
	if last.Answer.Accepted() {
		status = last.Answer.To
	}
	if last.Before.Lifecycle().IsTerminal(status) {
		return nil
	}
	return []Violation{{"G9", len(st.Steps), fmt.Sprintf("the %s alone cannot end the contract, which stays %s", st.Finisher, label(status))}}
}

// memory is what an audit keeps from step to step.
type memory struct {
	// held is what is in custody by what has moved, by asset and account.
	held map[string]*big.Int
	// moved are the ids of the movements there were, spent the approvals that were
	// executed.
	moved, spent map[string]bool
	// agreed is who confirmed an approval in the very terms of its hash.
	agreed map[string]map[string]bool
	// deposits are who put how much into each pot.
	deposits Deposits
	// digest is that of the latest snapshot.
	digest string
}

// newMemory is what is known of a life that begins with a contract: what it holds,
// and who has confirmed what is pending.
func newMemory(begin *escrow.Contract) *memory {
	m := &memory{held: holdings(begin), moved: map[string]bool{}, agreed: map[string]map[string]bool{}, spent: map[string]bool{}, deposits: DepositsOf(*begin), digest: begin.Digest()}
	for _, a := range begin.Approvals() {
		for i, person := range a.ConfirmedBy {
			m.agree(a.ID+a.Hash, person+" of "+a.ConfirmedFor[i])
		}
	}
	return m
}

// agree takes down that a person of an account has agreed to the terms of an
// approval.
func (m *memory) agree(terms, person string) {
	if m.agreed[terms] == nil {
		m.agreed[terms] = map[string]bool{}
	}
	m.agreed[terms][person] = true
}

// follows compares a step with the one before it.
func (m *memory) follows(before, s *Step) (found violations) {
	if same := before.After(); before.Answer.Contract != nil && !sameContract(&same, &s.Before) {
		found.add("G10", "the contract asked is not the one that the step before left")
	}
	if s.Before.DecidedAt().Before(before.Before.DecidedAt()) {
		found.add("G6", "decidedAt runs back from %s to %s", stamp(before.Before.DecidedAt()), stamp(s.Before.DecidedAt()))
	}
	if !sameQuestion(before.Question, s.Question) {
		return found
	}
	switch {
	case !before.Answer.Accepted() && !s.Answer.Accepted() && before.Answer.Reason != s.Answer.Reason:
		found.add("G8", "the same request was refused with %s, and now with %s", before.Answer.Reason, s.Answer.Reason)
	case !before.Answer.Accepted() && s.Answer.Accepted():
		found.add("G8", "the same request was refused with %s, and is now accepted", before.Answer.Reason)
	case before.Answer.Accepted() && s.Answer.Accepted() && s.Command.Action() != actionAdvance && gains(s) && !s.again():
		found.add("G7", "the same request was accepted, and gains by being made again")
	}
	return found
}

// gains reports whether a decision moves money, the status or anything in the
// snapshot but its revision.
func gains(s *Step) bool {
	if len(s.Answer.Movements) > 0 || s.Answer.From != s.Answer.To {
		return true
	}
	after := s.After()
	before, _ := s.Before.MarshalJSON()
	now, _ := after.MarshalJSON()
	return slices.ContainsFunc(compareWire(before, now, true), func(d Difference) bool { return d.Path != "revision" })
}

// again reports whether the same request may be made again: each time it says how
// much is moved, and whoever asks gets none of it.
func (s *Step) again() bool {
	if s.Answer.From != s.Answer.To {
		return false
	}
	for _, m := range s.Answer.Movements {
		if !m.To.Custody && idOf(m.To) == reading.AccountOf(s.Actor) {
			return false
		}
	}
	return Repeats(s.Before.Lifecycle(), ruleOf(&s.Answer))
}

// Repeats reports whether a rule moves nothing but sums that its command carries:
// then each request is one of its own, as in paying a bonus twice. Of any other rule
// the same request once more must gain nothing (G7).
func Repeats(l *escrow.Lifecycle, rule string) bool {
	spec, found := reading.Spec(l), false
	for i := range spec.Rules {
		r := &spec.Rules[i]
		if r.ID != rule {
			continue
		}
		found = len(r.Money) > 0
		for _, step := range r.Money {
			if !given(step.Deposit) && !given(step.TopUp) && !given(step.Charge) && !given(step.Part) {
				return false
			}
		}
	}
	return found
}

// given reports whether a sum is made from an amount that the command carries.
func given(s *escrow.Sum) bool { return s != nil && (s.Given != nil || given(s.Of)) }

// sameQuestion reports whether the same was asked at the same time.
func sameQuestion(a, b Question) bool {
	return a.Now.Equal(b.Now) && bytes.Equal(written(a.Command), written(b.Command)) && sameActor(a.Actor, b.Actor)
}

// written returns a command as JSON.
func written(c escrow.Command) []byte {
	text, _ := c.MarshalJSON()
	return text
}

func sameActor(a, b escrow.Actor) bool {
	x, _ := a.MarshalJSON()
	y, _ := b.MarshalJSON()
	return bytes.Equal(x, y)
}

// sameContract reports whether two snapshots say the same, but for what the
// application fills in. What it may add to them, it may write in another order.
func sameContract(a, b *escrow.Contract) bool {
	if *a == *b {
		return true
	}
	x, _ := a.MarshalJSON()
	y, _ := b.MarshalJSON()
	return len(compareWire(x, y, true)) == 0
}

// remember takes a step into the books of the life.
func (m *memory) remember(s *Step) (found violations) {
	for _, move := range s.Answer.Movements {
		if move.ID != "" && m.moved[move.ID] {
			found.add("G10", "movement %s is there twice", move.ID)
		}
		m.moved[move.ID] = true
		m.book(move.From, new(big.Int).Neg(move.Amount.BigInt()))
		m.book(move.To, move.Amount.BigInt())
	}
	if s.Answer.Contract != nil && s.Answer.Accepted() {
		found.balance(m.held, holdings(s.Answer.Contract), "over the life")
		m.chain(s, &found)
	} else if s.Answer.Accepted() {
		m.digest = "" // unknown
	}
	m.confirmations(s, &found)
	return found
}

// chain checks that digests chain the snapshots of a life: each revision has one of
// its own, and what changes nothing keeps it.
func (m *memory) chain(s *Step, found *violations) {
	digest, same := s.Answer.Contract.Digest(), s.Answer.Contract.Revision() == s.Before.Revision()
	if digest == "" || m.digest != "" && same != (digest == m.digest) {
		found.add("G10", "revision %d becomes %d, and the digest %q becomes %q", s.Before.Revision(), s.Answer.Contract.Revision(), m.digest, digest)
	}
	m.digest = digest
}

// book changes what an account of custody holds.
func (m *memory) book(a escrow.Account, by *big.Int) {
	if !a.Custody {
		return
	}
	name := a.String()
	if m.held[name] == nil {
		m.held[name] = new(big.Int)
	}
	m.held[name].Add(m.held[name], by)
}

// confirmations checks over the life that an approval is spent once, and by as
// many people as agreed to its very terms.
func (m *memory) confirmations(s *Step, found *violations) {
	action := s.Command.Action()
	if action != actionConfirm && action != actionRevoke || !s.Answer.Accepted() || s.Answer.Contract == nil {
		return
	}
	after := s.After()
	id, _ := s.Command.Approval()
	a, ok := after.Approval(id)
	if a.SupersededBy != "" { // by terms of one's own
		a, ok = after.Approval(a.SupersededBy)
	}
	if !ok {
		return
	}
	terms, person := a.ID+a.Hash, reading.Person(s.Actor)+" of "+reading.AccountOf(s.Actor)
	if action == actionRevoke {
		delete(m.agreed[terms], person)
		return
	}
	if m.agree(terms, person); s.Answer.Executes == "" {
		return
	}
	if m.spent[a.ID] {
		found.add("G11", "approval %s is spent twice", a.ID)
	}
	m.spent[a.ID] = true
	if need := max(a.Quorum, 1) * len(a.Confirmers); len(m.agreed[terms]) < need {
		found.add("G11", "approval %s is executed when %d of %d people have agreed to its terms", a.ID, len(m.agreed[terms]), need)
	}
}

// violations collects what is found.
type violations []Violation

func (v *violations) add(guarantee, format string, args ...any) {
	*v = append(*v, Violation{Guarantee: guarantee, Message: fmt.Sprintf(format, args...)})
}

// Audit checks what a step shows by itself: G1 and G2 of its movements, G3 of a
// contract that has ended, G6 of its time, G7 of its rule and actor, G8 of a
// refusal, G10 of its revision, G11 of its approvals, G12 of whom its pots pay,
// which are taken to hold their owners' money. A contract that the answer does not
// tell is not looked at.
func (s *Step) Audit() []Violation {
	_, found := s.AuditAfter(DepositsOf(s.Before))
	return found
}

// AuditAfter is [Step.Audit] where it is known who put in what the contract holds,
// and returns who has put in what it holds afterwards.
func (s *Step) AuditAfter(d Deposits) (Deposits, []Violation) {
	var found violations
	if !s.Answer.Accepted() {
		found.refused(s)
		return d, found
	}
	if s.Before.IsTerminal() {
		found.add("G3", "the contract is %s, and accepts %s", s.Before.Status(), s.Command.Action())
	}
	found.money(s)
	found.rule(s)
	found.time(s)
	if s.Answer.Contract != nil {
		found.record(s)
		found.approvals(s)
	}
	return d.owners(s, &found), found
}

// refused checks that a refusal changes nothing.
func (v *violations) refused(s *Step) {
	if s.Answer.Code == escrow.InternalError {
		v.add("G1", "%s is refused with %s: the lifecycle or the engine is wrong", s.Command.Action(), s.Answer.Reason)
	}
	if len(s.Answer.Movements) > 0 || s.Answer.From != s.Answer.To {
		v.add("G8", "refused with %s, but something moves", s.Answer.Reason)
	}
	if s.Answer.Contract != nil && !sameContract(&s.Before, s.Answer.Contract) {
		v.add("G8", "refused with %s, but the contract changes", s.Answer.Reason)
	}
}

// record checks that a decision is one revision, and its movements are numbered.
func (v *violations) record(s *Step) {
	c := s.Answer.Contract
	want := s.Before.Revision() + 1
	if *c == s.Before {
		want--
	}
	if got := c.Revision(); got != want && (got != s.Before.Revision() || !sameContract(&s.Before, c)) {
		v.add("G10", "revision %d becomes %d", s.Before.Revision(), got)
	}
	for i, m := range s.Answer.Movements {
		id := fmt.Sprintf("%s/%d/%d/", c.ID(), c.Revision(), i)
		if digest, ok := strings.CutPrefix(m.ID, id); m.ID != "" && (!ok || len(digest) != digestDigits) {
			v.add("G10", "movement %d is %s, not %s and %d digits", i, m.ID, id, digestDigits)
		}
	}
	if c.ID() != s.Before.ID() || c.Status() != s.Answer.To || !sameParties(&s.Before, c) {
		v.add("G10", "the next snapshot is not the decision's")
	}
}

// digestDigits are the last part of a movement's id.
const digestDigits = 12

// sameParties reports whether the parties whom the terms fix are the same.
func sameParties(a, b *escrow.Contract) bool {
	for _, p := range reading.Spec(a.Lifecycle()).Parties {
		if p.Account != nil && !p.Set && a.Account(p) != b.Account(p) {
			return false
		}
	}
	return true
}
