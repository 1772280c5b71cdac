package escrow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestNames refuses two things under one name, and names that cannot stand in JSON
// or in a diagram.
func TestNames(t *testing.T) {
	text := func(name string) *Field { return &Field{Name: name, Kind: TextKind} }
	tries(t, []try{
		{"two fields", func(w *words) { w.spec.Terms = append(w.spec.Terms, text("amount")) }, []string{"field amount", "the name is taken"}},
		{"a field of the terms and one of the state", func(w *words) { w.spec.State = []Word{text("amount")} }, []string{"field amount", "the name is taken"}},
		{"a member of the engine's", func(w *words) { w.spec.Terms = append(w.spec.Terms, text("status")) }, []string{"field status", "by the engine"}},
		{"an alias that is taken", func(w *words) { w.amount.Alias = "end" }, []string{"alias end", "the name is taken"}},
		{"an odd name", func(w *words) { w.amount.Name = "my amount" }, []string{`field "my amount"`, "letters, digits"}},
		{"a party and a pot", func(w *words) { w.escrow.Name = "client" }, []string{"party client", "the name is taken"}},
		{"two pots", func(w *words) {
			w.spec.Pots = append(w.spec.Pots, &Pot{Name: "escrow", Owner: w.worker})
		}, []string{"pot escrow", "the name is taken"}},
		{"two parties", func(w *words) {
			w.spec.Parties = append(w.spec.Parties, &Party{Name: "client", Account: &Field{Name: "another", Kind: AccountKind}})
		}, []string{"party client", "the name is taken"}},
		{"a role of a party's name", func(w *words) {
			w.rule(2).By = &Party{Name: "client", Refusal: "not_client", Either: []*Party{w.client, w.worker}}
		}, []string{"party client", "two parties have the name and differ"}},
		{"the same role twice", func(w *words) {
			both := func() *Party { return &Party{Name: "both", Refusal: "not_both", Either: []*Party{w.client, w.worker}} }
			w.rule(2).By = both()
			w.add(Rule{ID: "4", On: w.back, By: both(), From: In("funded"), To: "refunded", Money: w.refund()})
		}, nil},
		{"two actions", func(w *words) {
			w.add(Rule{ID: "4", On: Do("pay", text("note")), By: w.client, From: In("funded"), To: "refunded", Money: w.refund()})
		}, []string{"rule 4", "action pay is declared twice"}},
		{"an odd action", func(w *words) { w.rule(2).On = Do("pay it") }, []string{"action pay it", "letters, digits"}},
		{"a command's field called action", func(w *words) { w.rule(2).On = Do("pay", text("action")) }, []string{"action pay", "field action", "by the engine"}},
		{"a command's field twice", func(w *words) { w.rule(2).On = Do("pay", text("note"), text("note")) }, []string{"action pay", "field note", "the name is taken"}},
		{"a label of no status", func(w *words) { w.spec.Labels = map[Status]string{"paied": "Paid"} }, []string{"Labels", "paied", `did you mean "paid"`}},
		{"a reason of two classes", func(w *words) {
			w.rule(2).Needs = []*Requirement{{Code: Conflict, Reason: "not_worker", Case: &Case{IsSet: w.amount}}}
		}, []string{"not_worker", "a reason has one"}},
		{"a reason of the catalogue in another class", func(w *words) {
			w.rule(2).Needs = []*Requirement{{Code: Forbidden, Reason: TooMany, Case: &Case{IsSet: w.amount}}}
		}, []string{"rule 2", "too_many", "conflict"}},
		{"a reason that exists", func(w *words) { w.spec.Reasons = []CatalogueEntry{{Reason: TooMany, Code: Conflict}} }, []string{"too_many", "must be new"}},
		{"a movement without a reason", func(w *words) { w.escrow.Rest = "" }, []string{"rule 2", "has no reason"}},
		{"an extra without a function", func(w *words) { w.spec.Extras = []Extra{{Name: "rewards"}} }, []string{"extra rewards", "needs Of"}},
		{"a form without functions", func(w *words) { w.spec.Forms = []Form{{Field: w.amount}} }, []string{"an empty Form"}},
		{"two policy fields near each other", func(w *words) {
			w.rule(2).Money[0].Cuts[0].Ratio = &Field{Name: "protocolFe", Kind: RatioKind}
		}, []string{"rule 2", "protocolFe is not declared", `did you mean "protocolFee"`}},
	})
}

