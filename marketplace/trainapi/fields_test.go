package trainapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The documented objects, field by field: names, forms and values as the documentation's
// samples have them. "CONTRACT" and its like are ids that are made up.
const (
	documentedMilestone = `{"id":"MILESTONE","name":"First batch","description":"5,000 posts","status":"ACTIVE_FUNDED","amountUsd":300,"volume":null,
		"milestoneNumber":1,"dueDate":"2026-07-01T00:00:00.000Z","pendingApproval":false,"needsReview":false,"invoiceId":"INVOICE","createdAt":"2026-06-12T09:30:00.000Z"}`

	documentedContract = `"id":"CONTRACT","status":"active","title":"Label pictures","jobId":"job_acct_1","proposalId":"prop_1","paymentType":"FIXED_PRICE",
		"rateUsd":300,"estimatedTotalUsd":300,"estimatedVolume":null,"hasActiveMilestone":true,"startDate":"2026-06-12T09:30:00.000Z","endDate":null,
		"createdAt":"2026-06-12T09:30:00.000Z","updatedAt":"2026-06-12T09:30:00.000Z",
		"freelancer":{"userId":"trainer_9","displayName":"Maria G.","country":"Spain","profilePath":"/profile/maria-g"},"milestones":[` + documentedMilestone + `]`

	documentedDetail = documentedContract + `,"jobDmConversationId":null,"budget":{"contractId":"CONTRACT","paymentType":"FIXED_PRICE","state":"OK","fundedVolume":0,
		"fundedAmountUsd":300,"consumed":{"seconds":0,"hours":0,"labels":0,"tasks":0},"consumedVolume":0,"remainingVolume":0,"consumedFraction":0,
		"activeMilestone":{"id":"MILESTONE","name":"First batch","amountUsd":300,"volume":null,"status":"ACTIVE_FUNDED"},"lastUsageAt":null}`

	documentedHire = `{"id":"APPROVAL","type":"proposal_hire","status":"STATUS","contractId":null,"milestoneId":null,"jobId":"job_acct_1","proposalId":"prop_1",
		"approvalUrl":"https://market.example/approvals/APPROVAL","expiresAt":"2026-06-15T09:00:00.000Z","resolvedAt":RESOLVED,"result":RESULT,"createdAt":"2026-06-12T09:00:00.000Z"}`

	documentedFund = `{"id":"APPROVAL","type":"TYPE","status":"STATUS","contractId":"CONTRACT","milestoneId":"MILESTONE","jobId":"job_acct_1","proposalId":null,
		"approvalUrl":"https://market.example/approvals/APPROVAL","expiresAt":"2026-06-15T10:00:00.000Z","resolvedAt":RESOLVED,"result":RESULT,"createdAt":"2026-06-12T10:00:00.000Z"}`

	documentedEnd = `{"id":"APPROVAL","type":"contract_end","status":"pending","contractId":"CONTRACT","milestoneId":null,"jobId":"job_acct_1","proposalId":null,
		"approvalUrl":"https://market.example/approvals/APPROVAL","expiresAt":"2026-06-15T10:00:00.000Z","resolvedAt":null,"result":null,"createdAt":"2026-06-12T10:00:00.000Z"}`

	documentedEvent = `{"id":"ID","type":"TYPE","apiVersion":"v1","createdAt":"2026-06-12T09:30:00.000Z","resourceId":"RESOURCE","jobId":"job_acct_1","data":DATA}`

	documentedWebhook = `{"id":"WEBHOOK","url":"https://receiver.example/hooks","eventTypes":["approval.confirmed","contract.created"],"status":"ACTIVE",
		"createdAt":"2026-06-12T10:00:00.000Z","disabledAt":null,"disabledReason":null}`

	documentedMe = `{"actor":{"userId":"ann","email":"","firstName":"","lastName":"","fullName":"","userType":"EMPLOYER"},
		"token":{"id":"tok_acct_1","label":"","scopes":["proposals:write","payments:write","messages:read","webhooks:manage"],"ownerOrganizationId":null},
		"account":{"kind":"employer_organization","organizationId":null,"ownerUserId":"ann","memberRole":"OWNER"}}`
)

