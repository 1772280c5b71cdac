package tmpbench

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	old "github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
	escrow "github.com/escrow-go/escrow/next"
)

var (
	Client   = Party("client", "not_client")
	Worker   = PartySet("worker", "not_worker")
	Treasury = Receiver("treasury")
	Price    = Amount("budgetOrPrice", "price").Positive()
	Match    = Instant("matchDeadline", "m")
	Withdr   = Instant("withdrawalDeadline", "w")
	Deliv    = Instant("deliveryDeadline", "d")
	Review    = Instant("reviewDeadline", "d")
	Delivery = Text("delivery", "x").Optional()
	DeliveredAt = Instant("deliveredAt", "x").Optional()
	Met = Flag("met", "x").Optional()
	Stake    = Ratio("workerStakeRatio", "x").Default(`"0.05"`)
	Slash    = Ratio("slash", "x").Default(`"0.3"`)
	Fee      = Ratio("fee", "x").Default(`"0.05"`)
	Share    = Ratio("share", "x").Default(`"0.8"`)
	Award    = Choice("awardMethod", "x", "direct_award", "open_tender")
	EscrowP  = Pot("escrow", Client, "escrow_deposit", To(Client, "escrow_refund"), To(Worker, "payout"), Else("protocol_fee"))
	StakeP   = Pot("stake", Worker, "stake_deposit", To(Worker, "stake_return"), Else("stake_slash"))
	Create   = Do("create")
	Accept   = Do("accept")
	Withdraw = Do("withdraw")
	Deliver  = Do("deliver", Delivery)
	Approve  = Do("approve")
	Settle   = Do("settle")
	law      = func() *escrow.Lifecycle {
		EscrowP.Posted, StakeP.Posted = "escrowedFunds", "workerStake"
		return Must(Spec{Name: "oc", Version: 1, Asset: escrow.Asset{Code: "USDC", Scale: 6}, Parties: Parties{Client, Worker, Treasury},
			Terms: Fields{Price, Award, Match, Withdr, Deliv, Review}, State: Fields{Delivery, DeliveredAt, Met}, Pots: Pots{EscrowP, StakeP}, Policy: Fields{Stake, Slash, Fee, Share},
			Terminal: In("withdrawn", "absent", "unmatched", "settled"),
			Rules: []Rule{
				{ID: "OC-1", On: Create, By: Client, From: In(Draft), To: "created", Money: Money{Deposit(The(Price), Client, EscrowP)}},
				{ID: "OC-2", On: Accept, By: Worker, From: In("created"), When: Cases{Is("direct", Award, "direct_award")}, Window: Before(At(Match)), To: "matched", Money: Money{Deposit(Of(Stake, The(Price)), Worker, StakeP)}},
				{ID: "OC-3", On: Accept, By: AnyoneBut("anyone but", "not_worker", "worker_is_client", Client), From: In("created"), When: Cases{Is("open", Award, "open_tender")}, Window: Before(At(Match)), To: "matched", Sets: Effects{ActorIs(Worker)}, Money: Money{Deposit(Of(Stake, The(Price)), Worker, StakeP)}},
				{ID: "OC-6", On: Advance, By: Anyone, From: In("created"), Window: Due(At(Match)), To: "unmatched", Money: Money{All(EscrowP, Client)}},
				{ID: "OC-7", On: Withdraw, By: Worker, From: In("matched"), Window: Before(At(Withdr)), To: "withdrawn", Money: Money{All(EscrowP, Client), Split(StakeP, By(Slash), Client, Worker)}},
				{ID: "OC-8", On: Deliver, By: Worker, From: In("matched"), Window: Before(At(Deliv)), To: "under-review", Sets: Effects{Take(Delivery), Now(DeliveredAt)}},
				{ID: "OC-9", On: Advance, By: Anyone, From: In("matched"), Window: Due(At(Deliv)), To: "absent", Money: Money{All(EscrowP, Client), Split(StakeP, By(Share), Client, Treasury)}},
				{ID: "OC-10", On: Approve, By: Client, From: In("under-review"), Window: Before(At(Review)), To: "resolved", Sets: Effects{Compute("met", Met, func(v View) Value { return Met.To(true) })}},
				{ID: "OC-12", On: Advance, By: Anyone, From: In("under-review"), Window: Due(At(Review)), To: "resolved"},
				{ID: "OC-16", On: Settle, By: System, From: In("resolved"), When: Cases{When("met", func(v View) bool { return Met.In(v) })}, To: "settled", Money: Money{All(EscrowP, Worker).Deduct(Fee, Treasury), All(StakeP, Worker)}},
				{ID: "OC-16", On: Settle, By: System, From: In("resolved"), To: "settled", Money: Money{All(EscrowP, Client), All(StakeP, Worker)}},
			}})
	}()
	t0 = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	h  = time.Hour
)

func draft() escrow.Contract {
	return law.Draft("c1", escrow.TextOf(Client.Account, "0xC"), escrow.TextOf(Worker.Account, "0xW"), Price.Decimal(decimal.NewFromInt(50)), Award.To("direct_award"), Match.To(t0.Add(24*h)), Withdr.To(t0.Add(48*h)), Deliv.To(t0.Add(72*h)), Review.To(t0.Add(96*h)))
}

func must(d escrow.Decision, err error) escrow.Contract {
	if err != nil {
		panic(err)
	}
	return d.Contract
}

var clk = escrow.At(t0)
var oclk old.Clock = clockAt{t0}

type clockAt struct{ t time.Time }

func (c clockAt) Now() time.Time { return c.t }

