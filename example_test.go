package escrow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/benbjohnson/clock"
	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// Fifteen lines of embedding, for the README: a draft, its founding, an
// acceptance and a withdrawal. An application would store each decision before
// it goes on.
func Example() {
	now, clock := time.Now(), clock.New()
	draft := escrow.OpenContract.Draft(escrow.Terms{
		ID: "contract_1", Client: "0xClient", Worker: "0xWorker", Price: decimal.NewFromInt(50),
		TaskDescription: "Summarize 10 research papers", AcceptanceCriteria: []string{"All 10 papers are covered"},
		ContractType: escrow.Fixed, AwardMethod: escrow.AwardDirect, VerificationMode: escrow.PrivacyPreserving,
		MatchDeadline: now.Add(24 * time.Hour), WithdrawalDeadline: now.Add(48 * time.Hour),
		DeliveryDeadline: now.Add(72 * time.Hour), ReviewDeadline: now.Add(96 * time.Hour),
	})
	created, _ := draft.Create(escrow.Agent("0xClient"), clock)
	matched, _ := created.Contract.Accept(escrow.Agent("0xWorker"), clock)
	d, err := matched.Contract.Withdraw(escrow.Agent("0xWorker"), clock)
	fmt.Println(d.Rule, d.From, "->", d.To, err)
	for _, m := range d.Movements() {
		fmt.Println(m)
	}
	// Output:
	// OC-7 matched -> cancelled-withdrawn <nil>
	// 50 USDC escrow -> client:0xClient (escrow_refund)
	// 0.75 USDC stake -> client:0xClient (stake_slash)
	// 1.75 USDC stake -> worker:0xWorker (stake_return)
}

// moment is a clock that stands still, so that examples print the same.
type moment time.Time

func (m moment) Now() time.Time { return time.Time(m) }

// noon is a day of June 2026, at noon.
func noon(day int) moment { return moment(june(day, 12)) }

// decided takes the decision of an example that cannot be refused.
func decided(d escrow.Decision, err error) escrow.Contract {
	if err != nil {
		panic(err)
	}
	return d.Contract
}

// matchedExample is a contract of 50 USDC whose worker has accepted.
func matchedExample() escrow.Contract {
	created := decided(escrow.OpenContract.Draft(workTerms()).Create(byClient, noon(3)))
	return decided(created.Accept(byWorker, noon(3)))
}

// deliveredExample is the same after the delivery.
func deliveredExample() escrow.Contract {
	return decided(matchedExample().Deliver("ipfs://summaries", byWorker, noon(5)))
}

// printMoves prints what a decision moves.
func printMoves(d escrow.Decision, err error) {
	if err != nil {
		fmt.Println(err)
	}
	for _, m := range d.Movements() {
		fmt.Println(m)
	}
}

func ExampleLifecycle_Draft() {
	draft := escrow.OpenContract.Draft(escrow.Terms{ID: "c1", Client: "0xClient"})
	fmt.Println(draft.IsDraft(), draft.Revision())
	_, err := draft.Create(escrow.Agent("0xClient"), noon(3))
	fmt.Println(err) // what is wrong with the terms is for the founding to say
	// Output:
	// true 0
	// escrow: create: invalid_terms (OC-1): taskDescription: is blank
}

func ExampleDecide() {
	d, err := escrow.Decide(matchedExample(), escrow.Deliver{Delivery: "ipfs://summaries"}, escrow.Agent("0xWorker"), noon(5))
	fmt.Println(d.Rule, d.From, "->", d.To, "at", d.At().Format(time.RFC3339), err)
	_, err = escrow.Decide(d.Contract, escrow.Approve{}, escrow.Agent("0xWorker"), noon(5))
	fmt.Println(errors.Is(err, escrow.Forbidden), errors.Is(err, escrow.NotClient))
	// Output:
	// OC-8 matched -> under-review at 2026-06-05T12:00:00Z <nil>
	// true true
}

func ExampleDecideInto() {
	var d escrow.Decision // one decision's memory for a whole simulation
	draft, client, worker := escrow.OpenContract.Draft(workTerms()), byClient, byWorker
	fmt.Println(escrow.DecideInto(&d, &draft, escrow.Create{}, &client, noon(3)), d.To)
	fmt.Println(escrow.DecideInto(&d, &d.Contract, escrow.Accept{}, &worker, noon(3)), d.To)
	// Output:
	// <nil> created
	// <nil> matched
}

