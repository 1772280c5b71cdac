package conform_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/conform"
	"github.com/escrow-go/escrow/declare"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles"
	oc "github.com/escrow-go/escrow/opencontract"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	ot "github.com/escrow-go/escrow/opentrain"
	otplay "github.com/escrow-go/escrow/opentrain/play"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// finder is what of a run must find a fault.
type finder string

const (
	byCorpus finder = "the corpus"
	byTasks  finder = "random lives of tasks"
	byHires  finder = "random lives of hires"
)

// faults are bugs that another implementation might well have. The corpus is to
// find what is common; the lives what takes a rare amount, a rare number of people
// or a rare coincidence, which the corpus has none of.
var faults = []struct {
	name  string
	by    finder
	plant fault
}{
	{"matched at the match deadline", byCorpus, included("matchDeadline")},
	{"withdrawn at the withdrawal deadline", byCorpus, included("withdrawalDeadline")},
	{"delivered at the delivery deadline", byCorpus, included("deliveryDeadline")},
	{"reviewed at the review deadline", byCorpus, included("reviewDeadline")},
	{"drawn at the draw deadline", byCorpus, included("drawDeadline")},
	{"voted at the voting deadline", byCorpus, included("votingDeadline")},
	{"confirmed at the expiry", byCorpus, included("expiresAt")},
	{"a due deadline stops nobody", byCorpus, ignoresDue},
	{"a due deadline is a closed window", byCorpus, dueIsClosed},
	{"a late scheduler dates by its own time", byCorpus, advancesNow},
	{"advance goes on to the settlement", byCorpus, advancesOn},
	{"the vote counts from the dispute", byCorpus, votesFromDispute},
	{"the vote ends after the year 9999", byTasks, votesBeyondTime},
	{"times to the millisecond", byCorpus, toTheMillisecond},
	{"no time before 1970", byCorpus, beforeUnix},
	{"withdrawal and delivery are due at once", byCorpus, lockedIn},
	{"expiry is not recorded", byCorpus, forgetsExpiry},
	{"expiry is dated when noticed", byCorpus, expiresNow},
	{"advance records one expiry", byHires, expiresOne},
	{"two approvals expire at once", byHires, expiresOneOfTwins},

	{"a unit is lost in a split", byCorpus, losesUnit},
	{"a stake beyond 64 bits is rounded down", byTasks, rounds("stake_deposit", wideDown)},
	{"a bond beyond 64 bits is rounded down", byCorpus, rounds("dispute_bond_deposit", wideDown)},
	{"a fee beyond 64 bits is rounded down", byHires, rounds("marketplace_fee", wideDown)},
	{"amounts have 34 digits", byCorpus, inDecimals(34)},
	{"the stake is rounded down", byCorpus, rounds("stake_deposit", down)},
	{"the dispute bond is rounded half down", byCorpus, rounds("dispute_bond_deposit", halfDown)},
	{"the marketplace fee is rounded half even", byCorpus, rounds("marketplace_fee", halfEven)},
	{"amounts are floats", byCorpus, inFloats},
	{"amounts have 64 bits", byCorpus, in64Bits},
	{"every asset has the default scale", byCorpus, ofDefaultScale},
	{"one bond for all criteria", byCorpus, bondOnce},
	{"the fee is taken from the price", byCorpus, feeOfPrice},
	{"the marketplace fee is refunded", byCorpus, refundsFee},
	{"the initiation fee is charged again", byCorpus, rows(ot.Lifecycle, "OT-3", func(r *escrow.Rule) {
		r.Money = append(r.Money, declare.Charge(declare.The(ot.InitiationFee), ot.Client, ot.Platform, "initiation_fee"))
	})},
	{"the third milestone is not paid", byCorpus, paysTwo},
	{"the fifteenth backup agent is not paid", byTasks, forgetsFifteenth},
	{"backup agents are paid by name", byTasks, paysByName},
	{"review above the least payout", byTasks, reviewsAbove},
	{"a declined award pays the worker", byCorpus, rows(oc.Lifecycle, "OC-4", func(r *escrow.Rule) {
		r.Money = declare.Money{declare.All(oc.Escrow, oc.Worker)}
	})},
	{"unmatched money is kept", byCorpus, rows(oc.Lifecycle, "OC-6", func(r *escrow.Rule) {
		r.Money = declare.Money{declare.All(oc.Escrow, oc.Treasury)}
	})},
	{"the withdrawal slash goes to the treasury", byCorpus, rows(oc.Lifecycle, "OC-7", func(r *escrow.Rule) {
		r.Money[1] = declare.Split(oc.Stake, declare.By(oc.EarlyWithdrawalSlashRatio), oc.Treasury, oc.Worker)
	})},
	{"the absence shares are the wrong way round", byCorpus, rows(oc.Lifecycle, "OC-9", func(r *escrow.Rule) {
		r.Money[1] = declare.Split(oc.Stake, declare.By(oc.AbsentNoneMetClientShare), oc.Treasury, oc.Client)
	})},
	{"the bond of a dispute goes the wrong way", byCorpus, rows(oc.Lifecycle, "OC-16", func(r *escrow.Rule) {
		switch { // the party that the policy chooses must be paid by some row
		case slices.Contains(r.When, oc.DeliveryUpheld):
			r.Money[2] = declare.All(oc.DisputeBond, oc.Client)
		case slices.Contains(r.When, oc.NotUpheld):
			r.Money[2] = declare.All(oc.DisputeBond, oc.ForfeitReceiver)
		}
	})},
	{"the revision stays", byCorpus, sameRevision},
	{"movements share an id", byCorpus, sameID},

	{"withdrawn until the delivery deadline", byCorpus, rows(oc.Lifecycle, "OC-7", func(r *escrow.Rule) {
		r.Window = declare.Before(declare.At(oc.DeliveryDeadline))
	})},
	{"the client takes its own tender", byCorpus, rows(oc.Lifecycle, "OC-3", func(r *escrow.Rule) { r.By = escrow.Anyone })},
	{"the client draws its judges", byCorpus, rows(oc.Lifecycle, "OC-13", func(r *escrow.Rule) {
		r.By = declare.Either(escrow.System, oc.Client)
	})},
	{"any backup agents", byCorpus, rows(oc.Lifecycle, "OC-13", func(r *escrow.Rule) { r.Needs = nil })},
	{"nothing is delivered", byCorpus, deliversNothing},
	{"a vote is cast twice", byCorpus, votesTwice},
	{"half of the votes are a majority", byCorpus, counts(halfOfVoters)},
	{"a majority is of those drawn", byTasks, counts(mostOfDrawn)},
	{"a silent jury is unclear", byCorpus, fixed("noQuorum", "unclear")},
	{"unclear earns nothing", byCorpus, fixed("unclearCredit", "0")},
	{"an unclear vote loses all", byCorpus, fixed("baUnclearSlashRatio", "1")},
	{"an unclear majority mints in full", byCorpus, fixed("tokenMintRewardReduced", "10")},
	{"the worker gets every bond", byCorpus, fixed("disputeForfeitTo", "worker")},
	{"the treasury gets every slash", byCorpus, fixed("backupSlashTo", "treasury")},

	{"wrong status before forbidden", byCorpus, statusFirst},
	{"a stranger is told of the contract", byCorpus, reasons(escrow.ContractNotFound, oc.NotClient, escrow.Forbidden)},
	{"who may read may write", byCorpus, acting(writes)},
	{"unclaimed accounts hire", byCorpus, acting(claimed)},
	{"a token is a human", byCorpus, acting(signedIn)},
	{"a token confirms", byCorpus, func(q escrow.Request, ask func(escrow.Request) said) said {
		if confirmed(&q) != nil {
			signedIn(&q.Actor)
		}
		return ask(q)
	}},

	{"an approval is spent twice", byCorpus, spendsTwice},
	{"a declined approval is confirmed", byCorpus, revives(escrow.ApprovalIsDeclined)},
	{"an expired approval is confirmed", byCorpus, revives(escrow.ApprovalIsExpired)},
	{"a stale approval is confirmed", byCorpus, confirmsStale},
	{"nothing is superseded", byCorpus, forgetsSuperseded},
	{"an ended contract waits for approvals", byCorpus, endsPending},
	{"the same request is a further approval", byCorpus, asksAgain},
	{"a human is counted twice", byCorpus, countsTwice},
	{"only the last confirmation is kept", byCorpus, keepsOnlyTwo},
	{"other terms keep their confirmations", byCorpus, keepsConfirmations},
	{"separate duties are ignored", byCorpus, fixed("separateDuties", false)},
	{"the hash covers no amounts", byCorpus, hashesNoMoney},
	{"one approval for all milestones", byHires, forAnyMilestone},
}

