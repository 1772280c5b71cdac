package payoff

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/nearest"
	"github.com/shopspring/decimal"
)

// policyCheck is the name of the findings about values that the engine refuses.
const policyCheck = "policy-invalid"

// NearestPolicy reads a policy of a lifecycle as [escrow.Lifecycle.ParsePolicy]
// does, but a value that the engine refuses is a finding, and the policy returned
// has the nearest value that it takes instead. The error is for text that is no
// JSON object and for a field that the lifecycle does not have.
func NearestPolicy(l *escrow.Lifecycle, text []byte) (escrow.Policy, []Finding, error) {
	c := DefaultCase(l)
	if err := c.check(); err != nil {
		return escrow.Policy{}, nil, err
	}
	if policy, err := l.ParsePolicy(text); err == nil {
		return policy, nil, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return escrow.Policy{}, nil, fmt.Errorf(`payoff: no policy: %w; expected an object as in {"protocolFee": "0.05"}`, err)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, known := c.policyField(name); !known {
			return escrow.Policy{}, nil, unknownField(name, policyNames(l))
		}
	}
	return repaired(c, fields)
}

// repaired replaces, one after the other, what the engine refuses in a policy.
func repaired(c Case, fields map[string]json.RawMessage) (p escrow.Policy, list []Finding, err error) {
	fields = maps.Clone(fields)
	for range len(fields) + 1 {
		policy, why := parsed(c.Lifecycle, fields)
		if why == nil {
			return policy, list, nil
		}
		f, known := c.policyField(faultyField(why))
		if !known {
			return p, list, why
		}
		was := plain(fields[f.Name])
		fields[f.Name] = c.nearest(fields, f)
		list = append(list, refusedValue(f, was, plain(fields[f.Name])))
	}
	return p, list, errors.New("payoff: no policy near this one is one that the engine takes")
}

// refusedValue is the finding about a value that the engine refuses.
func refusedValue(f *escrow.Field, value, change string) Finding {
	return Finding{Check: policyCheck, Severity: Refuse, Field: f.Name, Value: brief(value), Change: change, Threshold: "what the engine takes",
		Message: fmt.Sprintf("no contract is founded with %s; %s is %s", brief(value), f.Name, f.Meaning)}
}

// faultyField returns the policy field that a refusal is about.
func faultyField(err error) string {
	var e *escrow.Error
	if !errors.As(err, &e) {
		return ""
	}
	path, _ := e.Details()["field"].(string)
	name, _, _ := strings.Cut(path, ".")
	return name
}

// nearest returns the value nearest to a refused one that the engine takes.
func (c Case) nearest(fields map[string]json.RawMessage, f *escrow.Field) json.RawMessage {
	trial := maps.Clone(fields)
	taken := func(value string) bool {
		trial[f.Name] = rawLike(f.Default, value)
		_, err := parsed(c.Lifecycle, trial)
		bad := faultyField(err)
		return err == nil || bad != "" && bad != f.Name
	}
	for _, value := range candidates(f, plain(fields[f.Name]), taken) {
		if taken(value) {
			return rawLike(f.Default, value)
		}
	}
	return json.RawMessage(f.Default)
}

// candidates returns values near a refused one, the nearest first, by the kind of
// the field: a window, a number, a count or a choice; of others none.
func candidates(f *escrow.Field, value string, taken func(string) bool) []string {
	def := plain(json.RawMessage(f.Default))
	if len(value) > maxBrief {
		return nil
	}
	switch f.Kind {
	case escrow.DurationKind:
		refused, err := escrow.ParseDuration(value)
		if err != nil {
			return nil
		}
		return []string{between(seconds, seconds.read(def), big.NewInt(int64(refused.Seconds())), taken)}
	case escrow.RatioKind, escrow.AmountKind, escrow.CountKind:
		refused, err := decimal.NewFromString(value)
		switch {
		case err != nil || refused.Exponent() > 40 || refused.Exponent() < -40:
			return nil
		case f.Kind == escrow.CountKind:
			return countsNear(refused.IntPart())
		}
		return numbersNear(def, refused, taken)
	case escrow.ChoiceKind:
		words := slices.Clone(f.Choices)
		slices.SortStableFunc(words, func(a, b string) int { return nearest.Distance(value, a) - nearest.Distance(value, b) })
		return words
	}
	return nil
}

// numbersNear returns a number rounded to ever fewer places, then the nearest
// that lies between it and one that is taken.
func numbersNear(known string, refused decimal.Decimal, taken func(string) bool) (list []string) {
	for places := int32(18); places >= 0; places-- {
		list = append(list, refused.Round(places).String())
	}
	if slices.ContainsFunc(list, taken) {
		return list
	}
	return []string{between(fine, fine.read(known), fine.read(refused.Truncate(18).String()), taken)}
}

// countsNear returns small counts by their distance, of two the larger first.
func countsNear(refused int64) (list []string) {
	counts := make([]int64, 32)
	for i := range counts {
		counts[i] = int64(len(counts) - i)
	}
	slices.SortStableFunc(counts, func(a, b int64) int { return int(max(a-refused, refused-a) - max(b-refused, refused-b)) })
	for _, n := range counts {
		list = append(list, strconv.FormatInt(n, 10))
	}
	return list
}
