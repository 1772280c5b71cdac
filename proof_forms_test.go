package escrow

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// list is a declared list of the base table, whose items are added by the third
// rule's action.
func (w *words) list(statuses ...string) *List {
	l := &List{Name: "things", Key: &Field{Name: "thing", Kind: TextKind}, Statuses: statuses}
	w.spec.Lists = append(w.spec.Lists, l)
	return l
}

// sets gives the second rule an effect.
func sets(make func(w *words) Effect) func(*words) {
	return func(w *words) { w.rule(2).Sets = append(w.rule(2).Sets, make(w)) }
}

// needs gives the second rule a requirement of a case.
func needs(make func(w *words) *Case) func(*words) {
	return func(w *words) {
		w.rule(2).Needs = []*Requirement{{Code: Conflict, Reason: "not_yet", Case: make(w)}}
	}
}

// pays makes the second rule pay otherwise.
func pays(make func(w *words) Step) func(*words) {
	return func(w *words) { w.rule(2).Money = []Step{make(w)} }
}

// field declares a field of the state.
func (w *words) state(f *Field) *Field {
	w.spec.State = append(w.spec.State, f)
	return f
}

// TestFormsOfEffects: what an effect needs, and what it cannot do.
func TestFormsOfEffects(t *testing.T) {
	note := func() *Field { return &Field{Name: "note", Kind: TextKind, Optional: true} }
	mode := func() *Field {
		return &Field{Name: "mode", Kind: ChoiceKind, Choices: []string{"fast", "slow"}, Optional: true}
	}
	tries(t, []try{
		{"a fixed term is amended", sets(func(w *words) Effect { return Effect{Amend: []Word{w.amount}} }), []string{"rule 2", "amount is not amendable"}},
		{"no such choice", sets(func(w *words) Effect { return Effect{Set: w.state(mode()), Choice: "fas"} }), []string{"rule 2", "mode has no choice", `did you mean "fast"`}},
		{"a choice", sets(func(w *words) Effect { return Effect{Set: w.state(mode()), Choice: "fast"} }), nil},
		{"a function without a name", sets(func(w *words) Effect {
			return Effect{Set: w.state(note()), Func: func(View) Value { return Value{} }}
		}), []string{"rule 2", "an effect that is a function needs a Name"}},
		{"a window without Now", sets(func(w *words) Effect {
			return Effect{Set: w.state(&Field{Name: "at", Kind: InstantKind, Optional: true}), Plus: w.state(&Field{Name: "by", Kind: DurationKind, Optional: true}), Clear: true}
		}), []string{"rule 2", "Plus goes with Now"}},
		{"an item without a status", sets(func(w *words) Effect { return Effect{Add: w.list("A"), KeyActor: true} }), []string{"rule 2", "an item added to things needs a Status"}},
		{"a count of something else", sets(func(w *words) Effect { return Effect{Set: w.state(note()), CountUp: true} }), []string{"rule 2", "field note is of another kind than the effect sets"}},
		{"the actor as a note", sets(func(w *words) Effect { return Effect{Set: w.state(note()), Actor: true} }), []string{"rule 2", "note"}},
		{"changes of no item", sets(func(w *words) Effect {
			return Effect{Change: &Field{Name: "change", Kind: RecordKind, Fields: []Word{note()}}}
		}), []string{"rule 2"}},
	})
}

