package escrow

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
)

// contractReader reads one contract. What its first members say of the lifecycle
// decides how the others are read; what depends on others is passed over first.
type contractReader struct {
	*reader
	known []*Lifecycle
	l     *Lifecycle
	c     Contract
	t     *terms
	// head is what says which lifecycle it is.
	head struct {
		lifecycle, status string
		version, schema   uint64
	}
	strict bool
	// guesses: the lifecycle may be taken for the one that the head so far is of;
	// guessed says that it was.
	guesses, guessed bool
	seen             [maxMembers / 64]uint64
	given            [maxMembers / 64]uint64 // seen, and not null
	later            []passed
	ahead            int // the place of the lifecycle\'s member that may be next
	// strangers are members that nobody knows, stranger the first of them.
	strangers keySet
	stranger  string
	// soft are the values that are none of their fields': why a stored contract
	// cannot be one, and what the founding of a draft refuses, each in its field's
	// turn; ruled says that a draft holds what only rules set.
	soft  []softFault
	ruled bool
	// assetRead says that amounts can be read.
	assetRead bool
	// policyFault is the first value of the policy that cannot work.
	policyFault *Error
	parts       []map[string][]byte // of forms
	held        holdings
	keys        []map[string]bool // of items, by list
	// viewState is what functions of the lifecycle are handed.
	viewState viewState
}

// view returns the view of what has been read, for a function of the lifecycle. The
// next takes its place.
func (x *contractReader) view() View {
	x.viewState.c = x.c
	return View{viewState: &x.viewState, list: -1, index: -1}
}

// passed is a member that was passed over, read when others are known.
type passed struct {
	member     int
	key        string
	start, end int
}

// unnumbered is a member passed over before the lifecycle is known.
const unnumbered = -1

// contractReaders are used again, for each is larger than most contracts.
var contractReaders = sync.Pool{New: func() any { return new(contractReader) }}

// readContract reads a contract at the reader, of one of the known lifecycles;
// stored demands the form in which this library stores. One that says only part of
// its lifecycle is read as what it seems to be; where that was wrong, or anything is
// wrong with the contract, it is read again once all is known.
func (r *reader) readContract(known []*Lifecycle, stored bool) (Contract, *Error) {
	x := contractReaders.Get().(*contractReader)
	began := *r
	c, fault := x.readOnce(r, known, stored, true)
	if x.guessed && (fault != nil || x.soft != nil || x.chosen() != x.l) {
		x.clear()
		*r = began
		c, fault = x.readOnce(r, known, stored, false)
	}
	x.clear()
	contractReaders.Put(x)
	return c, fault
}

// clear lets go of all that was read, but for memory to be used again.
func (x *contractReader) clear() {
	later := x.later[:cap(x.later)]
	clear(later)
	if len(later) > maxMembers {
		later = nil
	}
	for _, members := range x.parts {
		clear(members)
	}
	*x = contractReader{later: later[:0], parts: x.parts[:0]}
}

// readOnce reads the contract, with or without guessing what it is.
func (x *contractReader) readOnce(r *reader, known []*Lifecycle, stored, guesses bool) (Contract, *Error) {
	x.reader, x.known, x.t, x.guesses = r, known, &terms{}, guesses
	r.peek()
	start := r.i
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		x.next(r.key())
	}
	end, depth := r.i, r.depth
	if r.fault == nil && stored && x.head.schema == 0 {
		r.path = "schema"
		r.malformed("is missing: the contract is no stored one")
	}
	if r.fault == nil && x.l == nil {
		r.reject(x.choose())
	}
	x.readLater()
	if r.fault != nil {
		return Contract{}, r.fault
	}
	if x.c.status == 0 {
		r.reject(x.draft(r.s[start:end]))
	} else {
		r.reject(x.stored())
	}
	if r.fault != nil {
		return Contract{}, r.fault
	}
	r.i, r.depth = end, depth
	return x.c, nil
}