// TestFindsFaults: the half of a run that is to find a fault does. What random
// lives find, they tell in a story short enough to be read. A short run plants every
// eighth.
func TestFindsFaults(t *testing.T) {
	for i, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			if testing.Short() && i%8 != 0 {
				t.Skip("one of many")
			}
			t.Parallel()
			options := []escrowtest.Option{playing(f.by)}
			if f.by == byCorpus {
				options = append(options, few...)
			}
			r, err := conform.Run(t.Context(), served(t, f.name), nil, options...)
			require.NoError(t, err)
			assert.False(t, r.Passed())
			if f.by == byCorpus {
				require.NotEmpty(t, r.Differs)
				for _, d := range r.Differs {
					assert.Empty(t, d.Err, "a fault answers, if wrongly: %s", d.Name)
				}
				return
			}
			require.Empty(t, r.Differs, "only the lives should find this")
			require.NotNil(t, r.Lives.Failure)
			steps := len(r.Lives.Failure.Story.Steps)
			assert.LessOrEqual(t, steps, 8, "%s", r.Lives.Failure)
			t.Logf("found after %d lives, told in %d steps", r.Lives.Lives, steps)
			assert.NotErrorIs(t, r.Lives.Failure.Err, conform.ErrEnded)
		})
	}
}

// few are lives that are to find nothing.
var few = []escrowtest.Option{escrowtest.AtLeast(3), escrowtest.AtMost(3)}

