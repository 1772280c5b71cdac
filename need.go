package escrow

import (
	"strings"
	"time"
)

type needKind uint8

const (
	needTerms needKind = iota
	needHireTerms
	needDelivery
	needAgents
	needVotes
	needVerdicts
	needWorkerNamed
	needChangedTerms
	needMilestoneTerms
	needDispositions
	needMilestoneKnown
	needNotEnded
	needNotVoted
	needMilestoneNew
	needFundable
	needFunded
	needRoom
	needDispositionsNamed
	needAccount
	needAmount
	needData
)

// Need is a guard: what a rule demands besides actor, status and window. It
// never changes anything.
type Need struct {
	name   string
	kind   needKind
	code   Code
	reason Reason
	meets  func(any, Command, Scene) bool
	text   func(Command) string
	// ofPayload: the need looks at the command's payload, which Explain has not.
	ofPayload bool
	fit       fit
	// at is when it is checked, once the table is compiled.
	at stage
}

// String returns the need as the rule book prints it.
func (n Need) String() string { return n.name }

// Reason returns why the rule refuses when the need is not met.
func (n Need) Reason() Reason { return n.reason }

func need(kind needKind, reason Reason, name string) Need {
	return Need{name: name, kind: kind, code: codeOf[reason].Code, reason: reason}
}

// needOf is a need that reads the payload of one command.
func needOf[C Command](kind needKind, reason Reason, name string) Need {
	n := need(kind, reason, name)
	n.ofPayload, n.fit = true, fitCommand[C]()
	return n
}

// The needs of the two lifecycles.
var (
	// TermsInOrder: the draft's policy, parties, price, criteria, modes and
	// deadlines are those of a workable contract.
	TermsInOrder = need(needTerms, InvalidTerms, "terms in order")
	// HireInOrder: the draft's policy, parties and first milestone are.
	HireInOrder = need(needHireTerms, InvalidTerms, "terms in order")
	// DeliveryGiven: the delivery is not blank.
	DeliveryGiven = needOf[Deliver](needDelivery, DeliveryMissing, "delivery not blank")
	// AgentsInOrder: as many backup agents as the policy recruits, none a party,
	// none twice.
	AgentsInOrder = needOf[Draw](needAgents, BackupAgentsInvalid, "baRecruitCount backup agents, no party, no duplicate")
	// VotesComplete: exactly one ballot for every criterion.
	VotesComplete = needOf[Vote](needVotes, VotesIncomplete, "one vote per criterion")
	// VerdictsKnown: every ballot is met, not met or unclear.
	VerdictsKnown = needOf[Vote](needVerdicts, VoteInvalid, "every vote met, not met or unclear")
	// WorkerNamed: the contract is a direct award.
	WorkerNamed = need(needWorkerNamed, DeclinedOpenTender, "direct award")
	// ChangedTermsInOrder: a hire's changed terms, if any, are those of a milestone.
	ChangedTermsInOrder = needOf[Hire](needChangedTerms, InvalidMilestone, "changed terms in order")
	// MilestoneInOrder: the new milestone has an id, a name or description and
	// a positive amount that fits the asset.
	MilestoneInOrder = needOf[AddMilestone](needMilestoneTerms, InvalidMilestone, "milestone in order")
	// DispositionsInOrder: dispositions come from a human who decides, and each
	// names a funded milestone once.
	DispositionsInOrder = needOf[End](needDispositions, DispositionInvalid, "dispositions in order")
	// MilestoneKnown: the contract has the milestone.
	MilestoneKnown = need(needMilestoneKnown, MilestoneNotFound, "milestone exists")
	// NotEnded: the contract has not ended.
	NotEnded = need(needNotEnded, ContractEnded, "contract not ended")
	// NotVoted: the agent has not voted yet.
	NotVoted = need(needNotVoted, AlreadyVoted, "not voted yet")
	// MilestoneNew: no milestone has this id yet.
	MilestoneNew = needOf[AddMilestone](needMilestoneNew, MilestoneExists, "no milestone of this id")
	// Fundable: the milestone was never funded.
	Fundable = need(needFundable, MilestoneNotFundable, "milestone NOT_FUNDED")
	// Funded: the milestone holds money.
	Funded = need(needFunded, MilestoneNotFunded, "milestone ACTIVE_FUNDED")
	// RoomForMilestone: fewer than 1,000 milestones.
	RoomForMilestone = need(needRoom, TooMany, "fewer than 1,000 milestones")
	// DispositionsNamed: where the policy requires it, every funded milestone is
	// named.
	DispositionsNamed = needOf[End](needDispositionsNamed, DispositionRequired, "every funded milestone named, if endDisposition is require")
)

// Scene is what the functions of a lifecycle from outside may look at besides
// its own data and the command.
type Scene struct {
	Now            time.Time
	Actor          Actor
	Client, Worker string
	Asset          Asset
}

// Require returns a need that looks at the command and the lifecycle's own data.
// It refuses with the given code and reason; the code decides when it
// is checked: [InvalidRequest] before the actor, [NotFound] after, [Conflict]
// last. A reason of the engine's own keeps its meaning, any other is new.
func Require[D comparable, C Command](code Code, reason Reason, name string, meets func(D, C, Scene) bool) Need {
	return Need{name: name, kind: needData, code: code, reason: reason, ofPayload: true, fit: fitBoth[D, C](),
		meets: func(data any, cmd Command, s Scene) bool { return meets(data.(D), cmd.(C), s) }}
}

