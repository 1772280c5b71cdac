package escrow

import (
	"testing"
	"time"
)

// TestTimeProofs are wrong rows of time: that refuse, that stay due, that turn in a
// circle.
func TestTimeProofs(t *testing.T) {
	at := &Field{Name: "at", Kind: InstantKind}
	every := &Field{Name: "every", Kind: DurationKind, Default: `"PT1H"`}
	entered := func(d time.Duration) Window {
		return Window{Opens: &Moment{Name: "a while", SinceEntered: true, After: d}, Due: true}
	}
	plus := func(f *Field) Window {
		return Window{Opens: &Moment{Name: "at and a while", Field: f, After: time.Hour}, Due: true}
	}
	state := func(w *words) { w.spec.State, w.rule(1).Sets = []Word{at}, []Effect{{Set: at, Now: true}} }
	tick := func(w *words, window Window, sets ...Effect) {
		w.add(Rule{ID: "4", On: actAdvance, By: Anyone, From: In("funded"), Window: window, To: Same, Sets: sets})
	}
	circle := func(w *words, there, back Window, sets ...Effect) {
		w.add(Rule{ID: "4", On: actAdvance, By: Anyone, From: In("funded"), Window: there, To: "waiting"})
		w.add(Rule{ID: "5", On: actAdvance, By: Anyone, From: In("waiting"), Window: back, To: "funded", Sets: sets})
	}
	tries(t, []try{
		{"time for a party", func(w *words) { w.rule(3).By = w.client }, []string{"rule 3", "advance is for Anyone"}},
		{"time with a co-sign", func(w *words) { w.rule(3).CoSign = CoSign{Type: "x", Lifetime: time.Hour} }, []string{"rule 3", "has no co-sign"}},
		{"time that deposits", func(w *words) { w.rule(3).Money = append(w.rule(3).Money, w.deposit()) }, []string{"rule 3", "advance collects no money"}},
		{"time that charges", func(w *words) {
			w.rule(3).Money = append(w.rule(3).Money, Step{Charge: &Sum{Field: w.amount}, From: w.client, To: []*Party{w.worker}, Reason: "x"})
		}, []string{"rule 3", "advance collects no money"}},
		{"time over a draft", func(w *words) { w.rule(3).From = In(Draft, "funded") }, []string{"rule 3", "does not start from a draft"}},
		{"a window that closes what time does", func(w *words) { w.rule(3).Window.Closes = w.moment(w.other) }, []string{"rule 3", "one moment"}},
		{"stays due", func(w *words) { tick(w, w.due(w.other)) }, []string{"rule 4", "stays due", "other"}},
		{"stays due: sets something else", func(w *words) { state(w); tick(w, w.due(w.other), Effect{Set: at, Clear: true}) }, []string{"rule 4", "stays due"}},
		{"clears its moment", func(w *words) { state(w); tick(w, w.due(at), Effect{Set: at, Clear: true}) }, nil},
		{"moves its moment to now", func(w *words) { state(w); tick(w, w.due(at), Effect{Set: at, Now: true}) }, []string{"rule 4", "due again at once", "at"}},
		{"moves its moment by a policy", func(w *words) {
			state(w)
			w.spec.Policy = append(w.spec.Policy, every)
			tick(w, w.due(at), Effect{Set: at, Now: true, Plus: every})
		}, nil},
		{"moves its moment, which lies after now", func(w *words) { state(w); tick(w, plus(at), Effect{Set: at, Now: true}) }, nil},
		{"a circle without time", func(w *words) { circle(w, w.due(w.other), w.due(w.end)) }, []string{"circle of rows of time"}},
		{"a circle that waits", func(w *words) { circle(w, w.due(w.other), entered(time.Hour)) }, nil},
		{"a circle that waits for nothing", func(w *words) { circle(w, w.due(w.other), entered(0)) }, []string{"circle of rows of time"}},
		{"a circle that moves a moment", func(w *words) { state(w); circle(w, plus(at), w.due(w.end), Effect{Set: at, Now: true}) }, nil},
		{"a circle that does not move the moment", func(w *words) { state(w); circle(w, plus(at), w.due(w.end)) }, []string{"circle of rows of time"}},
		{"an approval that nobody waits for", func(w *words) { w.rule(3).Window.Opens = &Moment{Name: "expiry", Awaited: true} }, []string{"rule 3", "none is waited for"}},
		{"a moment that a rule may not have set", func(w *words) {
			w.spec.State = []Word{at}
			w.rule(3).Window = plus(at)
			w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("funded"), To: Same, Sets: []Effect{{Set: at, Now: true}}})
		}, []string{"rule 3 from funded", "at and a while may be unset", "escrow"}},
		{"a moment that every way sets", func(w *words) { state(w); w.rule(3).Window = plus(at) }, nil},
		{"a moment that a rule clears", func(w *words) {
			state(w)
			w.rule(3).Window = plus(at)
			w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("funded"), To: Same, Sets: []Effect{{Set: at, Clear: true}}})
		}, []string{"rule 3 from funded", "may be unset"}},
		{"a moment that a command may leave out", func(w *words) {
			given := &Field{Name: "until", Kind: InstantKind, Optional: true}
			w.spec.State = []Word{at}
			w.rule(1).On, w.rule(1).Sets = Do("go", given), []Effect{{Set: at, Given: given}}
			w.rule(3).Window = plus(at)
		}, []string{"rule 3 from funded", "may be unset"}},
		{"the later of a moment and one that may be unset", func(w *words) {
			w.spec.State = []Word{at}
			w.rule(3).Window = Window{Due: true, Opens: &Moment{Name: "both", Later: []*Moment{{Field: at}, {Field: w.end}}}}
		}, nil},
		{"the first that is set of one that may be unset and another", func(w *words) {
			w.spec.State = []Word{at}
			w.rule(3).Window = Window{Due: true, Opens: &Moment{Name: "either", First: []*Moment{{Field: at}, {Field: w.end}}}}
		}, nil},
		{"when a status was entered", func(w *words) {
			at := &Field{Name: "fundedAt", Kind: InstantKind, EnteredFirst: In("funded")}
			w.spec.State = []Word{at}
			w.rule(3).Window = plus(at)
		}, nil},
		{"a rule sets when a status was entered", func(w *words) {
			at := &Field{Name: "fundedAt", Kind: InstantKind, EnteredFirst: In("funded")}
			w.spec.State, w.rule(1).Sets = []Word{at}, []Effect{{Set: at, Now: true}}
		}, []string{"rule 1", "sets fundedAt, which the engine writes"}},
		{"when no status was entered", func(w *words) {
			w.spec.State = []Word{&Field{Name: "fundedAt", Kind: InstantKind, EnteredLast: In("fundd")}}
		}, []string{"fundedAt", `did you mean "funded"`}},
	})
}

