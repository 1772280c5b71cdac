package main

import (
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/bench/before/loops"
	. "github.com/escrow-go/escrow/declare"
	"github.com/shopspring/decimal"
)

// A lifecycle of one's own, with rows like those of OpenContract that are measured:
// a withdrawal that pays one pot whole and divides another, and a delivery that
// records a text and a time.
var (
	ownClient   = Party("client", "not_client")
	ownWorker   = Party("worker", "not_worker")
	ownPrice    = Amount("price", "what the work costs").Positive()
	ownStake    = Ratio("stakeRatio", "the worker's stake, of the price").Default(`"0.05"`)
	ownSlash    = Ratio("slashRatio", "part of the stake that is lost").Default(`"0.3"`)
	ownLeave    = Instant("withdrawalDeadline", "until when the worker may withdraw")
	ownDue      = Instant("deliveryDeadline", "until when the worker must have delivered")
	ownReview   = Instant("reviewDeadline", "when silence pays")
	ownWork     = Text("delivery", "what was delivered").Filled()
	ownAt       = Instant("deliveredAt", "when it was delivered").Optional()
	ownEscrow   = Pot("escrow", ownClient, "escrow_deposit", To(ownClient, "escrow_refund"), To(ownWorker, "payout"))
	ownDeposit  = Pot("stake", ownWorker, "stake_deposit", To(ownWorker, "stake_return"), To(ownClient, "stake_slash"))
	ownCreate   = Do("create")
	ownAccept   = Do("accept")
	ownWithdraw = Do("withdraw")
	ownDeliver  = Do("deliver", ownWork)
	ownPay      = Do("pay")
)

var ownLifecycle = Must(Spec{
	Name: "own", Version: 1, Asset: escrow.Asset{Code: "USDC", Scale: 6},
	About:    "Work that is delivered or given up.",
	Parties:  Parties{ownClient, ownWorker},
	Terms:    Fields{ownPrice, ownLeave, ownDue, ownReview},
	State:    Fields{ownWork, ownAt},
	Pots:     Pots{ownEscrow, ownDeposit},
	Policy:   Fields{ownStake, ownSlash},
	Terminal: In("paid", "withdrawn", "absent"),
	Reasons: []escrow.CatalogueEntry{
		{Reason: "not_client", Code: escrow.Forbidden, Meaning: "only the client may do this", Remedy: "ask as the client"},
		{Reason: "not_worker", Code: escrow.Forbidden, Meaning: "only the worker may do this", Remedy: "ask as the worker"},
	},
	OpenEnded: map[Status]*escrow.Party{"created": ownClient},
	Rules: []Rule{
		{ID: "W-1", On: ownCreate, By: ownClient, From: In(Draft), To: "created",
			Money: Money{Deposit(The(ownPrice), ownClient, ownEscrow)}},
		{ID: "W-2", On: ownAccept, By: ownWorker, From: In("created"), To: "matched",
			Money: Money{Deposit(Of(ownStake, The(ownPrice)), ownWorker, ownDeposit)}},
		{ID: "W-3", On: ownWithdraw, By: ownClient, From: In("created"), To: "withdrawn",
			Money: Money{All(ownEscrow, ownClient)}},
		{ID: "W-4", On: ownDeliver, By: ownWorker, From: In("matched"), Window: Before(At(ownDue)), To: "delivered",
			Sets: Effects{Take(ownWork), Now(ownAt)}},
		{ID: "W-5", On: ownWithdraw, By: ownWorker, From: In("matched"), Window: Before(At(ownLeave)), To: "withdrawn",
			Money: Money{All(ownEscrow, ownClient), Split(ownDeposit, By(ownSlash), ownClient, ownWorker)}},
		{ID: "W-6", On: Advance, By: Anyone, From: In("matched"), Window: Due(At(ownDue)), To: "absent",
			Money: Money{All(ownEscrow, ownClient), All(ownDeposit, ownClient)}},
		{ID: "W-7", On: ownPay, By: ownClient, From: In("delivered"), Window: Before(At(ownReview)), To: "paid",
			Money: Money{All(ownEscrow, ownWorker), All(ownDeposit, ownWorker)}},
		{ID: "W-8", On: Advance, By: Anyone, From: In("delivered"), Window: Due(At(ownReview)), To: "paid",
			Money: Money{All(ownEscrow, ownWorker), All(ownDeposit, ownWorker)}},
	},
})

func ownMatched() (escrow.Contract, error) {
	c := ownLifecycle.Draft("contract_xyz789",
		escrow.TextOf(ownClient.Account, client.ID), escrow.TextOf(ownWorker.Account, worker.ID),
		ownPrice.Decimal(decimal.NewFromInt(50)), ownLeave.To(june(5, 0)), ownDue.To(june(6, 0)), ownReview.To(june(8, 0)))
	return after(c, ask{ownCreate.Command(), client}, ask{ownAccept.Command(), worker})
}

// own are the loops over the own lifecycle; each is compared with OpenContract's.
func own() []loops.Loop {
	delivered := ownDeliver.Command(ownWork.To("ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"))
	return []loops.Loop{
		into("own-withdraw-into", ownMatched, ask{ownWithdraw.Command(), worker}, june(4, 12), false),
		into("own-deliver-into", ownMatched, ask{delivered, worker}, june(4, 12), false),
	}
}
