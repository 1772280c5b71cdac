package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/escrow-go/escrow"
)

// questionForm is what explain reads.
const questionForm = `{"contract": {…}, "now": "2026-06-04T12:00:00Z"}, a request, or a contract alone`

type explainCmd struct {
	File      string    `arg:"" help:"File with a contract, or - for standard input."`
	Now       time.Time `help:"Explain as of this time, as in 2026-06-04T12:00:00Z (default: the file's \"now\", else the present)." placeholder:"TIME"`
	ActorOnly bool      `help:"Only the file's \"actor\", not every party."`
	JSON      bool      `name:"json" help:"Write JSON, for programs."`
}

// Help describes the command in detail.
func (explainCmd) Help() string {
	return `Reads {"contract", "now"} and, if there, "actor"; a whole request will do, its
command is ignored, and so will a contract alone. Shows for every party of the
contract, the system, anyone else, and the actor given:

    ✓  what it may do now, where that leads, what it moves and until when
    ✗  what it may not do now, why, and what would change that

then the approvals that wait to be co-signed, what happens by itself and when, and
from when on nobody is needed to end the contract.

Examples:

    escrow explain examples/explain.json
    escrow explain --now 2026-06-06T00:00:00Z examples/contract.json
    escrow explain --actor-only --json examples/withdraw.json`
}

// Run explains a contract to everybody concerned.
func (c *explainCmd) Run(std *Stdio, known shelf) error {
	text, err := std.object(c.File, questionForm)
	if err != nil {
		return err
	}
	q, err := readQuestion(text, known)
	if err != nil {
		return err
	}
	if !c.Now.IsZero() {
		q.now = c.Now
	}
	if q.now.IsZero() {
		q.now = time.Now()
	}
	if c.ActorOnly && q.actor == nil {
		return errors.New(`--actor-only needs an "actor" in the file`)
	}
	x, err := q.explain(c.ActorOnly)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(std.Out, x)
	}
	_, err = io.WriteString(std.Out, report(x))
	return err
}

// question is what explain is asked.
type question struct {
	contract escrow.Contract
	actor    *escrow.Actor
	now      time.Time
}

// readQuestion reads a contract, alone or in something like a request.
func readQuestion(text json.RawMessage, known shelf) (q question, err error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return q, err
	}
	contract, wrapped := fields["contract"]
	if !wrapped {
		contract, fields = text, nil
	}
	for name, value := range fields {
		switch name {
		case "contract", "command":
		case "actor":
			err = json.Unmarshal(value, &q.actor)
		case "now":
			err = json.Unmarshal(value, &q.now)
		default:
			err = errors.New("no such field here")
		}
		if err != nil {
			return q, fmt.Errorf("%q: %w; expected %s", name, err, questionForm)
		}
	}
	q.contract, err = escrow.ParseContract(contract, known...)
	return q, plain(err)
}

// plain says in a sentence why a contract or an actor cannot be explained.
func plain(err error) error {
	var e *escrow.Error
	if errors.As(err, &e) {
		return fmt.Errorf("%s (%s); %s", e.Message(), e.Reason(), e.Remedy())
	}
	return err
}

// explanation is a contract as it stands for everybody concerned.
type explanation struct {
	contract escrow.Contract
	now      time.Time
	parties  []explained
}

// explained is what one party can do.
type explained struct {
	party
	escrow.Explanation
}

// explain asks the engine for every party.
func (q *question) explain(actorOnly bool) (explanation, error) {
	x := explanation{contract: q.contract, now: q.now}
	for _, p := range partiesOf(q.contract, q.actor, actorOnly) {
		answer, err := escrow.Explain(q.contract, p.actor, escrow.At(q.now))
		if err != nil {
			return x, plain(err)
		}
		x.parties = append(x.parties, explained{p, answer})
	}
	return x, nil
}

// MarshalJSON writes the explanation for programs.
func (x explanation) MarshalJSON() ([]byte, error) {
	type entry struct {
		Party       string             `json:"party"`
		Actor       escrow.Actor       `json:"actor"`
		Explanation escrow.Explanation `json:"explanation"`
	}
	out := struct {
		Contract  string           `json:"contract"`
		Lifecycle string           `json:"lifecycle"`
		Status    escrow.Status    `json:"status"`
		Now       time.Time        `json:"now"`
		MaxTime   *time.Time       `json:"maxTime"`
		Next      *escrow.Deadline `json:"next"`
		Parties   []entry          `json:"parties"`
	}{Contract: x.contract.ID(), Lifecycle: x.contract.Lifecycle().Name(), Status: x.contract.Status(), Now: x.now.UTC()}
	if next, ok := escrow.NextDeadline(x.contract); ok {
		out.Next = &next
	}
	if at, ok := escrow.MaxTime(x.contract); ok {
		if at.IsZero() {
			at = out.Now
		}
		out.MaxTime = &at
	}
	for _, p := range x.parties {
		out.Parties = append(out.Parties, entry{p.name, p.actor, p.Explanation})
	}
	return json.Marshal(out)
}

// writeJSON writes a value for people and programs.
func writeJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}
