package escrow_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// An order of goods, to try the engine with: taken by the seller whom the draft
// names or by whoever comes first, against a deposit; shipped, checked and received,
// or contested and judged; with extras that are paid one by one.
var (
	buyer   = Party("buyer", "not_buyer")
	seller  = PartySet("seller", "not_seller")
	anybody = AnyoneBut("anybody", "not_seller", "own_order", buyer)
	house   = Receiver("house")

	goods  = Text("goods", "what is ordered").Filled()
	price  = Amount("price", "what it costs").Positive()
	takeBy = Instant("takeBy", "until when it may be taken")
	shipBy = Instant("shipBy", "until when it is shipped")

	tracking  = Text("tracking", "where the goods are")
	shippedAt = FirstEntered("shippedAt", "when it was shipped", "shipped")

	extraID   = ID("id", "the extra's id")
	extraCost = Amount("cost", "what it costs").Positive()
	extras    = extrasOfAnOrder()

	escrowPot  = Pot("escrow", buyer, "price_deposit", To(buyer, "price_refund"), To(house, "commission"), Else("payout"))
	depositPot = Pot("deposit", seller, "deposit", To(seller, "deposit_return"), Else("deposit_forfeit"))
	extraPot   = HeldIn(PotEach("extra", extras, buyer, "extra_deposit", To(buyer, "extra_refund"), Else("extra_payout")), "PAID")

	commission  = Ratio("commission", "the house's part of the price").Default(`"0.05"`).Below("1")
	deposit     = Ratio("deposit", "what the seller leaves, of the price").Default(`"0.1"`)
	penalty     = Ratio("penalty", "what giving up costs, of the deposit").Default(`"0.3"`)
	checkWindow = Window("checkWindow", "how long the buyer may check").Default(`"PT48H"`)
	judgeWindow = Window("judgeWindow", "how long the house may judge").Default(`"P7D"`)
	patience    = Window("patience", "how long an approval lives").Default(`"PT24H"`)
	quorum      = Count("quorum", "people who must agree to an extra").Between("1", "10").Default(`1`)
	separate    = Flag("separateDuties", "whoever asked is not enough").Default(`false`)

	verdict  = Ratio("verdict", "the seller's part of the price")
	theExtra = Target("extraId", "the extra", extras)

	open   = Do("open")
	take   = Do("take")
	cancel = Do("cancel")
	ship   = Do("ship", tracking)
	giveUp = Do("give_up")
	accept = Do("receive")
	object = Do("contest")
	judge  = Do("judge", verdict)
	add    = Do("add_extra", extraID, extraCost)
	pay    = Do("pay_extra", theExtra)
	refund = Do("refund_extra", theExtra)

	taken   = IsSet("the seller is named", seller.Account)
	free    = NotSet("anybody may take it", seller.Account)
	checkBy = After("checkBy", shippedAt, checkWindow)
	judgeBy = SinceEntered("judgeBy", judgeWindow)

	byToken = Grant{Scope: "orders:write", Feature: "orders"}
	agreed  = CoSign{Type: "pay_extra", TTL: patience, Quorum: quorum, SeparateDuties: separate}
	backs   = Effects{Every("extras are refunded", extras, shut("BACK"))}
	sells   = Effects{Every("extras are sold", extras, shut("SOLD"))}
	refunds = Money{All(escrowPot, buyer), Each(All(extraPot, buyer))}
	payout  = Money{All(escrowPot, seller).Deduct(commission, house), All(depositPot, seller), Each(All(extraPot, seller))}
)

func extrasOfAnOrder() *escrow.List {
	l := List("extras", "what is ordered besides", extraID, extraCost)
	l.Statuses, l.Max = []string{"ASKED", "PAID", "BACK", "SOLD"}, 20
	return l
}

// shut ends an extra that is paid one way, and leaves the others.
func shut(to string) func(View) string {
	return func(v View) string {
		if v.ItemStatus() == "PAID" {
			return to
		}
		return ""
	}
}

