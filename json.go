package escrow

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

// ParseContract reads a contract of one of the lifecycles from JSON. One with a
// schema is a stored one and is read strictly. Anything else is an import: what it
// leaves out is completed where the lifecycle says how, and unknown fields are
// ignored. What contradicts the rest, or cannot be, is [Malformed].
func ParseContract(data []byte, lifecycles ...*Lifecycle) (Contract, error) {
	return parseContract(data, lifecycles, false)
}

// ReadStored reads a contract that this package has written. It is [ParseContract]
// for storage: what has no schema is refused, so nothing is ever filled in.
func ReadStored(data []byte, lifecycles ...*Lifecycle) (Contract, error) {
	return parseContract(data, lifecycles, true)
}

func parseContract(data []byte, known []*Lifecycle, stored bool) (Contract, error) {
	if e := sameName(known); e != nil {
		return Contract{}, e
	}
	r := &reader{s: string(data)}
	c, fault := r.readContract(known, stored)
	if fault == nil {
		r.end()
		fault = r.fault
	}
	if fault != nil {
		return Contract{}, fault
	}
	return c, nil
}

// sameName refuses two different tables of one name and version: a contract that
// names them would live by either.
func sameName(known []*Lifecycle) *Error {
	for i, l := range known {
		if l == nil {
			return refuse(UnknownLifecycle, "a lifecycle that was passed is nil")
		}
		for _, other := range known[:i] {
			if other != l && other.spec.Version == l.spec.Version && other.spec.Name == l.spec.Name {
				return refuse(UnknownLifecycle, "two different tables of lifecycle "+l.spec.Name+", version "+itoa(l.spec.Version)+", were passed")
			}
		}
	}
	return nil
}

// MarshalJSON writes the contract in the one form that is stored, signed and
// shown: reading it back gives the same contract, and writing that the same bytes.
// The zero contract is null.
func (c Contract) MarshalJSON() ([]byte, error) {
	switch {
	case c.lifecycle == nil:
		return []byte("null"), nil
	case c.stale():
		return nil, refuseStale
	}
	var w writer
	w.contract(&c)
	return w.done()
}

// done returns what was written, or why it could not be.
func (w *writer) done() ([]byte, error) {
	if w.fault != nil {
		return nil, w.fault
	}
	return w.buf, nil
}

// Digest returns the SHA-256, in hexadecimal, of the contract's canonical JSON (RFC
// 8785) without what the application fills in its approvals: approvalUrl and
// result. It chains snapshots where that is wanted. It is empty for what cannot be
// written.
func (c Contract) Digest() string {
	if c.lifecycle == nil || c.stale() {
		return ""
	}
	w := writer{digest: true}
	w.contract(&c)
	if w.fault != nil {
		return ""
	}
	text, fault := canonicalJSON(w.buf)
	if fault != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// MarshalJSON writes the decision with its movements and the next snapshot.
func (d Decision) MarshalJSON() ([]byte, error) {
	switch {
	case d.Contract.lifecycle == nil:
		return []byte("null"), nil
	case d.Contract.stale():
		return nil, refuseStale
	}
	var w writer
	w.decision(&d)
	return w.done()
}

// MarshalJSON writes the refusal.
func (e *Error) MarshalJSON() ([]byte, error) {
	if e == nil || e.shape == nil {
		return []byte("null"), nil
	}
	var w writer
	w.refusal(e)
	return w.buf, nil
}

// MarshalJSON writes the movement with its id and basis; one that an approval
// proposes has neither.
func (m Movement) MarshalJSON() ([]byte, error) {
	var w writer
	w.movement(&m)
	return w.done()
}

// MarshalJSON writes the approval record, in the form of its contract's lifecycle.
func (a Approval) MarshalJSON() ([]byte, error) {
	var w writer
	w.approval(a.lifecycle, a.terms, &a)
	return w.done()
}

// MarshalJSON writes the command: its action and what it carries. The zero command
// is null.
func (c Command) MarshalJSON() ([]byte, error) {
	if c.act == nil {
		return []byte("null"), nil
	}
	var w writer
	w.command(c)
	return w.buf, nil
}

// MarshalJSON writes the actor.
func (a Actor) MarshalJSON() ([]byte, error) {
	var w writer
	w.actor(&a)
	return w.buf, nil
}

// UnmarshalJSON reads an actor. Unknown fields are refused.
func (a *Actor) UnmarshalJSON(data []byte) error {
	r := &reader{s: string(data), path: "actor"}
	read := r.actor()
	r.end()
	if r.fault != nil {
		return r.fault
	}
	*a = read
	return nil
}

var actorNames = fieldNames("id", "kind", "account", "user", "scopes", "features", "claimed", "claimUrl")

func (r *reader) actor() (a Actor) {
	if r.null() {
		return a
	}
	r.inside("actor")
	defer r.outside()
	var seen keysSeen
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch r.field(actorNames, &seen) {
		case 0:
			a.ID = r.text()
		case 1:
			a.Kind = Kind(r.text())
		case 2:
			a.Account = r.text()
		case 3:
			a.User = r.text()
		case 4:
			a.Scopes = r.texts()
		case 5:
			a.Features = r.texts()
		case 6:
			a.Claimed = r.flag()
		case 7:
			a.ClaimURL = r.text()
		default:
			r.malformed("is no field of an actor")
		}
	}
	return a
}

// Request is one question to the engine: what the decide driver reads.
type Request struct {
	Contract Contract
	Command  Command
	Actor    Actor
	Now      time.Time
}

// Decide answers the request.
func (q *Request) Decide() (Decision, error) {
	return Decide(q.Contract, q.Command, q.Actor, fixed(instantOf(q.Now)))
}

// MarshalJSON writes the request as the decide driver reads it.
func (q Request) MarshalJSON() ([]byte, error) {
	var w writer
	w.open('{')
	if q.Contract.lifecycle != nil {
		w.key("contract")
		w.contract(&q.Contract)
	}
	if q.Command.act != nil {
		w.key("command")
		w.command(q.Command)
	}
	w.key("actor")
	w.actor(&q.Actor)
	w.time("now", q.Now)
	w.close('}')
	return w.done()
}

// AppendAnswer appends the answer to a request as one line of JSON without its end:
// {"decision": …} or, when err is a refusal, {"refusal": …}.
func AppendAnswer(dst []byte, d *Decision, err error) []byte {
	w := writer{buf: append(dst, '{')}
	if err == nil {
		start := len(w.buf)
		w.key("decision")
		if w.decision(d); w.fault == nil {
			w.close('}')
			return w.buf
		}
		w.buf, err = w.buf[:start], w.fault
	}
	var e *Error
	if !errors.As(err, &e) {
		e = refuse(Malformed, err.Error())
	}
	w.key("refusal")
	w.refusal(e)
	w.close('}')
	return w.buf
}