func ExampleExplain() {
	x, _ := escrow.Explain(matchedExample(), byWorker, noon(5))
	for _, o := range x.Options {
		switch {
		case o.Allowed:
			fmt.Println(o.Action, "until", o.Closes.Format(time.DateTime))
		case o.Action == "withdraw":
			fmt.Println(o.Action, "no more:", o.Obstacles[0].Reason(), o.Closed.Format(time.DateTime))
		}
	}
	// Output:
	// withdraw no more: window_closed 2026-06-05 00:00:00
	// deliver until 2026-06-06 00:00:00
}

func ExampleNextDeadline() {
	next, ok := escrow.NextDeadline(matchedExample())
	fmt.Println(ok, next.Moment, next.At.Format(time.DateTime), next.Then.Rule, next.Then.To)
	// Output: true deliveryDeadline 2026-06-06 00:00:00 OC-9 cancelled-absent
}

func ExampleMaxTime() {
	horizon, ok := escrow.MaxTime(deliveredExample())
	fmt.Println(ok, horizon.Format(time.DateTime)) // from then on, time and the system alone end it
	// Output: true 2026-06-08 00:00:00
}

func ExampleContract_Create() {
	printMoves(escrow.OpenContract.Draft(workTerms()).Create(byClient, noon(3)))
	// Output: 50 USDC client:0xClient -> escrow (escrow_deposit)
}

func ExampleContract_Accept() {
	created := decided(escrow.OpenContract.Draft(workTerms()).Create(byClient, noon(3)))
	printMoves(created.Accept(byWorker, noon(3)))
	// Output: 2.5 USDC worker:0xWorker -> stake (stake_deposit)
}

func ExampleContract_Withdraw() {
	printMoves(matchedExample().Withdraw(byWorker, noon(4)))
	_, err := matchedExample().Withdraw(byWorker, noon(5))
	fmt.Println(errors.Is(err, escrow.WindowClosed))
	// Output:
	// 50 USDC escrow -> client:0xClient (escrow_refund)
	// 0.75 USDC stake -> client:0xClient (stake_slash)
	// 1.75 USDC stake -> worker:0xWorker (stake_return)
	// true
}

func ExampleContract_Deliver() {
	d, _ := matchedExample().Deliver("ipfs://summaries", byWorker, noon(5))
	fmt.Println(d.To, d.Contract.Delivery())
	// Output: under-review ipfs://summaries
}

func ExampleContract_Approve() {
	d, _ := deliveredExample().Approve(byClient, noon(6))
	fmt.Println(d.To, d.Contract.CriteriaMet())
	printMoves(d.Contract.Settle(noon(6)))
	// Output:
	// resolved [met met met]
	// 47.5 USDC escrow -> worker:0xWorker (payout)
	// 2.5 USDC escrow -> treasury (protocol_fee)
	// 2.5 USDC stake -> worker:0xWorker (stake_return)
}

func ExampleContract_Dispute() {
	disputed := decided(deliveredExample().Dispute(byClient, noon(7)))
	drawn := decided(escrow.Decide(disputed, escrow.Draw{BackupAgents: []string{"0xA", "0xB", "0xC"}}, escrow.SystemActor(), noon(7)))
	for _, agent := range drawn.BackupAgents() {
		drawn = decided(escrow.Decide(drawn, votes("mmn"), escrow.Agent(agent), noon(7)))
	}
	fmt.Println(drawn.Status(), drawn.CriteriaMet())
	d, _ := drawn.Settle(noon(7))
	fmt.Println(d.To, len(d.Rewards()), "rewards")
	fmt.Println(d.Movement(0))
	// Output:
	// resolved [met met not met]
	// settled-partially-met 9 rewards
	// 31.666666 USDC escrow -> worker:0xWorker (payout)
}

func ExampleContract_Settle() {
	resolved := decided(deliveredExample().Approve(byClient, noon(6)))
	d, _ := resolved.Settle(noon(6))
	fmt.Println(d.To, d.Contract.IsTerminal(), len(d.Contract.Custody()))
	// Output: settled-fully-met true 0
}

func ExampleContract_Advance() {
	matched := matchedExample()
	_, err := matched.Advance(noon(5))
	fmt.Println(errors.Is(err, escrow.NothingDue))
	d, _ := matched.Advance(noon(30)) // late is as good as on time
	fmt.Println(d.Rule, d.To, d.At().Format(time.DateTime))
	// Output:
	// true
	// OC-9 cancelled-absent 2026-06-06 00:00:00
}