// with is money and what else moves.
func with(m Money, more ...Step) Money { return append(m[:len(m):len(m)], more...) }

func orderSpec() Spec {
	return Spec{
		Name: "order", Version: 1, Asset: escrow.Asset{Code: "EUR", Scale: 2}, About: "An order of goods, for tests.",
		Parties: Parties{buyer, seller, house}, Terms: Fields{goods, price, takeBy, shipBy}, State: Fields{tracking, shippedAt},
		Lists: Lists{extras}, Pots: Pots{escrowPot, depositPot, extraPot},
		Policy:   Fields{commission, deposit, penalty, checkWindow, judgeWindow, patience, quorum, separate},
		Terminal: In("received", "cancelled"), Labels: map[Status]string{"received": "received and paid"},
		Rules: []Rule{
			{ID: "O-1", On: open, By: buyer, Grant: byToken, From: In(Draft), To: "open", Money: Money{Deposit(The(price), buyer, escrowPot)}},
			{ID: "O-2", On: take, By: seller, From: In("open"), When: Cases{taken}, Window: Before(At(takeBy)), To: "taken", Money: Money{Deposit(Of(deposit, The(price)), seller, depositPot)}},
			{ID: "O-3", On: take, By: anybody, From: In("open"), When: Cases{free}, Window: Before(At(takeBy)), To: "taken", Sets: Effects{ActorIs(seller)},
				Money: Money{Deposit(Of(deposit, The(price)), Incoming(seller), depositPot)}},
			{ID: "O-4", On: cancel, By: buyer, From: In("open"), Window: Before(At(takeBy)), To: "cancelled", Money: Money{All(escrowPot, buyer)}},
			{ID: "O-5", On: Advance, By: Anyone, From: In("open"), Window: Due(At(takeBy)), To: "cancelled", Money: Money{All(escrowPot, buyer)}},

			{ID: "O-6", On: ship, By: seller, From: In("taken"), Window: Before(At(shipBy)), Needs: Needs{Demand(escrow.Conflict, "unpaid", Not("the price is held", Empty("nothing is held", escrowPot)))}, To: "shipped",
				Sets: Effects{Take(tracking)}},
			{ID: "O-7", On: giveUp, By: seller, From: In("taken"), Window: Before(At(shipBy)), To: "cancelled", Sets: backs, Money: with(refunds, Split(depositPot, By(penalty), buyer, seller))},
			{ID: "O-8", On: Advance, By: Anyone, From: In("taken"), Window: Due(At(shipBy)), To: "cancelled", Sets: backs, Money: with(refunds, All(depositPot, buyer))},

			{ID: "O-9", On: accept, By: buyer, From: In("shipped"), Window: Before(checkBy), To: "received", Sets: sells, Money: payout},
			{ID: "O-10", On: Advance, By: Anyone, From: In("shipped"), Window: Due(checkBy), To: "received", Sets: sells, Money: payout},
			{ID: "O-11", On: object, By: buyer, From: In("shipped"), Window: Before(checkBy), To: "contested"},
			{ID: "O-12", On: judge, By: System, From: In("contested"), Window: Before(judgeBy), To: "received", Sets: sells,
				Money: Money{Split(escrowPot, ByGiven(verdict), seller, buyer), All(depositPot, seller), Each(All(extraPot, seller))}},
			{ID: "O-13", On: Advance, By: Anyone, From: In("contested"), Window: Due(judgeBy), To: "cancelled", Sets: backs, Money: with(refunds, All(depositPot, seller))},

			{ID: "O-14", On: add, By: buyer, Grant: byToken, From: In("taken", "shipped"), To: Same, Sets: Effects{Add(extras, "ASKED")}},
			{ID: "O-15", On: pay, By: buyer, Grant: byToken, From: In("taken", "shipped"), Each: extras, Being: []string{"ASKED"}, Becomes: "PAID", To: Same,
				CoSign: agreed, Money: Money{Deposit(The(extraCost), buyer, extraPot)}},
			{ID: "O-16", On: refund, By: seller, From: In("taken", "shipped"), Each: extras, Being: []string{"PAID"}, Becomes: "BACK", To: Same, Money: Money{All(extraPot, buyer)}},
		},
		Reasons: []escrow.CatalogueEntry{
			{Reason: "not_buyer", Code: escrow.Forbidden, Meaning: "only the buyer may do this", Remedy: "ask as the buyer"},
			{Reason: "not_seller", Code: escrow.Forbidden, Meaning: "only the seller may do this", Remedy: "ask as the seller"},
			{Reason: "unpaid", Code: escrow.Conflict, Meaning: "the price is not held", Remedy: "pay first"},
			{Reason: "own_order", Code: escrow.Forbidden, Meaning: "nobody takes an order of their own", Remedy: "let somebody else take it"},
		},
	}
}

