package oracle

import "strings"

// spoil changes one field of a draft, and says which.
func (p *perturber) spoil(c obj) string {
	switch p.IntN(3) {
	case 0:
		return p.spoilPolicy(c)
	case 1:
		return p.spoilTerms(c)
	}
	return p.setByRules(c)
}

func (p *perturber) spoilPolicy(c obj) string {
	policy, ok := c["policy"].(obj)
	if !ok {
		policy = obj{}
		c["policy"] = policy
	}
	field := pick(p, "protocolFee", "workerStakeRatio", "disputeBondRatio", "backupAgentBondRatio", "earlyWithdrawalSlashRatio", "absentNoneMetClientShare",
		"baUnclearSlashRatio", "unclearCredit", "marketplaceFee", "tokenMintRewardFull", "tokenMintRewardReduced", "baEligibilityStake", "initiationFee",
		"baVotingWindow", "approvalTTL", "aprovalTTL", "baRecruitCount", "quorum", "noQuorum", "disputeForfeitTo", "backupSlashTo", "endDisposition", "payoutReview", "separateDuties")
	switch field {
	case "baVotingWindow", "approvalTTL":
		policy[field] = pick[any](p, "PT0S", "PT1H", "P1D", "P1W", "P1DT2H3M4S", "PT61M", "P365D", "P365DT1S", "P3650D", "P3650DT1S", "P1M", "PT", "P", "1H", "PT1.5S", "", nil, 3600)
	case "baRecruitCount", "quorum":
		policy[field] = pick[any](p, 0, 1, 2, 3, 10, 11, 15, 17, -1, 1.5, "3", nil)
	case "noQuorum", "disputeForfeitTo", "backupSlashTo", "endDisposition":
		policy[field] = pick[any](p, "approve", "unclear", "worker", "treasury", "client", "refund", "release", "require", "x", "", nil, 1)
	case "payoutReview":
		policy[field] = pick[any](p, nil, obj{}, obj{"minPayout": "5"}, obj{"quorum": 2}, obj{"minPayout": "0", "quorum": 1},
			obj{"minPayout": "1.5", "quorum": 10}, obj{"minPayout": "1", "quorum": 11}, obj{"minPayout": "0.00000000000000000001", "quorum": 1}, obj{"minPayout": "-1", "quorum": 1})
	case "separateDuties":
		policy[field] = pick[any](p, true, false, nil, "yes")
	default:
		policy[field] = p.number()
	}
	return field
}

func (p *perturber) number() any {
	return pick[any](p, "0", "1", "1.0", "0.5", "0.050", 0.25, 1, "1.1", "2", "0.000000000000000001", "0.0000000000000000001", "1000000000000000000",
		"1000000000000000001", "9.95", "9.955", "-1", "x", "", "1e3", nil, true, strings.Repeat("1", 38), strings.Repeat("1", 41))
}

func (p *perturber) spoilTerms(c obj) string {
	instants := []any{nil, "", "soon", "2026-06-01T00:00:00Z", "2026-06-04T12:00:00Z", "2026-06-05T12:00:00Z", "2026-06-06T12:00:00+02:00", "2026-06-20T00:00:00.000000001Z"}
	ids := []any{nil, "", "a b", "0xClient", "acct_1", "0xNew", "a/b", "é", strings.Repeat("x", 201), 1}
	field := pick(p, "schema", "lifecycleVersion", "id", "client", "worker", "taskDescription", "supplementaryMaterials", "acceptanceCriteria", "contractType", "awardMethod", "verificationMode",
		"budgetOrPrice", "matchDeadline", "withdrawalDeadline", "deliveryDeadline", "reviewDeadline", "asset", "lifecycle", "title", "milestones", "foo")
	switch field {
	case "id", "client", "worker":
		c[field] = pick(p, ids...)
	case "schema", "lifecycleVersion":
		c[field] = pick[any](p, nil, 1, 1, 2, "1")
	case "taskDescription", "supplementaryMaterials", "title", "foo":
		c[field] = pick[any](p, nil, "", " ", "text", "\u00a0", "\t<&>\"", "a\nb", "\u202e", "\u2066", "\u0085")
	case "acceptanceCriteria":
		c[field] = pick[any](p, nil, []any{}, []any{"a"}, []any{"a", " "}, []any{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}, []any{1}, []any{nil}, "a")
	case "contractType", "awardMethod", "verificationMode":
		c[field] = pick[any](p, nil, "", "fixed", "auction", "direct_award", "open_tender", "standard", "privacy-preserving", "x")
	case "budgetOrPrice":
		if c["lifecycle"] == "opencontract" {
			c[field] = p.number()
		}
	case "asset":
		c[field] = pick[any](p, nil, obj{"code": "EUR", "scale": 2}, obj{"code": "JPY", "scale": 0}, obj{"code": "ETH", "scale": 18}, obj{"code": "X", "scale": 19},
			obj{"code": "X", "scale": -1}, obj{"scale": 2}, obj{"code": "X"}, obj{"code": "", "scale": 2}, obj{"code": "a b", "scale": 2}, "USD")
	case "lifecycle":
		c[field] = pick[any](p, nil, "", "opencontract", "opentrain", "x")
	case "milestones":
		p.spoilMilestones(c)
	default:
		c[field] = pick(p, instants...)
	}
	return field
}

func (p *perturber) spoilMilestones(c obj) {
	m := p.terms()
	if p.IntN(2) == 0 {
		m = obj{"name": "First", "amount": "10"}
	}
	m["id"] = pick[any](p, "m1", "m1", "", nil, "a b")
	if p.IntN(5) == 0 {
		m["status"] = pick[any](p, nil, "", "NOT_FUNDED")
		m["milestoneNumber"] = pick[any](p, nil, nil, 0, 1)
	}
	c["milestones"] = pick[any](p, []any{m}, []any{m}, []any{m}, []any{}, nil, []any{m, obj{"id": "m2", "name": "x", "amount": "1"}})
}

// setByRules gives a draft what only rules set.
func (p *perturber) setByRules(c obj) string {
	field := pick(p, "status", "revision", "createdAt", "decidedAt", "enteredAt", "endDate", "custody", "votes", "approvals", "backupAgents", "criteriaMet", "delivery",
		"deliveredAt", "disputedAt", "votingDeadline", "escrowedFunds", "workerStake", "disputeBond")
	switch field {
	case "status", "delivery":
		c[field] = pick[any](p, nil, "")
		if field == "delivery" {
			c[field] = "x"
		}
	case "revision":
		c[field] = pick[any](p, 0, 1, -1, 1.5, "1", nil)
	case "custody":
		c[field] = pick[any](p, nil, []any{}, []any{obj{"account": "escrow", "amount": "1"}})
	case "votes":
		c[field] = pick[any](p, nil, []any{}, []any{obj{"backupAgent": "0xA", "criterionIndex": 0, "vote": "met"}})
	case "approvals":
		c[field] = pick[any](p, nil, []any{})
	case "backupAgents":
		c[field] = pick[any](p, nil, []any{}, []any{"0xA"})
	case "criteriaMet":
		c[field] = pick[any](p, nil, []any{"met"})
	case "escrowedFunds", "workerStake", "disputeBond":
		c[field] = pick[any](p, nil, "0", "1")
	default:
		c[field] = pick[any](p, nil, "2026-06-04T00:00:00Z")
	}
	return field
}
