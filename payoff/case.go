package payoff

import (
	"fmt"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
)

// The accounts of the parties in every life that is played.
const (
	ClientAccount   = "client"
	WorkerAccount   = "worker"
	TreasuryAccount = "treasury"
	PlatformAccount = "platform"
)

// Backup returns the account of the n-th backup agent, counted from 1.
func Backup(n int) string { return "backup-" + strconv.Itoa(n) }

// Case is a policy with the terms that it is looked at with.
type Case struct {
	// Lifecycle is [opencontract.Lifecycle] or [opentrain.Lifecycle].
	Lifecycle *escrow.Lifecycle
	Policy    escrow.Policy
	// Price is in whole units of the lifecycle's asset: of the task, in
	// OpenTrain of each milestone.
	Price decimal.Decimal
	// Criteria is how many a task has, 1 to 10 (OpenContract).
	Criteria int
	// Milestones is how many a contract has, 1 to 10 (OpenTrain).
	Milestones int
	// Award and Mode are those of a task; empty means a direct award that the
	// client reviews (OpenContract).
	Award, Mode string
	// The windows follow one another: Match counts from the founding,
	// Withdrawal from the match deadline, and so on. OpenTrain's rules know
	// none: there Review is how long the client takes, at the application, to
	// look at a milestone, and the others mean nothing.
	Match, Withdrawal, Delivery, Review time.Duration
}

const day = 24 * time.Hour

// DefaultCase returns the lifecycle's default policy with ordinary terms: a task
// of 50 with 3 criteria and windows of a day each; in OpenTrain 2 milestones of
// 500, looked at within 3 days. A nil lifecycle is for the other functions to refuse.
func DefaultCase(l *escrow.Lifecycle) Case {
	c := Case{Lifecycle: l, Price: decimal.NewFromInt(50), Criteria: 3, Milestones: 2,
		Award: opencontract.AwardDirect, Mode: opencontract.PrivacyPreserving,
		Match: day, Withdrawal: day, Delivery: day, Review: day}
	if l != nil {
		c.Policy = l.DefaultPolicy()
	}
	if c.isTrain() {
		c.Price, c.Review = decimal.NewFromInt(500), 3*day
	}
	return c
}

// Draft returns the contract that the case is about, not founded yet. The client
// is [ClientAccount], and founds it at the instant created; a direct award
// names [WorkerAccount]. It never fails: the engine judges terms at the founding.
func (c Case) Draft(id string, created time.Time) escrow.Contract {
	if c.isTrain() {
		return c.hire(id)
	}
	return c.task(id, created)
}

func (c Case) hire(id string) escrow.Contract {
	m := c.milestone(1)
	return c.Lifecycle.Draft(id, escrow.TextOf(opentrain.Client.Account, ClientAccount), escrow.TextOf(opentrain.Worker.Account, WorkerAccount)).
		WithItems(opentrain.MilestoneList, []escrow.Value{opentrain.MilestoneID.To(m.ID), opentrain.Name.To(m.Name), opentrain.Price.Decimal(m.Amount.Decimal)}).
		WithPolicy(c.Policy)
}

func (c Case) task(id string, created time.Time) escrow.Contract {
	match := created.Add(c.Match)
	withdrawal := match.Add(c.Withdrawal)
	delivery := withdrawal.Add(c.Delivery)
	terms := []escrow.Value{
		escrow.TextOf(opencontract.Client.Account, ClientAccount),
		opencontract.Price.Decimal(c.Price),
		opencontract.TaskDescription.To("the work"),
		opencontract.AcceptanceCriteria.To(c.criteria()),
		opencontract.ContractType.To(opencontract.Fixed),
		opencontract.AwardMethod.To(c.award()),
		opencontract.VerificationMode.To(c.mode()),
		opencontract.MatchDeadline.To(match),
		opencontract.WithdrawalDeadline.To(withdrawal),
		opencontract.DeliveryDeadline.To(delivery),
	}
	if c.award() != opencontract.AwardOpenTender {
		terms = append(terms, escrow.TextOf(opencontract.Worker.Account, WorkerAccount))
	}
	if c.mode() == opencontract.PrivacyPreserving {
		terms = append(terms, opencontract.ReviewDeadline.To(delivery.Add(c.Review)))
	}
	return c.Lifecycle.Draft(id, terms...).WithPolicy(c.Policy)
}

// criteria returns the acceptance criteria of a task.
func (c Case) criteria() []string {
	var list []string
	for i := range c.Criteria {
		list = append(list, fmt.Sprintf("criterion %d", i+1))
	}
	return list
}

// milestone returns the terms of the n-th milestone, counted from 1.
func (c Case) milestone(n int) opentrain.MilestoneTerms {
	return opentrain.MilestoneTerms{ID: milestoneID(n), Name: fmt.Sprintf("milestone %d", n), Amount: decimal.NewNullDecimal(c.Price)}
}

func milestoneID(n int) string { return "m" + strconv.Itoa(n) }

func (c Case) isTrain() bool {
	return c.Lifecycle != nil && c.Lifecycle.Name() == opentrain.Lifecycle.Name()
}

func (c Case) award() string {
	if c.Award == "" {
		return opencontract.AwardDirect
	}
	return c.Award
}

func (c Case) mode() string {
	if c.Mode == "" {
		return opencontract.PrivacyPreserving
	}
	return c.Mode
}

// check says what of a case no life can be played with. What the engine itself
// would refuse is left to the engine.
func (c Case) check() error {
	switch {
	case c.Lifecycle == nil:
		return fmt.Errorf("payoff: the case names no lifecycle; give opencontract.Lifecycle or opentrain.Lifecycle")
	case c.isTrain() && (c.Milestones < 1 || c.Milestones > 10):
		return fmt.Errorf("payoff: %d milestones; give 1 to 10", c.Milestones)
	case !c.isTrain() && c.Lifecycle.Name() != opencontract.Lifecycle.Name():
		return fmt.Errorf("payoff: lifecycle %q is not known here; known are %s and %s",
			c.Lifecycle.Name(), opencontract.Lifecycle.Name(), opentrain.Lifecycle.Name())
	}
	return nil
}

// recruits returns how many backup agents the policy draws; none in OpenTrain.
func (c Case) recruits() int { return int(opencontract.BARecruitCount.In(c.Policy.View())) }