func ExampleContract_Custody() {
	c := matchedExample()
	for _, held := range c.Custody() {
		fmt.Println(held.Account, c.Asset().Text(held.Amount))
	}
	// Output:
	// escrow 50
	// stake 2.5
}

func ExampleContract_Policy() {
	c := matchedExample()
	fmt.Println(c.Policy().EarlyWithdrawalSlashRatio, c.Policy().BAVotingWindow)
	// Output: 0.3 24h0m0s
}

func ExampleContract_Votes() {
	disputed := decided(deliveredExample().Dispute(byClient, noon(7)))
	drawn := decided(escrow.Decide(disputed, draw, escrow.SystemActor(), noon(7)))
	c := decided(escrow.Decide(drawn, votes("mun"), escrow.Agent("0xB"), noon(7)))
	for _, v := range c.Votes() {
		fmt.Println(v.BackupAgent, v.CriterionIndex, v.Vote)
	}
	// Output:
	// 0xB 0 met
	// 0xB 1 unclear
	// 0xB 2 not met
}

func ExampleContract_MarshalJSON() {
	text, _ := json.Marshal(matchedExample())
	again, _ := escrow.ParseContract(text)
	same, _ := json.Marshal(again)
	fmt.Println(string(text[:80]))
	fmt.Println(string(text) == string(same))
	// Output:
	// {"id":"c1","lifecycle":"opencontract","status":"matched","revision":2,"createdAt
	// true
}

// An API token's request moves nothing until a signed-in human co-signs it.
func Example_coSign() {
	token := escrow.Actor{ID: "tok1", Kind: escrow.KindToken, Account: "acme", User: "ann", Claimed: true,
		Scopes: []string{"proposals:write"}, Features: []string{"public_api_hiring"}}
	asked, _ := escrow.OpenTrain.Draft(hireTerms()).Hire(token, noon(3))
	a, waits := asked.Approval()
	fmt.Println(waits, a.ID, a.Type, a.Status, asked.NumMovements(), "movements,", len(a.Movements), "proposed")
	printMoves(asked.Contract.Confirm(a.ID, escrow.Human("ann", "acme"), noon(4)))
	// Output:
	// true h1-ap-1 proposal_hire pending 0 movements, 3 proposed
	// 100 USD client:acme -> milestone:m1 (milestone_deposit)
	// 10 USD client:acme -> platform (marketplace_fee)
	// 9.95 USD client:acme -> platform (initiation_fee)
}

func ExampleContract_Hire() {
	d, _ := escrow.OpenTrain.Draft(hireTerms()).Hire(escrow.Human("ann", "acme"), noon(3))
	_, waits := d.Approval()
	fmt.Println(d.To, waits) // a human's own request needs no co-sign
	// Output: active false
}

func ExampleContract_Confirm() {
	asked := decided(escrow.OpenTrain.Draft(hireTerms()).Hire(byToken, noon(3)))
	_, err := asked.Confirm("h1-ap-1", byToken, noon(4))
	fmt.Println(err)
	d, _ := asked.Confirm("h1-ap-1", escrow.Human("ann", "acme"), noon(4))
	fmt.Println(d.Rule, "executes", d.Executes, d.From, "->", d.To)
	// Output:
	// escrow: confirm: not_human (AP-1): only a signed-in human may co-sign
	// AP-1 executes OT-1 proposed -> active
}

func ExampleContract_End() {
	active := decided(escrow.OpenTrain.Draft(hireTerms()).Hire(byAnn, noon(3)))
	printMoves(active.End(byAnn, noon(5)))
	release := escrow.End{Dispositions: []escrow.Disposition{{MilestoneID: "m1", Disposition: escrow.Release}}}
	printMoves(escrow.Decide(active, release, byAnn, noon(5)))
	// Output:
	// 100 USD milestone:m1 -> client:acme (milestone_refund)
	// 100 USD milestone:m1 -> worker:trainer (milestone_release)
}

func ExampleContract_Milestones() {
	active := decided(escrow.OpenTrain.Draft(hireTerms()).Hire(byAnn, noon(3)))
	for _, m := range active.Milestones() {
		fmt.Println(m.Number, m.Name, active.Asset().Text(m.Amount), m.Status)
	}
	// Output: 1 Milestone m1 100 ACTIVE_FUNDED
}

