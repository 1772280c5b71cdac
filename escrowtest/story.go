package escrowtest

import (
	"fmt"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// Step is one question that was asked of a contract, and the answer.
type Step struct {
	// Before is the contract that was asked, as the step before left it.
	Before escrow.Contract
	Question
	Answer Answer
}

// After returns the contract as the answer left it: the one it tells, else the
// one before.
func (s *Step) After() escrow.Contract {
	if s.Answer.Accepted() && s.Answer.Contract != nil {
		return *s.Answer.Contract
	}
	return s.Before
}

// Story is what was asked of one contract, in order, and what was answered.
type Story struct {
	// Begin is the contract before the first question, usually a draft.
	Begin escrow.Contract
	Steps []Step
	// Finisher is the party that ended the contract alone by the last steps, empty
	// when none tried.
	Finisher string

	start time.Time
	// trial is what is tried with the last question, nil when it is just asked.
	trial  *trial
	habits habits
}

// Tell asks the engine questions about a contract, one after another, and returns
// the story that they make. Start is when it begins.
func Tell(begin escrow.Contract, start time.Time, questions []Question) *Story {
	st := &Story{Begin: begin, start: start}
	s := Scene{begin, start}
	for _, q := range questions {
		s = st.tell(s, q)
	}
	return st
}

// Scenes returns the contract before the first question and after every one.
func (st *Story) Scenes() []Scene {
	list := []Scene{{st.Begin, st.start}}
	for i := range st.Steps {
		list = append(list, Scene{st.Steps[i].After(), st.Steps[i].Now})
	}
	return list
}

// Last returns the contract after the last question.
func (st *Story) Last() Scene {
	if n := len(st.Steps); n > 0 {
		return Scene{st.Steps[n-1].After(), st.Steps[n-1].Now}
	}
	return Scene{st.Begin, st.start}
}

// String tells the story for people: who asked what and when, what was answered,
// and the money that moved.
func (st *Story) String() string {
	var b strings.Builder
	text, _ := st.Begin.MarshalJSON()
	fmt.Fprintf(&b, "begin %s\n", text)
	for i := range st.Steps {
		fmt.Fprintf(&b, "%3d  %s\n", i+1, st.Steps[i].String())
	}
	return b.String()
}

// String tells the step: the question, the answer, and a line for each movement.
func (s *Step) String() string { return s.Question.String() + "\n     " + s.answer() }

// answer tells what was answered.
func (s *Step) answer() string {
	lines := []string{s.Answer.String()}
	asset := s.Before.Asset()
	for _, m := range s.Answer.Movements {
		lines = append(lines, fmt.Sprintf("     %s %s %s -> %s (%s)", asset.Text(m.Amount), asset.Code, m.From, m.To, m.Reason))
	}
	return strings.Join(lines, "\n")
}