// RequireData is [Require] for a need that does not look at the command, so that
// [Explain] can tell whether it is met.
func RequireData[D comparable](code Code, reason Reason, name string, meets func(D, Scene) bool) Need {
	return Need{name: name, kind: needData, code: code, reason: reason, fit: fitData[D](),
		meets: func(data any, _ Command, s Scene) bool { return meets(data.(D), s) }}
}

// RequireAccount returns a need that the command names a well-formed account:
// 1 to 200 bytes of printable ASCII without blanks, else [Malformed].
func RequireAccount[C Command](name string, account func(C) string) Need {
	return Need{name: name, kind: needAccount, code: InvalidRequest, reason: Malformed, ofPayload: true, fit: fitCommand[C](),
		text: func(cmd Command) string { return account(cmd.(C)) }}
}

// RequireAmount returns a need that the command gives an amount of the
// contract's asset in plain notation; refusals as in [Asset.Parse].
func RequireAmount[C Command](name string, amount func(C) string) Need {
	return Need{name: name, kind: needAmount, code: InvalidRequest, reason: Malformed, ofPayload: true, fit: fitCommand[C](),
		text: func(cmd Command) string { return amount(cmd.(C)) }}
}

// unmet returns the refusal when the need is not met; the zero refusal when it is.
func (n *Need) unmet(q *ask, cmd Command) *Error {
	ok := true
	switch n.kind {
	case needTerms:
		return q.c.termsFault(q.now)
	case needHireTerms:
		return q.c.hireFault()
	case needDelivery:
		ok = strings.TrimSpace(cmd.(Deliver).Delivery) != ""
	case needAgents:
		ok = q.agentsInOrder(cmd.(Draw).BackupAgents)
	case needVotes:
		ok = q.votesComplete(cmd.(Vote).Votes)
	case needVerdicts:
		for _, b := range cmd.(Vote).Votes {
			ok = ok && verdictOf(b.Vote) != unjudged
		}
	case needWorkerNamed:
		ok = q.c.status == 0 || q.c.terms.award == AwardDirect
	case needChangedTerms:
		return q.changedTermsFault(cmd.(Hire).Milestone)
	case needMilestoneTerms:
		m, fault := q.c.milestoneOf(cmd.(AddMilestone).Milestone, "milestone")
		if fault == nil && !q.c.withinTotal(m.Amount) {
			fault = field(AmountBounds, "milestone.amount", "all milestones of a contract together come to at most 10^38 smallest units")
		}
		return fault
	case needDispositions:
		return q.dispositionsFault(cmd.(End).Dispositions)
	case needMilestoneKnown:
		ok = q.milestone(cmd) >= 0
	case needNotEnded:
		ok = q.c.Status() != Ended
	case needNotVoted:
		seat := q.c.jury.seat(q.actor.account())
		ok = seat < 0 || q.c.jury.ballots[seat] == 0
	case needMilestoneNew:
		ok = q.c.milestoneIndex(cmd.(AddMilestone).Milestone.ID) < 0
	case needFundable:
		return q.milestoneStanding(cmd, NotFunded, MilestoneNotFundable)
	case needFunded:
		return q.milestoneStanding(cmd, ActiveFunded, MilestoneNotFunded)
	case needRoom:
		ok = len(q.c.milestones()) < maxMilestones
	case needDispositionsNamed:
		ok = q.dispositionsNamed(cmd.(End).Dispositions)
	case needAccount:
		ok = validID(n.text(cmd))
	case needAmount:
		return q.c.amountFault(n.name, n.text(cmd))
	case needData:
		ok = n.meets(q.c.data, cmd, q.scene())
	}
	if ok {
		return nil
	}
	return n.refusal()
}

// refusal returns the need's refusal, as the catalogue says it.
func (n *Need) refusal() *Error {
	if _, own := codeOf[n.reason]; own {
		return refuse(n.reason, "")
	}
	return newError(shape{code: n.code, reason: n.reason, message: "needs: " + n.name, remedy: "make sure of: " + n.name})
}

func (q *ask) scene() Scene {
	return Scene{Now: q.now.time(), Actor: *q.actor, Client: q.c.terms.client, Worker: q.c.worker, Asset: q.c.terms.asset}
}

// agentsInOrder reports whether a draw names the right number of accounts, none
// a party and none twice. Nobody chooses his own judges.
func (q *ask) agentsInOrder(agents []string) bool {
	if len(agents) != q.c.terms.policy.BARecruitCount || len(agents) > maxAgents {
		return false
	}
	for i, a := range agents {
		if !validID(a) || a == q.c.terms.client || a == q.c.worker {
			return false
		}
		for _, earlier := range agents[:i] {
			if a == earlier {
				return false
			}
		}
	}
	return true
}

// amountFault returns why text is no amount of the contract's asset.
func (c *Contract) amountFault(name, text string) *Error {
	n, reason := parseNumber(text)
	if reason == "" {
		_, reason = n.units(c.terms.asset.Scale)
	}
	if reason == "" {
		return nil
	}
	return field(reason, name, catalogueText(reason))
}

// votesComplete reports whether the ballots name every criterion once.
func (q *ask) votesComplete(votes []Ballot) bool {
	var named uint
	for _, b := range votes {
		if b.CriterionIndex < 0 || b.CriterionIndex >= len(q.c.terms.criteria) || named&(1<<b.CriterionIndex) != 0 {
			return false
		}
		named |= 1 << b.CriterionIndex
	}
	return len(votes) == len(q.c.terms.criteria)
}
