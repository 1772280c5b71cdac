package escrow

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRowsApart tells rows of one action apart by status, case and window.
func TestRowsApart(t *testing.T) {
	set := &Field{Name: "note", Kind: TextKind}
	mark := func(w *words) {
		w.spec.State = []Word{set}
		w.rule(1).Sets = []Effect{{Name: "noted", Set: set, Func: func(View) Value { return TextOf(set, "x") }}}
	}
	is, not := &Case{IsSet: set}, &Case{Unset: set}
	row := func(w *words, cases []*Case, window Window) Rule {
		return Rule{ID: "4", On: w.pay, By: w.worker, From: In("funded"), When: cases, Window: window, To: "refunded", Money: w.refund()}
	}
	before := func(w *words, f *Field) Window { return Window{Closes: &Moment{Field: f}} }
	from := func(w *words, f *Field) Window { return Window{Opens: &Moment{Field: f}} }
	tries(t, []try{
		{"a case before none", func(w *words) { mark(w); w.rule(2).When = []*Case{is}; w.add(row(w, nil, w.rule(2).Window)) }, nil},
		{"none before a case", func(w *words) { mark(w); w.add(row(w, []*Case{is}, w.rule(2).Window)) }, []string{"rule 4", "never answers from funded", "rule 2"}},
		{"one case and its opposite", func(w *words) {
			mark(w)
			w.rule(2).When = []*Case{is}
			w.add(row(w, []*Case{not}, w.rule(2).Window))
		}, nil},
		{"the same case written twice", func(w *words) {
			mark(w)
			w.rule(2).When = []*Case{is}
			w.add(row(w, []*Case{{IsSet: set}}, w.rule(2).Window))
		}, []string{"rule 4", "never answers", "rule 2"}},
		{"a case among more of them", func(w *words) {
			mark(w)
			w.rule(2).When = []*Case{is}
			w.add(row(w, []*Case{{All: []*Case{{IsSet: w.amount}, is}}}, w.rule(2).Window))
		}, []string{"rule 4", "never answers"}},
		{"more cases before fewer", func(w *words) {
			mark(w)
			w.rule(2).When = []*Case{is, {IsSet: w.amount}}
			w.add(row(w, []*Case{is}, w.rule(2).Window))
		}, nil},
		{"Before and From the same moment", func(w *words) {
			w.spec.Rules[2].Window = w.due(w.other)
			w.add(row(w, nil, from(w, w.end)))
		}, nil},
		{"From and Before the same moment", func(w *words) {
			w.spec.Rules[2].Window = w.due(w.other)
			w.rule(2).Window = from(w, w.end)
			w.add(row(w, nil, before(w, w.end)))
		}, nil},
		{"overlapping windows: Before another moment", func(w *words) { w.add(row(w, nil, before(w, w.other))) }, []string{"rule 4", "from funded", "rule 2", "windows overlap", "same moment"}},
		{"overlapping windows: From another moment", func(w *words) { w.add(row(w, nil, from(w, w.other))) }, []string{"rule 4", "windows overlap"}},
		{"a window and none", func(w *words) { w.add(row(w, nil, Window{})) }, []string{"rule 4", "windows overlap"}},
		{"two rows of one deadline", func(w *words) {
			w.add(Rule{ID: "4", On: actAdvance, By: Anyone, From: In("funded"), Window: w.due(w.end), To: "paid", Money: []Step{all(w.escrow, w.worker)}})
		}, []string{"rule 4", "never answers from funded", "rule 3"}},
		{"two deadlines", func(w *words) {
			w.add(Rule{ID: "4", On: actAdvance, By: Anyone, From: In("funded"), Window: w.due(w.other), To: "paid", Money: []Step{all(w.escrow, w.worker)}})
		}, nil},
		{"the system founds", func(w *words) { w.rule(1).By = System }, []string{"rule 1", "system cannot found"}},
		{"either founds", func(w *words) {
			w.rule(1).By = &Party{Name: "both", Refusal: "not_both", Either: []*Party{w.client, w.worker}}
		}, nil},
		{"a rule back to the draft", func(w *words) { w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("funded"), To: Draft}) }, []string{"rule 4", "nothing leads back to a draft"}},
		{"a founding that founds nothing", func(w *words) { w.rule(1).To = Same }, []string{"rule 1", "a founding leads to a status"}},
		{"from Same", func(w *words) { w.rule(2).From = In(Same) }, []string{"rule 2", "starts from Same"}},
		{"from a terminal status", func(w *words) { w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("paid"), To: Same}) }, []string{"rule 4", "starts from paid, which is terminal"}},
		{"a dead end", func(w *words) {
			w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("funded"), To: "limbo", Money: w.refund()})
		}, []string{"limbo", "rule 4", "is not terminal"}},
	})
}

