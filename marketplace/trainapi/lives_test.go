package trainapi_test

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLife: hire, a milestone created, funded and approved, and an end that a person
// confirms.
func TestLife(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.propose(t, "prop_1", "acct_1")
		hire := approvalOf(t, s.ask(t, mine, "POST", "/proposals/prop_1/hire", firstBatch))
		assert.Equal(t, "pending", hire["status"])
		assert.Nil(t, hire["contractId"])
		assert.Equal(t, "https://market.example/approvals/"+hire["id"].(string), hire["approvalUrl"])
		assert.Empty(t, s.ask(t, mine, "GET", "/contracts", "").read(t, 200)["contracts"])

		s.clock.add(time.Hour)
		s.confirm(t, hire, confirming)
		list := s.ask(t, mine, "GET", "/contracts?status=active&jobId=job_acct_1", "").read(t, 200)["contracts"].([]any)
		require.Len(t, list, 1)
		contract := list[0].(map[string]any)["id"].(string)
		first := list[0].(map[string]any)["milestones"].([]any)[0].(map[string]any)
		assert.Equal(t, "ACTIVE_FUNDED", first["status"])

		created := s.ask(t, mine, "POST", "/contracts/"+contract+"/milestones", `{"description":"10,000 posts","amountUsd":49.95,"dueDate":"2026-08-01T10:00:00Z"}`).read(t, 201)["milestone"].(map[string]any)
		assert.Equal(t, "NOT_FUNDED", created["status"])
		assert.EqualValues(t, 2, created["milestoneNumber"])
		assert.EqualValues(t, 49.95, created["amountUsd"])
		assert.Nil(t, created["invoiceId"])
		second := created["id"].(string)
		s.ask(t, mine, "POST", "/milestones/"+second+"/approve", "").refused(t, 409, "CONFLICT", "milestone_not_funded")

		fund := approvalOf(t, s.ask(t, mine, "POST", "/milestones/"+second+"/fund", ""))
		assert.Equal(t, fund, approvalOf(t, s.ask(t, mine, "POST", "/milestones/"+second+"/fund", "")))
		assert.Equal(t, second, fund["milestoneId"])
		assert.True(t, s.milestone(t, contract, second)["pendingApproval"].(bool))
		s.confirm(t, fund, confirming)
		result := s.approval(t, fund)["result"].(map[string]any)
		assert.Equal(t, "ACTIVE_FUNDED", s.milestone(t, contract, second)["status"])
		assert.Equal(t, result["invoiceId"], s.milestone(t, contract, second)["invoiceId"])
		details := s.ask(t, mine, "POST", "/milestones/"+second+"/fund", "").refused(t, 409, "CONFLICT", "milestone_not_fundable")
		assert.Equal(t, map[string]any{"reason": "milestone_not_fundable", "milestoneId": second, "status": "ACTIVE_FUNDED"}, details)

		release := approvalOf(t, s.ask(t, mine, "POST", "/milestones/"+second+"/approve", ""))
		s.confirm(t, release, confirming)
		paid := s.approval(t, release)["result"].(map[string]any)
		assert.Equal(t, result["invoiceId"], paid["invoiceId"])
		assert.NotEmpty(t, paid["payoutTransactionId"])
		assert.Equal(t, "PAID", s.milestone(t, contract, second)["status"])

		end := approvalOf(t, s.ask(t, mine, "POST", "/contracts/"+contract+"/end", ""))
		assert.Equal(t, "contract_end", end["type"])
		assert.Equal(t, contract, end["contractId"])
		s.confirm(t, end, confirming)
		assert.Equal(t, map[string]any{"contractEnded": true}, s.approval(t, end)["result"])
		got := s.contract(t, contract)
		assert.Equal(t, "ended", got["status"])
		assert.NotNil(t, got["endDate"])
		assert.Len(t, got["milestones"], 1, "the first was refunded, and is shown no more")
		for _, path := range []string{"/contracts/" + contract + "/end", "/milestones/" + second + "/fund", "/milestones/" + second + "/approve"} {
			s.ask(t, mine, "POST", path, "").refused(t, 409, "CONFLICT", "contract_ended")
		}
		s.ask(t, mine, "POST", "/contracts/"+contract+"/milestones", `{"description":"more","amountUsd":1}`).refused(t, 409, "CONFLICT", "contract_ended")
		s.ask(t, mine, "POST", "/proposals/prop_1/hire", firstBatch).refused(t, 409, "CONFLICT", "proposal_already_hired")
	})
}

func (s *site) contract(t require.TestingT, id string) map[string]any {
	return s.ask(t, mine, "GET", "/contracts/"+id, "").read(t, 200)["contract"].(map[string]any)
}

func (s *site) milestone(t require.TestingT, contract, id string) map[string]any {
	for _, m := range s.contract(t, contract)["milestones"].([]any) {
		if m := m.(map[string]any); m["id"] == id {
			return m
		}
	}
	require.Fail(t, "no milestone "+id)
	return nil
}

func (s *site) approval(t require.TestingT, a map[string]any) map[string]any {
	return s.ask(t, mine, "GET", "/approvals/"+a["id"].(string), "").read(t, 200)["approval"].(map[string]any)
}