// next reads the member of a key, or passes over it.
func (x *contractReader) next(key string) {
	if x.fault != nil {
		return
	}
	if x.l == nil {
		n, engine := engineNames[key]
		if engine && n <= memberStatus {
			x.heading(n, key)
			return
		}
		if x.l = x.named(); x.l == nil {
			x.l = x.guess()
		}
		if x.l == nil {
			if engine {
				x.mark(n, key)
			} else {
				n = unnumbered
			}
			x.put(n, key)
			return
		}
		x.begin()
	}
	n, ok := x.member(key)
	switch {
	case !ok:
		x.unknown(key)
	case n <= memberStatus:
		x.heading(n, key)
	default:
		if x.mark(n, key); x.waits(n) {
			x.put(n, key)
		} else {
			x.read(n, key)
		}
	}
}

// member returns the number of a key. Members mostly stand in the order in which they
// are written, so the one behind the last is tried first.
func (x *contractReader) member(key string) (int, bool) {
	if x.ahead < len(x.l.wire.members) && x.l.wire.members[x.ahead].name == key {
		x.ahead++
		return engineMembers + x.ahead - 1, true
	}
	n, ok := x.l.wire.names[key]
	if n >= engineMembers {
		x.ahead = n - engineMembers + 1
	}
	return n, ok
}

// mark notes that a member was seen; it must not stand twice.
func (x *contractReader) mark(n int, key string) {
	bit := uint64(1) << (n & 63)
	if x.seen[n>>6]&bit != 0 {
		x.malformed("stands twice")
	}
	x.seen[n>>6] |= bit
	if x.peek() != 'n' {
		x.given[n>>6] |= bit
	}
}

// has reports whether a member was given.
func (x *contractReader) has(n int) bool { return x.given[n>>6]>>(n&63)&1 != 0 }

// put passes over a member, to be read later.
func (x *contractReader) put(n int, key string) {
	x.peek()
	start := x.i
	x.pass()
	x.later = append(x.later, passed{n, key, start, x.i})
}

// unknown passes over a member that nobody knows. An import may have such, which
// are ignored; in a stored contract they are refused.
func (x *contractReader) unknown(key string) {
	for _, name := range x.l.wire.known {
		x.differsInCase(key, name)
	}
	if x.strangers.twice(key) {
		x.malformed("stands twice")
	}
	if x.stranger == "" {
		x.stranger = truncate(key) + suggestion(truncate(key), x.l.wire.known)
	}
	x.skip()
}

// heading reads a member that says what the object is.
func (x *contractReader) heading(n int, key string) {
	x.mark(n, key)
	switch n {
	case memberID:
		x.t.id = x.text()
	case memberLifecycle:
		x.head.lifecycle = x.text()
	case memberVersion:
		x.head.version = x.count(maxCount)
	case memberSchema:
		if x.guessed {
			x.malformed("stands behind what it says how to read")
		}
		if x.head.schema = x.count(maxCount); x.has(n) && x.head.schema != schemaVersion {
			x.malformed("must be 1: another form is not known here")
		}
		x.strict = x.head.schema != 0
	case memberStatus:
		x.head.status = x.text()
	}
}

// named returns the lifecycle that has been named so far by name and version.
func (x *contractReader) named() *Lifecycle {
	if x.head.lifecycle == "" || x.head.version == 0 {
		return nil
	}
	for _, l := range x.known {
		if l.spec.Name == x.head.lifecycle && uint64(l.spec.Version) == x.head.version {
			return l
		}
	}
	return nil
}

// guess returns the lifecycle that the object is of by what it has said so far, nil
// when it has said nothing that tells.
func (x *contractReader) guess() *Lifecycle {
	if !x.guesses || x.head.lifecycle == "" && x.head.status == "" {
		return nil
	}
	l := x.chosen()
	x.guessed = l != nil
	return l
}

// choose finds the lifecycle once all that the object says of it is known.
func (x *contractReader) choose() *Error {
	if x.l = x.chosen(); x.l == nil {
		name := x.head.lifecycle
		if name == "" {
			name = x.unnamed()
		}
		return refuse(UnknownLifecycle, x.missing(name))
	}
	x.begin()
	return x.fault
}

