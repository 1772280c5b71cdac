package escrow

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// lab is a lifecycle that is made for the step or effect at hand: what a command
// gives is deposited, then the row under test decides.
type lab struct {
	payer, one, two, three, fee, tax, owner *Party
	price, cap                              *Field // terms: amendable, fixed
	part, tithe, toll                       *Field // policy
	amount, r1, r2, r3, keys                *Field // of commands
	id, worth, due                          *Field // of items
	count, until, note                      *Field // of the state
	parts                                   *List
	people                                  *List
	pot, each, stake                        *Pot
	open, run, add, join                    *Act
	spec                                    Spec
}

func amountOf(name string) *Field { return &Field{Name: name, Kind: AmountKind, Optional: true} }
func ratioOf(name, value string) *Field {
	f := &Field{Name: name, Kind: RatioKind, Optional: true}
	if value != "" {
		f.Default = `"` + value + `"`
	}
	return f
}
func partyOf(name string) *Party {
	return &Party{Name: name, Refusal: "not_" + Reason(name), Account: &Field{Name: name, Kind: AccountKind}}
}

func newLab() *lab {
	b := &lab{payer: partyOf("payer"), one: partyOf("one"), two: partyOf("two"), three: partyOf("three"),
		fee: &Party{Name: "fee", Receives: true}, tax: &Party{Name: "tax", Receives: true},
		price: &Field{Name: "price", Kind: AmountKind, Amendable: true}, cap: amountOf("cap"),
		part: ratioOf("part", "0.25"), tithe: ratioOf("tithe", "0.1"), toll: &Field{Name: "toll", Kind: AmountKind, Default: `"3"`},
		amount: amountOf("amount"), r1: ratioOf("r1", ""), r2: ratioOf("r2", ""), r3: ratioOf("r3", ""),
		keys: &Field{Name: "keys", Kind: TextsKind, Optional: true},
		id:   &Field{Name: "id", Kind: TextKind, Optional: true}, worth: &Field{Name: "worth", Kind: AmountKind, Amendable: true, Optional: true},
		due: &Field{Name: "due", Kind: InstantKind, Optional: true}, count: &Field{Name: "count", Kind: CountKind, Optional: true},
		until: &Field{Name: "until", Kind: InstantKind, Optional: true}, note: &Field{Name: "note", Kind: TextKind, Optional: true}}
	b.parts = &List{Name: "parts", Key: b.id, Fields: []Word{b.worth, b.due}, Statuses: []string{"OPEN", "SHUT"}, Max: 3}
	b.people = &List{Name: "people", Key: &Field{Name: "person", Kind: AccountKind}, Statuses: []string{"IN"}}
	b.owner = &Party{Name: "person", Item: b.people, Refusal: "not_person"}
	b.pot = &Pot{Name: "pot", Owner: b.payer, In: "in", Rest: "out"}
	b.each = &Pot{Name: "part", Each: b.parts, Owner: b.payer, Holds: []string{"OPEN"}, In: "in", Rest: "out"}
	b.stake = &Pot{Name: "stake", Each: b.people, Owner: b.owner, In: "in", Rest: "out"}
	target := &Field{Name: "target", Kind: TargetKind, List: b.parts, Optional: true}
	b.open, b.add, b.join = Do("open", b.amount), Do("add", b.id, b.worth), Do("join", b.amount)
	b.run = Do("run", b.amount, b.r1, b.r2, b.r3, b.keys, Maybe(b.price), b.worth, target)
	b.spec = Spec{Name: "lab", Version: 1, Asset: Asset{"U", 0}, Parties: []*Party{b.payer, b.one, b.two, b.three, b.fee, b.tax, b.owner},
		Terms: []Word{b.price, b.cap}, State: []Word{b.count, b.until, b.note}, Policy: []Word{b.part, b.tithe, b.toll},
		Lists: []*List{b.parts, b.people}, Pots: []*Pot{b.pot, b.each, b.stake}, Terminal: Statuses{"ended"},
		Rules: []Rule{
			{ID: "open", On: b.open, By: b.payer, From: In(Draft), To: "held", Money: []Step{{Deposit: &Sum{Given: b.amount}, From: b.payer, Pot: b.pot}}},
			{ID: "add", On: b.add, By: b.payer, From: In("held"), To: Same, Sets: []Effect{{Add: b.parts, Status: "OPEN"}},
				Money: []Step{{Deposit: &Sum{Field: b.worth}, From: b.payer, Pot: b.each}}},
			{ID: "join", On: b.join, By: Anyone, From: In("held"), To: Same, Sets: []Effect{{Add: b.people, Status: "IN", KeyActor: true}},
				Money: []Step{{Deposit: &Sum{Given: b.amount}, From: b.owner, Pot: b.stake}, {Charge: &Sum{Of: &Sum{Given: b.amount}, Ratio: b.tithe}, From: b.owner, To: []*Party{b.fee}, Reason: "entry"}}},
		}}
	return b
}

