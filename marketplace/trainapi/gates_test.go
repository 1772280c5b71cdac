package trainapi_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/marketplace/trainapi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// calls are all calls, as somebody might make them; "C", "M", "P", "A" and "W" stand for a
// contract, a milestone, a proposal, an approval and a webhook.
var calls = []struct{ method, path, body, scope, feature string }{
	{"GET", "/auth/me", "", "", ""},
	{"GET", "/contracts", "", "payments:read", ""},
	{"GET", "/contracts/C", "", "payments:read", ""},
	{"POST", "/contracts/C/milestones", `{"description":"x","amountUsd":1}`, "payments:write", "public_api_payments_write"},
	{"POST", "/contracts/C/end", "", "payments:write", "public_api_payments_write"},
	{"POST", "/milestones/M/fund", "", "payments:write", "public_api_payments_write"},
	{"POST", "/milestones/M/approve", "", "payments:write", "public_api_payments_write"},
	{"POST", "/proposals/P/hire", firstBatch, "proposals:write", "public_api_hiring"},
	{"GET", "/approvals/A", "", "payments:read", ""},
	{"POST", "/approvals/A/confirm", "", "payments:read", ""},
	{"POST", "/approvals/A/decline", "", "payments:read", ""},
	{"GET", "/updates", "", "payments:read", ""},
	{"POST", "/webhooks", `{"url":"https://receiver.example","eventTypes":["contract.created"]}`, "webhooks:manage", "public_api_webhooks"},
	{"GET", "/webhooks", "", "webhooks:manage", "public_api_webhooks"},
	{"GET", "/webhooks/W", "", "webhooks:manage", "public_api_webhooks"},
	{"DELETE", "/webhooks/W", "", "webhooks:manage", "public_api_webhooks"},
}

// claims are the calls that only a claimed account can make.
func claims(path string) bool {
	return path != "/webhooks" && !strings.HasPrefix(path, "/webhooks/") && !strings.HasPrefix(path, "/approvals")
}

// TestGates: every call is refused for want of a token, of its scope, of its feature and of
// a claim, in this order; a person's session is no token.
func TestGates(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for _, c := range calls {
			t.Run(c.method+c.path, func(t *testing.T) {
				s.ask(t, escrow.Actor{}, c.method, c.path, c.body).refused(t, 401, "UNAUTHORIZED", "")
				s.ask(t, ann, c.method, c.path, c.body).refused(t, 401, "UNAUTHORIZED", "")
				if c.scope == "" {
					assert.Equal(t, 200, s.ask(t, escrow.Actor{ID: "poor", Kind: escrow.KindToken}, c.method, c.path, c.body).status)
					return
				}
				poor := escrow.Actor{ID: "poor", Kind: escrow.KindToken, Account: "acct_1", Scopes: []string{"jobs:write"}, ClaimURL: "https://market.example/claim"}
				details := s.ask(t, poor, c.method, c.path, c.body).refused(t, 403, "FORBIDDEN", "")
				assert.Contains(t, details["requiredScopes"], c.scope)
				poor.Scopes = []string{strings.Replace(c.scope, ":read", ":write", 1)} // to write is to read, too
				if c.feature != "" {
					details = s.ask(t, poor, c.method, c.path, c.body).refused(t, 403, "FORBIDDEN", "")
					assert.Equal(t, map[string]any{"featureKey": c.feature}, details)
					poor.Features = []string{c.feature}
				}
				got := s.ask(t, poor, c.method, c.path, c.body)
				if c.method == "POST" && claims(c.path) {
					details = got.refused(t, 403, "FORBIDDEN", "account_claim_required")
					assert.Equal(t, "https://market.example/claim", details["claimUrl"])
					assert.NotEmpty(t, details["action"])
					return
				}
				assert.NotEqual(t, 401, got.status)
			})
		}
	})
}

