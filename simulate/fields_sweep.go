package simulate

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// The bounds of a sweep.
const (
	maxAxes   = 2
	maxPoints = 1000
)

// axis is an axis as it stands in a document: values, or from, to and steps.
type axis struct {
	field    string
	values   []string
	from, to string
	steps    int
}

var sweepForm = listForm[axis](shape{fields: fields{
	fieldOf("field", textForm(1, 200), "", `the path of the field, as in "policy.workerStakeRatio" or "workers[0].share"`,
		func(a *axis) *string { return &a.field }).needed(),
	fieldOf("values", valuesForm, "", "what the field takes, one after the other",
		func(a *axis) *[]string { return &a.values }),
	fieldOf("from", endForm, "", "instead of values: the first, a number or a duration",
		func(a *axis) *string { return &a.from }),
	fieldOf("to", endForm, "", "the last",
		func(a *axis) *string { return &a.to }),
	fieldOf("steps", countForm(2, maxPoints), "", "how many values from the first to the last, both included",
		func(a *axis) *int { return &a.steps }),
}}, 1, maxAxes)

// valuesForm is a list of any values.
var valuesForm = form[[]string]{
	shape{kind: "list of values", schema: map[string]any{"type": "array", "minItems": 1, "maxItems": maxPoints}},
	func(r *reader, n *node) (list []string) {
		if n.is != aList {
			r.wants(n, "values are a list, as in [0.1, 0.2]")
		} else if len(n.items) == 0 {
			r.fail(n.fault("holds nothing; it holds values, as in [0.1, 0.2]"))
		}
		for _, item := range n.items {
			list = append(list, item.json())
		}
		return list
	}}

// endForm is an end of a range: a number or a duration.
var endForm = form[string]{
	shape{kind: "number or duration", schema: map[string]any{"type": []any{"number", "string"}}},
	func(r *reader, n *node) string {
		_, isNumber := n.decimal()
		_, isDuration := n.duration()
		if !isNumber && !isDuration {
			r.wants(n, `it is a number in plain notation or a duration, as in 0.1 or "PT12H"`)
		}
		return n.text
	}}

// decimal returns the number in plain notation that a node says.
func (n *node) decimal() (*big.Rat, bool) {
	if _, err := (escrow.Asset{Scale: 18}).Parse(n.digits()); err != nil {
		return nil, false
	}
	return new(big.Rat).SetString(n.text)
}

// measureForm is the name of a measure.
var measureForm = func() form[string] {
	f := choiceForm(measureNames()...)
	f.kind = "a measure"
	return f
}()

var frontierFields = fields{
	fieldOf("x", measureForm, "", "the first measure", func(f *Frontier) *string { return &f.X }).needed(),
	fieldOf("y", measureForm, "", "the second measure", func(f *Frontier) *string { return &f.Y }).needed(),
	{name: "less", meaning: `"x", "y" or both: of which less is better`, preset: `[]`,
		shape: shape{kind: `list of "x", "y"`, schema: map[string]any{"type": "array", "maxItems": 2, "items": map[string]any{"enum": []string{"x", "y"}}}},
		read:  func(r *reader, n *node, into any) { into.(*Frontier).less(r, n) }},
}

func (f *Frontier) less(r *reader, n *node) {
	if n.is != aList {
		r.wants(n, `less is a list, as in ["x"]`)
	}
	for _, item := range n.items {
		word := choiceForm("x", "y").read(r, item)
		f.LessX, f.LessY = f.LessX || word == "x", f.LessY || word == "y"
	}
}

func measureNames() (names []string) {
	for _, m := range Measures() {
		names = append(names, m.Name)
	}
	return names
}

var frontierForm = form[*Frontier]{
	shape{kind: "object", fields: frontierFields},
	func(r *reader, n *node) *Frontier {
		f := objectForm[Frontier](frontierFields).read(r, n)
		if r.fault == nil && f.X == f.Y {
			r.fail(n.fault("has %s as x and as y; they are two measures", f.X))
		}
		return &f
	}}

