package payoff

import (
	"fmt"
	"math/big"

	"github.com/escrow-go/escrow/opencontract"
)

// disputes reports whether a client may dispute.
func (c Case) disputes() bool { return !c.isTrain() && c.mode() == opencontract.PrivacyPreserving }

// disputeFree compares what approving and losing a dispute cost.
func disputeFree(c Case, _ Assumptions) (*harm, error) {
	if !c.disputes() {
		return nil, nil
	}
	_, client, err := Choices(c)
	if err != nil || client.Lost.Cmp(client.Approved) < 0 {
		return nil, err
	}
	return &harm{"a lost dispute costs more than approving",
		fmt.Sprintf("%s a client who approves is at %s, one who disputes and loses at %s", c.priced(), c.text(client.Approved), c.text(client.Lost))}, nil
}

// disputePays compares what approving and disputing perfect work bring on average.
func disputePays(c Case, a Assumptions) (*harm, error) {
	if !c.disputes() {
		return nil, nil
	}
	n := netter{c: c}
	_, approved := n.nets(delivered(approve, settle))
	if n.err != nil {
		return nil, n.err
	}
	worth, err := disputeWorth(c, a.odds())
	if err != nil || worth.Cmp(new(big.Rat).SetInt(approved)) <= 0 {
		return nil, err
	}
	return &harm{"disputing perfect work costs no less than approving it",
		fmt.Sprintf("%s a client who approves perfect work is at %s, one who disputes it at %s on average", c.priced(), c.text(approved), c.about(worth))}, nil
}

// juryOfOne looks at how many are drawn.
func juryOfOne(c Case, _ Assumptions) (*harm, error) {
	if c.isTrain() || c.recruits() > 1 {
		return nil, nil
	}
	return &harm{"more than one backup agent", "one backup agent alone decides what is met, and nobody can outvote it"}, nil
}

// juryUndecided looks at how likely there is a quorum with a majority.
func juryUndecided(c Case, a Assumptions) (*harm, error) {
	if c.isTrain() {
		return nil, nil
	}
	chance, err := majorityChance(c, a.odds())
	if err != nil || chance.Cmp(big.NewRat(1, 2)) >= 0 {
		return nil, err
	}
	return &harm{"a chance of at least 0.5",
		fmt.Sprintf("%d backup agents, of whom each votes with a chance of %s, decide a criterion by a quorum's majority with a chance of about %s",
			c.recruits(), a.Turnout, chance.FloatString(4))}, nil
}

// honestVoteLoses looks at what a diligent vote is worth on average.
func honestVoteLoses(c Case, a Assumptions) (*harm, error) {
	if c.isTrain() {
		return nil, nil
	}
	worth, err := honestVote(c, a.odds(), a.token(c))
	if err != nil || worth.Sign() >= 0 {
		return nil, err
	}
	return &harm{"a vote worth at least nothing",
		fmt.Sprintf("%s a vote on one criterion, right with a chance of %s, is worth %s on average, rewards included at %s a token",
			c.priced(), a.Accuracy, c.about(worth), a.TokenValue)}, nil
}

// text writes smallest units, signed, in whole units of the case's asset.
func (c Case) text(units *big.Int) string {
	return Text(c.Lifecycle.Spec().Asset, units) + " " + c.Lifecycle.Spec().Asset.Code
}

// about writes a fraction of smallest units to the nearest.
func (c Case) about(units *big.Rat) string {
	return "about " + c.text(rounded(units))
}