// TestMoneyProofs are wrong ways of single pots.
func TestMoneyProofs(t *testing.T) {
	var second *Field
	two := func(w *words) {
		second = &Field{Name: "secondFee", Kind: RatioKind, Default: `"0.1"`}
		w.spec.Policy = append(w.spec.Policy, second)
		w.rule(2).Money[0].Cuts = append(w.rule(2).Money[0].Cuts, Cut{Ratio: second, To: w.treasury})
	}
	within := func(w *words, reason Reason) {
		w.spec.Check = []*Requirement{{Code: InvalidRequest, Reason: reason, Case: &Case{Within: []Word{w.fee, second}}}}
	}
	held := func(w *words) {
		w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("funded"), To: "waiting", Money: w.refund()})
		w.add(Rule{ID: "5", On: Do("wait"), By: w.client, From: In("funded"), To: "waiting"})
		w.add(Rule{ID: "6", On: actAdvance, By: Anyone, From: In("waiting"), Window: w.due(w.end), To: "refunded", Money: w.refund()})
	}
	tries(t, []try{
		{"two fees that may be too much", two, []string{"rule 2", "protocolFee + secondFee", "Within"}},
		{"two fees that are demanded to fit", func(w *words) { two(w); within(w, InvalidPolicy) }, nil},
		{"two fees demanded of the terms", func(w *words) { two(w); within(w, InvalidTerms) }, nil},
		{"two fees demanded for another reason", func(w *words) { two(w); within(w, Malformed) }, []string{"rule 2", "Within"}},
		{"two fees that are bounded", func(w *words) { two(w); w.fee.Max, second.Max = "0.5", "0.5" }, nil},
		{"two fees whose bounds are too wide", func(w *words) { two(w); w.fee.Max, second.Max = "0.5", "0.6" }, []string{"rule 2", "Within"}},
		{"paid on one way, held on another", held, nil},
		{"posted: paid on one way, held on another", func(w *words) { w.escrow.Posted = "posted"; held(w) }, []string{"status waiting", "escrow", "paid it out on another"}},
		{"paid twice", func(w *words) { w.rule(2).Money = append(w.rule(2).Money, all(w.escrow, w.client)) }, []string{"rule 2", "pays escrow before it may hold money"}},
		{"a part, then the rest", func(w *words) {
			w.rule(2).Money = []Step{{Pay: true, Pot: w.escrow, To: []*Party{w.worker}, Part: &Sum{Field: w.amount}}, all(w.escrow, w.client)}
		}, nil},
		{"a part, and the rest forgotten", func(w *words) {
			w.rule(2).Money = []Step{{Pay: true, Pot: w.escrow, To: []*Party{w.worker}, Part: &Sum{Field: w.amount}}}
		}, []string{"rule 2", "leaves money in terminal status paid"}},
		{"a case that says the pot is empty", func(w *words) {
			w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("funded"), When: []*Case{{Empty: w.escrow}}, To: "paid"})
		}, nil},
		{"who only receives pays", func(w *words) { w.rule(1).Money[0].From = w.treasury }, []string{"rule 1", "treasury only receives"}},
		{"who only receives owns", func(w *words) { w.escrow.Owner = w.treasury }, []string{"pot escrow", "treasury cannot own a pot"}},
		{"nobody pays", func(w *words) { w.rule(1).Money[0].From = nil }, []string{"rule 1", "an empty Party"}},
		{"a pot of nobody", func(w *words) { w.escrow.Owner = nil }, []string{"pot escrow", "an empty Party"}},
		{"one reason in and out", func(w *words) { w.escrow.Out = []PotReason{{w.client, "escrow_deposit"}} }, []string{"pot escrow", "a reason of their own"}},
	})
}

