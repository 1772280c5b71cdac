package payoff

import (
	"fmt"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
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
	// Lifecycle is [escrow.OpenContract] or [escrow.OpenTrain].
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
	Award escrow.AwardMethod
	Mode  escrow.VerificationMode
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
		Award: escrow.AwardDirect, Mode: escrow.PrivacyPreserving,
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
	t := escrow.Terms{ID: id, Client: ClientAccount, Worker: WorkerAccount, Policy: &c.Policy}
	if c.isTrain() {
		t.Milestones = []escrow.MilestoneTerms{c.milestone(1)}
		return c.Lifecycle.Draft(t)
	}
	t.Price, t.TaskDescription, t.ContractType = c.Price, "the work", escrow.Fixed
	t.AwardMethod, t.VerificationMode = c.award(), c.mode()
	for i := range c.Criteria {
		t.AcceptanceCriteria = append(t.AcceptanceCriteria, fmt.Sprintf("criterion %d", i+1))
	}
	if c.award() == escrow.AwardOpenTender {
		t.Worker = ""
	}
	t.MatchDeadline = created.Add(c.Match)
	t.WithdrawalDeadline = t.MatchDeadline.Add(c.Withdrawal)
	t.DeliveryDeadline = t.WithdrawalDeadline.Add(c.Delivery)
	if c.mode() == escrow.PrivacyPreserving {
		t.ReviewDeadline = t.DeliveryDeadline.Add(c.Review)
	}
	return c.Lifecycle.Draft(t)
}

// milestone returns the terms of the n-th milestone, counted from 1.
func (c Case) milestone(n int) escrow.MilestoneTerms {
	return escrow.MilestoneTerms{ID: milestoneID(n), Name: fmt.Sprintf("milestone %d", n), Amount: decimal.NewNullDecimal(c.Price)}
}

func milestoneID(n int) string { return "m" + strconv.Itoa(n) }

func (c Case) isTrain() bool {
	return c.Lifecycle != nil && c.Lifecycle.Name() == escrow.OpenTrain.Name()
}

func (c Case) award() escrow.AwardMethod {
	if c.Award == "" {
		return escrow.AwardDirect
	}
	return c.Award
}

func (c Case) mode() escrow.VerificationMode {
	if c.Mode == "" {
		return escrow.PrivacyPreserving
	}
	return c.Mode
}

// check says what of a case no life can be played with. What the engine itself
// would refuse is left to the engine.
func (c Case) check() error {
	switch {
	case c.Lifecycle == nil:
		return fmt.Errorf("payoff: the case names no lifecycle; give escrow.OpenContract or escrow.OpenTrain")
	case c.isTrain() && (c.Milestones < 1 || c.Milestones > 10):
		return fmt.Errorf("payoff: %d milestones; give 1 to 10", c.Milestones)
	case !c.isTrain() && c.Lifecycle.Name() != escrow.OpenContract.Name():
		return fmt.Errorf("payoff: lifecycle %q is not known here; known are %s and %s",
			c.Lifecycle.Name(), escrow.OpenContract.Name(), escrow.OpenTrain.Name())
	}
	return nil
}