// TestFields holds answers against the documented objects.
func TestFields(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		same := func(want string, got any, names ...string) {
			t.Helper()
			text, err := json.Marshal(got)
			require.NoError(t, err)
			assert.JSONEq(t, strings.NewReplacer(names...).Replace(want), string(text))
		}
		s.propose(t, "prop_1", "acct_1")
		s.clock.set(time.Date(2026, 6, 12, 9, 0, 0, 999, time.UTC))
		hire := s.ask(t, mine, "POST", "/proposals/prop_1/hire", firstBatch).read(t, 202)
		assert.NotEmpty(t, hire["message"])
		id := hire["approval"].(map[string]any)["id"].(string)
		same(documentedHire, hire["approval"], "APPROVAL", id, "STATUS", "pending", "RESOLVED", "null", "RESULT", "null")

		s.clock.set(time.Date(2026, 6, 12, 9, 30, 0, 0, time.UTC))
		s.confirm(t, hire["approval"].(map[string]any), confirming)
		contract := s.ask(t, mine, "GET", "/contracts", "").read(t, 200)["contracts"].([]any)[0].(map[string]any)
		first := contract["milestones"].([]any)[0].(map[string]any)
		names := []string{"CONTRACT", contract["id"].(string), "MILESTONE", first["id"].(string), "INVOICE", first["invoiceId"].(string)}
		same(documentedHire, s.approval(t, hire["approval"].(map[string]any)), "APPROVAL", id, "STATUS", "confirmed", "RESOLVED", `"2026-06-12T09:30:00.000Z"`,
			"RESULT", `{"hired":true,"contractId":"`+names[1]+`","jobId":"job_acct_1","freelancerUserId":"trainer_9"}`)
		same("{"+documentedContract+"}", contract, names...)
		same("{"+documentedDetail+"}", s.contract(t, names[1]), names...)

		_, err := s.Runner.Work(ctx)
		require.NoError(t, err)
		events, _ := s.feed(t, "", 50)
		for i, want := range []struct{ kind, resource, data string }{
			{"contract.created", names[1], `{"contractId":"` + names[1] + `","jobId":"job_acct_1","proposalId":"prop_1"}`},
			{"proposal.status_changed", "prop_1", `{"proposalId":"prop_1","status":"HIRED"}`},
			{"milestone.status_changed", names[3], `{"milestoneId":"` + names[3] + `","contractId":"` + names[1] + `","status":"ACTIVE_FUNDED"}`},
			{"approval.confirmed", id, `{"approvalId":"` + id + `","status":"confirmed"}`},
		} {
			same(documentedEvent, events[i], "ID", events[i]["id"].(string), "TYPE", want.kind, "RESOURCE", want.resource, "DATA", want.data)
		}

		s.clock.set(time.Date(2026, 6, 12, 10, 0, 0, 0, time.UTC))
		created := s.ask(t, mine, "POST", "/contracts/"+names[1]+"/milestones", `{"description":"more","amountUsd":47.5}`)
		assert.Contains(t, created.body, `"amountUsd":47.5,`)
		second := created.read(t, 201)["milestone"].(map[string]any)["id"].(string)
		fund := approvalOf(t, s.ask(t, mine, "POST", "/milestones/"+second+"/fund", ""))
		at := []string{"APPROVAL", fund["id"].(string), "CONTRACT", names[1], "MILESTONE", second, "TYPE", "milestone_fund"}
		same(documentedFund, fund, append(at, "STATUS", "pending", "RESOLVED", "null", "RESULT", "null")...)
		s.confirm(t, fund, confirming)
		invoice := s.milestone(t, names[1], second)["invoiceId"].(string)
		same(documentedFund, s.approval(t, fund), append(at, "STATUS", "confirmed", "RESOLVED", `"2026-06-12T10:00:00.000Z"`, "RESULT", `{"invoiceId":"`+invoice+`"}`)...)
		end := approvalOf(t, s.ask(t, mine, "POST", "/contracts/"+names[1]+"/end", ""))
		same(documentedEnd, end, "APPROVAL", end["id"].(string), "CONTRACT", names[1])

		hook := s.ask(t, mine, "POST", "/webhooks", `{"url":"https://receiver.example/hooks","eventTypes":["contract.created","approval.confirmed"]}`).read(t, 201)["webhook"].(map[string]any)
		same(documentedWebhook, hook, "WEBHOOK", hook["id"].(string))
		same(documentedMe, s.ask(t, mine, "GET", "/auth/me", "").read(t, 200))
		same(`{"resource":"approvals","approvalId":"none"}`, s.ask(t, mine, "GET", "/approvals/none", "").refused(t, 404, "NOT_FOUND", ""))
	})
}