// TestFormsOfCases: what a case needs, and what it compares.
func TestFormsOfCases(t *testing.T) {
	tries(t, []try{
		{"a function without a name", needs(func(w *words) *Case { return &Case{Func: func(View) bool { return true }} }), []string{"rule 2", "a case that is a function needs a Name"}},
		{"one sum", needs(func(w *words) *Case { return &Case{Name: "one", AtMost: []*Sum{{Field: w.amount}}} }), []string{"rule 2", `case "one" compares two sums`}},
		{"two sums", needs(func(w *words) *Case {
			return &Case{MoreThan: []*Sum{{Pot: w.escrow}, {Of: &Sum{Field: w.amount}, Ratio: w.fee}}}
		}), nil},
		{"a moment that is not carried", needs(func(w *words) *Case { return &Case{Name: "ahead", Ahead: w.moment(w.end), Given: true} }), []string{"rule 2", "the command carries no field of end"}},
		{"a text compared", needs(func(w *words) *Case {
			return &Case{Name: "texts", Field: w.state(&Field{Name: "note", Kind: TextKind})}
		}),
			[]string{"rule 2", `case "texts"`, "only a choice or a flag is compared"}},
		{"a flag compared", needs(func(w *words) *Case {
			return &Case{Name: "set", Field: w.state(&Field{Name: "rush", Kind: FlagKind}), Flag: true}
		}), nil},
		{"an unknown list", needs(func(w *words) *Case { return &Case{Name: "none", None: &List{Name: "thing", Key: w.end}} }), []string{"rule 2", "list thing is not declared"}},
		{"the pot of every item", func(w *words) {
			l := w.list("A")
			pot := &Pot{Name: "box", Each: l, Owner: w.client, In: "in", Rest: "out"}
			w.spec.Pots = append(w.spec.Pots, pot)
			needs(func(*words) *Case { return &Case{Name: "boxes are empty", Empty: pot} })(w)
		}, nil},
		{"a check without a name", func(w *words) {
			w.rule(2).Needs = []*Requirement{{Code: Conflict, Check: func(View) *Error { return nil }}}
		}, []string{"rule 2", "a requirement that is a Check needs a Name"}},
		{"a check of a status", func(w *words) {
			w.rule(2).Needs = []*Requirement{{Name: "checked", Code: Conflict, StatusToo: true, Check: func(View) *Error { return nil }}}
		}, []string{"StatusToo needs a Case"}},
	})
}

// TestFormsOfMoney: what a step, a sum and shares need.
func TestFormsOfMoney(t *testing.T) {
	amendable := func(w *words) *Field {
		f := &Field{Name: "bonus", Kind: AmountKind}
		w.spec.Terms = append(w.spec.Terms, f)
		return f
	}
	tries(t, []try{
		{"the difference of a fixed term", pays(func(w *words) Step { return Step{Difference: amendable(w), From: w.client, Pot: w.escrow} }), []string{"rule 2", "bonus is not amendable"}},
		{"a deposit into each", pays(func(w *words) Step {
			s := w.deposit()
			s.Each = true
			return s
		}), []string{"rule 2", "Each is for the pots of a list"}},
		{"an empty cut", pays(func(w *words) Step {
			s := all(w.escrow, w.worker)
			s.Cuts = []Cut{{To: w.treasury}}
			return s
		}), []string{"rule 2", "an empty Cut"}},
		{"one percentage for two", pays(func(w *words) Step {
			return Step{Pay: true, Pot: w.escrow, Shares: &Shares{Percentages: []Word{w.fee}}, To: []*Party{w.worker, w.client}}
		}), []string{"rule 2", "1 percentages for 2 receivers"}},
		{"becoming of a single pot", pays(func(w *words) Step {
			return Step{Pay: true, Pot: w.escrow, Shares: &Shares{Becoming: "A"}, To: []*Party{w.worker, w.client}}
		}), []string{"rule 2", "shares by A are of an item's pot"}},
		{"a charge for two", pays(func(w *words) Step {
			return Step{Charge: &Sum{Field: w.amount}, From: w.client, To: []*Party{w.worker, w.treasury}, Reason: "tax"}
		}), []string{"rule 2", "a charge has one receiver"}},
		{"the total of a single pot", pays(func(w *words) Step {
			return Step{Pay: true, Pot: w.escrow, Part: &Sum{Pot: w.escrow, Total: true}, To: []*Party{w.worker}}
		}), []string{"rule 2", "escrow is a single pot"}},
		{"a function without a name", pays(func(w *words) Step {
			return Step{Pay: true, Pot: w.escrow, Part: &Sum{Func: func(View) Amount { return Amount{} }}, To: []*Party{w.worker}}
		}), []string{"rule 2", "a sum that is a function needs a Name"}},
		{"an item's pot where no item is", func(w *words) {
			pot := &Pot{Name: "box", Each: w.list("A"), Owner: w.client, In: "in", Rest: "out"}
			w.spec.Pots = append(w.spec.Pots, pot)
			w.rule(2).Money[0].Part = &Sum{Pot: pot}
		}, []string{"rule 2", "box is a pot of each of things"}},
		{"the first of what may be none", func(w *words) {
			l := w.list("A")
			w.rule(2).Each, w.rule(2).First = l, true
		}, []string{"rule 2", "a contract may have none"}},
		{"a pot that an import fills when a case holds", func(w *words) {
			l := w.list("A")
			note := &Field{Name: "note", Kind: TextKind, Optional: true}
			l.Fields = []Word{note}
			w.spec.Pots = append(w.spec.Pots, &Pot{Name: "box", Each: l, Owner: w.client, In: "in", Rest: "out", Implied: true, HoldsWhen: &Case{IsSet: note}})
		}, []string{"box"}},
		{"two pots for an item", func(w *words) {
			l := w.list("A")
			for _, name := range []string{"box", "bag"} {
				w.spec.Pots = append(w.spec.Pots, &Pot{Name: name, Each: l, Owner: w.client, In: "in", Rest: "out"})
			}
		}, []string{"the items of things have a pot already"}},
		{"no pots", func(w *words) { w.spec.Pots = nil }, []string{"pot escrow is not declared"}},
		{"two reasons for one", func(w *words) { w.escrow.Out = []PotReason{{w.worker, "a"}, {w.worker, "b"}} }, []string{"pot escrow", "two reasons for payouts to worker"}},
	})
}