// TestCoSignProofs are wrong agreements.
func TestCoSignProofs(t *testing.T) {
	sign := func(change func(*CoSign)) func(*words) {
		return func(w *words) {
			w.rule(2).CoSign = CoSign{Type: "pay", From: []*Party{w.worker}, Lifetime: time.Hour}
			change(&w.rule(2).CoSign)
		}
	}
	tries(t, []try{
		{"good", sign(func(*CoSign) {}), nil},
		{"declined leads on without waiting", sign(func(c *CoSign) { c.Declined = "refunded" }), []string{"rule 2", "Declined needs While"}},
		{"waits where the rule does not start", sign(func(c *CoSign) { c.While = "waiting" }), []string{"rule 2", "waits in waiting", "name it in From"}},
		{"declined with money", func(w *words) {
			sign(func(c *CoSign) { c.While, c.Declined = "waiting", "refunded" })(w)
			w.rule(2).From = In("funded", "waiting")
			w.add(Rule{ID: "4", On: actAdvance, By: Anyone, From: In("waiting"), Window: w.due(w.end), To: "refunded", Money: w.refund()})
		}, []string{"rule 2", "leaves money in terminal status refunded"}},
		{"a waiting status that time leaves", func(w *words) {
			sign(func(c *CoSign) { c.While, c.Declined = "waiting", "funded" })(w)
			w.rule(2).From = In("funded", "waiting")
			w.add(Rule{ID: "4", On: actAdvance, By: Anyone, From: In("waiting"), Window: Window{Due: true, Opens: &Moment{Name: "expiry", Awaited: true}}, To: "funded"})
		}, nil},
		{"two rules of one type", func(w *words) {
			sign(func(*CoSign) {})(w)
			w.add(Rule{ID: "4", On: w.back, By: w.worker, From: In("funded"), To: "refunded", Money: w.refund(), CoSign: CoSign{Type: "pay", Lifetime: time.Hour}})
		}, []string{"rule 4", "co-sign pay", "is of action pay already"}},
		{"adjusts what the command does not carry", sign(func(c *CoSign) { c.Adjusts = []Word{&Field{Name: "sum", Kind: AmountKind}} }), []string{"rule 2", "adjusts sum"}},
		{"a founding that waits as a draft", func(w *words) { w.rule(1).CoSign = CoSign{Type: "go", Lifetime: time.Hour} }, []string{"rule 1", "a draft cannot wait"}},
		{"amends without agreement", func(w *words) {
			w.amount.Amendable = true
			w.add(Rule{ID: "4", On: Do("amend", w.amount), By: w.client, From: In("funded"), To: Same, Sets: []Effect{{Amend: []Word{w.amount}}}})
		}, []string{"rule 4", "takes mutual consent"}},
		{"amends with agreement", func(w *words) {
			w.amount.Amendable = true
			w.add(Rule{ID: "4", On: Do("amend", w.amount), By: w.client, From: In("funded"), To: Same, Sets: []Effect{{Amend: []Word{w.amount}}},
				Money: []Step{{Difference: w.amount, From: w.client, Pot: w.escrow}}, CoSign: CoSign{Type: "amend", From: []*Party{w.worker}, Lifetime: time.Hour}})
		}, nil},
		{"sets what is agreed", func(w *words) {
			w.end.Amendable = true
			w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("funded"), To: Same, Sets: []Effect{{Set: w.end, Now: true}}})
		}, []string{"rule 4", "sets end, which is agreed"}},
	})
}
