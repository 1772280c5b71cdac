package trainapi

import (
	"net/http"

	"github.com/escrow-go/escrow/escrowhttp"
)

// The statuses of refusals, besides those that any call has.
var (
	conflicts = []int{http.StatusConflict, http.StatusUnprocessableEntity, http.StatusPaymentRequired}
	plain     []int
)

// row is a route and what it needs of a token.
type row struct {
	method, path, name, group, summary string
	need                               need
	answer                             func(http.ResponseWriter, *http.Request, Caller) error
	body                               any
	answers                            map[int]any
	problems                           []int
	params                             []escrowhttp.Param
}

var keyParam = []escrowhttp.Param{{Name: escrowhttp.KeyHeader, In: "header", Meaning: "sent again under the same key it is done once, and answered by the same bytes"}}

// rows are the calls of the API.
func (s *Server) rows() []row {
	ref := escrowhttp.Ref
	one := func(name string) map[int]any { return map[int]any{http.StatusOK: object(name, ref(name))} }
	approval := object("approval", ref("approval"), "message", text)
	return []row{
		{"GET", "/auth/me", "getMe", "auth", "Shows whose the token is, and what it may do", anyToken, s.me, nil, map[int]any{200: ref("me")}, plain, nil},
		{"GET", "/contracts", "listContracts", "contracts", "Lists the account's contracts, newest first", reading, s.listContracts, nil,
			map[int]any{200: withOptional(object("contracts", listOf(ref("contract"))), "nextCursor", text)}, plain, contractParams},
		{"GET", "/contracts/{contractId}", "getContract", "contracts", "Shows a contract with its budget", reading, s.getContract, nil,
			map[int]any{200: object("contract", ref("contractDetail"))}, plain, nil},
		{"POST", "/contracts/{contractId}/milestones", "createMilestone", "contracts", "Adds a milestone that holds no money yet", paying, s.createMilestone,
			milestoneBody, map[int]any{201: object("milestone", ref("milestone"))}, conflicts, keyParam},
		{"POST", "/contracts/{contractId}/end", "endContract", "contracts", "Ends a contract: at once when nothing is funded, else once a person confirms it", paying, s.end,
			nil, map[int]any{200: object("ok", constant(true), "contractId", text, "status", constant("ended")), 202: approval}, conflicts, keyParam},
		{"POST", "/milestones/{milestoneId}/fund", "fundMilestone", "milestones", "Asks for a milestone's money, which a person must confirm", paying, s.fund,
			nil, map[int]any{202: approval}, conflicts, keyParam},
		{"POST", "/milestones/{milestoneId}/approve", "approveMilestone", "milestones", "Asks for a milestone's release to the trainer, which a person must confirm", paying, s.approve,
			nil, map[int]any{202: approval}, conflicts, keyParam},
		{"POST", "/proposals/{proposalId}/hire", "hireProposal", "proposals", "Asks for the trainer of a proposal, which a person must confirm", hiring, s.hire,
			hireBody, map[int]any{202: approval}, conflicts, keyParam},
		{"GET", "/approvals/{approvalId}", "getApproval", "approvals", "Shows what has become of an approval", reading, s.getApproval, nil, one("approval"), plain, nil},
		{"POST", "/approvals/{approvalId}/confirm", "confirmApproval", "approvals", "Is refused: a person confirms, on the page of the approval", reading, s.onlyPeople, nil, nil, plain, nil},
		{"POST", "/approvals/{approvalId}/decline", "declineApproval", "approvals", "Is refused: a person declines, on the page of the approval", reading, s.onlyPeople, nil, nil, plain, nil},
		{"GET", "/updates", "pollUpdates", "updates", "Tells what has happened since a cursor, oldest first", following, s.updates, nil,
			map[int]any{200: object("events", listOf(ref("event")), "nextCursor", text, "hasMore", flag)}, plain, feedParams},
		{"POST", "/webhooks", "createWebhook", "webhooks", "Subscribes an address to events from now on", listening, s.createWebhook, webhookBody,
			map[int]any{201: object("webhook", ref("webhook"), "secret", text, "message", text)}, []int{http.StatusConflict}, nil},
		{"GET", "/webhooks", "listWebhooks", "webhooks", "Lists the account's subscriptions, newest first", listening, s.listWebhooks, nil,
			map[int]any{200: object("webhooks", listOf(ref("webhook")))}, plain, nil},
		{"GET", "/webhooks/{webhookId}", "getWebhook", "webhooks", "Shows a subscription", listening, s.getWebhook, nil, one("webhook"), plain, nil},
		{"DELETE", "/webhooks/{webhookId}", "deleteWebhook", "webhooks", "Ends a subscription", listening, s.deleteWebhook, nil,
			map[int]any{200: object("webhook", ref("webhook"), "deleted", constant(true))}, plain, nil},
	}
}

// API returns the table of the server's routes, which its handler and its document are
// made of.
func (s *Server) API() *escrowhttp.API {
	api := &escrowhttp.API{Title: "OpenTrain's public API", Version: "v1", Errors: s.errors, Schemas: schemas,
		About: "Hiring by milestones. Whatever would move money is answered by 202 with an approval, and happens once a signed-in person confirms it at its approvalUrl."}
	for _, t := range s.rows() {
		api.Routes = append(api.Routes, escrowhttp.Route{Method: t.method, Pattern: Base + t.path, Name: t.name, Group: t.group, Summary: t.summary,
			Params: t.params, Body: t.body, Answers: t.answers, Problems: t.problems, Func: s.asked(t.need, t.answer)})
	}
	api.Routes = append(api.Routes, escrowhttp.Route{Method: "GET", Pattern: Base + "/openapi.json", Name: "getDocument", Summary: "Shows this document", Open: true,
		Answers: map[int]any{200: map[string]any{"type": "object"}}, Func: s.showDocument})
	return api
}
