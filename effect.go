package escrow

type effectKind uint8

const (
	effectWorker effectKind = iota
	effectDelivery
	effectAllMet
	effectDispute
	effectAgents
	effectVotes
	effectTally
	effectEndDate
	effectFirstMilestone
	effectNewMilestone
	effectFund
	effectPay
	effectClose
	effectData
	effectWorkerNamed
)

// Effect is what a rule records in the next snapshot, besides status and money.
type Effect struct {
	name   string
	kind   effectKind
	record func(any, Command, Scene) any
	worker func(Command) string
	fit    fit
}

// String returns the effect as the rule book prints it.
func (e Effect) String() string { return e.name }

// The effects of the two lifecycles.
var (
	// ActorIsWorker: whoever asks becomes the worker.
	ActorIsWorker = Effect{name: "worker set", kind: effectWorker}
	// DeliveryRecorded: the delivery and its time.
	DeliveryRecorded = Effect{name: "delivery recorded", kind: effectDelivery, fit: fitCommand[Deliver]()}
	// AllMet: every criterion is met.
	AllMet = Effect{name: "every criterion met", kind: effectAllMet}
	// DisputeRecorded: the time of the dispute.
	DisputeRecorded = Effect{name: "dispute recorded", kind: effectDispute}
	// AgentsSeated: the backup agents and the voting deadline, baVotingWindow
	// from now.
	AgentsSeated = Effect{name: "backup agents set, votingDeadline = now + baVotingWindow", kind: effectAgents, fit: fitCommand[Draw]()}
	// VotesRecorded: the ballots of the backup agent who asks.
	VotesRecorded = Effect{name: "votes recorded", kind: effectVotes, fit: fitCommand[Vote]()}
	// Tallied: every criterion is decided by the votes.
	Tallied = Effect{name: "criteria decided by the tally", kind: effectTally}
	// EndDated: the end date.
	EndDated = Effect{name: "end date", kind: effectEndDate}
	// FirstMilestoneAgreed: the terms of milestone 1, NOT_FUNDED.
	FirstMilestoneAgreed = Effect{name: "milestone 1 NOT_FUNDED", kind: effectFirstMilestone, fit: fitCommand[Hire]()}
	// MilestoneAdded: a further milestone, NOT_FUNDED, numbered on.
	MilestoneAdded = Effect{name: "milestone added, NOT_FUNDED", kind: effectNewMilestone, fit: fitCommand[AddMilestone]()}
	// MilestoneFunded: the milestone is ACTIVE_FUNDED.
	MilestoneFunded = Effect{name: "milestone ACTIVE_FUNDED", kind: effectFund}
	// MilestonePaid: the milestone is PAID.
	MilestonePaid = Effect{name: "milestone PAID", kind: effectPay}
	// MilestonesClosed: funded milestones are PAID or REFUNDED as disposed,
	// unfunded ones CANCELLED.
	MilestonesClosed = Effect{name: "funded milestones PAID or REFUNDED, unfunded ones CANCELLED", kind: effectClose}
)

// Record returns an effect that changes the lifecycle's own data.
func Record[D comparable, C Command](name string, record func(D, C, Scene) D) Effect {
	return Effect{name: name, kind: effectData, fit: fitBoth[D, C](),
		record: func(data any, cmd Command, s Scene) any { return record(data.(D), cmd.(C), s) }}
}

// NameWorker returns an effect that sets the worker to an account of the
// command. A rule that has it needs to make sure that the account is a good one.
func NameWorker[C Command](name string, worker func(C) string) Effect {
	return Effect{name: name, kind: effectWorkerNamed, fit: fitCommand[C](), worker: func(cmd Command) string { return worker(cmd.(C)) }}
}

// apply records the effect in the snapshot under construction.
func (e *Effect) apply(q *ask, cmd Command, next *Contract) {
	switch e.kind {
	case effectWorker:
		next.worker = q.actor.account()
	case effectDelivery:
		next.delivered, next.deliveredAt = cmd.(Deliver).Delivery, q.now
	case effectAllMet:
		for i := range next.terms.criteria {
			next.results = next.results.with(i, met)
		}
	case effectDispute:
		next.disputedAt = q.now
	case effectAgents:
		next.jury = &jury{agents: append([]string(nil), cmd.(Draw).BackupAgents...), deadline: q.now.plus(next.terms.policy.BAVotingWindow)}
	case effectVotes:
		own := *q.c.jury
		next.jury = &own
		seat := own.seat(q.actor.account())
		for _, b := range cmd.(Vote).Votes {
			own.ballots[seat] = own.ballots[seat].with(b.CriterionIndex, verdictOf(b.Vote))
		}
	case effectTally:
		next.tally()
	case effectEndDate:
		next.endDate = q.now
	case effectData:
		next.data = e.record(next.data, cmd, q.scene())
	case effectWorkerNamed:
		next.worker = e.worker(cmd)
	default:
		e.applyToBook(q, cmd, next)
	}
}

// applyToBook records an effect on the milestones.
func (e *Effect) applyToBook(q *ask, cmd Command, next *Contract) {
	b := next.openBook()
	switch e.kind {
	case effectFirstMilestone:
		m, _ := next.milestoneOf(q.firstMilestone(cmd), "milestone")
		m.Number = 1
		b.milestones = []Milestone{m}
	case effectNewMilestone:
		m, _ := next.milestoneOf(cmd.(AddMilestone).Milestone, "milestone")
		m.Number = len(b.milestones) + 1
		b.milestones = append(b.milestones, m)
	case effectFund:
		b.milestones[q.milestone(cmd)].Status = ActiveFunded
	case effectPay:
		b.milestones[q.milestone(cmd)].Status = Paid
	case effectClose:
		for i := range b.milestones {
			b.milestones[i].Status = q.closing(cmd, &b.milestones[i])
		}
	}
}

// closing returns the status a milestone has once the contract ends.
func (q *ask) closing(cmd Command, m *Milestone) MilestoneStatus {
	switch {
	case m.Status == NotFunded:
		return Cancelled
	case m.Status != ActiveFunded:
		return m.Status
	case q.disposition(cmd, m) == Release:
		return Paid
	}
	return Refunded
}

// firstMilestone returns the terms that a hire is for: the draft's, or the
// proposed ones with the changes that the command carries.
func (q *ask) firstMilestone(cmd Command) MilestoneTerms {
	if q.c.status == 0 {
		return q.c.terms.drafted[0]
	}
	return q.c.termsOf(q.c.milestones()[0]).changed(cmd.(Hire).Milestone)
}
