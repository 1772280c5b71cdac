package escrow

// Sum is an amount that a rule collects: the price, a milestone's amount, a
// policy's fee, or a ratio of one.
type Sum struct {
	name         string
	kind         sumKind
	ratio        *PolicyField
	perCriterion bool
	of           func(any, Asset) Amount
	fit          fit
}

type sumKind uint8

const (
	sumPrice sumKind = iota
	sumMilestone
	sumInitiationFee
	sumData
)

// String returns the sum as the rule book prints it.
func (s Sum) String() string { return s.name }

// The sums.
var (
	// Price is the contract's price.
	Price = Sum{name: "price", kind: sumPrice}
	// MilestoneAmount is the amount of the milestone that the command names.
	MilestoneAmount = Sum{name: "amount", kind: sumMilestone}
	// InitiationFeeSum is the policy's initiationFee.
	InitiationFeeSum = Sum{name: "initiationFee", kind: sumInitiationFee}
)

// Of returns a ratio of a sum, rounded half up to the smallest unit.
func Of(ratio PolicyField, s Sum) Sum {
	s.name, s.ratio = ratio.Name+" x "+s.name, &ratio
	return s
}

// PerCriterion returns a sum, rounded, times the number of criteria.
func PerCriterion(s Sum) Sum {
	s.name, s.perCriterion = s.name+" x criteria", true
	return s
}

// AmountIn returns a sum that stands in the lifecycle's own data.
func AmountIn[D comparable](name string, amount func(D, Asset) Amount) Sum {
	return Sum{name: name, kind: sumData, fit: fitData[D](), of: func(data any, asset Asset) Amount { return amount(data.(D), asset) }}
}

// Share is how a pot is divided between two receivers.
type Share struct {
	name  string
	kind  shareKind
	ratio *PolicyField
}

type shareKind uint8

const (
	shareRatio shareKind = iota
	shareCredit
	shareVotes
	shareDisposition
)

// String returns the share as the rule book prints it.
func (s Share) String() string { return s.name }

// The shares that are no single ratio.
var (
	// Credit gives the first receiver the credit the criteria earned, of the
	// number of criteria.
	Credit = Share{name: "credit", kind: shareCredit}
	// BondsKept gives the first receiver what its votes did not lose.
	BondsKept = Share{name: "bonds kept", kind: shareVotes}
	// ByDisposition gives all to the first receiver on release, to the second on
	// refund.
	ByDisposition = Share{name: "disposition", kind: shareDisposition}
)

// By returns the share that a policy ratio gives the first receiver; the second
// takes the rest.
func By(ratio PolicyField) Share { return Share{name: ratio.Name, kind: shareRatio, ratio: &ratio} }

// Step is one thing that a rule does with money. Who pays whom is data; only how
// much may be computed.
type Step struct {
	kind          stepKind
	pot           Pot
	sum           Sum
	share         Share
	first, second Party
	fee           *PolicyField
	feeTo         Party
}

type stepKind uint8

const (
	stepDeposit stepKind = iota
	stepCharge
	stepAll
	stepSplit
)

// Deposit collects a sum from a party into a pot.
func Deposit(s Sum, from Party, to Pot) Step {
	return Step{kind: stepDeposit, sum: s, first: from, pot: to}
}

// Charge collects a sum from a party for another, outside the escrow.
func Charge(s Sum, from, to Party) Step {
	return Step{kind: stepCharge, sum: s, first: from, second: to}
}

// All pays a pot out to one party.
func All(p Pot, to Party) Step { return Step{kind: stepAll, pot: p, first: to} }

// Split pays a pot out to two parties.
func Split(p Pot, s Share, first, second Party) Step {
	return Step{kind: stepSplit, pot: p, share: s, first: first, second: second}
}

// Less returns the step with a cut of the first receiver's part that goes to
// another party: rounded half up, moved right after that part.
func (s Step) Less(fee PolicyField, to Party) Step {
	s.fee, s.feeTo = &fee, to
	return s
}

// String returns the step as the rule book prints it.
func (s Step) String() string {
	text := ""
	switch s.kind {
	case stepDeposit:
		return s.sum.name + ": " + s.first.name + " -> " + s.pot.name
	case stepCharge:
		return s.sum.name + ": " + s.first.name + " -> " + s.second.name
	case stepAll:
		text = s.pot.name + " -> " + s.first.name
	case stepSplit:
		text = s.pot.name + " -> " + s.first.name + " : " + s.second.name + " = " + s.share.name + " : rest"
	}
	if s.fee != nil {
		text += ", less " + s.fee.Name + " -> " + s.feeTo.name
	}
	return text
}

// amount returns what a sum comes to, what it is a part of, and the ratio and
// policy field that make it, where there are.
func (q *ask) amount(cmd Command, s *Sum, next *Contract) (amount, of Amount, ratio Ratio, policy *PolicyField) {
	switch s.kind {
	case sumPrice:
		of = q.c.terms.price
	case sumMilestone:
		of = next.milestones()[q.milestone(cmd)].Amount
	case sumInitiationFee:
		of, policy = q.c.terms.initiationFee, &InitiationFee
	case sumData:
		of = s.of(next.data, next.terms.asset)
	}
	amount = of
	if s.ratio != nil {
		ratio, policy = *s.ratio.ratio(&q.c.terms.policy), s.ratio
		amount, _ = of.split(ratio)
	}
	if s.perCriterion {
		amount = amount.timesAtMost(uint64(len(q.c.terms.criteria)))
	}
	return amount, of, ratio, policy
}

