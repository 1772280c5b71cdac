package pages_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// troubles leaves something on every part of the operators' desk: payouts of "reviewed"
// under review by two people, and payments, a message, a hold and a request that want
// looking at.
func (s *shop) troubles(t testing.TB) {
	least, err := escrow.Asset{Code: "USDC", Scale: 6}.Amount(decimal.NewFromInt(1))
	require.NoError(t, err)
	s.found(t, opencontract.Terms{
		ID: "reviewed", Client: "acct_ann", Worker: "acct_ben", Price: decimal.NewFromInt(50000), TaskDescription: "A large one", AcceptanceCriteria: []string{"all of it"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: day(1), WithdrawalDeadline: day(2), DeliveryDeadline: day(3), ReviewDeadline: day(4),
	}.Draft().WithReview(least, 2), opencontract.Create{}.Command(), 0)
	s.do(t, "reviewed", opencontract.Accept{}.Command(), 1)
	s.do(t, "reviewed", opencontract.Withdraw{}.Command(), 1)
	s.task(t, "gone")
	s.do(t, "gone", opencontract.Withdraw{}.Command(), 1)
	s.work(t)

	store := s.Runner.Store
	payments, err := store.PaymentsOf(ctx, "gone")
	require.NoError(t, err)
	require.NoError(t, store.Refused(ctx, payments[len(payments)-1], "the account is closed"))
	require.NoError(t, store.Place(ctx, escrowsql.Intent{ID: "hold-short", Request: "r", ContractID: "gone", Revision: 1, Movements: []string{"a"}, Payer: "acct_ann",
		Asset: escrow.Asset{Code: "USDC", Scale: 6}, Amount: "1250", State: escrowsql.IntentPlaced, CreatedAt: monday, Until: monday}))
	_, err = store.Turn(ctx, "hold-short", escrowsql.IntentPlaced, escrowsql.IntentShortfall, "the card was blocked")
	require.NoError(t, err)
	tx, err := store.DB().Begin()
	require.NoError(t, err)
	letter := escrowsql.Message{ID: "gone/3", Topic: "webhook", ContractID: "gone", Payload: "{}"}
	require.NoError(t, store.Enqueue(ctx, tx, []escrowsql.Message{letter}, monday))
	require.NoError(t, tx.Commit())
	letter.Attempts = 11
	require.NoError(t, store.Unsent(ctx, letter, "nobody answers", monday))
	_, err = store.BeginKey(ctx, &escrowsql.Key{Account: "acct_ann", Key: "a-key", Fingerprint: "f"}, monday, day(1))
	require.NoError(t, err)
}

// TestOperators: payouts leave when as many people as must have looked; what was given up
// is tried again; nobody else finds the desk.
func TestOperators(t *testing.T) {
	s := open(t)
	s.troubles(t)
	olive, otto := s.as(t, 4), s.as(t, 5)
	page := olive.page("/operators")
	for _, want := range []string{"50\u202f000&nbsp;USDC", "the account is closed", "the card was blocked", "webhook", "a-key", "2 people must release"} {
		assert.Contains(t, page, want)
	}
	form := hidden(t, page, "/operators/release", "")
	for range 2 { // the same person counts once
		_, page = olive.post("/operators/release", form)
		assert.Contains(t, page, "wait for another person")
	}
	assert.Contains(t, page, `Released so far by <span class="id">olive</span>`)
	assert.NotContains(t, page, "/operators/release\"")
	_, page = otto.post("/operators/release", form)
	assert.Contains(t, page, "The payouts leave now")
	_, page = otto.post("/operators/release", form)
	assert.Contains(t, page, "done already")

	_, page = olive.post("/operators/retry", hidden(t, page, "/operators/retry", ""))
	assert.Contains(t, page, "tried again")
	_, page = olive.post("/operators/resend", hidden(t, page, "/operators/resend", ""))
	assert.Contains(t, page, "sent again")
	letters, err := s.Runner.Store.DeadLetters(ctx, "webhook", 10)
	require.NoError(t, err)
	assert.Empty(t, letters)
	dead, err := s.Runner.Store.Payments(ctx, escrowsql.PaymentDead, "", 10)
	require.NoError(t, err)
	assert.Empty(t, dead)

	assert.Contains(t, olive.page("/contracts/gone"), "You are no party of it")
	status, _ := olive.post("/contracts/reviewed/commands", url.Values{"action": {"settle"}, "key": {"k"}})
	assert.GreaterOrEqual(t, status, 400, "an operator is no party")
	status, _ = s.as(t, 0).post("/operators/release", form)
	assert.Equal(t, http.StatusNotFound, status)
}
