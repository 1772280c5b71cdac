package escrowrun_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

func TestOnlyWhatMayHaveHappenedIsUnknown(t *testing.T) {
	assert.False(t, escrowrun.Unknown(nil))
	assert.False(t, escrowrun.Unknown(fmt.Errorf("hold h: %w", escrowrun.ErrNoTransfer)))
	assert.False(t, escrowrun.Unknown(fmt.Errorf("hold h: %w", escrowrun.ErrOtherTransfer)))
	assert.True(t, escrowrun.Unknown(context.DeadlineExceeded))
	assert.True(t, escrowrun.Unknown(errors.New("connection reset")))
}

func TestTransfersAreWrittenWithTheirPoint(t *testing.T) {
	transfer := escrowrun.Transfer{ID: "h", Kind: escrowrun.HoldKind, State: escrowrun.NeedsAction, Contract: "sale-1", Account: "acct_b",
		Asset: escrow.Asset{Code: "EUR", Scale: 2}, Amount: escrow.Units(4990),
		At: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC), Challenge: json.RawMessage(`{"url":"https://bank"}`)}
	text, err := json.Marshal(transfer)
	require.NoError(t, err)
	assert.Equal(t, `{"id":"h","kind":"hold","state":"needs_action","contract":"sale-1","account":"acct_b",`+
		`"asset":{"code":"EUR","scale":2},"amount":"49.9","at":"2026-06-01T09:00:00Z","challenge":{"url":"https://bank"}}`, string(text))

	var back escrowrun.Transfer
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, transfer, back)
}

func TestTransfersOfUnreadableAmountsAreNotRead(t *testing.T) {
	var transfer escrowrun.Transfer
	for _, text := range []string{
		`{"asset":{"code":"EUR","scale":2},"amount":"0.001"}`,
		`{"asset":{"code":"EUR","scale":2},"amount":"-1"}`,
		`{"asset":{"code":"EUR","scale":2},"amount":1}`,
	} {
		assert.Error(t, json.Unmarshal([]byte(text), &transfer), text)
	}
}
