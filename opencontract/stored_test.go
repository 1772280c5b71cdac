package opencontract_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// TestStored: every snapshot, and the draft, is read back to the same bytes.
func TestStored(t *testing.T) {
	all := []string{met, notMet, unclear}
	for name, c := range map[string]struct {
		terms opencontract.Terms
		steps []step
	}{
		"draft": {terms(), nil}, "created": {terms(), created}, "tender": {tender(), created}, "matched": {tender(), matched}, "delivered": {standard(), delivered},
		"disputed": {terms(), disputed}, "drawn": {terms(), drawn}, "voted": {terms(), judged(all)}, "resolved": {terms(), judged(all, all, all)},
		"settled": {terms(), path(judged(all, all, all), settled)}, "approved": {terms(), path(approved, settled)},
	} {
		t.Run(name, func(t *testing.T) {
			contract := c.terms.Draft()
			if len(c.steps) > 0 {
				contract = live(t, c.terms, c.steps...).Contract
			}
			text, err := contract.MarshalJSON()
			require.NoError(t, err)
			back, err := escrow.ReadStored(text, opencontract.Lifecycle)
			require.NoError(t, err)
			again, err := back.MarshalJSON()
			require.NoError(t, err)
			require.Equal(t, string(text), string(again))
			require.Equal(t, opencontract.Votes(contract), opencontract.Votes(back))
			require.Equal(t, held(contract), held(back))
		})
	}
}

// documented is an object as the other system's documents show it: without
// lifecycle, policy, custody and the times that only this library sets.
const documented = `{"id": "contract_xyz789", "createdAt": "2026-06-03T00:00:00Z", "client": "0xC",
	"taskDescription": "Summarize 10 papers", "acceptanceCriteria": ["length", "method"], "criteriaMet": null, "supplementaryMaterials": null,
	"contractType": "fixed", "awardMethod": "direct_award", "budgetOrPrice": "50.0", "matchDeadline": "2026-06-04T00:00:00Z",
	"withdrawalDeadline": "2026-06-05T00:00:00Z", "deliveryDeadline": "2026-06-06T00:00:00Z", "reviewDeadline": "2026-06-08T00:00:00Z",
	"verificationMode": "privacy-preserving", "escrowedFunds": "50.0", `

// taken is what an object says once it has a worker.
const taken = `"worker": "0xW", "workerStake": "2.5", `

// TestDrawAfterAnEarlyDispute: a documented object does not say when it was delivered,
// so the delivery deadline is implied; the draw has its window from the dispute all the
// same, and not from an instant that lies after it.
func TestDrawAfterAnEarlyDispute(t *testing.T) {
	c, err := escrow.ParseContract([]byte(documented+taken+`"status": "under-review", "delivery": "x"}`), opencontract.Lifecycle)
	require.NoError(t, err)
	at := time.Date(2026, 6, 4, 0, 0, 0, 0, time.UTC)
	d, err := opencontract.Dispute{}.On(c, escrow.Agent("0xC"), escrow.At(at))
	require.NoError(t, err)
	next, ok := escrow.NextDeadline(d.Contract)
	require.True(t, ok)
	require.Equal(t, "drawDeadline", next.Moment)
	require.True(t, next.At.Equal(at.Add(24*time.Hour)), next.At)
}

// TestDocumented: a documented object decodes as it stands, with what its status
// implies.
func TestDocumented(t *testing.T) {
	delivery, review := time.Date(2026, 6, 6, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC)
	voted := `[{"backupAgent": "b2", "criterionIndex": 1, "vote": "met"}, {"backupAgent": "b2", "criterionIndex": 0, "vote": "unclear"}]`
	for name, c := range map[string]struct {
		rest                        string
		delivered, disputed, voting time.Time
		held                        string
	}{
		"matched":      {`"status": "matched", "delivery": null, "backupAgents": [], "disputeBond": null}`, time.Time{}, time.Time{}, time.Time{}, "escrow 50, stake 2.5, "},
		"under review": {`"status": "under-review", "delivery": "ipfs://x", "backupAgents": [], "disputeBond": null}`, delivery, time.Time{}, time.Time{}, "escrow 50, stake 2.5, "},
		"disputed":     {`"status": "disputed", "delivery": "ipfs://x", "backupAgents": [], "disputeBond": "2.5"}`, delivery, review, time.Time{}, "escrow 50, stake 2.5, dispute-bond 2.5, "},
		"drawn": {`"status": "disputed", "delivery": "ipfs://x", "backupAgents": ["b1", "b2", "b3"], "votes": ` + voted + `, "disputeBond": "2.5"}`,
			delivery, review, review.Add(24 * time.Hour), "escrow 50, stake 2.5, dispute-bond 2.5, backup-bond:b2 5, "},
	} {
		t.Run(name, func(t *testing.T) {
			contract, err := escrow.ParseContract([]byte(documented+taken+c.rest), opencontract.Lifecycle)
			require.NoError(t, err)
			v := contract.View()
			require.Equal(t, c.delivered, opencontract.DeliveredAt.In(v))
			require.Equal(t, c.disputed, opencontract.DisputedAt.In(v))
			require.Equal(t, c.voting, opencontract.VotingDeadline.In(v))
			require.Equal(t, c.held, held(contract))
		})
	}
}

// TestNotPossible: what no contract can be is malformed.
func TestNotPossible(t *testing.T) {
	for name, rest := range map[string]string{
		"agents before a dispute":  taken + `"status": "under-review", "delivery": "x", "backupAgents": ["b1"]}`,
		"a dispute before its day": taken + `"status": "under-review", "delivery": "x", "disputedAt": "2026-06-07T00:00:00Z"}`,
		"criteria not by votes": taken + `"status": "resolved", "delivery": "x", "disputeBond": "2.5", "criteriaMet": ["met", "met"], "backupAgents": ["b1"],
			"votes": [{"backupAgent": "b1", "criterionIndex": 0, "vote": "not met"}, {"backupAgent": "b1", "criterionIndex": 1, "vote": "met"}]}`,
		"resolved without outcomes": taken + `"status": "resolved", "delivery": "x"}`,
		"outcomes too early":        taken + `"status": "matched", "criteriaMet": ["met", "met"]}`,
		"matched without a worker":  `"status": "matched", "workerStake": "2.5"}`,
		"no stake":                  `"status": "matched", "worker": "0xW"}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := escrow.ParseContract([]byte(documented+rest), opencontract.Lifecycle)
			require.ErrorIs(t, err, escrow.Malformed)
		})
	}
}