var order = Must(orderSpec())

// Who asks, in these tests.
var (
	byBuyer    = escrow.Agent("bea")
	bySeller   = escrow.Agent("sam")
	byStranger = escrow.Agent("sue")
	bySystem   = escrow.SystemActor()
	byAnn      = escrow.Human("ann", "bea")
	byBob      = escrow.Human("bob", "bea")
	theToken   = escrow.Actor{ID: "tok1", Kind: escrow.KindToken, Account: "bea", User: "ann", Claimed: true, ClaimURL: "https://claim.example",
		Scopes: []string{"orders:write"}, Features: []string{"orders"}}
)

// june returns an hour of a day of June 2026.
func june(day, hour int) time.Time { return time.Date(2026, 6, day, hour, 0, 0, 0, time.UTC) }

// terms are those of an order of 100 EUR from sam; more values may follow.
func terms(more ...escrow.Value) []escrow.Value {
	return append([]escrow.Value{escrow.TextOf(buyer.Account, "bea"), escrow.TextOf(seller.Account, "sam"), goods.To("a bicycle"),
		price.Decimal(decimal.NewFromInt(100)), takeBy.To(june(4, 0)), shipBy.To(june(6, 0))}, more...)
}

// unnamed are the same terms for whoever takes the order.
func unnamed() []escrow.Value { return append(terms()[:1:1], terms()[2:]...) }

// desk is a contract and the time at it. Tests ask it and look at the answers.
type desk struct {
	testing.TB
	c   escrow.Contract
	now time.Time
}

// Now is the desk's clock.
func (k *desk) Now() time.Time { return k.now }

// ordered is a desk with a draft on it, on the third of June.
func ordered(t testing.TB, values ...escrow.Value) *desk {
	return &desk{t, order.Draft("o1", values...), june(3, 0)}
}

// at sets the time.
func (k *desk) at(now time.Time) *desk {
	k.now = now
	return k
}

// ask puts a question and keeps the contract as it is. The same question again has
// the same answer, and the snapshot is not changed.
func (k *desk) ask(cmd escrow.Command, who escrow.Actor) (escrow.Decision, error) {
	k.Helper()
	before := jsonOf(k, k.c)
	d, err := escrow.Decide(k.c, cmd, who, k)
	again, err2 := escrow.Decide(k.c, cmd, who, k)
	require.Equal(k, before, jsonOf(k, k.c), "%s changed its input", cmd.Action())
	require.Equal(k, string(escrow.AppendAnswer(nil, &d, err)), string(escrow.AppendAnswer(nil, &again, err2)))
	return d, err
}

// do asks, needs a decision and goes on with its contract, as it is stored.
func (k *desk) do(cmd escrow.Command, who escrow.Actor) escrow.Decision {
	k.Helper()
	d, err := k.ask(cmd, who)
	require.NoError(k, err)
	text := jsonOf(k, d.Contract)
	k.c, err = escrow.ReadStored([]byte(text), k.c.Lifecycle())
	require.NoError(k, err, text)
	require.Equal(k, text, jsonOf(k, k.c))
	return d
}