func ExampleContract_Approvals() {
	active := decided(escrow.OpenTrain.Draft(hireTerms()).Hire(byAnn, noon(3)))
	asked := decided(active.End(byToken, noon(4)))
	for _, a := range asked.Approvals() {
		fmt.Println(a.ID, a.Type, a.Status, "for", a.Movements[0])
	}
	// Output: h1-ap-2 contract_end pending for 100 USD milestone:m1 -> client:acme (milestone_refund)
}

func ExampleApproval_StatusAt() {
	asked := decided(escrow.OpenTrain.Draft(hireTerms()).Hire(byToken, noon(3)))
	a := asked.Approvals()[0]
	fmt.Println(a.StatusAt(a.ExpiresAt.Add(-1)), a.StatusAt(a.ExpiresAt))
	// Output: pending expired
}

func ExampleDecision_Movements() {
	d, _ := escrow.OpenTrain.Draft(hireTerms()).Hire(byAnn, noon(3))
	for i, m := range d.Movements() {
		fmt.Println(i, m.ID(), m.Decimal(), m.IsDeposit())
	}
	// Output:
	// 0 h1/1/0 100 true
	// 1 h1/1/1 10 false
	// 2 h1/1/2 9.95 false
}

func ExampleDecision_Transfer() {
	d, _ := matchedExample().Withdraw(byWorker, noon(4))
	for i := range d.NumMovements() {
		from, to, amount := d.Transfer(i)
		fmt.Println(from.Custody(), to == escrow.AccountClient, amount)
	}
	// Output:
	// true true 50000000
	// true true 750000
	// true false 1750000
}

func ExampleMovement() {
	d, _ := matchedExample().Withdraw(byWorker, noon(4))
	m := d.Movement(1)
	fmt.Println(m.From, m.To, m.Decimal(), m.Reason)
	fmt.Println("is", m.Basis.Ratio, "of", m.Asset.Text(m.Basis.Of), "by", m.Basis.Policy)
	// Output:
	// stake client:0xClient 0.75 stake_slash
	// is 0.3 of 2.5 by earlyWithdrawalSlashRatio
}

func ExampleDecision_Review() {
	terms, p := workTerms(), escrow.OpenContract.DefaultPolicy()
	p.PayoutReview = escrow.PayoutReview{MinPayout: decimal.NewFromInt(50), Quorum: 2}
	terms.Policy = &p
	created := decided(escrow.OpenContract.Draft(terms).Create(byClient, noon(3)))
	d, _ := escrow.Decide(created, escrow.Cancel{}, byClient, noon(3))
	review, waits := d.Review() // the decision is final; the application holds the money
	fmt.Println(d.To, waits, d.Contract.Asset().Text(review.Amount), review.Quorum)
	// Output: cancelled-by-client true 50 2
}

func ExampleDecision_Rewards() {
	disputed := decided(deliveredExample().Dispute(byClient, noon(7)))
	voted := decided(escrow.Decide(disputed, draw, escrow.SystemActor(), noon(7)))
	for i, judgement := range []string{"mmu", "mmn", "mnu"} {
		voted = decided(escrow.Decide(voted, votes(judgement), byAgents[i], noon(7)))
	}
	d, _ := voted.Settle(noon(7))
	for _, r := range d.Rewards()[:3] {
		fmt.Println(r.BackupAgent, r.CriterionIndex, r.Tokens)
	}
	// Output:
	// 0xA 0 10
	// 0xA 1 10
	// 0xA 2 4
}

func ExampleError() {
	_, err := matchedExample().Withdraw(byWorker, noon(6))
	var e *escrow.Error
	if errors.As(err, &e) {
		at, _ := e.Deadline()
		fmt.Println(e.Code(), e.Code().HTTP(), e.Reason(), e.Rule(), at.Format(time.DateTime))
		fmt.Println(e.Message())
		fmt.Println(e.Remedy())
		fmt.Println(e.Details())
	}
	// Output:
	// conflict 409 deadline_due OC-7 2026-06-06 00:00:00
	// a deadline of this status has passed and decides first
	// send advance, then look at the contract again
	// map[at:2026-06-06T00:00:00Z deadline:deliveryDeadline]
}

