package backtest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
)

// other is another policy, with its JSON form to put into drafts.
type other struct {
	Policy
	text json.RawMessage
}

// othersOf checks the policies of a run.
func othersOf(policies []Policy) (list []other, err error) {
	if len(policies) == 0 {
		return nil, errors.New("backtest: give at least one policy to replay under")
	}
	names := map[string]bool{}
	for _, p := range policies {
		switch {
		case p.Name == "" || names[p.Name]:
			return nil, fmt.Errorf("backtest: policy %q: every policy needs a name of its own", p.Name)
		case p.Lifecycle == nil:
			return nil, fmt.Errorf("backtest: policy %q: name the lifecycle that it is for", p.Name)
		}
		names[p.Name] = true
		text, err := policyText(p)
		if err != nil {
			return nil, fmt.Errorf("backtest: policy %q: %w", p.Name, err)
		}
		list = append(list, other{p, text})
	}
	return list, nil
}

// policyText returns a policy's JSON form; one that no contract can be founded
// under is an error.
func policyText(p Policy) (json.RawMessage, error) {
	if err := unfoundable(p); err != nil {
		return nil, err
	}
	text, err := draftOf(p, escrow.Asset{}).MarshalJSON()
	if err != nil {
		return nil, err
	}
	var form struct{ Policy json.RawMessage }
	return form.Policy, json.Unmarshal(text, &form)
}

// maxScale is the most decimal places that an asset has.
const maxScale = 18

// unfoundable returns why no contract can be founded under a policy, nil when one
// can in some asset: fees must fit the asset's decimal places.
func unfoundable(p Policy) (fault error) {
	assets := []escrow.Asset{{}}
	for scale := range uint8(maxScale + 1) {
		assets = append(assets, escrow.Asset{Code: "ANY", Scale: scale})
	}
	for _, asset := range assets {
		err := unfoundableIn(draftOf(p, asset))
		if err == nil {
			return nil
		}
		fault = cmp.Or(fault, err)
	}
	return fault
}

func draftOf(p Policy, asset escrow.Asset) escrow.Contract {
	return p.Lifecycle.Draft(escrow.Terms{ID: "policy", Client: "client", Asset: asset, Policy: &p.Policy})
}

// unfoundableIn returns why a draft's policy is refused, nil when it is not.
func unfoundableIn(draft escrow.Contract) error {
	for _, rule := range draft.Lifecycle().Spec().Rules {
		if rule.From[0] != escrow.Draft {
			continue
		}
		_, err := escrow.Decide(draft, rule.On, escrow.Human("human", draft.Client()), standing(time.Unix(0, 0)))
		if errors.Is(err, escrow.InvalidPolicy) {
			return err
		}
	}
	return nil
}

// under returns a draft under another policy. The draft goes through its JSON
// form, so that what is wrong with it stays wrong.
func (o *other) under(draft escrow.Contract, known []*escrow.Lifecycle) (escrow.Contract, error) {
	text, err := draft.MarshalJSON()
	if err != nil {
		return escrow.Contract{}, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return escrow.Contract{}, err
	}
	fields["policy"] = o.text
	if text, err = json.Marshal(fields); err != nil {
		return escrow.Contract{}, err
	}
	return escrow.ParseContract(text, known...)
}

// standing is a clock that stands still.
type standing time.Time

// Now returns the one time it knows.
func (s standing) Now() time.Time { return time.Time(s) }