// TestStrangers: what is another account's is answered to the byte, but for the request's
// id, as what does not exist.
func TestStrangers(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		contract := s.hired(t, "prop_1")
		milestone := s.contract(t, contract)["milestones"].([]any)[0].(map[string]any)["id"].(string)
		approval := approvalOf(t, s.ask(t, mine, "POST", "/contracts/"+contract+"/end", ""))["id"].(string)
		hook := s.ask(t, mine, "POST", "/webhooks", `{"url":"https://receiver.example","eventTypes":["contract.created"]}`).read(t, 201)["webhook"].(map[string]any)["id"].(string)
		ids := strings.NewReplacer("/C", "/"+contract, "/M", "/"+milestone, "/P", "/prop_1", "/A", "/"+approval, "/W", "/"+hook)
		worker := token("trainer_9")
		for _, c := range calls {
			if !strings.ContainsAny(c.path, "CMPAW") {
				continue
			}
			for _, stranger := range []escrow.Actor{strange, worker} {
				got := s.ask(t, stranger, c.method, ids.Replace(c.path), c.body)
				details := got.refused(t, 404, "NOT_FOUND", "")
				assert.NotEmpty(t, details["resource"])
				none := s.ask(t, stranger, c.method, c.path, c.body)
				assert.Equal(t, strings.ReplaceAll(none.body, none.problem(t).RequestID, ""), blank(got, ids, c.path, t))
			}
		}
		assert.Empty(t, s.ask(t, strange, "GET", "/contracts", "").read(t, 200)["contracts"])
		assert.Empty(t, s.ask(t, worker, "GET", "/contracts", "").read(t, 200)["contracts"])
		assert.Empty(t, s.ask(t, strange, "GET", "/webhooks", "").read(t, 200)["webhooks"])
		s.ask(t, strange, "GET", "/contracts?jobId=job_acct_1", "").refused(t, 403, "FORBIDDEN", "")
		details := s.ask(t, mine, "GET", "/contracts?jobId=none", "").refused(t, 404, "NOT_FOUND", "")
		assert.Equal(t, map[string]any{"resource": "jobs", "jobId": "none"}, details)
	})
}

// blank returns a refusal with the ids that it names as the caller did.
func blank(a answer, ids *strings.Replacer, path string, t *testing.T) string {
	for _, part := range strings.Split(path, "/") {
		if len(part) == 1 && strings.Contains("CMPAW", part) {
			id := strings.TrimPrefix(ids.Replace("/"+part), "/")
			return strings.NewReplacer(a.problem(t).RequestID, "", `"`+id+`"`, `"`+part+`"`).Replace(a.body)
		}
	}
	return a.body
}

// TestOnlyPeople: no token confirms or declines, whatever it has, and nothing moves.
func TestOnlyPeople(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		contract := s.hired(t, "prop_1")
		end := approvalOf(t, s.ask(t, mine, "POST", "/contracts/"+contract+"/end", ""))
		for _, verb := range []string{"confirm", "decline"} {
			details := s.ask(t, mine, "POST", "/approvals/"+end["id"].(string)+"/"+verb, "").refused(t, 403, "FORBIDDEN", "not_human")
			assert.Equal(t, end["approvalUrl"], details["approvalUrl"])
		}
		_, err := s.Runner.Do(ctx, contract, confirming(end["id"].(string)), mine, "")
		require.ErrorIs(t, err, escrow.NotHuman)
		assert.Equal(t, end, s.approval(t, end))
		assert.Equal(t, "active", s.contract(t, contract)["status"])
	})
}

// TestMembers: a member sees the approvals that they have asked for, the owner all.
func TestMembers(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		contract := s.hired(t, "prop_1")
		bob, eve := mine, mine
		bob.ID, bob.User, eve.ID, eve.User = "tok_bob", "member-bob", "tok_eve", "member-eve"
		end := approvalOf(t, s.ask(t, bob, "POST", "/contracts/"+contract+"/end", ""))
		at := "/approvals/" + end["id"].(string)
		s.ask(t, bob, "GET", at, "").read(t, 200)
		s.ask(t, mine, "GET", at, "").read(t, 200)
		s.ask(t, eve, "GET", at, "").refused(t, 404, "NOT_FOUND", "")
		assert.Equal(t, end, approvalOf(t, s.ask(t, eve, "POST", "/contracts/"+contract+"/end", "")))
	})
}

// TestPaymentMethod: who cannot pay cannot hire or fund, and is told where to add a way.
func TestPaymentMethod(t *testing.T) {
	has := true
	each(t, func(t *testing.T, s *site) {
		has = true
		contract := s.hired(t, "prop_1")
		s.propose(t, "prop_2", "acct_1")
		m := s.ask(t, mine, "POST", "/contracts/"+contract+"/milestones", `{"description":"x","amountUsd":1}`).read(t, 201)["milestone"].(map[string]any)["id"].(string)
		has = false
		for _, c := range [][2]string{{"/milestones/" + m + "/fund", ""}, {"/proposals/prop_2/hire", firstBatch}} {
			details := s.ask(t, mine, "POST", c[0], c[1]).refused(t, 409, "CONFLICT", "payment_method_required")
			assert.Equal(t, "https://market.example/billing", details["billingUrl"])
		}
		s.ask(t, mine, "POST", "/milestones/none.m1/fund", "").refused(t, 404, "NOT_FOUND", "")
		assert.Equal(t, 202, s.ask(t, mine, "POST", "/contracts/"+contract+"/end", "").status, "to end needs none")
	}, func(s *trainapi.Server) {
		s.PaymentMethod = func(context.Context, string) (bool, string, error) { return has, "https://market.example/billing", nil }
	})
}

