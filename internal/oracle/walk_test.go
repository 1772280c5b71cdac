package oracle

import (
	"fmt"
	"time"
)

// draft is a request that founds a contract, with terms and policy at random.
func (p *perturber) draft() obj {
	start := time.Date(2026, 6, 1, p.IntN(24), p.IntN(60), p.IntN(60), 0, time.UTC)
	if p.IntN(2) == 0 {
		return obj{"contract": p.otDraft(), "command": obj{"action": "hire"}, "actor": p.token("svc"), "now": start.Format(time.RFC3339Nano)}
	}
	return obj{"contract": p.ocDraft(start), "command": obj{"action": "create"}, "actor": obj{"id": "0xClient"}, "now": start.Format(time.RFC3339Nano)}
}

func (p *perturber) ratio() string {
	return pick(p, "0", "0.05", "0.3", "0.333333333333333333", "0.5", "0.999999999999999999", "1")
}

func (p *perturber) ocDraft(start time.Time) obj {
	at := func(hours int) string { return start.Add(time.Duration(hours) * time.Hour).Format(time.RFC3339Nano) }
	criteria := []any{}
	for i := range 1 + p.IntN(4) {
		criteria = append(criteria, fmt.Sprint("criterion ", i))
	}
	c := obj{"id": fmt.Sprintf("w%d", p.IntN(1000)), "client": "0xClient", "taskDescription": "t", "acceptanceCriteria": criteria,
		"contractType": "fixed", "awardMethod": "open_tender", "verificationMode": "standard",
		"asset":         obj{"code": "X", "scale": pick(p, 0, 2, 6, 18)},
		"budgetOrPrice": pick(p, "1", "7", "50", "839", "1000003", "100000000000000001"),
		"matchDeadline": at(24), "withdrawalDeadline": at(48), "deliveryDeadline": at(72),
		"policy": obj{"protocolFee": p.ratio(), "workerStakeRatio": p.ratio(), "disputeBondRatio": p.ratio(), "backupAgentBondRatio": p.ratio(),
			"earlyWithdrawalSlashRatio": pick(p, "0", "0.3", "0.999999999999999999"), "absentNoneMetClientShare": p.ratio(), "baUnclearSlashRatio": p.ratio(),
			"unclearCredit": p.ratio(), "noQuorum": pick(p, "approve", "unclear"), "disputeForfeitTo": pick(p, "worker", "treasury"),
			"backupSlashTo": pick(p, "treasury", "client"), "baRecruitCount": pick(p, 1, 3, 3, 5), "baVotingWindow": pick(p, "PT24H", "PT48H"),
			"tokenMintRewardReduced": pick(p, "0", "4", "1.5"), "payoutReview": pick[any](p, nil, nil, obj{"minPayout": "40", "quorum": 2}, obj{"minPayout": "0", "quorum": 1})}}
	if p.IntN(2) == 0 {
		c["awardMethod"], c["worker"] = "direct_award", "0xWorker"
	}
	if p.IntN(3) > 0 {
		c["verificationMode"], c["reviewDeadline"] = "privacy-preserving", at(96)
	}
	return c
}

func (p *perturber) otDraft() obj {
	return obj{"id": fmt.Sprintf("t%d", p.IntN(1000)), "lifecycle": "opentrain", "client": "acct_1", "worker": "trainer_9", "jobId": pick[any](p, nil, "j1"),
		"proposalId": pick[any](p, nil, "p1"), "title": "Label",
		"milestones": []any{obj{"id": "m1", "name": "First", "amount": pick(p, "0.01", "99.99", "100", "250.5")}},
		"policy": obj{"marketplaceFee": p.ratio(), "initiationFee": pick(p, "0", "9.95"), "endDisposition": pick(p, "refund", "release", "require"),
			"quorum": pick(p, 1, 1, 2, 3), "separateDuties": p.IntN(3) == 0, "approvalTTL": pick(p, "PT72H", "PT24H", "P7D"),
			"payoutReview": pick[any](p, nil, obj{"minPayout": "90", "quorum": 2})}}
}

