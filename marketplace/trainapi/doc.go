// Package trainapi answers the documented calls of OpenTrain's public API: hiring from a
// proposal, milestones, ending a contract, approvals, updates and webhooks, over a runner
// and its store, on the lifecycle of package opentrain.
//
//	api := &trainapi.Server{Runner: runner, Dialect: dialect, Authenticate: authenticate, ApprovalURL: page}
//	err := api.Open(ctx)
//	runner.Also, runner.Deliver, runner.Topics = api.Also, api.Deliver, api.Topics()
//	handler, err := api.Handler()
//
// Tokens ask, and people answer: whatever would move money is 202 with an approval, and
// happens once a signed-in person confirms it, which no call here can do.
//
//   - [Server] is the API, [Caller] who asks, [Server.AddProposal] what can be hired from.
//   - [Server.Also], [Server.Deliver] and [Server.Topics] are the runner's: they store
//     events, and deliver them to webhooks.
//
// # A call's way
//
// Guards, token, scope, feature, claim (all 403), the body (400), whose it is (404), the way
// to pay (409), the contract's state (409). What is another account's does not exist.
//
// # What the documentation leaves open
//
// Chosen here:
//
//   - Claim: needed for every write but webhooks. The endpoints' pages say so; the table of
//     scopes says otherwise.
//   - Actions in account_claim_required: "hire AI trainers", "manage milestones and contracts".
//   - Approvals: an owner's token sees all of the account, a member's those that the member
//     has asked for. A repeated request is 202 with the approval, whoever asked first.
//   - Statuses: PAID, REFUNDED and CANCELLED of milestones; superseded of approvals that
//     other terms took the place of.
//   - Hire: what a repeated request leaves out (a name, a due date) stays as proposed. The field
//     that confirms hiring who was "Not a fit" is not known, and is refused.
//   - A proposal that is hired from is 409 proposal_already_hired, also once the contract has
//     ended. After a hire was declined or expired it can be hired from again.
//   - Until a hire is confirmed there is no contract to read, list or end.
//   - Contracts are FIXED_PRICE: a volume is refused, budgets consume nothing, rateUsd is the
//     first milestone's amount, estimatedTotalUsd the sum of the milestones shown.
//   - Refunded and cancelled milestones are left out of the read of one contract, too.
//   - createdAt and startDate of a contract are when its hire was confirmed.
//   - invoiceId is the movement that funded a milestone, payoutTransactionId the one that
//     released it; there is no paymentIntentId. needsReview is false.
//   - pendingApproval of a milestone: its funding or release waits for a person.
//   - A milestone's id is its contract's and its own with a dot between; a retry without a key
//     adds a second milestone.
//   - Amounts are numbers of JSON with all their digits, at most two places, and read exactly.
//     Instants are in milliseconds.
//   - Contracts come 1,000 a page unless limit says less; nextCursor is there when more follow.
//   - Updates come 50 a page, at most 200. nextCursor may be beyond the last event's id: what
//     lies between is nothing of the account's. hasMore may be true of an empty page.
//   - proposal.received, message.received, payment.pending and contract.budget_state_changed can
//     be subscribed to, and do not happen: they are of parts that are not here.
//   - A hire's confirmation changes the proposal's status to HIRED. Milestones report their new
//     status as they show it, REFUNDED included. resourceId is what has changed.
//   - Webhooks are created by 201; an eleventh is 409 webhook_limit_reached. Retries wait as the
//     outbox does; localhost is delivered to only where the sender is a sandbox's.
//   - The header Idempotency-Key is understood by every call that asks the engine, as package
//     escrowhttp does; a key of another request is 422 with code BAD_REQUEST.
//   - Statuses without a code of their own: 4xx have BAD_REQUEST, 5xx INTERNAL_ERROR.
//   - Scope, feature, 404 and fields have no details.reason; all other refusals have the
//     engine's, of the same names wherever they are documented.
//   - Confirming or declining by a token is 403 not_human.
//   - Dates without a time are midnight in UTC.
//
// Secrets of webhooks are stored as they are: whoever reads the database can sign.
package trainapi
