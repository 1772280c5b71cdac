package escrow

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestNamesOfWords: every form of a word is printed as the rule book has it.
func TestNamesOfWords(t *testing.T) {
	b := newLab()
	choice := &Field{Name: "mode", Kind: ChoiceKind, Choices: []string{"fast"}}
	whole := func(s Step) Step { s.Pay, s.Pot, s.To = true, b.pot, []*Party{b.one, b.two}; return s }
	for _, word := range []struct {
		got  fmt.Stringer
		want string
	}{
		{Effect{Add: b.parts, Status: "OPEN"}, "added to parts, OPEN"}, {Effect{Add: b.people}, "added to people"},
		{Effect{Amend: []Word{b.price, b.worth}}, "price, worth amended"}, {Effect{Change: &Field{Name: "news"}}, "changed as news says"}, {Effect{}, ""},
		{Effect{Set: b.until, Now: true, Plus: b.due}, "until = now + due"}, {Effect{Set: b.until, Now: true}, "until = now"}, {Effect{Set: b.note, Actor: true}, "note = who asks"},
		{Effect{Set: choice, Choice: "fast"}, "mode = fast"}, {Effect{Set: b.count, CountUp: true}, "count + 1"}, {Effect{Set: b.note, Clear: true}, "note cleared"},
		{Effect{Set: b.note, Given: b.id}, "note recorded"}, {Effect{Name: "noted"}, "noted"},
		{whole(Step{Shares: &Shares{Ratio: b.part}}), "pot -> one : two = part : rest"}, {whole(Step{Shares: &Shares{Equal: true}}), "pot -> one : two = equal parts"},
		{whole(Step{Shares: &Shares{Name: "by hand"}}), "pot -> one : two = by hand : rest"}, {whole(Step{Shares: &Shares{Becoming: "OPEN"}}), "pot -> one : two = all if OPEN : rest"},
		{whole(Step{Shares: &Shares{Percentages: []Word{b.r1, b.r2}}}), "pot -> one : two = r1 : r2"}, {b.all().DeductFixed(&Sum{Field: b.toll}, b.tax).Deduct(b.tithe, b.fee), "pot -> one, less toll -> tax, less tithe -> fee"},
		{Step{Pay: true, Pot: b.pot, Part: &Sum{Given: b.amount}, To: []*Party{b.one}}, "amount of pot -> one"}, {Step{Pay: true, Each: true, Pot: b.each, To: []*Party{b.one}}, "each part -> one"},
		{Step{Charge: &Sum{Name: "a tip", Func: func(View) Amount { return Amount{} }}, From: b.one, To: []*Party{b.two}}, "a tip: one -> two"},
		{Step{TopUp: &Sum{Pot: b.each, Total: true}, From: b.one, Pot: b.pot}, "all of part: one -> pot, on top"}, {Step{Difference: b.price, From: b.payer, Pot: b.pot}, "difference of price: payer <-> pot"},
		{&Case{InOrder: []*Moment{{Name: "a"}, {Name: "b"}}}, "a not after b"}, {&Case{InOrder: []*Moment{{Name: "a"}, {Name: "b"}}, Strictly: true}, "a before b"},
		{&Case{Lacks: choice, Choice: "fast"}, "mode without fast"},
		{Window{Opens: &Moment{Name: "a"}, Closes: &Moment{Name: "b"}}, "from a to before b"}, {Window{Opens: &Moment{Name: "a"}}, "from a"},
	} {
		assert.Equal(t, word.want, word.got.String())
	}
}

