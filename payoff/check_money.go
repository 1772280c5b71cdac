package payoff

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// vanishing compares the worker's two ways out before the delivery.
func vanishing(c Case, _ Assumptions) (*harm, error) {
	if c.isTrain() {
		return nil, nil
	}
	n := netter{c: c}
	withdrawn, _ := n.nets([]step{create, accept, withdraw})
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
		fees, paid := l.of("protocol_fee", "marketplace_fee", "initiation_fee"), l.of("payout", "milestone_release")
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
	least := append(all(opencontract.Met, 1), all(opencontract.NotMet, c.Criteria-1)...)
	return []plan{
		{"every criterion met", c.judged(c.unanimous(all(opencontract.Met, c.Criteria)))},
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
	opencontract.Stake.In: "worker's stake", opencontract.DisputeBond.In: "client's dispute bond",
	opencontract.BackupBond.In: "backup agent's bond for each criterion",
}

// backupBondSlash is why a backup agent's bond goes to others.
const backupBondSlash escrow.MovementReason = "backup_bond_slash"

// depositing returns a life in which a deposit is due, and whether the policy
// asks for one.
func depositing(c Case, reason escrow.MovementReason) ([]step, bool) {
	policy, none := c.Policy.View(), escrow.Ratio{}
	switch {
	case c.isTrain():
		return nil, false
	case reason == opencontract.Stake.In:
		return []step{create, accept}, opencontract.WorkerStakeRatio.In(policy) != none
	case reason == opencontract.DisputeBond.In:
		return c.called(), opencontract.DisputeBondRatio.In(policy) != none && c.mode() == opencontract.PrivacyPreserving
	}
	return c.judged(c.unanimous(all(opencontract.Met, c.Criteria))), opencontract.BackupAgentBondRatio.In(policy) != none
}

// of returns all that was moved for some reasons.
func (l *life) of(reasons ...escrow.MovementReason) *big.Int {
	return l.sum(func(m *escrow.Movement) bool { return slices.Contains(reasons, m.Reason) })
}
