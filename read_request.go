package escrow

import "sync"

var requestNames = fieldNames("contract", "command", "actor", "now")

// requestReader reads one request. What is wrong with the contract, or with the
// command, is told apart from the rest: a missing actor comes before it.
type requestReader struct {
	*reader
	// whole reads the request, part what has paths of its own in it.
	whole, part                 reader
	known                       []*Lifecycle
	q                           Request
	contract, command           bool
	contractFault, commandFault *Error
	later                       int // a command that stands before the contract
	now                         instant
}

// ParseRequest reads a request: {"contract", "command", "actor", "now"}. The first
// fault in the order of the codes is the error: a missing actor comes before
// anything that is malformed.
func ParseRequest(data []byte, lifecycles ...*Lifecycle) (Request, error) {
	if e := sameName(lifecycles); e != nil {
		return Request{}, e
	}
	x := requestReaders.Get().(*requestReader)
	defer requestReaders.Put(x)
	x.whole, x.known = reader{s: string(data), path: "request"}, lifecycles
	x.reader = &x.whole
	x.members()
	q, e := x.q, x.fit()
	q.Now = x.now.time()
	*x = requestReader{}
	if e != nil {
		return Request{Actor: q.Actor}, e
	}
	return q, nil
}

// requestReaders are used again: a stream of requests needs no memory for them.
var requestReaders = sync.Pool{New: func() any { return new(requestReader) }}

func (x *requestReader) members() {
	var seen keysSeen
	for ok := x.enter('{', '}'); ok; ok = x.more('}') {
		switch x.field(requestNames, &seen) {
		case 0:
			x.readContract()
		case 1:
			x.readCommand()
		case 2:
			x.q.Actor = x.actor()
		case 3:
			x.now = x.instant()
		default:
			x.malformed("is no field of a request")
		}
	}
	x.reader.end()
	x.readLater()
}

// readLater reads a command that stood before its contract.
func (x *requestReader) readLater() {
	if x.fault == nil && x.later > 0 && x.contract && x.contractFault == nil {
		x.i = x.later
		x.depth++
		x.readCommand()
	}
}

// apart returns a reader of a part of the request, whose faults are its own.
func (x *requestReader) apart() *reader {
	x.part = *x.reader
	x.part.path = ""
	return &x.part
}

// readContract reads the contract; what is wrong with it is kept.
func (x *requestReader) readContract() {
	if x.null() {
		return
	}
	x.contract = true
	own := x.apart()
	if x.q.Contract, x.contractFault = own.readContract(x.known, false); x.contractFault == nil {
		x.i = own.i
		return
	}
	x.skip()
}

// readCommand reads the command once the contract says how.
func (x *requestReader) readCommand() {
	if x.null() {
		return
	}
	x.command = true
	if !x.contract || x.contractFault != nil {
		x.peek()
		x.later = x.i
		x.skip()
		return
	}
	own := x.apart()
	if x.q.Command, x.commandFault = x.q.Contract.lifecycle.readCommand(own); x.commandFault == nil {
		x.i = own.i
		return
	}
	x.skip()
}

// fit returns the first fault in the order of the codes.
func (x *requestReader) fit() *Error {
	switch {
	case x.fault != nil:
		return x.fault
	case x.q.Actor.ID == "":
		return refuseActor
	case x.contractFault != nil:
		return x.contractFault
	case !x.contract:
		return field(Malformed, "contract", "is missing")
	case !x.command:
		return field(Malformed, "command", "is missing")
	case x.now.isZero():
		return field(Malformed, "now", "is missing")
	}
	return x.commandFault
}
