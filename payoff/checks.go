package payoff

import (
	"fmt"

	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
)

// Check is one harm that [Lint] looks for.
type Check struct {
	Name     string
	Severity Severity
	// Meaning says what is checked.
	Meaning string
}

// harm is what a check has found at one price.
type harm struct{ threshold, message string }

// check is a check with how it is done.
type check struct {
	Check
	// looks returns nil when there is no harm.
	looks func(Case, Assumptions) (*harm, error)
	// tunes are the fields that may clear it, the likeliest first.
	tunes func(Case) []tune
}

func tunes(list ...tune) func(Case) []tune { return func(Case) []tune { return list } }

// The ways in which fields are changed.
var (
	noProtocolFee    = tune{opencontract.ProtocolFee.Name, "0"}
	noInitiationFee  = tune{opentrain.InitiationFee.Name, "0"}
	noMarketplaceFee = tune{opentrain.MarketplaceFee.Name, "0"}
	noSlash          = tune{opencontract.EarlyWithdrawalSlashRatio.Name, "0"}
	fullStake        = tune{opencontract.WorkerStakeRatio.Name, "1"}
	fullBond         = tune{opencontract.DisputeBondRatio.Name, "1"}
	fullBackupBond   = tune{opencontract.BackupAgentBondRatio.Name, "1"}
	noBackupBond     = tune{opencontract.BackupAgentBondRatio.Name, "0"}
	largeJury        = tune{opencontract.BARecruitCount.Name, "15"}
	longReview       = tune{"review", "P3650D"}
	shortApproval    = tune{opentrain.ApprovalTTL.Name, "PT1S"}
)

// checks is every check, in the order in which findings are told.
var checks = []check{
	{Check{"vanishing-not-dearer", Refuse, "Vanishing costs a worker who has accepted no more than withdrawing in time, so that nobody is told."},
		vanishing, tunes(noSlash, fullStake)},
	{Check{"fee-above-payout", Refuse, "In an ending in which the worker is paid, the fees are more than he gets."},
		feeAbovePayout, feeTunes},
	{Check{"stake-below-unit", Refuse, "The worker's stake is less than half of the smallest unit and rounds to nothing."},
		nothingPosted(opencontract.Stake.In), tunes(fullStake)},
	{Check{"dispute-bond-below-unit", Refuse, "The client's dispute bond rounds to nothing."},
		nothingPosted(opencontract.DisputeBond.In), tunes(fullBond)},
	{Check{"backup-bond-below-unit", Refuse, "A backup agent's bond for a criterion rounds to nothing."},
		nothingPosted(opencontract.BackupBond.In), tunes(fullBackupBond)},
	{Check{"review-too-short", Refuse, "The review window is shorter than an approval lives: one that is still good comes too late, or one outlives the review."},
		reviewTooShort, reviewTunes},
	{Check{"dispute-free", Refuse, "A dispute that is lost costs the client nothing, so that every delivery is disputed."},
		disputeFree, tunes(fullBond)},
	{Check{"dispute-pays", Warn, "Disputing perfect work brings the client more, on average, than approving it."},
		disputePays, tunes(fullBond, largeJury)},
	{Check{"jury-of-one", Refuse, "One backup agent alone judges: there is no majority."},
		juryOfOne, tunes(largeJury)},
	{Check{"jury-undecided", Warn, "Backup agents reach a quorum with a majority on a criterion in less than half of the disputes."},
		juryUndecided, tunes(largeJury)},
	{Check{"honest-vote-loses", Warn, "A diligent backup agent's vote on a criterion costs it more, on average, than it earns."},
		honestVoteLoses, tunes(noBackupBond)},
	{Check{"locked-too-long", Refuse, "Money of a party is held longer than the limit."},
		lockedTooLong, windowTunes},
	{Check{"locked-without-limit", Warn, "Money of a party is held until somebody acts who need not."},
		lockedWithoutLimit, tunes()},
}

// Checks returns every check of [Lint], in the order in which findings are told.
// The first is about what the engine itself refuses.
func Checks() []Check {
	list := []Check{{policyCheck, Refuse, "The engine founds no contract under such a policy."}}
	for _, c := range checks {
		list = append(list, c.Check)
	}
	return list
}

// at returns what a check finds at the first price at which there is harm.
func (k *check) at(c Case, a Assumptions) (*harm, error) {
	for _, price := range a.prices(c) {
		c.Price = price
		if h, err := k.looks(c, a); h != nil || err != nil {
			return h, err
		}
	}
	return nil, nil
}

// finding does a check, and looks for the smallest change that clears it: of the
// first field of which one does.
func (k *check) finding(c Case, a Assumptions) (Finding, bool, error) {
	h, err := k.at(c, a)
	if h == nil || err != nil {
		return Finding{}, false, err
	}
	f := Finding{Check: k.Name, Severity: k.Severity, Field: "lifecycle", Threshold: h.threshold, Message: h.message}
	list := k.tunes(c)
	if len(list) > 0 {
		f.Field = list[0].field
	}
	for _, t := range list {
		change, ok := search(c, t, func(changed Case) bool {
			h, err := k.at(changed, a)
			return h == nil && err == nil
		})
		if ok {
			f.Field, f.Change = t.field, change
			break
		}
	}
	f.Value = c.value(f.Field)
	return f, true, nil
}

// priced says at which price something is so.
func (c Case) priced() string {
	return fmt.Sprintf("at a price of %s %s", c.Price, c.Lifecycle.Spec().Asset.Code)
}
