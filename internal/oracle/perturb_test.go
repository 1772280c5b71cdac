package oracle

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// perturber changes requests at random, reproducibly.
type perturber struct{ *rand.Rand }

func pick[T any](p *perturber, list ...T) T { return list[p.IntN(len(list))] }

type obj = map[string]any

// perturb gives a request another time, actor and command, at random.
func (p *perturber) perturb(r obj) {
	c := r["contract"].(obj)
	if p.IntN(3) > 0 {
		p.later(r, c)
	}
	opentrain := c["lifecycle"] == "opentrain"
	if p.IntN(4) > 0 {
		r["command"] = p.command(c, opentrain)
	}
	if p.IntN(4) > 0 {
		r["actor"] = p.actor(c, opentrain, r["command"].(obj)["action"])
	}
}

// later moves now by some hours, or to about one of the times of the contract.
func (p *perturber) later(r, c obj) {
	now, err := time.Parse(time.RFC3339Nano, r["now"].(string))
	if err != nil {
		return
	}
	if times := timesIn(c); len(times) > 0 && p.IntN(3) == 0 {
		now = pick(p, times...).Add(pick(p, 0, -1, 1, -time.Second, time.Hour))
	} else {
		now = now.Add(time.Duration(p.IntN(30)) * time.Hour)
	}
	r["now"] = now.In(pick(p, time.UTC, time.FixedZone("", 5400))).Format(time.RFC3339Nano)
}

func timesIn(v any) (list []time.Time) {
	switch v := v.(type) {
	case string:
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			list = append(list, t)
		}
	case obj:
		for _, name := range []string{"createdAt", "matchDeadline", "withdrawalDeadline", "deliveryDeadline", "reviewDeadline",
			"votingDeadline", "deliveredAt", "disputedAt", "expiresAt", "approvals"} {
			list = append(list, timesIn(v[name])...)
		}
	case []any:
		for _, x := range v {
			list = append(list, timesIn(x)...)
		}
	}
	return list
}

func (p *perturber) actor(c obj, opentrain bool, action any) any {
	who := pick(p, c["client"], c["worker"], "0xA", "0xB", "0xC", "0xStranger")
	if id, ok := who.(string); !ok || id == "" {
		who = "0xD"
	}
	if !opentrain {
		if action == "draw" || action == "settle" || p.IntN(20) == 0 {
			return obj{"id": "system", "kind": "system"}
		}
		switch p.IntN(10) {
		case 0:
			return obj{"id": "key", "kind": pick(p, "agent", "token", "human", "system"), "account": who}
		case 1:
			return pick[any](p, nil, obj{"id": ""}, obj{"id": "a b"}, obj{"id": "a", "kind": "robot"}, obj{"id": "a", "x": 1})
		}
		return obj{"id": who, "kind": "agent"}
	}
	account := c["client"]
	if p.IntN(12) == 0 {
		account = who
	}
	if p.IntN(25) == 0 {
		return obj{"id": who}
	}
	if p.IntN(2) == 0 || action == "confirm" {
		human := obj{"id": pick(p, "human_1", "human_2", "human_3"), "kind": "human", "account": account}
		if p.IntN(4) == 0 { // another session of somebody's
			human["id"], human["user"] = pick(p, "session_1", "human_3"), pick(p, "human_1", "human_2")
		}
		return human
	}
	token := obj{"id": "tok_1", "kind": "token", "account": account, "user": pick(p, "svc", "human_1", "human_2"), "claimed": p.IntN(15) > 0,
		"scopes":   pick(p, []any{"proposals:write", "payments:write"}, []any{"proposals:write", "payments:write"}, []any{"payments:write"}, []any{"payments:read"}),
		"features": pick(p, []any{"public_api_hiring", "public_api_payments_write"}, []any{"public_api_payments_write", "public_api_hiring"}, []any{"public_api_hiring"})}
	if p.IntN(6) == 0 {
		delete(token, "user")
	}
	if p.IntN(2) == 0 {
		token["claimUrl"] = "https://claim.example/<&>"
	}
	return token
}

func (p *perturber) command(c obj, opentrain bool) obj {
	cmd := p.ocCommand(c)
	if opentrain {
		cmd = p.otCommand(c)
	}
	switch p.IntN(60) {
	case 0:
		cmd["surprise"] = 1
	case 1:
		cmd["action"] = pick(p, "fly", "settle", "end", "")
	}
	return cmd
}

func (p *perturber) ocCommand(c obj) obj {
	switch p.IntN(9) {
	case 0:
		return obj{"action": "deliver", "delivery": pick(p, "ipfs://x", "ipfs://x", " ", "\"é\u2028\t")}
	case 1:
		n := 3
		if policy, ok := c["policy"].(obj); ok {
			if recruits, ok := policy["baRecruitCount"].(float64); ok {
				n = int(recruits)
			}
		}
		agents := []any{}
		for i := range n {
			agents = append(agents, "0x"+string(rune('A'+i)))
		}
		if p.IntN(8) == 0 && n > 0 {
			agents[p.IntN(n)] = pick[any](p, c["client"], c["worker"], "0xB", "", "a b", 1)
		}
		return obj{"action": "draw", "backupAgents": agents}
	case 2, 3:
		criteria, _ := c["acceptanceCriteria"].([]any)
		votes := []any{}
		for _, i := range p.Perm(len(criteria)) {
			votes = append(votes, obj{"criterionIndex": i, "vote": pick(p, "met", "met", "not met", "unclear")})
		}
		if p.IntN(8) == 0 && len(votes) > 0 {
			votes[p.IntN(len(votes))] = pick[any](p, obj{"criterionIndex": 0, "vote": "maybe"}, obj{"vote": "met"},
				obj{"criterionIndex": 99, "vote": "met"}, obj{"criterionIndex": -1, "vote": "met"}, nil, obj{"criterionIndex": 0, "vote": "met", "x": 1})
		}
		return obj{"action": "vote", "votes": votes}
	}
	return obj{"action": pick(p, "create", "accept", "accept", "decline", "cancel", "withdraw", "approve", "dispute", "dispute", "settle", "settle", "advance")}
}