func ExampleNewRefusal() {
	err := error(escrow.NewRefusal(escrow.Conflict, "payment_method_required", "add a card first", map[string]any{"field": "card"}))
	fmt.Println(err)
	fmt.Println(errors.Is(err, escrow.Conflict))
	// Output:
	// escrow: payment_method_required: add a card first
	// true
}

func ExampleCatalogue() {
	for _, e := range escrow.Catalogue()[:2] {
		fmt.Println(e.Code, e.Code.HTTP(), e.Reason, "-", e.Meaning)
	}
	// Output:
	// unauthorized 401 no_actor - the request names no actor
	// invalid_request 400 malformed - the contract, the command or the actor is not well formed
}

func ExampleAllocate() {
	shares, _ := escrow.Allocate(escrow.Units(15), 80, 8, 12)
	fmt.Println(shares)
	// Output: [12 1 2]
}

func ExampleAmount() {
	a, b := escrow.Units(2_500_000), escrow.Units(3)
	fmt.Println(a, a.Cmp(b), a == escrow.Units(2_500_000), b.IsZero(), a.BigInt())
	// Output: 2500000 1 true false 2500000
}

func ExampleAmount_Uint64() {
	n, fits := escrow.Units(2_500_000).Uint64()
	fmt.Println(n, fits)
	// Output: 2500000 true
}

func ExampleParseDuration() {
	d, err := escrow.ParseDuration("P1DT12H")
	fmt.Println(d, escrow.FormatDuration(d), err)
	_, err = escrow.ParseDuration("36h")
	fmt.Println(err)
	// Output:
	// 36h0m0s PT36H <nil>
	// escrow: malformed: "36h" is no ISO 8601 duration of weeks, days, hours, minutes and whole seconds, as in "PT24H"
}

func ExampleAsset_Parse() {
	usdc := escrow.Asset{Code: "USDC", Scale: 6}
	a, err := usdc.Parse("50.25")
	fmt.Println(a, usdc.Text(a), err)
	_, err = usdc.Parse("0.0000001")
	fmt.Println(errors.Is(err, escrow.AmountScale))
	_, err = usdc.Parse("1e1000000000")
	fmt.Println(errors.Is(err, escrow.Malformed))
	// Output:
	// 50250000 50.25 <nil>
	// true
	// true
}

func ExampleAsset_Amount() {
	usd := escrow.Asset{Code: "USD", Scale: 2}
	a, _ := usd.Amount(decimal.RequireFromString("9.950"))
	fmt.Println(a, usd.Decimal(a))
	_, err := usd.Amount(decimal.New(1, 100_000_000))
	fmt.Println(errors.Is(err, escrow.AmountBounds))
	// Output:
	// 995 9.95
	// true
}

func ExampleParseRatio() {
	r, _ := escrow.ParseRatio("0.05")
	same, _ := escrow.NewRatio(decimal.New(5, -2))
	fmt.Println(r, r == same, r.Decimal())
	// Output: 0.05 true 0.05
}

func ExampleParseContract() {
	c, err := escrow.ParseContract([]byte(documented)) // an object copied from the OpenContract documentation
	fmt.Println(c.ID(), c.Status(), c.Client(), c.Worker(), err)
	_, err = escrow.ParseContract([]byte(strings.Replace(documented, `"matched"`, `"lost"`, 1)))
	fmt.Println(errors.Is(err, escrow.Malformed))
	// Output:
	// contract_xyz789 matched 0xClientAgent... 0xWorkerAgent... <nil>
	// true
}

