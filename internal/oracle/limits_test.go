package oracle

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// crowded is an active contract with many milestones, the first of them funded, and
// as many approvals to fund one each.
func crowded(milestones, approvals int, amount, status string) obj {
	c := obj{"id": "t1", "lifecycle": "opentrain", "status": "active", "revision": 5000, "client": "acct_1", "worker": "trainer_9",
		"policy": obj{"marketplaceFee": "0.1"}, "createdAt": "2026-06-01T00:00:00Z"}
	list, waiting := []any{}, []any{}
	for i := 1; i <= milestones; i++ {
		list = append(list, obj{"id": fmt.Sprint("m", i), "name": "n", "milestoneNumber": i, "amount": amount, "status": "NOT_FUNDED"})
	}
	list[0].(obj)["status"] = "ACTIVE_FUNDED"
	for i := 1; i <= approvals; i++ {
		id := fmt.Sprint("m", i)
		a := obj{"id": fmt.Sprint("t1-ap-", i), "type": "milestone_fund", "status": status, "contractId": "t1", "milestoneId": id,
			"createdAt": "2026-06-02T00:00:00Z", "expiresAt": "2026-06-05T00:00:00Z", "requestedBy": "svc", "account": "acct_1", "quorum": 1, "confirmedBy": []any{},
			"command": obj{"action": "fund_milestone", "milestoneId": id},
			"movements": []any{obj{"from": "client:acct_1", "to": "milestone:" + id, "amount": amount, "reason": "milestone_deposit"},
				obj{"from": "client:acct_1", "to": "platform", "amount": "0.1", "reason": "marketplace_fee"}}}
		if status != "pending" {
			a["resolvedAt"] = "2026-06-02T00:00:00Z"
		}
		waiting = append(waiting, a)
	}
	c["milestones"], c["approvals"] = list, waiting
	return c
}

// TestCrowdedAgrees asks for more than there is room for, answers what there is, and
// forgets what has ended.
func TestCrowdedAgrees(t *testing.T) {
	p := &perturber{rand.New(rand.NewPCG(*seed, 5))}
	for range few(*rounds, 1) {
		c := crowded(140, 90+p.IntN(11), "1", pick(p, "pending", "pending", "declined"))
		c["policy"].(obj)["quorum"] = pick(p, 1, 1, 2)
		for _, a := range c["approvals"].([]any) {
			a.(obj)["quorum"] = c["policy"].(obj)["quorum"]
			a.(obj)["requestedByKind"] = pick(p, "human", "token", "human")
			if p.IntN(10) == 0 && a.(obj)["resolvedAt"] != nil {
				a.(obj)["status"] = "superseded"
			}
		}
		now := time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC)
		for range few(60, 15) {
			now = now.Add(pick(p, 0, 0, time.Hour))
			who := pick(p, obj{"id": "human_1", "kind": "human", "account": "acct_1"}, obj{"id": "human_2", "kind": "human", "account": "acct_1"}, p.token("svc"))
			id := fmt.Sprint("m", 1+p.IntN(140))
			cmd := pick(p, obj{"action": "fund_milestone", "milestoneId": id}, obj{"action": "fund_milestone", "milestoneId": id},
				obj{"action": "approve_milestone", "milestoneId": "m1"}, obj{"action": "confirm", "approvalId": p.approval(c)},
				obj{"action": "decline_approval", "approvalId": p.approval(c)}, obj{"action": "advance"}, obj{"action": "end"})
			if cmd["action"] == "end" && p.IntN(10) > 0 {
				continue
			}
			answer := compare(t, bytesOf(t, obj{"contract": c, "command": cmd, "actor": who, "now": now.Format(time.RFC3339Nano)}), false)
			if t.Failed() {
				t.FailNow()
			}
			if d, ok := answer["decision"].(obj); ok {
				c = d["contract"].(obj)
			}
		}
	}
}

// TestLimitsAgree: 1,000 milestones, 1,000 approvals, 10^38 units.
func TestLimitsAgree(t *testing.T) {
	p := &perturber{}
	human := obj{"id": "human_1", "kind": "human", "account": "acct_1"}
	add := obj{"action": "add_milestone", "milestone": obj{"id": "new", "name": "n", "amount": "0.01"}}
	huge := "1" + strings.Repeat("0", 34)
	early, late := "2026-06-03T00:00:00Z", "2026-06-05T00:00:00Z"
	for _, x := range []struct {
		contract obj
		now      string
	}{
		{crowded(999, 0, "1", ""), early}, {crowded(1000, 0, "1", ""), early}, {crowded(100, 0, huge, ""), early}, {crowded(99, 0, huge, ""), early},
		{crowded(1000, 99, "1", "declined"), early}, {crowded(1000, 100, "1", "declined"), early}, {crowded(1000, 300, "1", "declined"), early},
		{crowded(1000, 99, "1", "pending"), early}, {crowded(1000, 100, "1", "pending"), early}, {crowded(1000, 100, "1", "pending"), late},
	} {
		for i, cmd := range []obj{add, {"action": "end"}, {"action": "fund_milestone", "milestoneId": "m5"}, {"action": "approve_milestone", "milestoneId": "m1"}} {
			for _, who := range []obj{human, p.token("svc")}[:few(2, i%2)] {
				compare(t, bytesOf(t, obj{"contract": x.contract, "command": cmd, "actor": who, "now": x.now}), false)
				if t.Failed() {
					t.FailNow()
				}
			}
		}
	}
}
