package contractapi

import (
	"maps"
	"slices"

	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/opencontract"
)

// statuses are those of a contract.
var statuses = func() (list []string) {
	for _, s := range opencontract.Lifecycle.Statuses() {
		list = append(list, string(s))
	}
	return list
}()

var (
	verdict = oneOf(opencontract.Met, opencontract.NotMet, opencontract.Unclear)
	address = map[string]any{"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"}
	instant = map[string]any{"type": "string", "format": "date-time"}
	sum     = map[string]any{"type": "string", "pattern": `^[0-9]+\.[0-9]+$`, "description": "decimal text in whole units, as in 50.0"}
	number  = map[string]any{"type": "number", "minimum": 0}
	part    = map[string]any{"type": "number", "minimum": 0, "maximum": 1}
	count   = map[string]any{"type": "integer", "minimum": 0}
	unknown = map[string]any{"type": "null", "description": "how it is worked out is not documented"}
)

// schemas are the objects of the API.
var schemas = map[string]any{
	"error": escrowhttp.Object(map[string]any{"error": escrowhttp.Object(map[string]any{"code": oneOf(codes...), "message": textOf("why, for people")})}),
	"meta": map[string]any{"type": "object", "additionalProperties": false, "required": []string{"requestId", "timestamp"}, "properties": map[string]any{
		"requestId": textOf("names the request in the log"), "timestamp": instant, "nextCursor": textOf("where a list goes on; absent at its end")}},
	"contract": escrowhttp.Object(merged(terms, map[string]any{
		"id": textOf(""), "status": oneOf(statuses...), "createdAt": instant, "client": address, "worker": nullable(address), "reviewDeadline": nullable(instant),
		"supplementaryMaterials": nullable(textOf("a hash or an address")), "budgetOrPrice": sum,
		"criteriaMet": nullable(listOf(verdict)), "delivery": nullable(textOf("a hash or an address")), "backupAgents": listOf(address),
		"escrowedFunds": sum, "workerStake": nullable(sum), "disputeBond": nullable(sum),
	})),
	"task": map[string]any{"type": "object", "additionalProperties": false, "required": slices.Sorted(maps.Keys(terms)), "properties": merged(terms, map[string]any{
		"worker": nullable(address), "reviewDeadline": nullable(instant), "supplementaryMaterials": nullable(textOf("a hash or an address")),
	})},
	"ballots": escrowhttp.Object(map[string]any{"votes": listOf(escrowhttp.Object(map[string]any{"criterionIndex": count, "vote": verdict}))}),
	"vote": escrowhttp.Object(map[string]any{"backupAgent": address, "criterionIndex": count, "vote": verdict, "majorityOutcome": nullable(verdict),
		"bondOutcome": nullable(oneOf(opencontract.BondReturned, opencontract.BondSlashed, opencontract.BondPartiallySlashed)), "reward": nullable(number)}),
	"protocol": escrowhttp.Object(map[string]any{"protocolFee": part, "workerStakeRatio": part, "disputeBondRatio": part, "backupAgentBondRatio": part,
		"earlyWithdrawalSlashRatio": part, "absentNoneMetClientShare": part, "baUnclearSlashRatio": part, "tokenMintRewardFull": number, "tokenMintRewardReduced": number,
		"baEligibilityStake": number, "baVotingWindow": textOf("an ISO 8601 duration, as in PT24H"), "baRecruitCount": count}),
	"agent": escrowhttp.Object(map[string]any{"address": address, "reputationScore": unknown, "approvalRate": unknown, "paymentReliability": unknown, "criteriaClarity": unknown,
		"specializationTags": unknown, "avgDeliveryTime": unknown, "stakeBondHistory": unknown, "disputeFairness": nullable(part), "completedContracts": count,
		"disputeRecord":     listOf(escrowhttp.Object(map[string]any{"outcome": oneOf("upheld", "rejected")})),
		"backupAgentRecord": escrowhttp.Object(map[string]any{"participations": count, "votingAccuracy": nullable(part)}), "totalVolumeEarned": sum, "tenureStart": instant}),
	"workload": escrowhttp.Object(map[string]any{"address": address, "asWorker": engaged, "asClient": engaged,
		"asBackupAgent": escrowhttp.Object(map[string]any{"pendingVotes": listOf(textOf("")), "resolvedVotes": listOf(textOf(""))})}),
	"challenge": escrowhttp.Object(map[string]any{"challengeId": textOf(""), "message": textOf("what is to be signed, as it is"), "expiresAt": instant}),
	"answer": map[string]any{"type": "object", "additionalProperties": false, "required": []string{"challengeId", "signature"}, "properties": map[string]any{
		"challengeId": textOf(""), "signature": map[string]any{"type": "string", "pattern": "^0x[0-9a-fA-F]{130}$"}, "label": textOf("for people, at most 100 bytes")}},
	"key":    escrowhttp.Object(keyMembers),
	"newKey": escrowhttp.Object(merged(keyMembers, map[string]any{"apiKey": textOf("the key itself: it is never shown again")})),
}

// terms are the members that every task and every contract have.
var terms = map[string]any{
	"taskDescription": textOf("what is to be done"), "acceptanceCriteria": map[string]any{"type": "array", "items": map[string]any{"type": "string"}, "minItems": 1, "maxItems": 10},
	"contractType": oneOf(opencontract.Fixed, opencontract.Auction), "awardMethod": oneOf(opencontract.AwardDirect, opencontract.AwardOpenTender),
	"verificationMode": oneOf(opencontract.PrivacyPreserving, opencontract.Standard),
	"budgetOrPrice":    map[string]any{"type": "string", "pattern": price.String(), "description": "decimal text in whole units, as in 50.0"},
	"matchDeadline":    instant, "withdrawalDeadline": instant, "deliveryDeadline": instant,
}

var (
	engaged    = escrowhttp.Object(map[string]any{"active": listOf(textOf("")), "completed": listOf(textOf(""))})
	keyMembers = map[string]any{"id": textOf(""), "label": nullable(textOf("")), "createdAt": instant, "revokedAt": nullable(instant)}
)

func textOf(meaning string) map[string]any {
	return map[string]any{"type": "string", "description": meaning}
}

func listOf(items any) map[string]any { return map[string]any{"type": "array", "items": items} }

func oneOf(values ...string) map[string]any { return map[string]any{"type": "string", "enum": values} }

func nullable(schema any) map[string]any {
	return map[string]any{"anyOf": []any{schema, map[string]any{"type": "null"}}}
}

func merged(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// envelopeOf is the schema of an answer of success.
func envelopeOf(schema any) map[string]any {
	return escrowhttp.Object(map[string]any{"data": schema, "meta": escrowhttp.Ref("meta")})
}

// data is what a call answers with 200.
func data(schema any) map[int]any { return map[int]any{200: envelopeOf(schema)} }
