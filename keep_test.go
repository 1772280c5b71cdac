package escrow_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// TestKeepAmongTwoDecisions: what is kept is good for ever, also when what it
// records lives in the memory of the decision before.
func TestKeepAmongTwoDecisions(t *testing.T) {
	at := time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC)
	client, worker, system := escrow.Agent("client"), escrow.Agent("worker"), escrow.SystemActor()
	draft := opencontract.Terms{ID: "c", Client: client.ID, Worker: worker.ID, Price: decimal.NewFromInt(50),
		TaskDescription: "work", AcceptanceCriteria: []string{"done"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: at.Add(time.Hour), WithdrawalDeadline: at.Add(2 * time.Hour),
		DeliveryDeadline: at.Add(3 * time.Hour), ReviewDeadline: at.Add(4 * time.Hour)}.Draft()
	life := []struct {
		command escrow.Command
		actor   *escrow.Actor
	}{
		{opencontract.Create{}.Command(), &client},
		{opencontract.Accept{}.Command(), &worker},
		{opencontract.Deliver{Delivery: "the work"}.Command(), &worker},
		{opencontract.Approve{}.Command(), &client},
		{opencontract.Settle{}.Command(), &system},
	}
	var turns [2]escrow.Decision
	var kept []escrow.Contract
	for range 2 {
		c := &draft
		for i, step := range life {
			d := &turns[i%2]
			require.NoError(t, escrow.DecideInto(d, c, step.command, step.actor, escrow.At(at)))
			c = &d.Contract
		}
		kept = append(kept, turns[(len(life)-1)%2].Keep())
	}
	for _, c := range kept {
		text, err := c.MarshalJSON()
		require.NoError(t, err)
		again, err := escrow.ReadStored(text, opencontract.Lifecycle)
		require.NoError(t, err)
		require.Equal(t, opencontract.SettledFullyMet, again.Status())
	}
}