var labTime = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// given returns the lab's contract after its founding with the row under test.
func (b *lab) given(t *testing.T, held int64, row Rule) Contract {
	t.Helper()
	row.ID = "run"
	if row.On == nil {
		row.On = b.run
	}
	if row.By == nil {
		row.By = Anyone
	}
	if row.From == nil {
		row.From = In("held")
	}
	if row.To == "" {
		row.To = Same
	}
	b.spec.Rules = append(b.spec.Rules, row)
	l := unproved(t, b.spec)
	c := l.Draft("lab-1", TextOf(b.payer.Account, "p"), TextOf(b.one.Account, "1"), TextOf(b.two.Account, "2"), TextOf(b.three.Account, "3"),
		AmountValue(b.price, Units(uint64(held))), AmountValue(b.cap, Units(7)))
	return b.must(t, c, b.open.Command(DecimalValue(b.amount, decimal.NewFromInt(held)))).Contract
}

// unproved is a lifecycle as it is compiled, whatever the proof says of it: what
// happens when a table is wrong all the same.
func unproved(t *testing.T, spec Spec) *Lifecycle {
	t.Helper()
	k := &compiler{l: &Lifecycle{spec: spec.clone()}, row: -1, asks: -1}
	k.shape()
	k.declare()
	k.checks()
	k.table()
	k.readDefaults()
	k.l.may, k.l.sure, k.l.required = make([]potSet, len(k.l.statuses)), make([]potSet, len(k.l.statuses)), make([][]*slot, len(k.l.statuses))
	for i := range k.l.may {
		k.l.may[i] = ^potSet(0)
	}
	if k.wireForm(); len(k.faults) > 0 {
		t.Fatal(errors.Join(k.faults...))
	}
	return k.l
}

func (b *lab) must(t *testing.T, c Contract, cmd Command) Decision {
	t.Helper()
	d, err := Decide(c, cmd, Agent("p"), At(labTime))
	if err != nil {
		t.Fatalf("%s: %v", cmd.Action(), err)
	}
	return d
}

func ratioGiven(f *Field, text string) Value {
	r, _ := ParseRatio(text)
	return RatioValue(f, r)
}

func moved(d *Decision) (list []string) {
	for _, m := range d.Movements() {
		list = append(list, fmt.Sprintf("%s %s>%s", m.Amount, m.From, m.To))
	}
	return list
}

func same(t *testing.T, name string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: moved %q, want %q", name, got, want)
	}
}

