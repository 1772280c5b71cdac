package escrowtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// writtenStep is a question as a story is written down.
type writtenStep struct {
	Command json.RawMessage `json:"command"`
	Actor   escrow.Actor    `json:"actor"`
	Now     time.Time       `json:"now"`
	// Try is what is tried with the question, for the last one only.
	Try *writtenTrial `json:"try,omitempty"`
}

// writtenTrial is a trial as it is written down.
type writtenTrial struct {
	Kind  trialKind    `json:"kind"`
	Rival *writtenStep `json:"rival,omitempty"`
	Step  int          `json:"step,omitempty"`
}

func writtenQuestion(q *Question) writtenStep {
	return writtenStep{Command: written(q.Command), Actor: q.Actor, Now: q.Now}
}

func (t *trial) written() *writtenTrial {
	if t == nil {
		return nil
	}
	w := &writtenTrial{Kind: t.Kind, Step: t.Step}
	if t.Rival != nil {
		rival := writtenQuestion(t.Rival)
		w.Rival = &rival
	}
	return w
}

// trial reads what is tried with the last question.
func (w *writtenTrial) trial(law *escrow.Lifecycle) (*trial, error) {
	t := &trial{Kind: w.Kind, Step: w.Step}
	if w.Rival != nil {
		q, err := w.Rival.question(law)
		if err != nil {
			return nil, err
		}
		t.Rival = &q
	}
	if w.Rival == nil && (w.Kind == tryRace || w.Kind == tryKey || w.Kind == tryCrowd) {
		return nil, fmt.Errorf("a %s has a rival", w.Kind)
	}
	return t, nil
}

func (w *writtenStep) question(law *escrow.Lifecycle) (Question, error) {
	command, err := law.ParseCommand(w.Command)
	return Question{Command: command, Actor: w.Actor, Now: w.Now}, err
}

// Written returns the story as JSON lines that [ParseStory] reads: the contract
// that it begins with, then a question a line, the last with what is tried with it.
func (st *Story) Written() string {
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	begin := map[string]any{"contract": st.Begin}
	if st.habits != (habits{}) {
		begin["system"] = st.habits
	}
	_ = lines.Encode(begin)
	for i := range st.Steps {
		line := writtenQuestion(&st.Steps[i].Question)
		if i+1 == len(st.Steps) {
			line.Try = st.trial.written()
		}
		_ = lines.Encode(line)
	}
	return b.String()
}

// ParseStory reads a written story and asks the engine its questions, so that
// every step has the engine's answer. Lifecycles are those that
// its contract may be of.
func ParseStory(text string, lifecycles ...*escrow.Lifecycle) (*Story, error) {
	var st Story
	var s Scene
	number := 0
	for line := range strings.Lines(strings.TrimSpace(text)) {
		number++
		if number == 1 {
			begin, err := st.parseBegin(line, lifecycles)
			if err != nil {
				return nil, fmt.Errorf("story line 1: %w", err)
			}
			st.Begin, s.Contract = begin, begin
			continue
		}
		q, err := st.parseQuestion(line, s.Contract.Lifecycle())
		if err != nil {
			return nil, fmt.Errorf("story line %d: %w", number, err)
		}
		if number == 2 {
			st.start = q.Now
		}
		s = st.tell(s, q)
	}
	if number == 0 {
		return nil, fmt.Errorf(`a story is the contract that it begins with, then a question {"command", "actor", "now"} a line`)
	}
	return &st, nil
}

func (st *Story) parseBegin(line string, lifecycles []*escrow.Lifecycle) (escrow.Contract, error) {
	var w struct {
		Contract json.RawMessage
		System   habits
	}
	if err := json.Unmarshal([]byte(line), &w); err != nil || w.Contract == nil {
		return escrow.Contract{}, fmt.Errorf(`want {"contract": …}, the contract that the story begins with`)
	}
	st.habits = w.System
	return escrow.ParseContract(w.Contract, lifecycles...)
}

func (st *Story) parseQuestion(line string, law *escrow.Lifecycle) (Question, error) {
	var w writtenStep
	if err := json.Unmarshal([]byte(line), &w); err != nil {
		return Question{}, err
	}
	st.trial = nil
	if w.Try != nil {
		tried, err := w.Try.trial(law)
		if err != nil {
			return Question{}, err
		}
		st.trial = tried
	}
	return w.question(law)
}
