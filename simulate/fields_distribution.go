package simulate

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/nearest"
)

// scale is how a random quantity is written, and what it may be in its finest
// units.
type scale struct {
	called      string
	least, most int64
	right       func(*reader) string
	units       func(*reader, *node) (int64, bool)
	schema      map[string]any
}

// maxPrice is the greatest price in smallest units.
const maxPrice = 10_000_000_000_000_000

// amounts are written in whole units of the asset.
var amounts = scale{"amount", 1, maxPrice,
	func(r *reader) string {
		s := r.spec.Asset
		return fmt.Sprintf("an amount of %s lies between %s and %s, with at most %d decimal places",
			s.Code, s.Text(escrow.Units(1)), s.Text(escrow.Units(maxPrice)), s.Scale)
	},
	func(r *reader, n *node) (int64, bool) { return unitsOf(r.spec.Asset, n) },
	decimalSchema(map[string]any{"exclusiveMinimum": 0})}

// partsUpTo are parts of something, in billionths; 1 is the whole.
func partsUpTo(most int64) scale {
	right := fmt.Sprintf("a part lies between 0 and %d, with at most 9 decimal places", most)
	return scale{fmt.Sprintf("part (0 to %d)", most), 0, most * One,
		func(*reader) string { return right },
		func(_ *reader, n *node) (int64, bool) { return unitsOf(escrow.Asset{Scale: 9}, n) },
		decimalSchema(map[string]any{"minimum": 0, "maximum": most})}
}

// times are lengths of time, in nanoseconds.
var times = scale{"duration", 0, int64(longest),
	func(*reader) string { return `a duration is at most 10 years, as in "P1D" or "PT12H"` },
	func(_ *reader, n *node) (int64, bool) {
		d, ok := n.duration()
		return int64(d), ok
	},
	durationForm.schema}

// unitsOf returns the smallest units that a node says.
func unitsOf(s escrow.Asset, n *node) (int64, bool) {
	a, err := s.Parse(n.digits())
	units, fits := a.Uint64()
	return int64(units), err == nil && fits && units <= maxPrice
}

// value reads one value of the scale.
func (s *scale) value(r *reader, n *node) int64 {
	v, ok := s.units(r, n)
	if !ok || v < s.least || v > s.most {
		r.wantsNumber(n, s.right(r))
		return s.least
	}
	return v
}

// span is what distributions are made of.
type span struct{ from, to, mean, median, spread int64 }

// choice is one value of a distribution that has a few.
type choice struct {
	value int64
	share escrow.Ratio
}

// forms returns the fields of each distribution.
func (s scale) forms() fields {
	one := form[int64]{shape{kind: s.called, schema: s.schema}, func(r *reader, n *node) int64 { return s.value(r, n) }}
	from := func(preset, meaning string) field {
		return fieldOf("from", one, preset, meaning, func(d *span) *int64 { return &d.from })
	}
	to := func(preset, meaning string) field {
		return fieldOf("to", one, preset, meaning, func(d *span) *int64 { return &d.to })
	}
	of := func(name, meaning string, fs ...field) field {
		return field{name: name, meaning: meaning, shape: shape{kind: "object", fields: fs}}
	}
	values := fields{
		fieldOf("value", one, "", "what falls out", func(c *choice) *int64 { return &c.value }).needed(),
		fieldOf("share", ratioForm("share"), "", "how often", func(c *choice) *escrow.Ratio { return &c.share }).needed()}
	return fields{
		of("uniform", "every value from one to another alike",
			from("", "the least").needed(), to("", "the greatest").needed()),
		of("exponential", "many small values, few great ones",
			fieldOf("mean", one, "", "the mean, before it is cut off", func(d *span) *int64 { return &d.mean }).needed(),
			from("", "cut off below; default the least there is"), to("", "cut off above; default 20 means")),
		of("lognormal", "values whose logarithms are normal",
			fieldOf("median", one, "", "the median, before it is cut off", func(d *span) *int64 { return &d.median }).needed(),
			fieldOf("spread", spreadForm, "", "the standard deviation of the logarithms, 0.001 to 5", func(d *span) *int64 { return &d.spread }).needed(),
			from("", "cut off below; default a thousandth of the median"), to("", "cut off above; default 1,000 medians")),
		{name: "choice", meaning: "a few values; their shares add up to 1", shape: listForm[choice](shape{fields: values}, 1, 50).shape},
	}
}

