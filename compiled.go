package escrow

import (
	"slices"
	"time"
)

// What a table's words are once the lifecycle is defined: every field is a place
// in a record, every party, pot, list and status a number.

// partySort is which sort of party a declaration is.
type partySort uint8

const (
	partyOfTerms partySort = iota + 1
	partyOfState
	partyReceives
	partyOfItem
	partyChosen
	partyIncoming
	partyAnyone
	partyPlatform
	partyBut
	partyEither
)

// party is a declared party, numbered.
type party struct {
	decl    *Party
	n       uint8
	sort    partySort
	ref     ref
	list    int
	options []*party // chosen, either, but, incoming
	kinds   kindSet
	refusal *Error
	instead *Error
	note    note
}

// admitsSystem reports whether the system itself may act for the party.
func (p *party) admitsSystem() bool {
	return p.sort == partyPlatform || p.sort == partyEither && slices.ContainsFunc(p.options, (*party).admitsSystem)
}

// kindSet is a set of actor kinds, one bit each.
type kindSet uint8

const (
	agents kindSet = 1 << iota
	tokens
	humans
	theSystem
)

// bit returns the set of a kind alone, empty for what is none.
func (k Kind) bit() kindSet {
	switch k {
	case "", KindAgent:
		return agents
	case KindToken:
		return tokens
	case KindHuman:
		return humans
	case KindSystem:
		return theSystem
	}
	return 0
}

// account returns the party's account where it is always the same one.
func (p *party) account() accountID {
	switch p.sort {
	case partyChosen, partyOfItem:
		return accountID{kind: dynamicAccount}
	case partyIncoming:
		return accountID{kind: incomingAccount, n: p.options[0].n}
	}
	return accountID{kind: partyAccount, n: p.n}
}

// test is a compiled case.
type test struct {
	op      testOp
	given   bool  // looks at the command
	shared  uint8 // the number of a case that stands in several rows of the action, 0 for none
	decl    *Case
	ref     ref
	number  uint64
	sums    [2]*sum
	ratios  []ref
	parties []*party
	moments []*moment
	pot     *pot
	list    int
	mask    uint64
	subs    []test
	// empty are the single pots, and lists the lists' pots, that hold nothing when
	// the case does. The proof takes the case's word; the audit of decisions does
	// not.
	empty      potSet
	emptyLists uint32
}

type testOp uint8

const (
	testSet testOp = iota + 1
	testUnset
	testEqual
	testAtMost
	testMore
	testWithin
	testDiffer
	testAhead
	testInOrder
	testLacks
	testEmpty
	testNone
	testSome
	testActing
	testAll
	testAny
	testNot
	testFunc
)

// moment is a compiled moment.
type moment struct {
	decl   *Moment
	name   string
	note   note
	op     momentOp
	plain  bool // a field as it is
	ref    ref
	plus   ref
	fixed  time.Duration
	subs   []*moment
	ofItem bool
}

type momentOp uint8

const (
	momentField momentOp = iota + 1
	momentEntered
	momentAwaited
	momentEarlier
	momentLater
	momentFirst
)

// sum is a compiled sum.
type sum struct {
	decl   *Sum
	op     sumOp
	ref    ref
	param  *Field
	pot    int
	of     *sum
	ratio  ref
	times  ref
	hasR   bool
	hasN   bool
	lesser []*sum
	policy *Field // the field that made it, for the basis
}

type sumOp uint8

const (
	sumField sumOp = iota + 1
	sumGiven
	sumPot
	sumTotal
	sumOf
	sumLesser
	sumFunc
)

// shares is compiled shares.
type shares struct {
	decl  *Shares
	ratio ref
	field *Field
	// becoming is the number of the item status that decides, 0 for none.
	becoming uint64
}

// cut is a compiled cut.
type cut struct {
	ratio  ref
	field  *Field
	amount *sum
	to     *party
	reason uint16
}

// step is a compiled step.
type step struct {
	op     stepOp
	pot    uint8
	each   bool
	posted bool
	list   int8
	from   accountID
	to     accountID
	second accountID // of stepRatio and stepCut
	ratio  ref
	reason uint16
	refund uint16 // of a difference that is returned
	// reasons are those of each receiver of a division.
	reasons []uint16
	decl    *Step
	sum     *sum
	part    *sum
	shares  *shares
	cuts    []cut
	payer   *party
	payees  []*party
}

// pays reports whether the step pays a pot out.
func (s *step) pays() bool { return s.decl.Pay }

