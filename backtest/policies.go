package backtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/escrow-go/escrow"
)

// check says what is wrong with the policies of a run.
func check(policies []Policy) error {
	if len(policies) == 0 {
		return errors.New("backtest: give at least one policy to replay under")
	}
	names := map[string]bool{}
	for _, p := range policies {
		switch {
		case p.Name == "" || names[p.Name]:
			return fmt.Errorf("backtest: policy %q: every policy needs a name of its own", p.Name)
		case p.Policy.Lifecycle() == nil:
			return fmt.Errorf("backtest: policy %q: has no values; begin with a lifecycle's DefaultPolicy", p.Name)
		}
		names[p.Name] = true
	}
	return nil
}

// distinct returns lifecycles without repetitions. Two of one name and version are
// an error: a history that names them could be of either.
func distinct(given []*escrow.Lifecycle) (list []*escrow.Lifecycle, err error) {
	for _, l := range given {
		if l == nil {
			return nil, errors.New("backtest: a lifecycle that was named is nil")
		}
		if slices.Contains(list, l) {
			continue
		}
		if slices.ContainsFunc(list, func(o *escrow.Lifecycle) bool { return o.Name() == l.Name() && o.Version() == l.Version() }) {
			return nil, fmt.Errorf("backtest: there are two different tables of lifecycle %s, version %d", l.Name(), l.Version())
		}
		list = append(list, l)
	}
	return list, nil
}

// under returns a draft under another policy. The draft goes through its JSON
// form, so that what else is wrong with it stays wrong.
func (p *Policy) under(draft escrow.Contract) (escrow.Contract, error) {
	text, err := draft.MarshalJSON()
	if err != nil {
		return escrow.Contract{}, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return escrow.Contract{}, err
	}
	if fields["policy"], err = p.Policy.MarshalJSON(); err != nil {
		return escrow.Contract{}, err
	}
	if text, err = json.Marshal(fields); err != nil {
		return escrow.Contract{}, err
	}
	return escrow.ParseContract(text, draft.Lifecycle())
}