// TestCanonicalJSON sorts members and writes numbers as RFC 8785 does.
func TestCanonicalJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{"b": 1.50, "a": [true, null, 1e30, 0.000001, -0.5]}`: `{"a":[true,null,1e+30,0.000001,-0.5],"b":1.5}`,
		`{"é":1,"e":2}`: `{"e":2,"é":1}`, `9007199254740991`: `9007199254740991`, `9007199254740993`: `9007199254740992`, `""`: `""`,
	} {
		got, fault := canonicalJSON([]byte(text))
		assert.Nil(t, fault, text)
		assert.Equal(t, want, string(got))
	}
	for _, text := range []string{`{"a":1,"a":2}`, `1e999`, `nope`, `{"a":1} x`, `01`} {
		_, fault := canonicalJSON([]byte(text))
		assert.NotNil(t, fault, text)
	}
}

// TestAtMost: sums and products that do not fit are more than any audit lets pass.
func TestAtMost(t *testing.T) {
	all := Amount{math.MaxUint64, math.MaxUint64}
	assert.Equal(t, all, all.Plus(Units(1)))
	assert.Equal(t, all, all.timesAtMost(2))
	assert.Equal(t, Units(6), Units(3).timesAtMost(2))
}

// TestScopes: a scope to write is one to read.
func TestScopes(t *testing.T) {
	a := &Actor{Scopes: []string{"orders:write"}}
	assert.True(t, a.hasScope("orders:read"))
	assert.True(t, a.hasScope("orders:write"))
	assert.False(t, a.hasScope("payments:read"))
}

// TestSheets hold 32 entries, and no more.
func TestSheets(t *testing.T) {
	sheet := &Field{Name: "sheet", Kind: SheetKind, Choices: []string{"yes", "no"}}
	choices := make([]string, 32)
	choices[0], choices[17], choices[31] = "yes", "no", "yes"
	v := SheetOf(sheet, choices)
	assert.Nil(t, v.fault)
	assert.Equal(t, []uint64{1, 2, 1, 0}, []uint64{v.cell.at(0), v.cell.at(17), v.cell.at(31), v.cell.at(30)})
	assert.NotNil(t, SheetOf(sheet, append(choices, "yes")).fault)
	assert.NotNil(t, SheetOf(sheet, []string{"maybe"}).fault)
}

// TestSumsAlike: the same sum written twice is the same; functions never are.
func TestSumsAlike(t *testing.T) {
	b := newLab()
	c := b.given(t, 1, Rule{Sets: []Effect{{Amend: []Word{b.price}}, {Set: b.note, Given: b.keys}}[:1], To: "ended", Money: []Step{b.all()}})
	k := &compiler{l: c.lifecycle, row: -1, asks: -1}
	f := func(View) Amount { return Amount{} }
	make := []func() *Sum{
		func() *Sum { return &Sum{Field: b.price} }, func() *Sum { return &Sum{Field: b.cap} }, func() *Sum { return &Sum{Of: &Sum{Field: b.price}, Ratio: b.part} },
		func() *Sum { return &Sum{Lesser: []*Sum{{Field: b.price}, {Field: b.cap}}} }, func() *Sum { return &Sum{Lesser: []*Sum{{Field: b.cap}, {Field: b.price}}} },
		func() *Sum { return &Sum{Name: "f", Func: f} }, func() *Sum { return &Sum{Lesser: []*Sum{{Pot: b.pot}, {Field: b.cap}}} },
	}
	for i := range make {
		for j := range make {
			assert.Equal(t, i == j && i != 5, k.sum(make[i]()).like(k.sum(make[j]())), "%d and %d", i, j)
		}
	}
	one := k.sum(make[5]())
	assert.True(t, one.like(one))
	assert.True(t, k.sum(make[3]()).stored())
	assert.False(t, k.sum(make[5]()).stored())
	assert.False(t, k.sum(make[6]()).stored())
	assert.True(t, k.sum(make[2]()).stored())
	assert.True(t, k.lasting(k.sum(make[1]())))
	assert.False(t, k.lasting(k.sum(make[3]())), "a term that is amended")
}

// TestRevisionsEnd where counts do.
func TestRevisionsEnd(t *testing.T) {
	b := newLab()
	c := b.given(t, 1, Rule{To: "ended", Money: []Step{b.all()}})
	c.revision = maxCount
	_, err := Decide(c, b.run.Command(), Agent("p"), At(labTime))
	assert.ErrorIs(t, err, TooMany)
	n := 0
	c.eachPot(func(accountID, Amount) bool { n++; return false })
	assert.Equal(t, 1, n)
	f := forged(t, Units(1), Units(2))
	n = 0
	f.before.eachPot(func(accountID, Amount) bool { n++; return n < 2 })
	assert.Equal(t, 2, n, "the pot, and the first item's")
}

// TestWrongFunctions of a table refuse, and nothing happens.
func TestWrongFunctions(t *testing.T) {
	day := 24 * time.Hour
	for name, row := range map[string]func(b *lab) Rule{
		"a result that is no JSON": func(b *lab) Rule {
			return Rule{CoSign: CoSign{Type: "x", Lifetime: day, Results: func(View) []byte { return []byte("{") }}}
		},
		"a result and more": func(b *lab) Rule {
			return Rule{CoSign: CoSign{Type: "x", Lifetime: day, Results: func(View) []byte { return []byte("{} {}") }}}
		},
		"a result that panics": func(b *lab) Rule {
			return Rule{CoSign: CoSign{Type: "x", Lifetime: day, Results: func(View) []byte { panic("no") }}}
		},
		"a completion of its own": func(b *lab) Rule {
			return Rule{CoSign: CoSign{Type: "x", Lifetime: day, Completes: func(View) []Value { return []Value{TextOf(b.note, "x")} }}}
		},
		"a value out of its bounds": func(b *lab) Rule {
			return Rule{Sets: []Effect{{Name: "f", Set: b.note, Func: func(View) Value { return TextOf(b.note, "\x00") }}}}
		},
		"another field's value": func(b *lab) Rule {
			return Rule{Sets: []Effect{{Name: "f", Set: b.note, Func: func(View) Value { return CountValue(b.count, 1) }}}}
		},
		"an effect that panics": func(b *lab) Rule {
			return Rule{Sets: []Effect{{Name: "f", Set: b.note, Func: func(View) Value { panic("no") }}}}
		},
	} {
		b := newLab()
		c := b.given(t, 5, row(b))
		d, err := Decide(c, b.run.Command(), Agent("p"), At(labTime))
		if a, waits := d.Approval(); waits {
			_, err = Decide(d.Contract, Confirm(a.ID, ""), Human("h", "p"), At(labTime))
		}
		assert.ErrorIs(t, err, RuleFailed, name)
		assert.ErrorIs(t, err, InternalError, name)
	}
	b := newLab()
	c := b.given(t, 5, Rule{CoSign: CoSign{Type: "x", Lifetime: day, Results: func(View) []byte { return nil }, Completes: func(View) []Value { return nil }}})
	d := b.must(t, c, b.run.Command())
	a, _ := d.Approval()
	d, err := Decide(d.Contract, Confirm(a.ID, ""), Human("h", "p"), At(labTime))
	assert.NoError(t, err)
	a, _ = d.Approval()
	assert.Nil(t, a.Result, "nothing to tell")
}

// TestPoliciesInOtherAssets: an amount that the asset cannot have is for the founding to
// refuse; two commands are the same only with the same action.
func TestPoliciesInOtherAssets(t *testing.T) {
	c := testBook.DraftIn("c1", Asset{"JPY", 0}).WithPolicy(testBook.DefaultPolicy())
	assert.ErrorIs(t, c.terms.fault, InvalidPolicy)
	assert.False(t, Advance().equal(actFound.Command()))
	assert.True(t, actFound.Command().equal(actFound.Command()))
}

// TestDuplicatesAmongMany: two items of one key are found, however many there are.
func TestDuplicatesAmongMany(t *testing.T) {
	var parts [][]Value
	for i := range 10 {
		parts = append(parts, []Value{TextOf(mKey, fmt.Sprint("p", i%9)), DecimalValue(mAmount, Asset{"USD", 2}.Decimal(Units(5)))})
	}
	c := testDraft().WithItems(tParts, parts...)
	assert.ErrorIs(t, c.terms.fault, InvalidTerms)
	assert.Contains(t, c.terms.fault.message, "p0")
}