// TestEndDirectly: with nothing funded a contract ends at once.
func TestEndDirectly(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		contract := s.hired(t, "prop_1")
		first := s.contract(t, contract)["milestones"].([]any)[0].(map[string]any)["id"].(string)
		s.confirm(t, approvalOf(t, s.ask(t, mine, "POST", "/milestones/"+first+"/approve", "")), confirming)
		got := s.ask(t, mine, "POST", "/contracts/"+contract+"/end", "", "Idempotency-Key", "k1")
		assert.Equal(t, map[string]any{"ok": true, "contractId": contract, "status": "ended"}, got.read(t, 200))
		again := s.ask(t, mine, "POST", "/contracts/"+contract+"/end", "", "Idempotency-Key", "k1")
		assert.Equal(t, got.body, again.body)
		assert.Equal(t, "true", again.header.Get("Idempotency-Replayed"))
		s.ask(t, mine, "POST", "/contracts/"+contract+"/end", "").refused(t, 409, "CONFLICT", "contract_ended")
	})
}

// TestExpired: an approval that nobody answers expires when its time has come, whether or
// not anything was done about it; the next request opens another.
func TestExpired(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		contract := s.hired(t, "prop_1")
		end := approvalOf(t, s.ask(t, mine, "POST", "/contracts/"+contract+"/end", ""))
		s.clock.add(72*time.Hour - 1)
		assert.Equal(t, "pending", s.approval(t, end)["status"])
		s.clock.add(1)
		got := s.approval(t, end)
		assert.Equal(t, "expired", got["status"])
		assert.Equal(t, got["expiresAt"], got["resolvedAt"])
		_, err := s.Runner.Do(ctx, contract, confirming(end["id"].(string)), ann, "")
		require.ErrorIs(t, err, escrow.ApprovalExpired)
		fresh := approvalOf(t, s.ask(t, mine, "POST", "/contracts/"+contract+"/end", ""))
		assert.NotEqual(t, end["id"], fresh["id"])
		assert.Equal(t, "active", s.contract(t, contract)["status"])
	})
}

// TestHireAgain: a hire that was declined or expired leaves the proposal to be hired from
// again; other terms take the place of those that are pending.
func TestHireAgain(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.propose(t, "prop_1", "acct_1")
		hire := func(body string) map[string]any {
			return approvalOf(t, s.ask(t, mine, "POST", "/proposals/prop_1/hire", body))
		}
		first := hire(firstBatch)
		assert.Equal(t, first, hire(firstBatch))
		dearer := hire(`{"milestone":{"name":"First batch","description":"5,000 posts","amount":300.5,"dueDate":"2026-07-01"}}`)
		assert.NotEqual(t, first["id"], dearer["id"])
		assert.Equal(t, "superseded", s.approval(t, first)["status"])

		s.confirm(t, dearer, declining)
		assert.Equal(t, "declined", s.approval(t, dearer)["status"])
		assert.Empty(t, s.ask(t, mine, "GET", "/contracts", "").read(t, 200)["contracts"])
		third := hire(firstBatch)
		s.clock.add(73 * time.Hour)
		fourth := hire(firstBatch)
		assert.Equal(t, "expired", s.approval(t, third)["status"])
		s.confirm(t, fourth, confirming)
		list := s.ask(t, mine, "GET", "/contracts", "").read(t, 200)["contracts"].([]any)
		require.Len(t, list, 1)
		assert.EqualValues(t, 300, list[0].(map[string]any)["rateUsd"])
	})
}

// TestKeys: a request under a key is done once, and answered by the same bytes, whatever
// has become of its contract; the key belongs to that request.
func TestKeys(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.propose(t, "prop_1", "acct_1")
		got := s.ask(t, mine, "POST", "/proposals/prop_1/hire", firstBatch, "Idempotency-Key", "h")
		s.confirm(t, approvalOf(t, got), confirming)
		again := s.ask(t, mine, "POST", "/proposals/prop_1/hire", firstBatch, "Idempotency-Key", "h")
		assert.Equal(t, got.body, again.body)
		assert.Equal(t, 202, again.status)

		contract := s.ask(t, mine, "GET", "/contracts", "").read(t, 200)["contracts"].([]any)[0].(map[string]any)["id"].(string)
		path, body := "/contracts/"+contract+"/milestones", `{"description":"more","amountUsd":1}`
		one := s.ask(t, mine, "POST", path, body, "Idempotency-Key", "m")
		two := s.ask(t, mine, "POST", path, `{"amountUsd":1, "description":"more"}`, "Idempotency-Key", "m")
		assert.Equal(t, 201, one.status, one.body)
		assert.Equal(t, one.body, two.body)
		s.ask(t, mine, "POST", path, `{"description":"more","amountUsd":2}`, "Idempotency-Key", "m").refused(t, 422, "BAD_REQUEST", "key_reused")
		s.ask(t, mine, "POST", path, body, "Idempotency-Key", "no key").refused(t, 400, "BAD_REQUEST", "")
		s.ask(t, mine, "POST", path, body)
		assert.Len(t, s.contract(t, contract)["milestones"], 3, "without a key each request makes one")
	})
}
