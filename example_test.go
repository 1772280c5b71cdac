package escrow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// stage is where examples stand contracts: what fails there panics.
type stage struct{ testing.TB }

func (stage) Helper()                      {}
func (stage) FailNow()                     { panic("an example fails") }
func (stage) Errorf(text string, a ...any) { panic(fmt.Sprintf(text, a...)) }
func (stage) Fatalf(text string, a ...any) { panic(fmt.Sprintf(text, a...)) }

// noon is a day in the life of the examples.
func noon(day int) time.Time { return time.Date(2026, 6, day, 12, 0, 0, 0, time.UTC) }

// sale is a sale for 49.90 EUR, to be sent until the eighth; paid says that the buyer
// has.
func sale(paid bool) escrow.Contract {
	c := Sale.Draft("sale-1", escrow.TextOf(Buyer.Account, "acct_b"), escrow.TextOf(Seller.Account, "acct_s"),
		Price.Decimal(decimal.RequireFromString("49.90")), SendBy.To(noon(8)))
	if !paid {
		return c
	}
	d, err := escrow.Decide(c, Pay.Command(), escrow.Agent("acct_b"), escrow.At(noon(1)))
	if err != nil {
		panic(err)
	}
	return d.Contract
}

func ExampleDecide() {
	d, err := escrow.Decide(sale(false), Pay.Command(), escrow.Agent("acct_b"), escrow.At(noon(1)))
	fmt.Println(d.Rule, d.To, d.Movement(0), err)
	_, err = escrow.Decide(d.Contract, Receive.Command(), escrow.Agent("acct_x"), escrow.At(noon(2)))
	fmt.Println(err)
	// Output:
	// S-1 paid 49.9 EUR buyer:acct_b -> escrow (deposit) <nil>
	// escrow: receive: not_buyer (S-2): only the buyer may do this
}

// In a loop of millions a decision is made again and again in the same memory.
func ExampleDecideInto() {
	draft, buyer := sale(false), escrow.Agent("acct_b")
	var d escrow.Decision
	for range 1000 {
		if err := escrow.DecideInto(&d, &draft, Pay.Command(), &buyer, escrow.At(noon(1))); err != nil {
			fmt.Println(err)
		}
	}
	kept := d.Keep() // before d decides again
	fmt.Println(kept.Status(), kept.Revision())
	// Output: paid 1
}

func ExampleDecision_Transfer() {
	d, _ := escrow.Decide(sale(true), Receive.Command(), escrow.Agent("acct_b"), escrow.At(noon(2)))
	kinds := Sale.AccountKinds()
	for i := range d.NumMovements() {
		from, to, amount := d.Transfer(i)
		fmt.Println(kinds[from], kinds[from].Custody, kinds[to], amount)
	}
	// Output:
	// escrow true seller 4840
	// escrow true platform 150
}

func ExampleExplain() {
	x, _ := escrow.Explain(sale(true), escrow.Agent("acct_s"), escrow.At(noon(2)))
	for _, o := range x.Options {
		fmt.Println(o.Action, o.Allowed, o.Obstacles)
	}
	// Output:
	// pay false [escrow: pay: not_buyer (S-1): only the buyer may do this escrow: pay: wrong_status (S-1): the contract's status does not allow this]
	// receive false [escrow: receive: not_buyer (S-2): only the buyer may do this]
	// advance false [escrow: advance: nothing_due (S-3): no deadline has passed: sendBy is 2026-06-08T12:00:00Z]
}

func ExampleNextDeadline() {
	d, ok := escrow.NextDeadline(sale(true))
	fmt.Println(ok, d.Moment, d.At.Format(time.DateOnly), d.Then.Rule, d.Then.To)
	// Output: true sendBy 2026-06-08 S-3 refunded
}

func ExampleAsOf() {
	c, decisions, err := escrow.AsOf(sale(true), noon(30))
	fmt.Println(c.Status(), len(decisions), decisions[0].At().Format(time.DateOnly), err)
	// Output: refunded 1 2026-06-08 <nil>
}

func ExampleMaxTime() {
	at, ok := escrow.MaxTime(sale(true))
	fmt.Println(at.Format(time.DateOnly), ok)
	// Output: 2026-06-08 true
}

func ExampleSystemWork() {
	fmt.Println(escrow.SystemWork(standing(stage{}, "contested").c, june(6, 0)))
	// Output: [judge]
}

func ExampleVisible() {
	fmt.Println(escrow.Visible(sale(true), escrow.Agent("acct_s")), escrow.Visible(sale(true), escrow.Agent("acct_x")))
	// Output: true false
}

func ExampleAdvance() {
	d, err := escrow.Decide(sale(true), escrow.Advance(), escrow.Agent("anybody"), escrow.At(noon(9)))
	fmt.Println(d.Rule, d.To, d.Movement(0), err)
	// Output: S-3 refunded 49.9 EUR escrow -> buyer:acct_b (refund) <nil>
}

