package backtest_test

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// Jobs are a lifecycle of nobody's: a budget is paid out when the client is
// content, and comes back when the job expires, also if that is past when it is
// funded.
var (
	jobClient   = Party("client", "not_client")
	jobProvider = Party("provider", "not_provider")
	jobTreasury = Receiver("treasury")

	budget = Amount("budget", "what the job pays").Positive()
	expiry = Instant("expiry", "when the job expires")
	jobFee = Ratio("fee", "part of the budget that is the treasury's").Default(`"0"`)

	jobPot = Pot("escrow", jobClient, "deposit", To(jobClient, "refund"), To(jobProvider, "payout"), To(jobTreasury, "fee"))

	createJob = Do("create_job")
	fundJob   = Do("fund")
	complete  = Do("complete")

	jobs = Must(Spec{
		Name: "jobs", Version: 1, Asset: escrow.Asset{Code: "USDC", Scale: 6},
		About:   "A job with a budget and an expiry.",
		Parties: Parties{jobClient, jobProvider, jobTreasury}, Terms: Fields{budget, expiry}, Policy: Fields{jobFee}, Pots: Pots{jobPot},
		Terminal: In("completed", "expired"),
		Rules: []Rule{
			{ID: "J-1", On: createJob, By: jobClient, From: In(Draft), To: "open"},
			{ID: "J-2", On: fundJob, By: jobClient, From: In("open"), To: "funded", Money: Money{Deposit(The(budget), jobClient, jobPot)}},
			{ID: "J-3", On: complete, By: jobClient, From: In("funded"), Window: Before(At(expiry)), To: "completed",
				Money: Money{All(jobPot, jobProvider).Deduct(jobFee, jobTreasury)}},
			{ID: "J-4", On: Advance, By: Anyone, From: In("funded"), Window: Due(At(expiry)), To: "expired", Money: Money{All(jobPot, jobClient)}},
		},
	})
)

// aJob begins a job of 50 that expires after an hour.
func aJob(id string) *teller {
	draft := jobs.Draft(id, escrow.TextOf(jobClient.Account, "0xClient"), escrow.TextOf(jobProvider.Account, "0xWorker"),
		budget.Decimal(decimal.NewFromInt(50)), expiry.To(monday.Add(time.Hour)))
	return (&teller{contract: draft, now: monday}).ask(0, client, createJob.Command())
}
