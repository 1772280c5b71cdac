package escrow

import "testing"

// TestMistakes are mistakes that people made in tables: each is refused with the
// rule, the word and what would be right.
func TestMistakes(t *testing.T) {
	third := &Party{Name: "broker", Refusal: "not_broker", Account: &Field{Name: "broker", Kind: AccountKind}}
	need := func(n Requirement) func(*words) {
		return func(w *words) { w.rule(2).Needs = []*Requirement{&n} }
	}
	yes := &Case{Name: "x is 1", Func: func(View) bool { return true }}
	tries(t, []try{
		{"forgotten money in a terminal status", func(w *words) { w.rule(2).Money = nil }, []string{"rule 2", "leaves money in terminal status paid", "escrow"}},
		{"forgot to list a terminal status", func(w *words) { w.spec.Terminal = In("paid") }, []string{"refunded", "rule 3", "is not terminal", "list it in Terminal"}},
		{"typo in To", func(w *words) { w.rule(2).To = "payed" }, []string{"payed", "rule 2", "is not terminal", `did you mean "paid"`}},
		{"typo in From", func(w *words) { w.rule(2).From = In("fundd") }, []string{"rule 2", "fundd", `did you mean "funded"`}},
		{"unreachable status", func(w *words) {
			w.add(Rule{ID: "4", On: w.back, By: w.worker, From: In("disputed"), To: "refunded"})
		}, []string{"rule 4", "disputed", "no rule leads to it"}},
		{"no deadline", func(w *words) { w.spec.Rules, w.spec.Terminal = w.spec.Rules[:2], In("paid") }, []string{"funded", "holds escrow", "neither time nor the system", "OpenEnded"}},
		{"two rules of the same case", func(w *words) {
			w.add(Rule{ID: "4", On: w.pay, By: w.client, From: In("funded"), To: "refunded", Money: w.refund()})
		}, []string{"rule 4", "from funded", "rule 2"}},
		{"same case, other party", func(w *words) {
			w.add(Rule{ID: "4", On: w.pay, By: System, From: In("funded"), To: "paid", Window: w.rule(2).Window, Money: []Step{all(w.escrow, w.worker)}})
		}, []string{"rule 4", "never answers from funded", "rule 2", "never by party"}},
		{"two moments of one name", func(w *words) {
			w.rule(2).Window.Closes = &Moment{Name: "end", Field: w.other}
		}, []string{"two moments", "end"}},
		{"a requirement about a field of another table", need(Requirement{Code: Conflict, Reason: "x", Case: &Case{IsSet: &Field{Name: "amont", Kind: AmountKind}}}),
			[]string{"rule 2", "amont", "not declared", `did you mean "amount"`}},
		{"a requirement about a field of another command", need(Requirement{Code: Conflict, Reason: "x", Case: &Case{Given: true, IsSet: &Field{Name: "sum", Kind: AmountKind}}}),
			[]string{"rule 2", "the command does not carry sum"}},
		{"a ratio not in the policy", func(w *words) { w.spec.Policy = nil }, []string{"rule 2", "protocolFee", "is not declared"}},
		{"a ratio misspelt", func(w *words) {
			w.rule(2).Money[0].Cuts[0].Ratio = &Field{Name: "protocolFees", Kind: RatioKind}
		}, []string{"rule 2", "protocolFees", `did you mean "protocolFee"`}},
		{"no ID", func(w *words) { w.rule(2).ID = "" }, []string{"rule 2 needs an ID"}},
		{"no To", func(w *words) { w.rule(2).To = "" }, []string{"rule 2", "has no To"}},
		{"no From", func(w *words) { w.rule(2).From = nil }, []string{"rule 2", "starts nowhere"}},
		{"no By", func(w *words) { w.rule(2).By = nil }, []string{"rule 2", "an empty Party"}},
		{"zero By", func(w *words) { w.rule(2).By = &Party{} }, []string{"an empty Party"}},
		{"no On", func(w *words) { w.rule(2).On = nil }, []string{"rule 2", "an empty Act"}},
		{"zero On", func(w *words) { w.rule(2).On = &Act{} }, []string{"rule 2", "an empty Act"}},
		{"Due on an ordinary command", func(w *words) { w.rule(2).Window = w.due(w.end) }, []string{"rule 2", "advance alone, has a Due window"}},
		{"advance without Due", func(w *words) { w.rule(3).Window = Window{Opens: w.moment(w.end)} }, []string{"rule 3", "advance alone, has a Due window"}},
		{"advance with a requirement", func(w *words) { w.rule(3).Needs = []*Requirement{{Code: Conflict, Reason: "x", Case: yes}} }, []string{"rule 3", "advance needs nothing", "x is 1"}},
		{"pays a pot never filled", func(w *words) {
			stake := &Pot{Name: "stake", Owner: w.worker, In: "stake_deposit", Rest: "stake_return"}
			w.spec.Pots = append(w.spec.Pots, stake)
			w.rule(2).Money = append(w.rule(2).Money, all(stake, w.worker))
		}, []string{"rule 2", "pays stake before it may hold money"}},
		{"fills a pot twice", func(w *words) {
			w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("funded"), To: Same, Money: []Step{w.deposit()}})
		}, []string{"rule 4", "deposits into escrow", "use TopUp"}},
		{"pays somebody unlisted", func(w *words) { w.rule(2).Money = []Step{all(w.escrow, third)} }, []string{"broker", "not listed among the parties"}},
		{"Either is paid", func(w *words) {
			w.rule(2).Money = []Step{all(w.escrow, &Party{Name: "either", Refusal: "not_either", Either: []*Party{w.client, w.worker}})}
		}, []string{"rule 2", "either has no account"}},
		{"no Terminal", func(w *words) { w.spec.Terminal = nil }, []string{"no terminal status"}},
		{"no Name", func(w *words) { w.spec.Name = "" }, []string{"needs a Name"}},
		{"no Version", func(w *words) { w.spec.Version = 0 }, []string{"needs a Version"}},
		{"no Asset", func(w *words) { w.spec.Asset = Asset{} }, []string{"needs an Asset"}},
		{"a pot of another lifecycle", func(w *words) {
			w.rule(1).Money[0].Pot = &Pot{Name: "escrw", Owner: w.client}
		}, []string{"rule 1", "pot escrw is not declared", `did you mean "escrow"`}},
		{"policy field twice", func(w *words) { w.spec.Policy = append(w.spec.Policy, w.fee) }, []string{"protocolFee", "stands twice"}},
		{"two policy fields of one name", func(w *words) {
			w.spec.Policy = append(w.spec.Policy, &Field{Name: "protocolFee", Kind: RatioKind, Default: `"0.5"`})
		}, []string{"protocolFee", "the name is taken"}},
		{"policy field without a default", func(w *words) { w.fee.Default = "" }, []string{"protocolFee", "needs a Default"}},
		{"zero Effect", func(w *words) { w.rule(2).Sets = []Effect{{}} }, []string{"rule 2", "an empty Effect"}},
		{"zero Requirement", func(w *words) { w.rule(2).Needs = []*Requirement{{}} }, []string{"rule 2", "an empty Requirement"}},
		{"nil Requirement", func(w *words) { w.rule(2).Needs = []*Requirement{nil} }, []string{"rule 2", "an empty Requirement"}},
		{"zero Case", func(w *words) { w.rule(2).When = []*Case{{}} }, []string{"rule 2", "an empty Case"}},
		{"nil Case", func(w *words) { w.rule(2).When = []*Case{nil} }, []string{"rule 2", "an empty Case"}},
		{"zero Step", func(w *words) { w.rule(2).Money = []Step{{}} }, []string{"rule 2", "an empty Step"}},
		{"zero Moment", func(w *words) { w.rule(3).Window.Opens = &Moment{} }, []string{"rule 3", "an empty Moment"}},
		{"nil Moment", func(w *words) { w.rule(3).Window.Opens = nil }, []string{"rule 3", "an empty Moment"}},
		{"zero Sum", func(w *words) { w.rule(1).Money[0].Deposit = &Sum{} }, []string{"rule 1", "an empty Sum"}},
		{"own command named confirm", func(w *words) { w.rule(2).On = Do("confirm") }, []string{"rule 2", "action confirm is the engine's own"}},
		{"own command named advance", func(w *words) { w.rule(3).On = Do("advance") }, []string{"rule 3", "action advance is the engine's own"}},
		{"own command named revoke_confirmation", func(w *words) { w.rule(2).On = Do("revoke_confirmation") }, []string{"rule 2", "the engine's own"}},
		{"status with odd characters", func(w *words) {
			w.rule(2).To, w.spec.Terminal = "pa\"id\n-->", In("pa\"id\n-->", "refunded")
		}, []string{`status "pa\"id\n-->"`, "letters, digits"}},
		{"status called =", func(w *words) { w.spec.Terminal = append(w.spec.Terminal, Same) }, []string{"Terminal", `"="`}},
		{"nil function of a case", need(Requirement{Code: Conflict, Reason: "x", Case: &Case{Name: "x"}}), []string{"rule 2", "an empty Case"}},
		{"nil function of a requirement", need(Requirement{Code: Conflict, Reason: "x", Name: "x"}), []string{"rule 2", "an empty Requirement"}},
		{"empty reason and code", need(Requirement{Case: yes}), []string{"rule 2", "x is 1", "needs a Reason"}},
		{"unknown code", need(Requirement{Code: "teapot", Reason: "short", Case: yes}), []string{"rule 2", "x is 1", "codes"}},
		{"OpenEnded names a passer-by", func(w *words) {
			w.spec.Rules, w.spec.Terminal = w.spec.Rules[:2], In("paid")
			w.rule(2).By, w.rule(2).Window = w.worker, Window{}
			w.spec.OpenEnded = map[Status]*Party{"funded": w.client}
		}, []string{"funded", "open-ended", "client cannot end it"}},
		{"OpenEnded over another's money", func(w *words) {
			w.spec.Rules, w.spec.Terminal = w.spec.Rules[:2], In("paid")
			w.rule(2).By, w.rule(2).Window = w.worker, Window{}
			w.spec.OpenEnded = map[Status]*Party{"funded": w.worker}
		}, []string{"funded", "open-ended for worker", "escrow", "belongs to client"}},
		{"OpenEnded of no party", func(w *words) { w.spec.OpenEnded = map[Status]*Party{"funded": third} }, []string{"broker", "not declared"}},
		{"OpenEnded of no status", func(w *words) { w.spec.OpenEnded = map[Status]*Party{"fundd": w.client} }, []string{"OpenEnded", `did you mean "funded"`}},
		{"a deposit by ratio of an unlisted field", func(w *words) {
			w.rule(1).Money[0].Deposit = &Sum{Of: &Sum{Field: w.amount}, Ratio: &Field{Name: "stakeRatio", Kind: RatioKind}}
		}, []string{"rule 1", "stakeRatio", "not declared"}},
		{"a split by nothing", func(w *words) {
			w.rule(2).Money = []Step{{Pay: true, Pot: w.escrow, To: []*Party{w.worker, w.client}, Shares: &Shares{}}}
		}, []string{"rule 2", "an empty Shares"}},
		{"items closed where there is no list", func(w *words) {
			w.rule(2).Sets = []Effect{{Name: "closed", Every: &List{Name: "milestones", Key: &Field{Name: "key", Kind: TextKind}}, Becomes: func(View) string { return "" }}}
		}, []string{"rule 2", "an empty Effect", "declared list"}},
		{"CoSign without a lifetime", func(w *words) { w.rule(2).CoSign = CoSign{Type: "x"} }, []string{"rule 2", "co-sign x needs a lifetime"}},
		{"CoSign without a Type", func(w *words) { w.rule(2).CoSign = CoSign{Lifetime: 1} }, []string{"rule 2", "an empty CoSign"}},
		{"an unset worker is paid", func(w *words) { w.worker.Account.Declaration().Optional = true }, []string{"rule 2", "worker is paid and may not be set"}},
		{"a deadline that may be absent", func(w *words) { w.end.Optional = true }, []string{"rule 3 from funded", "end may be unset", "escrow"}},
	})
}