func oldDraft() old.Contract {
	return old.OpenContract.Draft(old.Terms{ID: "c1", Client: "0xC", Worker: "0xW", Price: decimal.NewFromInt(50), TaskDescription: "x", AcceptanceCriteria: []string{"a"},
		ContractType: old.Fixed, AwardMethod: old.AwardDirect, VerificationMode: old.PrivacyPreserving, MatchDeadline: t0.Add(24 * h), WithdrawalDeadline: t0.Add(48 * h), DeliveryDeadline: t0.Add(72 * h), ReviewDeadline: t0.Add(96 * h)})
}

func TestLife(t *testing.T) {
	c := draft()
	for _, m := range []struct {
		cmd escrow.Command
		who string
	}{{Create.Command(), "0xC"}, {Accept.Command(), "0xW"}, {Withdraw.Command(), "0xW"}} {
		d, err := escrow.Decide(c, m.cmd, escrow.Agent(m.who), clk)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(d.Rule, d.From, d.To)
		for _, m := range d.Movements() {
			t.Log(m)
		}
		c = d.Contract
	}
	_, err := escrow.Decide(c, Withdraw.Command(), escrow.Agent("0xW"), clk)
	t.Log(err)
}

func BenchmarkWithdrawInto(b *testing.B) {
	n := must(escrow.Decide(must(escrow.Decide(draft(), Create.Command(), escrow.Agent("0xC"), clk)), Accept.Command(), escrow.Agent("0xW"), clk))
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		var d escrow.Decision
		w, cmd := escrow.Agent("0xW"), Withdraw.Command()
		for b.Loop() {
			if escrow.DecideInto(&d, &n, cmd, &w, clk) != nil {
				b.Fatal()
			}
		}
	})
	o1, _ := old.Decide(oldDraft(), old.Create{}, old.Agent("0xC"), oclk)
	o2, _ := old.Decide(o1.Contract, old.Accept{}, old.Agent("0xW"), oclk)
	b.Run("old", func(b *testing.B) {
		b.ReportAllocs()
		var d old.Decision
		w := old.Agent("0xW")
		for b.Loop() {
			if old.DecideInto(&d, &o2.Contract, old.Withdraw{}, &w, oclk) != nil {
				b.Fatal()
			}
		}
	})
}

func BenchmarkWithdraw(b *testing.B) {
	n := must(escrow.Decide(must(escrow.Decide(draft(), Create.Command(), escrow.Agent("0xC"), clk)), Accept.Command(), escrow.Agent("0xW"), clk))
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		w, cmd := escrow.Agent("0xW"), Withdraw.Command()
		for b.Loop() {
			if _, err := escrow.Decide(n, cmd, w, clk); err != nil {
				b.Fatal()
			}
		}
	})
	o1, _ := old.Decide(oldDraft(), old.Create{}, old.Agent("0xC"), oclk)
	o2, _ := old.Decide(o1.Contract, old.Accept{}, old.Agent("0xW"), oclk)
	b.Run("old", func(b *testing.B) {
		b.ReportAllocs()
		w := old.Agent("0xW")
		for b.Loop() {
			if _, err := old.Decide(o2.Contract, old.Withdraw{}, w, oclk); err != nil {
				b.Fatal()
			}
		}
	})
}

func BenchmarkRefused(b *testing.B) {
	n := must(escrow.Decide(must(escrow.Decide(draft(), Create.Command(), escrow.Agent("0xC"), clk)), Accept.Command(), escrow.Agent("0xW"), clk))
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		var d escrow.Decision
		w, cmd := escrow.Agent("0xX"), Withdraw.Command()
		for b.Loop() {
			if escrow.DecideInto(&d, &n, cmd, &w, clk) == nil {
				b.Fatal()
			}
		}
	})
	o1, _ := old.Decide(oldDraft(), old.Create{}, old.Agent("0xC"), oclk)
	o2, _ := old.Decide(o1.Contract, old.Accept{}, old.Agent("0xW"), oclk)
	b.Run("old", func(b *testing.B) {
		b.ReportAllocs()
		var d old.Decision
		w := old.Agent("0xX")
		for b.Loop() {
			if old.DecideInto(&d, &o2.Contract, old.Withdraw{}, &w, oclk) == nil {
				b.Fatal()
			}
		}
	})
}

func BenchmarkLifeInto(b *testing.B) {
	n := draft()
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		var d escrow.Decision
		cl, w, s := escrow.Agent("0xC"), escrow.Agent("0xW"), escrow.SystemActor()
		c1, c2, c3, c4, c5 := Create.Command(), Accept.Command(), Deliver.Command(Delivery.To("x")), Approve.Command(), Settle.Command()
		var e escrow.Decision
		for b.Loop() {
			if escrow.DecideInto(&d, &n, c1, &cl, clk) != nil || escrow.DecideInto(&e, &d.Contract, c2, &w, clk) != nil || escrow.DecideInto(&d, &e.Contract, c3, &w, clk) != nil || escrow.DecideInto(&e, &d.Contract, c4, &cl, clk) != nil || escrow.DecideInto(&d, &e.Contract, c5, &s, clk) != nil {
				b.Fatal()
			}
		}
	})
	o := oldDraft()
	b.Run("old", func(b *testing.B) {
		b.ReportAllocs()
		var d, e old.Decision
		cl, w, s := old.Agent("0xC"), old.Agent("0xW"), old.SystemActor()
		var c3 old.Command = old.Deliver{Delivery: "x"}
		for b.Loop() {
			if old.DecideInto(&d, &o, old.Create{}, &cl, oclk) != nil || old.DecideInto(&e, &d.Contract, old.Accept{}, &w, oclk) != nil || old.DecideInto(&d, &e.Contract, c3, &w, oclk) != nil || old.DecideInto(&e, &d.Contract, old.Approve{}, &cl, oclk) != nil || old.DecideInto(&d, &e.Contract, old.Settle{}, &s, oclk) != nil {
				b.Fatal()
			}
		}
	})
}