// TestDivision holds what a step pays against numbers made by hand.
func TestDivision(t *testing.T) {
	for _, row := range []struct {
		name  string
		held  int64
		step  func(*lab) Step
		given func(*lab) []Value
		want  []string
	}{
		{"whole", 15, func(b *lab) Step { return b.all() }, nil, []string{"15 pot>one:1"}},
		{"half up", 5, func(b *lab) Step { return b.all().Deduct(b.half(), b.fee) }, nil, []string{"2 pot>one:1", "3 pot>fee"}},
		{"two cuts are one division", 10, func(b *lab) Step { return b.all().Deduct(b.part, b.fee).Deduct(b.part, b.tax) }, nil,
			[]string{"5 pot>one:1", "3 pot>fee", "2 pot>tax"}},
		{"two cuts, the largest fraction", 15, func(b *lab) Step { return b.all().Deduct(b.tithe, b.fee).Deduct(b.part, b.tax) }, nil,
			// 1.5, 3.75 and 9.75: both units go to the fractions of .75.
			[]string{"10 pot>one:1", "1 pot>fee", "4 pot>tax"}},
		{"fixed first", 15, func(b *lab) Step { return b.all().DeductFixed(&Sum{Field: b.toll}, b.tax).Deduct(b.tithe, b.fee) }, nil,
			[]string{"11 pot>one:1", "3 pot>tax", "1 pot>fee"}},
		{"fixed first, moved in order", 15, func(b *lab) Step { return b.all().Deduct(b.tithe, b.fee).DeductFixed(&Sum{Field: b.toll}, b.tax) }, nil,
			[]string{"11 pot>one:1", "1 pot>fee", "3 pot>tax"}},
		{"fixed at most what is left", 5, func(b *lab) Step {
			return b.all().DeductFixed(&Sum{Field: b.toll}, b.tax).DeductFixed(&Sum{Field: b.toll}, b.fee)
		}, nil, []string{"3 pot>tax", "2 pot>fee"}},
		{"fixed takes all", 2, func(b *lab) Step { return b.all().DeductFixed(&Sum{Field: b.toll}, b.tax) }, nil, []string{"2 pot>tax"}},
		{"ratios beyond the whole", 10, func(b *lab) Step {
			return b.all().Deduct(b.half(), b.fee).Deduct(b.part, b.tax).Deduct(b.half(), b.fee)
		}, nil, []string{"5 pot>fee", "3 pot>tax", "2 pot>fee"}},
		{"by ratio", 10, func(b *lab) Step { return b.split(&Shares{Ratio: b.part}, b.one, b.two) }, nil, []string{"3 pot>one:1", "7 pot>two:2"}},
		{"by ratio, cut of the first part", 10, func(b *lab) Step { return b.split(&Shares{Ratio: b.part}, b.one, b.two).Deduct(b.half(), b.fee) }, nil,
			[]string{"1 pot>one:1", "2 pot>fee", "7 pot>two:2"}},
		{"by ratio, two cuts of the first part", 40, func(b *lab) Step {
			return b.split(&Shares{Ratio: b.part}, b.one, b.two).Deduct(b.half(), b.fee).DeductFixed(&Sum{Field: b.toll}, b.tax)
		}, nil, []string{"3 pot>one:1", "4 pot>fee", "3 pot>tax", "30 pot>two:2"}},
		{"by given ratio", 10, func(b *lab) Step { return b.split(&Shares{Ratio: b.r1, Given: true}, b.one, b.two) },
			func(b *lab) []Value { return []Value{ratioGiven(b.r1, "0.333")} }, []string{"3 pot>one:1", "7 pot>two:2"}},
		{"by no given ratio", 10, func(b *lab) Step { return b.split(&Shares{Ratio: b.r1, Given: true}, b.one, b.two) }, nil, []string{"10 pot>two:2"}},
		{"percentages", 15, func(b *lab) Step {
			return b.split(&Shares{Percentages: []Word{b.r1, b.r2, b.r3}}, b.one, b.two, b.three)
		}, func(b *lab) []Value {
			return []Value{ratioGiven(b.r1, "0.8"), ratioGiven(b.r2, "0.08"), ratioGiven(b.r3, "0.12")}
		}, []string{"12 pot>one:1", "1 pot>two:2", "2 pot>three:3"}},
		{"equal", 11, func(b *lab) Step { return b.split(&Shares{Equal: true}, b.one, b.two, b.three) }, nil,
			[]string{"4 pot>one:1", "4 pot>two:2", "3 pot>three:3"}},
		{"equal, with a cut", 10, func(b *lab) Step { return b.split(&Shares{Equal: true}, b.one, b.two, b.three).Deduct(b.half(), b.fee) }, nil,
			[]string{"2 pot>one:1", "2 pot>fee", "3 pot>two:2", "3 pot>three:3"}},
		{"part of a total", 10, func(b *lab) Step {
			return b.split(&Shares{Name: "a third", Weights: func(View) (uint64, uint64) { return 1, 3 }}, b.one, b.two)
		}, nil, []string{"3 pot>one:1", "7 pot>two:2"}},
		{"first", 10, func(b *lab) Step {
			return b.split(&Shares{Name: "four", First: func(View, Amount) Amount { return Units(4) }}, b.one, b.two)
		}, nil, []string{"4 pot>one:1", "6 pot>two:2"}},
		{"first, at most all", 10, func(b *lab) Step {
			return b.split(&Shares{Name: "more", First: func(View, Amount) Amount { return Units(40) }}, b.one, b.two)
		}, nil, []string{"10 pot>one:1"}},
	} {
		b := newLab()
		step := row.step(b)
		c := b.given(t, row.held, Rule{Money: []Step{step}, To: "ended"})
		var values []Value
		if row.given != nil {
			values = row.given(b)
		}
		d := b.must(t, c, b.run.Command(values...))
		same(t, row.name, moved(&d), row.want...)
		if len(d.Contract.Custody()) > 0 {
			t.Errorf("%s: holds %v", row.name, d.Contract.Custody())
		}
	}
}

func (b *lab) all() Step { return Step{Pay: true, Pot: b.pot, To: []*Party{b.one}} }

func (b *lab) split(s *Shares, to ...*Party) Step {
	return Step{Pay: true, Pot: b.pot, Shares: s, To: to}
}

// half is a ratio of the policy of its own.
func (b *lab) half() *Field {
	for _, w := range b.spec.Policy {
		if w.Declaration().Name == "half" {
			return w.Declaration()
		}
	}
	f := ratioOf("half", "0.5")
	b.spec.Policy = append(b.spec.Policy, f)
	return f
}