// TestBodies: what is wrong with a body is told by its field, as the call names it.
func TestBodies(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		contract := s.hired(t, "prop_1")
		s.propose(t, "prop_2", "acct_1")
		milestones, hire := "/contracts/"+contract+"/milestones", "/proposals/prop_2/hire"
		for _, c := range []struct{ path, body, field string }{
			{milestones, `{"amountUsd":1}`, "description"},
			{milestones, `{"description":" ","amountUsd":1}`, "description"},
			{milestones, `{"description":"x"}`, "amountUsd"},
			{milestones, `{"description":"x","amountUsd":0}`, "amountUsd"},
			{milestones, `{"description":"x","amountUsd":-1}`, "amountUsd"},
			{milestones, `{"description":"x","amountUsd":1.001}`, "amountUsd"},
			{milestones, `{"description":"x","amountUsd":"1"}`, "amountUsd"},
			{milestones, `{"description":"x","amountUsd":1e99}`, "amountUsd"},
			{milestones, `{"description":"x","amountUsd":1e999999999999}`, "amountUsd"},
			{milestones, `{"description":"x","amountUsd":1,"volume":3}`, "volume"},
			{milestones, `{"description":"x","amountUsd":1,"dueDate":"soon"}`, "dueDate"},
			{milestones, `{"description":"x","amountUsd":1,"amount":1}`, "amount"},
			{hire, `{}`, "milestone"},
			{hire, `{"milestone":{"amount":1}}`, "milestone.name"},
			{hire, `{"milestone":{"name":"x"}}`, "milestone.amount"},
			{hire, `{"milestone":{"name":"x","amount":0}}`, "milestone.amount"},
			{hire, `{"milestone":{"name":"x","amount":1,"dueDate":"2026-13-01"}}`, "milestone.dueDate"},
		} {
			details := s.ask(t, mine, "POST", c.path, c.body).refused(t, 400, "BAD_REQUEST", "")
			assert.Equal(t, c.field, details["field"], c.body)
		}
		for _, body := range []string{`{`, `[]`, `{"milestone":{"name":"x","name":"y"}}`} {
			s.ask(t, mine, "POST", hire, body).refused(t, 400, "BAD_REQUEST", "")
		}
		assert.Equal(t, "status", s.ask(t, mine, "GET", "/contracts?status=proposed", "").refused(t, 400, "BAD_REQUEST", "")["field"])
		assert.Len(t, s.contract(t, contract)["milestones"], 1)
		assert.Equal(t, 202, s.ask(t, mine, "POST", hire, firstBatch).status, "what was refused is in nobody's way")
	})
}

// TestProblems: what is no call is answered in the API's own form, with the request's id.
func TestProblems(t *testing.T) {
	s := open(t, t.TempDir()+"/db")
	s.checked = nil // the document has no such calls
	s.ask(t, mine, "GET", "/jobs", "").refused(t, 404, "NOT_FOUND", "")
	s.ask(t, mine, "DELETE", "/contracts", "").refused(t, 405, "BAD_REQUEST", "method_not_allowed")
	s.ask(t, mine, "POST", "/proposals/p/hire", strings.Repeat("x", 2<<20)).refused(t, 413, "BAD_REQUEST", "body_too_large")
	got := s.ask(t, mine, "POST", "/proposals/p/hire", "{}", "Content-Type", "text/plain")
	got.refused(t, 415, "BAD_REQUEST", "unsupported_type")
	s.Authenticate = func(*http.Request) (trainapi.Caller, error) { panic("the password is 123") }
	got = s.ask(t, mine, "GET", "/contracts", "")
	got.refused(t, 500, "INTERNAL_ERROR", "")
	assert.NotContains(t, got.body, "123")
	me := s.ask(t, escrow.Actor{}, "GET", "/openapi.json", "")
	assert.Contains(t, me.read(t, 200), "openapi")
}

// TestListed: a list goes on where its cursor says, and skips nothing.
func TestListed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		var want, got []string
		for _, id := range []string{"a", "b", "c", "d", "e"} {
			s.clock.add(1)
			want = append([]string{s.hired(t, id)}, want...)
			s.propose(t, id+"-pending", "acct_1")
			s.ask(t, mine, "POST", "/proposals/"+id+"-pending/hire", firstBatch)
		}
		query := "?limit=2"
		for query != "" {
			page := s.ask(t, mine, "GET", "/contracts"+query, "").read(t, 200)
			for _, c := range page["contracts"].([]any) {
				got = append(got, c.(map[string]any)["id"].(string))
			}
			next, more := page["nextCursor"].(string)
			if query = ""; more {
				query = "?limit=2&cursor=" + next
			}
		}
		assert.True(t, slices.Equal(want, got), "%v %v", want, got)
		s.ask(t, mine, "GET", "/contracts?cursor=strange", "").refused(t, 400, "BAD_REQUEST", "")
	})
}