// party returns the account of a party: the asking one for a backup agent.
func (q *ask) party(p *Party) accountID {
	if p.account != 0 {
		return accountID{kind: p.account}
	}
	return q.chosen(p)
}

// chosen returns the account of a party that actor or policy choose.
func (q *ask) chosen(p *Party) accountID {
	switch {
	case p.kind == partyBackupAgent:
		return accountID{AccountBackup, uint16(q.c.jury.seat(q.actor.account()))}
	case p.kind == partyForfeit && q.c.terms.policy.DisputeForfeitTo == "worker":
		return accountID{kind: AccountWorker}
	case p.kind == partySlash && q.c.terms.policy.BackupSlashTo == "client":
		return accountID{kind: AccountClient}
	}
	return accountID{kind: AccountTreasury}
}

// pay carries out the money of a rule, in order, into the decision.
func (d *Decision) pay(q *ask, cmd Command, steps []Step) {
	for i := range steps {
		s := &steps[i]
		switch s.kind {
		case stepDeposit:
			d.deposit(q, cmd, s)
		case stepCharge:
			amount, of, ratio, policy := q.amount(cmd, &s.sum, &d.Contract)
			d.move(q.party(&s.first), q.party(&s.second), amount, of, ratio, policy)
		default:
			d.payOut(q, cmd, s)
		}
	}
}

func (d *Decision) deposit(q *ask, cmd Command, s *Step) {
	amount, of, ratio, policy := q.amount(cmd, &s.sum, &d.Contract)
	to := s.pot.kind.account()
	switch s.pot.kind {
	case potBackupBond:
		to.index = q.party(&s.first).index
	case potMilestone:
		to.index = uint16(q.milestone(cmd))
	default:
		d.Contract.posted[s.pot.kind] = amount
		d.Contract.filled |= s.pot.kind.set()
	}
	d.move(q.party(&s.first), to, amount, of, ratio, policy)
}

// payOut empties a pot, or each pot of a kind.
func (d *Decision) payOut(q *ask, cmd Command, s *Step) {
	from := s.pot.kind.account()
	switch {
	case s.pot.each:
		for i := range q.c.pots(s.pot.kind) {
			from.index = uint16(i)
			d.payPot(q, cmd, s, from)
		}
		return
	case s.pot.kind == potMilestone:
		from.index = uint16(q.milestone(cmd))
	case s.pot.kind == potBackupBond:
		from.index = q.party(&BackupAgent).index
	}
	d.payPot(q, cmd, s, from)
}

func (d *Decision) payPot(q *ask, cmd Command, s *Step, from accountID) {
	held := q.c.holds(from)
	if held.IsZero() {
		return
	}
	to := q.party(&s.first)
	if s.pot.each && to.kind == AccountBackup {
		to.index = from.index
	}
	switch {
	case s.fee != nil:
		d.payLess(q, cmd, s, from, to, held)
	case s.kind == stepAll:
		d.move(from, to, held, held, Ratio{}, nil)
	default:
		first, rest, ratio := q.divide(cmd, s, held, from)
		d.move(from, to, first, held, ratio, s.share.ratio)
		d.move(from, q.party(&s.second), rest, held, ratio.rest(), s.share.ratio)
	}
}

// payLess pays the first receiver its part less the cut of it, then the cut, then
// the second receiver, if there is one.
func (d *Decision) payLess(q *ask, cmd Command, s *Step, from, to accountID, held Amount) {
	gross, rest, ratio := held, Amount{}, Ratio{}
	if s.kind == stepSplit {
		gross, rest, ratio = q.divide(cmd, s, held, from)
	}
	rate := *s.fee.ratio(&q.c.terms.policy)
	fee, net := gross.split(rate)
	d.move(from, to, net, gross, rate.rest(), s.fee)
	d.move(from, q.party(&s.feeTo), fee, gross, rate, s.fee)
	if s.kind == stepSplit {
		d.move(from, q.party(&s.second), rest, held, ratio.rest(), s.share.ratio)
	}
}

// divide splits what a pot holds between its two receivers. The ratio is the
// first's, where one policy field fixes it.
func (q *ask) divide(cmd Command, s *Step, held Amount, from accountID) (first, rest Amount, ratio Ratio) {
	switch s.share.kind {
	case shareCredit:
		first, rest = held.splitOf(q.c.credit())
	case shareVotes:
		first, rest = q.c.bondSplit(int(from.index))
	case shareDisposition:
		if first = held; q.disposition(cmd, &q.c.milestones()[from.index]) != Release {
			first, rest = rest, first
		}
	default:
		ratio = *s.share.ratio.ratio(&q.c.terms.policy)
		first, rest = held.split(ratio)
	}
	return first, rest, ratio
}

// move adds a movement to the decision, written in place; one of nothing is left
// out.
func (d *Decision) move(from, to accountID, amount, of Amount, ratio Ratio, policy *PolicyField) {
	if amount.IsZero() {
		return
	}
	if d.moved >= inlineMovements {
		d.spilled = append(d.spilled, movement{})
	}
	d.moved++
	m := d.movement(d.moved - 1)
	m.amount, m.of, m.ratio = amount, of, ratio
	m.policy = policy
	m.from, m.to = from, to
}

// at returns a movement by position.
func (d *Decision) movement(i int) *movement {
	if i < inlineMovements {
		return &d.inline[i]
	}
	return &d.spilled[i-inlineMovements]
}