// TestSplitInvalid: percentages are a whole, also where their sum would wrap.
func TestSplitInvalid(t *testing.T) {
	b := newLab()
	c := b.given(t, 10, Rule{Money: []Step{b.split(&Shares{Percentages: []Word{b.r1, b.r2}}, b.one, b.two)}, To: "ended"})
	for _, pair := range [][2]string{{"0.5", "0.499999999999999999"}, {"0.5", "0.500000000000000001"}, {"0", "0"}, {"1", "1"}} {
		cmd := b.run.Command(ratioGiven(b.r1, pair[0]), ratioGiven(b.r2, pair[1]))
		if _, err := Decide(c, cmd, Agent("p"), At(labTime)); !errors.Is(err, SplitInvalid) || !errors.Is(err, Conflict) {
			t.Errorf("%v: %v", pair, err)
		}
	}
	d := b.must(t, c, b.run.Command(ratioGiven(b.r1, "1")))
	same(t, "1 and nothing", moved(&d), "10 pot>one:1")

	b = newLab()
	var shares []Word
	var to []*Party
	var values []Value
	for i := range 20 {
		f := ratioOf(fmt.Sprintf("s%d", i), "")
		shares, to, values = append(shares, f), append(to, b.one), append(values, ratioGiven(f, "1"))
	}
	values[19] = ratioGiven(shares[19].Declaration(), "0.446744073709551616") // together 2^64 + 1
	act := Do("run", shares...)
	c = b.given(t, 10, Rule{On: act, Money: []Step{b.split(&Shares{Percentages: shares}, to...)}, To: "ended"})
	if _, err := Decide(c, act.Command(values...), Agent("p"), At(labTime)); !errors.Is(err, SplitInvalid) {
		t.Errorf("a sum that wraps: %v", err)
	}
}

// TestWeightsOfFunctions: what is no part of a whole is the lifecycle's fault.
func TestWeightsOfFunctions(t *testing.T) {
	for _, w := range [][2]uint64{{1, 0}, {4, 3}} {
		b := newLab()
		c := b.given(t, 10, Rule{Money: []Step{b.split(&Shares{Name: "wrong", Weights: func(View) (uint64, uint64) { return w[0], w[1] }}, b.one, b.two)}, To: "ended"})
		if _, err := Decide(c, b.run.Command(), Agent("p"), At(labTime)); !errors.Is(err, RuleFailed) {
			t.Errorf("%v: %v", w, err)
		}
	}
	b := newLab()
	c := b.given(t, 10, Rule{Money: []Step{b.split(&Shares{Name: "panics", First: func(View, Amount) Amount { panic("no") }}, b.one, b.two)}, To: "ended"})
	if _, err := Decide(c, b.run.Command(), Agent("p"), At(labTime)); !errors.Is(err, RuleFailed) {
		t.Errorf("a panic: %v", err)
	}
}

