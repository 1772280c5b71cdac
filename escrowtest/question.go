package escrowtest

import (
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
)

// Question is what somebody asks of a contract, and when.
type Question struct {
	Command escrow.Command
	Actor   escrow.Actor
	Now     time.Time
	// Key is the idempotency key that it is asked under, for a [Keyed] system; empty
	// for none, or one of the system's own.
	Key string
}

// String returns the question on one line, as in
// "2026-06-04T12:00:00Z agent 0xWorker asks {"action":"withdraw"}".
func (q Question) String() string {
	kind := q.Actor.Kind
	if kind == "" {
		kind = escrow.KindAgent
	}
	text := fmt.Sprintf("%s %s %s asks %s", q.Now.Format(time.RFC3339Nano), kind, nameOf(q.Actor), written(q.Command))
	if q.Key != "" {
		text += " under the key " + q.Key
	}
	return text
}

// nameOf names an actor, with its account where it acts for another.
func nameOf(a escrow.Actor) string {
	if a.Account == "" || a.Account == a.ID {
		return a.ID
	}
	return a.ID + " of " + a.Account
}

// ask puts a question to the engine.
func ask(c escrow.Contract, q Question) Answer {
	return AnswerOf(escrow.Decide(c, q.Command, q.Actor, escrow.At(q.Now)))
}
