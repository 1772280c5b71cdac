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
}

// Written returns the story as JSON lines that [ParseStory] reads: the contract
// that it begins with, then a question a line.
func (st *Story) Written() string {
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	_ = lines.Encode(map[string]any{"contract": st.Begin})
	for i := range st.Steps {
		q := &st.Steps[i].Question
		_ = lines.Encode(writtenStep{written(q.Command), q.Actor, q.Now})
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
			begin, err := parseBegin(line, lifecycles)
			if err != nil {
				return nil, fmt.Errorf("story line 1: %w", err)
			}
			st.Begin, s.Contract = begin, begin
			continue
		}
		q, err := parseQuestion(line, s.Contract.Lifecycle())
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

func parseBegin(line string, lifecycles []*escrow.Lifecycle) (escrow.Contract, error) {
	var w struct{ Contract json.RawMessage }
	if err := json.Unmarshal([]byte(line), &w); err != nil || w.Contract == nil {
		return escrow.Contract{}, fmt.Errorf(`want {"contract": …}, the contract that the story begins with`)
	}
	return escrow.ParseContract(w.Contract, lifecycles...)
}

func parseQuestion(line string, law *escrow.Lifecycle) (Question, error) {
	var w writtenStep
	if err := json.Unmarshal([]byte(line), &w); err != nil {
		return Question{}, err
	}
	command, err := law.ParseCommand(w.Command)
	return Question{command, w.Actor, w.Now}, err
}