func (p *perturber) otCommand(c obj) obj {
	switch p.IntN(8) {
	case 0:
		cmd := obj{"action": "hire"}
		if p.IntN(2) == 0 {
			cmd["milestone"] = p.terms()
		}
		return cmd
	case 1:
		m := p.terms()
		if p.IntN(2) == 0 {
			m = obj{"name": "N", "amount": "12.5"}
		}
		m["id"] = pick(p, "m1", "m2", "m3", "m4", "m5", "m/6", "", "m 7")
		return obj{"action": "add_milestone", "milestone": m}
	case 2, 3:
		return obj{"action": pick(p, "fund_milestone", "approve_milestone"), "milestoneId": pick[any](p, "m1", "m1", "m2", "m2", "m3", "m4", "", nil, "x y")}
	case 4:
		cmd := obj{"action": "end"}
		if p.IntN(2) == 0 {
			cmd["dispositions"] = p.dispositions()
		}
		return cmd
	case 5:
		return obj{"action": "advance"}
	case 6:
		cmd := obj{"action": pick(p, "decline_approval", "decline_approval", "revoke_confirmation"), "approvalId": p.approval(c)}
		p.seen(c, cmd)
		return cmd
	}
	cmd := obj{"action": "confirm", "approvalId": p.approval(c)}
	p.seen(c, cmd)
	switch p.IntN(6) {
	case 0:
		cmd["milestone"] = p.terms()
	case 1, 2:
		cmd["dispositions"] = p.dispositions()
	}
	return cmd
}

// seen says, now and then, which hash a person saw.
func (p *perturber) seen(c, cmd obj) {
	if p.IntN(3) > 0 {
		return
	}
	cmd["hash"] = pick[any](p, "x", "", nil)
	list, _ := c["approvals"].([]any)
	for _, a := range list {
		if own := a.(obj); own["id"] == cmd["approvalId"] && p.IntN(4) > 0 {
			cmd["hash"] = own["hash"]
		}
	}
}

func (p *perturber) approval(c obj) any {
	list, _ := c["approvals"].([]any)
	if len(list) == 0 || p.IntN(12) == 0 {
		own := fmt.Sprint(c["id"], "-ap-")
		return pick[any](p, "none", "", nil, own+"1", own+"2", own+"01", own+"0", own+"999999", own)
	}
	if p.IntN(3) > 0 {
		return list[len(list)-1].(obj)["id"]
	}
	return pick(p, list...).(obj)["id"]
}

func (p *perturber) terms() obj {
	t := obj{}
	if p.IntN(3) > 0 {
		t["amount"] = pick[any](p, "33.33", "33.33", "70", "70", "0.01", 250, 1.5, "0", "1.005", "-1", "1e3", "x", "1"+strings.Repeat("0", 36), strings.Repeat("1", 41), nil)
	}
	if p.IntN(6) == 0 && t["amount"] != nil {
		t["amountUsd"] = t["amount"]
		if p.IntN(4) > 0 {
			delete(t, "amount")
		}
	}
	if p.IntN(3) == 0 {
		t["name"] = pick(p, "First", "Changed", " ", "", "\"\\/\t<é>\u2028")
	}
	if p.IntN(4) == 0 {
		t["description"] = pick(p, "d", "", "e")
	}
	if p.IntN(4) == 0 {
		t["dueDate"] = pick[any](p, "2027-01-01T00:00:00Z", "2027-01-01T01:00:00.5+01:00", "soon", nil)
	}
	if p.IntN(25) == 0 {
		t[pick(p, "id", "status", "x")] = "m1"
	}
	return t
}

func (p *perturber) dispositions() any {
	list := []any{}
	for _, i := range p.Perm(3) {
		if p.IntN(2) == 0 {
			list = append(list, obj{"milestoneId": pick(p, "m1", "m2", "m3")[:1] + string(rune('1'+i)), "disposition": pick(p, "release", "refund")})
		}
	}
	if p.IntN(15) == 0 {
		list = append(list, pick[any](p, nil, obj{}, obj{"milestoneId": "m1", "disposition": "burn"}, obj{"milestoneId": "m1", "disposition": "refund", "x": 1}))
	}
	return list
}

func (p *perturber) token(user string) obj {
	return obj{"id": "tok_1", "kind": "token", "account": "acct_1", "user": user, "claimed": true,
		"scopes": []any{"proposals:write", "payments:write"}, "features": []any{"public_api_hiring", "public_api_payments_write"}}
}