// sweep reads the axes of a scenario.
func (r *reader) sweep(document *node, s *Scenario) {
	n := document.get("sweep")
	if r.fault != nil {
		return
	} else if n == nil && s.Frontier != nil {
		r.fail(document.get("frontier").fault("has no effect without a sweep; add one, or leave it out"))
	}
	if n == nil {
		return
	}
	points := 1
	for i, a := range sweepForm.read(r, n) {
		s.Sweep = append(s.Sweep, r.axis(n.items[i], a))
		points *= max(len(s.Sweep[i].Values), 1)
	}
	switch {
	case points > maxPoints:
		r.fail(n.fault("has %d points; a sweep has at most %d", points, maxPoints))
	case len(s.Sweep) == 2 && s.Sweep[0].Field == s.Sweep[1].Field:
		r.fail(n.items[1].fault("varies the same field as sweep[0]; each axis has its own"))
	}
}

// axis makes the values of an axis.
func (r *reader) axis(n *node, a axis) Axis {
	ranged := a.from != "" || a.to != "" || a.steps != 0
	switch {
	case r.fault != nil:
	case ranged == (a.values != nil), ranged && (a.from == "" || a.to == "" || a.steps == 0):
		r.fail(n.fault("needs either values, or from, to and steps"))
	case slices.Contains([]string{"lifecycle", "sweep", "frontier"}, field0(a.field)):
		r.fail(n.get("field").fault("is %q; a sweep varies any other field than lifecycle, sweep and frontier", a.field))
	case ranged:
		a.values = r.steps(n, a)
	}
	return Axis{Field: a.field, Values: a.values}
}

// field0 returns the name that a path begins with.
func field0(path string) string {
	name, _, _ := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, "[")
	return name
}

// steps returns the values from one end to the other: exact decimals, rounded half
// up to six places or as many as the ends have, or whole seconds.
func (r *reader) steps(n *node, a axis) []string {
	from, ok1 := n.get("from").decimal()
	to, ok2 := n.get("to").decimal()
	write := func(x *big.Rat) string { return x.FloatString(max(places(a.from), places(a.to), 6)) }
	if !ok1 && !ok2 {
		first, _ := n.get("from").duration()
		last, _ := n.get("to").duration()
		from, to = new(big.Rat).SetInt64(int64(first/time.Second)), new(big.Rat).SetInt64(int64(last/time.Second))
		write = func(x *big.Rat) string {
			seconds := new(big.Int).Div(x.Num(), x.Denom()).Int64()
			return fmt.Sprintf("%q", escrow.FormatDuration(time.Duration(seconds)*time.Second))
		}
	} else if !ok1 || !ok2 {
		r.fail(n.fault("has a number and a duration for its ends; they are of one kind"))
		return nil
	}
	var list []string
	for i := range a.steps {
		step := new(big.Rat).Sub(to, from)
		step.Mul(step, big.NewRat(int64(i), int64(a.steps-1)))
		list = append(list, trimmed(write(step.Add(step, from))))
	}
	return list
}

// places returns how many decimal places a number has in plain notation.
func places(number string) int {
	_, fraction, _ := strings.Cut(number, ".")
	return len(fraction)
}

// trimmed returns a number without trailing zeros.
func trimmed(number string) string {
	if !strings.Contains(number, ".") {
		return number
	}
	return strings.TrimSuffix(strings.TrimRight(number, "0"), ".")
}

// checkSweep refuses a sweep with a value that its field cannot take.
func (s *Scenario) checkSweep() *Fault {
	for i, a := range s.Sweep {
		at := s.document.get("sweep").items[i]
		for j, value := range a.Values {
			_, fault := s.with(a.Field, value)
			if fault == nil {
				continue
			}
			if values := at.get("values"); values != nil {
				at = values.items[j]
			}
			return at.fault("cannot set %s to %s: %s %s", short(a.Field), short(value), fault.Field, fault.Message)
		}
	}
	return nil
}
