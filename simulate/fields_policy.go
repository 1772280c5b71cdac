package simulate

import (
	"errors"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/nearest"
)

var policyShape = shape{kind: "policy", schema: map[string]any{"type": "object"}}

var policiesShape = listForm[Policy](shape{fields: fields{
	fieldOf("name", textForm(1, 64), "", "what results call the policy; no two have the same",
		func(p *Policy) *string { return &p.Name }).needed(),
	{name: "policy", shape: policyShape, preset: `{}`, meaning: "the policy, or what differs in it from the lifecycle's default"},
}}, 2, 10).shape

// policies reads the policies of a scenario whose other fields are known.
func (r *reader) policies(document *node, s *Scenario) {
	one, several := document.get("policy"), document.get("policies")
	switch {
	case r.fault != nil:
		return
	case one != nil && several != nil:
		r.fail(several.fault("stands beside policy; give one or the other"))
	case several != nil:
		s.Policies = listForm[Policy](policiesShape, 2, 10).read(r, several)
		for i := range s.Policies {
			r.policyAt(several.items[i], s, i)
		}
	default:
		s.Policies = []Policy{{Name: "policy"}}
		r.policyAt(document, s, 0)
	}
}

// policyAt reads the policy that stands in an object as the i-th.
func (r *reader) policyAt(object *node, s *Scenario, i int) {
	if r.fault != nil {
		return
	}
	same := func(p Policy) bool { return p.Name == s.Policies[i].Name }
	if slices.IndexFunc(s.Policies, same) < i {
		r.fail(object.get("name").fault("is %q, the name of another policy too; no two have the same", short(s.Policies[i].Name)))
		return
	}
	n := object.get("policy")
	if n == nil {
		n = presetNode(object, "policy", `{}`)
	}
	if r.knownPolicy(n); r.fault == nil {
		s.Policies[i].Policy = r.policy(n)
	}
	if r.fault == nil {
		r.founds(n, s, s.Policies[i].Policy)
	}
}

// knownPolicy refuses what is no policy, and fields that the lifecycle's policies
// do not have.
func (r *reader) knownPolicy(n *node) {
	if n.is != anObject {
		r.wants(n, `a policy is an object, as in {"protocolFee": "0.05"}`)
		return
	}
	for _, item := range n.items {
		if names := r.policyNames(); !slices.Contains(names, item.name) {
			r.fail(item.fault("is no field of an %s policy; %s", r.lifecycle.Name(), nearest.Suggestion(item.name, names)))
		}
		for _, inner := range item.items {
			if known := []string{"minPayout", "quorum"}; !slices.Contains(known, inner.name) {
				r.fail(inner.fault("is no field; %s", nearest.Suggestion(inner.name, known)))
			}
		}
	}
}

func (r *reader) policyNames() (names []string) {
	for _, f := range r.spec.Policy {
		names = append(names, f.Declaration().Name)
	}
	return append(names, payoutReview)
}

// payoutReview is the one policy field that every lifecycle has.
const payoutReview = "payoutReview"

// policy has the engine read a policy over its defaults, so it is the engine that
// says which values work.
func (r *reader) policy(n *node) escrow.Policy {
	p, err := r.lifecycle.ParsePolicy([]byte(n.json()))
	if err != nil {
		r.refused(n, err)
	}
	return p
}

// found asks the engine to found a contract.
func (r *reader) found(c escrow.Contract) error {
	_, err := escrow.Decide(c, r.spec.Rules[0].On.Command(), escrow.Human("client", "client"), escrow.At(founded))
	return err
}

// founds refuses a policy under which the scenario's cheapest or dearest contract
// cannot be founded.
func (r *reader) founds(n *node, s *Scenario, p escrow.Policy) {
	m := modelOf(s, p)
	least, most := s.Price.reach()
	for _, price := range []int64{least, most} {
		stepped := max((price+s.PriceStep/2)/s.PriceStep, 1) * s.PriceStep
		if err := r.found(m.at(stepped).Draft("policy", founded)); err != nil {
			r.refused(n, err)
			return
		}
	}
}

// refused makes the engine's refusal a fault of the field that it is about.
func (r *reader) refused(n *node, err error) {
	var refusal *escrow.Error
	name := ""
	if errors.As(err, &refusal) {
		name, _ = refusal.Details()["field"].(string)
	}
	at := n.holding(name[strings.LastIndexByte(name, '.')+1:])
	if at == nil {
		r.fail(n.fault("founds no contract: %v", err))
		return
	}
	message, _, _ := strings.Cut(refusal.Message(), " at byte ")
	message = strings.TrimPrefix(message, name+": ")
	switch f := r.policyField(at.name); {
	case f == nil || refusal.Reason() != escrow.InvalidPolicy:
		r.fail(at.fault("is %s; it %s", at.shown(), message))
	case f.Kind == escrow.RatioKind:
		r.fail(at.fault("is %s, out of its bounds: a ratio between 0 and 1, %s", at.shown(), f.Meaning))
	default:
		r.fail(at.fault("is %s, out of its bounds: %s", at.shown(), f.Meaning))
	}
}

// policyField returns the policy field of a name, nil where the lifecycle declares
// none.
func (r *reader) policyField(name string) *escrow.Field {
	for _, w := range r.spec.Policy {
		if f := w.Declaration(); f.Name == name {
			return f
		}
	}
	return nil
}

// holding returns the value of a field of a policy, or of an object in it.
func (n *node) holding(name string) *node {
	if at := n.get(name); at != nil {
		return at
	}
	for _, item := range n.items {
		if at := item.get(name); at != nil {
			return at
		}
	}
	return nil
}