// TestTooMany of anything that is kept in so many bits.
func TestTooMany(t *testing.T) {
	many := func(n int, add func(w *words, name string)) func(*words) {
		return func(w *words) {
			for i := range n {
				add(w, fmt.Sprintf("x%d", i))
			}
		}
	}
	tries(t, []try{
		{"fields", many(65, func(w *words, name string) { w.spec.Terms = append(w.spec.Terms, &Field{Name: name, Kind: TextKind}) }), []string{"has more than", "fields"}},
		{"pots", many(9, func(w *words, name string) {
			w.spec.Pots = append(w.spec.Pots, &Pot{Name: name, Owner: w.client, In: "in", Rest: "out"})
		}), []string{"has more than 8 single pots"}},
		{"lists", many(33, func(w *words, name string) {
			w.spec.Lists = append(w.spec.Lists, &List{Name: name, Key: &Field{Name: "key", Kind: TextKind}})
		}), []string{"has more than", "lists"}},
		{"parties", many(260, func(w *words, name string) {
			w.spec.Parties = append(w.spec.Parties, &Party{Name: name, Receives: true})
		}), []string{"has more than", "parties"}},
		{"rules", many(200, func(w *words, name string) {
			w.add(Rule{ID: name, On: w.back, By: w.client, From: In("funded"), To: Same})
		}), []string{"has more than 200 rules"}},
		{"statuses", many(64, func(w *words, name string) {
			w.add(Rule{ID: name, On: w.back, By: w.client, From: In("funded"), To: Status(name)})
		}), []string{"has more than 64 statuses"}},
		{"item statuses", func(w *words) {
			l := w.list()
			many(64, func(_ *words, name string) { l.Statuses = append(l.Statuses, name) })(w)
		}, []string{"has more than 63 item statuses"}},
		{"choices of a sheet", func(w *words) {
			checks := &Field{Name: "checks", Kind: TextsKind}
			sheet := &Field{Name: "sheet", Kind: SheetKind, Over: checks, Optional: true}
			many(16, func(_ *words, name string) { sheet.Choices = append(sheet.Choices, name) })(w)
			w.spec.Terms, w.spec.State = append(w.spec.Terms, checks), append(w.spec.State, sheet)
		}, []string{"a sheet has at most 15 choices"}},
		{"fields of a command", func(w *words) {
			var fields []Word
			many(65, func(_ *words, name string) {
				fields = append(fields, &Field{Name: name, Kind: TextKind, Optional: true})
			})(w)
			w.rule(2).On = Do("pay", fields...)
		}, []string{"has more than", "fields"}},
		{"no rules", func(w *words) { w.spec.Rules = nil }, []string{"has no Rules"}},
	})
}