// TestAllowed are tables that look strange and are good.
func TestAllowed(t *testing.T) {
	broker := &Party{Name: "broker", Refusal: "not_broker", Account: &Field{Name: "broker", Kind: AccountKind}}
	tries(t, []try{
		{"good", func(*words) {}, nil},
		{"no moment for what time does not", func(w *words) { w.rule(2).Window = Window{Closes: w.moment(w.other)} }, nil},
		{"no data besides the parties", func(w *words) {
			w.spec.Terms = []Word{w.end}
			for i := range w.spec.Rules {
				w.spec.Rules[i].Money = nil
			}
		}, nil},
		{"the worker founds", func(w *words) { w.rule(1).By = w.worker }, nil},
		{"top-up", func(w *words) {
			w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("funded"), To: Same, Money: []Step{{TopUp: &Sum{Field: w.amount}, From: w.client, Pot: w.escrow}}})
		}, nil},
		{"a third party is paid", func(w *words) {
			w.spec.Parties = append(w.spec.Parties, broker)
			w.rule(2).Money = []Step{all(w.escrow, broker)}
		}, nil},
		{"name of a lifecycle that ships", func(w *words) { w.spec.Name = "opencontract" }, nil},
		{"a pot of one's own", func(w *words) { w.escrow.Name = "milestone" }, nil},
		{"policy field of one's own", func(w *words) {
			w.spec.Policy = append(w.spec.Policy, &Field{Name: "arbitrationFee", Kind: RatioKind, Default: `"0.1"`, Meaning: "mine"})
		}, nil},
		{"deposit and pay out in one rule", func(w *words) {
			w.rule(1).To, w.rule(1).Money = "paid", []Step{w.deposit(), all(w.escrow, w.worker)}
			w.spec.Rules, w.spec.Terminal = w.spec.Rules[:1], In("paid")
		}, nil},
		{"a co-sign by the worker", func(w *words) {
			ttl := &Field{Name: "approvalTTL", Kind: DurationKind, Default: `"PT72H"`}
			quorum := &Field{Name: "quorum", Kind: CountKind, Default: `1`}
			w.spec.Policy = append(w.spec.Policy, ttl, quorum)
			w.rule(2).CoSign = CoSign{Type: "pay_cosign", From: []*Party{w.worker}, TTL: ttl, Quorum: quorum}
		}, nil},
		{"the client ends an open-ended status", func(w *words) {
			w.spec.Rules, w.spec.Terminal = w.spec.Rules[:2], In("paid")
			w.rule(2).Window = Window{}
			w.spec.OpenEnded = map[Status]*Party{"funded": w.client}
		}, nil},
	})
}