// step gives the request its next command, actor and time.
func (p *perturber) step(r obj) {
	if p.IntN(8) == 0 {
		p.perturb(r)
		return
	}
	c := r["contract"].(obj)
	if p.IntN(6) == 0 {
		p.later(r, c)
	} else if now, err := time.Parse(time.RFC3339Nano, r["now"].(string)); err == nil {
		r["now"] = now.Add(time.Duration(p.IntN(180)) * time.Minute).Format(time.RFC3339Nano)
	}
	if c["lifecycle"] == "opentrain" {
		p.otStep(r, c)
		return
	}
	p.ocStep(r, c)
}

// otStep mostly confirms what is pending, and ends not too soon.
func (p *perturber) otStep(r, c obj) {
	human := obj{"id": pick(p, "human_1", "human_2", "human_3"), "kind": "human", "account": "acct_1"}
	r["command"], r["actor"] = p.otCommand(c), p.token(pick(p, "svc", "human_1"))
	if approvals, _ := c["approvals"].([]any); len(approvals) > 0 && p.IntN(2) == 0 {
		if last := pick(p, approvals[len(approvals)-1], pick(p, approvals...)).(obj); last["status"] == "pending" {
			r["command"] = obj{"action": "confirm", "approvalId": last["id"]}
			if p.IntN(3) == 0 && last["type"] == "contract_end" {
				r["command"].(obj)["dispositions"] = p.dispositions()
			}
		}
	}
	switch action := r["command"].(obj)["action"]; {
	case action == "confirm" || action == "decline_approval":
		r["actor"] = human
	case action == "end" && p.IntN(3) > 0:
		r["command"] = obj{"action": pick(p, "fund_milestone", "approve_milestone"), "milestoneId": pick(p, "m1", "m2", "m3")}
	case action == "add_milestone" && p.IntN(2) == 0:
		r["command"] = obj{"action": "add_milestone", "milestone": obj{"id": pick(p, "m2", "m3"), "name": "N", "amount": "12.5"}}
	case p.IntN(5) == 0:
		r["actor"] = human
	}
	if p.IntN(3) == 0 && r["command"].(obj)["action"] == "decline_approval" {
		r["command"] = obj{"action": "advance"}
	}
}

func (p *perturber) ocStep(r, c obj) {
	status, _ := c["status"].(string)
	agents, _ := c["backupAgents"].([]any)
	action := map[string]string{"": "create", "created": "accept", "matched": "deliver", "under-review": "dispute", "disputed": "draw", "resolved": "settle"}[status]
	if status == "under-review" && c["verificationMode"] == "standard" {
		action = "draw"
	}
	if len(agents) > 0 && status != "resolved" {
		action = "vote"
	}
	if action == "" || p.IntN(7) == 0 {
		action = pick(p, "decline", "cancel", "withdraw", "approve", "advance", "advance")
	}
	for r["command"] = (obj{"action": action}); action == "draw" || action == "vote" || action == "deliver"; {
		cmd := p.ocCommand(c)
		if cmd["action"] == action {
			r["command"] = cmd
			break
		}
	}
	switch action {
	case "draw", "settle":
		r["actor"] = obj{"id": "system", "kind": "system"}
	case "vote":
		r["actor"] = obj{"id": "0xA"}
		if len(agents) > 0 {
			r["actor"] = obj{"id": pick(p, agents...)}
		}
	case "accept", "decline", "deliver", "withdraw":
		r["actor"] = obj{"id": "0xWorker"}
	default:
		r["actor"] = obj{"id": "0xClient"}
	}
}

func (p *perturber) token(user string) obj {
	return obj{"id": "tok_1", "kind": "token", "account": "acct_1", "user": user, "claimed": true,
		"scopes": []any{"proposals:write", "payments:write"}, "features": []any{"public_api_hiring", "public_api_payments_write"}}
}