// TestFormsOfDeclarations: fields that contradict themselves, and JSON forms.
func TestFormsOfDeclarations(t *testing.T) {
	nothing := func(View, string) []byte { return nil }
	read := func(View, map[string][]byte) ([][]Value, *Error) { return nil, nil }
	tries(t, []try{
		{"a record of nothing", func(w *words) { w.rule(2).On = Do("pay", &Field{Name: "what", Kind: RecordKind}) }, []string{"needs Fields"}},
		{"fields of a text", func(w *words) {
			w.rule(2).On = Do("pay", &Field{Name: "what", Kind: TextKind, Fields: []Word{w.other}})
		}, []string{"needs Fields"}},
		{"entered first and last", func(w *words) {
			w.state(&Field{Name: "since", Kind: InstantKind, Optional: true, EnteredFirst: In("funded"), EnteredLast: In("funded")})
		}, []string{"since", "not of both"}},
		{"entered nowhere", func(w *words) {
			w.state(&Field{Name: "since", Kind: InstantKind, Optional: true, EnteredFirst: In("fundet")})
		}, []string{"since", "fundet", `did you mean "funded"`}},
		{"a policy field without a default", func(w *words) { w.fee.Default = "" }, []string{"protocolFee", "needs a Default"}},
		{"a default that is none", func(w *words) { w.fee.Default = `"x"` }, []string{"protocolFee", "its default"}},
		{"a default out of bounds", func(w *words) { w.fee.Max = "0.01" }, []string{"protocolFee", "out of its bounds"}},
		{"a default that is refused", func(w *words) {
			w.spec.Check = []*Requirement{{Code: InvalidRequest, Reason: InvalidPolicy, Case: &Case{Name: "free of charge", Not: &Case{Name: "it costs", MoreThan: []*Sum{{Of: &Sum{Field: w.amount}, Ratio: w.fee}, {Field: w.amount}}}}}}
		}, nil},
		{"a form without functions", func(w *words) { w.spec.Forms = []Form{{List: w.list(), Members: []Member{{Name: "x"}}}} }, []string{"an empty Form"}},
		{"a form of statuses", func(w *words) {
			w.spec.Forms = []Form{{List: w.list("A"), Members: []Member{{Name: "x"}}, Write: nothing, Read: read}}
		}, []string{"needs a Status"}},
		{"a member twice", func(w *words) { w.list(); w.state(&Field{Name: "things", Kind: TextKind}) }, []string{"things"}},
		{"approvals repeat what changes", func(w *words) {
			w.spec.Approvals.Adds = []ApprovalMember{{Field: w.state(&Field{Name: "note", Kind: TextKind})}}
		}, []string{"approvals repeat only terms"}},
		{"approvals repeat a member", func(w *words) {
			f := &Field{Name: "hash", Kind: TextKind, Optional: true}
			w.spec.Terms = append(w.spec.Terms, f)
			w.spec.Approvals.Adds = []ApprovalMember{{Field: f}}
		}, []string{"two members of an approval have the name hash"}},
		{"a party that never asks asks", func(w *words) { w.rule(2).By = &Party{Name: "quiet", Account: w.client.Account} }, []string{"quiet"}},
		{"a listed party that never asks asks", func(w *words) {
			quiet := &Party{Name: "quiet", Account: &Field{Name: "quiet", Kind: AccountKind}}
			w.spec.Parties = append(w.spec.Parties, quiet)
			w.rule(2).By = quiet
		}, []string{"rule 2", "party quiet needs a Refusal"}},
	})
}

// TestWindowsTellRowsApart: of two rows of an action the one answers whose window the
// time is in.
func TestWindowsTellRowsApart(t *testing.T) {
	w := base()
	w.spec.Policy, w.rule(2).Money[0].Cuts = nil, nil
	w.rule(2).Window.Closes = w.moment(w.other)
	w.add(Rule{ID: "4", On: w.pay, By: w.client, From: In("funded"), Window: Window{Opens: w.moment(w.other), Closes: w.moment(w.end)}, To: "refunded", Money: w.refund()})
	l, err := Define(w.spec)
	require.NoError(t, err)
	for minutes, want := range map[int]string{1: "2", 29: "2", 30: "4", 59: "4"} {
		v := w.live(t, l)
		v.c = l.Draft("c1", TextOf(w.client.Account, "c"), TextOf(w.worker.Account, "w"), AmountValue(w.amount, Units(500)),
			TimeValue(w.end, t0.Add(time.Hour)), TimeValue(w.other, t0.Add(30*time.Minute)))
		v.do(w.found.Command(), Agent("c"))
		d, err := Decide(v.c, w.pay.Command(), Agent("c"), At(t0.Add(time.Duration(minutes)*time.Minute)))
		require.NoError(t, err)
		assert.Equal(t, want, d.Rule, "after %d minutes", minutes)
	}
}