// refused asks and needs a refusal for the reason.
func (k *desk) refused(want escrow.Reason, cmd escrow.Command, who escrow.Actor) *escrow.Error {
	k.Helper()
	d, err := k.ask(cmd, who)
	var e *escrow.Error
	require.True(k, errors.As(err, &e), "%s by %s", cmd.Action(), who.ID)
	require.Equal(k, want, e.Reason(), "%s by %s: %v", cmd.Action(), who.ID, e)
	require.Zero(k, d)
	return e
}

// approval returns the id of the newest approval.
func (k *desk) approval() string {
	k.Helper()
	list := k.c.Approvals()
	require.NotEmpty(k, list)
	return list[len(list)-1].ID
}

// approvals returns the status of every approval.
func (k *desk) approvals() (list standings) {
	for _, a := range k.c.Approvals() {
		list = append(list, a.Status)
	}
	return list
}

// extras returns the status of every extra.
func (k *desk) extras() (list []string) {
	for i := range k.c.View().Len(extras) {
		list = append(list, k.c.View().At(extras, i).ItemStatus())
	}
	return list
}

// moves prints what a decision moves, as "50 escrow -> buyer:bea (price_refund)".
func moves(d escrow.Decision) []string {
	list := []string{}
	for _, m := range d.Movements() {
		list = append(list, strings.Replace(m.String(), " "+m.Asset.Code, "", 1))
	}
	return list
}

// held prints what is held, as "escrow 50".
func held(c escrow.Contract) string {
	var list []string
	for _, h := range c.Custody() {
		list = append(list, h.Account.String()+" "+h.Asset.Text(h.Amount))
	}
	return strings.Join(list, ", ")
}

// jsonOf is the JSON form of a value of the package.
func jsonOf(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

func shipIt() escrow.Command { return ship.Command(tracking.To("T-1")) }

func extra(id string, euro int64) escrow.Command {
	return add.Command(extraID.To(id), extraCost.Decimal(decimal.NewFromInt(euro)))
}

func payFor(id string) escrow.Command { return pay.Command(theExtra.To(id)) }

func judged(ratio string) escrow.Command {
	return judge.Command(verdict.Decimal(decimal.RequireFromString(ratio)))
}

// The steps that lead from place to place.
func toOpen(k *desk)    { k.do(open.Command(), byBuyer); k.at(june(3, 12)) }
func toTaken(k *desk)   { toOpen(k); k.do(take.Command(), bySeller); k.at(june(4, 12)) }
func toShipped(k *desk) { toTaken(k); k.do(shipIt(), bySeller); k.at(june(5, 0)) }
func toExtra(k *desk)   { toTaken(k); k.do(extra("x1", 7), byBuyer) }
func toPaid(k *desk)    { toExtra(k); k.do(payFor("x1"), byAnn) }
func toAsked(k *desk)   { toExtra(k); k.do(payFor("x1"), theToken) }
func toContested(k *desk) {
	toShipped(k)
	k.do(object.Command(), byBuyer)
}

// place is where an order can stand, and the steps that lead there.
type place struct {
	name  string
	terms func() []escrow.Value
	steps func(*desk)
}

func named() []escrow.Value { return terms() }

// places are those of an order.
var places = []place{
	{"open", named, toOpen},
	{"open, unnamed", unnamed, toOpen},
	{"taken", named, toTaken},
	{"taken, unnamed", unnamed, toTaken},
	{"taken, extra", named, toExtra},
	{"taken, extra paid", named, toPaid},
	{"shipped", named, toShipped},
	{"contested", named, toContested},
	{"received", named, func(k *desk) { toShipped(k); k.do(accept.Command(), byBuyer) }},
	{"cancelled", named, func(k *desk) { toOpen(k); k.do(cancel.Command(), byBuyer) }},
}

// standing returns a desk with an order at a place.
func standing(t testing.TB, name string) *desk {
	t.Helper()
	for _, p := range places {
		if p.name == name {
			k := ordered(t, p.terms()...)
			p.steps(k)
			status, _, _ := strings.Cut(name, ",")
			require.Equal(t, Status(status), k.c.Status())
			return k
		}
	}
	t.Fatalf("there is no place %s", name)
	return nil
}
