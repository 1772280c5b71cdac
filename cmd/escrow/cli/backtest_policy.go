package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/backtest"
	"github.com/escrow-go/escrow/internal/nearest"
)

// policies reads the policies to replay under.
func (c *backtestCmd) policies(std *Stdio, known shelf) (list []backtest.Policy, err error) {
	if c.Lifecycle != "" {
		if known, err = known.only([]string{c.Lifecycle}); err != nil {
			return nil, err
		}
	}
	for _, given := range c.Policy {
		p, err := backtestPolicy(std, given, known)
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

// backtestPolicy reads one policy, given as FILE or NAME=FILE.
func backtestPolicy(std *Stdio, given string, known shelf) (p backtest.Policy, err error) {
	name, file, named := strings.Cut(given, "=")
	if !named {
		file = given
		name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	}
	text, err := std.object(file, policyForm)
	if err != nil {
		return p, err
	}
	l, err := known.ofPolicy(text)
	if err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	policy, err := l.ParsePolicy(text)
	if err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	return backtest.Policy{Name: name, Policy: policy}, nil
}

// ofPolicy returns the first lifecycle whose policies have all the fields of one.
func (s shelf) ofPolicy(policy json.RawMessage) (*escrow.Lifecycle, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(policy, &fields); err != nil {
		return nil, err
	}
	given := slices.Sorted(maps.Keys(fields))
	var all []string
	for _, l := range s {
		names := policyFields(l)
		all = append(all, names...)
		if !slices.ContainsFunc(given, func(f string) bool { return !slices.Contains(names, f) }) {
			return l, nil
		}
	}
	for _, f := range given {
		if !slices.Contains(all, f) {
			return nil, fmt.Errorf("%q is no field of a policy; %s", f, nearest.Suggestion(f, all))
		}
	}
	return nil, fmt.Errorf("no lifecycle has all of the fields %s; give each lifecycle a policy of its own", strings.Join(given, ", "))
}

// policyFields names what a lifecycle's policies say, with what all policies say.
func policyFields(l *escrow.Lifecycle) []string {
	names := []string{"payoutReview"}
	for _, w := range l.Spec().Policy {
		names = append(names, w.Declaration().Name)
	}
	return names
}
