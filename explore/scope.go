package explore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
)

// Scope is what is explored: where contracts begin, who there is, and what they
// ask for.
type Scope struct {
	// Start is when the first question is asked.
	Start time.Time
	// Drafts are the contracts that lives begin with, all of one lifecycle.
	Drafts []escrow.Contract
	// Actors is everybody who asks; right ones, wrong ones and strangers.
	Actors []escrow.Actor
	// Commands is what each of them asks for, with its payload. A confirmation or a
	// declined approval that names none is asked for each approval there is.
	Commands []escrow.Command
	// Unasked says what nobody asks for of a contract, nil for nothing: where something
	// can be repeated without end, it is what ends it.
	Unasked func(escrow.Contract, escrow.Command) bool
	// Unreached lists what exploring need not reach, as in "reason too_many".
	Unreached []string
}

// Lifecycle returns the rule book of the scope's contracts.
func (s *Scope) Lifecycle() *escrow.Lifecycle { return s.Drafts[0].Lifecycle() }

// fault returns what is wrong with a scope.
func (s *Scope) fault() error {
	switch {
	case len(s.Drafts) == 0:
		return errors.New("explore: a scope needs at least one draft to begin with")
	case len(s.Actors) == 0 || len(s.Commands) == 0:
		return errors.New("explore: a scope needs actors and commands")
	case s.Start.IsZero():
		return errors.New("explore: a scope needs the time at which it starts")
	}
	for i := range s.Drafts {
		if l := s.Drafts[i].Lifecycle(); l == nil || l != s.Lifecycle() {
			return fmt.Errorf("explore: draft %d is not of the lifecycle of the first", i)
		}
	}
	return nil
}

// writtenScope is a scope in JSON.
type writtenScope struct {
	Start     time.Time
	Contracts []json.RawMessage
	Actors    []escrow.Actor
	Commands  []json.RawMessage
	Unreached []string
}

// ParseScope reads a scope from JSON:
//
//	{"start": "2026-06-01T00:00:00Z", "contracts": [draft…], "actors": [actor…], "commands": [command…]}
//
// Drafts, actors and commands are in wire form. Lifecycles are those that
// the drafts may be of.
func ParseScope(data []byte, lifecycles ...*escrow.Lifecycle) (Scope, error) {
	var w writtenScope
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return Scope{}, fmt.Errorf("explore: no scope: %w", err)
	}
	s := Scope{Start: w.Start, Actors: w.Actors, Unreached: w.Unreached}
	for i, text := range w.Contracts {
		c, err := escrow.ParseContract(text, lifecycles...)
		if err != nil {
			return Scope{}, fmt.Errorf("explore: contract %d: %w", i, err)
		}
		s.Drafts = append(s.Drafts, c)
	}
	for i, text := range w.Commands {
		if len(s.Drafts) == 0 {
			break
		}
		cmd, err := s.Lifecycle().ParseCommand(text)
		if err != nil {
			return Scope{}, fmt.Errorf("explore: command %d: %w", i, err)
		}
		s.Commands = append(s.Commands, cmd)
	}
	return s, s.fault()
}

// Under returns the scope with all its drafts under another policy.
func (s Scope) Under(policy escrow.Policy) Scope {
	drafts := make([]escrow.Contract, len(s.Drafts))
	for i := range s.Drafts {
		drafts[i] = s.Drafts[i].WithPolicy(policy)
	}
	s.Drafts = drafts
	return s
}
