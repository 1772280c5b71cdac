package payoff

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/nearest"
)

// termNames are the fields of a case that are no policy fields, by the names that
// findings and [With] use.
var termNames = []string{"price", "criteria", "milestones", "match", "withdrawal", "delivery", "review"}

// windowOf returns where a case keeps a window, nil for other fields.
func (c *Case) windowOf(field string) *time.Duration {
	return map[string]*time.Duration{"match": &c.Match, "withdrawal": &c.Withdrawal, "delivery": &c.Delivery, "review": &c.Review}[field]
}

// With returns the case with one field set: a policy field by its name in JSON,
// such as "protocolFee", or "price", "criteria", "milestones", "match",
// "withdrawal", "delivery" or "review". The value is written as in JSON without
// quotes: "0.05", "PT24H", "3", "approve". The error names what cannot be read, a
// policy that the engine does not take, and for an unknown field the nearest known;
// terms that the engine would refuse at the founding are none.
func With(c Case, field, value string) (Case, error) {
	if err := c.check(); err != nil {
		return c, err
	}
	if _, known := c.policyField(field); known {
		return c.withPolicy(field, value)
	}
	var err error
	switch window := c.windowOf(field); {
	case window != nil:
		*window, err = escrow.ParseDuration(value)
	case field == "price":
		asset := c.Lifecycle.Spec().Asset
		var a escrow.Amount
		a, err = asset.Parse(value)
		c.Price = asset.Decimal(a)
	case field == "criteria":
		c.Criteria, err = strconv.Atoi(value)
	case field == "milestones":
		c.Milestones, err = strconv.Atoi(value)
	default:
		return c, unknownField(field, append(policyNames(c.Lifecycle), termNames...))
	}
	if err != nil {
		return c, fmt.Errorf("payoff: %s cannot be %q: %w", field, brief(value), err)
	}
	return c, nil
}

// value returns a field of the case as [With] reads it.
func (c Case) value(field string) string {
	if window := c.windowOf(field); window != nil {
		return escrow.FormatDuration(*window)
	}
	switch field {
	case "price":
		return c.Price.String()
	case "criteria":
		return strconv.Itoa(c.Criteria)
	case "milestones":
		return strconv.Itoa(c.Milestones)
	case "lifecycle":
		return c.Lifecycle.Name()
	}
	fields, _ := c.policyFields()
	return plain(fields[field])
}

// plain returns a JSON value without the quotes of a text.
func plain(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil || string(raw) == "null" {
		return string(raw)
	}
	return text
}

func (c Case) withPolicy(field, value string) (Case, error) {
	fields, err := c.policyFields()
	if err != nil {
		return c, err
	}
	f, _ := c.policyField(field)
	fields[field] = rawLike(f.Default, value)
	policy, err := parsed(c.Lifecycle, fields)
	if err != nil {
		return c, fmt.Errorf("payoff: %s cannot be %q: %w", field, brief(value), err)
	}
	c.Policy = policy
	return c, nil
}

// rawLike writes a value in JSON as another one is written: as a text or as it is.
func rawLike(example, value string) json.RawMessage {
	if !strings.HasPrefix(example, `"`) {
		return json.RawMessage(value)
	}
	text, _ := json.Marshal(value)
	return text
}

// policyFields returns the case's policy as the engine writes it.
func (c Case) policyFields() (fields map[string]json.RawMessage, err error) {
	text, err := c.Policy.MarshalJSON()
	if err != nil {
		return nil, err
	}
	return fields, json.Unmarshal(text, &fields)
}

// parsed returns a policy as the engine reads it.
func parsed(l *escrow.Lifecycle, fields map[string]json.RawMessage) (escrow.Policy, error) {
	text, err := json.Marshal(fields)
	if err != nil {
		return escrow.Policy{}, err
	}
	return l.ParsePolicy(text)
}

// payoutReview is the policy field that every lifecycle has.
var payoutReview = &escrow.Field{Name: "payoutReview", Default: "null",
	Meaning: "{minPayout, quorum}: payouts of minPayout or more wait for quorum people of the application; null for none"}

// policyOf returns the fields that policies of a lifecycle have.
func policyOf(l *escrow.Lifecycle) []*escrow.Field {
	var list []*escrow.Field
	for _, w := range l.Spec().Policy {
		list = append(list, w.Declaration())
	}
	return append(list, payoutReview)
}

func (c Case) policyField(name string) (*escrow.Field, bool) {
	for _, f := range policyOf(c.Lifecycle) {
		if f.Name == name {
			return f, true
		}
	}
	return &escrow.Field{}, false
}

func policyNames(l *escrow.Lifecycle) (names []string) {
	for _, f := range policyOf(l) {
		names = append(names, f.Name)
	}
	return names
}

func unknownField(name string, known []string) error {
	name = brief(name)
	return fmt.Errorf("payoff: there is no field %q; %s", name, nearest.Suggestion(name, known))
}

// maxBrief is how much is told of what somebody else has written.
const maxBrief = 60

// brief returns the start of a text that is too long to be told whole.
func brief(text string) string {
	if len(text) <= maxBrief {
		return text
	}
	return strings.ToValidUTF8(text[:maxBrief], "") + "…"
}