func ExampleParseRequest() {
	q, err := escrow.ParseRequest([]byte(`{"contract":` + documented + `,"command":{"action":"withdraw"},"actor":{"id":"0xWorkerAgent..."},"now":"2026-06-04T12:00:00Z"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := q.Decide()
	fmt.Println(d.Rule, d.To, err)
	// Output: OC-7 cancelled-withdrawn <nil>
}

func ExampleAppendAnswer() {
	_, err := matchedExample().Approve(byWorker, noon(4))
	fmt.Println(string(escrow.AppendAnswer(nil, nil, err)))
	// Output: {"refusal":{"code":"forbidden","reason":"not_client","action":"approve","rule":"OC-10","message":"only the contract's client may do this","remedy":"ask as the client","details":{}}}
}

func ExampleLifecycle_ParseCommand() {
	cmd, _ := escrow.OpenContract.ParseCommand([]byte(`{"action":"deliver","delivery":"ipfs://x"}`))
	fmt.Printf("%T %s\n", cmd, escrow.FormatCommand(cmd))
	_, err := escrow.OpenContract.ParseCommand([]byte(`{"action":"deliver","deliveryUrl":"ipfs://x"}`))
	fmt.Println(err)
	// Output:
	// escrow.Deliver {"action":"deliver","delivery":"ipfs://x"}
	// escrow: deliver: malformed: deliveryUrl: is no field of deliver at byte 34
}

func ExampleActor() {
	client, human, platform := escrow.Agent("0xClient"), escrow.Human("ann", "acme"), escrow.SystemActor()
	for _, who := range []escrow.Actor{client, human, platform} {
		text, _ := json.Marshal(who)
		fmt.Println(string(text))
	}
	// Output:
	// {"id":"0xClient","kind":"agent"}
	// {"id":"ann","kind":"human","account":"acme"}
	// {"id":"system","kind":"system"}
}

func ExampleLifecycle_DefaultPolicy() {
	terms, p := workTerms(), escrow.OpenContract.DefaultPolicy()
	p.BARecruitCount = 5
	terms.Policy = &p
	c := decided(escrow.OpenContract.Draft(terms).Create(byClient, noon(3)))
	fmt.Println(c.Policy().BARecruitCount, c.Policy().ProtocolFee) // frozen from now on
	// Output: 5 0.05
}

func ExampleLifecycle_Rulebook() {
	for line := range strings.Lines(escrow.OpenTrain.Rulebook()) {
		if strings.HasPrefix(line, "| OT-5") {
			fmt.Println(line[:33])
		}
	}
	// Output: | OT-5 | `end` | owner (token or
}

func ExampleLifecycle_Mermaid() {
	fmt.Println(strings.Contains(escrow.OpenContract.Mermaid(), "created --> matched: OC-2 accept, OC-3 accept"))
	// Output: true
}

func ExampleLifecycle_DOT() {
	text, _, _ := strings.Cut(escrow.OpenTrain.DOT(), "\n")
	fmt.Println(text)
	// Output: digraph "opentrain" {
}

func ExampleLifecycle_Statuses() {
	for _, s := range escrow.OpenTrain.Statuses() {
		fmt.Println(s, escrow.OpenTrain.IsTerminal(s))
	}
	// Output:
	// proposed false
	// active false
	// not-hired true
	// ended true
}

func ExampleLifecycle_Reasons() {
	for _, e := range escrow.OpenContract.Reasons() {
		if e.Code == escrow.Forbidden {
			fmt.Println(e.Reason)
		}
	}
	// Output:
	// not_client
	// not_worker
	// worker_is_client
	// not_backup_agent
	// not_system
}

// A tip jar: anybody's money waits for its owner, or goes back by itself.
func ExampleDefine() {
	opened := escrow.Status("open")
	l, err := escrow.Define(escrow.Spec{
		Name: "tips", About: "Money that waits for a nod.", Asset: escrow.Asset{Code: "EUR", Scale: 2},
		Policy: []escrow.PolicyField{escrow.ProtocolFee.WithDefault(`"0.1"`)}, Terminal: escrow.In("paid", "returned"),
		Rules: []escrow.Rule{
			{ID: "T-1", On: escrow.Create{}, By: escrow.Client, From: escrow.In(escrow.Draft), To: opened,
				Money: escrow.Money{escrow.Deposit(escrow.Price, escrow.Client, escrow.Escrow)}},
			{ID: "T-2", On: escrow.Accept{}, By: escrow.Worker, From: escrow.In(opened), Window: escrow.Before(escrow.MatchDeadline), To: "paid",
				Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Worker).Less(escrow.ProtocolFee, escrow.Treasury)}},
			{ID: "T-3", On: escrow.Advance{}, By: escrow.Anyone, From: escrow.In(opened), Window: escrow.Due(escrow.MatchDeadline), To: "returned",
				Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}},
		},
	})
	fmt.Println(err)
	c := decided(l.Draft(escrow.Terms{ID: "t1", Client: "guest", Worker: "waiter", Price: decimal.NewFromInt(5), MatchDeadline: june(4, 0)}).Create(escrow.Agent("guest"), noon(3)))
	printMoves(c.Accept(escrow.Agent("waiter"), noon(3)))
	// Output:
	// <nil>
	// 4.5 EUR escrow -> worker:waiter (payout)
	// 0.5 EUR escrow -> treasury (protocol_fee)
}

// A faulty table does not become a lifecycle: the error names rule and pot.
func ExampleDefine_faulty() {
	_, err := escrow.Define(escrow.Spec{Name: "trap", Asset: escrow.Asset{Code: "EUR", Scale: 2}, Terminal: escrow.In("gone"),
		Rules: []escrow.Rule{{ID: "X-1", On: escrow.Create{}, By: escrow.Client, From: escrow.In(escrow.Draft), To: "gone",
			Money: escrow.Money{escrow.Deposit(escrow.Price, escrow.Client, escrow.Escrow)}}}})
	fmt.Println(strings.Split(err.Error(), "\n")[0])
	// Output: escrow: lifecycle trap: rule X-1 from draft: leaves money in terminal status gone: escrow
}

func ExamplePartyIn() {
	judge := escrow.PartyIn("judge", "not_judge", func(b bounty) string { return b.Judge })
	fmt.Println(judge, "|", escrow.Either(escrow.Client, judge))
	// Output: judge | client or judge
}

func ExampleRequire() {
	raisable := escrow.Require(escrow.InvalidRequest, "raise_invalid", "raise by 1 to 9",
		func(_ bounty, r raise, _ escrow.Scene) bool { return r.By >= 1 && r.By <= 9 })
	fmt.Println(raisable, raisable.Reason())
	// Output: raise by 1 to 9 raise_invalid
}

func ExampleRequireData() {
	open := escrow.RequireData(escrow.Conflict, "raised_enough", "raised once at most",
		func(b bounty, _ escrow.Scene) bool { return b.Raised == 0 })
	fmt.Println(open, open.Reason())
	// Output: raised once at most raised_enough
}

func ExampleRequireAccount() {
	fmt.Println(escrow.RequireAccount("winner", func(a award) string { return a.Winner }))
	// Output: winner
}

func ExampleRequireAmount() {
	fmt.Println(escrow.RequireAmount("prize", func(a award) string { return a.Winner }))
	// Output: prize
}

func ExampleCaseIn() {
	fmt.Println(escrow.CaseIn("raised", func(b bounty) bool { return b.Raised > 0 }))
	// Output: raised
}

func ExampleRecord() {
	fmt.Println(escrow.Record("raised", func(b bounty, r raise, _ escrow.Scene) bounty { b.Raised += r.By; return b }))
	// Output: raised
}

func ExampleNameWorker() {
	fmt.Println(escrow.NameWorker("winner is the worker", func(a award) string { return a.Winner }))
	// Output: winner is the worker
}

func ExampleMomentIn() {
	expiry := escrow.MomentIn("expiry", func(b bounty) time.Time { return b.Expiry })
	fmt.Println(expiry, "|", escrow.Before(expiry), "|", escrow.Due(expiry))
	// Output: expiry | before expiry | expiry due
}

func ExampleAmountIn() {
	prize := escrow.AmountIn("prize", func(b bounty, a escrow.Asset) escrow.Amount { n, _ := a.Parse(b.Prize); return n })
	fmt.Println(escrow.Deposit(prize, escrow.Client, escrow.Escrow))
	// Output: prize: client -> escrow
}

func ExampleSplit() {
	fmt.Println(escrow.Split(escrow.Stake, escrow.By(escrow.EarlyWithdrawalSlashRatio), escrow.Client, escrow.Worker))
	fmt.Println(escrow.All(escrow.Escrow, escrow.Worker).Less(escrow.ProtocolFee, escrow.Treasury))
	fmt.Println(escrow.Deposit(escrow.PerCriterion(escrow.Of(escrow.BackupAgentBondRatio, escrow.Price)), escrow.BackupAgent, escrow.BackupBond))
	fmt.Println(escrow.Charge(escrow.Of(escrow.MarketplaceFee, escrow.MilestoneAmount), escrow.Client, escrow.Platform))
	fmt.Println(escrow.Split(escrow.Each(escrow.MilestonePot), escrow.ByDisposition, escrow.Worker, escrow.Client))
	// Output:
	// stake -> client : worker = earlyWithdrawalSlashRatio : rest
	// escrow -> worker, less protocolFee -> treasury
	// backupAgentBondRatio x price x criteria: backup agent -> backup bond
	// marketplaceFee x amount: client -> platform
	// each milestone -> worker : client = disposition : rest
}
