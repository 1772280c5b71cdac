package escrowtest

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
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
		list := step.Audit()
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
}

// newMemory is what is known of a life that begins with a contract: what it holds,
// and who has confirmed what is pending.
func newMemory(begin *escrow.Contract) *memory {
	m := &memory{held: holdings(begin), moved: map[string]bool{}, agreed: map[string]map[string]bool{}, spent: map[string]bool{}}
	for _, a := range begin.Approvals() {
		for _, human := range a.ConfirmedBy {
			m.agree(a.ID+a.Hash, human)
		}
	}
	return m
}

// agree takes down that a human has agreed to the terms of an approval.
func (m *memory) agree(terms, human string) {
	if m.agreed[terms] == nil {
		m.agreed[terms] = map[string]bool{}
	}
	m.agreed[terms][human] = true
}

// follows compares a step with the one before it.
func (m *memory) follows(before, s *Step) (found violations) {
	if same := before.After(); before.Answer.Contract != nil && !sameContract(&same, &s.Before) {
		found.add("G10", "the contract asked is not the one that the step before left")
	}
	if !sameQuestion(before.Question, s.Question) {
		return found
	}
	_, advance := s.Command.(escrow.Advance)
	switch {
	case !before.Answer.Accepted() && !s.Answer.Accepted() && before.Answer.Reason != s.Answer.Reason:
		found.add("G8", "the same request was refused with %s, and now with %s", before.Answer.Reason, s.Answer.Reason)
	case !before.Answer.Accepted() && s.Answer.Accepted():
		found.add("G8", "the same request was refused with %s, and is now accepted", before.Answer.Reason)
	case before.Answer.Accepted() && s.Answer.Accepted() && !advance && gains(s):
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
	return slices.ContainsFunc(CompareWire(before, now), func(d Difference) bool { return d.Path != "revision" })
}

// sameQuestion reports whether the same was asked at the same time.
func sameQuestion(a, b Question) bool {
	return a.Now.Equal(b.Now) && bytes.Equal(escrow.FormatCommand(a.Command), escrow.FormatCommand(b.Command)) && sameActor(a.Actor, b.Actor)
}

func sameActor(a, b escrow.Actor) bool {
	x, _ := a.MarshalJSON()
	y, _ := b.MarshalJSON()
	return bytes.Equal(x, y)
}

// sameContract reports whether two snapshots say the same. What an application
// may add to them, it may write in another order.
func sameContract(a, b *escrow.Contract) bool {
	if *a == *b {
		return true
	}
	x, _ := a.MarshalJSON()
	y, _ := b.MarshalJSON()
	return len(CompareWire(x, y)) == 0
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
	}
	m.confirmations(s, &found)
	return found
}

// book changes what an account of custody holds.
func (m *memory) book(a escrow.Account, by *big.Int) {
	if !a.Kind.Custody() {
		return
	}
	name := a.String()
	if m.held[name] == nil {
		m.held[name] = new(big.Int)
	}
	m.held[name].Add(m.held[name], by)
}

// confirmations checks over the life that an approval is spent once, and by as
// many humans as agreed to its very terms.
func (m *memory) confirmations(s *Step, found *violations) {
	confirm, ok := s.Command.(escrow.Confirm)
	if !ok || !s.Answer.Accepted() || s.Answer.Contract == nil {
		return
	}
	after := s.After()
	a, ok := approvalOf(&after, confirm.ApprovalID)
	if !ok {
		return
	}
	terms := a.ID + a.Hash
	m.agree(terms, s.Actor.ID)
	if s.Answer.Executes == "" {
		return
	}
	if m.spent[a.ID] {
		found.add("G11", "approval %s is spent twice", a.ID)
	}
	m.spent[a.ID] = true
	if p := after.Policy(); len(m.agreed[terms]) < p.Quorum {
		found.add("G11", "approval %s is executed when %d of %d humans have agreed to its terms", a.ID, len(m.agreed[terms]), p.Quorum)
	}
}

// violations collects what is found.
type violations []Violation

func (v *violations) add(guarantee, format string, args ...any) {
	*v = append(*v, Violation{Guarantee: guarantee, Message: fmt.Sprintf(format, args...)})
}

// Audit checks what a step shows by itself: G1 and G2 of its movements, G3 of a
// contract that has ended, G6 of its time, G7 of its rule and actor, G8 of a
// refusal, G10 of its revision, G11 of its approvals, G12 of a withdrawal. A
// contract that the answer does not tell is not looked at.
func (s *Step) Audit() []Violation {
	var found violations
	if !s.Answer.Accepted() {
		found.refused(s)
		return found
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
	found.withdrawal(s)
	return found
}

// refused checks that a refusal changes nothing.
func (v *violations) refused(s *Step) {
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
		if id := fmt.Sprintf("%s/%d/%d", c.ID(), c.Revision(), i); m.ID != "" && m.ID != id {
			v.add("G10", "movement %d is %s, not %s", i, m.ID, id)
		}
	}
	if c.ID() != s.Before.ID() || c.Client() != s.Before.Client() || c.Status() != s.Answer.To {
		v.add("G10", "the next snapshot is not the decision's")
	}
}