// A token asks, a person of the same account confirms.
func ExampleConfirm() {
	c := standing(stage{}, "taken, extra").c
	d, _ := escrow.Decide(c, payFor("x1"), theToken, escrow.At(june(4, 12)))
	a, _ := d.Approval()
	fmt.Println(a.ID, a.Status, a.Movements[0])
	d, _ = escrow.Decide(d.Contract, escrow.Confirm(a.ID, a.Hash), byAnn, escrow.At(june(4, 13)))
	fmt.Println(d.Rule, d.Executes, d.Movement(0))
	// Output:
	// o1-ap-4 pending 7 EUR buyer:bea -> extra:x1 (extra_deposit)
	// AP-1 O-15 7 EUR buyer:bea -> extra:x1 (extra_deposit)
}

func ExampleDeclineApproval() {
	d, _ := escrow.Decide(standing(stage{}, "taken, extra").c, payFor("x1"), theToken, escrow.At(june(4, 12)))
	a, _ := d.Approval()
	d, _ = escrow.Decide(d.Contract, escrow.DeclineApproval(a.ID, a.Hash), byAnn, escrow.At(june(4, 13)))
	a, _ = d.Approval()
	fmt.Println(d.Rule, a.Status)
	// Output: AP-2 declined
}

func ExampleRevokeConfirmation() {
	b := lent(stage{}, people.To(2))
	b.do(splitAt("0.5"), byBorrower)
	id := b.last().ID
	b.do(escrow.Confirm(id, ""), escrow.Human("lea", "lena"))
	d := b.do(escrow.RevokeConfirmation(id), escrow.Human("lea", "lena"))
	fmt.Println(d.Rule, b.last().ConfirmedBy)
	// Output: AP-4 []
}

func ExampleParseContract() {
	c, err := escrow.ParseContract([]byte(`{"lifecycle":"sale","id":"sale-2","status":"paid","createdAt":"2026-06-01T00:00:00Z","revision":1,
		"buyer":"acct_b","seller":"acct_s","price":"12.5","sendBy":"2026-06-08T00:00:00Z","custody":[{"account":"escrow","amount":"12.5"}]}`), Sale)
	fmt.Println(c.ID(), c.Status(), c.Custody()[0].Account, err)
	_, err = escrow.ParseContract([]byte(`{"lifecycle":"sale","id":"sale-2","status":"payed"}`), Sale)
	fmt.Println(err)
	// Output:
	// sale-2 paid escrow <nil>
	// escrow: malformed: status: lifecycle sale has no status payed (did you mean "paid"?)
}

func ExampleReadStored() {
	stored, _ := json.Marshal(sale(true))
	c, err := escrow.ReadStored(stored, Sale)
	fmt.Println(c.Status(), c.Digest() == sale(true).Digest(), err)
	// Output: paid true <nil>
}

func ExampleParseRequest() {
	q, err := escrow.ParseRequest([]byte(`{"contract":{"lifecycle":"sale","id":"sale-3","buyer":"acct_b","seller":"acct_s","price":"5","sendBy":"2026-06-08T00:00:00Z"},
		"command":{"action":"pay"},"actor":{"id":"acct_b"},"now":"2026-06-01T00:00:00Z"}`), Sale)
	if err != nil {
		fmt.Println(err)
	}
	d, err := q.Decide()
	fmt.Println(d.To, err)
	// Output: paid <nil>
}

func ExampleAppendAnswer() {
	_, err := escrow.Decide(sale(true), Pay.Command(), escrow.Actor{}, escrow.At(noon(1)))
	fmt.Println(string(escrow.AppendAnswer(nil, nil, err)))
	// Output: {"refusal":{"code":"unauthorized","reason":"no_actor","message":"the request names no actor","remedy":"authenticate the caller and pass it as the actor","details":{}}}
}

func ExampleError() {
	_, err := escrow.Decide(sale(true), Receive.Command(), escrow.Agent("acct_b"), escrow.At(noon(9)))
	fmt.Println(errors.Is(err, escrow.Conflict), errors.Is(err, escrow.DeadlineDue))
	var refusal *escrow.Error
	if errors.As(err, &refusal) {
		at, _ := refusal.Deadline()
		fmt.Println(refusal.Code().HTTP(), refusal.Rule(), refusal.Details()["deadline"], at.Format(time.DateOnly))
		fmt.Println(refusal.Remedy())
	}
	// Output:
	// true true
	// 409 S-2 sendBy 2026-06-08
	// send advance, then look at the contract again
}

func ExampleNewRefusal() {
	err := escrow.NewRefusal(escrow.Conflict, "no_payment_method", "the account has no card", map[string]any{"field": "card"})
	fmt.Println(err, errors.Is(err, escrow.Conflict))
	// Output: escrow: no_payment_method: the account has no card true
}

func ExampleCatalogue() {
	for _, entry := range escrow.Catalogue()[:2] {
		fmt.Println(entry.Code, entry.Reason+":", entry.Meaning)
	}
	// Output:
	// unauthorized no_actor: the request names no actor
	// invalid_request malformed: the contract, the command or the actor is not well formed
}

func ExampleActor() {
	for _, who := range []escrow.Actor{escrow.Agent("acct_b"), escrow.Human("ann", "acct_b"), escrow.SystemActor()} {
		text, _ := json.Marshal(who)
		fmt.Println(string(text))
	}
	// Output:
	// {"id":"acct_b","kind":"agent"}
	// {"id":"ann","kind":"human","account":"acct_b"}
	// {"id":"system","kind":"system"}
}
