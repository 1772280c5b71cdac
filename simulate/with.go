package simulate

import (
	"math/big"
	"strconv"
	"strings"
)

// With returns the scenario with one field of its document set, checked as
// [ParseScenario] checks it. The value is JSON, as in `0.3` or `"PT12H"`. The
// field is a path, as in "policy.workerStakeRatio", "workers[0].share",
// "terms.review" or "price.lognormal.median"; one that the document leaves out
// is added.
//
// A share of a list is set together with the others of that list: they keep
// their proportions, rounded down to 18 places, the last of them that is not 0
// takes the remainder, and all add up to 1 again. In a scenario with several
// policies, "policy.x" sets x in each.
//
// What was changed in the struct itself and not in the document is lost. The
// values of a sweep are not checked again. The error is always a [*Fault]
// with the field.
func (s *Scenario) With(field, value string) (*Scenario, error) {
	next, fault := s.with(field, value)
	if fault == nil && field0(field) == "sweep" {
		fault = next.checkSweep()
	}
	if fault != nil {
		return nil, fault
	}
	return next, nil
}

func (s *Scenario) with(field, value string) (*Scenario, *Fault) {
	if s.document == nil {
		return nil, &Fault{Line: 1, Field: short(field), Message: "cannot be set: the scenario has no document; ParseScenario and Default make one"}
	}
	steps, ok := stepsOf(field)
	if !ok {
		return nil, &Fault{Line: s.document.line, Field: short(field), Message: `is no path of a field, as in "policy.workerStakeRatio" or "workers[0].share"`}
	}
	set, fault := documentOf([]byte(value))
	if fault != nil {
		return nil, &Fault{Line: s.document.line, Field: short(field), Message: "cannot be set to " + short(value) + `: it is no JSON value, as in 0.3 or "PT12H"`}
	}
	e := &editor{s: s, root: s.document.copied(nil)}
	if policies := e.root.get("policies"); policies != nil && policies.is == aList && steps[0] == "policy" {
		for i := range policies.items {
			e.set(append([]string{"policies", position(i)}, steps...), set)
		}
	} else {
		e.set(steps, set)
	}
	if e.fault != nil {
		return nil, e.fault
	}
	return scenarioOf(e.root)
}

func position(i int) string { return "[" + strconv.Itoa(i) + "]" }

// stepsOf takes a path apart: "workers[0].share" is workers, [0], share.
func stepsOf(path string) ([]string, bool) {
	const longest = 200
	if path == "" || len(path) > longest {
		return nil, false
	}
	var steps []string
	for name := range strings.SplitSeq(path, ".") {
		name, positions, found := strings.Cut(name, "[")
		steps = append(steps, name)
		for found {
			var digits string
			digits, positions, found = strings.Cut(positions, "]")
			i, err := strconv.Atoi(digits)
			if !found || err != nil || i < 0 || positions != "" && positions[0] != '[' {
				return nil, false
			}
			steps = append(steps, position(i))
			positions, found = strings.CutPrefix(positions, "[")
		}
		if name == "" || positions != "" {
			return nil, false
		}
	}
	return steps, true
}

// editor sets fields of a copy of a scenario's document. The first fault sticks.
type editor struct {
	s     *Scenario
	root  *node
	fault *Fault
}

// set puts a copy of the value where the steps lead.
func (e *editor) set(steps []string, value *node) {
	at, s := e.root, &shape{fields: scenarioFields}
	for _, step := range steps[:len(steps)-1] {
		if at, s = e.into(at, s, step); e.fault != nil {
			return
		}
	}
	last := steps[len(steps)-1]
	if e.within(at, last) {
		at.put(last, value)
	}
	if e.fault == nil && last == "share" && at.up != nil && at.up.is == aList {
		e.rebalance(at)
	}
}

// within refuses a step that the value does not have room for.
func (e *editor) within(at *node, step string) bool {
	switch isPosition := step[0] == '['; {
	case isPosition && at.is == aList && at.item(step) == nil:
		e.fault = at.fault("has %d entries, counted from [0]; there is no %s", len(at.items), step)
	case isPosition && at.is != aList:
		e.fault = at.fault("is %s; it has no entries", at.shown())
	case !isPosition && at.is != anObject:
		e.fault = at.fault("is %s; it has no field %q", at.shown(), step)
	}
	return e.fault == nil
}

// into goes one step down. What the document leaves out appears with its default.
func (e *editor) into(at *node, s *shape, step string) (*node, *shape) {
	if !e.within(at, step) {
		return at, s
	}
	next := at.item(step)
	if next == nil {
		preset := s.presetIn(at, step, e.s.Lifecycle)
		if preset == "" {
			preset = `{}`
		}
		next = presetNode(at, step, preset)
		at.items = append(at.items, next)
	}
	if step[0] == '[' {
		return next, s
	}
	if f := s.fields.named(step); f != nil {
		return next, &f.shape
	}
	return next, &shape{}
}

// item returns an entry of an object or a list, nil when there is none.
func (n *node) item(name string) *node {
	for _, item := range n.items {
		if item.name == name {
			return item
		}
	}
	return nil
}

// put sets an entry to a copy of a value, on the line of what stood there.
func (n *node) put(name string, value *node) {
	next, old := value.copied(n), n.item(name)
	next.name = name
	next.standAt(n.line)
	if old == nil {
		n.items = append(n.items, next)
		return
	}
	next.standAt(old.line)
	*old = *next
	for _, item := range old.items {
		item.up = old
	}
}

// rebalance scales the other shares of a group's list so that all add up to 1.
func (e *editor) rebalance(group *node) {
	rest := new(big.Rat).Sub(big.NewRat(1, 1), group.get("share").ratio())
	sum := new(big.Rat)
	var others []*node
	for _, item := range group.up.items {
		if share := item.get("share"); item != group && share.ratio().Sign() > 0 {
			others = append(others, share)
			sum.Add(sum, share.ratio())
		}
	}
	if len(others) == 0 || rest.Sign() < 0 {
		return // the reader says what is wrong, if anything is
	}
	factor, left := new(big.Rat).Quo(rest, sum), new(big.Rat).Set(rest)
	for i, share := range others {
		part := floor18(new(big.Rat).Mul(share.ratio(), factor))
		if i == len(others)-1 {
			part = left
		}
		left = new(big.Rat).Sub(left, part)
		share.text = plainText(part)
	}
}

// floor18 rounds down to 18 places.
func floor18(r *big.Rat) *big.Rat {
	e18 := new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil)
	n := new(big.Int).Mul(r.Num(), e18)
	return new(big.Rat).SetFrac(n.Div(n, r.Denom()), e18)
}
