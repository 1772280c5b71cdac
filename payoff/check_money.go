package payoff

import (
	"fmt"
	"math/big"

	"github.com/escrow-go/escrow"
)

// vanishing compares the worker's two ways out before the delivery.
func vanishing(c Case, _ Assumptions) (*harm, error) {
	if c.isTrain() {
		return nil, nil
	}
	n := netter{c: c}
	withdrawn, _ := n.nets([]step{create, accept, {theWorker, escrow.Withdraw{}}})
	absent, _ := n.nets([]step{create, accept, passing})
	if n.err != nil || absent.Cmp(withdrawn) < 0 {
		return nil, n.err
	}
	return &harm{"vanishing costs more than withdrawing",
		fmt.Sprintf("%s a worker who vanishes is at %s, one who withdraws in time at %s", c.priced(), c.text(absent), c.text(withdrawn))}, nil
}

// feeAbovePayout compares fees and payouts where the worker is paid all, and
// where least.
func feeAbovePayout(c Case, _ Assumptions) (*harm, error) {
	for _, p := range payingPlans(c) {
		l, err := play(c, p.steps, atOnce)
		if err != nil {
			return nil, err
		}
		fees, paid := l.of(escrow.ProtocolFeeMove, escrow.MarketplaceFeeMove, escrow.InitiationFeeMove), l.of(escrow.Payout, escrow.MilestoneRelease)
		if fees.Cmp(paid) > 0 {
			return &harm{"fees of no more than the worker is paid",
				fmt.Sprintf("%s, %s: the worker is paid %s, the fees are %s", c.priced(), p.name, c.text(paid), c.text(fees))}, nil
		}
	}
	return nil, nil
}

// payingPlans are the endings in which the worker is paid all and least.
func payingPlans(c Case) []plan {
	if c.isTrain() {
		t := train{c, theToken(c.Lifecycle)}
		return []plan{
			{"every milestone paid", t.whole(c.Milestones, refunds)},
			{"all funded, one milestone paid, the rest refunded", t.whole(1, refunds)},
			{"one milestone funded and paid", append(t.paid(1, 1), t.ended(1, 0, refunds)...)},
		}
	}
	least := append(all(escrow.Met, 1), all(escrow.NotMet, c.Criteria-1)...)
	return []plan{
		{"every criterion met", c.judged(c.unanimous(all(escrow.Met, c.Criteria)))},
		{"one criterion met", c.judged(c.unanimous(least))},
	}
}

// feeTunes are the fees of the lifecycle.
func feeTunes(c Case) []tune {
	if c.isTrain() {
		return []tune{noInitiationFee, noMarketplaceFee}
	}
	return []tune{noProtocolFee}
}

// nothingPosted looks for a deposit that the policy asks for and that is none.
func nothingPosted(reason escrow.MovementReason) func(Case, Assumptions) (*harm, error) {
	return func(c Case, _ Assumptions) (*harm, error) {
		steps, asked := depositing(c, reason)
		if !asked {
			return nil, nil
		}
		l, err := play(c, steps, atOnce)
		if err != nil || l.of(reason).Sign() > 0 {
			return nil, err
		}
		return &harm{"a deposit of at least " + c.text(big.NewInt(1)),
			fmt.Sprintf("%s the %s is less than half of %s and rounds to nothing", c.priced(), depositNames[reason], c.text(big.NewInt(1)))}, nil
	}
}

var depositNames = map[escrow.MovementReason]string{
	escrow.StakeDeposit: "worker's stake", escrow.DisputeBondDeposit: "client's dispute bond",
	escrow.BackupBondDeposit: "backup agent's bond for each criterion",
}

// depositing returns a life in which a deposit is due, and whether the policy
// asks for one.
func depositing(c Case, reason escrow.MovementReason) ([]step, bool) {
	var none escrow.Ratio
	switch {
	case c.isTrain():
		return nil, false
	case reason == escrow.StakeDeposit:
		return []step{create, accept}, c.Policy.WorkerStakeRatio != none
	case reason == escrow.DisputeBondDeposit:
		return c.called(), c.Policy.DisputeBondRatio != none && c.mode() == escrow.PrivacyPreserving
	}
	return c.judged(c.unanimous(all(escrow.Met, c.Criteria))), c.Policy.BackupAgentBondRatio != none
}

// of returns all that was moved for some reasons.
func (l *life) of(reasons ...escrow.MovementReason) *big.Int {
	return l.sum(func(m *escrow.Movement) bool {
		for _, r := range reasons {
			if m.Reason == r {
				return true
			}
		}
		return false
	})
}
