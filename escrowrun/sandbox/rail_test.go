package sandbox_test

import (
	"database/sql"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun/railtest"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
)

// payers makes holds of some payers need an action, and refuses those of others.
func payers(c sandbox.Call) sandbox.Fault {
	switch {
	case c.Operation == sandbox.HoldCall && c.Account == "acct_ask":
		return sandbox.Fault{Kind: sandbox.AskPayer}
	case c.Operation == sandbox.HoldCall && c.Account == "acct_poor":
		return sandbox.Fault{Kind: sandbox.Refuse}
	}
	return sandbox.Fault{}
}

// allLaws are the options with which every law is tried.
func allLaws(t *testing.T) []railtest.Option {
	most, err := escrow.AmountOf(new(big.Int).Exp(big.NewInt(10), big.NewInt(38), nil))
	require.NoError(t, err)
	return []railtest.Option{railtest.Greatest(most), railtest.Challenged("acct_ask", []byte(`"yes"`)), railtest.Declined("acct_poor")}
}

func TestSandboxKeepsTheLaws(t *testing.T) {
	databases(t, func(t *testing.T, db *sql.DB) {
		railtest.Run(t, rail(t, db, sandbox.WithFaults(sandbox.Faults{Choose: payers})), allLaws(t)...)
	})
}

func TestSandboxWithoutHoldsKeepsTheLaws(t *testing.T) {
	databases(t, func(t *testing.T, db *sql.DB) {
		railtest.Run(t, rail(t, db, sandbox.WithoutHolds(), sandbox.WithFaults(sandbox.Faults{Choose: payers})), allLaws(t)...)
	})
}

// badNetwork is what a caller who asks again until the answer is known does not notice.
func badNetwork(c sandbox.Call) sandbox.Fault {
	if chosen := payers(c); chosen.Kind != sandbox.NoFault || c.Count%2 == 0 {
		return chosen
	}
	kinds := []sandbox.FaultKind{sandbox.Twice, sandbox.AnswerLost, sandbox.RequestLost, sandbox.ArrivesLater, sandbox.Late}
	return sandbox.Fault{Kind: kinds[(len(c.ID)+len(c.Operation)+c.Count/2)%len(kinds)], After: c.Count % 3}
}

func TestAskingAgainKeepsTheLawsOnABadNetwork(t *testing.T) {
	databases(t, func(t *testing.T, db *sql.DB) {
		faults := sandbox.WithFaults(sandbox.Faults{Choose: badNetwork})
		railtest.Run(t, rail(t, db, faults, sandbox.WithSleep(noSleep)), append(allLaws(t), railtest.Attempts(20))...)
	})
}