// spreadForm is a standard deviation of logarithms, in billionths.
var spreadForm = func() form[int64] {
	s := partsUpTo(5)
	s.least, s.right = One/1000, func(*reader) string { return "a spread lies between 0.001 and 5, with at most 9 decimal places" }
	return form[int64]{shape{kind: "number", schema: decimalSchema(map[string]any{"minimum": 0.001, "maximum": 5})},
		func(r *reader, n *node) int64 { return s.value(r, n) }}
}()

// distributionForm is a bare value, or an object with one of the distributions.
func distributionForm(s scale) form[Distribution] {
	sh := shape{kind: s.called + ", or a distribution", schema: s.schema, fields: s.forms()}
	return form[Distribution]{sh, func(r *reader, n *node) Distribution {
		switch {
		case n.is != anObject:
			return Fixed(s.value(r, n))
		case len(n.items) != 1:
			r.fail(n.fault("names %d distributions; it is one of %s", len(n.items), strings.Join(sh.fields.names(), ", ")))
			return Fixed(s.least)
		}
		f := sh.fields.named(n.items[0].name)
		if f == nil {
			r.fail(n.items[0].fault("is no distribution; %s", nearest.Suggestion(n.items[0].name, sh.fields.names())))
			return Fixed(s.least)
		}
		return s.distribution(r, n.items[0], f)
	}}
}

// unset marks a bound that was left out.
const unset = -1

// distribution reads what stands under a distribution's name.
func (s *scale) distribution(r *reader, n *node, f *field) Distribution {
	if f.name == "choice" {
		return s.choice(r, n, f)
	}
	d := span{from: unset, to: unset}
	r.object(n, &f.shape, &d)
	s.bound(f.name, &d)
	switch {
	case r.fault != nil:
		return Fixed(s.least)
	case f.name == "exponential" && d.mean == 0, f.name == "lognormal" && d.median == 0:
		r.fail(n.fault("has a %s of nothing; it is more", f.fields[0].name))
		return Fixed(s.least)
	case d.from > d.to:
		r.fail(n.fault("has its from above its to; from is at most to"))
		return Fixed(s.least)
	}
	made := Uniform(d.from, d.to)
	switch f.name {
	case "exponential":
		made = Exponential(d.mean, d.from, d.to)
	case "lognormal":
		made = Lognormal(d.median, float64(d.spread)/One, d.from, d.to)
	}
	if f.name != "uniform" && d.from < d.to && !(made.high-made.low > 1e-9) {
		r.fail(n.fault("has less than a billionth of its values between from and to; choose bounds nearer to its middle"))
	}
	return made
}

// bound fills in the bounds that were left out.
func (s *scale) bound(name string, d *span) {
	below, above := s.least, s.times(d.mean, 20)
	if name == "lognormal" {
		below, above = max(s.least, d.median/1000), s.times(d.median, 1000)
	}
	if d.from == unset {
		d.from = below
	}
	if d.to == unset {
		d.to = above
	}
}

// times returns n times a value, as far as the scale goes.
func (s *scale) times(value, n int64) int64 {
	if value > s.most/n {
		return s.most
	}
	return value * n
}

// choice reads a distribution of a few values.
func (s *scale) choice(r *reader, n *node, f *field) Distribution {
	list := listForm[choice](shape{fields: f.fields}, 1, 50).read(r, n)
	if r.sharesOf(n); r.fault != nil {
		return Fixed(s.least)
	}
	values, chances := make([]int64, len(list)), make([]uint64, len(list))
	sum, before := new(big.Rat), uint64(0)
	for i, c := range list {
		sum.Add(sum, c.share.Decimal().Rat())
		until := in63(sum)
		values[i], chances[i], before = c.value, until-before, until
	}
	return Choice(values, chances)
}

// in63 returns a part as a number of 2^-63, rounded down.
func in63(part *big.Rat) uint64 {
	n := new(big.Int).Lsh(part.Num(), 63)
	return n.Div(n, part.Denom()).Uint64()
}

// reach returns the least and the greatest value that can fall out.
func (d *Distribution) reach() (least, most int64) {
	switch d.kind {
	case isFixed:
		return d.from, d.from
	case isChoice:
		least, most = d.values[0], d.values[0]
		for _, v := range d.values {
			least, most = min(least, v), max(most, v)
		}
		return least, most
	}
	return d.from, d.to
}