// playing has only those lives lived that are to find a fault.
func playing(by finder) escrowtest.Option {
	if by == byHires {
		return func() escrowtest.Option { return escrowtest.Playing(otplay.Play()) }()
	}
	return escrowtest.Playing(octplay.Play())
}

// TestAgrees: without a fault there is nothing to find.
func TestAgrees(t *testing.T) {
	t.Parallel()
	var seen []string
	r, err := conform.Run(t.Context(), served(t, honest), func(text string) { seen = append(seen, text) }, escrowtest.Playing(octplay.Play(), otplay.Play()), escrowtest.AtLeast(100))
	require.NoError(t, err)
	assert.True(t, r.Passed(), "%s", r)
	assert.Equal(t, len(conform.Corpus(known...)), r.Exchanges)
	assert.Contains(t, r.String(), "random lives: all")
	assert.Empty(t, r.Requests())
	assert.Len(t, seen, r.Exchanges+r.Lives.Lives, "every exchange and every life is told of")
}

// TestReport: what differs is told, and can be asked again.
func TestReport(t *testing.T) {
	t.Parallel()
	const rare, common = "backup agents are paid by name", "the revision stays"
	r, err := conform.Run(t.Context(), served(t, common), nil, append(few, playing(byCorpus))...)
	require.NoError(t, err)
	assert.Contains(t, r.String(), "decision.contract.revision: the engine says")
	assert.Contains(t, r.String(), "… and ")
	assert.Regexp(t, `opencontract OC-7: \d+ of \d+ agree`, r.String())
	assert.Contains(t, r.String(), "random lives: all 3 agree", "what is known to differ is left to the engine")
	assert.Equal(t, len(r.Differs), bytes.Count(r.Differences(), []byte("\n")))
	assert.Contains(t, string(r.Differences()), `"expected":{"decision"`)
	asked, first := served(t, common), bytes.SplitAfter(r.Requests(), []byte("\n"))[0]
	got, err := asked.Exchange(first)
	require.NoError(t, err)
	assert.Equal(t, r.Differs[0].Got, string(got))

	r, err = conform.Run(t.Context(), served(t, rare), nil, playing(byTasks))
	require.NoError(t, err)
	assert.Contains(t, r.String(), "].from: the engine says")
	q, err := escrow.ParseRequest(r.Requests(), lifecycles.All()...)
	require.NoError(t, err, "the last question of the story, alone")
	assert.Equal(t, escrow.Action("settle"), q.Command.Action())
}
