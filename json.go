package escrow

import (
	"errors"
	"time"
)

// builtIn returns the lifecycles that are always known, before those passed in.
func builtIn(more []*Lifecycle) []*Lifecycle {
	if len(more) == 0 {
		return builtInLifecycles
	}
	return append([]*Lifecycle{OpenContract, OpenTrain}, more...)
}

var builtInLifecycles = []*Lifecycle{OpenContract, OpenTrain}

// ParseContract reads a contract from JSON. Objects copied from the OpenContract
// documentation read as they stand: what is implied is completed, unknown fields
// are ignored, and what contradicts the rest, such as a custody that the status
// does not imply, is [Malformed]. Lifecycles from outside are passed in.
func ParseContract(data []byte, lifecycles ...*Lifecycle) (Contract, error) {
	c, fault := readContract(string(data), builtIn(lifecycles))
	return c, fault.asError()
}

// UnmarshalJSON reads a contract of a built-in lifecycle, as [ParseContract].
// Null changes nothing.
func (c *Contract) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	read, err := ParseContract(data)
	if err == nil {
		*c = read
	}
	return err
}

// MarshalJSON writes the contract in the one form that is stored, signed and
// shown: reading it back gives the same contract, and writing that the same
// bytes. The zero contract is null.
func (c Contract) MarshalJSON() ([]byte, error) {
	if c.law == nil {
		return []byte("null"), nil
	}
	var w writer
	w.contract(&c)
	return w.buf, nil
}

// MarshalJSON writes the decision with its movements and the next snapshot.
func (d Decision) MarshalJSON() ([]byte, error) {
	if d.Contract.law == nil {
		return []byte("null"), nil
	}
	var w writer
	w.decision(&d)
	return w.buf, nil
}

// MarshalJSON writes the refusal.
func (e *Error) MarshalJSON() ([]byte, error) {
	var w writer
	w.refusal(e)
	return w.buf, nil
}

// MarshalJSON writes the movement with its id and basis.
func (m Movement) MarshalJSON() ([]byte, error) {
	var w writer
	w.movement(&m)
	return w.buf, nil
}

// MarshalJSON writes the approval record.
func (a Approval) MarshalJSON() ([]byte, error) {
	var w writer
	w.approval(&a)
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
	var seen uint64
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch r.field(actorNames, &seen) {
		case 0:
			a.ID = r.prose()
		case 1:
			a.Kind = Kind(r.prose())
		case 2:
			a.Account = r.prose()
		case 3:
			a.User = r.prose()
		case 4:
			a.Scopes = r.texts()
		case 5:
			a.Features = r.texts()
		case 6:
			a.Claimed = r.flag()
		case 7:
			a.ClaimURL = r.prose()
		default:
			r.malformed("is no field of an actor")
		}
	}
	return a
}

// ParseCommand reads a command of the lifecycle. A field that the action does
// not have is [Malformed].
func (l *Lifecycle) ParseCommand(data []byte) (Command, error) {
	cmd, fault := l.readCommand(string(data))
	return cmd, fault.asError()
}

// FormatCommand writes a command as JSON.
func FormatCommand(cmd Command) []byte {
	var w writer
	w.command(cmd)
	return w.buf
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
	if q.Contract.law != nil {
		w.key("contract")
		w.contract(&q.Contract)
	}
	if q.Command != nil {
		w.key("command")
		w.command(q.Command)
	}
	w.key("actor")
	w.actor(&q.Actor)
	w.time("now", q.Now)
	w.close('}')
	return w.buf, nil
}

var requestNames = fieldNames("contract", "command", "actor", "now")

// ParseRequest reads a request: {"contract", "command", "actor", "now"}. The
// first fault in the order of the codes is the error: a missing actor comes
// before anything that is malformed.
func ParseRequest(data []byte, lifecycles ...*Lifecycle) (Request, error) {
	q, fault := readRequest(string(data), builtIn(lifecycles))
	return q, fault.asError()
}

func readRequest(text string, known []*Lifecycle) (q Request, fault *Error) {
	r := &reader{s: text, path: "request"}
	var contract *wireContract
	var contractFault *Error
	command := ""
	var seen uint64
	var now instant
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch r.field(requestNames, &seen) {
		case 0:
			contract, contractFault = r.inner()
		case 1:
			command = r.raw()
		case 2:
			q.Actor = r.actor()
		case 3:
			now = r.instant()
		default:
			r.malformed("is no field of a request")
		}
	}
	r.end()
	switch {
	case r.fault != nil:
		return q, r.fault
	case q.Actor.ID == "":
		return q, refuseActor
	case contractFault != nil:
		return q, contractFault
	case contract == nil:
		return q, field(Malformed, "contract", "is missing")
	}
	if q.Contract, fault = contract.resolve(known); fault != nil {
		return q, fault
	}
	if command == "" {
		return q, field(Malformed, "command", "is missing")
	}
	if now.isZero() {
		return q, field(Malformed, "now", "is missing")
	}
	q.Now = now.time()
	q.Command, fault = q.Contract.law.readCommand(command)
	return q, fault
}

// inner reads a contract on the way, nil for null. What is wrong with it is told
// apart from the rest, which is read all the same.
func (r *reader) inner() (*wireContract, *Error) {
	if r.null() {
		return nil, nil
	}
	own := *r
	c := own.contract()
	if own.fault != nil {
		r.skip()
		return nil, own.fault
	}
	r.i = own.i
	return c, nil
}

// AppendAnswer appends the answer to a request as one line of JSON without its
// end: {"decision": …} or, when err is a refusal, {"refusal": …}.
func AppendAnswer(dst []byte, d *Decision, err error) []byte {
	w := writer{buf: append(dst, '{')}
	var e *Error
	switch {
	case err == nil:
		w.key("decision")
		w.decision(d)
	case errors.As(err, &e):
		w.key("refusal")
		w.refusal(e)
	default:
		w.key("refusal")
		w.refusal(refuse(Malformed, err.Error()))
	}
	w.close('}')
	return w.buf
}