// chosen returns the lifecycle that the object names; else the one that reads objects
// without a name. Without a version it is the newest for a draft, and the first
// otherwise.
func (x *contractReader) chosen() (chosen *Lifecycle) {
	name := x.head.lifecycle
	if name == "" {
		name = x.unnamed()
	}
	for _, l := range x.known {
		if l.spec.Name != name {
			continue
		}
		version := uint64(l.spec.Version)
		switch {
		case x.head.version != 0 && version != x.head.version, x.head.version == 0 && x.head.status != "" && version != 1:
		case chosen == nil || chosen.spec.Version < l.spec.Version:
			chosen = l
		}
	}
	return chosen
}

// unnamed returns the name of the first lifecycle that reads objects without a name
// and has the status; else of the first that reads such.
func (x *contractReader) unnamed() string {
	name := ""
	for _, l := range x.known {
		switch {
		case !l.spec.ReadsUnnamed:
		case x.head.status == "" || l.indexOf(Status(x.head.status)) > 0:
			return l.spec.Name
		case name == "":
			name = l.spec.Name
		}
	}
	return name
}

// missing says which lifecycle was not passed.
func (x *contractReader) missing(name string) string {
	switch {
	case name == "":
		return "the contract names no lifecycle, and none that was passed reads such"
	case x.head.version != 0:
		return "there is no version " + itoa(int(x.head.version)) + " of lifecycle " + truncate(name) + " here"
	}
	return "there is no lifecycle " + truncate(name) + " here"
}

// begin makes the records of the lifecycle that was found.
func (x *contractReader) begin() {
	x.t.fixed, x.t.asset, x.t.policy = x.l.terms.newRecord(), x.l.spec.Asset, x.l.defaults
	x.c = Contract{lifecycle: x.l, terms: x.t, state: x.l.state.newRecord()}
}

// settle finds the status, once every member has been seen.
func (x *contractReader) settle() *Error {
	status := x.l.indexOf(Status(x.head.status))
	if status < 0 {
		return field(Malformed, "status", "lifecycle "+x.l.spec.Name+" has no status "+truncate(x.head.status)+suggestion(truncate(x.head.status), labels(x.l.statuses)))
	}
	x.c.status = uint8(status)
	switch {
	case !x.strict:
	case x.stranger != "":
		return field(Malformed, strings.SplitN(x.stranger, " ", 2)[0], "is no field of a contract: "+x.stranger)
	case x.head.lifecycle == "" || x.head.version == 0:
		return field(Malformed, "lifecycle", "a stored contract names its lifecycle and version")
	case !x.has(memberAsset):
		return field(Malformed, "asset", "is missing")
	case !x.has(memberPolicy):
		return field(Malformed, "policy", "is missing")
	case status != 0 && !x.has(memberCustody):
		return field(Malformed, "custody", "is missing")
	case status != 0 && !x.has(memberRevision):
		return field(Malformed, "revision", "is missing")
	}
	return nil
}

// draft makes a draft of what was read. What is wrong with its terms is for its
// founding to refuse; until then it is written as it came.
func (x *contractReader) draft(text string) *Error {
	c, t := &x.c, x.t
	if x.ruled {
		t.fail(field(Malformed, "contract", "a draft holds terms only, nothing that rules set"))
	}
	if !validContractID(t.id) {
		t.fail(field(Malformed, "id", "must be 1 to 200 bytes of printable ASCII without blanks and slashes"))
	}
	for i := range x.soft {
		s := &x.soft[i]
		e := s.fault.named(s.name)
		switch {
		case faultRank(e) > 0:
			t.late = append(t.late, lateFault{list: s.list, item: s.item, field: s.field, fault: e})
		case s.list >= 0:
			t.fail(e.within(itemPath(&x.l.lists[s.list], s.item)))
		default:
			t.fail(e)
		}
	}
	if x.policyFault != nil {
		t.fail(x.policyFault)
	}
	t.early = t.fault
	c.judge()
	if t.fault == nil {
		return nil
	}
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		return field(Malformed, "contract", err.Error())
	}
	t.text = b.String()
	return nil
}

// validContractID reports whether an id can be that of a contract.
func validContractID(id string) bool { return validID(id) && !strings.Contains(id, "/") }
