package bench

import "github.com/cedar-policy/cedar-go"

const cedarRule = `permit (principal, action == Action::"withdraw", resource) when {
	principal == resource.worker && resource.status == "matched" &&
	context.now < resource.delivery && context.now < resource.withdrawal
};`

// cedarPolicy is cedar-go: a set of one policy over the contract as an entity.
type cedarPolicy struct {
	policies *cedar.PolicySet
	entities cedar.EntityMap
	request  cedar.Request
	status   string
}

func newCedarPolicy() *cedarPolicy {
	return &cedarPolicy{policies: must(cedar.NewPolicySetFromBytes("rule.cedar", []byte(cedarRule)))}
}

func (p *cedarPolicy) load(r request) {
	contract := cedar.NewEntityUID("Contract", "contract_xyz789")
	p.status = r.status
	p.entities = cedar.EntityMap{contract: {UID: contract, Attributes: cedar.NewRecord(cedar.RecordMap{
		"worker": cedar.NewEntityUID("Account", cedar.String(r.worker)), "status": cedar.String(r.status),
		"withdrawal": cedar.Long(r.withdrawal), "delivery": cedar.Long(r.delivery),
	})}}
	p.request = cedar.Request{
		Principal: cedar.NewEntityUID("Account", cedar.String(r.actor)),
		Action:    cedar.NewEntityUID("Action", "withdraw"),
		Resource:  contract,
		Context:   cedar.NewRecord(cedar.RecordMap{"now": cedar.Long(r.now)}),
	}
}

func (p *cedarPolicy) withdraw() string {
	if allowed, _ := cedar.Authorize(p.policies, p.entities, p.request); allowed != cedar.Allow {
		return p.status
	}
	return peerWithdrawn
}
