package sandbox

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// ErrNoAnswer is what a caller sees of a lost request, a lost answer, and a request
// that arrives later: the three look the same.
var ErrNoAnswer = errors.New("sandbox: no answer")

// Operation names a method of the rail.
type Operation string

// The operations.
const (
	HoldCall    Operation = "hold"
	CaptureCall Operation = "capture"
	VoidCall    Operation = "void"
	PayCall     Operation = "pay"
	RefundCall  Operation = "refund"
	LookupCall  Operation = "lookup"
	ListCall    Operation = "list"
)

// reads reports whether the operation changes nothing.
func (o Operation) reads() bool { return o == LookupCall || o == ListCall }

// Call is what a fault is chosen for.
type Call struct {
	Operation Operation
	// ID is the transfer's, empty for ListCall. Account is who pays or receives, known
	// for HoldCall, PayCall and RefundCall.
	ID, Account string
	// Count is how many times the operation has been asked for the id, this time
	// included, by whatever process: it is kept with the transfers.
	Count int
}

// Fault is what goes wrong with a call.
type Fault struct {
	Kind FaultKind
	// Delay is how late the answer of Late comes; 0 is later than the caller waits.
	Delay time.Duration
	// After is how many further calls come in before a request that ArrivesLater does;
	// with 0 it is done just before the next call, whatever that is about.
	After int
}

// FaultKind names what goes wrong.
type FaultKind string

// The kinds of faults.
const (
	// NoFault is a call that goes well.
	NoFault FaultKind = ""
	// Late does what is asked, and answers when Delay is over or the context ends.
	Late FaultKind = "late"
	// Twice has the network repeat the request: it is done twice, and the second
	// answers.
	Twice FaultKind = "twice"
	// AnswerLost does what is asked and answers ErrNoAnswer.
	AnswerLost FaultKind = "answer_lost"
	// RequestLost does nothing and answers ErrNoAnswer.
	RequestLost FaultKind = "request_lost"
	// ArrivesLater answers ErrNoAnswer, and does what is asked before a later call. It
	// is RequestLost for what only reads.
	ArrivesLater FaultKind = "arrives_later"
	// Refuse refuses a new hold, payment or refund, and the capture of a hold, for good.
	Refuse FaultKind = "refuse"
	// AskPayer has a new hold need an action of its payer: the challenge is
	// {"sandbox":"confirm"}, and any proof meets it.
	AskPayer FaultKind = "ask_payer"
)

// Faults says what goes wrong with which calls. The zero value is a rail on which
// nothing does.
type Faults struct {
	// Choose decides for each call; nil leaves it to chance.
	Choose func(Call) Fault
	// Seed and PerThousand are the chance: of a thousand calls, about so many go wrong.
	// The same seed, operation, id and count always meet the same fault.
	Seed        uint64
	PerThousand int
	// RefuseCaptures says that captures too may be refused by chance.
	RefuseCaptures bool
	// LateBy is how late late answers by chance are; 0 is later than the caller waits.
	LateBy time.Duration
}

// RandomFaults returns faults by chance, about so many of a thousand calls; holds may
// be refused or need an action, captures are not refused. Late answers are 50 ms late.
func RandomFaults(seed uint64, perThousand int) Faults {
	return Faults{Seed: seed, PerThousand: perThousand, LateBy: 50 * time.Millisecond}
}

// any reports whether there are faults at all.
func (f Faults) any() bool { return f.Choose != nil || f.PerThousand > 0 }

// of decides what goes wrong with a call.
func (f Faults) of(c Call) Fault {
	if f.Choose != nil {
		return f.Choose(c)
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d %s", c.Operation, c.Count, c.ID)
	chance := rand.New(rand.NewPCG(f.Seed, h.Sum64()))
	if chance.IntN(1000) >= f.PerThousand {
		return Fault{}
	}
	kinds := f.kinds(c.Operation)
	return Fault{Kind: kinds[chance.IntN(len(kinds))], Delay: f.LateBy, After: chance.IntN(3)}
}

// kinds returns what can go wrong with an operation by chance.
func (f Faults) kinds(o Operation) []FaultKind {
	kinds := []FaultKind{Late, AnswerLost, RequestLost}
	if !o.reads() {
		kinds = append(kinds, Twice, ArrivesLater)
	}
	if o == HoldCall {
		kinds = append(kinds, Refuse, AskPayer)
	}
	if o == CaptureCall && f.RefuseCaptures {
		kinds = append(kinds, Refuse)
	}
	return kinds
}
