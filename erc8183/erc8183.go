// Package erc8183 is a job of agentic commerce after the public draft of ERC-8183
// as of April 2026: a client funds a job, a provider submits, one evaluator
// completes or rejects it; what is not decided by the expiry goes back to the
// client, and nothing can block that.
//
// [Lifecycle] is the law, [Terms] makes a draft of it, the commands ([CreateJob],
// [SetProvider], [Fund], …) decide by themselves, and [JobOf] looks at what has
// come of it. Two things are this library's: the payment token is fixed by the
// draft, and a due expiry decides whether or not anybody has claimed.
package erc8183

import (
	"time"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// The statuses of a job.
const (
	Open      Status = "open"
	Funded    Status = "funded"
	Submitted Status = "submitted"
	Completed Status = "completed"
	Rejected  Status = "rejected"
	Expired   Status = "expired"
)

// Lifecycle is the rule book of jobs.
var Lifecycle = Must(Spec{
	Name: "erc8183", Version: 1, Asset: escrow.Asset{Code: "USDC", Scale: 6},
	About:    "ERC-8183 agentic commerce: a funded job that one evaluator completes or rejects before its expiry.",
	Parties:  Parties{Client, Provider, Evaluator, Treasury},
	Terms:    Fields{Description, Provider.Account, ExpiredAt},
	Check:    Needs{FeesWithinAll, EvaluatorApart},
	State:    Fields{Budget, Deliverable, ProviderAgentID, Reason},
	Pots:     Pots{Escrow},
	Policy:   Fields{PlatformFee, EvaluatorFee},
	Terminal: In(Completed, Rejected, Expired),
	Reasons:  reasons,
	Rules: []Rule{
		{ID: "AC-1", On: createJob, By: Client, From: In(Draft), Needs: Needs{ExpiryAhead}, To: Open},
		{ID: "AC-2", On: setProvider, By: Client, From: In(Open), Needs: Needs{ProviderApart, NoProviderYet}, To: Same,
			Sets: Effects{Names(Provider, newProvider), Put(ProviderAgentID, agentID)}},
		{ID: "AC-3", On: setBudget, By: Either(Client, Provider), From: In(Open), To: Same, Sets: Effects{Take(Budget)}},
		{ID: "AC-4", On: fund, By: Client, From: In(Open), Window: Before(At(ExpiredAt)), Needs: Needs{ProviderKnown, BudgetExpected}, To: Funded,
			Money: Money{Deposit(The(Budget), Client, Escrow)}},

		{ID: "AC-5", On: submit, By: Provider, From: In(Funded), Window: Before(At(ExpiredAt)), To: Submitted, Sets: Effects{Take(Deliverable)}},
		{ID: "AC-5", On: submit, By: Provider, From: In(Open), When: Cases{Unpaid}, Window: Before(At(ExpiredAt)), To: Submitted, Sets: Effects{Take(Deliverable)}},
		{ID: "AC-6", On: complete, By: Evaluator, From: In(Submitted), Window: Before(At(ExpiredAt)), To: Completed, Sets: Effects{Take(Reason)},
			Money: Money{All(Escrow, Provider).Deduct(PlatformFee, Treasury).Deduct(EvaluatorFee, Evaluator)}},
		{ID: "AC-7", On: reject, By: Client, From: In(Open), Window: Before(At(ExpiredAt)), To: Rejected, Sets: Effects{Take(Reason)}},
		{ID: "AC-7", On: reject, By: Evaluator, From: In(Funded, Submitted), Window: Before(At(ExpiredAt)), To: Rejected, Sets: Effects{Take(Reason)},
			Money: Money{All(Escrow, Client)}},

		{ID: "AC-8", On: Advance, By: Anyone, From: In(Open), Window: Due(At(ExpiredAt)), To: Expired},
		{ID: "AC-8", On: Advance, By: Anyone, From: In(Funded, Submitted), Window: Due(At(ExpiredAt)), To: Expired,
			Money: Money{All(Escrow, Client)}},
	},
})

// leastAhead is how far ahead an expiry lies at least when a job is created.
const leastAhead = 5 * time.Minute

// What a job consists of.
var (
	// Client pays; Provider works, and may be set later; Evaluator alone judges.
	Client    = Party("client", NotClient)
	Provider  = PartySet("provider", NotProvider)
	Evaluator = Party("evaluator", NotEvaluator)
	// Treasury receives the platform's fee.
	Treasury = Receiver("treasury")

	Description     = Text("description", "what is to be done").Lines().Filled()
	ExpiredAt       = Instant("expiredAt", "when a job that is not decided goes back to the client")
	Budget          = Amount("budget", "what the job costs; nothing until it is set")
	Deliverable     = Text("deliverable", "what was submitted, as a hash or an address").Lines().Filled().Or(DeliverableMissing)
	ProviderAgentID = Text("providerAgentId", "the provider's id in an agent registry")
	Reason          = Text("reason", "why the job was completed or rejected, as a hash or a text").Lines().Optional()

	// Escrow holds the budget from funding on.
	Escrow = Pot("escrow", Client, "escrow_deposit",
		To(Client, "escrow_refund"), To(Provider, "payout"), To(Treasury, "platform_fee"), To(Evaluator, "evaluator_fee"))

	PlatformFee  = Ratio("platformFee", "cut of what the provider is paid, to the treasury; with evaluatorFee at most 1").Default(`"0"`)
	EvaluatorFee = Ratio("evaluatorFee", "cut of what the provider is paid, to the evaluator").Default(`"0"`)
)

// The actions, and what their commands carry.
var (
	newProvider    = Account("provider", "who is to do the work")
	agentID        = Text("agentId", "the provider's id in an agent registry").Optional()
	expectedBudget = Amount("expectedBudget", "the budget that the client means to pay")

	createJob   = Do("create_job")
	setProvider = Do("set_provider", newProvider, agentID)
	setBudget   = Do("set_budget", Budget)
	fund        = Do("fund", expectedBudget)
	submit      = Do("submit", Deliverable)
	complete    = Do("complete", Reason)
	reject      = Do("reject", Reason)
)

// The cases and demands.
var (
	Unpaid = When("budget 0", func(v View) bool { return Budget.In(v).IsZero() })

	FeesWithinAll  = DemandOf(EvaluatorFee, escrow.InvalidRequest, escrow.InvalidPolicy, Within(PlatformFee, EvaluatorFee))
	EvaluatorApart = DemandOf(Provider.Account, escrow.InvalidRequest, escrow.InvalidTerms, Differ(Provider, Evaluator))
	ExpiryAhead    = DemandOf(ExpiredAt, escrow.InvalidRequest, escrow.InvalidTerms, When("expiry at least 5 minutes ahead", func(v View) bool {
		return !ExpiredAt.In(v).Before(v.Now().Add(leastAhead))
	}))
	ProviderApart = DemandOf(newProvider, escrow.InvalidRequest, ProviderIsEvaluator, WhenGiven("provider not the evaluator", func(v View) bool {
		return newProvider.In(v.Given()) != v.Account(Evaluator)
	}))
	NoProviderYet = Demand(escrow.Conflict, ProviderIsSet, NotSet("no provider yet", Provider.Account))
	ProviderKnown = Demand(escrow.Conflict, ProviderMissing, IsSet("provider set", Provider.Account))

	// BudgetExpected: nobody has changed the budget since the client last saw it.
	BudgetExpected = &escrow.Requirement{Code: escrow.Conflict, Reason: BudgetChanged, Detail: budgets,
		Case: Both("the budget is the expected one", AtMost("", The(Budget), Given(expectedBudget)), AtMost("", Given(expectedBudget), The(Budget)))}
)

// budgets are both that a refused funding tells.
func budgets(v View) map[string]any {
	return map[string]any{"budget": v.Asset().Text(Budget.In(v)), "expectedBudget": v.Asset().Text(expectedBudget.In(v.Given()))}
}