// TestWithin refuses a policy whose ratios come to more than 1.
func TestWithin(t *testing.T) {
	a, b := &Field{Name: "a", Kind: RatioKind}, &Field{Name: "b", Kind: RatioKind}
	w := base()
	w.spec.Policy, w.rule(2).Money[0].Cuts = nil, []Cut{{Ratio: a, To: w.treasury}, {Ratio: b, To: w.treasury}}
	w.spec.Terms = append(w.spec.Terms, a, b)
	w.spec.Check = []*Requirement{{Code: InvalidRequest, Reason: InvalidTerms, Case: &Case{Within: []Word{a, b}}, Message: "the fees come to more than 1"}}
	l, err := Define(w.spec)
	require.NoError(t, err)
	ratio := func(text string) Ratio {
		r, err := ParseRatio(text)
		require.NoError(t, err)
		return r
	}
	draft := func(x, y string) *life {
		v := w.live(t, l)
		v.c = l.Draft("c1", TextOf(w.client.Account, "c"), TextOf(w.worker.Account, "w"), AmountValue(w.amount, Units(500)),
			TimeValue(w.end, t0.AddDate(0, 0, 1)), TimeValue(w.other, t0), RatioValue(a, ratio(x)), RatioValue(b, ratio(y)))
		return v
	}
	e := draft("0.6", "0.5").refused(w.found.Command(), Actor{ID: "c"})
	assert.Equal(t, InvalidTerms, e.Reason())
	assert.Contains(t, e.Error(), "the fees come to more than 1")
	draft("0.6", "0.4").do(w.found.Command(), Actor{ID: "c"})
}

// TestSameCases are cases that are written twice and say the same, in every form.
func TestSameCases(t *testing.T) {
	list := &List{Name: "items", Key: &Field{Name: "key", Kind: AccountKind}, Most: 5}
	forms := map[string]func(w *words) *Case{
		"equal":  func(w *words) *Case { return &Case{Field: w.choice(), Choice: "a"} },
		"any":    func(w *words) *Case { return &Case{Any: []*Case{{IsSet: w.amount}, {Unset: w.end}}} },
		"not":    func(w *words) *Case { return &Case{Not: &Case{IsSet: w.amount}} },
		"some":   func(*words) *Case { return &Case{Some: list} },
		"empty":  func(w *words) *Case { return &Case{Empty: w.escrow} },
		"ahead":  func(w *words) *Case { return &Case{Ahead: &Moment{Field: w.other}} },
		"differ": func(w *words) *Case { return &Case{Differ: []*Party{w.client, w.worker}} },
		"acting": func(w *words) *Case { return &Case{Acting: w.client} },
		"within": func(w *words) *Case { return &Case{Within: []Word{w.fee}} },
		"sums":   func(w *words) *Case { return &Case{AtMost: []*Sum{{Field: w.amount}, {Pot: w.escrow}}} },
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			w := base()
			w.spec.Lists = []*List{list}
			w.spec.Terms = append(w.spec.Terms, w.choice())
			w.rule(2).When = []*Case{form(w)}
			if name == "empty" {
				w.rule(2).Money = nil
			}
			w.add(Rule{ID: "4", On: w.pay, By: w.client, From: In("funded"), When: []*Case{form(w)}, Window: w.rule(2).Window, To: "paid", Money: []Step{all(w.escrow, w.worker)}})
			mustRefuse(t, w.spec, "rule 4", "never answers from funded")
			w.spec.Rules[3].When = []*Case{{Not: &Case{Not: form(w)}}}
			_, err := Define(w.spec)
			assert.NoError(t, err)
		})
	}
}