// TestFieldDeclarations refuses fields that say too little or contradict
// themselves.
func TestFieldDeclarations(t *testing.T) {
	terms := func(f *Field, want ...string) try {
		return try{f.Name, func(w *words) { w.spec.Terms = append(w.spec.Terms, f) }, want}
	}
	over := &Field{Name: "criteria", Kind: TextsKind}
	many := make([]string, 16)
	for i := range many {
		many[i] = string(rune('a' + i))
	}
	tries(t, []try{
		terms(&Field{Name: "kindless"}, "kindless", "has a kind"),
		terms(&Field{Name: "strange", Kind: 99}, "strange", "has a kind"),
		terms(&Field{Name: "target", Kind: TargetKind}, "target", "cannot stand here"),
		terms(&Field{Name: "choiceless", Kind: ChoiceKind}, "choiceless", "needs Choices"),
		terms(&Field{Name: "twice", Kind: ChoiceKind, Choices: []string{"a", "a"}}, "twice", "stands twice"),
		terms(&Field{Name: "chosen", Kind: TextKind, Choices: []string{"a"}}, "chosen", "needs Choices, if"),
		terms(&Field{Name: "sheet", Kind: SheetKind, Choices: []string{"a"}}, "sheet", "Over"),
		terms(&Field{Name: "wide", Kind: SheetKind, Over: over, Choices: many}, "wide"),
		terms(&Field{Name: "unparsed", Kind: CountKind, Min: "few"}, "unparsed", `bound "few"`),
		terms(&Field{Name: "none", Kind: CountKind, Min: "5", Max: "4"}, "none", "no value lies within"),
		terms(&Field{Name: "below", Kind: CountKind, Min: "5", Below: "5"}, "below", "no value lies within"),
		terms(&Field{Name: "boundless", Kind: TextKind, Max: "4"}, "boundless", "no Min, Max or Below"),
		terms(&Field{Name: "scaled", Kind: AmountKind, Scale: 3}, "scaled", "Scale"),
		terms(&Field{Name: "defaulted", Kind: CountKind, Default: "1"}, "defaulted", "only a policy has defaults"),
		terms(&Field{Name: "later", Kind: InstantKind, EnteredFirst: In("funded")}, "later", "an instant of the state"),
		terms(&Field{Name: "implied", Kind: InstantKind, Implied: Implied{In: In("fundd")}}, "implied", `did you mean "funded"`, "no Moment"),
		terms(&Field{Name: "good", Kind: ChoiceKind, Choices: []string{"a", "b"}}),
		{"a text in the policy", func(w *words) {
			w.spec.Policy = append(w.spec.Policy, &Field{Name: "text", Kind: TextKind, Default: `"x"`})
		}, []string{"text", "cannot stand here"}},
		{"a target of no list", func(w *words) {
			w.rule(2).On = Do("pay", &Field{Name: "item", Kind: TargetKind, List: &List{Name: "items", Key: &Field{Name: "key", Kind: TextKind}}})
		}, []string{"action pay", "item"}},
		{"a handle without a field", func(w *words) { w.spec.Terms = append(w.spec.Terms, handle{}) }, []string{"Terms", "an empty Field"}},
		{"a nil handle", func(w *words) { w.spec.State = []Word{(*handle)(nil)} }, []string{"State", "an empty Field"}},
		{"a nil party", func(w *words) { w.spec.Parties = append(w.spec.Parties, nil) }, []string{"Parties", "an empty Party"}},
		{"a nil pot", func(w *words) { w.spec.Pots = append(w.spec.Pots, nil) }, []string{"Pots", "an empty Pot"}},
		{"a nil list", func(w *words) { w.spec.Lists = append(w.spec.Lists, nil) }, []string{"Lists", "an empty List"}},
		{"a list without a key", func(w *words) { w.spec.Lists = []*List{{Name: "items"}} }, []string{"needs a key"}},
		{"a nil word of a case", func(w *words) { w.rule(2).When = []*Case{{IsSet: (*Field)(nil)}} }, []string{"rule 2", "IsSet", "an empty Field"}},
	})
}

// TestWhatIsLearnt keeps which pots and fields each status has.
func TestWhatIsLearnt(t *testing.T) {
	w := base()
	at := &Field{Name: "at", Kind: InstantKind}
	w.spec.State, w.rule(1).Sets = []Word{at}, []Effect{{Set: at, Now: true}}
	w.rule(3).Window.Opens = &Moment{Field: at, Name: "soon", After: 1}
	l, err := Define(w.spec)
	assert.NoError(t, err)
	funded := l.indexOf("funded")
	assert.Equal(t, potSet(1), l.may[funded])
	assert.Equal(t, potSet(1), l.sure[funded])
	assert.Equal(t, []*slot{l.state.find(at)}, l.required[funded])
	assert.Zero(t, l.may[l.indexOf("paid")])
	assert.Zero(t, l.may[0])
}

// TestForms are JSON forms of one's own that say too little.
func TestForms(t *testing.T) {
	read := func(View, map[string][]byte) ([][]Value, *Error) { return nil, nil }
	write := func(View, string) []byte { return nil }
	list := &List{Name: "items", Key: &Field{Name: "key", Kind: TextKind}}
	form := func(f Form) func(*words) {
		f.Read, f.Write = read, write
		if f.Members == nil {
			f.Members = []Member{{Name: "thing"}}
		}
		return func(w *words) { w.spec.Lists, w.spec.Forms = []*List{list}, []Form{f} }
	}
	tries(t, []try{
		{"of a list", form(Form{List: list}), nil},
		{"of a field", func(w *words) { form(Form{Field: w.amount})(w) }, nil},
		{"of nothing", form(Form{}), []string{"an empty Form"}},
		{"of an unknown list", form(Form{List: &List{Name: "itms"}}), []string{"form of list itms", "not declared"}},
		{"of an unknown field", form(Form{Field: &Field{Name: "amont"}}), []string{"form of field amont", `did you mean "amount"`}},
		{"of a member that is taken", form(Form{List: list, Members: []Member{{Name: "status"}}}), []string{"member status", "the name is taken"}},
	})
}

// TestListDeclarations refuses lists that contradict themselves.
func TestListDeclarations(t *testing.T) {
	key := &Field{Name: "key", Kind: TextKind}
	list := func(l List, want ...string) try {
		return try{want[0], func(w *words) { l.Name = "items"; w.spec.Lists = []*List{&l} }, append(want, "items")}
	}
	tries(t, []try{
		list(List{Key: &Field{Name: "key", Kind: CountKind}}, "must be text or an account"),
		list(List{Key: key, Least: 2, Most: 1}, "Least <= Most"),
		list(List{Key: key, Most: 1001}, "<= 1000"),
		list(List{Key: key, Initial: "opne", Statuses: []string{"open"}}, `did you mean "open"`),
		list(List{Key: key, Numbered: "key"}, "the name is taken"),
		list(List{Key: key, Statuses: []string{"open", "open"}}, "item status open"),
	})
}