type stepOp uint8

const (
	stepDeposit stepOp = iota + 1
	stepTopUp
	stepCharge
	stepPay
	stepDifference
	// The short ways of stepPay: a single pot to known parties.
	stepAll
	stepRatio
	stepCut
)

// effect is a compiled effect.
type effect struct {
	op     effectOp
	decl   *Effect
	ref    ref
	param  *Field
	loose  bool  // the command may leave param out
	given  *slot // of a parameter that is stored as it comes
	plus   ref
	over   ref // of a sheet
	number uint64
	list   int
	amends []ref
}

type effectOp uint8

const (
	effectGiven effectOp = iota + 1
	effectNow
	effectActor
	effectNumber
	effectFill
	effectCount
	effectClear
	effectFunc
	effectAdd
	effectAddAll
	effectEvery
	effectAmend
	effectChange
)

// requirement is a compiled requirement.
type requirement struct {
	decl  *Requirement
	test  *test
	at    turn
	given bool
	// fixed: a founding's that looks at terms and policy alone, so that the draft
	// knows.
	fixed bool
	// lasting: a check of what rules change by amendment only, so that it holds of every
	// contract.
	lasting bool
	refusal *Error
}

// rule is a row of the table, compiled.
type rule struct {
	*Rule
	n          int
	by         *party
	group      *group
	action     Action
	from       statusSet
	to         uint8
	cases      []test
	opens      *moment
	closes     *moment
	due        *moment
	needs      []requirement
	turns      turn
	effects    []effect
	early      []effect // of the co-sign
	money      []step
	each       int // list, -1 for none
	being      statusSet
	becomes    uint64
	unlike     *Error
	granted    bool
	cosigned   bool
	confirmers []*party
	ttl        ref
	quorum     ref
	duties     ref
	hasTTL     bool
	hasQuorum  bool
	hasDuties  bool
	while      uint8 // where the contract waits, 0 for where it is
	declined   uint8 // where a declined approval leads, 0 for nowhere
	replaces   []*party
	functions  bool
	lookedUp   bool // its cases run no functions, and its moment is no plain field
	ends       bool // leads to a terminal status
	refusals   []*Error
	wrong      *Error
	missed     []*Error // wrong status for each of cases
}

// sameStatus is the compiled form of [Same].
const sameStatus = 255

// starts reports whether the rule starts from a status.
func (r *rule) starts(status uint8) bool { return r.from.has(status) }

// group is the rules of one action.
type group struct {
	lifecycle *Lifecycle
	act       *Act
	action    Action
	own       ownAction
	rules     []*rule
	// starts is where the action starts, in the order of the table.
	starts []Status
	// next is the next group of the same slot, none when 0.
	next uint8
	// target is the place of the field that names the item, list its list; seat is
	// the list whose item the actor is.
	target *slot
	list   int
	seat   int
	// first is the list whose first item the action is about, -1 for none.
	first int
	// ofItem: the action is about an item.
	ofItem bool
	// even: neither window nor item status tells the rows apart.
	even bool
	// functions: answering it may run functions of the lifecycle.
	functions bool
}

// ownAction is which of the engine's own actions one is.
type ownAction uint8

const (
	ownNone ownAction = iota
	ownAdvance
	ownConfirm
	ownAnswer
)

var ownActions = map[Action]ownAction{actionAdvance: ownAdvance, actionConfirm: ownConfirm, actionDecline: ownAnswer, actionRevoke: ownAnswer}

// slot is where an action is looked for: a hash over its length and ends.
func (a Action) slot() uint {
	if a == "" {
		return 0
	}
	return (uint(len(a)) + 3*uint(a[0]) + 5*uint(a[len(a)-1])) % actionSlots
}

const actionSlots = 64

// named returns the rules of an action, nil when there are none.
func (l *Lifecycle) named(a Action) *group {
	for n := l.slots[a.slot()]; n != 0; n = l.groups[n-1].next {
		if g := &l.groups[n-1]; g.action == a {
			return g
		}
	}
	return nil
}

// groupOf returns the rules of a command's action, nil when the lifecycle has no
// such. An action of another lifecycle may have the same name.
func (l *Lifecycle) groupOf(act *Act) *group {
	if h := act.hint.Load(); int(h) < len(l.groups) && l.groups[h].act == act {
		return &l.groups[h]
	}
	for i := range l.groups {
		if l.groups[i].act == act {
			act.hint.Store(uint32(i))
			return &l.groups[i]
		}
	}
	return nil
}
