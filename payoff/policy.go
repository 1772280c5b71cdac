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

// ParsePolicy reads a policy of a lifecycle from JSON; fields that are absent have
// their defaults. A value that the engine refuses is a finding, and the policy
// returned has the nearest value that it takes instead. The error is for
// text that is no JSON object and for a field that the lifecycle does not have.
func ParsePolicy(l *escrow.Lifecycle, text []byte) (escrow.Policy, []Finding, error) {
	c := DefaultCase(l)
	if err := c.check(); err != nil {
		return escrow.Policy{}, nil, err
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
		policy, bad, why := examined(c.Lifecycle, fields)
		if why == nil {
			return policy, list, nil
		}
		f, known := c.policyField(bad)
		if !known {
			return p, list, why
		}
		was := plain(fields[bad])
		fields[bad] = c.nearest(fields, bad)
		list = append(list, refusedValue(f, was, plain(fields[bad])))
	}
	return p, list, errors.New("payoff: no policy near this one is one that the engine takes")
}

// refusedValue is the finding about a value that the engine refuses.
func refusedValue(f escrow.PolicyField, value, change string) Finding {
	return Finding{Check: policyCheck, Severity: Refuse, Field: f.Name, Value: brief(value), Change: change, Threshold: "what the engine takes",
		Message: fmt.Sprintf("no contract is founded with %s; %s is %s", brief(value), f.Name, f.Meaning)}
}

// examined asks the engine for a policy; bad is the field that it refuses it for.
func examined(l *escrow.Lifecycle, fields map[string]json.RawMessage) (p escrow.Policy, bad string, err error) {
	draft, err := draftOf(l, fields)
	if err == nil {
		if err = founded(draft); err == nil || !errors.Is(err, escrow.InvalidPolicy) {
			return draft.Policy(), "", nil
		}
	}
	return p, faultyField(err), err
}

// founded asks the engine to found a contract, and returns its refusal.
func founded(draft escrow.Contract) error {
	by, cmd := theClient, escrow.Command(escrow.Create{})
	if l := draft.Lifecycle(); l.Name() == escrow.OpenTrain.Name() {
		by, cmd = theToken(l), escrow.Hire{}
	}
	_, err := escrow.Decide(draft, cmd, by, instant(begin))
	return err
}

// faultyField returns the policy field that a refusal is about.
func faultyField(err error) string {
	var e *escrow.Error
	if !errors.As(err, &e) {
		return ""
	}
	path, _ := e.Details()["field"].(string)
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "policy."), ".")
	return name
}

// nearest returns the value nearest to a refused one that the engine takes.
func (c Case) nearest(fields map[string]json.RawMessage, name string) json.RawMessage {
	f, _ := c.policyField(name)
	trial := maps.Clone(fields)
	taken := func(value string) bool {
		trial[name] = rawLike(f.Default, value)
		_, bad, err := examined(c.Lifecycle, trial)
		return err == nil || bad != "" && bad != name
	}
	for _, value := range candidates(f, plain(fields[name]), taken) {
		if taken(value) {
			return rawLike(f.Default, value)
		}
	}
	return json.RawMessage(f.Default)
}

// candidates returns values near a refused one, the nearest first, in the form
// that the field's default has: a window, a number, a count, or a choice, of
// which the field's meaning tells the names.
func candidates(f escrow.PolicyField, value string, taken func(string) bool) []string {
	def := plain(json.RawMessage(f.Default))
	if len(value) > maxBrief {
		return nil
	}
	if d, err := escrow.ParseDuration(def); err == nil {
		refused, err := escrow.ParseDuration(value)
		if err != nil {
			return nil
		}
		return []string{between(seconds, big.NewInt(int64(d.Seconds())), big.NewInt(int64(refused.Seconds())), taken)}
	}
	if n, err := decimal.NewFromString(def); err == nil {
		refused, err := decimal.NewFromString(value)
		switch {
		case err != nil || refused.Exponent() > 40 || refused.Exponent() < -40:
			return nil
		case strings.HasPrefix(f.Default, `"`):
			return numbersNear(n, refused, taken)
		}
		return countsNear(refused.IntPart())
	}
	words := strings.FieldsFunc(f.Meaning, func(r rune) bool { return r == ' ' || r == ',' || r == ':' || r == '(' || r == ')' })
	slices.SortStableFunc(words, func(a, b string) int { return nearest.Distance(value, a) - nearest.Distance(value, b) })
	return words
}

// numbersNear returns a number rounded to ever fewer places, then the nearest
// that lies between it and one that is taken.
func numbersNear(known, refused decimal.Decimal, taken func(string) bool) (list []string) {
	for places := int32(18); places >= 0; places-- {
		list = append(list, refused.Round(places).String())
	}
	if slices.ContainsFunc(list, taken) {
		return list
	}
	return []string{between(fine, fine.read(known.String()), fine.read(refused.Truncate(18).String()), taken)}
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
