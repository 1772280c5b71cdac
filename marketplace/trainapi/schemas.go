package trainapi

import (
	"maps"
	"slices"

	"github.com/escrow-go/escrow/escrowhttp"
)

// What JSON Schemas are made of.
var (
	text   = map[string]any{"type": "string"}
	texts  = listOf(text)
	flag   = map[string]any{"type": "boolean"}
	number = map[string]any{"type": "number"}
	whole  = map[string]any{"type": "integer"}
	moment = map[string]any{"type": "string", "format": "date-time"}
)

func listOf(schema any) map[string]any { return map[string]any{"type": "array", "items": schema} }

func oneOf(values ...any) map[string]any { return map[string]any{"enum": values} }

func constant(value any) map[string]any { return map[string]any{"const": value} }

// nullable returns the schema of what may be null.
func nullable(schema map[string]any) map[string]any {
	own := maps.Clone(schema)
	own["type"] = []any{schema["type"], "null"}
	return own
}

// object returns the schema of an object with the members of the pairs, all of which it
// must have, and no others.
func object(pairs ...any) map[string]any {
	members := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		members[pairs[i].(string)] = pairs[i+1]
	}
	return escrowhttp.Object(members)
}

// withOptional returns the schema of an object with a further member that it may leave out.
func withOptional(schema map[string]any, pairs ...any) map[string]any {
	own, more := maps.Clone(schema), object(pairs...)
	members := maps.Clone(schema["properties"].(map[string]any))
	maps.Copy(members, more["properties"].(map[string]any))
	own["properties"] = members
	return own
}

// eventTypes are the documented types of events.
var eventTypes = func() (list []any) {
	for _, name := range slices.Sorted(maps.Keys(eventScopes)) {
		list = append(list, name)
	}
	return list
}()

// schemas are what answers consist of.
var schemas = func() map[string]any {
	contract := object("id", text, "status", oneOf("active", "ended"), "title", nullable(text), "jobId", nullable(text), "proposalId", nullable(text),
		"paymentType", oneOf("FIXED_PRICE"), "rateUsd", number, "estimatedTotalUsd", number, "estimatedVolume", nullable(number), "hasActiveMilestone", flag,
		"startDate", nullable(moment), "endDate", nullable(moment), "createdAt", nullable(moment), "updatedAt", nullable(moment),
		"freelancer", object("userId", text, "displayName", text, "country", nullable(text), "profilePath", nullable(text)),
		"milestones", listOf(escrowhttp.Ref("milestone")))
	consumed := object("seconds", whole, "hours", whole, "labels", whole, "tasks", whole)
	activeMilestone := object("id", text, "name", text, "amountUsd", number, "volume", nullable(number), "status", text)
	budget := object("contractId", text, "paymentType", text, "state", oneOf("OK", "LOW", "DEPLETED"), "fundedVolume", number, "fundedAmountUsd", number,
		"consumed", consumed, "consumedVolume", number, "remainingVolume", number, "consumedFraction", number,
		"activeMilestone", nullable(activeMilestone), "lastUsageAt", nullable(moment))
	detail := withOptional(contract, "jobDmConversationId", nullable(text), "budget", budget)
	detail["required"] = append(slices.Clone(contract["required"].([]string)), "budget", "jobDmConversationId")
	return map[string]any{
		"contract": contract, "contractDetail": detail,
		"milestone": object("id", text, "name", text, "description", text, "status", oneOf("NOT_FUNDED", "ACTIVE_FUNDED", "PAID", "REFUNDED", "CANCELLED"),
			"amountUsd", number, "volume", nullable(number), "milestoneNumber", whole, "dueDate", nullable(moment), "pendingApproval", flag, "needsReview", flag,
			"invoiceId", nullable(text), "createdAt", nullable(moment)),
		"approval": object("id", text, "type", oneOf("proposal_hire", "milestone_fund", "milestone_approve", "contract_end"),
			"status", oneOf("pending", "confirmed", "declined", "expired", "superseded"), "contractId", nullable(text), "milestoneId", nullable(text),
			"jobId", nullable(text), "proposalId", nullable(text), "approvalUrl", text, "expiresAt", moment, "resolvedAt", nullable(moment),
			"result", map[string]any{"type": []any{"object", "null"}}, "createdAt", moment),
		"event": object("id", text, "type", oneOf(eventTypes...), "apiVersion", constant("v1"), "createdAt", moment, "resourceId", text, "jobId", nullable(text),
			"data", map[string]any{"type": "object", "additionalProperties": nullable(text)}),
		"webhook": object("id", text, "url", text, "eventTypes", listOf(oneOf(eventTypes...)), "status", oneOf(active, disabled), "createdAt", moment,
			"disabledAt", nullable(moment), "disabledReason", nullable(text)),
		"me": object("actor", object("userId", text, "email", text, "firstName", text, "lastName", text, "fullName", text, "userType", text),
			"token", object("id", text, "label", text, "scopes", texts, "ownerOrganizationId", nullable(text)),
			"account", object("kind", text, "organizationId", nullable(text), "ownerUserId", text, "memberRole", text)),
		"error": object("error", text, "code", oneOf("BAD_REQUEST", "UNAUTHORIZED", "FORBIDDEN", "NOT_FOUND", "CONFLICT", "RATE_LIMITED", "INTERNAL_ERROR"),
			"requestId", text, "details", map[string]any{"type": "object"}),
	}
}()

// What calls read.
var (
	hireBody = object("milestone", map[string]any{"type": "object", "additionalProperties": false,
		"properties": map[string]any{"name": text, "description": text, "amount": number, "dueDate": nullable(text)}})
	milestoneBody = map[string]any{"type": "object", "required": []string{"description", "amountUsd"}, "additionalProperties": false,
		"properties": map[string]any{"name": nullable(text), "description": text, "amountUsd": number, "volume": map[string]any{"type": "null"}, "dueDate": nullable(text)}}
	webhookBody = object("url", map[string]any{"type": "string", "maxLength": mostURL}, "eventTypes", map[string]any{"type": "array", "minItems": 1, "items": oneOf(eventTypes...)})

	contractParams = []escrowhttp.Param{
		{Name: "jobId", In: "query", Meaning: "only contracts of this job"},
		{Name: "status", In: "query", Meaning: "only contracts in this status", Schema: oneOf("active", "ended")},
		{Name: "limit", In: "query", Meaning: "the greatest number of contracts", Schema: map[string]any{"type": "integer", "minimum": 1, "maximum": mostContracts}},
		{Name: "cursor", In: "query", Meaning: "where to go on: the nextCursor of a page"},
	}
	feedParams = []escrowhttp.Param{
		{Name: "cursor", In: "query", Meaning: "after which events: the nextCursor of a page"},
		{Name: "limit", In: "query", Meaning: "the greatest number of events", Schema: map[string]any{"type": "integer", "minimum": 1, "maximum": mostEvents}},
	}
)