// TestPartial: a part leaves the rest, and what the pot does not hold is refused,
// but for time, which takes what is there.
func TestPartial(t *testing.T) {
	b := newLab()
	part := Step{Pay: true, Pot: b.pot, Part: &Sum{Given: b.amount}, To: []*Party{b.one}}
	c := b.given(t, 10, Rule{Money: []Step{part.Deduct(b.part, b.fee), part}})
	d := b.must(t, c, b.run.Command(AmountValue(b.amount, Amount{}), DecimalValue(b.amount, decimal.NewFromInt(4))))
	same(t, "twice a part", moved(&d), "3 pot>one:1", "1 pot>fee", "4 pot>one:1")
	if held := d.Contract.Custody(); len(held) != 1 || held[0].Amount != Units(2) {
		t.Errorf("holds %v", held)
	}
	d = b.must(t, c, b.run.Command(DecimalValue(b.amount, decimal.NewFromInt(5))))
	if held := d.Contract.Custody(); len(held) != 0 || d.NumMovements() != 3 {
		t.Errorf("the second part is all that is left: %v, holds %v", moved(&d), held)
	}
	_, err := Decide(c, b.run.Command(DecimalValue(b.amount, decimal.NewFromInt(6))), Agent("p"), At(labTime))
	var e *Error
	if !errors.As(err, &e) || e.Reason() != NotCovered || e.Details()["pot"] != "pot" || e.Rule() != "run" {
		t.Errorf("more than there is: %v", err)
	}

	b = newLab()
	due := &Moment{Name: "soon", SinceEntered: true, After: time.Hour}
	b.spec.Terms = append(b.spec.Terms, b.toll)
	b.spec.Policy = b.spec.Policy[:2]
	b.toll.Default, b.toll.Optional = "", true
	part = Step{Pay: true, Pot: b.pot, Part: &Sum{Field: b.cap}, To: []*Party{b.one}}
	c = b.given(t, 5, Rule{On: Time, Window: Window{Opens: due, Due: true}, Money: []Step{part, {Pay: true, Pot: b.pot, To: []*Party{b.payer}}}, To: "ended"})
	d, err = Decide(c, Advance(), Agent("x"), At(labTime.Add(2*time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "time takes what is there", moved(&d), "5 pot>one:1")
}

// TestSums holds sums against numbers made by hand.
func TestSums(t *testing.T) {
	for _, row := range []struct {
		name string
		sum  func(*lab) *Sum
		want string
	}{
		{"lesser of two", func(b *lab) *Sum { return &Sum{Lesser: []*Sum{{Pot: b.pot}, {Field: b.cap}}} }, "7"},
		{"lesser is what is held", func(b *lab) *Sum {
			return &Sum{Lesser: []*Sum{{Pot: b.pot}, {Field: b.price}, {Of: &Sum{Field: b.cap}, Times: b.keys}}}
		}, "0"},
		{"ratio of a sum, half up", func(b *lab) *Sum { return &Sum{Of: &Sum{Pot: b.pot}, Ratio: b.part} }, "3"},
		{"ratio of a field", func(b *lab) *Sum { return &Sum{Field: b.cap, Ratio: b.part} }, "2"},
		{"total of a list", func(b *lab) *Sum { return &Sum{Pot: b.each, Total: true} }, "6"},
		{"ratio of a total", func(b *lab) *Sum { return &Sum{Of: &Sum{Pot: b.each, Total: true}, Ratio: b.part} }, "2"},
		{"policy", func(b *lab) *Sum { return &Sum{Field: b.toll} }, "3"},
		{"computed", func(b *lab) *Sum {
			return &Sum{Name: "one more", Func: func(v View) Amount { a, _ := v.Held(b.pot).plus(Units(1)); return a }}
		}, "11"},
		{"total of a view", func(b *lab) *Sum {
			return &Sum{Name: "total", Func: func(v View) Amount { return v.Total(b.each) }}
		}, "6"},
	} {
		b := newLab()
		b.spec.State = append(b.spec.State, b.keys)
		charge := Step{Charge: row.sum(b), From: b.payer, To: []*Party{b.fee}, Reason: "charged"}
		c := b.given(t, 10, Rule{Money: []Step{charge}})
		for i, worth := range []int64{2, 4} {
			c = b.must(t, c, b.add.Command(TextOf(b.id, fmt.Sprint(i)), DecimalValue(b.worth, decimal.NewFromInt(worth)))).Contract
		}
		d := b.must(t, c, b.run.Command())
		if row.want == "0" {
			same(t, row.name, moved(&d))
			continue
		}
		same(t, row.name, moved(&d), row.want+" payer:p>fee")
		if m := d.Movement(0); m.Kind() != Charged || m.Reason != "charged" || !slices.Equal(c.Custody(), d.Contract.Custody()) {
			t.Errorf("%s: %v is no charge", row.name, m)
		}
	}
}

// TestJoin: who is added to a list pays into its own pot, and is charged, in one
// decision.
func TestJoin(t *testing.T) {
	b := newLab()
	c := b.given(t, 10, Rule{Money: []Step{{Pay: true, Pot: b.stake, Each: true, To: []*Party{b.owner}}, b.all()}, To: "ended"})
	for _, who := range []string{"ann", "bob"} {
		d, err := Decide(c, b.join.Command(DecimalValue(b.amount, decimal.NewFromInt(15))), Agent(who), At(labTime))
		if err != nil {
			t.Fatal(err)
		}
		same(t, who, moved(&d), "15 person:"+who+">stake:"+who, "2 person:"+who+">fee")
		c = d.Contract
	}
	if _, err := Decide(c, b.join.Command(DecimalValue(b.amount, decimal.NewFromInt(1))), Agent("bob"), At(labTime)); !errors.Is(err, ItemExists) {
		t.Errorf("twice: %v", err)
	}
	d := b.must(t, c, b.run.Command())
	same(t, "each", moved(&d), "15 stake:ann>person:ann", "15 stake:bob>person:bob", "10 pot>one:1")
}

// TestAddedWhileEachIsPaid: a row that adds an item and pays every item's pot pays
// the new one too.
func TestAddedWhileEachIsPaid(t *testing.T) {
	b := newLab()
	last := Do("last", b.amount)
	c := b.given(t, 10, Rule{On: last, Sets: []Effect{{Add: b.people, Status: "IN", KeyActor: true}}, To: "ended", Money: []Step{
		{Deposit: &Sum{Given: b.amount}, From: b.owner, Pot: b.stake},
		{Pay: true, Pot: b.stake, Each: true, To: []*Party{b.owner}, Cuts: []Cut{{Ratio: b.part, To: b.fee}}}, b.all()}})
	d, err := Decide(c, b.join.Command(DecimalValue(b.amount, decimal.NewFromInt(4))), Agent("ann"), At(labTime))
	if err != nil {
		t.Fatal(err)
	}
	d, err = Decide(d.Contract, last.Command(DecimalValue(b.amount, decimal.NewFromInt(8))), Agent("bob"), At(labTime))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "last", moved(&d), "8 person:bob>stake:bob", "3 stake:ann>person:ann", "1 stake:ann>fee", "6 stake:bob>person:bob", "2 stake:bob>fee", "10 pot>one:1")
}

// TestTopUp: a top-up adds to what is there, a deposit finds nothing there.
func TestTopUp(t *testing.T) {
	b := newLab()
	c := b.given(t, 10, Rule{Money: []Step{{TopUp: &Sum{Given: b.amount}, From: b.two, Pot: b.pot}}})
	d := b.must(t, c, b.run.Command(DecimalValue(b.amount, decimal.NewFromInt(5))))
	same(t, "top-up", moved(&d), "5 two:2>pot")
	if d.Contract.Custody()[0].Amount != Units(15) {
		t.Errorf("holds %v", d.Contract.Custody())
	}
	b = newLab()
	c = b.given(t, 10, Rule{Money: []Step{{Deposit: &Sum{Given: b.amount}, From: b.two, Pot: b.pot}}})
	if _, err := Decide(c, b.run.Command(DecimalValue(b.amount, decimal.NewFromInt(5))), Agent("p"), At(labTime)); !errors.Is(err, Unbalanced) {
		t.Errorf("a deposit on top: %v", err)
	}
}

// TestTooMuchInAPot: no pot holds more than 10^38.
func TestTooMuchInAPot(t *testing.T) {
	b := newLab()
	b.spec.Asset.Scale = 18
	c := b.given(t, 1, Rule{Money: []Step{{TopUp: &Sum{Given: b.amount}, From: b.two, Pot: b.pot}}})
	most, _ := decimal.NewFromString("1000000000000000000") // 10^36 smallest units
	top := b.run.Command(DecimalValue(b.amount, most))
	for range 99 {
		c = b.must(t, c, top).Contract
	}
	if _, err := Decide(c, top, Agent("p"), At(labTime)); !errors.Is(err, AmountBounds) {
		t.Errorf("more than 10^38: %v", err)
	}
}

// TestDifference: an amended amount is made up for by who owns the pot.
func TestDifference(t *testing.T) {
	b := newLab()
	row := Rule{Sets: []Effect{{Amend: []Word{b.price}}}, Money: []Step{{Difference: b.price, From: b.payer, Pot: b.pot}}}
	c := b.given(t, 10, row)
	to := func(n int64) Command { return b.run.Command(DecimalValue(b.price, decimal.NewFromInt(n))) }
	for _, step := range []struct {
		price int64
		want  []string
	}{{14, []string{"4 payer:p>pot"}}, {14, nil}, {3, []string{"11 pot>payer:p"}}, {0, []string{"3 pot>payer:p"}}, {2, []string{"2 payer:p>pot"}}} {
		d := b.must(t, c, to(step.price))
		same(t, fmt.Sprint(step.price), moved(&d), step.want...)
		if c = d.Contract; c.View().Amount(b.price) != Units(uint64(step.price)) || c.View().Held(b.pot) != Units(uint64(step.price)) {
			t.Errorf("amended to %v, holds %v", c.View().Amount(b.price), c.Custody())
		}
	}
	d := b.must(t, c, b.run.Command())
	if same(t, "nothing amended", moved(&d)); d.Contract.View().Amount(b.price) != Units(2) {
		t.Error("what is left out was amended")
	}

	b = newLab()
	paid := Do("pay_part")
	b.spec.Rules = append(b.spec.Rules, Rule{ID: "pay_part", On: paid, By: Anyone, From: In("held"), To: Same, Money: []Step{{Pay: true, Pot: b.pot, Part: &Sum{Field: b.cap}, To: []*Party{b.one}}}})
	c = b.given(t, 10, Rule{Sets: []Effect{{Amend: []Word{b.price}}}, Money: []Step{{Difference: b.price, From: b.payer, Pot: b.pot}}})
	c = b.must(t, c, paid.Command()).Contract
	if _, err := Decide(c, b.run.Command(DecimalValue(b.price, decimal.NewFromInt(6))), Agent("p"), At(labTime)); !errors.Is(err, NotCovered) {
		t.Errorf("4 of 3 are returned: %v", err)
	}
	d = b.must(t, c, b.run.Command(DecimalValue(b.price, decimal.NewFromInt(7))))
	same(t, "all that is left", moved(&d), "3 pot>payer:p")
}

// TestDifferenceOfAnItem goes into that item's own pot.
func TestDifferenceOfAnItem(t *testing.T) {
	b := newLab()
	target := b.run.Params()[7]
	c := b.given(t, 10, Rule{Each: b.parts, Being: []string{"OPEN"}, Sets: []Effect{{Amend: []Word{b.worth}}},
		Money: []Step{{Difference: b.worth, From: b.payer, Pot: b.each}}})
	for _, id := range []string{"a", "b"} {
		c = b.must(t, c, b.add.Command(TextOf(b.id, id), DecimalValue(b.worth, decimal.NewFromInt(5)))).Contract
	}
	d := b.must(t, c, b.run.Command(TextOf(target, "b"), DecimalValue(b.worth, decimal.NewFromInt(8))))
	same(t, "more", moved(&d), "3 payer:p>part:b")
	d = b.must(t, d.Contract, b.run.Command(TextOf(target, "b"), DecimalValue(b.worth, decimal.NewFromInt(1))))
	same(t, "less", moved(&d), "7 part:b>payer:p")
	v := d.Contract.View()
	if v.At(b.parts, 0).Held(b.each) != Units(5) || v.At(b.parts, 1).Held(b.each) != Units(1) || v.At(b.parts, 1).Amount(b.worth) != Units(1) {
		t.Errorf("holds %v", d.Contract.Custody())
	}
}

// TestAdd: keys are there, new, and no more than there is room for.
func TestAdd(t *testing.T) {
	b := newLab()
	c := b.given(t, 10, Rule{Sets: []Effect{{Add: b.people, Status: "IN", Keys: b.keys}}})
	put := func(id string, worth int64) Command {
		return b.add.Command(TextOf(b.id, id), DecimalValue(b.worth, decimal.NewFromInt(worth)))
	}
	refused := func(cmd Command, want Reason) {
		t.Helper()
		if _, err := Decide(c, cmd, Agent("p"), At(labTime)); !errors.Is(err, want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	refused(put("", 1), Malformed)
	for _, id := range []string{"a", "b", "c"} {
		before := c
		c = b.must(t, c, put(id, 2)).Contract
		if before.View().Len(b.parts) != c.View().Len(b.parts)-1 {
			t.Error("the snapshot before has changed")
		}
		refused(put(id, 2), ItemExists)
	}
	refused(put("d", 2), TooMany)
	if i := c.View().Find(b.parts, "b"); i != 1 || c.View().At(b.parts, i).ItemStatus() != "OPEN" {
		t.Errorf("b is at %d", i)
	}
	d := b.must(t, c, b.run.Command(TextsOf(b.keys, []string{"x", "y"})))
	if v := d.Contract.View(); v.Len(b.people) != 2 || v.At(b.people, 1).Key() != "y" || v.At(b.people, 1).ItemStatus() != "IN" {
		t.Error("two are added at once")
	}
	refused(b.run.Command(TextsOf(b.keys, []string{"x", "x"})), ItemExists)
}

// TestEvery sets the status of those items of which the function tells one.
func TestEvery(t *testing.T) {
	b := newLab()
	becomes := func(v View) string {
		return map[string]string{"a": "SHUT", "b": "", "c": "OPEN"}[v.Key()]
	}
	c := b.given(t, 10, Rule{Sets: []Effect{{Name: "some shut", Every: b.parts, Becomes: becomes}},
		Money: []Step{{Pay: true, Pot: b.each, Each: true, To: []*Party{b.two}}}})
	for _, id := range []string{"a", "b", "c"} {
		c = b.must(t, c, b.add.Command(TextOf(b.id, id), DecimalValue(b.worth, decimal.NewFromInt(2)))).Contract
	}
	d := b.must(t, c, b.run.Command())
	same(t, "each", moved(&d), "2 part:a>two:2", "2 part:b>two:2", "2 part:c>two:2")
	for i, want := range []string{"SHUT", "OPEN", "OPEN"} {
		if got := d.Contract.View().At(b.parts, i).ItemStatus(); got != want || c.View().At(b.parts, i).ItemStatus() != "OPEN" {
			t.Errorf("item %d is %s, want %s", i, got, want)
		}
	}

	b = newLab()
	c = b.given(t, 10, Rule{Sets: []Effect{{Name: "wrong", Every: b.parts, Becomes: func(View) string { return "AJAR" }}}})
	c = b.must(t, c, b.add.Command(TextOf(b.id, "a"), DecimalValue(b.worth, decimal.NewFromInt(2)))).Contract
	if _, err := Decide(c, b.run.Command(), Agent("p"), At(labTime)); !errors.Is(err, RuleFailed) {
		t.Errorf("an unknown status: %v", err)
	}
	// Money that stays in an item whose status holds none is never let pass.
	b = newLab()
	c = b.given(t, 10, Rule{Sets: []Effect{{Name: "shut", Every: b.parts, Becomes: func(View) string { return "SHUT" }}}})
	c = b.must(t, c, b.add.Command(TextOf(b.id, "a"), DecimalValue(b.worth, decimal.NewFromInt(2)))).Contract
	if _, err := Decide(c, b.run.Command(), Agent("p"), At(labTime)); !errors.Is(err, Unbalanced) {
		t.Errorf("money in a shut item: %v", err)
	}
}

// TestComputed: what a function returns is held against its field.
func TestComputed(t *testing.T) {
	for name, row := range map[string]struct {
		value func(b *lab) Value
		fault bool
	}{
		"fits":          {func(b *lab) Value { return TextOf(b.note, "well") }, false},
		"another field": {func(b *lab) Value { return CountValue(b.count, 1) }, true},
		"no text":       {func(b *lab) Value { return TextOf(b.note, "a\u202eb") }, true},
		"taken away":    {func(b *lab) Value { return Unset(b.note) }, false},
		"no field":      {func(b *lab) Value { return Value{text: "well"} }, false},
	} {
		b := newLab()
		c := b.given(t, 10, Rule{Sets: []Effect{{Set: b.count, CountUp: true}, {Set: b.count, CountUp: true},
			{Name: "noted", Set: b.note, Func: func(View) Value { return row.value(b) }}}})
		d, err := Decide(c, b.run.Command(), Agent("p"), At(labTime))
		if errors.Is(err, RuleFailed) != row.fault || err != nil != row.fault {
			t.Errorf("%s: %v", name, err)
		} else if err == nil && (d.Contract.View().Count(b.count) != 2 || c.View().Has(b.count)) {
			t.Errorf("%s: counts %d", name, d.Contract.View().Count(b.count))
		}
	}
}

// TestBasis: each movement says from what it was made.
func TestBasis(t *testing.T) {
	b := newLab()
	c := b.given(t, 10, Rule{Money: []Step{b.split(&Shares{Ratio: b.part}, b.one, b.two).Deduct(b.tithe, b.fee).DeductFixed(&Sum{Field: b.toll}, b.tax)}, To: "ended"})
	d := b.must(t, c, b.run.Command()) // 3: fixed 3, nothing left
	same(t, "cuts", moved(&d), "3 pot>tax", "7 pot>two:2")
	if m := d.Movement(0); m.Basis.Policy != "toll" {
		t.Errorf("the toll's basis is %+v", m.Basis)
	}
	if m := d.Movement(1); m.Basis.Policy != "part" || m.Basis.Ratio.String() != "0.75" || m.Basis.Of != Units(10) {
		t.Errorf("the rest's basis is %+v", m.Basis)
	}
	b = newLab()
	c = b.given(t, 100, Rule{Money: []Step{b.all().Deduct(b.tithe, b.fee).Deduct(b.part, b.tax)}, To: "ended"})
	d = b.must(t, c, b.run.Command())
	same(t, "cuts", moved(&d), "65 pot>one:1", "10 pot>fee", "25 pot>tax")
	if m := d.Movement(2); m.Basis.Policy != "part" || m.Basis.Ratio.String() != "0.25" || m.Basis.Of != Units(100) {
		t.Errorf("the second cut's basis is %+v", m.Basis)
	}
}

// TestAudit: a decision that was tampered with is never let pass.
func TestAudit(t *testing.T) {
	b := newLab()
	target := b.run.Params()[7]
	c := b.given(t, 10, Rule{Each: b.parts, Money: []Step{{Pay: true, Pot: b.each, Part: &Sum{Given: b.amount}, To: []*Party{b.one}}}})
	for _, id := range []string{"a", "b"} {
		c = b.must(t, c, b.add.Command(TextOf(b.id, id), DecimalValue(b.worth, decimal.NewFromInt(5)))).Contract
	}
	cmd := b.run.Command(TextOf(target, "b"), DecimalValue(b.amount, decimal.NewFromInt(2)))
	for name, tamper := range map[string]func(*Decision){
		"":                       func(*Decision) {},
		"item holds more":        func(d *Decision) { d.editItem(0, 1).cells[itemBalance].lo++ },
		"other item holds more":  func(d *Decision) { d.editItem(0, 0).cells[itemBalance].lo++ },
		"item holds less":        func(d *Decision) { d.editItem(0, 1).cells[itemBalance].lo-- },
		"item in another status": func(d *Decision) { d.editItem(0, 0).cells[itemStatus].lo = 2 },
		"an item fewer":          func(d *Decision) { s := d.fork(); s.lists[0].items = s.lists[0].items[:1] },
		"single pot":             func(d *Decision) { d.Contract.pots[0].lo++ },
		"movement is more":       func(d *Decision) { d.movement(0).amount.lo++ },
		"movement of nothing":    func(d *Decision) { d.movement(0).amount = Amount{} },
		"movement is gone":       func(d *Decision) { d.moved = 0 },
		"from another item":      func(d *Decision) { d.movement(0).from.item = 0 },
		"from no item":           func(d *Decision) { d.movement(0).from.item = 9 },
		"to a pot":               func(d *Decision) { d.movement(0).to = accountID{kind: potAccount} },
		"to nobody":              func(d *Decision) { d.movement(0).to = accountID{} },
		"out of the wrong pot":   func(d *Decision) { d.movement(0).from = accountID{kind: potAccount} },
		"ended with money":       func(d *Decision) { d.Contract.status = uint8(d.Contract.lifecycle.indexOf("ended")) },
	} {
		d := b.must(t, c, cmd)
		d.owned = 0
		if tamper(&d); d.audit(&c) != (name == "") {
			t.Errorf("%q: audit says %v", name, name != "")
		}
	}
}
