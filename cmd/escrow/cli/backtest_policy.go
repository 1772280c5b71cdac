package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	escrow "github.com/escrow-go/escrow/next"
	"github.com/escrow-go/escrow/backtest"
	"github.com/escrow-go/escrow/internal/nearest"
)

// policies reads the policies to replay under.
func (c *backtestCmd) policies(std *Stdio) (list []backtest.Policy, err error) {
	laws, err := c.laws()
	if err != nil {
		return nil, err
	}
	for _, given := range c.Policy {
		p, err := backtestPolicy(std, given, laws)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(list, func(q backtest.Policy) bool { return q.Name == p.Name }) {
			return nil, fmt.Errorf("two policies are called %s; name one of them, as in --policy other=FILE", p.Name)
		}
		list = append(list, p)
	}
	return list, nil
}

// laws returns the lifecycles that the policies may be for.
func (c *backtestCmd) laws() ([]*escrow.Lifecycle, error) {
	all := lifecycles()
	if c.Lifecycle == "" {
		return all, nil
	}
	i := slices.IndexFunc(all, func(l *escrow.Lifecycle) bool { return l.Name() == c.Lifecycle })
	if i < 0 {
		return nil, fmt.Errorf("no lifecycle %q; there are %s", c.Lifecycle, lifecycleNames())
	}
	return all[i : i+1], nil
}

// backtestPolicy reads one policy, given as FILE or NAME=FILE.
func backtestPolicy(std *Stdio, given string, laws []*escrow.Lifecycle) (p backtest.Policy, err error) {
	name, file, named := strings.Cut(given, "=")
	if !named {
		file = given
		name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	}
	text, err := std.object(file, `a policy, as in {"protocolFee": "0.05"}`)
	if err != nil {
		return p, err
	}
	law, err := lawOfPolicy(text, laws)
	if err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	policy, err := policyOf(law, text)
	if err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	return backtest.Policy{Name: name, Lifecycle: law, Policy: *policy}, nil
}

// lawOfPolicy returns the first lifecycle whose policies have all the fields of one.
func lawOfPolicy(policy json.RawMessage, laws []*escrow.Lifecycle) (*escrow.Lifecycle, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(policy, &fields); err != nil {
		return nil, err
	}
	var known []string
	for _, law := range laws {
		names := policyFieldNames(law)
		known = append(known, names...)
		if !slices.ContainsFunc(slices.Collect(maps.Keys(fields)), func(f string) bool { return !slices.Contains(names, f) }) {
			return law, nil
		}
	}
	for _, f := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(known, f) {
			return nil, fmt.Errorf("%q is no field of a policy; %s", f, nearest.Suggestion(f, known))
		}
	}
	return nil, fmt.Errorf("no lifecycle has all of the fields %s; give each lifecycle a policy of its own",
		strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
}

func policyFieldNames(law *escrow.Lifecycle) (names []string) {
	for _, f := range law.Spec().Policy {
		names = append(names, f.Name)
	}
	return names
}
